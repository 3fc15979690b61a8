# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hostfiles where nothing is wrong: what is written, read back, compared and kept."""

from __future__ import annotations

import json
import os
import time

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _hostfiles
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._hostfiles.state import (
    ID,
    KEY,
    commit,
    look,
    mode,
    snapshot,
    tree,
)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_what_is_made_is_private_whatever_the_umask(state, log, umask):
    before = os.umask(umask)
    try:
        assert commit(state, None, "one")["committed"]
    finally:
        os.umask(before)
    assert (mode(state), mode(state / ID), mode(log)) == (0o700, 0o700, 0o600)
    assert log.read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


def test_missing_folders_above_are_made_private_too(tmp_path):
    assert commit(tmp_path / "a" / "b" / "state", None, "one")["committed"]
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_a_commit_reads_back_and_is_seen_by_a_look(state, log):
    assert look(state) == {"faults": [], "attempt_log": None, "backup": None, "now": pytest.approx(time.time(), abs=5)}
    first = commit(state, None, "one")
    assert first == {"committed": True, "attempt_log": "one", "now": pytest.approx(time.time(), abs=5)}
    second = commit(state, "one", "two")
    assert second["committed"]
    assert look(state)["attempt_log"] == "two"


def test_a_snapshot_reads_back_and_lies_beside_the_record(tmp_path, state):
    empty = {"snapshot": None, "attempt_log": None, "photo": False, "now": pytest.approx(time.time(), abs=5)}
    assert snapshot(state, "look") == empty
    assert tree(tmp_path) == {}
    assert snapshot(state, "store", expected=None, snapshot="one")["committed"]
    commit(state, None, "attempt_log")
    seen = snapshot(state, "look")
    assert (seen["snapshot"], seen["attempt_log"]) == ("one", "attempt_log")
    assert mode(state / ID / "snapshot.json") == 0o600
    assert mode(state / ID) == 0o700


@pytest.mark.parametrize("expected", [None, "", "two"])
def test_a_snapshot_that_is_not_the_expected_one_stays(state, expected):
    snapshot(state, "store", expected=None, snapshot="one")
    assert snapshot(state, "store", expected=expected, snapshot="mine")["committed"] is False
    assert snapshot(state, "look")["snapshot"] == "one"
    assert snapshot(state, "store", expected="one", snapshot="two")["committed"]
    assert snapshot(state, "look")["snapshot"] == "two"


def test_a_snapshot_is_not_read_from_or_written_to_a_directory_of_somebody_else(state, tmp_path):
    snapshot(state, "store", expected=None, snapshot="one")
    path = state / ID / "snapshot.json"
    path.chmod(0o666)
    assert "writable by others" in snapshot(state, "look")["error"]
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    for answer_ in (snapshot(state, "look"), snapshot(state, "store", expected=None, snapshot="two")):
        assert "symbolic link" in answer_["error"]
    path.unlink()
    (state / ID).chmod(0o777)
    assert "writable by others" in snapshot(state, "look")["error"]
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("expected", [None, "", "two", "one "])
def test_a_record_that_is_not_the_expected_one_stays(state, log, expected):
    commit(state, None, "one")
    refused = commit(state, expected, "mine")
    assert (refused["committed"], refused["attempt_log"]) == (False, "one")
    assert log.read_text() == "one"


def test_a_record_that_has_vanished_is_not_the_expected_one(state, log):
    commit(state, None, "one")
    log.unlink()
    assert commit(state, "one", "two")["committed"] is False
    assert not log.exists()


def test_every_answer_travels_as_json_and_the_backup_encrypted(state, tmp_path):
    commit(state, None, "one")
    secret = "V0FCS-the-backup"
    _hostfiles.write_private(str(tmp_path / "backup.json"), secret)
    seen = look(state, str(tmp_path / "backup.json"))
    wire = json.dumps(seen)
    assert secret not in wire
    assert _encryption.decrypt(KEY, json.loads(wire)["backup"]) == secret


def test_a_look_writes_nothing(tmp_path, state):
    before = tree(tmp_path)
    look(state, str(tmp_path / "no" / "backup.json"))
    assert tree(tmp_path) == before
    commit(state, None, "one")
    before = tree(tmp_path)
    look(state, str(state / ID / "attempt_log.json"))
    assert tree(tmp_path) == before


def test_an_existing_private_folder_is_kept_as_it_is(state):
    os.mkdir(str(state), 0o750)
    assert commit(state, None, "one")["committed"]
    assert mode(state) == 0o750
    assert _hostfiles.make_directory(str(state)) is False


def kept(state, op, **more):
    where = {"state_dir": str(state), "number_dir": str(state / ID)}
    return _hostfiles.handle({"op": op, **where, **more})


def test_a_kept_file_is_private_and_written_only_where_it_is_new(tmp_path, state):
    key = _encryption.new_key()
    assert kept(state, "look_kept", names=["photo"], key=key)["kept"] == {"photo": None}
    assert kept(state, "keep", name="photo", text="one", check_mode=True) == {"changed": True}
    assert tree(tmp_path) == {}
    assert kept(state, "keep", name="photo", text="one", check_mode=False) == {"changed": True}
    before = (state / ID / "photo.json").stat().st_mtime_ns
    assert kept(state, "keep", name="photo", text="one", check_mode=False) == {"changed": False}
    assert (state / ID / "photo.json").stat().st_mtime_ns == before
    assert mode(state / ID / "photo.json") == 0o600 and mode(state / ID) == 0o700
    assert snapshot(state, "look")["photo"] is True
    seen = kept(state, "look_kept", names=["photo"], key=key)["kept"]["photo"]
    assert "one" not in seen and _encryption.decrypt(key, seen) == "one"


@pytest.mark.parametrize("name", ["attempt_log", "snapshot", "../photo", ""])
def test_no_other_file_is_kept(state, name):
    assert "no file of a number" in kept(state, "keep", name=name, text="x", check_mode=False)["error"]
    assert "no file of a number" in kept(state, "look_kept", names=[name], key="")["error"]
