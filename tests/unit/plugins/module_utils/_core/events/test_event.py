# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for events as lines: what is written is read, also from a file that a crash has cut."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from hypothesis import given
from hypothesis import strategies as st

AT = 1795760519.0225
SUBJECT = event.Subject("run-1", "berlin", "106540352242922", "+1 555-012-0001", "102290129340398", 2, event.CUTOVER)
TEXTS = st.text(max_size=700)


def made(kind=event.WAITING, subject=SUBJECT, at=AT, **fields):
    return event.build(subject, kind, at, **fields)


def test_an_event_has_every_key_of_the_contract_in_one_line_of_ascii():
    line = event.line(made(event.STEP_ENDED, seconds=1.23456, outcome="failed", code=133005, text="Ünwell\nhere"))
    assert line.count(b"\n") == 1 and line.isascii()
    assert json.loads(line) == {
        "schema": "wabiz.event/1",
        "at": "2026-11-27T06:21:59.022Z",
        "run": "run-1",
        "host": "berlin",
        "phone_number_id": "106540352242922",
        "number": "+1 555-012-0001",
        "waba_id": "102290129340398",
        "wave": 2,
        "phase": "cutover",
        "step": "",
        "event": "step_ended",
        "seconds": 1.235,
        "outcome": "failed",
        "code": 133005,
        "text": "Ünwell here",
        "check_mode": False,
    }


def test_data_is_there_only_where_there_is_any():
    assert made(data={"numbers": 3})["data"] == {"numbers": 3}
    assert "data" not in made(data=None) and "data" not in made(data={})


@given(TEXTS)
def test_a_text_is_one_printable_sentence_of_bounded_length(text):
    found = event.sentence(text)
    assert len(found) <= 500 and found.isprintable() and found == found.strip()


@given(st.floats(0, 4e9))
def test_a_moment_comes_back_to_the_millisecond(at):
    assert abs(event.moment_of(event.written(at)) - at) < 0.0011


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-27T06:21:59.022", "2026-11-27T06:21:59.022+01:00"])
def test_what_is_no_moment_in_utc_is_refused(at):
    with pytest.raises(ValueError):
        event.moment_of(at)


# --- reading

EVENTS = st.builds(
    lambda kind, host, text, code, seconds: made(
        kind, SUBJECT._replace(host=host), text=text, code=code, seconds=seconds
    ),
    st.sampled_from(event.EVENTS),
    st.text(max_size=20),
    st.one_of(TEXTS, st.just('{"schema":"wabiz.event/1","at"')),
    st.one_of(st.none(), st.text(max_size=8), st.integers(0, 999999)),
    st.one_of(st.none(), st.floats(0, 1e6)),
)


@given(st.lists(EVENTS, max_size=6), st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_what_is_written_is_read_whatever_the_pieces_are(events, sizes):
    data, reader, found = b"".join(map(event.line, events)), event.Reader(), []
    at = 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        found += reader.feed(data[at : at + size])
        at += size
    assert found == events and reader.close() == [] and reader.unreadable == 0


@given(EVENTS, EVENTS, st.data())
def test_a_line_that_was_cut_costs_no_other_one(first, second, draw):
    """A full disk or a kill leaves a part of a line, and the next writer appends to it."""
    line = event.line(first)
    cut = draw.draw(st.integers(0, len(line) - 2))
    reader = event.Reader()
    found = reader.feed(event.line(second) + line[:cut] + event.line(second))
    assert found == [second, second]
    assert reader.unreadable == (1 if cut else 0)


@given(EVENTS, st.data())
def test_a_last_line_may_be_incomplete(one, draw):
    line, reader = event.line(one), event.Reader()
    cut = draw.draw(st.integers(0, len(line) - 1))
    assert reader.feed(event.line(one) + line[:cut]) == [one]
    rest = reader.close()
    assert rest == ([one] if cut == len(line) - 1 else [])


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_fault(data):
    reader = event.Reader()
    found = reader.feed(data) + reader.close()
    assert all(event.is_event(one) for one in found)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "wabiz.event/2"},
        {"event": "exploded"},
        {"event": ["waiting"]},
        {"host": None},
        {"at": "now"},
        {"wave": "2"},
        {"wave": True},
        {"seconds": "3"},
        {"data": []},
    ],
)
def test_a_line_with_other_types_is_no_event(change):
    assert event.is_event(made()) and not event.is_event({**made(), **change})


def test_a_key_that_a_later_version_adds_is_no_fault():
    assert event.is_event({**made(), "later": 1})
