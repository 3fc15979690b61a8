# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journeys beside the backup lane: where a number begins, which role brings it on, and where it has to arrive.

Both matrices read this declaration. journey_rules.py has what must hold on the way, person.py how a person goes on.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._meta_api import PIN_MISMATCH
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT
from wabiz_simulator import photo

from . import flow
from .world import TEMPLATE, Number, TestEnvironment

LINK = "https://node.example.com/photo.jpg"
HOOK = "https://node.example.com/events"
PROFILE = {"about": "Open all day", "description": "A desk", "photo": LINK}
NEW_PIN = "087654"
RECIPIENTS = tuple(f"491555{100 + at:07d}" for at in range(3))
LOSSES = ["profile", "official_business_account"]

State = Mapping[str, Any]


@dataclass(frozen=True)
class Journey:
    """One way of a number, from a state of both APIs to the end that is wanted."""

    name: str
    role: str
    begin: Callable[[TestEnvironment, Number, Path], None]
    # Says in words what the number still lacks; nothing at the end.
    lacks: Callable[[State], list[str]]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[str, ...] = ()  # of the journey without a fault, in their order
    closed: bool = False  # the node refuses, and the Cloud API side stays as it is

    @property
    def own_prefix(self) -> str:
        return self.role + "_"

    @property
    def book(self) -> Path:
        return ROOT / "playbooks" / (self.role.removeprefix("wa_") + ".yml")

    def stated(self, number: Number, folder: Path) -> dict[str, Any]:
        """Return the inputs of every run; ``folder`` has the state directories, and the files of the person."""
        found = {}
        for name, value in self.inputs.items():
            own = isinstance(value, str) and "{" in value
            found[name] = value.format(folder=folder, host=number.host, id=number.id) if own else value
        return found


# ---------------------------------------------------------------------------------------------------------------------
# Where a number begins


def _subscribed(env: TestEnvironment, number: Number) -> None:
    env.sim.admin("POST", f"/wabas/{number.waba}", json={"subscribed_apps": [{"id": number.app}]})


def _dead(env: TestEnvironment, number: Number, folder: Path) -> None:
    """The node has died after an earlier run had taken the snapshot."""
    env.sim.patch(number.id, oba=False, node={"profile": PROFILE})
    _prepared(env, number, folder, "wa_backup")
    env.sim.patch(number.id, code_verification_status="NOT_VERIFIED", node={"listening": False})
    env.sim.admin("POST", f"/wabas/{number.waba}", json={"subscribed_apps": []})


def _prepared(env: TestEnvironment, number: Number, folder: Path, before: str) -> None:
    """Let the migration go as far as ``before``, the name of a module."""
    prepared = flow.Player(env, number, folder, stops_before=before).run()
    if not prepared["ok"]:
        raise AssertionError(f"the number was not prepared: {prepared}")


def _lost(env: TestEnvironment, number: Number, **patch: Any) -> None:
    env.sim.patch(number.id, location="none", oba=False, node={"connected": False}, **patch)


def _unverified(env: TestEnvironment, number: Number, _folder: Path) -> None:
    _lost(env, number, code_verification_status="NOT_VERIFIED")


def _incomplete(env: TestEnvironment, number: Number, _folder: Path) -> None:
    _lost(env, number, switches={"incomplete_deregistration": True})
    _subscribed(env, number)


def _unknown_pin(env: TestEnvironment, number: Number, folder: Path) -> None:
    """A register request of an earlier run was refused for its PIN: a run stops after the first of these."""
    _lost(env, number, pin="000000", switches={"pin_while_unregistered": True})
    _subscribed(env, number)
    began = time.time() - 600.0
    log = attempt_log.with_intent(attempt_log.fresh(number.id), began, began, "earlier", "elsewhere", 1, number.id)
    log = {**attempt_log.with_outcome(log, began, attempt_log.REFUSED, PIN_MISMATCH), "lease": None}
    own = folder / number.host / number.id
    _hostfiles.make_directory(str(own))
    _hostfiles.write_private(str(own / "attempt_log.json"), attempt_log.dump(log))


def _without_profile(env: TestEnvironment, number: Number, folder: Path) -> None:
    """A number that has moved, and whose profile somebody has emptied since."""
    env.sim.patch(number.id, node={"profile": PROFILE})
    moved = flow.Player(env, number, folder).run()
    if not moved["ok"]:
        raise AssertionError(f"the number did not move: {moved}")
    # What the journey is about begins here: the registration was another one.
    env.sim.patch(number.id, cloud_profile={}, accepted_registrations=0)


def _moved(env: TestEnvironment, number: Number, *, open_node: bool) -> None:
    env.sim.patch(number.id, location="cloud", switches={"legacy_registration": open_node})
    env.sim.patch(number.id, node={"registered": False, "connected": False, "shards": 1, "multiconnect": False})


def _with_open_node(env: TestEnvironment, number: Number, _folder: Path) -> None:
    _moved(env, number, open_node=True)


def _with_closed_node(env: TestEnvironment, number: Number, _folder: Path) -> None:
    _moved(env, number, open_node=False)


def _with_backup(env: TestEnvironment, number: Number, folder: Path) -> None:
    _prepared(env, number, folder, "wa_register")
    _moved(env, number, open_node=True)


def _in_service(env: TestEnvironment, number: Number, folder: Path) -> None:
    env.sim.patch(number.id, location="cloud", cloud_profile={"about": "Open all day"})
    _subscribed(env, number)
    path = folder / "recipients.txt"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("".join(f"+{one}\n" for one in RECIPIENTS))


# ---------------------------------------------------------------------------------------------------------------------
# Where it has to arrive


def _on_cloud(state: State) -> list[str]:
    here = (state["location"], state["status"])
    return [] if here == ("cloud", "CONNECTED") else [f"it is {here[0]} and {here[1]}"]


def _with_profile(state: State) -> list[str]:
    shown = state["cloud_profile"] or {}
    wanted = {**PROFILE, "photo_sha256": hashlib.sha256(photo.image(LINK)).hexdigest()}
    lacking = [name for name in ("about", "description", "photo_sha256") if shown.get(name) != wanted[name]]
    return _on_cloud(state) + ([f"its profile lacks {', '.join(lacking)}"] if lacking else [])


def _on_node(state: State) -> list[str]:
    node = state["node"]
    seen = (state["location"], node["gateway_status"], node["shards"], node["webhooks"].get("url"))
    return [] if seen == ("on_premise", "connected", 2, HOOK) else [f"its node is {seen}"]


def _left(state: State) -> list[str]:
    return [] if state["location"] == "none" else [f"it is {state['location']}"]


def _stays(state: State) -> list[str]:
    return [*_on_cloud(state), "its node is closed"]


# ---------------------------------------------------------------------------------------------------------------------
# The list

_RECOVER = {"wa_recover_apply": True, "wa_recover_wait": 1, "wa_migrate_accept_loss": LOSSES}
_ROLLBACK: dict[str, Any] = {
    "wa_rollback_cc": "1",
    "wa_rollback_cert": "Q2VydGlmaWNhdGUtb2YtdGhlLXRlc3Q=",
    "wa_rollback_shards": 2,
    "wa_rollback_webhook_url": HOOK,
}
_HOME = ("deregistered", "node_registered", "shards_set", "webhook_set")
_CODE = ("code_requested", "code_verified", "registered")
_PHOTO = ("upload_started", "uploaded", "profile_set")

JOURNEYS: Sequence[Journey] = (
    Journey(
        "code lane",
        "wa_migrate",
        _dead,
        _with_profile,
        {"wa_migrate_accept_loss": LOSSES},
        ("subscribed", *_CODE, *_PHOTO),
    ),
    Journey("recover, not verified", "wa_recover", _unverified, _on_cloud, _RECOVER, ("subscribed", *_CODE)),
    Journey(
        "recover, incomplete deregistration",
        "wa_recover",
        _incomplete,
        _on_cloud,
        _RECOVER,
        ("deregistration_finished", "registered"),
    ),
    Journey("recover, unknown PIN", "wa_recover", _unknown_pin, _on_cloud, _RECOVER, ("pin_set", "registered")),
    Journey("recover, without profile", "wa_recover", _without_profile, _with_profile, _RECOVER, _PHOTO),
    Journey("rollback by a code", "wa_rollback", _with_open_node, _on_node, _ROLLBACK, ("node_code_sent", *_HOME)),
    Journey(
        "rollback from a backup",
        "wa_rollback",
        _with_backup,
        _on_node,
        {**_ROLLBACK, "wa_rollback_backup_file": "{folder}/{host}/{id}/backup.json"},
        ("node_code_sent", *_HOME),
    ),
    Journey("rollback, closed node", "wa_rollback", _with_closed_node, _stays, _ROLLBACK, (), closed=True),
    Journey(
        "retire",
        "wa_retire",
        _in_service,
        _left,
        {
            "wa_retire_notice_template": TEMPLATE,
            "wa_retire_notice_recipients": "{folder}/recipients.txt",
            "wa_retire_notice_per_minute": 4800,
        },
        (*["message_sent"] * len(RECIPIENTS), "deregistered", "unsubscribed"),
    ),
)
BY_NAME = {journey.name: journey for journey in JOURNEYS}
