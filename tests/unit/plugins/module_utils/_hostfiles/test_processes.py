# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hostfiles with processes that are killed, come at once, or keep the lock."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._hostfiles.state import (
    ID,
    answer,
    commit,
    location,
    look,
    python,
)


def test_what_a_killed_process_of_the_same_number_left_is_no_obstacle(state, log):
    commit(state, None, "one")
    left = Path("%s.%d.new" % (log, os.getpid()))
    left.write_text("half a reco")
    assert commit(state, "one", "two")["committed"]
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]
    # a link that waits at that name is not followed
    target = state / "target"
    target.write_text("somebody's")
    left.symlink_to(target)
    assert commit(state, "two", "three")["committed"]
    assert (log.read_text(), target.read_text()) == ("three", "somebody's")


WRITE_ON = """
text = None
for count in range(10**9):
    new = "%d " % count * 2000
    request = {**json.loads(sys.argv[1]), "op": "commit", "expected": text, "attempt_log": new}
    assert _hostfiles.handle(request)["committed"]
    text = new
    print("written", flush=True)
"""


def test_a_process_that_is_killed_while_it_writes_leaves_a_whole_record_and_no_lock(state, log):
    for moment in range(8):
        shutil.rmtree(str(state), ignore_errors=True)
        writer = python(WRITE_ON, json.dumps(location(state)))
        assert writer.stdout.readline() == "written\n"
        time.sleep(0.003 * moment)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        text = look(state)["attempt_log"]
        wording = text.split()
        assert len(wording) == 2000
        assert len(set(wording)) == 1
        assert commit(state, text, "mine")["committed"]


TAKE_ONCE = """
request = json.loads(sys.argv[1])
while not os.path.exists(sys.argv[2]):
    time.sleep(0.0005)
print(json.dumps(_hostfiles.handle(dict(request, attempt_log="run %d" % os.getpid()))["committed"]))
"""


@pytest.mark.parametrize("before", [None, "one"])
def test_of_processes_that_take_the_number_at_once_one_gets_it(tmp_path, state, log, before):
    if before:
        commit(state, None, before)
    request = json.dumps({"op": "commit", **location(state), "expected": before})
    runs = [python(TAKE_ONCE, request, tmp_path / "go") for _unused in range(4)]
    time.sleep(0.3)
    (tmp_path / "go").touch()
    won = [run.pid for run in runs if answer(run)]
    assert len(won) == 1
    assert log.read_text() == "run %d" % won[0]
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


COUNT = """
location = json.loads(sys.argv[1])
done = 0
while done < 40:
    text = _hostfiles.handle(dict(location, op="look", backup_file=None, key=""))["attempt_log"]
    new = str(int(text or 0) + 1)
    done += _hostfiles.handle(dict(location, op="commit", expected=text, attempt_log=new))["committed"]
print(done)
"""


def test_no_update_of_two_processes_is_lost(state, log):
    runs = [python(COUNT, json.dumps(location(state))) for _unused in range(2)]
    assert [answer(run) for run in runs] == [40, 40]
    assert log.read_text() == "80"


HOLD = """
import fcntl
lock = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("write", "new"), [(_hostfiles.commit, {"attempt_log": "two"}), (_hostfiles.store_snapshot, {"snapshot": "two"})]
)
def test_a_lock_that_is_never_given_back_is_reported_and_not_waited_for(state, write, new):
    commit(state, None, "one")
    # its own file, so that the lock holds between machines that share the directory
    holder = python(HOLD, state / ID / ".lock", stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "locked\n"
    begin = time.monotonic()
    with pytest.raises(_hostfiles.HostFileError, match=r"has been locked by another process for 0\.2 s"):
        write({**location(state), "expected": "one", **new}, lock_seconds=0.2)
    assert 0.2 <= time.monotonic() - begin < 5
    assert look(state)["attempt_log"] == "one"
    holder.communicate()
    assert commit(state, "one", "two")["committed"]
