# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hostfiles with directories and files that somebody else may write, owns or has linked."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._hostfiles.state import (
    ID,
    KEY,
    NOBODY,
    commit,
    look,
    root_only,
    tree,
)


def link_state(state, elsewhere):
    state.symlink_to(elsewhere)
    return "%s is a symbolic link" % state


def link_number(state, elsewhere):
    os.mkdir(str(state), 0o700)
    (state / ID).symlink_to(elsewhere)
    return "%s is a symbolic link" % (state / ID)


def dangling_state(state, elsewhere):
    state.symlink_to(str(elsewhere) + "-nowhere")
    return "%s is a symbolic link" % state


def link_record(state, elsewhere):
    commit(state, None, "one")
    log = state / ID / "attempt_log.json"
    log.unlink()
    log.symlink_to(elsewhere / "target")
    return "%s is a symbolic link" % log


def file_for_state(state, _elsewhere):
    state.write_text("a file")
    return "%s is not a directory" % state


def folder_for_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").unlink()
    (state / ID / "attempt_log.json").mkdir()
    return "%s is not a regular file" % (state / ID / "attempt_log.json")


def pipe_for_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").unlink()
    os.mkfifo(str(state / ID / "attempt_log.json"), 0o600)
    return "%s is not a regular file" % (state / ID / "attempt_log.json")


def open_state(state, _elsewhere):
    commit(state, None, "one")
    state.chmod(0o777)
    return "%s is writable by others (mode 0777, wanted 0700)" % state


def open_number(state, _elsewhere):
    commit(state, None, "one")
    (state / ID).chmod(0o720)
    return "%s is writable by others (mode 0720, wanted 0700)" % (state / ID)


def open_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").chmod(0o602)
    return "%s is writable by others (mode 0602)" % (state / ID / "attempt_log.json")


def large_record(state, _elsewhere):
    commit(state, None, "one")
    with open(str(state / ID / "attempt_log.json"), "r+b") as stream:
        stream.truncate(32 * 1024 * 1024 + 1)
    return "%s is larger than 33554432 bytes" % (state / ID / "attempt_log.json")


def binary_record(state, _elsewhere):
    commit(state, None, "one")
    (state / ID / "attempt_log.json").write_bytes(b"\xff\xfe")
    return "%s is not text" % (state / ID / "attempt_log.json")


FAULTS = [
    link_state,
    link_number,
    dangling_state,
    link_record,
    file_for_state,
    folder_for_record,
    pipe_for_record,
    open_state,
    open_number,
    open_record,
    large_record,
    binary_record,
]


@pytest.mark.parametrize("spoil", FAULTS)
def test_a_directory_that_others_may_write_is_named_and_left_alone(tmp_path, state, spoil):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o700)
    (elsewhere / "target").write_text("somebody's")
    fault = spoil(state, elsewhere)
    before = tree(tmp_path)
    seen = look(state)
    assert (seen["faults"], seen["attempt_log"]) == ([fault], None)
    for expected in (None, "one"):
        assert commit(state, expected, "mine") == {"error": fault}
    assert tree(tmp_path) == before


@root_only
@pytest.mark.parametrize("name", ["state", "number", "attempt_log"])
def test_a_foreign_owner_is_refused(tmp_path, state, log, name):
    commit(state, None, "one")
    spoiled = {"state": state, "number": state / ID, "attempt_log": log}[name]
    os.chown(str(spoiled), NOBODY, NOBODY)
    before = tree(tmp_path)
    assert "belongs to user %d" % NOBODY in look(state)["faults"][0]
    assert "belongs to user %d" % NOBODY in commit(state, "one", "mine")["error"]
    assert tree(tmp_path) == before


@contextlib.contextmanager
def as_nobody():
    """Be somebody else for a while, as far as the file system is concerned."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def shared_folder():
    """Yield a folder that any user may enter, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(str(folder))


@root_only
def test_a_state_directory_that_cannot_be_entered_is_a_fault_and_not_an_empty_one(shared_folder):
    hidden = shared_folder / "hidden"
    hidden.mkdir(0o700)
    commit(hidden / "state", None, "one")
    with as_nobody():
        seen = look(hidden / "state")
        wrote = commit(hidden / "state", None, "mine")
    assert len(seen["faults"]) == 1
    assert "Permission denied" in seen["faults"][0]
    assert "Permission denied" in wrote["error"]
    assert (hidden / "state" / ID / "attempt_log.json").read_text() == "one"


@root_only
def test_a_folder_of_root_is_trusted_but_cannot_be_written(shared_folder):
    state = shared_folder / "state"
    state.mkdir(0o755)
    with as_nobody():
        assert look(state)["faults"] == ["%s cannot be written by this user" % state]
        assert "Permission denied" in commit(state, None, "mine")["error"]
    assert not list(state.iterdir())


def test_a_relative_place_is_looked_for_where_we_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    request = {"op": "look", "state_dir": "state", "number_dir": "state/1", "backup_file": None, "key": KEY}
    assert _hostfiles.handle(request)["faults"] == []


def test_the_faults_of_record_and_backup_are_both_told(tmp_path, state):
    state.write_text("a file")
    (tmp_path / "backup.json").symlink_to(tmp_path / "target")
    faults = look(state, str(tmp_path / "backup.json"))["faults"]
    assert len(faults) == 2
    assert "not a directory" in faults[0]
    assert "backup.json is a symbolic link" in faults[1]


def test_a_backup_that_others_may_write_is_refused(tmp_path, state):
    _hostfiles.write_private(str(tmp_path / "backup.json"), "data")
    (tmp_path / "backup.json").chmod(0o666)
    seen = look(state, str(tmp_path / "backup.json"))
    assert seen["backup"] is None
    assert "writable by others" in seen["faults"][0]


def test_a_missing_backup_is_no_fault(tmp_path, state):
    seen = look(state, str(tmp_path / "backup.json"))
    assert (seen["backup"], seen["faults"]) == (None, [])


def test_reading_leaves_no_file_open(tmp_path):
    os.mkfifo(str(tmp_path / "pipe"))
    (tmp_path / "open").write_text("x")
    (tmp_path / "open").chmod(0o666)
    before = len(os.listdir("/proc/self/fd"))
    for name in (tmp_path, tmp_path / "pipe", tmp_path / "open"):
        for _unused in range(3):
            with pytest.raises(_hostfiles.HostFileError):
                _hostfiles.read_private(str(name))
    assert len(os.listdir("/proc/self/fd")) == before
