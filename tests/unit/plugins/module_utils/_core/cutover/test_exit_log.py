# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of the exit log: when a node's yes counts, what is open, and what may count at Meta."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import exit_log as log_rules
from hypothesis import given
from hypothesis import strategies as st

ID = "106540352242922"
NOW = 1_790_000_000.0


def logged(*steps):
    """Return a log of steps (what, seconds ago, outcome); an outcome of INTENT stays open."""
    log = log_rules.fresh(ID)
    for what, ago, outcome in steps:
        log = log_rules.with_intent(log, what, NOW - ago, NOW - ago + 75, "run")
        if outcome != log_rules.INTENT:
            log = log_rules.with_outcome(log, what, NOW - ago + 1, outcome)
    return log


@pytest.mark.parametrize(
    ("steps", "yes"),
    [
        ((), False),
        (((log_rules.ASK, 60, log_rules.DONE),), True),
        (((log_rules.ASK, 599, log_rules.DONE),), True),
        (((log_rules.ASK, 700, log_rules.DONE),), False),
        (((log_rules.ASK, 60, log_rules.REFUSED),), False),
        (((log_rules.ASK, 60, log_rules.INTENT),), False),
        (((log_rules.ASK, 60, log_rules.UNCONFIRMED),), False),
        (((log_rules.ASK, 90, log_rules.DONE), (log_rules.ASK, 60, log_rules.REFUSED)), False),
        (((log_rules.ASK, -4000, log_rules.DONE),), False),
        (((log_rules.DEREGISTER, 60, log_rules.DONE),), False),
    ],
)
def test_only_a_fresh_yes_of_the_node_counts(steps, yes):
    assert log_rules.said_yes(logged(*steps), NOW) is yes


@pytest.mark.parametrize(
    ("outcome", "left", "leaving"),
    [
        (log_rules.DONE, True, True),
        (log_rules.INTENT, False, True),
        (log_rules.UNCONFIRMED, False, True),
        (log_rules.REFUSED, False, False),
        (log_rules.NOT_SENT, False, False),
    ],
)
def test_a_number_has_left_only_where_reading_has_shown_it(outcome, left, leaving):
    log = logged((log_rules.DEREGISTER, 60, outcome))
    assert (log_rules.deregistered(log), log_rules.leaving(log)) == (left, leaving)


def test_an_open_request_is_waited_for_until_no_answer_can_come():
    event = log_rules.last(logged((log_rules.DEREGISTER, 60, log_rules.INTENT)), log_rules.DEREGISTER)
    assert log_rules.open_for(event, NOW) == pytest.approx(15, abs=1)
    assert log_rules.open_for(event, NOW + 60) == 0
    done = log_rules.last(logged((log_rules.DEREGISTER, 60, log_rules.DONE)), log_rules.DEREGISTER)
    assert log_rules.open_for(done, NOW) == log_rules.open_for(None, NOW) == 0


def test_a_new_intent_closes_the_open_one_without_effect():
    log = logged((log_rules.ASK, 90, log_rules.INTENT), (log_rules.ASK, 60, log_rules.INTENT))
    assert [event["outcome"] for event in log["events"]] == [log_rules.NO_EFFECT, log_rules.INTENT]


def test_the_window_counts_what_may_have_left():
    hour = 3600
    steps = [
        (log_rules.DEREGISTER, hour, outcome) for outcome in (log_rules.DONE, log_rules.REFUSED, log_rules.NOT_SENT)
    ]
    steps += [(log_rules.DEREGISTER, 73 * hour, log_rules.DONE), (log_rules.ASK, hour, log_rules.DONE)]
    assert len(log_rules.in_window(logged(*steps), log_rules.DEREGISTER, NOW)) == 2


KINDS = (log_rules.ASK, log_rules.VERIFY, log_rules.RESTORE, log_rules.DEREGISTER)
OUTCOMES = (log_rules.DONE, log_rules.REFUSED, log_rules.NOT_SENT, log_rules.UNCONFIRMED, log_rules.INTENT)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 300000), st.sampled_from(OUTCOMES)), max_size=8))
def test_any_log_reads_back_and_has_one_open_event_of_a_kind_at_most(steps):
    log = logged(*steps)
    assert log_rules.parse(log_rules.dump(log), ID) == log
    for kind in KINDS:
        assert sum(event["what"] == kind and log_rules.is_open(event) for event in log["events"]) <= 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "JSON"),
        ("[]", "document"),
        ('{"format": "other"}', "document"),
        (log_rules.dump(log_rules.fresh("1" * 15)), "phone number ID 1{15}"),
        (log_rules.dump({**log_rules.fresh(ID), "events": [{"what": "x"}]}), "outcome"),
    ],
)
def test_a_damaged_log_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        log_rules.parse(text, ID)
