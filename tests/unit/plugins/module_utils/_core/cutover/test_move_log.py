# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attempt log keeps of a move to another WABA: one request, its outcome, and what may follow it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, log_chain, move_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_790_000_000.0
OUTCOMES = (
    attempt_log.INTENT,
    attempt_log.UNCONFIRMED,
    attempt_log.REFUSED,
    attempt_log.NOT_SENT,
    move_log.MOVED,
)


def requested(log: Any = None, at: float = NOW, outcome: str = "", new: str = "") -> dict[str, Any]:
    log = log or attempt_log.fresh("100")
    log = move_log.with_entry(log, at, at + 45, "run-1", "200", "+1 631-555-1019")
    return log if not outcome else move_log.with_outcome(log, at + 1, outcome, new)


def test_a_request_is_logged_with_its_target_and_its_number() -> None:
    log = requested()
    assert log["number"] == "+1 631-555-1019"
    assert move_log.last(log)["target_waba_id"] == "200"
    assert move_log.is_open(move_log.latest(log, NOW))
    assert move_log.answer_in(move_log.latest(log, NOW), NOW + 5) == 40
    assert attempt_log.parse(attempt_log.dump(log), "100") == log


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_a_refusal_or_what_was_not_sent_allows_another_one(outcome: str) -> None:
    log = requested(outcome=outcome if outcome != attempt_log.INTENT else "", new="300")
    found = move_log.latest(log, NOW + 10)
    if outcome in (attempt_log.REFUSED, attempt_log.NOT_SENT):
        assert found is None
        assert move_log.moved_away(log, NOW + 10) == []
    else:
        assert found is not None
        assert found["outcome"] == outcome
        (failure,) = move_log.moved_away(log, NOW + 10)
        assert failure.code == "moved_away"
        assert move_log.is_open(found) == (outcome != move_log.MOVED)


def test_the_lines_to_change_are_named() -> None:
    (failure,) = move_log.moved_away(requested(outcome=move_log.MOVED, new="300"), NOW)
    assert 'O(phone_number_id): "300", O(waba_id): "200", O(lane): code' in failure.details
    (unseen,) = move_log.moved_away(requested(), NOW)
    assert "O(lane): waba" in unseen.details


@pytest.mark.parametrize(
    ("lost_at", "counts"),
    [(None, True), (NOW - 1, True), (NOW, True), (NOW + 1, False), (NOW + 900, True)],
)
def test_a_request_counts_until_somebody_says_that_it_is_lost(lost_at: float | None, counts: bool) -> None:
    log = requested(outcome=attempt_log.UNCONFIRMED)
    assert (move_log.latest(log, NOW + 60, lost_at) is not None) == counts
    again = requested(log, at=NOW + 120)
    assert move_log.latest(again, NOW + 180, NOW + 60) is not None


def test_an_answer_with_an_id_is_told_although_the_list_does_not_show_it() -> None:
    entry = move_log.last(requested(outcome=attempt_log.UNCONFIRMED, new="300"))
    assert "answered with the ID 300" in move_log.unconfirmed(entry).details
    assert utc(NOW) in move_log.unconfirmed(entry).details


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(["", "300"])), max_size=6))
def test_the_chain_stays_valid_and_the_last_one_that_left_decides(story: list[tuple[str, str]]) -> None:
    log = attempt_log.fresh("100")
    for at, (outcome, new) in enumerate(story):
        log = requested(log, NOW + 10 * at, outcome if outcome != attempt_log.INTENT else "", new)
        assert log_chain.faults(log) == []
    log = attempt_log.with_intent(log, NOW + 100, NOW + 200, "run", "host", 1, "n")
    assert log_chain.faults(log) == []
    left = [outcome for outcome, _new in story if outcome not in (attempt_log.REFUSED, attempt_log.NOT_SENT)]
    found = move_log.latest(log, NOW + 200)
    assert (found["outcome"] if found else None) == (left[-1] if left else None)


@pytest.mark.parametrize("log", [{}, {"moves": None}, {"moves": ["x", 1]}, {"moves": [{"outcome": "strange"}]}])
def test_what_the_log_does_not_hold_says_nothing(log: dict[str, Any]) -> None:
    assert move_log.latest(log, NOW) is None
