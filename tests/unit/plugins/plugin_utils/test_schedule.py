# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _hold: windows in time zones and over a change of the clocks; the freeze of a task that is shipped."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.sent import Sent
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import window
from ansible_collections.wabiz.migration.plugins.plugin_utils import _schedule
from hypothesis import given, settings
from hypothesis import strategies as st
from zoneinfo import ZoneInfo

UTC = timezone.utc
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")


def at(text):
    """Return UTC in seconds since the epoch of a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def spans(hours, zone, now, days="mon-sun"):
    rules, faults = window.read([{"days": days, "hours": hours, "timezone": zone}])
    assert faults == []
    return _schedule.spans(rules, at(now))


def near(found, moment):
    """Return the span that is open at or next after a moment, as texts in UTC."""
    (first, *_more) = [span for span in found if span.closes > at(moment)]
    return [datetime.fromtimestamp(end, UTC).strftime("%m-%d %H:%M") for end in first[:2]]


def test_over_midnight_the_window_belongs_to_the_day_on_which_it_begins():
    found = spans("22:00-04:00", "Europe/Paris", "2026-11-23T12:00", days="mon")  # a Monday
    assert near(found, "2026-11-23T12:00") == ["11-23 21:00", "11-24 03:00"]
    assert window.is_open(found, at("2026-11-24T02:59"))
    assert not window.is_open(found, at("2026-11-23T02:00")), "that night belongs to Sunday"
    tuesday = spans("22:00-04:00", "Europe/Paris", "2026-11-24T02:00", days="mon")
    assert window.is_open(tuesday, at("2026-11-24T02:00")), "seen from the day after, too"


def test_both_ends_are_reported_by_the_clock_of_the_zone():
    (first, *_more) = spans("22:00-04:00", "Asia/Kolkata", "2026-11-23T12:00", days="mon")
    assert first.text() == (
        "opens Mon 2026-11-23 22:00 IST (2026-11-23T16:30:00Z) and closes Tue 2026-11-24 04:00 IST"
        " (2026-11-23T22:30:00Z), Asia/Kolkata"
    )


# The clocks of Paris: 2027-03-28 02:00 becomes 03:00 (01:00 UTC); 2026-10-25 03:00 becomes 02:00 (01:00 UTC).
@pytest.mark.parametrize(
    ("hours", "now", "found"),
    [
        ("22:00-04:00", "2027-03-27T12:00", ["03-27 21:00", "03-28 02:00"]),
        ("22:00-02:30", "2027-03-27T12:00", ["03-27 21:00", "03-28 01:00"]),
        ("02:30-05:00", "2027-03-27T12:00", ["03-28 01:00", "03-28 03:00"]),
        # it does not come at all, so the next one is the one of the day after
        ("02:10-02:50", "2027-03-27T12:00", ["03-29 00:10", "03-29 00:50"]),
        ("22:00-04:00", "2026-10-24T12:00", ["10-24 20:00", "10-25 03:00"]),
        ("22:00-02:30", "2026-10-24T12:00", ["10-24 20:00", "10-25 00:30"]),
        ("02:30-05:00", "2026-10-24T12:00", ["10-25 00:30", "10-25 04:00"]),
        ("02:10-02:50", "2026-10-24T12:00", ["10-25 00:10", "10-25 00:50"]),
        ("01:30-02:00", "2026-10-24T12:00", ["10-24 23:30", "10-25 00:00"]),
    ],
)
def test_when_the_clocks_change(hours, now, found):
    assert near(spans(hours, "Europe/Paris", now), now) == found


def test_half_an_hour_of_change():
    """Lord Howe Island: 2026-10-04 02:00 becomes 02:30."""
    assert near(spans("02:15-03:00", "Australia/Lord_Howe", "2026-10-03T12:00"), "2026-10-03T12:00") == [
        "10-03 15:30",
        "10-03 16:00",
    ]


MOMENTS = st.integers(int(at("2026-01-01T00:00")) // 60, int(at("2027-12-31T00:00")) // 60).map(
    lambda minute: minute * 60
)
RULES = st.fixed_dictionaries(
    {
        "days": st.lists(st.sampled_from(window.DAYS), min_size=1, max_size=7),
        "hours": st.tuples(st.integers(0, 1439), st.integers(1, 1440))
        .filter(lambda pair: pair[0] != pair[1])
        .map(lambda pair: "%02d:%02d-%02d:%02d" % (*divmod(pair[0], 60), *divmod(pair[1], 60))),
        "timezone": st.sampled_from(ZONES),
    }
)


def by_the_wall(rule, now):
    """Tell whether a window is open by the clock on the wall, without any span."""
    wall = datetime.fromtimestamp(now, ZoneInfo(rule.timezone))
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        minutes = 24 * 60 * back + wall.hour * 60 + wall.minute
        if day.weekday() in rule.days and rule.begins <= minutes < rule.ends:
            return True
    return False


def steady(rule, now):
    """Tell whether the clock of the zone does not change within two days."""
    zone = ZoneInfo(rule.timezone)
    return len({datetime.fromtimestamp(now + hours * 3600, zone).utcoffset() for hours in range(-48, 49, 6)}) == 1


@settings(max_examples=200)
@given(st.lists(RULES, min_size=1, max_size=3), MOMENTS)
def test_spans_are_what_the_clock_on_the_wall_says(entries, now):
    rules, faults = window.read(entries)
    assert faults == []
    found = _schedule.spans(rules, now)
    if all(steady(rule, now) for rule in rules):
        assert window.is_open(found, now) == any(by_the_wall(rule, now) for rule in rules)
    coming = window.next_opening(found, now)
    last = window.closing(found, now)
    assert window.is_open(found, now) == (last is not None)
    assert last is not None or coming is not None, "a window comes back within a week"
    assert coming is None or coming.opens - now <= 15 * 86400


# --- faults, and tasks that are shipped


def params(**stated):
    return {"window": [], "freeze": None, "freeze_ca_path": None, **stated}


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe", "x" * 300, "\0"])
def test_an_unknown_zone(zone):
    stated = [{"hours": "22:00-04:00", "timezone": "UTC"}, {"hours": "22:00-04:00", "timezone": zone}]
    (fault,) = _schedule.confirm(params(window=stated), {"window": stated})
    assert fault.startswith("window: window 2: timezone: ") and "tzdata" in fault and len(fault) < 250


def test_windows_are_put_into_time_once():
    stated = [{"hours": "00:00-24:00", "timezone": "UTC"}]
    given_params = params(window=stated)
    assert _schedule.confirm(given_params, {"window": stated}) == []
    made = given_params["window"]
    assert window.is_data(made)
    assert _schedule.confirm(given_params, {"window": made}) == [] and given_params["window"] == made


def test_a_freeze_is_asked_for_here_only_where_the_task_is_shipped(tmp_path):
    file = tmp_path / "freeze"
    file.write_text("ask Ada")
    here = params(freeze=str(file))
    assert _schedule.confirm(here, {}) == [] and here["freeze"] == str(file)
    there = params(freeze=str(file))
    _schedule.switch(there, Sent())
    assert there["freeze"] == "frozen:%s: ask Ada" % file
    file.unlink()
    free = params(freeze=str(file))
    _schedule.switch(free, Sent())
    assert free["freeze"] is None
    asked = []
    _schedule.switch(params(freeze="frozen:x"), Sent(), lambda name, ask: asked.append(name) or ask())
    assert asked == ["freeze frozen:x"]
