# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make faults: every kill case, every fault, every scene and every guard; build/faults.json says what came of them.

Exit code 0 only with no violation, every guard proven, over SSH too, and at least 500 cases.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support import sshd
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

from . import cases, faults, figures, flow, guards, journey_faults, journey_kills, kill, scenes
from .harness import HOST, LOCAL, MACHINES, SSH
from .kill import Result
from .report import Report
from .world import TestEnvironment

NUMBERS = 400
CHUNK = 40
Found = list[Result | guards.Proof]


@dataclass
class Job:
    """One batch of an environment: it takes some numbers and yields results or proofs."""

    name: str
    numbers: int
    work: Callable[[TestEnvironment, sshd.Sshd | None], Found]


# --- the jobs


def kill_jobs(points_of: dict[str, list[cases.Point]]) -> list[Job]:
    """Return one job for each batch of kill cases; those over SSH take longest and come first."""
    found = []
    for members in kill.batches(cases.generate(points_of)):
        point = members[0].point
        name = f"kill, {point.flavour}, {point.task}, {members[0].kind}, {members[0].again}"
        found.append(Job(name, 2 * len(members), _killing(members)))
    return sorted(found, key=lambda job: LOCAL in job.name)


def _killing(members: Sequence[cases.Case]) -> Callable[[TestEnvironment, sshd.Sshd | None], Found]:
    def work(env: TestEnvironment, ssh: sshd.Sshd | None) -> Found:
        results = kill.play(env, ssh, members)
        if all(result.end == kill.STUCK for result in results):
            # The harness did not bring the batch to its point, or did not see it: that says nothing about the flow.
            results = kill.play(env, ssh, members)
        return list(results)

    return work


def journey_kill_jobs(found: Sequence[journey_kills.Case]) -> list[Job]:
    """Return one job for each batch of numbers that are stopped on their journeys."""
    return [
        Job(f"journey-kills, {part[0].journey.role}, {part[0].kind}", 2 * len(part), _stopping(part))
        for part in journey_kills.batches(found)
    ]


def _stopping(members: Sequence[journey_kills.Case]) -> Callable[[TestEnvironment, sshd.Sshd | None], Found]:
    return lambda env, ssh: list(journey_kills.play(env, ssh, members))


def fault_jobs(found: Sequence[faults.Case]) -> list[Job]:
    parts = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)]
    return [Job(f"faults {at + 1} of {len(parts)}", CHUNK + 5, _faulting(part)) for at, part in enumerate(parts)]


def _faulting(part: Sequence[faults.Case]) -> Callable[[TestEnvironment, sshd.Sshd | None], Found]:
    def work(env: TestEnvironment, ssh: sshd.Sshd | None) -> Found:
        with flow.watched():
            return [faults.play(env, case) for case in part]

    return work


def journey_jobs(found: Sequence[journey_faults.Case]) -> list[Job]:
    parts = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)]
    return [Job(f"journeys {at + 1} of {len(parts)}", CHUNK + 5, _travelling(part)) for at, part in enumerate(parts)]


def _travelling(part: Sequence[journey_faults.Case]) -> Callable[[TestEnvironment, sshd.Sshd | None], Found]:
    def work(env: TestEnvironment, ssh: sshd.Sshd | None) -> Found:
        with flow.watched():
            return [journey_faults.play(env, case) for case in part]

    return work


def _scenes(env: TestEnvironment, ssh: sshd.Sshd | None) -> Found:
    with flow.watched():
        try:
            return [*(scenes.play(env, name) for name in scenes.SCENES), *faults.late(env)]
        finally:
            scenes.tidy(env)


def _guards(env: TestEnvironment, ssh: sshd.Sshd | None) -> Found:
    with flow.watched():
        try:
            return list(guards.in_process(env))
        finally:
            scenes.tidy(env)


SCENES = Job("scenes", 140, _scenes)
GUARDS = [
    Job("guards", 160, _guards),
    Job("guards, signals", 10, lambda env, ssh: [guards.signals(env)]),
    Job("guards, order of the role", 5, lambda env, ssh: [guards.order(env)]),
]


# --- environments


def _env(at: int, where: Path, ssh: sshd.Sshd | None, jobs: Sequence[Job], todo: Any, done: Any) -> None:
    """Take jobs until there are none left; a simulator whose numbers are used up is followed by a new one."""
    env: TestEnvironment | None = None
    count = 0
    try:
        while (index := todo.get()) is not None:
            job, began = jobs[index], time.monotonic()
            found: Found
            try:
                if env is None or env.left < job.numbers:
                    if env is not None:
                        env.close()
                    count += 1
                    env = TestEnvironment(where / f"env-{at}-{count}", max(NUMBERS, job.numbers))
                found = job.work(env, ssh)
            except Exception:  # noqa: BLE001 - a job that breaks counts as a case that did not happen
                found = [Result(job.name, kill.STUCK, [traceback.format_exc()[-4000:]], {})]
            done.put((index, found, time.monotonic() - began))
    finally:
        if env is not None:
            env.close()
    done.put(None)


def play(where: Path, ssh: sshd.Sshd | None, jobs: Sequence[Job], envs: int, report: Report) -> None:
    """Do all jobs, some side by side: most of a case is waiting."""
    fork = multiprocessing.get_context("fork")
    todo, done = fork.Queue(), fork.Queue()
    for index in range(len(jobs)):
        todo.put(index)
    for _unused in range(envs):
        todo.put(None)
    workers = [fork.Process(target=_env, args=(at, where, ssh, jobs, todo, done)) for at in range(envs)]
    for worker in workers:
        worker.start()
    try:
        _follow(jobs, envs, done, report)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _follow(jobs: Sequence[Job], envs: int, done: Any, report: Report) -> None:
    left, over, began = len(jobs), 0, time.monotonic()
    while over < envs:
        finished = done.get()
        if finished is None:
            over += 1
            continue
        index, found, seconds = finished
        left -= 1
        job = jobs[index]
        report.add(job.name.split(",")[0].split(" ")[0], found)
        bad = sum(1 for one in found if (not one.proven if isinstance(one, guards.Proof) else one.violations))
        reported = f"{len(found)} {'guards' if job.name.startswith('guards') else 'cases'}, {bad} bad"
        _say(f"{time.monotonic() - began:6.0f} s  {job.name}: {reported}, {seconds:.0f} s; {left} batches left")
        broken = [one for one in found if isinstance(one, Result) and one.violations]
        if broken:
            _say(f"          the first of them: {broken[0].name}: {'; '.join(broken[0].violations)[:600]}")


def points(where: Path, ssh: sshd.Sshd | None, flavours: Iterable[str]) -> dict[str, list[cases.Point]]:
    """Return the points of a clean run in each way of running."""
    with _environment(where / "clean") as env:
        return {flavour: kill.clean(env, ssh, flavour) for flavour in flavours}


def stops(where: Path) -> list[Job]:
    """Return the kills on the journeys, from clean runs of them."""
    with _environment(where / "journeys") as env:
        return journey_kill_jobs(journey_kills.cases(env))


@contextlib.contextmanager
def _environment(where: Path) -> Iterator[TestEnvironment]:
    env = TestEnvironment(where, 20)
    try:
        yield env
    finally:
        env.close()


def fault_jobs_of(where: Path) -> list[Job]:
    """Return the fault matrices of the backup lane and of the journeys, from runs without a fault."""
    with _environment(where / "calls") as env, flow.watched():
        return [*fault_jobs(faults.generate(faults.calls(env))), *journey_jobs(journey_faults.cases(env))]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "faults.json")
    parser.add_argument("--seed", type=int, default=20251023, help="of the share that is played")
    parser.add_argument("--environments", type=int, default=3, help="how many batches are played side by side")
    parser.add_argument("--share", type=float, default=1.0, help="of the batches of kills; the rest is always whole")
    parser.add_argument("--only", default="", help="batches whose name holds this; for trying out")
    parser.add_argument("--docs", action="store_true", help="also write the figures into docs/reliability.md")
    given = parser.parse_args(arguments)
    # Whatever ends this process also ends the environments, which inherit this, and the runs that they have started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    where = ROOT / "build" / "faults"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    report = Report(given.seed, given.share)
    began = time.monotonic()
    reason = sshd.missing()
    report.missing += [reason] if reason else []
    ssh = None if reason else sshd.Sshd.start(where / "sshd", {name: {} for name in MACHINES})
    try:
        flavours = [LOCAL] if ssh is None else [LOCAL, SSH, HOST]
        chance = random.Random(given.seed)
        kills = [*kill_jobs(points(where, ssh, flavours)), *stops(where)]
        kills = [job for job in kills if chance.random() < given.share]
        jobs = [*kills, *GUARDS, SCENES, *fault_jobs_of(where)]
        jobs = [job for job in jobs if given.only in job.name]
        play(where, ssh, jobs, given.environments, report)
    finally:
        if ssh is not None:
            ssh.stop()
    report.seconds = round(time.monotonic() - began, 1)
    given.out.write_text(json.dumps(report.as_dict(), indent=1, default=str) + "\n")
    if given.docs:
        figures.write(report.as_dict(), ROOT / "docs" / "reliability.md")
    _tell(report, given.out)
    if report.good:
        shutil.rmtree(where, ignore_errors=True)
    return 0 if report.good else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _tell(report: Report, out: Path) -> None:
    for result in report.broken[:20]:
        _say(f"VIOLATION {result['name']}: {'; '.join(result['violations'])[:600]}")
    for guard in report.unproven:
        _say(f"GUARD NOT PROVEN: {guard}")
    for reason in report.missing:
        _say(reason)
    _say(
        f"{len(report.results)} cases, {len(report.broken)} with violations, {len(report.proofs)} guards, "
        f"{len(report.unproven)} of them not proven, {report.seconds:.0f} s: {out}"
    )


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
