# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the events rule: what is an event, what is counted as damaged, and that nothing is told twice."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event as kinds
from ansible_collections.wabiz.migration.plugins.module_utils._core.report import history
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report.samples import at, event_of
from hypothesis import given
from hypothesis import strategies as st

LINE = event_of(3, "run_started")


def text(*found):
    return b"".join(map(kinds.line, found))


def test_a_line_that_is_cut_is_counted_and_the_others_are_read():
    read = history.read([text(LINE) + text(event_of(5, "run_ended"))[:-9]])
    assert [event["event"] for event in read.events] == ["run_started"] and read.damaged == 1
    assert history.read([]) == ((), 0) and history.read([b"\n", b" \n"]) == ((), 0)


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
    assert history.read([text({**LINE, **changed})]) == ((), 1)


@pytest.mark.parametrize("value", [1, None, [], "x", {"schema": kinds.SCHEMA}])
def test_another_value_is_no_event(value):
    assert history.read([json.dumps(value).encode()]).damaged == 1


def test_an_event_without_data_has_none():
    (event,) = history.read([text({name: value for name, value in LINE.items() if name != "data"})]).events
    assert event["data"] == {} and event["code"] is None


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from(kinds.EVENTS)), max_size=20), st.integers(1, 3))
def test_events_are_told_once_and_in_their_order(told, times):
    lines = [event_of(moment, kind) for moment, kind in told]
    read = history.read([text(*lines) * times])
    assert len(read.events) == len(set(told)) and read.damaged == 0
    moments = [event["at"] for event in read.events]
    assert moments == sorted(moments) and set(moments) == {at(moment) for moment, _kind in told}
