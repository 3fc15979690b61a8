# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: the example fleet, once as the simulator plays it and once as an operator's inventory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOKEN = "EAA-token-of-the-simulator"
NODE_PASSWORD = "Password-of-the-node-1"
# group of the inventory -> WABA id and name
WABAS = {
    "waba_retail": ("200000000000001", "Example Retail"),
    "waba_travel": ("200000000000002", "Example Travel"),
    "waba_bank": ("200000000000003", "Example Bank"),
}


# What happens to a number in the demo, so that the report has something to say.
KEPT_OUT = "kept out: its code verification has expired"
WAITED = "waited until its node was quiet"
LOST_ANSWER = "moved, although the answer to its register call was lost"


@dataclass(frozen=True)
class Number:
    """One inventory host: one On-Premises deployment with one business phone number."""

    host: str
    group: str
    display: str
    name: str
    canary: bool = False
    oba: bool = False
    shards: int = 1
    story: str = ""


NUMBERS = (
    Number("retail-outlet", "waba_retail", "+1 555-010-0001", "Retail Outlet", canary=True),
    Number("retail-orders", "waba_retail", "+1 555-010-0002", "Retail Orders", shards=2),
    Number("retail-parts", "waba_retail", "+1 555-010-0003", "Retail Parts", story=WAITED),
    Number("travel-hotels", "waba_travel", "+1 555-010-0004", "Travel Hotels", canary=True),
    Number("travel-tours", "waba_travel", "+1 555-010-0005", "Travel Tours"),
    Number("travel-news", "waba_travel", "+1 555-010-0006", "Travel News", story=KEPT_OUT),
    Number("bank-official", "waba_bank", "+1 555-010-0007", "Example Bank", oba=True),
    Number("bank-alerts", "waba_bank", "+1 555-010-0008", "Bank Alerts", story=LOST_ANSWER),
)


def phone_number_id(at: int) -> str:
    return str(100000000000001 + at)


def pin(at: int) -> str:
    return f"{100001 + at:06d}"


def simulated() -> dict[str, Any]:
    """Return the fleet file of the simulator. A register takes a moment, as it does at Meta."""
    return {
        "app": {"id": "700000000000001", "name": "Example app", "token": TOKEN},
        "wabas": [{"id": waba_id, "name": name} for waba_id, name in WABAS.values()],
        "numbers": [_simulated(at, number) for at, number in enumerate(NUMBERS)],
        "switches": {"register_seconds": 0.3},
    }


def _simulated(at: int, number: Number) -> dict[str, Any]:
    return {
        "phone_number_id": phone_number_id(at),
        "waba_id": WABAS[number.group][0],
        "display_phone_number": number.display,
        "verified_name": number.name,
        "pin": pin(at),
        "oba": number.oba,
        "code_verification_status": "EXPIRED" if number.story == KEPT_OUT else "VERIFIED",
        "node": {
            "queues": {"callback_queue_size": 450} if number.story == WAITED else {},
            "address": f"127.0.50.{at + 1}",
            "password": NODE_PASSWORD,
            "multiconnect": number.shards > 1,
            "shards": number.shards,
            "profile": {"about": f"{number.name}, open all day"},
        },
    }


def inventory(nodes: Mapping[str, str], graph_url: str, ca_path: str, state_dir: str) -> dict[str, Any]:
    """Return the inventory; ``nodes`` maps a phone number ID to the address of its node.

    Real secrets belong into a vault or the environment; these open nothing but the simulator.
    """
    groups: dict[str, Any] = {}
    for group, (waba_id, _name) in WABAS.items():
        hosts = {
            number.host: {
                "wa_migrate_phone_number_id": phone_number_id(at),
                "wa_migrate_onprem_url": nodes[phone_number_id(at)],
                "wa_migrate_pin": pin(at),
                # A busy node makes its number wait.
                **({"wa_migrate_quiet_wait": 60, "wa_migrate_quiet_interval": 1} if number.story == WAITED else {}),
            }
            for at, number in enumerate(NUMBERS)
            if number.group == group
        }
        groups[group] = {"hosts": hosts, "vars": {"wa_migrate_waba_id": waba_id}}
    shared = {
        "ansible_connection": "local",
        "wa_migrate_graph_url": graph_url,
        "wa_migrate_graph_ca_path": ca_path,
        "wa_migrate_access_token": TOKEN,
        "wa_migrate_onprem_ca_path": ca_path,
        "wa_migrate_onprem_password": NODE_PASSWORD,
        "wa_migrate_backup_password": "any text",
        "wa_migrate_purpose": "customer_support",
        # A number that cannot move keeps only itself out.
        "wa_migrate_on_blocker": "continue",
        "wa_migrate_state_dir": state_dir,
    }
    canary = {number.host: {} for number in NUMBERS if number.canary}
    return {"wa_onprem": {"children": groups, "vars": shared}, "canary": {"hosts": canary}}
