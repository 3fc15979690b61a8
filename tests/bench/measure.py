# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring one command: CPU of it and of everything that it has waited for, wall time, memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.25
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds, and MiB.

    ``largest`` is the largest resident set of any one process, by its own high-water mark: what the kernel reports of a
    child begins with the size of the process that started it. ``tree`` is the largest sum of all at one moment, in
    which a page that several share counts for each.
    """

    exit_code: int
    cpu: float
    wall: float
    largest: float
    tree: float


def run(command: Sequence[str], environ: Mapping[str, str], folder: Path, log: Path) -> Cost:
    """Run a command to its end; its output goes to ``log``."""
    with log.open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environ), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        over = threading.Event()
        peak = [0.0, 0.0]
        watcher = threading.Thread(target=_watch, args=(process.pid, over, peak), daemon=True)
        watcher.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        over.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(process.returncode, usage.ru_utime + usage.ru_stime, wall, peak[1] / 1024, peak[0] / 1024 / 1024)


def _watch(root: int, over: threading.Event, peak: list[float]) -> None:
    while not over.wait(_PAUSE):
        pids = _tree(root)
        peak[0] = max(peak[0], sum(_resident(pid) for pid in pids))
        peak[1] = max([peak[1], *(_high_water(pid) for pid in pids)])


def _tree(root: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry))
    found: set[int] = set()
    unseen = [root]
    while unseen:
        pid = unseen.pop()
        if pid not in found:
            found.add(pid)
            unseen += children.get(pid, [])
    return found


def _high_water(pid: int) -> float:
    """Return the largest resident set that a process has had since it began its program, in KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def _resident(pid: int) -> float:
    try:
        return float(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0.0
