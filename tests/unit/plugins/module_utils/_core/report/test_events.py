# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the events rule: what is an event, what is counted as damaged, and that nothing is told twice."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import events
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report.samples import at, event_of
from hypothesis import given
from hypothesis import strategies as st

LINE = event_of(3, "run_started")


def text(*found):
    return "".join(json.dumps(event) + "\n" for event in found)


def test_a_line_that_is_cut_is_counted_and_the_others_are_read():
    read = events.read((text(LINE) + text(event_of(5, "run_ended"))[:-9]).splitlines())
    assert [event["event"] for event in read.events] == ["run_started"] and read.damaged == 1
    assert events.read([]) == ((), 0) and events.read(["\n", " \n"]) == ((), 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "wabiz.event/2"},
        {"event": "something"},
        {"at": "yesterday"},
        {"run": None},
        {"text": ["a"]},
        {"seconds": "2"},
        {"data": "x"},
    ],
)
def test_what_is_no_event_is_damaged(changed):
    assert events.read([text({**LINE, **changed})]) == ((), 1)


@pytest.mark.parametrize("value", [1, None, [], "x", {"schema": events.SCHEMA}])
def test_another_value_is_no_event(value):
    assert events.read([json.dumps(value)]).damaged == 1


def test_a_key_that_is_left_out_has_its_default():
    least = {name: LINE[name] for name in ("schema", "at", "run", "event")}
    (event,) = events.read([text(least)]).events
    assert event["host"] == "" and event["code"] is None and event["wave"] is None and event["data"] == {}


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from(events.KINDS)), max_size=20), st.integers(1, 3))
def test_events_are_told_once_and_in_their_order(told, times):
    lines = [event_of(moment, kind) for moment, kind in told]
    read = events.read((text(*lines) * times).splitlines())
    assert len(read.events) == len(set(told)) and read.damaged == 0
    moments = [event["at"] for event in read.events]
    assert moments == sorted(moments) and set(moments) == {at(moment) for moment, _kind in told}
