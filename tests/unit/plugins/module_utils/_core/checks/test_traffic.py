# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the traffic rule: the shapes of the statistics, queues against a limit, rates from two samples."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import traffic
from hypothesis import given
from hypothesis import strategies as st

LIMITS = traffic.Limits(100, 60)
IN, OUT = (name for name, _path in traffic.COUNTERS)


def metric(value, kind="gauge", **labels):
    return {"data": [{"labels": labels, "value": value}], "help": "some help", "type": kind}


def sample(at=0.0, counters=None, **gauges):
    return {"taken_at": at, "gauges": gauges, "counters": counters or {}, "unread": []}


def through(at, count):
    return sample(at, {IN: count, OUT: 0.0}, callback_queue_size=0.0)


# --- shapes


def test_single_node():
    found = traffic.figures({"app": {"callback_queue_size": metric(450), IN: metric(9, "counter")}})
    assert found == {"gauges": {"callback_queue_size": 450.0}, "counters": {IN: 9.0}}


def test_labels_and_nodes_are_summed():
    pending = {
        "data": [{"labels": {"type": "a"}, "value": 8}, {"labels": {"type": "b"}, "value": 442}],
        "type": "gauge",
    }
    assert traffic.figures({"app": {"pending_callbacks": pending}})["gauges"] == {"pending_callbacks": 450.0}
    nodes = {"app": {"h1:c1": {"callback_queue_size": metric(450)}, "h2:c2": {"callback_queue_size": metric(10)}}}
    assert traffic.figures(nodes)["gauges"] == {"callback_queue_size": 460.0}


def test_the_database_is_told_by_the_primary_only():
    block = {"db": {"h1:c1": {}, "primary:c2": {"db_pending_messages": metric(7)}, "h3:c3": {}}}
    assert traffic.figures(block)["gauges"] == {"db_pending_messages": 7.0}
    # the same with the names the other way round
    assert traffic.figures({"primary": {"db": {"db_pending_messages": metric(7)}}, "h1": {}})["gauges"] == {
        "db_pending_messages": 7.0
    }


def test_a_metric_without_a_type_is_taken_for_both():
    assert traffic.figures({"app": {"x": {"data": [{"value": 1}]}}}) == {"gauges": {"x": 1.0}, "counters": {"x": 1.0}}


@pytest.mark.parametrize("value", [None, "450", True, float("nan"), float("inf"), 10**400, [], {}])
def test_what_is_no_figure_is_left_out(value):
    assert traffic.figures({"app": {"callback_queue_size": metric(value)}}) == {"gauges": {}, "counters": {}}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["app", "data", "value", "type", "callback_queue_size"]), inner, max_size=3
            )
        ),
        max_leaves=20,
    )
)
def test_any_answer_is_judged(block):
    taken = traffic.sample(1.0, [block])
    for one in (taken, block):
        judged = traffic.verdict(block, one, LIMITS)
        assert judged.word in (traffic.BUSY, traffic.QUIET, traffic.UNKNOWN)
        assert (judged.word == traffic.BUSY) == bool(judged.busy)


# --- queues


@pytest.mark.parametrize(("value", "word"), [(0, "quiet"), (100, "quiet"), (100.5, "busy"), (450, "busy")])
@pytest.mark.parametrize("name", [name for name, _path in traffic.QUEUES])
def test_a_queue_above_the_limit_is_busy(name, value, word):
    judged = traffic.verdict(None, sample(**{name: value}), LIMITS)
    assert judged.word == word
    assert judged.busy == (("%s is %g (limit 100)" % (name, value),) if word == "busy" else ())


def test_room_for_connections_is_no_work_that_waits():
    """Meta's sample of a healthy node has web_queue_len 128."""
    assert traffic.verdict(None, sample(web_queue_len=128.0, callback_queue_size=0.0), LIMITS).word == "quiet"


def test_the_metrics_of_the_webapp_count_too():
    taken = {**sample(callback_queue_size=0.0), "metrics": {"gauges": {"web_pending_connections": 101}, "counters": {}}}
    assert traffic.verdict(None, taken, LIMITS).busy == ("web_pending_connections is 101 (limit 100)",)


def test_a_missing_metric_is_worth_a_word_only_where_it_was_named_or_all_are_missing():
    assert not [
        text for text in traffic.verdict(None, sample(callback_queue_size=0), LIMITS).unknown if "report" in text
    ]
    named = LIMITS._replace(queues=("mine", "callback_queue_size"), named=("mine",))
    assert "the node does not report mine" in traffic.verdict(None, sample(callback_queue_size=0), named).unknown
    counters = LIMITS._replace(counters=("mine", IN), named=("mine",))
    assert traffic.verdict(through(0, 0), through(60, 0), counters).unknown == ("the node does not report mine",)
    nothing = traffic.verdict(None, sample(), LIMITS)
    assert nothing.word == traffic.UNKNOWN and "callback_queue_size" in nothing.unknown[0]
    assert traffic.verdict(None, None, LIMITS).word == traffic.UNKNOWN


def test_what_was_not_read_is_told():
    taken = {**sample(callback_queue_size=0.0), "unread": ["stats/db: Access denied [1005]"]}
    assert "stats/db: Access denied [1005]" in traffic.verdict(None, taken, LIMITS).unknown


# --- rates


@given(st.floats(1, 1e5), st.integers(0, 10**9), st.integers(0, 10**6), st.floats(0, 1e4, allow_subnormal=False))
def test_a_rate_is_the_difference_in_a_minute(elapsed, before, more, limit):
    judged = traffic.verdict(through(1e9, before), through(1e9 + elapsed, before + more), LIMITS._replace(rate=limit))
    passed = (1e9 + elapsed) - 1e9
    if passed >= traffic.SHORTEST:
        assert judged.rates[IN] == pytest.approx(more * 60 / passed)
        assert (judged.word == traffic.BUSY) == (judged.rates[IN] > limit)
    else:
        assert judged.rates == {}


@pytest.mark.parametrize("elapsed", [0.999, 0.0, -5.0])
def test_samples_too_close_together_tell_no_rate(elapsed):
    judged = traffic.verdict(through(100.0, 0), through(100.0 + elapsed, 10**6), LIMITS)
    assert (judged.word, judged.rates) == (traffic.QUIET, {})
    assert "apart" in judged.unknown[0]


@pytest.mark.parametrize("first", [None, {}, [], {"taken_at": "x"}, {"taken_at": None, "counters": {IN: 0}}])
def test_a_rate_needs_an_earlier_sample(first):
    judged = traffic.verdict(first, through(100.0, 10**6), LIMITS)
    assert judged.word == traffic.QUIET and "two samples" in judged.unknown[0]


def test_a_counter_that_went_down_is_unknown():
    judged = traffic.verdict(through(0, 5000), through(60, 100), LIMITS)
    assert judged.word == traffic.QUIET and IN not in judged.rates
    assert judged.unknown == (IN + " went down, as after a restart",)


def test_each_counter_has_the_limit_for_itself():
    first, second = sample(0, {IN: 0, OUT: 0}), sample(60, {IN: 60, OUT: 61})
    judged = traffic.verdict(first, second, LIMITS)
    assert judged.busy == (OUT + " grows by 61 a minute (limit 60)",)


def test_the_failures_name_the_figures():
    judged = traffic.verdict(None, sample(callback_queue_size=450), LIMITS)
    assert traffic.busy_failure(judged).details == "callback_queue_size is 450 (limit 100)"
    assert traffic.busy_failure(judged).safe_to_rerun and traffic.busy_failure(judged).next_step
    assert "two samples" in traffic.unknown_failure(judged).details
