# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what a task lets the later tasks of its run know."""

from __future__ import annotations

import os

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.plugin_utils import _session, _shared


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return tmp_path


def reported(*changes):
    session = _session.session(lambda: "h1")
    for wording in changes:
        session.sent.add(wording)
    return session


def test_a_later_task_of_the_host_knows_what_was_sent():
    _session.keep("h1", reported("POST a", "POST b"), os.getppid())
    _session.keep("h1", reported("POST c", "POST a"), os.getppid())
    _session.keep("h2", reported("POST d"), os.getppid())
    assert reported("POST e").sent.all_changes() == ["POST a", "POST b", "POST c", "POST e"]


def test_reads_leave_no_note(run_folder):
    _session.keep("h1", reported(""), os.getppid())
    assert list(run_folder.rglob("*")) == []


def test_a_run_that_was_killed_has_no_later_task(run_folder):
    """Its folder is gone, or about to be, and nobody would take away what a worker leaves there."""
    _session.keep("h1", reported("POST register"), os.getppid() + 1)
    assert list(run_folder.rglob("*")) == []


def test_what_cannot_be_noted_makes_no_failure_of_what_was_done(monkeypatch):
    def full(_name, _lines):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_shared, "note", full)
    _session.keep("h1", reported("POST register"), os.getppid())
