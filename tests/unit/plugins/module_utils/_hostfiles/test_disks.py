# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hostfiles on disks that are full or read-only."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.wabiz.migration.tests.support import smalldisk
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._hostfiles.state import (
    ID,
    answer,
    commit,
    location,
    look,
    python,
    snapshot,
)


def test_a_file_that_may_not_grow_keeps_the_old_record(state, log):
    commit(state, None, "one")
    limited = python(
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "print(json.dumps(_hostfiles.handle(json.loads(sys.argv[1]))))",
        json.dumps({"op": "commit", **location(state), "expected": "one", "attempt_log": "x" * 5000}),
    )
    assert "File too large" in answer(limited)["error"]
    assert log.read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]


@pytest.mark.parametrize("kept", ["", "half a rec", "another text"])
@pytest.mark.parametrize("name", ["attempt_log", "snapshot"])
def test_what_the_disk_does_not_keep_is_no_success(state, monkeypatch, name, kept):
    """A disk can report a write as done and lose it; register may only be sent with the intent on it."""
    rename = os.rename

    def losing(source, target):
        rename(source, target)
        with open(target, "w") as stream:
            stream.write(kept)

    monkeypatch.setattr(os, "rename", losing)
    if name == "snapshot":
        reported = snapshot(state, "store", expected=None, snapshot="what was written")
    else:
        reported = commit(state, None, "what was written")
    assert "does not read back as it was written" in reported["error"]
    assert not reported.get("committed")


@pytest.fixture
def small_disk(tmp_path):
    with smalldisk.mounted(tmp_path / "disk", "64k") as disk:
        yield disk


def test_a_full_disk_keeps_the_old_record_and_leaves_nothing_behind(small_disk):
    state = small_disk.path / "state"
    assert commit(state, None, "one")["committed"]
    filler = small_disk.fill()
    assert "No space left" in commit(state, "one", "two" * 3000)["error"]
    assert (state / ID / "attempt_log.json").read_text() == "one"
    assert sorted(os.listdir(str(state / ID))) == [".lock", "attempt_log.json"]
    seen = look(state)
    assert (seen["attempt_log"], seen["faults"]) == ("one", ["%s has no space left" % (state / ID)])
    filler.unlink()
    assert look(state)["faults"] == []
    assert commit(state, "one", "two" * 3000)["committed"]


def test_a_read_only_disk_can_be_looked_at_and_not_written(small_disk):
    state = small_disk.path / "state"
    assert commit(state, None, "one")["committed"]
    small_disk.remount("ro")
    assert look(state)["attempt_log"] == "one"
    assert look(state)["faults"] == ["%s cannot be written by this user" % (state / ID)]
    assert "Read-only file system" in commit(state, "one", "two")["error"]
    assert "Read-only file system" in commit(small_disk.path / "other", None, "two")["error"]
    small_disk.remount("rw")
    assert (state / ID / "attempt_log.json").read_text() == "one"
