# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every fault of the wire and every documented error code at every call of the flow, with its end.

What is expected is written here once more, from Meta's documentation and the rules of the domain, and not taken from
the tables of the code: only so can the two disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_graph import GRAPH_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_onprem import ONPREM_CODES

from . import flow, invariants
from .invariants import MIGRATED, PERSON, UNTOUCHED
from .kill import Result
from .processes import until
from .world import GATE_BASE, TestEnvironment

GRAPH, ONPREM = "graph", "onprem"
# Reads that only inform: what is answered to them never stands in the way.
_INFORMING = re.compile(
    r"/v1/(support|account/shards|stats/|settings/business/profile|settings/profile/|stickerpacks|certificates/)|/metrics"
)
# Codes that pass by themselves; the first list says so before acting, the second says nothing about it.
_PASSING = {
    GRAPH: {4, 17, 80007, 80008, 80014, 130429, 131057},
    ONPREM: {429, 1011, 1015, 1016, 1017, 1018},
}
_UNCLEAR = {GRAPH: {1, 2, 131000, 131016, 133004}, ONPREM: {500, 1000, 1014, 1023}}
# An unclear code that is no passing one: another read would end the same way.
_FINAL = {GRAPH: set[int](), ONPREM: {1014}}


@dataclass(frozen=True)
class Call:
    """One request of the clean flow; nth counts the requests of this method and path."""

    module_name: str
    api: str
    method: str
    path: str
    nth: int
    confirming: bool = False  # a read behind the register request, which confirms what has become of it

    @property
    def register(self) -> bool:
        return self.method == "POST" and self.path.endswith("/register$")

    @property
    def changes(self) -> bool:
        return self.method != "GET" and not self.path.endswith(("/login$", "/settings/backup$"))

    @property
    def after_register(self) -> bool:
        return self.confirming or self.module_name in ("wa_health", "wa_compare")

    @property
    def decides(self) -> bool:
        if self.module_name == "wa_snapshot":
            # A snapshot without the number itself would be none; all else is noted as not known.
            return self.path.endswith("@number$")
        if self.module_name == "wa_preflight" and self.path.endswith("/@waba$"):
            return False
        return not _INFORMING.search(self.path.replace("\\", ""))


@dataclass(frozen=True)
class Fault:
    """One way in which an answer goes wrong."""

    name: str
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    acts: bool = False  # the server has acted, whatever the client gets to see
    passes: bool = True  # a read that meets it once succeeds at the next attempt
    code: int | None = None  # an error envelope of the API, with this code
    only: str = ""  # the API that it belongs to

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class Case:
    """One fault at one call, once or from there on; the same command follows without it."""

    call: Call
    fault: Fault
    lasting: bool

    @property
    def name(self) -> str:
        how = "from there on" if self.lasting else "once"
        where = f"{self.call.method} {self.call.path.strip('^$')} ({self.call.nth})".replace("\\", "")
        return f"fault, {self.call.module_name}: {where}: {self.fault.name}, {how}"


def _ways() -> Iterator[Fault]:
    yield Fault("reset before acting", "reset_before")
    yield Fault("reset after acting", "reset_after", acts=True)
    yield Fault("connection refused after this answer", "refuse_after", {"seconds": 0.02}, acts=True)
    yield Fault("cut body", "cut_body", acts=True)
    yield Fault("HTML error page with 502", "html", {"status": 502})
    yield Fault("HTML error page with 502 after acting", "html", {"status": 502, "when": "after"}, acts=True)
    yield Fault("HTML login page with 200", "html", {"status": 200}, passes=False)
    yield Fault("wrong content type", "wrong_content_type", acts=True, passes=False)
    yield Fault("oversize body", "oversize", {"size": 9 * 1024 * 1024}, acts=True, passes=False)
    yield Fault("slow drip", "slow_drip", {"seconds": 30}, acts=True)
    yield Fault("no answer, not acted", "hang")
    yield Fault("no answer, acted", "hang", {"when": "after"}, acts=True)
    yield Fault("answer too late", "delay", {"seconds": 1.5, "when": "after"}, acts=True)
    yield Fault("redirect to another server", "redirect", {"location": "https://127.0.0.1:1/elsewhere"}, passes=False)
    yield Fault("HTTP 500 without an envelope", "status", {"status": 500})
    yield Fault("HTTP 503 without an envelope, after acting", "status", {"status": 503, "when": "after"}, acts=True)
    yield Fault("HTTP 429 with Retry-After", "status", {"status": 429, "headers": {"Retry-After": "2"}})
    yield Fault("HTTP 404 without an envelope", "status", {"status": 404}, passes=False)
    yield Fault("empty body", "empty", acts=True, passes=False)
    yield Fault("success: false", "success_false", passes=False, only=GRAPH)


def faults() -> list[Fault]:
    """Return the faults of the wire, then every documented code of the two APIs."""
    found = list(_ways())
    for api, table in ((GRAPH, GRAPH_CODES), (ONPREM, ONPREM_CODES)):
        for code in table:
            if code == 33 or code == 803:
                continue  # envelopes of these are the same as 100 to the flow
            passes = code in _PASSING[api] | _UNCLEAR[api] - _FINAL[api]
            found.append(Fault(f"code {code}", f"{api}_error", {"code": code}, passes=passes, code=code, only=api))
    # The envelope says that nothing was done, and it was: what the number is, is read and not believed.
    found.append(Fault("code 2 after acting", "graph_error", {"code": 2, "when": "after"}, True, True, 2, GRAPH))
    found.append(
        Fault("code 133004 after acting", "graph_error", {"code": 133004, "when": "after"}, True, True, 133004, GRAPH)
    )
    return found


def calls(env: TestEnvironment) -> list[Call]:
    """Return the requests of a clean run, from the ledger; its order shows which task sends which."""
    playing = flow.player(env, clear_two_step=True)
    marks: list[tuple[int, str]] = []
    playing.before_module = lambda module_name: marks.append((len(env.sim.ledger()), module_name))
    before = len(env.sim.ledger())
    verdict = playing.run()
    if not verdict["ok"]:
        raise AssertionError(f"the clean flow failed: {verdict}")
    number, found = playing.number, list[Call]()
    seen: Counter[tuple[str, str]] = Counter()
    for at, line in enumerate(env.sim.ledger()[before:], before):
        if line["phone_number_id"] not in (None, number.id) or at < marks[0][0]:
            continue  # the end of a request that an earlier case had left under way
        path = "^" + re.escape(line["path"]).replace(number.id, "@number").replace(number.waba, "@waba") + "$"
        seen[line["method"], path] += 1
        name = [mark for start, mark in marks if start <= at][-1]
        confirming = name == "wa_register" and any(call.register for call in found)
        found.append(Call(name, line["api"], line["method"], path, seen[line["method"], path], confirming))
    return found


def generate(found: list[Call]) -> list[Case]:
    """Return every fault at every call once, and the passing ones also for good where that makes a difference."""
    cases = []
    for call in found:
        for fault in faults():
            if fault.only not in ("", call.api) or (fault.kind == "success_false" and call.method == "GET"):
                continue
            if fault.acts and fault.kind == "graph_error" and not call.register:
                continue
            cases.append(Case(call, fault, False))
            if fault.passes and call.nth == 1 and not call.changes and (fault.code is None or fault.code in (4, 1011)):
                cases.append(Case(call, fault, True))
    return cases


def expected(case: Case) -> tuple[set[str], Any]:
    """Return how the first run may end, and the code that its failure must carry (None: any)."""
    call, fault = case.call, case.fault
    if call.register:
        return _before_register(fault)
    if fault.kind == "refuse_after":
        # Waiting takes no time here, so nobody knows how many attempts of the calls behind it meet it.
        return {MIGRATED, PERSON if call.after_register else UNTOUCHED}, None
    if call.after_register and not call.confirming:
        # The number has moved; what cannot be read or compared is for a person, unless the fault passed.
        return ({MIGRATED} if fault.passes and not case.lasting else {MIGRATED, PERSON}), None
    if call.confirming:
        return {MIGRATED}, None
    if not call.decides:
        return {MIGRATED}, None
    if call.changes:
        again = fault.code in _PASSING[call.api] if fault.code is not None else fault.settings.get("status") == 429
        return ({MIGRATED} if again else {UNTOUCHED, MIGRATED} if fault.code is None else {UNTOUCHED}), None
    if case.lasting:
        return {UNTOUCHED}, None
    if fault.passes:
        return {MIGRATED}, None
    if call.api == GRAPH and fault.code == 100:
        # This code stands for an unknown field too, and the read is tried once more with the fields that decide.
        return {MIGRATED, UNTOUCHED}, None
    if call.api == ONPREM and call.module_name == "wa_register":
        return {MIGRATED, UNTOUCHED}, None  # after a failed read of the last look, a whole second one decides
    if call.api == ONPREM and fault.code == 1005:
        return {MIGRATED, UNTOUCHED}, None  # this code stands for an expired token too, and one new login is tried
    return {UNTOUCHED}, None


def _before_register(fault: Fault) -> tuple[set[str], Any]:
    if fault.acts:
        return {MIGRATED}, None
    if fault.code is None:
        # Not acted on, and nobody can know: confirmed by reading, which shows nothing; or refused explicitly.
        return {UNTOUCHED, PERSON}, None
    if fault.code in _UNCLEAR[GRAPH]:
        return {PERSON}, "unconfirmed"
    return {UNTOUCHED}, fault.code


def play(env: TestEnvironment, case: Case) -> Result:
    """Let one fault happen, then give the same command again without it."""
    playing = flow.player(env, clear_two_step=True)
    number = playing.number
    env.sim.clear_faults()
    path = case.call.path.replace("@number", number.id).replace("@waba", number.waba)
    match: dict[str, Any] = {"method": case.call.method, "path": path, "api": case.call.api, "nth": case.call.nth}
    match["times"] = 1000 if case.lasting else 1
    if case.call.api == ONPREM:
        match["phone_number_id"] = number.id
    env.sim.fault(case.fault.kind, match, **case.fault.settings)
    first = playing.run()
    env.sim.clear_faults()
    states, code = expected(case)
    facts = playing.facts(first, expected=tuple(states), reported_code=code)
    broken = [f"first run: {text}" for text in invariants.violations(facts)]
    broken += [f"first run: {text}" for text in _missing_advice(case, first)]
    end = invariants.end_state(facts)
    playing.clock.sleep(3600.0)
    second = playing.run()
    broken += [f"second run: {text}" for text in invariants.violations(playing.facts(second))]
    codes_seen = [verdict["failure"]["code"] if verdict["failure"] else "ok" for verdict in (first, second)]
    return Result(case.name, end, broken, {"verdicts": codes_seen, "first": first, "second": second})


def _missing_advice(case: Case, verdict: dict[str, Any]) -> list[str]:
    """Return what the failure of a register call should say and does not."""
    failure = verdict["failure"]
    if not case.call.register or failure is None:
        return []
    reported = f"{failure['title']} {failure['details']} {failure['next_step']}".lower()
    found = []
    if case.fault.code == 133005 and not ("down" in reported and not failure["safe_to_rerun"]):
        found.append("a wrong PIN does not say that the node may be down, or that it is not safe to run again")
    if case.fault.code in (133008, 133009, 133015, 133016) and "wait" not in reported:
        found.append(f"code {case.fault.code} does not say how long to wait")
    if case.call.register and "number" not in verdict["text"].lower():
        found.append("the failure does not name the number")
    return found


def late(env: TestEnvironment) -> Iterator[Result]:
    """Let the server act only after the client has given up, at several moments within Meta's 15 seconds."""
    for seconds, confirm in ((1, 120), (12, 120), (14, 4), (14, 0)):
        playing = flow.player(env, settings={"confirm_timeout": float(confirm)})
        gate, number = env.gate(), playing.number
        path = f"^/v[0-9.]+/{number.id}/register$"
        env.sim.clear_faults()
        env.sim.fault("delay", {"method": "POST", "path": path, "times": 1, "nth": 1}, seconds=GATE_BASE + gate)
        opened = _open_after(playing, gate, seconds)
        first = playing.run()
        states = {MIGRATED} if confirm > seconds else {PERSON}
        broken = [f"first run: {text}" for text in invariants.violations(playing.facts(first, expected=tuple(states)))]
        # At once again: what is still under way is waited out by reading.
        second = playing.run()
        opened()
        broken += [f"second run: {text}" for text in invariants.violations(playing.facts(second))]
        name = f"fault, the server acts {seconds} s late, confirm_timeout {confirm} s"
        yield Result(name, invariants.end_state(playing.facts(second)), broken, {"first": first, "second": second})


def _open_after(playing: flow.Player, gate: int, seconds: float) -> Any:
    """Open the gate once the clock is that far past the first byte of register, and wait until the server has acted."""
    sent: list[float] = []
    done: list[bool] = []

    def before(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/register"):
            sent.append(playing.clock.monotonic())

    def act() -> None:
        if done:
            return
        done.append(True)
        playing.env.open(gate)
        number = playing.number
        until(lambda: any(line["path"].endswith("/register") for line in playing.env.ledger(number)), 10, 0.02)

    def slept(_ahead: float) -> None:
        # by the clock that the operations go by, in which a slow machine's own seconds count too
        if sent and playing.clock.monotonic() >= sent[0] + seconds:
            act()

    playing.before_request = before
    playing.clock.on_sleep = slept
    return act
