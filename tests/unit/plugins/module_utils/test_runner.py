# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a runner reports of processes, with real ones, and of a task that failed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _runner
from ansible_collections.wabiz.migration.plugins.module_utils._api.sent import Sent
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure, RefusedError, WabizError
from ansible_collections.wabiz.migration.plugins.module_utils._operations.context import Name, Outcome

# A process number that nobody has: above what Linux gives out.
NOBODY = 2**22 + 1
# Starts a child that sleeps, tells both numbers, and lives on until its standard input ends.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.DEVNULL)
print(child.pid, flush=True)
sys.stdin.read()
"""


needs_proc = pytest.mark.skipif(
    not os.path.exists("/proc/self/stat"), reason="NOT TESTED: processes (there is no /proc)"
)


def lease(process: int, parent: int, **more: object) -> dict[str, object]:
    """Return what a run of this machine leaves in an attempt log."""
    seen = _runner.process(process)
    return {
        "run": "another",
        "controller": socket.gethostname(),
        "process": process,
        "parent": parent,
        "namespace": _runner.namespace(),
        "started": seen.started if seen else 1,
        **more,
    }


@needs_proc
def test_a_process_whose_parent_was_killed_is_a_surviving_worker():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    taken = lease(child, parent.pid)
    try:
        assert _runner.holder(taken) == attempt_log.ALIVE
        assert not _runner.run_is_gone(child, parent.pid)
        parent.kill()
        parent.wait()
        assert _runner.holder(taken) == attempt_log.SURVIVING
        assert _runner.run_is_gone(child, parent.pid)
        assert not _runner.run_is_gone(child, 0), "an attempt log without a parent says nothing"
        assert _runner.holder({**taken, "parent": 0}) == attempt_log.ALIVE
    finally:
        os.kill(child, signal.SIGKILL)
        parent.stdin.close()
        parent.stdout.close()


@needs_proc
def test_a_process_that_is_gone_is_neither_alive_nor_a_surviving_worker():
    gone = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    taken = lease(gone.pid, os.getpid())
    assert _runner.holder(taken) == attempt_log.ALIVE
    gone.communicate(b"\n")
    assert _runner.process(gone.pid) is None
    assert _runner.holder(taken) == attempt_log.GONE
    assert not _runner.run_is_gone(gone.pid, os.getpid())


FULL = Failure("other_run", "Another run is at work", next_step="wait for it")


class World:
    """As much of a context as a runner looks at."""

    def __init__(self, check_mode=False):
        self.check_mode = check_mode
        self.sent = Sent(lambda: ["POST subscribed_apps of WABA 1"])
        self.name = Name()


def carried_out(operation, world):
    return _runner.carry_out(lambda _params, context: operation(context), {}, world, False)


def raises(error):
    def operation(context):
        context.sent.add("POST backup on the node")
        raise error

    return operation


@pytest.mark.parametrize("error", [RefusedError(FULL, "1555"), WabizError(FULL), ValueError("a secret")])
def test_a_failure_says_what_was_sent_until_then(error):
    result = carried_out(raises(error), World())
    assert result["failed"] and not result["changed"]
    assert result["sent"] == ["POST subscribed_apps of WABA 1", "POST backup on the node"]
    reported = "Sent before this: POST subscribed_apps of WABA 1; POST backup on the node. It is safe to run again."
    assert reported in result["msg"] and "a secret" not in result["msg"]


def test_an_outcome_with_a_failure_says_so_too_but_where_it_is_another_tasks():
    own = carried_out(lambda _context: Outcome(False, {"verdict": "LIMITED"}, failure=FULL), World())
    assert "Sent before this: POST subscribed_apps of WABA 1. It is" in own["msg"] and own["verdict"] == "LIMITED"
    others = Outcome(False, {"sent": ["POST register"]}, failure=FULL, sent="Sent before this: POST register.")
    reported = carried_out(lambda _context: others, World())
    assert "Sent before this: POST register. It is" in reported["msg"] and reported["sent"] == ["POST register"]
    silent = carried_out(lambda _context: Outcome(False, {}, failure=FULL, sent=""), World())
    assert silent["msg"] == FULL.sentence() and "sent" not in silent


@pytest.mark.parametrize(
    ("error", "check_mode", "reported"),
    [
        (RefusedError(FULL), True, True),
        (RefusedError(FULL), False, False),
        (WabizError(FULL), True, False),
        (ValueError(), True, False),
    ],
)
def test_what_a_rule_refuses_in_check_mode_would_be_refused(error, check_mode, reported):
    assert carried_out(raises(error), World(check_mode)).get("would_be_refused", False) == reported


def test_a_shipped_modules_failure_is_reported_again_of_the_whole_task():
    there, here = Sent(), Sent()
    here.add("DELETE two-step verification on the node")
    there.add("")
    result = _runner.failed(FULL, Name("1555"), there)
    assert "Only reads were sent." in result["msg"]
    here.merge(there.as_data())
    reported = _runner.reported_again(result, Name("1555"), here)
    assert reported == _runner.failed(FULL, Name("1555"), here)
    assert "Sent before this: DELETE two-step verification on the node." in reported["msg"]
    faults = _runner.refused(["pin: missing"])
    assert _runner.reported_again(faults, Name("1555"), here) == faults


@needs_proc
def test_a_process_that_nobody_has_waited_for_yet_is_gone():
    """Some containers have nobody who does."""
    over = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    taken = lease(over.pid, os.getpid())
    over.stdin.close()
    try:
        os.waitid(os.P_PID, over.pid, os.WEXITED | os.WNOWAIT)
        assert os.path.exists(f"/proc/{over.pid}/stat")
        assert _runner.holder(taken) == attempt_log.GONE
    finally:
        over.wait()


@needs_proc
def test_this_process_is_distinguished_from_others_of_its_number():
    me = lease(os.getpid(), os.getppid())
    assert me["namespace"] and me["started"] == _runner.started() > 0
    assert _runner.holder(me) == attempt_log.ALIVE
    assert _runner.holder({**me, "started": _runner.started() - 1}) == attempt_log.GONE
    assert _runner.holder({**me, "namespace": "another boot"}) == attempt_log.UNKNOWN
    assert _runner.holder({**me, "controller": "another host"}) == attempt_log.UNKNOWN


@needs_proc
def test_a_process_that_is_hidden_from_this_user_is_no_process_that_is_gone(monkeypatch):
    """As with the mount option hidepid, by which /proc shows one's own processes only."""

    def refuse(_number, _signal):
        raise PermissionError

    taken = lease(NOBODY, 0)
    assert _runner.holder(taken) == attempt_log.GONE
    monkeypatch.setattr(os, "kill", refuse)
    assert _runner.holder(taken) == attempt_log.UNKNOWN
