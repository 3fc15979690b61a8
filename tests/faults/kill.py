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
from . import harness, invariants, processes
from .cases import Case
from .harness import Run, Setting, StuckError
from .world import GATE_BASE, Number, TestEnvironment

# How long the first run's register request may take, and after that Meta itself: what a later run has to wait for. It
# is long where the server is held, because what comes then must still be in time, and short where nothing is under way.
PATIENT: dict[str, Any] = {"settings": {"wire": 150.0}, "variables": {"wa_migrate_register_timeout": 120}}
HASTY: dict[str, Any] = {
    "settings": {"register_timeout": 0.1, "at_meta": 1.0, "wire": 150.0},
    "variables": {"wa_migrate_register_timeout": 15},
}
# The run after the end takes place when no answer can come any more.
LATER = {"later": 300.0}
# For how many seconds a patient run holds a number: its timeout, what Meta may take beyond it, and its confirm_timeout.
LEASE = 120.0 + 15.0 + 4.0
LARGEST = 36
STUCK = "stuck"


@dataclass
class Slot:
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


def play(env: TestEnvironment, ssh: Sshd | None, members: Sequence[Case], guards: Sequence[str] = ()) -> list[Result]:
    """Let one batch happen, give the command again, and judge every number.

    ``guards`` are taken out of the first run.
    """
    return played(Batch(env, ssh, members, guards))


def played(batch: Batch) -> list[Result]:
    """Let a batch happen and go on; returns what became of each of its numbers."""
    try:
        batch.happen()
        batch.again()
    except StuckError as stuck:
        return [
            Result(case.name, STUCK, [f"the case did not happen: {str(stuck)[:4000]}"], {}) for case in batch.members
        ]
    finally:
        batch.close()
    results = [batch.judge(slot) for slot in batch.slots]
    if not any(result.violations for result in results):
        shutil.rmtree(batch.folder, ignore_errors=True)
    return results


class Batch:
    """Some cases that happen in one run."""

    def __init__(self, env: TestEnvironment, ssh: Sshd | None, members: Sequence[Case], guards: Sequence[str]) -> None:
        first = members[0]
        self.members = members
        self.guards = list(guards)
        self.left_open: dict[str, list[str]] = {}
        self.env = env
        self.ssh = ssh
        self.kind, self.when, self.flavour = first.kind, first.again, first.point.flavour
        # Nothing of the first run is left, and its request is still on its way: the next run has to wait for it.
        self.flying = bool(first.batch[-1])
        self.folder = env.folder("kill")
        self.slots = [Slot(case, env.take()) for case in members]
        self.numbers = [slot.number for slot in self.slots]
        self.runs: list[Run] = []
        env.sim.clear_faults()

    # --- the first run

    def happen(self) -> None:
        """Start, wait until every number stands at its point, and kill."""
        reasons = {}
        for slot in self.slots:
            point = slot.case.point
            if point.point in table.ON_THE_WIRE:
                self._close_gate(slot)
            else:
                reasons[slot.number.host] = {"point": point.point, "step": point.step, "index": point.index}
        timeout = 600 if self.kind == table.TIMEOUT else 0
        waited_for = self.when == table.AT_ONCE and self.kind == table.KILL_ALL and not self.flying
        run = self.start(
            "first", reasons=reasons, task_timeout=timeout, guards=self.guards, **(HASTY if waited_for else PATIENT)
        )
        if not processes.until(lambda: self._all_there() or not run.running(), harness.PATIENCE):
            raise StuckError(f"not everyone is at its point: {self._missing()}\n{run.transcript}")
        if not run.running():
            raise StuckError(f"the run ended before everyone was at its point: {self._missing()}\n{run.transcript}")
        self._strike(run)

    def _close_gate(self, slot: Slot) -> None:
        point = slot.case.point
        slot.gate = self.env.gate()
        path = point.path.replace("@number", slot.number.id).replace("@waba", slot.number.waba)
        match: dict[str, Any] = {"method": point.method, "path": path, "nth": point.nth, "times": 1}
        if "debug_token" not in path:
            match["phone_number_id" if slot.number.waba not in path else "waba_id"] = (
                slot.number.id if slot.number.waba not in path else slot.number.waba
            )
        when = "before" if point.point == table.NOT_ACTED else "after"
        self.env.sim.fault("delay", match, seconds=GATE_BASE + slot.gate, when=when)
        slot.rule = len(self.env.sim.admin("GET", "/faults")) - 1

    def _there(self, slot: Slot, rules: list[dict[str, Any]]) -> bool:
        if slot.rule is None:
            return self.runs[0].stopped_in(slot.number.host) is not None
        if not rules[slot.rule]["hit"]:
            return False
        if slot.case.point.point == table.NOT_ACTED:
            return True
        # What names no number is the only one of its batch.
        lines = self._ledger(slot.number) if len(self.slots) > 1 else self.env.sim.ledger()[-20:]
        return any(line["fault"] == "delay" for line in lines)

    def _all_there(self) -> bool:
        rules = self.env.sim.admin("GET", "/faults")
        return all(self._there(slot, rules) for slot in self.slots)

    def _missing(self) -> list[str]:
        rules = self.env.sim.admin("GET", "/faults")
        return [slot.case.name for slot in self.slots if not self._there(slot, rules)]

    def _strike(self, run: Run) -> None:
        for slot in self.slots:
            slot.worker = run.worker_of(slot.number.host)
            shipped = [line["pid"] for line in run.trace(slot.number.host) if not line["step"].startswith("worker")]
            slot.module = run.stopped_in(slot.number.host) or (shipped[-1] if shipped else 0)
        run.remember()
        run.known |= {slot.module for slot in self.slots if slot.module and slot.case.point.shipped}
        if self.kind == table.KILL_RUN:
            processes.send([run.process.pid], signal.SIGKILL)
        elif self.kind == table.KILL_WORKER:
            processes.send([slot.worker for slot in self.slots], signal.SIGKILL)
        elif self.kind == table.KILL_MODULE:
            processes.send([slot.module for slot in self.slots], signal.SIGKILL)
        elif self.kind == table.KILL_ALL:
            processes.send(sorted(run.known), signal.SIGKILL)
        elif self.kind == table.INTERRUPT:
            harness.group(run, signal.SIGINT)
        elif self.kind == table.TERMINATE:
            harness.group(run, signal.SIGTERM)
        elif self.kind == table.TIMEOUT:
            # What Ansible's own timer would send, without waiting for it.
            processes.send([slot.worker for slot in self.slots], signal.SIGALRM)
        time.sleep(0.4)

    # --- the same command again

    def again(self) -> None:
        if self.when == table.AT_ONCE:
            second = self.start("at-once")
            if self.kind != table.KILL_ALL and any(slot.case.point.in_runner for slot in self.slots):
                # The second run waits for a surviving worker, so that one goes on while the second is at it. Who
                # stands still for longer than his lease holds has lost the number, and nothing can keep him back.
                processes.until(lambda: not second.running() or self._waits(second), LEASE / 2)
                self._release()
            if self.flying:
                # Meta takes its time, the second run reads meanwhile; nothing else of the first run is left.
                processes.until(lambda: not second.running() or self._reads(second), harness.PATIENCE)
                time.sleep(0.5)
                self._release()
            second.wait()
        self.outlast()
        self._check_runner()
        last = self.start("last", settings=LATER)
        last.wait()

    def outlast(self) -> None:
        """Wait until nothing of the first run can act any more."""
        first = self.runs[0]
        self._release()
        if self.kind not in (table.KILL_RUN, table.KILL_ALL):
            first.wait()
        if not first.wait_for_survivors():
            raise StuckError(f"surviving workers of {first.own} are still there: {first.left()}")
        if not processes.until(lambda: not self.env.sim.admin("GET", "/state")["in_flight"], 30):
            raise StuckError("a request is still under way at the simulator")

    def _waits(self, run: Run) -> bool:
        """Tell whether this run has come to every number that a surviving worker has, and says so.

        Nobody waits for a surviving worker that has given its lease back.
        """
        inside = [
            slot.number.digits
            for slot in self.slots
            if (self._log(slot.number) or {}).get("lease")
            and self.env.sim.number(slot.number.id)["location"] != "cloud"
        ]
        # A number that has moved already is waited for too, to be verified; it tells nothing of the others.
        output = (run.own / "stderr").read_text(errors="replace")
        waits = [line for line in output.splitlines() if "is still at work; waiting" in line]
        return all(any(f"Number {digits}:" in line for line in waits) for digits in inside)

    def _reads(self, run: Run) -> bool:
        """Tell whether every number of this run waits before its register call by reading."""
        needed = {"worker wa_register#1", "module wa_register#1"}
        return all(
            sum(1 for line in run.trace(one.host) if line["event"] == "request" and line["step"] in needed) >= 2
            for one in self.numbers
        )

    def _release(self) -> None:
        for slot in self.slots:
            if slot.gate is not None:
                self.env.open(slot.gate)
        self.runs[0].go_on(one.host for one in self.numbers)

    def _check_runner(self) -> None:
        """Between intent and outcome, what can be deferred is deferred until the outcome is recorded."""
        if self.kind not in table.DEFERRED:
            return
        for slot in self.slots:
            if not slot.case.point.in_runner:
                continue
            log = self._log(slot.number) or {}
            outcomes = [attempt["outcome"] for attempt in log.get("attempts", [])]
            # Who stands still for too long before the first byte gives the attempt up, and a run after it may make one.
            if outcomes not in (["registered"], ["not sent"], ["not sent", "registered"]):
                self.left_open[slot.number.host] = [f"wa_register ended with outcomes {outcomes}"]

    # --- the end

    def judge(self, slot: Slot) -> Result:
        number = slot.number
        facts = invariants.Facts(
            ledger=self._ledger(number),
            state=self.env.sim.number(number.id),
            witnesses=[one for run in self.runs for one in run.witnesses(number.host)],
            verdict=self.runs[-1].verdicts().get(number.host),
            log=self._log(number),
            more=list(self.left_open.get(number.host, [])),
        )
        verdicts = [run.verdicts().get(number.host) for run in self.runs]
        broken = invariants.violations(facts) + self._outlived(slot, verdicts)
        kept = {
            "folder": str(self.folder),
            "host": number.host,
            "verdicts": [None if one is None else "ok" if one["ok"] else one["failure"]["code"] for one in verdicts],
            "registers": sum(1 for line in facts.ledger if line["path"].endswith("/register")),
        }
        return Result(slot.case.name, invariants.end_state(facts), broken, kept)

    def _outlived(self, slot: Slot, verdicts: Sequence[dict[str, Any] | None]) -> list[str]:
        """The same command at once waits for a surviving worker of this machine, and comes to a good end."""
        if (self.kind, self.when) != (table.KILL_RUN, table.AT_ONCE) or self.flavour == harness.HOST:
            return []
        if not slot.case.point.in_runner or (verdicts[1] or {}).get("ok"):
            return []
        return [f"the run that was started at once did not wait for the surviving worker: {verdicts[1]}"]

    def close(self) -> None:
        self._release_quietly()
        for run in self.runs:
            run.clean_up()

    def _release_quietly(self) -> None:
        for slot in self.slots:
            if slot.gate is not None:
                self.env.open(slot.gate)

    def start(self, name: str, **more: Any) -> Run:
        """Start a run of all numbers."""
        setting = Setting(self.flavour, self.numbers, self.folder / "state", **more)
        run = Run(self.env, self.folder / name, setting, self.ssh)
        self.runs.append(run)
        return run

    def _ledger(self, number: Number) -> list[dict[str, Any]]:
        return self.env.ledger(number)

    def _log(self, number: Number) -> dict[str, Any] | None:
        path = Path(self.folder / "state" / number.host / number.id / "attempt_log.json")
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(path.read_text()))
        return None


def clean(env: TestEnvironment, ssh: Sshd | None, flavour: str) -> list[table.Point]:
    """Run once without a fault, and return every point that this run has passed."""
    folder = env.folder("clean")
    number = env.take()
    run = harness.plain(env, folder, "run", Setting(flavour, [number], folder / "state"), ssh)
    if run.process.returncode:
        raise StuckError(f"the clean run failed\n{run.transcript}")
    trace = run.trace(number.host)
    asked = [(line["method"], line["path"]) for line in trace if line["event"] == "request"]
    seen = [
        (line["method"], line["path"])
        for line in env.sim.ledger()
        if number.id == line["phone_number_id"]
        or number.waba == line["waba_id"]
        or line["path"].endswith("/debug_token")
    ]
    if asked != seen[-len(asked) :]:
        raise StuckError(f"the ledger says {seen}, the client says {asked}")
    return table.points(flavour, trace, number.id, number.waba)
