# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the recovery rule: what a wrong PIN in the attempt log means, and whose word opens the way again."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, gate_findings, recovery
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node, times
from hypothesis import given
from hypothesis import strategies as st

NOW = 1795000000.0
ID = "106540352242922"
REFUSED = (attempt_log.REFUSED, 133005)
DOWN = {"serving": node.NOT_SERVING}


def attempt(outcome, code=None, at=NOW - 3600, trace=""):
    return {"at": times.utc(at), "outcome": outcome, "code": code, "fbtrace_id": trace}


def log(*rows):
    return {**attempt_log.fresh(ID), "attempts": [attempt(*row) for row in rows]}


@pytest.mark.parametrize(
    ("rows", "refused", "last"),
    [
        ((), None, None),
        ((REFUSED,), 0, 0),
        (((attempt_log.REFUSED, 133006),), None, 0),
        ((REFUSED, (attempt_log.NOT_SENT, None)), 0, 0),
        # another answer says nothing of the PIN, but it is the last one
        ((REFUSED, (attempt_log.REFUSED, 133006)), 0, 1),
        ((REFUSED, (attempt_log.NO_EFFECT, None)), 0, 1),
        ((REFUSED, (attempt_log.INTENT, None)), 0, 1),
        ((REFUSED, REFUSED), 1, 1),
        ((REFUSED, (attempt_log.REGISTERED, None)), None, 1),
        (((attempt_log.REGISTERED, None), REFUSED), 1, 1),
        (((attempt_log.NOT_SENT, 133005),), None, None),
        (((attempt_log.NO_EFFECT, 133005),), None, 0),
    ],
)
def test_the_log(rows, refused, last):
    found = log(*rows)
    assert recovery.refused_pin(found) is (None if refused is None else found["attempts"][refused])
    assert recovery.latest(found) is (None if last is None else found["attempts"][last])
    down = recovery.took_it_down(found, location.NEITHER, DOWN)
    assert down is (refused is not None and refused == last)


@pytest.mark.parametrize("where", [location.ON_PREMISES, location.CLOUD, location.UNKNOWN])
def test_only_a_number_on_neither_api_was_taken_down(where):
    assert not recovery.took_it_down(log(REFUSED), where, DOWN)


@pytest.mark.parametrize(
    "seen", [None, {}, *[{"serving": word} for word in (node.SERVING, node.UNCLEAR, node.UNREACHABLE, node.NOT_ASKED)]]
)
def test_the_node_itself_says_that_it_does_not_serve(seen):
    assert not recovery.took_it_down(log(REFUSED), location.NEITHER, seen)


@pytest.mark.parametrize(
    ("cleared", "changed_at", "expected"),
    [
        (False, None, False),
        (True, None, True),
        (False, NOW - 3600, False),  # the very moment of the attempt
        (False, NOW - 3599, True),
        (False, NOW - 3601, False),
        (False, NOW, True),
        (False, NOW + 300, True),
        # a statement about the future would count for wrong PINs to come
        (False, NOW + 301, False),
    ],
)
def test_whose_word_counts(cleared, changed_at, expected):
    assert recovery.answered(attempt(*REFUSED), cleared, changed_at, NOW) is expected


def test_an_attempt_without_a_time_is_answered_by_clearing_only():
    assert not recovery.answered({"at": "soon"}, False, NOW, NOW)
    assert recovery.answered({"at": "soon"}, True, None, NOW)


@given(st.floats(0, 2 * NOW), st.floats(0, 2 * NOW), st.floats(0, 2 * NOW))
def test_no_word_counts_for_a_wrong_pin_that_came_after_it(refused_at, changed_at, now):
    made = {"at": times.utc(refused_at)}
    if recovery.answered(made, False, changed_at, now):
        later = {"at": times.utc(now + 301)}
        assert not recovery.answered(later, False, changed_at, now + 302)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-26T14:03:00Z", "2026-11-26T14:03:00Z"),
        ("2026-11-26T15:03:00+01:00", "2026-11-26T14:03:00Z"),
        ("2026-11-26 14:03", "2026-11-26T14:03:00Z"),
        (datetime.datetime(2026, 11, 26, 14, 3, tzinfo=datetime.timezone.utc), "2026-11-26T14:03:00Z"),
    ],
)
def test_a_time_that_is_stated(value, expected):
    assert recovery.moment(value) == expected


@pytest.mark.parametrize("value", [True, 5, 1795000000, "yes", "today", [], "2026-13-01T00:00:00Z"])
def test_what_is_no_time(value):
    with pytest.raises(ValueError, match="a time like"):
        recovery.moment(value)


def test_what_is_told_of_the_refused_attempt():
    made = attempt(*REFUSED, trace="Atrace")
    failure = recovery.wrong_pin(made, location.NEITHER, 6, None, NOW)
    for wording in (made["at"], "133005", "The PIN was wrong", "Atrace", "6 attempts left"):
        assert wording in failure.details, wording
    for wording in ("WhatsApp Manager", "O(pin_changed_at)", made["at"], "O(clear_two_step): true"):
        assert wording in failure.next_step, wording
    assert not failure.safe_to_rerun
    assert "start the node" in recovery.wrong_pin(made, location.UNKNOWN, 1, None, NOW).next_step
    assert "not later than that request" in recovery.wrong_pin(made, location.NEITHER, 1, NOW - 3600, NOW).details
    assert "in the future" in recovery.wrong_pin(made, location.NEITHER, 1, NOW + 7200, NOW).details


def test_what_is_told_of_the_way_back():
    made = attempt(*REFUSED)
    message = recovery.after_wrong_pin(made, location.NEITHER, 7, False)
    assert (
        "on neither API" in message.details
        and "stored backup" in message.details
        and "7 attempts left" in message.details
    )
    assert "O(pin_changed_at)" in message.details
    cleared = recovery.after_wrong_pin(made, location.ON_PREMISES, 1, True)
    assert "neither" not in cleared.details and "O(clear_two_step)" in cleared.details
    assert "1 attempt left" in cleared.details


def test_the_next_step_after_a_refusal_leads_where_the_product_goes():
    at = times.utc(NOW)
    wrong = recovery.next_step(133005, at, location.ON_PREMISES)
    assert "do not guess again" in wrong and "O(pin_changed_at)" in wrong and at in wrong
    assert "O(backup_max_age): 0" in recovery.next_step(133006, at, location.ON_PREMISES)
    assert recovery.next_step(133006, at, location.NEITHER) == gate_findings.NEITHER_API.next_step
    assert (
        recovery.next_step(133016, at, location.NEITHER)
        == ""
        == recovery.next_step("read_timeout", at, location.NEITHER)
    )
