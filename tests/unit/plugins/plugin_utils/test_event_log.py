# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the file of events with real processes and disks: whole lines, private files, one warning, no fault."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import time

import pytest
from ansible import constants
from ansible.utils.display import Display
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.plugins.plugin_utils import _event_log, _shared
from ansible_collections.wabiz.migration.plugins.plugin_utils._event_log import EventLog
from ansible_collections.wabiz.migration.tests.support import smalldisk

FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    folder = tmp_path / "ansible-local-1"
    folder.mkdir(0o700)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder))
    return folder


@pytest.fixture
def warnings(monkeypatch):
    found = []
    monkeypatch.setattr(Display, "warning", lambda self, text, *more: found.append(text))
    return found


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def file_of(reports):
    return reports / "ansible-local-1" / "events.jsonl"


def read(reports):
    reader = event.Reader()
    return reader.feed(file_of(reports).read_bytes()) + reader.close(), reader.unreadable


def append(reports, kind=event.WAITING, host="h1", **fields):
    log = EventLog(str(reports))
    log.append(event.Subject(_event_log.run_id(), host), kind, **fields)
    log.close()


def test_who_makes_the_file_begins_the_run_and_files_are_private(reports):
    append(reports, text="paused")
    append(reports, event.STEP_STARTED, "h2")
    events, unreadable = read(reports)
    assert [(one["event"], one["host"]) for one in events] == [
        ("run_started", ""),
        ("waiting", "h1"),
        ("step_started", "h2"),
    ]
    assert unreadable == 0
    assert stat.S_IMODE(file_of(reports).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(reports).parent.stat().st_mode) == 0o700
    assert _shared.raised(_event_log.FLAG) == str(file_of(reports))


def test_a_run_that_is_announced_begins_once(reports):
    append(reports, event.RUN_STARTED, "", data={"numbers": 3})
    (first,) = read(reports)[0]
    assert (first["event"], first["data"], first["run"]) == ("run_started", {"numbers": 3}, "ansible-local-1")
    append(reports, event.RUN_STARTED, "", data={"numbers": 2})
    assert [one["data"]["numbers"] for one in read(reports)[0]] == [3, 2], "a second play of the run"


def test_lines_of_many_workers_stay_whole(reports):
    def work(at):
        log = EventLog(str(reports))
        for count in range(200):
            log.append(event.Subject("run", f"h{at}"), event.WAITING, text=f"{count} " + "x" * 490)

    running = [FORK.Process(target=work, args=(at,)) for at in range(8)]
    for worker in running:
        worker.start()
    for worker in running:
        worker.join(60)
        assert worker.exitcode == 0
    events, unreadable = read(reports)
    assert (len(events), unreadable) == (1 + 8 * 200, 0)
    assert [one["event"] for one in events].count("run_started") == 1
    for at in range(8):
        own = [int(one["text"].split()[0]) for one in events if one["host"] == f"h{at}"]
        assert own == list(range(200))


def test_a_worker_that_is_killed_leaves_whole_lines(reports):
    def work():
        log = EventLog(str(reports))
        while True:
            log.append(event.Subject("run", "h1"), event.WAITING, text="x" * 500)

    worker = FORK.Process(target=work)
    worker.start()
    deadline = time.monotonic() + 20
    while not (file_of(reports).exists() and file_of(reports).stat().st_size > 100_000):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(20)
    append(reports, event.STEP_ENDED, "h2")
    events, unreadable = read(reports)
    assert events[-1]["host"] == "h2" and unreadable <= 1


# --- where it cannot be written


def test_a_folder_that_cannot_be_made_is_one_warning_for_all_workers(tmp_path, warnings):
    (tmp_path / "a file").write_text("x")
    for host in ("h1", "h2", "h3"):
        append(tmp_path / "a file" / "reports", host=host)
    (warning,) = warnings
    assert str(tmp_path / "a file" / "reports") in warning and "Not a directory" in warning


def test_a_surviving_worker_warns_nobody(tmp_path, warnings):
    (tmp_path / "a file").write_text("x")
    log = EventLog(str(tmp_path / "a file"), lambda: False)
    log.append(event.Subject("run", "h1"), event.WAITING)
    assert warnings == []


@pytest.mark.parametrize("target", ["/dev/full", "/dev/null"])
def test_a_device_or_a_link_in_its_place_is_not_written(reports, warnings, target):
    file_of(reports).parent.mkdir(parents=True)
    file_of(reports).symlink_to(target)
    append(reports)
    assert len(warnings) == 1


def test_a_link_to_a_file_of_somebody_else_is_not_followed(reports, tmp_path, warnings):
    other = tmp_path / "other"
    other.write_text("of somebody else")
    file_of(reports).parent.mkdir(parents=True)
    file_of(reports).symlink_to(other)
    append(reports)
    assert len(warnings) == 1 and other.read_text() == "of somebody else"


def test_a_pipe_in_its_place_keeps_no_worker(reports, warnings):
    file_of(reports).parent.mkdir(parents=True)
    os.mkfifo(file_of(reports))
    append(reports)
    assert len(warnings) == 1


def test_an_error_that_nobody_expects_is_a_warning_without_its_text(reports, warnings, monkeypatch):
    def broken(*_arguments, **_more):
        raise ValueError("a secret")

    monkeypatch.setattr(event, "build", broken)
    append(reports)
    (warning,) = warnings
    assert "ValueError" in warning and "secret" not in warning


def test_a_full_disk_is_one_warning_and_later_events_are_read_again(tmp_path, warnings):
    with smalldisk.mounted(tmp_path / "disk", "64k") as disk:
        for _unused in range(300):
            append(disk.path, text="x" * 500)
        assert (len(warnings) == 1 and "No space left" in warnings[0]) or "no space is left" in warnings[0]
        kept, unreadable = read(disk.path)
        assert 10 < len(kept) < 300 and unreadable <= 1
        disk.remount("size=1m")
        append(disk.path, event.STEP_ENDED, "h9")
        later, unreadable = read(disk.path)
    assert later[: len(kept)] == kept and later[-1]["host"] == "h9" and unreadable <= 1
    assert len(warnings) == 1


# --- the folder


def test_the_home_of_ansible_needs_no_variable(monkeypatch, tmp_path):
    monkeypatch.delenv("ANSIBLE_HOME", raising=False)
    monkeypatch.setattr(constants, "ANSIBLE_HOME", str(tmp_path / "own home"), raising=False)
    assert _event_log.folder_of("$ANSIBLE_HOME/wabiz") == str(tmp_path / "own home" / "wabiz")
    assert _event_log.folder_of("${ANSIBLE_HOME}/wabiz") == str(tmp_path / "own home" / "wabiz")
    assert _event_log.folder_of("~/wabiz") == os.path.expanduser("~/wabiz")
    assert os.path.isabs(_event_log.folder_of("reports"))
