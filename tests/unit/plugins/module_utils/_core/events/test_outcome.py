# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for what a step came to in the words of the events."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import outcome
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table

FAILED = {"failed": True, "failure": {"code": 133016, "title": "Too many attempts.", "details": "wait", "x": 1}}


@pytest.mark.parametrize(
    ("result", "word"),
    [
        (FAILED, "failed"),
        ({"waiting": True, "changed": False}, "waiting"),
        ({"changed": True}, "changed"),
        ({"changed": False}, "ok"),
        ({}, "ok"),
    ],
)
def test_what_a_step_came_to(result, word):
    assert outcome.of_step(result) == word


REGISTERED = {"changed": True, "registration": {"outcome": "registered"}}


@pytest.mark.parametrize(
    ("module_name", "result", "check_mode", "word"),
    [
        ("wa_preflight", {"blocked": True}, False, "blocked"),
        ("wa_preflight", {"blocked": False, "work": True}, False, "ok"),
        ("wa_preflight", {"blocked": False, "work": False}, False, "unchanged"),
        ("wa_preflight", FAILED, False, "blocked"),
        ("wa_backup", FAILED, False, "failed"),
        ("wa_backup", {"changed": True}, False, ""),
        ("wa_register", REGISTERED, False, "moved"),
        ("wa_register", REGISTERED, True, "would_move"),
        ("wa_register", {"changed": False, "registration": {"outcome": "already there"}}, False, "unchanged"),
        ("wa_register", {"changed": False, "registration": {"confirmed": True}}, False, "moved"),
        ("wa_register", {"waiting": True, "why": "paused"}, False, ""),
        ("wa_register", FAILED, False, "failed"),
        ("wa_register", {**FAILED, "would_be_refused": True}, True, "blocked"),
        ("wa_register", {"failed": True, "failure": {"code": "unconfirmed"}}, False, "unknown"),
    ],
)
def test_what_a_step_means_for_its_number(module_name, result, check_mode, word):
    assert outcome.of_number(module_name, result, check_mode) == word


def test_text_and_code_are_those_of_the_failure_or_of_the_wait():
    assert (outcome.code_of(FAILED), outcome.text_of(FAILED)) == (133016, "Too many attempts. wait")
    assert outcome.text_of({"waiting": True, "why": "paused"}) == "paused"
    assert (outcome.code_of({"changed": True}), outcome.text_of({"changed": True})) == (None, "")


def test_every_state_in_which_a_number_can_end_has_its_word():
    every = {value for name, value in vars(table).items() if name.isupper() and isinstance(value, str)}
    named = {
        *table.BAD,
        table.MOVED,
        table.WOULD_MOVE,
        table.UNCHANGED,
        table.READY,
        table.CHANGED,
        table.WAITING_FOR_CODE,
        table.WAITING_FOR_INVENTORY,
        table.NO_EVENT,
    }
    assert named <= every and named == set(outcome.OF_STATE)
    assert {outcome.OF_STATE[state] for state in table.BAD} == set(outcome.ATTENTION)
