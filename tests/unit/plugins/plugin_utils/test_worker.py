# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what a task has in its worker: what it lets later tasks know, what it holds, what its number is called."""

from __future__ import annotations

import os

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.plugin_utils import _shared
from ansible_collections.wabiz.migration.plugins.plugin_utils._worker import Step, Worker

from .actions import action


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return tmp_path


def worker(host="h1", *changes):
    made = Worker(action(), {"inventory_hostname": host})
    for wording in changes:
        made.session.sent.add(wording)
    return made


def test_a_later_task_of_the_host_knows_what_was_sent():
    worker("h1", "POST a", "POST b").kept.close()
    worker("h1", "POST c", "POST a").kept.close()
    worker("h2", "POST d").kept.close()
    assert worker("h1", "POST e").session.sent.all_changes() == ["POST a", "POST b", "POST c", "POST e"]


def test_reads_leave_no_note(run_folder):
    worker("h1", "").kept.close()
    assert list(run_folder.rglob("*")) == []


def test_a_run_that_was_killed_has_no_later_task(run_folder, monkeypatch):
    """Its folder is gone, or about to be, and nobody would take away what a worker leaves there."""
    left = worker("h1", "POST register")
    monkeypatch.setattr(os, "getppid", lambda: 1)
    left.kept.close()
    assert list(run_folder.rglob("*")) == []


def test_what_cannot_be_noted_makes_no_failure_of_what_was_done(monkeypatch):
    def full(_name, _lines):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_shared, "note", full)
    worker("h1", "POST register").kept.close()


def test_a_slot_is_held_until_the_task_ends():
    first, second = worker("h1"), worker("h2")
    assert first.hold(_shared.slot("a WABA", 1)) is True
    assert second.hold(_shared.slot("a WABA", 1)) is False
    first.kept.close()
    assert second.hold(_shared.slot("a WABA", 1)) is True
    second.kept.close()


def test_a_number_is_called_by_the_option_its_variable_or_what_the_caller_knows():
    module = MODULES["wa_subscribe"]
    made = Worker(action(), {"inventory_hostname": "h1", "acme_phone_number_id": "106540352242923"})
    own = Step(module, params={"phone_number_id": "106540352242921"})
    assert made.named(own, "106540352242922").name.subject == "Number 106540352242921 (h1)"
    assert made.named(Step(module), "106540352242922").name.subject == "Number 106540352242922 (h1)"
    by_variable = Step(module, {"vars_prefix": "acme_"})
    assert made.named(by_variable).name.subject == "Number 106540352242923 (h1)"
