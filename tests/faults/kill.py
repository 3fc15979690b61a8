# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill matrix: cases that share a task, a kind and a way of running happen in one run, each to its own number."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support.sshd import Sshd

from . import cases as table
from . import harness, invariants
from .cases import Case
from .harness import Run, Setting, StuckError
from .world import GATE_BASE, Lane, Number

# How long the first run's register request may take, and after that Meta itself: what a later run has to wait for. It
# is long where the server is held, because what comes then must still be in time, and short where nothing is under way.
PATIENT: dict[str, Any] = {"settings": {"wire": 150.0}, "variables": {"wa_migrate_register_timeout": 120}}
HASTY: dict[str, Any] = {
    "settings": {"register_timeout": 0.1, "at_meta": 1.0, "wire": 150.0},
    "variables": {"wa_migrate_register_timeout": 15},
}
# The run after the end takes place when no answer can come any more.
LATER = {"later": 300.0}
# For how many seconds a patient run holds a number: its timeout, what Meta may take beyond it, and its settle limit.
LEASE = 120.0 + 15.0 + 4.0
LARGEST = 36
STUCK = "stuck"


@dataclass
class Seat:
    """One case in a batch: its number, and the gate or the hold that stops it at its point."""

    case: Case
    number: Number
    gate: int | None = None
    rule: int | None = None
    worker: int = 0
    module: int = 0


@dataclass
class Result:
    """What became of one case."""

    name: str
    end: str
    violations: list[str]
    facts: dict[str, Any]


def batches(cases: Iterable[Case]) -> list[list[Case]]:
    """Put cases together that can happen in one run."""
    found: dict[Any, list[Case]] = {}
    for case in cases:
        found.setdefault(case.batch, []).append(case)
    parts = []
    for members in found.values():
        size = -(-len(members) // -(-len(members) // LARGEST))
        parts += [members[at : at + size] for at in range(0, len(members), size)]
    return sorted(parts, key=len, reverse=True)


def play(lane: Lane, ssh: Sshd | None, members: Sequence[Case], guards: Sequence[str] = ()) -> list[Result]:
    """Let one batch happen, give the command again, and judge every number.

    ``guards`` are taken out of the first run.
    """
    batch = _Batch(lane, ssh, members, guards)
    try:
        batch.happen()
        batch.again()
    except StuckError as stuck:
        return [Result(case.name, STUCK, [f"the case did not happen: {str(stuck)[:4000]}"], {}) for case in members]
    finally:
        batch.close()
    results = [batch.judge(seat) for seat in batch.seats]
    if not any(result.violations for result in results):
        shutil.rmtree(batch.folder, ignore_errors=True)
    return results


class _Batch:
    def __init__(self, lane: Lane, ssh: Sshd | None, members: Sequence[Case], guards: Sequence[str]) -> None:
        first = members[0]
        self.guards = list(guards)
        self.door: dict[str, list[str]] = {}
        self.lane = lane
        self.ssh = ssh
        self.kind, self.when, self.flavour = first.kind, first.again, first.point.flavour
        # Nothing of the first run is left, and its request is still on its way: the next run has to wait for it.
        self.flying = bool(first.batch[-1])
        self.folder = lane.folder("kill")
        self.seats = [Seat(case, lane.take()) for case in members]
        self.numbers = [seat.number for seat in self.seats]
        self.runs: list[Run] = []
        lane.sim.clear_faults()

    # --- the first run

    def happen(self) -> None:
        """Start, wait until every number stands at its point, and kill."""
        holds = {}
        for seat in self.seats:
            point = seat.case.point
            if point.point in table.ON_THE_WIRE:
                self._close_gate(seat)
            else:
                holds[seat.number.host] = {"point": point.point, "step": point.step, "index": point.index}
        timeout = 600 if self.kind == table.TIMEOUT else 0
        waited_for = self.when == table.AT_ONCE and self.kind == table.KILL_ALL and not self.flying
        run = self._run(
            "first", holds=holds, task_timeout=timeout, guards=self.guards, **(HASTY if waited_for else PATIENT)
        )
        if not harness.until(lambda: self._all_there() or not run.running(), harness.PATIENCE):
            raise StuckError(f"not everyone is at its point: {self._missing()}\n{run.told}")
        if not run.running():
            raise StuckError(f"the run ended before everyone was at its point: {self._missing()}\n{run.told}")
        self._strike(run)

    def _close_gate(self, seat: Seat) -> None:
        point = seat.case.point
        seat.gate = self.lane.gate()
        path = point.path.replace("@number", seat.number.id).replace("@waba", seat.number.waba)
        match: dict[str, Any] = {"method": point.method, "path": path, "nth": point.nth, "times": 1}
        if "debug_token" not in path:
            match["phone_number_id" if seat.number.waba not in path else "waba_id"] = (
                seat.number.id if seat.number.waba not in path else seat.number.waba
            )
        when = "before" if point.point == table.NOT_ACTED else "after"
        self.lane.sim.fault("delay", match, seconds=GATE_BASE + seat.gate, when=when)
        seat.rule = len(self.lane.sim.admin("GET", "/faults")) - 1

    def _there(self, seat: Seat, rules: list[dict[str, Any]]) -> bool:
        if seat.rule is None:
            return self.runs[0].held(seat.number.host) is not None
        if not rules[seat.rule]["hit"]:
            return False
        if seat.case.point.point == table.NOT_ACTED:
            return True
        # What names no number is the only one of its batch.
        lines = self._ledger(seat.number) if len(self.seats) > 1 else self.lane.sim.ledger()[-20:]
        return any(line["fault"] == "delay" for line in lines)

    def _all_there(self) -> bool:
        rules = self.lane.sim.admin("GET", "/faults")
        return all(self._there(seat, rules) for seat in self.seats)

    def _missing(self) -> list[str]:
        rules = self.lane.sim.admin("GET", "/faults")
        return [seat.case.name for seat in self.seats if not self._there(seat, rules)]

    def _strike(self, run: Run) -> None:
        for seat in self.seats:
            seat.worker = run.worker_of(seat.number.host)
            shipped = [line["pid"] for line in run.trace(seat.number.host) if not line["step"].startswith("worker")]
            seat.module = run.held(seat.number.host) or (shipped[-1] if shipped else 0)
        run.remember()
        run.known |= {seat.module for seat in self.seats if seat.module and seat.case.point.shipped}
        if self.kind == table.KILL_RUN:
            harness.send([run.process.pid], signal.SIGKILL)
        elif self.kind == table.KILL_WORKER:
            harness.send([seat.worker for seat in self.seats], signal.SIGKILL)
        elif self.kind == table.KILL_MODULE:
            harness.send([seat.module for seat in self.seats], signal.SIGKILL)
        elif self.kind == table.KILL_ALL:
            harness.send(sorted(run.known), signal.SIGKILL)
        elif self.kind == table.INTERRUPT:
            harness.group(run, signal.SIGINT)
        elif self.kind == table.TERMINATE:
            harness.group(run, signal.SIGTERM)
        elif self.kind == table.TIMEOUT:
            # What Ansible's own timer would send, without waiting for it.
            harness.send([seat.worker for seat in self.seats], signal.SIGALRM)
        time.sleep(0.4)

    # --- the same command again

    def again(self) -> None:
        first = self.runs[0]
        if self.when == table.AT_ONCE:
            second = self._run("at-once")
            if self.kind != table.KILL_ALL and any(seat.case.point.in_door for seat in self.seats):
                # The second run waits for an orphan in the door, so that one goes on while the second is at it. Who
                # stands still for longer than his lease holds has lost the number, and nothing can keep him back.
                harness.until(lambda: not second.running() or self._waits(second), LEASE / 2)
                self._release()
            if self.flying:
                # Meta takes its time, the second run reads meanwhile; nothing else of the first run is left.
                harness.until(lambda: not second.running() or self._reads(second), harness.PATIENCE)
                time.sleep(0.5)
                self._release()
            second.wait()
        self._release()
        if self.kind not in (table.KILL_RUN, table.KILL_ALL):
            first.wait()
        if not first.wait_for_orphans():
            raise StuckError(f"orphans of {first.own} are still there: {first.left()}")
        if not harness.until(lambda: not self.lane.sim.admin("GET", "/state")["in_flight"], 30):
            raise StuckError("a request is still under way at the simulator")
        self._check_door()
        last = self._run("last", settings=LATER)
        last.wait()

    def _waits(self, run: Run) -> bool:
        """Tell whether this run has come to the door of every number whose orphan holds it, and says so.

        Nobody waits for an orphan that has given its lease back.
        """
        inside = [
            seat.number.digits
            for seat in self.seats
            if (self._record(seat.number) or {}).get("lease")
            and self.lane.sim.number(seat.number.id)["place"] != "cloud"
        ]
        # A number that has moved already is waited for too, to be verified; it tells nothing of the others.
        said = (run.own / "stderr").read_text(errors="replace")
        waits = [line for line in said.splitlines() if "is still at work; waiting" in line]
        return all(any(f"Number {digits}:" in line for line in waits) for digits in inside)

    def _reads(self, run: Run) -> bool:
        """Tell whether every number of this run is waiting at the door by reading."""
        needed = {"worker wa_register#1", "module wa_register#1"}
        return all(
            sum(1 for line in run.trace(one.host) if line["event"] == "request" and line["step"] in needed) >= 2
            for one in self.numbers
        )

    def _release(self) -> None:
        for seat in self.seats:
            if seat.gate is not None:
                self.lane.open(seat.gate)
        self.runs[0].go_on(one.host for one in self.numbers)

    def _check_door(self) -> None:
        """Between intent and outcome, what can be deferred is deferred until the outcome is recorded."""
        if self.kind not in table.DEFERRED:
            return
        for seat in self.seats:
            if not seat.case.point.in_door:
                continue
            record = self._record(seat.number) or {}
            outcomes = [attempt["outcome"] for attempt in record.get("attempts", [])]
            # Who stands still for too long before the first byte gives the attempt up, and a run after it may make one.
            if outcomes not in (["registered"], ["not sent"], ["not sent", "registered"]):
                self.door[seat.number.host] = [f"the door was left with outcomes {outcomes}"]

    # --- the end

    def judge(self, seat: Seat) -> Result:
        number = seat.number
        facts = invariants.Facts(
            ledger=self._ledger(number),
            state=self.lane.sim.number(number.id),
            witnesses=[one for run in self.runs for one in run.witnesses(number.host)],
            verdict=self.runs[-1].verdicts().get(number.host),
            record=self._record(number),
            more=list(self.door.get(number.host, [])),
        )
        said = [run.verdicts().get(number.host) for run in self.runs]
        broken = invariants.violations(facts) + self._outlived(seat, said)
        kept = {
            "folder": str(self.folder),
            "host": number.host,
            "verdicts": [None if one is None else "ok" if one["ok"] else one["failure"]["code"] for one in said],
            "registers": sum(1 for line in facts.ledger if line["path"].endswith("/register")),
        }
        return Result(seat.case.name, invariants.end_state(facts), broken, kept)

    def _outlived(self, seat: Seat, said: Sequence[dict[str, Any] | None]) -> list[str]:
        """The same command at once outlives an orphan of this machine that is in the door, and comes to a good end."""
        if (self.kind, self.when) != (table.KILL_RUN, table.AT_ONCE) or self.flavour == harness.HOST:
            return []
        if not seat.case.point.in_door or (said[1] or {}).get("ok"):
            return []
        return [f"the run that was started at once did not outlive the orphan: {said[1]}"]

    def close(self) -> None:
        self._release_quietly()
        for run in self.runs:
            run.clean_up()

    def _release_quietly(self) -> None:
        for seat in self.seats:
            if seat.gate is not None:
                self.lane.open(seat.gate)

    def _run(self, name: str, **more: Any) -> Run:
        setting = Setting(self.flavour, self.numbers, self.folder / "state", **more)
        run = Run(self.lane, self.folder / name, setting, self.ssh)
        self.runs.append(run)
        return run

    def _ledger(self, number: Number) -> list[dict[str, Any]]:
        return self.lane.ledger(number)

    def _record(self, number: Number) -> dict[str, Any] | None:
        path = Path(self.folder / "state" / number.host / number.id / "record.json")
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(path.read_text()))
        return None


def clean(lane: Lane, ssh: Sshd | None, flavour: str) -> list[table.Point]:
    """Run once without a fault, and return every point that this run has passed."""
    folder = lane.folder("clean")
    number = lane.take()
    run = harness.plain(lane, folder, "run", Setting(flavour, [number], folder / "state"), ssh)
    if run.process.returncode:
        raise StuckError(f"the clean run failed\n{run.told}")
    trace = run.trace(number.host)
    asked = [(line["method"], line["path"]) for line in trace if line["event"] == "request"]
    seen = [
        (line["method"], line["path"])
        for line in lane.sim.ledger()
        if number.id == line["phone_number_id"]
        or number.waba == line["waba_id"]
        or line["path"].endswith("/debug_token")
    ]
    if asked != seen[-len(asked) :]:
        raise StuckError(f"the ledger says {seen}, the client says {asked}")
    return table.points(flavour, trace, number.id, number.waba)
