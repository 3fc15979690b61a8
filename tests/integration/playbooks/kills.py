# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a playbook that are killed with SIGKILL at a chosen request, all of their processes at once."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, when
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run


def processes(world: World) -> list[int]:
    """Return the processes of the runs of a world: their environment names its folder."""
    mark = str(world.where / "ansible").encode()
    found = []
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and mark in Path(f"/proc/{entry}/environ").read_bytes():
                found.append(int(entry))
    return found


def killed_at(world: World, method: str, path: str, acted: bool, *arguments: str, **options: Any) -> Run:
    """Kill a run at a request, which has acted by then or has not; its answer never comes."""
    pattern = re.compile(path)
    world.sim.fault("hang", {"method": method, "path": path, "nth": 1}, when="after" if acted else "before")
    before = len(world.sim.events())

    def decided() -> bool:
        new = world.sim.events()[before:]
        wanted = "decided" if acted else "arrived"
        return any(one["event"] == wanted and one["method"] == method and pattern.search(one["path"]) for one in new)

    def kill() -> None:
        for pid in processes(world):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    with when(decided, kill):
        run = world.run(*arguments, **options)
    world.sim.clear_faults()
    assert run.exit_code == -signal.SIGKILL, run.transcript
    assert processes(world) == []
    return run
