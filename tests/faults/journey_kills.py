# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill matrix of the journeys: ansible-playbook with the roles themselves, stopped at a point, then continued.

The playbooks rollback and retire take one number after the other, and in recover all numbers wait for each other at
each task. So that each number of a batch can stand at a point of its own, the roles are played in a play whose numbers
do not wait for each other.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.tests.support.ansible_run import as_yaml
from ansible_collections.wabiz.migration.tests.support.sshd import Sshd

from . import cases as table
from . import journey_play, journey_rules, kill
from .harness import LOCAL, Run, Setting, StuckError
from .journeys import JOURNEYS, Journey
from .kill import Result, Slot
from .person import Person
from .world import Number, TestEnvironment

# Of the points of a read one in so many, in turn; of all else every one.
_READS = 3
_ROUNDS = 10
# Seconds for which a read is repeated: a dead node does not come back.
_RETRY_FOR = 1
# Seconds after which no answer to a request of the killed run can come any more, and between the commands after it.
_FIRST, _NEXT = 300.0, 150.0
_KINDS = tuple(kind for kind in table.KINDS if kind != table.KILL_MODULE)
# The strategy free waits for ever for a worker that is gone.
_WITHOUT_WORKER = tuple(kind for kind in _KINDS if kind != table.KILL_WORKER)


# Tasks about all numbers together, and the preflight of the backup lane, in which its numbers wait for each other.
_LEFT_OUT = ("wa_inputs", "wa_report", "wa_preflight")
_TASKS = tuple(name for name in MODULES if name not in _LEFT_OUT)


@dataclass(frozen=True)
class Case(table.Case):
    """A point of one command of a journey."""

    journey: Journey
    command: int  # from 0: those before it are given first

    @property
    def name(self) -> str:
        return f"{self.journey.name}, command {self.command + 1}: {self.point.label}: {self.kind}"

    @property
    def batch(self) -> tuple[Any, ...]:
        """Return what cases must share to happen in one run."""
        return self.journey.role, self.kind, False


def batches(cases: Sequence[Case]) -> list[list[Case]]:
    """Put cases together that can happen in one run."""
    return [[case for case in part if isinstance(case, Case)] for part in kill.batches(cases)]


def play(env: TestEnvironment, ssh: Sshd | None, members: Sequence[Case]) -> list[Result]:
    """Let one batch happen, let the person of each number go on, and judge every number."""
    return kill.played(_Batch(env, ssh, members, ()))


class _Batch(kill.Batch):
    """Numbers on journeys of one role; each has its person."""

    def __init__(self, env: TestEnvironment, ssh: Sshd | None, members: Sequence[Case], guards: Sequence[str]) -> None:
        super().__init__(env, ssh, members, guards)
        self.later = 0.0
        self.state = self.folder / "state"
        self.state.mkdir(mode=0o700)
        self.cases = {slot.number.host: case for slot, case in zip(self.slots, members, strict=True)}
        self.persons = {one.host: Person(env, one, self.cases[one.host].journey, self._now) for one in self.numbers}
        self.verdicts: dict[str, list[dict[str, Any]]] = {one.host: [] for one in self.numbers}
        for one in self.numbers:
            self.cases[one.host].journey.begin(env, one, self.state)
        self.began = {one.host: len(env.ledger(one)) for one in self.numbers}
        self.book = _book(self.folder, members[0].journey)

    def _now(self) -> float:
        return time.time() + self.later

    def happen(self) -> None:
        """Give the commands before the one that is killed; a number with fewer of them joins later."""
        most = max(case.command for case in self.cases.values())
        for left in range(most, 0, -1):
            self._command(f"before-{left}", [one for one in self.numbers if self.cases[one.host].command >= left])
        super().happen()

    def again(self) -> None:
        """Give the command again, as the person of each number would, until all have arrived."""
        self.outlast()
        self.later = _FIRST
        going = list(self.numbers)
        for at in range(_ROUNDS):
            self._command(f"again-{at + 1}", going)
            self.later += _NEXT
            going = [one for one in going if not self._over(one)]
            if not going:
                return

    def _command(self, name: str, numbers: Sequence[Number]) -> None:
        """Give the command for some numbers; whoever is not there yet reads what it has said."""
        whole, self.numbers = self.numbers, list(numbers)
        before = len(self.runs)
        try:
            run = self.start(name, settings={"later": self.later} if self.later else {})
            run.wait()
        finally:
            self.numbers = whole
        # The first run of the list is the one that is killed.
        self.runs.insert(len(self.runs), self.runs.pop(before))
        for one in numbers:
            verdict = _verdict(run, self.cases[one.host].journey, one)
            self.verdicts[one.host].append(verdict)
            if not self._over(one):
                self.persons[one.host].goes_on(verdict)

    def _over(self, one: Number) -> bool:
        journey = self.cases[one.host].journey
        return journey.closed or journey_play.arrived(self.verdicts[one.host][-1], self._lacks(one))

    def _lacks(self, one: Number) -> list[str]:
        return self.cases[one.host].journey.lacks(self.env.sim.number(one.id))

    def start(self, name: str, **more: Any) -> Run:
        """Start a run with what the person of each number states."""
        of_host = {}
        for one in self.numbers:
            stated = {**self.cases[one.host].journey.stated(one, self.state), **self.persons[one.host].stated}
            of_host[one.host] = {"wa_migrate_retry_for": _RETRY_FOR, **stated}
        setting = Setting(self.flavour, self.numbers, self.state, of_host=of_host, book=self.book, **more)
        run = Run(self.env, self.folder / name, setting, self.ssh)
        if name == "first":
            self.runs.insert(0, run)
        else:
            self.runs.append(run)
        return run

    def judge(self, slot: Slot) -> Result:
        """Return what the ledger and the last command say of a number."""
        one = slot.number
        person, verdicts = self.persons[one.host], self.verdicts[one.host]
        evidence = journey_rules.Evidence(
            journey=self.cases[one.host].journey,
            ledger=self.env.ledger(one)[self.began[one.host] :],
            state=self.env.sim.number(one.id),
            handed_in=len(person.handed_in),
            words=person.words,
            verdicts=verdicts,
        )
        broken = journey_rules.violations(evidence)
        if not self._over(one):
            broken.append(f"going on does not end well: {self._lacks(one)}, {verdicts[-1]}")
        said = [one["text"][:200] for one in verdicts]
        kept = {"folder": str(self.folder), "host": one.host, "verdicts": said}
        return Result(f"{slot.case.name}", journey_rules.end(evidence), broken, kept)


def _book(folder: Path, journey: Journey) -> Path:
    """Return a playbook in which numbers do not wait for each other; that of a migration as it is."""
    if journey.role == "wa_migrate":
        return journey.book
    (play_,) = yaml.safe_load(journey.book.read_text())
    for word in ("serial", "max_fail_percentage"):
        play_.pop(word, None)
    return as_yaml(folder / "book.yml", [{**play_, "strategy": "ansible.builtin.free"}])


def _verdict(run: Run, journey: Journey, one: Number) -> dict[str, Any]:
    """Return what a run has said of a number."""
    if journey.role == "wa_migrate":
        found = run.verdicts().get(one.host)
        return found or {"ok": False, "failure": None, "text": "nothing was said"}
    events = [line for line in run.events() if line.get("host") == one.host and "result" in line]
    failed = next((line["result"] for line in events if line["event"] == "failed"), None)
    if journey.role == "wa_recover":
        reads = [line["result"] for line in events if line["event"] == "ok" and "step" in line["result"]]
        return journey_play.recovery(
            one, {"recover": next(iter(reads), None), "after": (reads[1:] or [None])[-1], "failure": failed}
        )
    if failed is not None:
        return {"ok": False, "failure": failed.get("failure"), "text": str(failed.get("msg"))}
    said = [str(line["result"]["msg"]) for line in events if "msg" in line["result"]]
    # The table is of all numbers, and shown by any of their hosts.
    tables = [line["result"]["table"] for line in run.events() if "table" in line.get("result", ())]
    said += [line for shown in tables for line in shown if re.search(rf"\b{re.escape(one.host)}\b", line)]
    ended = run.process.returncode == 0 or bool(events)
    return {"ok": ended, "failure": None, "text": " ".join(said)}


# ---------------------------------------------------------------------------------------------------------------------
# The cases


def cases(env: TestEnvironment, journeys: Sequence[Journey] = JOURNEYS) -> list[Case]:
    """Return the cases of clean journeys: each change and each write at every moment, and the kinds in turn."""
    found: list[Case] = []
    for journey in journeys:
        for command, point in _points(env, journey):
            kinds = _KINDS if journey.role == "wa_migrate" else _WITHOUT_WORKER
            found.append(Case(point, kinds[len(found) % len(kinds)], table.AFTER, journey, command))
    return found


def _points(env: TestEnvironment, journey: Journey) -> Iterator[tuple[int, table.Point]]:
    """Yield the points of each command of a journey without a fault."""
    clean = _Batch(env, None, [_nowhere(journey)], ())
    (one,) = clean.numbers
    reads = 0
    for command in range(_ROUNDS):
        clean._command(f"clean-{command + 1}", [one])
        trace = clean.runs[-1].trace(one.host)
        for point in table.points(LOCAL, trace, one.id, one.waba, _TASKS):
            if point.method in ("", "GET") or "login" in point.path:
                reads += point.method != ""
                if point.method and reads % (4 * _READS) != 1:
                    continue
            if point.point in table.ON_THE_WIRE and (one.app in point.path or "upload" in point.path):
                continue  # they name no number by which the simulator could hold them
            yield command, replace(point, in_runner=False, path=point.path)
        if clean._over(one):
            return
    raise StuckError(f"{journey.name} without a kill: {clean.verdicts[one.host][-1]}")


def _nowhere(journey: Journey) -> Case:
    return Case(table.Point(LOCAL, "", "", 0, table.END, 0), table.KILL_ALL, table.AFTER, journey, 0)
