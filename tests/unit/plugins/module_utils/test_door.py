# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a door tells of processes, with real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _door

# Starts a child that sleeps, tells both numbers, and lives on until its standard input ends.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.DEVNULL)
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="a process's parent is read from /proc")
def test_a_process_whose_parent_was_killed_is_an_orphan():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    try:
        assert _door.alive(child)
        assert not _door.orphaned(child, parent.pid)
        parent.kill()
        parent.wait()
        assert _door.alive(child)
        assert _door.orphaned(child, parent.pid)
        assert not _door.orphaned(child, 0), "a record without a parent says nothing"
    finally:
        os.kill(child, signal.SIGKILL)
        parent.stdin.close()
        parent.stdout.close()


def test_a_process_that_is_gone_is_neither_alive_nor_an_orphan():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not _door.alive(gone.pid)
    assert not _door.orphaned(gone.pid, os.getpid())
