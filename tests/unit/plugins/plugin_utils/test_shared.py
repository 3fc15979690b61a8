# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _shared with real processes: one read for many workers, and locks that a dead worker gives back."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import stat
import time
from pathlib import Path

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.plugin_utils import _shared

# as Ansible starts its workers
FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    """The run's own folder; every worker of a run inherits the same one."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "ansible-local-1"))
    (tmp_path / "ansible-local-1").mkdir(0o700)
    return tmp_path / "ansible-local-1"


def workers(count, target, *arguments):
    """Run ``target`` in that many processes at once; return what each put on its queue."""
    queue = FORK.Queue()
    running = [FORK.Process(target=target, args=(queue, *arguments)) for _unused in range(count)]
    for worker in running:
        worker.start()
    found = [queue.get(timeout=30) for _unused in running]
    for worker in running:
        worker.join(30)
        assert worker.exitcode == 0
    return found


def note(path, text="x"):
    with open(path, "a", encoding="utf-8") as stream:
        stream.write(text + "\n")


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def test_a_note_grows_and_later_tasks_read_it():
    assert _shared.noted("sent for h1") == []
    _shared.note("sent for h1", ["POST a", "POST b; it was ümlaut"])
    _shared.note("sent for h2", ["POST c"])
    _shared.note("sent for h1", [])
    _shared.note("sent for h1", ["POST a"])
    assert _shared.noted("sent for h1") == ["POST a", "POST b; it was ümlaut", "POST a"]


def test_the_first_reads_and_the_others_get_what_it_read():
    reads = []
    for _unused in range(3):
        assert _shared.once("waba-1", lambda: reads.append(1) or {"numbers": ["1", "2"]}) == {"numbers": ["1", "2"]}
    assert reads == [1]


@pytest.mark.parametrize("found", [None, False, 0, "", [], {}])
def test_an_empty_answer_is_an_answer(found):
    reads = []
    for _unused in range(2):
        assert _shared.once("waba-1", lambda: reads.append(1) or found) == found
    assert reads == [1]


def test_two_names_are_two_reads():
    assert _shared.once("waba-1", lambda: 1) == 1
    assert _shared.once("waba-2", lambda: 2) == 2
    assert _shared.once("../../waba/1\0", lambda: 3) == 3


def test_a_read_that_failed_is_tried_by_the_next():
    def broken():
        raise RuntimeError("no answer")

    with pytest.raises(RuntimeError):
        _shared.once("waba-1", broken)
    assert _shared.once("waba-1", lambda: 1) == 1


def test_another_run_reads_anew(monkeypatch, tmp_path):
    assert _shared.once("waba-1", lambda: 1) == 1
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "ansible-local-2"))
    assert _shared.once("waba-1", lambda: 2) == 2


def test_what_is_shared_is_private_and_inside_the_runs_folder(run_folder):
    _shared.once("a name that shows nothing", lambda: 1)
    folder = run_folder / "wabiz"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not [path for path in folder.iterdir() if "name" in path.name]
    assert len(list(folder.iterdir())) == 2


def read_slowly(queue, log):
    def read():
        note(log)
        time.sleep(0.3)
        return {"read by": os.getpid()}

    queue.put(_shared.once("waba-1", read)["read by"])


def test_of_workers_at_once_one_reads_and_all_wait_for_it(tmp_path):
    found = workers(6, read_slowly, tmp_path / "log")
    assert len(lines(tmp_path / "log")) == 1
    assert len(set(found)) == 1


def inside(queue, log, name):
    with _shared.exclusive(name):
        note(log, "in")
        time.sleep(0.05)
        note(log, "out")
    queue.put(True)


def test_one_worker_at_a_time_is_inside(tmp_path):
    workers(6, inside, tmp_path / "log", "waba-1")
    assert lines(tmp_path / "log") == ["in", "out"] * 6


def must_wait(log):
    with _shared.exclusive("waba-1"):
        note(log, "other_run")
        time.sleep(60)


def hold_a_read(log):
    _shared.once("waba-1", lambda: (note(log, "other_run"), time.sleep(60)))


def wait_for(path: Path):
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("holder", [must_wait, hold_a_read])
def test_a_worker_that_was_killed_lets_the_next_one_in(tmp_path, holder):
    first = FORK.Process(target=holder, args=(tmp_path / "log",))
    first.start()
    wait_for(tmp_path / "log")
    # another name is free all the while
    with _shared.exclusive("waba-2"):
        pass
    os.kill(first.pid, signal.SIGKILL)
    first.join(20)
    assert workers(1, inside, tmp_path / "log", "waba-1") == [True]
    assert _shared.once("waba-1", lambda: "read anew") == "read anew"


def test_an_exception_inside_gives_the_lock_back():
    with pytest.raises(RuntimeError), _shared.exclusive("waba-1"):
        raise RuntimeError
    with _shared.exclusive("waba-1"):
        pass


def raise_it(queue):
    _shared.raise_flag("wrong pin", "15550120001")
    queue.put(True)


def test_a_flag_is_seen_by_every_later_task_of_the_run():
    assert _shared.raised("wrong pin") is None
    workers(2, raise_it)
    assert _shared.raised("wrong pin") == "15550120001"
    assert _shared.raised("another") is None


def test_entries_are_read_once_and_lie_apart():
    reads = []

    def read():
        reads.append(1)
        return {"a": {"x": 1}, "b": [2]}

    assert _shared.entry("list", "b", read) == [2]
    assert _shared.entry("list", "a", read) == {"x": 1}
    assert _shared.entry("list", "c", read) is None
    assert len(reads) == 1
    assert _shared.entry("other", "a", dict) is None


def test_a_slot_is_free_again_when_its_holder_is_gone():
    with _shared.slot("register", 2) as first, contextlib.ExitStack() as later:
        assert first and later.enter_context(_shared.slot("register", 2))
        with _shared.slot("register", 2) as third, _shared.slot("another", 1) as other:
            assert (third, other) == (False, True)
        later.close()
        with _shared.slot("register", 2) as again:
            assert again


def _hold_and_die(queue):
    with _shared.slot("register", 1) as mine:
        queue.put(mine)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_dies_gives_its_place_back():
    queue = FORK.Queue()
    worker = FORK.Process(target=_hold_and_die, args=(queue,))
    worker.start()
    assert queue.get(timeout=30) is True
    with _shared.slot("register", 1) as mine:
        assert mine is False
    worker.join(30)
    with _shared.slot("register", 1) as mine:
        assert mine is True
