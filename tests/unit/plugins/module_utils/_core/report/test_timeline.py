# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the timeline rule: spans, requests with their times, and how long a number was interrupted."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event as kinds
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import instant
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import history, timeline
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report.samples import (
    Number,
    at,
    event_of,
)
from hypothesis import given
from hypothesis import strategies as st

DONE, WAITED, UNKNOWN, WRONG_PIN = (Number(index, 8) for index in (1, 2, 3, 4))
ATTEMPT = {"at": "2026-11-21T22:00:00Z", "ended": "2026-11-21T22:00:03Z", "outcome": "registered", "code": None}


def told(number):
    return history.once([{"data": {}, **event} for event in number.events()])


def test_the_spans_of_a_number_that_waited():
    found = timeline.spans(told(WAITED))
    kinds = [(one["kind"], one["name"]) for one in found]
    assert kinds[0] == ("wait", "wa_register") and ("register", "wa_register") in kinds
    wait = found[0]
    assert instant(wait["until"]) - instant(wait["from"]) == 45.0 and "pause" in wait["text"]
    assert all(one["until"] for one in found)


def test_a_wait_whose_reason_changes_is_one_wait():
    lines = [event_of(0, "waiting", text="one"), event_of(5, "waiting", text="two"), event_of(9, "wait_ended")]
    (found,) = timeline.spans(lines)
    assert (found["from"], found["until"], found["text"]) == (at(0), at(9), "two")


def test_what_nobody_has_ended_has_no_end():
    (found,) = timeline.spans([event_of(0, "step_started", "wa_backup")])
    assert found["until"] is None


def test_an_end_without_a_beginning_begins_its_seconds_before():
    (found,) = timeline.spans([event_of(9, "step_ended", "wa_backup", seconds=4.0)])
    assert instant(found["from"]) == instant(at(5))
    assert timeline.spans([event_of(9, "step_ended", "wa_backup")]) == []


def test_the_interruption_is_from_the_call_to_its_confirmation():
    found = timeline.interruption(told(DONE), (), {}, {})
    assert found["open"] is False and found["seconds"] == pytest.approx(DONE.took, abs=0.002)
    registration = {"attempted_at": "2026-11-21T22:00:00Z", "confirmed_after": 2.5}
    assert timeline.interruption((), (), registration, {}) == {
        "from": "2026-11-21T22:00:00Z",
        "until": "2026-11-21T22:00:02Z",
        "seconds": 2.5,
        "open": False,
    }
    assert timeline.interruption((), [ATTEMPT], {}, {})["seconds"] == 3.0


def test_nobody_knows_the_end_of_an_unclear_or_dangerous_call():
    assert timeline.interruption(told(UNKNOWN), (), {}, {})["open"] is True
    assert timeline.interruption(told(WRONG_PIN), (), {}, {"code": 133005})["open"] is True
    assert timeline.interruption((), [{**ATTEMPT, "outcome": "intent", "ended": None}], {}, {})["open"] is True
    assert timeline.interruption((), [{**ATTEMPT, "outcome": "unconfirmed"}], {}, {})["open"] is True
    assert timeline.interruption((), [{**ATTEMPT, "outcome": "refused", "code": 133005}], {}, {})["open"] is True
    found = timeline.interruption((), (), {}, {"code": "unconfirmed"})
    assert found == {"from": None, "until": None, "seconds": None, "open": True}


def test_a_refused_call_ends_with_its_answer_and_one_that_never_left_is_none():
    answered = {"outcome": "failed", "code": 133006}
    lines = [event_of(0, "register_sent"), event_of(1, "register_answered", **answered)]
    assert timeline.interruption(lines, (), {}, {"code": 133006})["seconds"] == 1.0
    assert timeline.interruption((), [{**ATTEMPT, "outcome": "not sent"}], {}, {}) is None
    assert timeline.interruption((), (), {}, {"code": 190}) is None


def test_a_confirmation_that_could_not_be_had_ends_nothing():
    lines = [event_of(0, "register_sent"), event_of(120, "confirmed", outcome="unknown")]
    assert timeline.interruption(lines, (), {}, {})["open"] is True


def test_steps_of_the_whole_run_are_no_steps_of_a_number():
    lines = [event_of(0, "step_started", "wa_report"), event_of(1, "step_ended", "wa_report", seconds=1.0)]
    assert timeline.spans(lines) == []


def test_requests_have_the_times_of_their_steps():
    planned = DONE.results()["preflight"]["plan"]["requests"]
    found = timeline.requests(planned, timeline.spans(told(DONE)), told(DONE))
    assert [one["what"] for one in found] == planned
    assert all(one["at"] for one in found) and found[-1]["seconds"] == 1.4
    wrong = timeline.requests(planned, timeline.spans(told(WRONG_PIN)), told(WRONG_PIN))[-1]
    assert (wrong["code"], wrong["fbtrace_id"], wrong["outcome"]) == (133005, "AzByCxDwEvF", "failed")
    assert [one["at"] for one in timeline.requests(planned, [], [])] == [None, None, None]


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(kinds.EVENTS), st.sampled_from(["a", "b"])), max_size=25))
def test_any_events_make_spans_that_begin_before_they_end(lines):
    known = history.once([event_of(moment, kind, step) for moment, kind, step in lines])
    for one in timeline.spans(known):
        assert one["until"] is None or instant(one["from"]) <= instant(one["until"])
    found = timeline.interruption(known, (), {}, {})
    sent = [moment for moment, kind, _step in lines if kind == kinds.REGISTER_SENT]
    assert (found is None) == (not sent)
    assert found is None or found["open"] == (found["seconds"] is None)
