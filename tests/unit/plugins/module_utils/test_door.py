# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a door tells of processes, with real ones, and of a task that failed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _door
from ansible_collections.wabiz.migration.plugins.module_utils._api.sent import Sent
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure, RefusedError, WabizError
from ansible_collections.wabiz.migration.plugins.module_utils._ops.context import Outcome

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


FULL = Failure("held", "Another run is at work", next_step="wait for it")


class World:
    """As much of a context as a door looks at."""

    def __init__(self, check_mode=False):
        self.check_mode = check_mode
        self.sent = Sent(lambda: ["POST subscribed_apps of WABA 1"])


def carried_out(operation, world):
    return _door.carry_out(lambda _params, context: operation(context), {}, world, False)


def raises(error):
    def operation(context):
        context.sent.left("POST backup on the node")
        raise error

    return operation


@pytest.mark.parametrize("error", [RefusedError(FULL, "1555"), WabizError(FULL), ValueError("a secret")])
def test_a_failure_says_what_was_sent_until_then(error):
    result = carried_out(raises(error), World())
    assert result["failed"] and not result["changed"]
    assert result["sent"] == ["POST subscribed_apps of WABA 1", "POST backup on the node"]
    told = "Sent before this: POST subscribed_apps of WABA 1; POST backup on the node. It is safe to run again."
    assert told in result["msg"] and "a secret" not in result["msg"]


def test_an_outcome_with_a_failure_says_so_too_but_where_it_is_another_tasks():
    own = carried_out(lambda _context: Outcome(False, {"verdict": "LIMITED"}, failure=FULL), World())
    assert "Sent before this: POST subscribed_apps of WABA 1. It is" in own["msg"] and own["verdict"] == "LIMITED"
    others = Outcome(False, {"sent": ["POST register"]}, failure=FULL, sent="Sent before this: POST register.")
    told = carried_out(lambda _context: others, World())
    assert "Sent before this: POST register. It is" in told["msg"] and told["sent"] == ["POST register"]
    silent = carried_out(lambda _context: Outcome(False, {}, failure=FULL, sent=""), World())
    assert silent["msg"] == FULL.sentence() and "sent" not in silent


@pytest.mark.parametrize(
    ("error", "check_mode", "told"),
    [
        (RefusedError(FULL), True, True),
        (RefusedError(FULL), False, False),
        (WabizError(FULL), True, False),
        (ValueError(), True, False),
    ],
)
def test_what_a_rule_refuses_in_check_mode_would_be_refused(error, check_mode, told):
    assert carried_out(raises(error), World(check_mode)).get("would_be_refused", False) == told


def test_a_shipped_modules_failure_is_told_again_of_the_whole_task():
    there, here = Sent(), Sent()
    here.left("DELETE two-step verification on the node")
    there.left("")
    result = _door.failed(FULL, "1555", there)
    assert "Only reads were sent." in result["msg"]
    here.join(there.as_data())
    told = _door.retold(result, here)
    assert told == _door.failed(FULL, "1555", here)
    assert "Sent before this: DELETE two-step verification on the node." in told["msg"]
    faults = _door.refused(["pin: missing"])
    assert _door.retold(faults, here) == faults
