# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule that folds events into the state of a run."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event, outcome, state
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.events.script import Script, T
from hypothesis import given
from hypothesis import strategies as st


def states(script):
    return {host: number.state for host, number in script.state.numbers.items()}


def test_a_number_goes_from_read_to_moved():
    run = Script(2).read("h1")
    assert states(run) == {"h1": state.READY}
    run.planned(2).cutover("h1")
    assert states(run) == {"h1": state.UNDER_WAY}
    run.moved("h1")
    assert states(run) == {"h1": outcome.MOVED}
    assert run.state.counts() == state.Counts(2, 1, 0, 0, 0, 0, 0, 0, 0, 1)


def test_checks_after_the_move_leave_it_moved_and_a_failed_one_needs_somebody():
    run = Script(1).moved("h1").add(event.STEP_STARTED, "h1", event.VERIFY, "wa_health", 1)
    assert states(run) == {"h1": outcome.MOVED}
    run.add(event.STEP_ENDED, "h1", event.VERIFY, "wa_health", 1, outcome="failed")
    run.add(event.OUTCOME, "h1", event.VERIFY, "wa_health", 1, outcome="failed", text="it is BLOCKED")
    (bad,) = run.state.attention()
    assert (bad.host, bad.state, bad.text) == ("h1", "failed", "it is BLOCKED")


def test_a_wait_has_its_reason_until_anything_else_happens():
    run = Script(3).cutover("h1", event.WAITING, text="paused").wait(5).cutover("h2", event.WAITING, text="paused")
    run.cutover("h3", event.WAITING, text="no slot").wait(1).cutover("h1", event.WAITING, text="paused")
    assert run.state.waits() == [state.Wait("paused", 2, T), state.Wait("no slot", 1, T + 5)]
    assert run.state.counts().waiting == 3
    run.add(event.WAIT_ENDED, "h1", event.CUTOVER).cutover("h3")
    assert run.state.waits() == [state.Wait("paused", 1, T + 5)]
    assert states(run) == {"h1": state.UNDER_WAY, "h2": outcome.WAITING, "h3": state.UNDER_WAY}


def test_what_the_whole_wave_waits_for_ends_with_its_task():
    run = Script(1).add(event.WAITING, phase=event.CUTOVER, step="wa_wait", text="2 numbers wait: paused")
    assert run.state.wait == "2 numbers wait: paused"
    assert run.add(event.STEP_ENDED, phase=event.CUTOVER, step="wa_wait").state.wait == ""


# --- the interruption


def test_the_interruption_lasts_from_the_request_to_the_confirmation():
    run = Script(2).moved("h1", seconds=2.5).moved("h2", seconds=1.0)
    assert run.state.longest(run.now) == state.Interruption(2.5, "h1", "+1 555-1 (h1)")
    assert run.state.open_requests() == []


def test_an_interruption_that_is_not_over_counts_until_now():
    run = Script(1).cutover("h1", event.REGISTER_SENT).wait(7)
    assert run.state.longest(run.now).seconds == 7.0
    assert [number.host for number in run.state.open_requests()] == ["h1"]
    run.cutover("h1", event.REGISTER_ANSWERED, outcome="unknown").wait(3)
    assert run.state.longest(run.now).seconds == 10.0


def test_a_request_that_did_nothing_ends_its_interruption():
    run = Script(1).cutover("h1", event.REGISTER_SENT).wait(2)
    run.cutover("h1", event.REGISTER_ANSWERED, outcome="failed", code=133005).wait(60)
    assert run.state.longest(run.now).seconds == 2.0


def test_the_end_of_the_run_ends_what_is_counted():
    run = Script(1).cutover("h1", event.REGISTER_SENT).wait(2).add(event.RUN_ENDED).wait(1000)
    assert run.state.longest(run.now).seconds == 2.0
    assert run.state.ended == T + 2


# --- rate and estimate


def test_the_rate_is_of_reads_first_and_then_of_moves():
    run = Script(10).read("h1", "h2", "h3", "h4", seconds=1.0)
    assert run.state.progress() == (4, 10) and run.state.rate(run.now) == 60.0
    assert run.state.end(run.now) == run.now + 6.0
    run.planned(4).moved("h1", seconds=30.0)
    assert run.state.progress() == (1, 4)
    assert run.state.rate(run.now) is None, "one number is no rate"
    run.moved("h2", seconds=30.0)
    assert run.state.rate(run.now) == 2.0
    assert run.state.end(run.now) == run.now + 60.0


def test_there_is_no_estimate_when_all_are_done():
    run = Script(2).planned(2).moved("h1").moved("h2", wave=2)
    assert run.state.end(run.now) is None and run.state.rate(run.now) is not None
    assert run.state.wave == 2


def test_a_number_that_was_kept_out_is_neither_planned_nor_done():
    run = Script(2).read("h1", "h2").add(event.OUTCOME, "h2", outcome="blocked").planned(1)
    run.add(event.NUMBER_ENDED, "h2", event.REPORT, "wa_report", outcome="blocked", text="WM101").moved("h1")
    assert run.state.progress() == (1, 1)
    assert [number.text for number in run.state.attention()] == ["WM101"]


def test_those_of_whom_least_is_known_come_first():
    run = Script(3)
    for host, word in (("h1", "blocked"), ("h2", "failed"), ("h3", "unknown"), ("h0", "failed")):
        run.add(event.NUMBER_ENDED, host, event.REPORT, outcome=word)
    assert [number.host for number in run.state.attention()] == ["h3", "h0", "h2", "h1"]


# --- any events

HOSTS = st.sampled_from(["", "h1", "h2", "h3"])
ANY = st.builds(
    dict,
    kind=st.sampled_from(event.EVENTS),
    host=HOSTS,
    phase=st.sampled_from(event.PHASES),
    wave=st.one_of(st.none(), st.integers(1, 3)),
    outcome=st.sampled_from(("", *outcome.OUTCOMES)),
    text=st.sampled_from(["", "paused", "no slot"]),
    data=st.one_of(
        st.none(),
        st.fixed_dictionaries({"numbers": st.integers(-1, 5)}),
        st.fixed_dictionaries({"ready": st.one_of(st.none(), st.integers(0, 5)), "waves": st.just([1, 2])}),
    ),
)


@given(st.lists(st.tuples(ANY, st.floats(0, 100)), max_size=30))
def test_whatever_happens_the_counts_add_up(steps):
    run = Script(2)
    for fields, seconds in steps:
        run.add(**fields).wait(seconds)
    found, counts = run.state, run.state.counts()
    assert sum(counts[1:]) == counts.total >= len(found.numbers)
    assert all(count >= 0 for count in counts)
    done, most = found.progress()
    assert 0 <= done <= max(most, done)
    assert found.longest(run.now).seconds >= 0
    assert sum(wait.numbers for wait in found.waits()) <= len(found.numbers)


@pytest.mark.parametrize("word", sorted(set(outcome.OF_STATE.values())))
def test_every_outcome_of_the_table_is_a_state_that_is_counted(word):
    run = Script(1).add(event.NUMBER_ENDED, "h1", event.REPORT, outcome=word)
    counts = run.state.counts()
    assert counts.total == 1 and sum(counts[1:]) == 1
