# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill cases, generated from what one clean run did: its requests in the ledger's order, and its writes to disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from . import role_steps
from .harness import HOST, LOCAL

# Where a case happens. The first four belong to a request, the others to what follows from its answer.
BEFORE_SEND = "before send"
NOT_ACTED = "sent, the server has not acted yet"
ACTED = "the server has acted, no answer yet"
ANSWERED = "answered"
BEFORE_RENAME = "before the rename"  # the new file lies beside the old one
AFTER_RENAME = "after the rename"
RECORDED = "recorded"
END = "end"  # the task has its result and the run has not got it yet
ON_THE_WIRE = (NOT_ACTED, ACTED)

# What happens there.
KILL_RUN = "SIGKILL of ansible-playbook"
KILL_WORKER = "SIGKILL of the worker"
KILL_MODULE = "SIGKILL of what was shipped"
KILL_ALL = "SIGKILL of every process"
INTERRUPT = "SIGINT"
TERMINATE = "SIGTERM"
TIMEOUT = "task timeout"
KINDS = (KILL_RUN, KILL_WORKER, KILL_MODULE, KILL_ALL, INTERRUPT, TERMINATE, TIMEOUT)
DEFERRED = (INTERRUPT, TERMINATE, TIMEOUT)

# When the same command is given again.
AFTER = "after the end"
AT_ONCE = "at once"

_MODULES = (
    "wa_preflight",
    *(step.module_name for step in role_steps.read(role_steps.MOVE)),
)
REGISTER = "wa_register"


@dataclass(frozen=True)
class Point:
    """One moment of the flow."""

    flavour: str
    task: str
    step: str  # the process that is there: "worker wa_register#1", "module wa_backup#1", "files#2"
    index: int  # the request or write of that process
    point: str
    order: int  # among all requests and writes of the clean run
    method: str = ""
    path: str = ""  # as a pattern that fits any number's
    nth: int = 1  # among the requests of this method and path
    in_runner: bool = False  # between the intent's and the outcome's being on disk

    @property
    def shipped(self) -> bool:
        return not self.step.startswith("worker")

    @property
    def label(self) -> str:
        what = f"{self.method} {self.path.strip('^$')}" if self.method else self.step
        return f"{self.flavour}, {self.task}: {what}, {self.point}"


@dataclass(frozen=True)
class Case:
    """One point, what happens at it, and when the command is given again."""

    point: Point
    kind: str
    again: str

    @property
    def name(self) -> str:
        return f"{self.point.label}: {self.kind}, again {self.again}"

    @property
    def batch(self) -> tuple[Any, ...]:
        """Return what cases must share to happen in one run; debug_token names no number, so it is alone."""
        alone = self.point if self.point.point in ON_THE_WIRE and "debug_token" in self.point.path else None
        # what is still under way after a kill takes part of the wait of the next run, so it is alone as well
        flying = (
            self.again == AT_ONCE and self.kind == KILL_ALL and is_post(self.point) and self.point.point == NOT_ACTED
        )
        return self.point.flavour, self.point.task, self.kind, self.again, alone, flying


def is_post(point: Point) -> bool:
    """Tell whether the point belongs to the register request."""
    return point.method == "POST" and point.path.endswith("/register$")


def points(
    flavour: str, trace: list[dict[str, Any]], number_id: str, waba_id: str, modules: Container[str] = _MODULES
) -> list[Point]:
    """Return every moment of a clean run at which it can be hit, in the tasks of these modules."""
    found: list[Point] = []
    seen: Counter[tuple[str, str]] = Counter()
    task, in_runner, commits = "", False, 0
    for order, line in enumerate(trace):
        step = line["step"]
        if line["event"] == "begin" and line["kind"].startswith("worker "):
            task = line["kind"].removeprefix("worker ")
        if task not in modules:
            continue
        common: dict[str, Any] = {"flavour": flavour, "task": task, "step": step, "order": order}
        if line["event"] == "request":
            key = line["method"], line["path"]
            seen[key] += 1
            path = "^" + re.escape(line["path"]).replace(number_id, "@number").replace(waba_id, "@waba") + "$"
            common.update(index=line["index"], method=line["method"], path=path, nth=seen[key], in_runner=in_runner)
            found += [Point(point=point, **common) for point in (BEFORE_SEND, NOT_ACTED, ACTED, ANSWERED)]
        elif line["event"] == "rename":
            common.update(index=line["index"])
            commits += line["name"] == "attempt_log.json"
            found.append(Point(point=BEFORE_RENAME, in_runner=in_runner, **common))
            # the comparison notes in the attempt log too that it was made
            begun = line["name"] == "attempt_log.json" and task == REGISTER
            found.append(Point(point=AFTER_RENAME, in_runner=in_runner or begun, **common))
        elif line["event"] == "recorded":
            in_runner = task == REGISTER and commits == 1
            found.append(Point(point=RECORDED, index=line["after"], in_runner=in_runner, **common))
        elif line["event"] == "end":
            found.append(Point(point=END, index=line["index"], **common))
    return found


def generate(points_of: dict[str, list[Point]]) -> list[Case]:
    """Return all kill cases of the three ways of running.

    Local: every point with everything that can happen at it. Over SSH, where a case costs ten times as much, that holds
    from the intent to the outcome; elsewhere every third point, and one kind, taken in turn, so that over the
    flow every kind meets every sort of moment. With Graph called from the host, the same for wa_register.
    """
    found: list[Case] = []
    for flavour, its_points in points_of.items():
        turn = 0
        for point in its_points:
            if flavour == HOST and point.task != REGISTER:
                continue  # the other tasks are shipped over SSH in just the same way
            kinds = [kind for kind in KINDS if kind != KILL_MODULE or point.shipped]
            again = list(_while_it_survives(point, kinds))
            if not (flavour == LOCAL or point.in_runner or (point.task == REGISTER and point.point == END)):
                turn += 1
                kinds = kinds[turn // 3 % len(kinds) :][: turn % 3 == 0]
                again = again[: turn % 9 == 0]
            found += [Case(point, kind, AFTER) for kind in kinds]
            found += [Case(point, kind, AT_ONCE) for kind in again]
    return found


def _while_it_survives(point: Point, kinds: list[str]) -> Iterator[str]:
    """Yield after what the same command is worth giving again while something of the first run still lives."""
    if KILL_RUN in kinds:
        yield KILL_RUN
    if point.in_runner:
        yield from (KILL_ALL, INTERRUPT, TERMINATE)
