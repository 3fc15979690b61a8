# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case is: tasks on a number of its own, what each has to answer, and what may have changed by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).resolve().parents[2] / "support" / "payloads"
BACKUP_PASSWORD = "taco cat backwards"
NODE_PASSWORD = "Node-Passw0rd-of-the-cases"
HOOK = "https://hooks.example.com/override"
VERIFY_TOKEN = "verify-token-of-the-cases"
ONBOARDED = {"location": "cloud"}
MINE = "700000000000001"
SUBSCRIBED = ({"id": MINE},)
RECIPIENTS = {
    "recipients": "# who still writes to us\n+1 631 555 0101\n+1 631 555 0102\n\n+1 (631) 555-0103\n",
    "open_recipients": "+1 631 555 0101\n",
    "bad_recipients": "+1 631 555 0101\nnobody\n0631 5550102\n16315550101\n"
    "+55 11 98765 4321\n+55 11 8765 4321\n123\n12",
}

BASE: dict[str, dict[str, Any]] = {
    "wa_backup": {"dest": "{state}/{id}/backup.json", "backup_password": BACKUP_PASSWORD},
    "wa_register": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "pin": "{pin}",
        "backup_file": "{state}/{id}/backup.json",
        "backup_password": BACKUP_PASSWORD,
        "state_dir": "{state}",
        "state_durable": True,
        "continue_after_wrong_pin": True,  # the cases of one run are strangers to each other
        "confirm_timeout": 1.5,
        "confirm_interval": 0.1,
    },
    "wa_subscribe": {"waba_id": "{waba}"},
    "wa_echo": {"phone_number_id": "{id}", "echo": "{events}", "echo_wait": 0.2, "wait_interval": 0.05},
    "wa_health": {"phone_number_id": "{id}"},
    "wa_recover": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "pin": "{pin}",
        "state_dir": "{state}",
        "accept_loss": ["profile", "official_business_account"],
    },
    "wa_deregister": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "state_dir": "{state}",
        "confirm_timeout": 1.5,
        "confirm_interval": 0.1,
    },
    "wa_restore": {
        "phone_number_id": "{id}",
        "phone_number": "{digits}",
        "cc": "1",
        "cert": "Q2VydGlmaWNhdGUtb2YtdGhlLWNhc2Vz",
        "pin": "{pin}",
        "state_dir": "{state}",
        "confirm_timeout": 1.5,
        "confirm_interval": 0.1,
    },
    "wa_export": {"phone_number_id": "{id}", "waba_id": "{waba}", "state_dir": "{state}", "state_durable": True},
    "wa_notice": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "state_dir": "{state}",
        "state_durable": True,
        "template": "service_ends",
        "recipients_file": "{recipients}",
        "per_minute": 4800,
    },
    "wa_profile": {"phone_number_id": "{id}", "state_dir": "{state}", "wait": 2, "wait_interval": 0.05},
    "wa_two_step": {},
    "wa_verify": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "state_dir": "{state}",
        "state_durable": True,
        "confirm_timeout": 1.5,
        "confirm_interval": 0.1,
    },
    "wa_number_move": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "target_waba_id": "{another_waba}",
        "state_dir": "{state}",
        "state_durable": True,
        "confirm_timeout": 1.5,
        "confirm_interval": 0.1,
    },
    "wa_number_info": {"phone_number_id": "{id}", "waba_id": "{waba}"},
    "wa_onprem_info": {},
    "wa_traffic": {},
    "wa_snapshot": {"phone_number_id": "{id}", "waba_id": "{waba}", "state_dir": "{state}"},
    "wa_lint": {"paths": [str(PAYLOADS / "cloud.jsonl")]},
    "wa_media": {"phone_number_id": "{id}", "dest": "{state}/{id}-media.json"},
    "wa_state_info": {"phone_number_id": "{id}", "state_dir": "{state}"},
    "wa_compare": {"phone_number_id": "{id}", "state_dir": "{state}"},
    "wa_preflight": {
        "phone_number_id": "{id}",
        "waba_id": "{waba}",
        "pin": "{pin}",
        "backup_password": BACKUP_PASSWORD,
        "state_dir": "{state}",
        "state_durable": True,
    },
}


@dataclass(frozen=True)
class Step:
    """One task. ``want`` maps dotted keys of the result to values; a value None means that the key is not there.

    ``message`` are pieces of it. Arguments may hold {id} {waba} {pin} {state} {digits} {other_ca}; None takes
    one away.
    """

    module_name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    want: Mapping[str, Any] = field(default_factory=dict)
    message: tuple[str, ...] = ()
    check: bool = False

    def arguments(self, known: Mapping[str, str]) -> dict[str, Any]:
        merged = {**BASE[self.module_name], **self.args}
        return {
            name: value.format_map(known) if isinstance(value, str) else value
            for name, value in merged.items()
            if value is not None
        }


@dataclass(frozen=True)
class Case:
    """Tasks on one number of its own; ``changes`` are the effects of all changing requests, in their order."""

    name: str
    steps: tuple[Step, ...]
    changes: tuple[str, ...] = ()
    number: Mapping[str, Any] = field(default_factory=dict)
    node: Mapping[str, Any] | None = field(default_factory=dict)
    switches: Mapping[str, Any] = field(default_factory=dict)
    apps: tuple[Mapping[str, str], ...] = ()
    templates: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = ()
    patch: Mapping[str, Any] = field(default_factory=dict)  # what is changed in the simulator before the run
    shipped: bool = False  # also over a connection, as Ansible ships it
    silent: bool = False  # no request at all may have been sent


def ok(
    module_name: str, changed: bool, *, check: bool = False, args: Mapping[str, Any] | None = None, **want: Any
) -> Step:
    return Step(module_name, args or {}, {"changed": changed, "failed": False, **_dotted(want)}, check=check)


def bad(
    module_name: str, code: Any, *message: str, args: Mapping[str, Any] | None = None, check: bool = False, **want: Any
) -> Step:
    facts = {"changed": False, "failed": True, "failure.code": code, **_dotted(want)}
    return Step(module_name, args or {}, facts, message, check)


def _dotted(want: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in want.items()}


BACKUP = ok("wa_backup", True)
REGISTER = ok("wa_register", True, location="CLOUD", status="CONNECTED", registration__outcome="registered")
AGAIN = ok("wa_register", False, location="CLOUD")
REGISTER_PATH = {"method": "POST", "path": "/register$"}
BACKUP_PATH = {"method": "POST", "path": "/settings/backup$"}
