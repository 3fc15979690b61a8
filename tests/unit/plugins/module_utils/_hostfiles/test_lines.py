# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A log that grows by lines: compare and set, what is cut off, and what is no private file."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _hostfiles, _hostlines


@pytest.fixture
def append(tmp_path):
    place = {"state_dir": str(tmp_path / "state"), "number_dir": str(tmp_path / "state" / "1")}

    def call(text, expected, at=None):
        request = {**place, "name": "notice_log", "text": text, "expected": expected}
        return _hostlines.append({**request, "at": expected if at is None else at}, None, ())

    call.path = tmp_path / "state" / "1" / "notice_log.jsonl"
    return call


def test_lines_are_added(append):
    assert append("one\n", 0)["size"] == 4
    found = append("twö\n", 4)
    assert (found["committed"], found["size"]) == (True, 9)
    assert append.path.read_text() == "one\ntwö\n"
    assert stat.S_IMODE(append.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("expected", [0, 3, 5])
def test_a_log_of_another_size_is_left_alone(append, expected):
    append("one\n", 0)
    assert append("two\n", expected)["committed"] is False
    assert append.path.read_text() == "one\n"


def test_what_a_killed_process_has_left_is_cut_off(append):
    append("one\n", 0)
    with append.path.open("a") as log:
        log.write("tw")
    assert append("two\n", 6, at=4)["size"] == 8
    assert append.path.read_text() == "one\ntwo\n"


@pytest.mark.parametrize("fault", ["readable", "symlink", "fifo", "folder"])
def test_what_is_no_private_file_is_refused(append, fault, tmp_path):
    append("one\n", 0)
    if fault == "readable":
        append.path.chmod(0o644)
    else:
        append.path.unlink()
    if fault == "symlink":
        (tmp_path / "elsewhere").write_text("one\n")
        append.path.symlink_to(tmp_path / "elsewhere")
    if fault == "fifo":
        os.mkfifo(append.path, 0o600)
    if fault == "folder":
        append.path.mkdir()
    with pytest.raises((_hostfiles.HostFileError, OSError)):
        append("two\n", 4)
