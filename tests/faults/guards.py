# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard check: take one guard out by patching, and see that the cases go red; a green one proves nothing.

The shipped code has no switch for any of this: functions of it are replaced in this process, in a run's workers by the
injection, and in a copy of the role.
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import requests
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.plugins.module_utils._api import connection, retry
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import subscription
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import backup as backup_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import gate
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, phone_number
from ansible_collections.wabiz.migration.plugins.module_utils._operations import (
    attempt_log,
    backup,
    collect,
    conditions,
    confirm,
    host_log,
    lease,
    number_info,
    register,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

from . import cases as table
from . import flow, harness, invariants, journey_guards, kill, role_steps, scenes
from .harness import LOCAL, Setting
from .taken_out import never, replaced
from .world import TestEnvironment


@dataclasses.dataclass
class Proof:
    """Whether some case went red without the guard, and which."""

    guard: str
    proven: bool
    red: dict[str, list[str]]


def _without_read_back() -> contextlib.AbstractContextManager[None]:
    """Neither the backup's own task nor wa_register looks at what is on disk."""
    kept: dict[str, Any] = {}
    store, stored = backup._store, backup.stored_document

    def storing(path: str, doc: Any) -> None:
        store(path, doc)
        kept[path] = doc

    def remembered(path: str) -> Any:
        return kept.get(path) or stored(path)

    return replaced(
        (backup, "_store", storing), (backup, "stored_document", remembered), (backup_rules, "faults", never)
    )


def _without_intent(_request: Any, _process: Any, _expected: Any, changed: Any) -> dict[str, Any]:
    return {"committed": True, "attempt_log": attempt_log_rules.dump(changed)}


def _always_committed(commit: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def committed(one: Any, other: Any, expected: Any, changed: Any) -> dict[str, Any]:
        answer = commit(one, other, expected, changed)
        return answer if answer.get("committed") else _without_intent(one, other, expected, changed)

    return committed


def _without_compare(commit: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def committed(request: dict[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(OSError):
            text = (Path(request["number_dir"]) / "attempt_log.json").read_text()
            return commit({**request, "expected": text})
        return commit(request)

    return committed


def _one_read(done: Any, params: Any, context: Any, graph: Any, label: str) -> Any:
    with contextlib.suppress(Exception):
        return number_info.read(graph, str(params["phone_number_id"]), number_info.DECISIVE)[0]
    return None


def _retries(decide: Callable[..., Any]) -> Callable[..., Any]:
    def decided(error: Any, attempt: int, elapsed: float, policy: Any, kind: str, random: Any) -> Any:
        return decide(error, attempt, elapsed, policy, retry.READ if kind == retry.NEVER else kind, random)

    return decided


def _anywhere(rule: Callable[..., Any]) -> Callable[..., Any]:
    def located(graph: Any, node: str) -> Any:
        return dataclasses.replace(rule(graph, node), name=location.ON_PREMISES)

    return located


def _but(codes: set[str], rule: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return lambda *args: [failure for failure in rule(*args) if failure.code not in codes]


def _for_real(perform: Callable[..., Any]) -> Callable[..., Any]:
    return lambda params, context: perform(params, dataclasses.replace(context, check_mode=False))


def _following(send: Callable[..., Any]) -> Callable[..., Any]:
    """Follow redirects as a Session of requests does for whoever takes the bearer along."""

    def sent(self: Any, request: Any, **options: Any) -> Any:
        answer = send(self, request, **options)
        while answer.is_redirect:
            request = request.copy()
            request.url = requests.compat.urljoin(request.url, answer.headers["location"])
            answer = send(self, request, **options)
        return answer

    return sent


def _as_of_an_earlier_look(intend: Callable[..., Any]) -> Callable[..., Any]:
    def intended(request: Any, process: Any, before: Any) -> Any:
        return intend(request, dataclasses.replace(process, now=lambda: process.now() - 600.0), before)

    return intended


_LOCATIONS = (
    "the node is disconnected",
    "the node does not listen",
    "Graph says neither, the node says it serves",
    "the number is on neither side",
    "the number is on the Cloud API and disconnected",
)
_STATES = tuple(
    name
    for name in scenes.SCENES
    if name.startswith(
        ("the state directory is a symbolic", "the state directory is writable", "the state directory is another")
    )
)


def _guards() -> dict[str, tuple[Callable[[], contextlib.AbstractContextManager[None]], tuple[str, ...]]]:
    """Return each guard: how it is taken out, and the scenes of which one must go red."""
    return {
        "the location rule": (
            lambda: replaced(
                (location, "location", _anywhere(location.location)),
                (collect, "location", _anywhere(location.location)),
                (gate, "location_failures", never),
            ),
            _LOCATIONS,
        ),
        "the node serves this number": (
            lambda: replaced((gate, "ownership_failures", never), (phone_number, "same", lambda one, other: True)),
            ("the node serves another number",),
        ),
        "the number's WABA": (
            lambda: replaced((gate, "ownership_failures", never)),
            ("the number belongs to another WABA",),
        ),
        "the code verification": (
            lambda: replaced((gate, "verification_failures", never)),
            ("the number's code verification is missing",),
        ),
        "the budget": (
            lambda: replaced((attempt_log_rules, "attempts_left", lambda *args: 9)),
            ("the budget is used up", "a refusal that is tried again and again"),
        ),
        "the backup is read back": (_without_read_back, ("the disk does not keep what was written",)),
        "the backup is fresh, whole and this number's": (
            lambda: replaced((backup_rules, "faults", never)),
            ("the backup was altered", "the backup is another number's", "the backup is two days old"),
        ),
        "no backup, no register": (
            lambda: replaced((gate, "backup_failures", never)),
            ("the backup is gone before the register call",),
        ),
        "the intent is recorded before the request": (
            lambda: replaced((host_log, "_commit", _without_intent)),
            ("no fault",),
        ),
        "no attempt log, no request": (
            lambda: replaced(
                (attempt_log, "_commit", _always_committed(attempt_log._commit)),
                (host_log, "_commit", _always_committed(host_log._commit)),
                (gate, "log_failures", never),
            ),
            ("the intent cannot be recorded", "the attempt log is cut", "the attempt log is a symbolic link"),
        ),
        "the state directory is private": (
            lambda: replaced((_hostfiles, "check_directory", lambda path: None)),
            _STATES,
        ),
        "the attempt log outlives a container": (
            lambda: replaced((gate, "log_failures", _but({"state_not_durable"}, gate.log_failures))),
            ("the directory would be lost with a container",),
        ),
        "the lease": (
            lambda: replaced((attempt_log_rules, "lease_holder", lambda *args: None)),
            ("another run comes between the intent and the request", "the lease of a controller that vanished"),
        ),
        "compare and set": (
            lambda: mock.patch.dict(_hostfiles._OPERATIONS, {"commit": _without_compare(_hostfiles.commit)}),
            ("another run comes between the look and the intent",),
        ),
        "a lease that may have run out is not used": (
            lambda: replaced((attempt_log, "FRESH", float("inf"))),
            ("writing the intent takes so long that another run has the number",),
        ),
        "an attempt's time counts from its intent": (
            lambda: replaced((host_log, "intend", _as_of_an_earlier_look(host_log.intend))),
            ("slow reads before the register call, killed after sending, again at once",),
        ),
        "an open attempt is waited out": (
            lambda: replaced((lease, "_wait_out", lambda params, context, graph, number, files: number)),
            ("killed after sending, the request still under way, again at once",),
        ),
        "a worker whose run was killed stays out": (
            lambda: replaced((conditions, "require_run", never)),
            ("the run was killed before its worker reached the register call",),
        ),
        "an unclear answer is confirmed by reading": (
            lambda: replaced((confirm, "until", _one_read)),
            ("the answer is lost and reads are stale",),
        ),
        "register is sent once": (
            lambda: replaced((retry, "decide", _retries(retry.decide))),
            ("the answer is lost and reads are stale",),
        ),
        "no register call after a wrong PIN": (
            lambda: replaced((register, "PIN_MISMATCH", None)),
            ("two wrong PINs in one run",),
        ),
        "check mode": (
            lambda: mock.patch.dict(
                flow.OPERATIONS,
                {module_name: _for_real(flow.OPERATIONS[module_name]) for module_name in flow.OPERATIONS},
            ),
            ("check mode writes nothing",),
        ),
        "an override is not dropped": (
            lambda: replaced((subscription, "steps", lambda *args: (subscription.SUBSCRIBE,))),
            ("somebody's callback override stays",),
        ),
        "redirects are not followed": (
            lambda: replaced((connection.WatchedAdapter, "send", _following(connection.WatchedAdapter.send))),
            ("a redirect to another server",),
        ),
    }


def in_process(env: TestEnvironment) -> Iterator[Proof]:
    """Take each guard out in turn and play its scenes."""
    for name, (taken_out, wanted) in {**_guards(), **journey_guards.GUARDS}.items():
        red: dict[str, list[str]] = {}
        for scene in wanted:
            if scene in scenes.SCENES:
                with taken_out():
                    broken = scenes.play(env, scene).violations
                if broken:
                    red[scene] = broken
        yield Proof(name, bool(red), red)


def signals(env: TestEnvironment) -> Proof:
    """Without the deferral, a signal between intent and outcome leaves the attempt without an outcome."""
    points = [point for point in kill.clean(env, None, LOCAL) if point.in_runner]
    members = [
        table.Case(point, table.TIMEOUT, table.AFTER)
        for point in points
        if table.is_post(point) and point.point in (table.ACTED, table.ANSWERED)
    ]
    results = kill.play(env, None, members, guards=["signals deferred"])
    red = {result.name: result.violations for result in results if result.violations}
    return Proof("signals are deferred during the register call", bool(red), red)


def order(env: TestEnvironment) -> Proof:
    """With the subscription after the register call, the role registers a number that nobody listens for."""
    name = "the subscription comes before the register call"
    folder = env.folder("order")
    collections = folder / "collections"
    copy = collections / "ansible_collections" / "wabiz" / "migration"
    copy.mkdir(parents=True)
    for part in ("plugins", "roles", "playbooks", "meta"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", copy)
    move = copy / "roles" / "wa_migrate" / "tasks" / role_steps.MOVE
    tasks = yaml.safe_load(move.read_text())
    steps = tasks[0]["wabiz.migration.wa_steps"]["steps"]
    (moved,) = [step for step in steps if "wabiz.migration.wa_subscribe" in step]
    steps.remove(moved)
    steps.append(moved)
    move.write_text(yaml.safe_dump(tasks, sort_keys=False))
    number = env.take()
    setting = Setting(
        LOCAL,
        [number],
        folder / "state",
        collections=collections,
        book=copy / "playbooks" / "migrate.yml",
    )
    run = harness.plain(env, folder, "run", setting, None)
    facts = invariants.Facts(
        ledger=env.ledger(number),
        state=env.sim.number(number.id),
        witnesses=run.witnesses(number.host),
        verdict=run.verdicts().get(number.host),
    )
    broken = [text for text in invariants.violations(facts) if "subscribed" in text]
    return Proof(name, bool(broken), {"one clean run": broken} if broken else {})
