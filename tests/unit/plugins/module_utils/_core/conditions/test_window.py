# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the window rule: what people write, and what spans say of a moment."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import window
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions.window import Rule, Span
from hypothesis import assume, given
from hypothesis import strategies as st

PARIS = "Europe/Paris"


def one(**entry):
    rules, faults = window.read([{"hours": "22:00-04:00", "timezone": PARIS, **entry}])
    assert faults == []
    return rules[0]


def faults_of(value):
    rules, faults = window.read(value)
    assert faults
    return faults, rules


# --- as it is written


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (["mon"], (0,)),
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        (["fri-mon"], (0, 4, 5, 6)),
        ("sat, sun", (5, 6)),
        (["Monday", "TUE-wed"], (0, 1, 2)),
        (["mon", "mon"], (0,)),
        ("sun-sat", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_days(days, found):
    assert one(days=days).days == found


def test_without_days_it_is_every_day():
    assert one() == Rule((0, 1, 2, 3, 4, 5, 6), 22 * 60, 28 * 60, PARIS)


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ("22:00-04:00", (1320, 1680)),
        ("9:30 - 17:00", (570, 1020)),
        ("00:00-24:00", (0, 1440)),
        ("23:00-00:00", (1380, 1440)),
        ("23:59-23:58", (1439, 2878)),
    ],
)
def test_hours(hours, found):
    assert one(hours=hours)[1:3] == found


@pytest.mark.parametrize(
    ("entry", "wording"),
    [
        ({"days": "caturday"}, "days: 'caturday' is not one of mon"),
        ({"days": []}, "days"),
        ({"days": 5}, "days"),
        ({"days": "mon-wed-fri"}, "days"),
        ({"days": "mon - "}, "days"),
        ({"hours": None}, "hours"),
        ({"hours": 1320}, "hours"),
        ({"hours": "22-04"}, "hours"),
        ({"hours": "24:00-04:00"}, "hours"),
        ({"hours": "22:60-04:00"}, "hours"),
        ({"hours": "22:00-25:00"}, "hours"),
        ({"hours": "22:00-24:01"}, "hours"),
        ({"hours": "22:00-22:00"}, "00:00-24:00"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"timezone": 1}, "timezone"),
        ({"zone": "UTC"}, "no key zone"),
    ],
)
def test_a_fault(entry, wording):
    (fault,), rules = faults_of([{"hours": "22:00-04:00", "timezone": PARIS, **entry}])
    assert fault.startswith("window 1: ") and wording in fault and rules == []


@pytest.mark.parametrize("value", ["mon-fri", {"days": "mon"}, 5, ["mon"], [["mon"]]])
def test_what_is_no_list_of_windows(value):
    faults_of(value)


def test_all_faults_at_once():
    faults, rules = faults_of([{"days": "x", "hours": "y"}, 7, {"hours": "01:00-02:00", "timezone": "UTC"}])
    assert len(faults) == 4 and len(rules) == 1


@pytest.mark.parametrize("value", [None, "", []])
def test_no_window(value):
    assert window.read(value) == ([], [])


# --- as spans


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=6
)


@given(SPANS, st.integers(-5, 90))
def test_open_agrees_with_both_ends(spans, now):
    last, coming = window.closing(spans, now), window.next_opening(spans, now)
    assert window.is_open(spans, now) == (last is not None)
    if last is not None:
        assert all(window.is_open(spans, moment) for moment in range(now, int(last.closes)))
        assert not window.is_open(spans, last.closes)
    elif coming is not None:
        assert not any(window.is_open(spans, moment) for moment in range(now, int(coming.opens)))
        assert window.is_open(spans, coming.opens)
    else:
        assert not any(window.is_open(spans, moment) for moment in range(now, 100))
    if coming is not None:
        assert not window.is_open(spans, coming.closes)
        assert all(window.is_open(spans, moment) for moment in range(int(coming.opens), int(coming.closes)))


@given(SPANS, st.integers(-5, 90), st.integers(1, 30))
def test_it_is_fine_only_while_it_is_open_for_long_enough(spans, now, needs):
    assume(spans)
    fine = all(window.is_open(spans, moment) for moment in range(now, now + needs))
    failure = window.failure(spans, now, needs)
    assert (failure is None) == fine
    assert failure is None or failure.code == "outside_window"


@given(SPANS, st.integers(-5, 90))
def test_the_end_is_when_it_was_open_for_the_last_time(spans, now):
    end = window.ends(spans, now)
    if end is None:
        assert not any(window.is_open(spans, moment) for moment in range(now, 100))
    else:
        assert window.is_open(spans, end - 1) and not window.is_open(spans, end)
        assert sum(window.is_open(spans, at) != window.is_open(spans, at + 1) for at in range(now, int(end))) <= 2


def test_no_span_at_all_is_always_open():
    assert window.failure([], 5.0, 90.0) is None


def test_the_words():
    spans = [Span(1000, 2000, "Mon 22:00 CET", "Tue 04:00 CET", PARIS), Span(9000, 9500, "later", "end", PARIS)]
    closed = window.failure(spans, 0, 90)
    assert closed.details == (
        "It is not open. The next window opens Mon 22:00 CET (1970-01-01T00:16:40Z) and closes Tue 04:00 CET "
        "(1970-01-01T00:33:20Z), " + PARIS
    )
    soon = window.failure(spans, 1950, 90)
    assert "in 50 s" in soon.details and "90 s" in soon.details and "opens later" in soon.details
    assert "two weeks" in window.failure(spans, 9999, 90).details
    assert closed.safe_to_rerun and closed.next_step


@given(SPANS)
def test_spans_survive_being_handed_over(spans):
    data = window.as_data(spans)
    assert window.of_data(data) == spans
    assert window.is_data(data) == bool(spans)
    assert not window.is_data([{"hours": "22:00-04:00"}])


@pytest.mark.parametrize("value", [[{"hours": "22:00-04:00"}], ["x"], [{"opens": 1}]])
def test_windows_that_nobody_has_put_into_time(value):
    with pytest.raises(ValueError, match="controller"):
        window.of_data(value)
