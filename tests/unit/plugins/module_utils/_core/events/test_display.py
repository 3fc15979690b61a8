# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for the lines of the display."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import display, event
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.events.script import Script
from hypothesis import given
from hypothesis import strategies as st


def under_way():
    run = Script(9).read("h1", "h2", "h3", "h4", "h5").planned(2, 5).moved("h1", seconds=2.0)
    run.moved("h2", wave=2, seconds=4.0).cutover("h3", wave=2)
    run.cutover("h4", event.WAITING, 2, text="Graph's rate limit is reached").wait(6)
    return run.cutover("h5", event.OUTCOME, 2, outcome="failed", text="WM110")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.00 s"),
        (0.4, "0.40 s"),
        (2.04, "2.0 s"),
        (12.9, "12 s"),
        (185, "3 min 05 s"),
        (3600, "1 h 00 min"),
        (7830, "2 h 10 min"),
    ],
)
def test_a_duration_is_readable(seconds, text):
    assert display.duration(seconds) == text


def test_the_line_of_a_pipe_says_all_of_it():
    run = under_way()
    assert display.pipe(run.state, run.now) == (
        "06:13:32Z Wave 2 of 2: 2 of 9 moved, 1 under way, 1 waiting, 1 failed, 4 left"
        " | 15.0 a minute, ends about 06:13:48Z"
        " | longest interruption 4.0 s: +1 555-2 (h2)"
        " | 1 number waits (6.0 s): Graph's rate limit is reached"
    )


def test_preflight_says_what_was_read_and_check_mode_that_it_is_a_dry_run():
    run = Script(3, check_mode=True).read("h1")
    assert "DRY RUN, Preflight: 1 of 3" in display.pipe(run.state, run.now)
    run = Script(3).read("h1", "h2").add(event.OUTCOME, "h2", outcome="blocked")
    assert "Preflight: 2 of 3 read, 1 blocked" in display.pipe(run.state, run.now)


@pytest.mark.parametrize("width", [120, 40, 12])
def test_the_live_view_fits_into_the_terminal(width):
    run = under_way()
    lines = display.live(run.state, run.now, width)
    assert len(lines) <= 14 and all(len(text) <= width for _kind, text in lines)
    assert [kind for kind, _text in lines][:2] == ["heading", "bar"]


def test_forty_columns_lose_no_count():
    run = under_way()
    text = " ".join(text for kind, text in display.live(run.state, run.now, 40) if kind == "counts")
    for part in ("2 of 9 moved", "1 under way", "1 waiting", "1 failed", "4 left"):
        assert part in text


def test_who_needs_somebody_is_named():
    run = Script(5)
    for at in range(5):
        run.add(event.NUMBER_ENDED, "h%d" % at, event.REPORT, outcome="failed")
    kind, text = display.live(run.state, run.now, 120)[-1]
    assert kind == "bad"
    assert text == "5 numbers need somebody: +1 555-0 (h0), +1 555-1 (h1), +1 555-2 (h2) and 2 more"


def test_many_reasons_are_counted():
    run = Script(9)
    for at in range(6):
        run.cutover("h%d" % at, event.WAITING, text="reason %d" % at)
    assert display.waits(run.state, run.now)[-1] == "3 more reasons to wait"


def test_a_state_that_differs_in_what_matters_is_another_subject():
    run = under_way()
    before = display.subject(run.state)
    assert display.subject(run.cutover("h6", wave=2).state) == before, "one more number under way can wait"
    assert display.subject(run.cutover("h6", event.WAITING, 2, text="no slot").state) != before
    assert display.subject(under_way().cutover("h7", wave=3).state) != before
    assert display.subject(under_way().cutover("h3", event.OUTCOME, 2, outcome="unknown").state) != before


def test_the_end_names_a_number_whose_outcome_no_event_tells():
    run = Script(1).cutover("h1", event.REGISTER_SENT).wait(3).add(event.RUN_ENDED)
    first, second = display.summary(run.state, run.now)
    assert first.startswith("Migration: 0 of 1 moved, 1 under way in 3.0 s")
    assert second.startswith("+1 555-1 (h1): the register request was sent, and no answer is noted.")


def test_a_playbook_other_than_migrate_ends_under_its_own_name_and_states():
    for check_mode, heading in ((False, "Out of service"), (True, "DRY RUN, Out of service")):
        run = Script(2, check_mode).cutover("h1").wait(3)
        run.add(event.OUTCOME, data={"title": "Out of service", "states": {"retired": 1, "failed": 1}})
        assert display.summary(run.state, run.now)[0].startswith(heading + ": 1 retired, 1 failed in 3.0 s")


@given(st.text(max_size=60), st.integers(1, 60))
def test_no_text_is_wider_than_the_terminal_or_controls_it(text, width):
    run = Script(1).cutover("h1", event.WAITING, text=text)
    for _kind, line in display.live(run.state, run.now, width):
        assert len(line) <= width and line.isprintable()


def test_a_fleet_of_a_thousand_has_as_many_lines_as_one_of_ten():
    sizes = []
    for count in (10, 1000):
        run = Script(count).planned(count)
        for at in range(count // 2):
            run.moved("h%d" % at, seconds=0.5)
            run.cutover("w%d" % at, event.WAITING, text="reason %d" % (at % 5))
        sizes.append(len(display.live(run.state, run.now, 80)))
    assert sizes[0] == sizes[1] <= 14
