# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix of the journeys: faults of the wire and error codes at their calls, with the end of that run.

What is expected is written here, from Meta's documentation and the rules of the domain, and not taken from the code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import faults, journey_rules
from .faults import GRAPH, ONPREM, Fault
from .journey_play import Traveller
from .journey_rules import STOPPED, UNCLEAR, WAITS
from .journeys import JOURNEYS, RECIPIENTS, Journey
from .kill import Result
from .world import TestEnvironment

# What the backup lane has as well; its own matrix has every fault at these.
_OF_THE_BACKUP_LANE = ("wa_preflight", "wa_subscribe", "wa_health")
# Every call meets one code out of so many, and another call the next one.
_CODES = 8
# What a request has done shows in no read, so a lost answer ends the run.
_UNSEEN = ("node_code_sent", "deregistration_finished", "pin_set", "message_sent", "shards_set")
# What may be sent again, because a second request makes nothing worse.
_REPEATED = ("subscribed", "upload_started", "uploaded", "profile_set", "webhook_set", "unsubscribed")
# Codes that pass by themselves and say so before anything is done.
_PASSING = {GRAPH: {4, 17, 80007, 80008, 80014, 130429, 131057}, ONPREM: {429, 1011, 1015, 1016, 1017, 1018}}
# Refusals of one recipient, after which the others get their notice (Cloud API, error codes).
_OF_A_RECIPIENT = {130472, 130497, 131021, 131026, 131030, 131049, 131050}


@dataclass(frozen=True)
class Call:
    """One request of a journey without a fault; nth counts the requests of this method and path."""

    journey: Journey
    run: int  # the command that sends it, from 0
    end: str  # how that command ends without a fault
    module_name: str
    api: str
    method: str
    path: str
    nth: int
    effect: str

    @property
    def changes(self) -> bool:
        return self.effect not in ("none", "login") or (self.method != "GET" and not self.path.endswith("/login$"))

    @property
    def label(self) -> str:
        where = f"{self.method} {self.path.strip('^$')} ({self.nth})".replace("\\", "")
        return f"{self.journey.name}, command {self.run + 1}, {self.module_name}: {where}"


@dataclass(frozen=True)
class Case:
    """One fault at one call of a journey; whoever goes on does so without it."""

    call: Call
    fault: Fault

    @property
    def name(self) -> str:
        return f"journey, {self.call.label}: {self.fault.name}"


def calls(env: TestEnvironment, journey: Journey) -> list[Call]:
    """Return the requests of a journey without a fault, from the ledger."""
    travelling = Traveller.begin(env, journey)
    marks: list[tuple[int, int, str]] = []
    ends: list[str] = []
    travelling.playing.before_module = lambda name: marks.append((len(env.lines()), len(travelling.verdicts), name))
    travelling.until_arrived(lambda: ends.append(journey_rules.end(travelling.evidence())))
    effects = tuple(line["effect"] for line in travelling.ledger() if line["accepted"] and line["kind"] == "change")
    if not (travelling.arrived() or journey.closed) or effects != journey.effects:
        raise AssertionError(f"{journey.name} without a fault: {effects}, {travelling.verdicts[-1]}")
    number, found = travelling.playing.number, list[Call]()
    seen: Counter[tuple[str, str]] = Counter()
    for at, line in enumerate(travelling.ledger(), travelling.began):
        path = re.escape(line["path"]).replace(number.id, "@number").replace(number.waba, "@waba")
        path = "^" + re.sub("upload:.*", "upload:", path.replace(number.app, "@app"))
        path += "" if path.endswith("upload:") else "$"
        seen[line["method"], path] += 1
        run, name = [mark[1:] for mark in marks if mark[0] <= at][-1]
        found.append(
            Call(
                journey,
                run,
                ends[run],
                name,
                line["api"],
                line["method"],
                path,
                seen[line["method"], path],
                line["effect"],
            )
        )
    return found


def generate(found: Sequence[Call]) -> Iterator[Case]:
    """Yield the faults of the wire at each call that changes something, with part of the codes; one at each read.

    What the backup lane sends as well has one fault at every third call: its own matrix has them all.
    """
    ways = [fault for fault in faults.faults() if fault.code is None]
    codes = {
        api: [one for one in faults.faults() if one.only == api and one.code is not None] for api in (GRAPH, ONPREM)
    }
    for turn, call in enumerate(found):
        fitting = [fault for fault in ways if fault.only in ("", call.api) and _fits(call, fault)]
        refusals = [fault for fault in codes[call.api] if not fault.acts]
        if call.changes and call.module_name not in _OF_THE_BACKUP_LANE:
            yield from (Case(call, fault) for fault in fitting)
            yield from (Case(call, fault) for fault in refusals[turn % _CODES :: _CODES])
        elif call.module_name not in _OF_THE_BACKUP_LANE or turn % 3 == 0:
            either = [*fitting, *refusals[turn % _CODES :: _CODES]]
            yield Case(call, either[turn % len(either)])


def _fits(call: Call, fault: Fault) -> bool:
    return not (fault.kind == "success_false" and call.method == "GET")


def cases(env: TestEnvironment, journeys: Sequence[Journey] = JOURNEYS) -> list[Case]:
    return [case for journey in journeys for case in generate(calls(env, journey))]


def expected(case: Case) -> set[str]:
    """Return how the run that meets the fault may end."""
    call, fault = case.call, case.fault
    if not call.changes and fault.passes and fault.kind != "refuse_after":
        return {call.end}
    if not call.changes:
        # Some reads only inform, and some are tried in another way: then the next command does what was left out.
        return {call.end, WAITS, STOPPED}
    if call.effect == "message_sent" and fault.code in _OF_A_RECIPIENT:
        return {call.end}
    if call.effect in _REPEATED or fault.kind == "refuse_after":
        return {call.end, STOPPED}
    if fault.acts:
        return {call.end, STOPPED} if call.effect in _UNSEEN else {call.end}
    if fault.code in _PASSING[call.api] or fault.settings.get("status") == 429:
        return {call.end, STOPPED}
    if call.effect == "code_requested" and (fault.code is None or fault.code in UNCLEAR):
        # Whether a code is on its way is unknown, so the number waits for it.
        return {WAITS, STOPPED}
    return {STOPPED}


def play(env: TestEnvironment, case: Case) -> Result:
    """Let one fault happen, and let the person go on without it, as the message says."""
    travelling = Traveller.begin(env, case.call.journey)
    number = travelling.playing.number
    path = case.call.path.replace("@number", number.id).replace("@waba", number.waba).replace("@app", number.app)
    match = {"method": case.call.method, "path": path, "api": case.call.api, "nth": case.call.nth, "times": 1}
    if case.call.api == ONPREM:
        match["phone_number_id"] = number.id
    env.sim.fault(case.fault.kind, match, **case.fault.settings)
    for at in range(case.call.run + 1):
        if at:
            travelling.goes_on()
        before = len(env.lines())
        travelling.run()
    (rule,) = env.sim.admin("GET", "/faults")
    env.sim.clear_faults()
    evidence = travelling.evidence()
    end = journey_rules.end(evidence)
    broken = [] if rule["hit"] else ["the fault did not happen"]
    broken += [] if end in expected(case) else [f"the run ended as {end}, expected {' or '.join(expected(case))}"]
    broken += _sent_again(case, env.lines()[before:])
    travelling.until_arrived()
    broken += journey_rules.violations(travelling.evidence())
    if not (travelling.arrived() or case.call.journey.closed):
        broken.append(f"going on does not end well: {travelling.lacks()}, {travelling.verdicts[-1]}")
    verdicts = [(one["failure"] or {}).get("code", "ok") if not one["ok"] else "ok" for one in travelling.verdicts]
    return Result(case.name, end, broken, {"verdicts": verdicts, "last": travelling.verdicts[-1]})


def _sent_again(case: Case, since: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return whether the run that met the fault has sent what is sent once a second time."""
    call, fault = case.call, case.fault
    if not call.changes or call.effect in (*_REPEATED, "none") or fault.code in _PASSING[call.api]:
        return []
    if fault.settings.get("status") == 429:
        return []
    number = [line for line in since if line["method"] == call.method and line["fault"] is not None]
    same = [line for line in since if number and line["path"] == number[0]["path"] and line["method"] == call.method]
    most = 1 if call.effect != "message_sent" else len(RECIPIENTS)
    return [f"{len(same)} requests of {call.path} in one run"] if len(same) > most else []
