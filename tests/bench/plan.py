# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that the benchmark measures, in groups that share a simulator. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OWN = "wabiz.migration"
# The same playbook without a report folder: it keeps no events, no status and no report.
SILENT = "wabiz.migration without events"
# A group whose first pass took less, in seconds of wall time, is measured REPEATS times.
SHORT = 60.0
REPEATS = 3


@dataclass(frozen=True)
class Setting:
    """One thing that is measured: who moves how many numbers, and in what surroundings."""

    who: str
    numbers: int
    latency_ms: int = 0
    register_seconds: float = 0.0
    forks: int = 10
    ssh: bool = False

    @property
    def name(self) -> str:
        parts = [self.who, str(self.numbers)]
        parts += [f"{self.latency_ms} ms"] if self.latency_ms else []
        parts += [f"register {self.register_seconds:g} s"] if self.register_seconds else []
        parts += ["ssh"] if self.ssh else []
        parts += [f"forks {self.forks}"] if self.register_seconds or self.forks != 10 else []
        return ", ".join(parts)


Group = tuple[Setting, ...]

# The settings of a group run one after another on one simulator: "again" finds the numbers that the first one has
# moved. "threads" gets numbers of its own and sends the requests that the first one has sent.
PLAN: tuple[Group, ...] = (
    (Setting("uri", 50),),
    (Setting(OWN, 50), Setting("again", 50), Setting("threads", 50)),
    (Setting("uri", 20),),
    (Setting(OWN, 20), Setting("again", 20), Setting("threads", 20)),
    (Setting(OWN, 200), Setting("again", 200), Setting("threads", 200)),
    (Setting(SILENT, 200),),
    (Setting(OWN, 1),),
    (Setting("empty", 100), Setting(OWN, 100)),
    (Setting("empty", 1000), Setting(OWN, 1000), Setting("again", 1000), Setting("threads", 1000)),
    (Setting("uri", 20, latency_ms=50),),
    (Setting(OWN, 20, latency_ms=50), Setting("threads", 20, latency_ms=50)),
    (Setting(OWN, 200, latency_ms=50), Setting("threads", 200, latency_ms=50)),
    (Setting("uri", 20, ssh=True),),
    (Setting(OWN, 20, ssh=True), Setting("again", 20, ssh=True), Setting("threads", 20, ssh=True)),
    (Setting("uri", 100, ssh=True, forks=20),),
    (
        Setting(OWN, 100, ssh=True, forks=20),
        Setting("again", 100, ssh=True, forks=20),
        Setting("threads", 100, ssh=True, forks=20),
    ),
    (Setting(OWN, 200, register_seconds=3.0, forks=10),),
    (Setting(OWN, 200, register_seconds=3.0, forks=50),),
)


def select(numbers: int = 0, only: str = "", ssh: bool = False) -> tuple[Group, ...]:
    """Return the groups to measure: all, or one of so many numbers, and of these the ones whose name holds ``only``."""
    plan = PLAN
    if numbers:
        plan = (tuple(Setting(who, numbers, ssh=ssh) for who in (OWN, "again", "threads")),)
    return tuple(group for group in plan if any(only in one.name for one in group))


def without_ssh(plan: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups that need no managed host."""
    return tuple(group for group in plan if not any(one.ssh for one in group))


def passes(wall: float) -> int:
    """Return how often a group is measured whose first pass took ``wall`` seconds."""
    return REPEATS if wall < SHORT else 1
