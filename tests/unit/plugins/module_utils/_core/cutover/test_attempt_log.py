# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the record rule: the budget of the moving window, the lease, a state machine over runs, kills and clocks."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.backup import utc
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.cutover.attempts import (
    HOUR,
    ID,
    NOW,
    attempt,
    begun,
    of,
)
from hypothesis import given
from hypothesis import strategies as st

OUTCOMES = (
    attempt_log.INTENT,
    attempt_log.REGISTERED,
    attempt_log.REFUSED,
    attempt_log.NOT_SENT,
    attempt_log.UNCONFIRMED,
    attempt_log.NO_EFFECT,
)


@pytest.mark.parametrize(
    ("attempts", "counted"),
    [
        ([], 0),
        ([attempt(0)], 1),
        ([attempt(71.9)], 1),
        ([attempt(72)], 0),
        ([attempt(100)], 0),
        # a clock that was set back: an attempt of the future counts
        ([attempt(-5)], 1),
        # what left and was never answered counts, what never left does not
        ([attempt(1, attempt_log.INTENT), attempt(2, attempt_log.UNCONFIRMED), attempt(3, attempt_log.NO_EFFECT)], 3),
        ([attempt(1, attempt_log.NOT_SENT), attempt(1, attempt_log.REGISTERED)], 1),
        # a time that nobody can read, or an outcome that nobody knows, counts
        ([{"at": None, "outcome": attempt_log.REFUSED}, {"at": "soon", "outcome": attempt_log.REFUSED}], 2),
        ([{"at": float("nan"), "outcome": attempt_log.REFUSED}], 1),
        ([attempt(1, "something new")], 1),
    ],
)
def test_the_budget_counts_what_may_count_at_meta(attempts, counted):
    assert len(attempt_log.attempts_in_window(of(*attempts), NOW)) == counted
    assert attempt_log.attempts_left(of(*attempts), NOW, 10, 2) == 8 - counted


@given(st.lists(st.tuples(st.floats(-200, 200), st.sampled_from(OUTCOMES)), max_size=15), st.floats(0, 100))
def test_the_budget_grows_with_time_only(rows, hours):
    kept = of(*(attempt(ago, outcome) for ago, outcome in rows))
    assert attempt_log.attempts_left(kept, NOW + hours * HOUR, 10, 2) >= attempt_log.attempts_left(kept, NOW, 10, 2)
    assert attempt_log.attempts_left(kept, NOW + 300 * HOUR, 10, 2) == 8


def test_an_intent():
    kept = begun()
    assert kept["revision"] == 1
    assert kept["number"] == "15550120001"
    assert kept["lease"] == {
        "run": "one",
        "controller": "controller",
        "process": 4711,
        "parent": 0,
        "namespace": "",
        "started": 0,
        "until": utc(NOW + 120),
    }
    assert attempt_log.open_attempt(kept) == kept["attempts"][-1]
    assert kept["attempts"][-1]["outcome"] == attempt_log.INTENT
    assert attempt_log.attempts_left(kept, NOW, 10, 2) == 7


# --- whether a number that has moved was compared


@pytest.mark.parametrize(
    ("attempts", "left"),
    [
        ([], False),
        ([attempt(1, attempt_log.REFUSED), attempt(1, attempt_log.NOT_SENT), attempt(1, attempt_log.NO_EFFECT)], False),
        ([attempt(1, attempt_log.REGISTERED)], True),
        ([attempt(1, attempt_log.INTENT)], True),
        ([attempt(2, attempt_log.NO_EFFECT), attempt(1, attempt_log.UNCONFIRMED)], True),
        ([{**attempt(1, attempt_log.REGISTERED), "verified_at": utc(NOW)}], False),
        ([{**attempt(1, attempt_log.REGISTERED), "verified_at": None}], True),
    ],
)
def test_what_was_moved_and_never_compared(attempts, left):
    assert attempt_log.unverified(of(*attempts)) == left


def test_a_comparison_is_noted_once():
    moved = attempt_log.with_outcome(begun(), NOW + 20, attempt_log.REGISTERED)
    assert attempt_log.unverified(moved)
    compared = attempt_log.with_verified(moved, NOW + 60)
    assert compared["attempts"][0]["verified_at"] == utc(NOW + 60) and compared["revision"] == moved["revision"] + 1
    assert not attempt_log.unverified(compared) and attempt_log.with_verified(compared, NOW + 90) is None
    assert "verified_at" not in moved["attempts"][0]
    assert attempt_log.parse(attempt_log.dump(compared), ID) == compared
    assert attempt_log.with_verified(attempt_log.fresh(ID), NOW) is None
    assert attempt_log.with_verified(begun(), NOW) is None, "an open attempt is closed by the register call"


@pytest.mark.parametrize(
    ("outcome", "still_open", "left"),
    [
        (attempt_log.REGISTERED, False, 7),
        (attempt_log.REFUSED, False, 7),
        (attempt_log.NOT_SENT, False, 8),
        (attempt_log.UNCONFIRMED, True, 7),
    ],
)
def test_an_outcome(outcome, still_open, left):
    kept = attempt_log.with_outcome(begun(), NOW + 20, outcome, 133005, "A1b2")
    assert kept["revision"] == 2
    assert kept["lease"] is None
    assert (attempt_log.open_attempt(kept) is not None) == still_open
    assert attempt_log.attempts_left(kept, NOW + 20, 10, 2) == left
    last = kept["attempts"][-1]
    assert (last["outcome"], last["code"], last["fbtrace_id"], last["ended"]) == (
        outcome,
        133005,
        "A1b2",
        utc(NOW + 20),
    )


def test_an_open_attempt_is_waited_for_until_no_answer_can_come():
    kept = attempt_log.with_intent(attempt_log.fresh(ID), NOW, NOW + 200, "one", "c", 1, "15550120001", NOW + 90)
    assert [attempt_log.still_open_for(kept, NOW + later) for later in (0, 60, 90, 1000)] == [90, 30, 0, 0]
    # without a time of its own, until the lease ends
    assert attempt_log.still_open_for(begun(), NOW) == 120
    assert attempt_log.still_open_for(attempt_log.with_outcome(kept, NOW, attempt_log.UNCONFIRMED), NOW + 60) == 30
    assert attempt_log.still_open_for(attempt_log.with_outcome(kept, NOW, attempt_log.REFUSED), NOW) == 0
    assert attempt_log.still_open_for(attempt_log.fresh(ID), NOW) == 0


@pytest.mark.parametrize("answer_by", [None, "soon", float("nan"), -1])
def test_an_open_attempt_whose_time_cannot_be_read_is_waited_for_the_longest(answer_by):
    kept = of({"at": utc(NOW), "answer_by": answer_by, "outcome": attempt_log.INTENT})
    assert attempt_log.still_open_for(kept, NOW + 1000) == attempt_log.LONGEST_WAIT


def test_an_intent_closes_what_was_open_as_without_effect_and_still_counts_it():
    for first in (begun(), attempt_log.with_outcome(begun(), NOW + 20, attempt_log.UNCONFIRMED)):
        kept = begun(first, NOW + HOUR, "two")
        assert [row["outcome"] for row in kept["attempts"]] == [attempt_log.NO_EFFECT, attempt_log.INTENT]
        assert attempt_log.attempts_left(kept, NOW + HOUR, 10, 2) == 6


def test_closed_attempts_are_never_rewritten():
    first = attempt_log.with_outcome(begun(), NOW + 20, attempt_log.REFUSED, 133015)
    second = attempt_log.with_outcome(begun(first, NOW + HOUR, "two"), NOW + HOUR + 20, attempt_log.REGISTERED)
    assert second["attempts"][0] == first["attempts"][0]


def test_no_step_changes_the_record_that_it_was_given():
    first = begun()
    before = copy.deepcopy(first)
    attempt_log.with_intent(first, NOW, NOW, "two", "c", 1, "1")
    attempt_log.with_outcome(first, NOW, attempt_log.REGISTERED)
    assert first == before


def test_a_record_reads_back_and_a_person_can_read_it():
    kept = attempt_log.with_outcome(begun(), NOW + 20, attempt_log.REFUSED, 133005, "A1b2")
    text = attempt_log.dump(kept)
    assert attempt_log.parse(text, ID) == kept
    assert text.endswith("}\n")
    assert '"outcome": "refused"' in text
    assert len(text.splitlines()) > 10
    assert attempt_log.parse(None, ID) == attempt_log.fresh(ID)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (attempt_log.dump(attempt_log.fresh(ID))[:-20], "not JSON"),
        ("[]", "not a wabiz.attempt_log/1"),
        ("null", "not a wabiz.attempt_log/1"),
        ("{}", "not a wabiz.attempt_log/1"),
        (attempt_log.dump({**attempt_log.fresh(ID), "format": "wabiz.attempt_log/2"}), "not a wabiz.attempt_log/1"),
        (attempt_log.dump(attempt_log.fresh("999")), "belongs to phone number ID 999"),
        (attempt_log.dump({**attempt_log.fresh(ID), "phone_number_id": int(ID)}), "belongs to"),
        (attempt_log.dump({**attempt_log.fresh(ID), "attempts": None}), "missing"),
        (attempt_log.dump({**attempt_log.fresh(ID), "revision": "1"}), "missing"),
        (attempt_log.dump({**attempt_log.fresh(ID), "attempts": [1]}), "no outcome"),
        (attempt_log.dump({**attempt_log.fresh(ID), "attempts": [{"at": utc(NOW)}]}), "no outcome"),
        (attempt_log.dump({**attempt_log.fresh(ID), "lease": "other_run"}), "lease"),
        (attempt_log.dump({**attempt_log.fresh(ID), "lease": {"run": "two"}}), "lease"),
        (attempt_log.dump({**attempt_log.fresh(ID), "lease": {"run": "two", "until": "soon"}}), "lease"),
    ],
)
def test_a_damaged_record_is_refused_in_words(text, why):
    with pytest.raises(ValueError, match=why):
        attempt_log.parse(text, ID)
