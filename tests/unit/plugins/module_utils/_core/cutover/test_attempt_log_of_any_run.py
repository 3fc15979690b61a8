# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the attempt log rule: any text, and any order of runs."""

from __future__ import annotations

import json

from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.cutover.attempts import (
    ID,
    NOW,
    begun,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["at", "outcome", "until", "run", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(attempt_log.fresh(ID))), json_values)
def test_a_record_that_parses_can_be_judged(field, value):
    try:
        kept = attempt_log.parse(json.dumps({**attempt_log.fresh(ID), field: value}), ID)
    except ValueError:
        return
    attempt_log.open_attempt(kept)
    attempt_log.attempts_left(kept, NOW, 10, 2)
    attempt_log.lease_holder(kept, NOW, "one")
    assert attempt_log.parse(attempt_log.dump(begun(kept)), ID)["lease"]["run"] == "one"


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        attempt_log.parse(text, ID)
    except ValueError as reason:
        assert str(reason)


class Runs(RuleBasedStateMachine):
    """Runs take the number, end, or die; the clock of the host jumps. The record on disk is what they share."""

    seen = Bundle("seen")

    @initialize()
    def start(self):
        self.now = NOW
        self.text = None
        self.posts = []  # (when, whether it may count)
        self.writer = None

    def disk(self):
        return attempt_log.parse(self.text, ID)

    @rule(target=seen)
    def look(self):
        """A run reads; what it then decides is by what it read."""
        return (self.text, self.now)

    @rule(looked=seen, run=st.sampled_from(["one", "two", "three"]))
    def begin(self, looked, run):
        text, now = looked
        kept = attempt_log.parse(text, ID)
        if attempt_log.lease_holder(kept, now, run) is not None or attempt_log.attempts_left(kept, now, 10, 2) <= 0:
            return
        intent = attempt_log.dump(attempt_log.with_intent(kept, now, now + 120, run, "c", 1, "15550120001"))
        if text == self.text:  # compare and set
            self.text, self.writer = intent, (run, intent)
            self.posts.append([now, True])
        else:
            # somebody has written meanwhile, so nothing is sent; every write has another revision
            assert attempt_log.parse(text, ID)["revision"] < self.disk()["revision"]

    @precondition(lambda self: self.writer is not None)
    @rule(
        outcome=st.sampled_from(
            [attempt_log.REGISTERED, attempt_log.REFUSED, attempt_log.NOT_SENT, attempt_log.UNCONFIRMED]
        )
    )
    def end(self, outcome):
        _run, intent = self.writer
        self.writer = None
        if intent == self.text:
            self.text = attempt_log.dump(attempt_log.with_outcome(attempt_log.parse(intent, ID), self.now, outcome))
            self.posts[-1][1] = outcome != attempt_log.NOT_SENT

    @rule()
    def die(self):
        self.writer = None

    @rule(seconds=st.integers(-600, 40 * 3600))
    def time_passes(self, seconds):
        self.now += seconds

    @invariant()
    def every_post_that_left_is_counted(self):
        if self.text is None:
            return
        kept = self.disk()
        assert len(kept["attempts"]) == len(self.posts)
        counted = sum(1 for when, counts in self.posts if counts and self.now - when < attempt_log.WINDOW)
        assert len(attempt_log.attempts_in_window(kept, self.now)) == counted
        assert counted <= 8

    @invariant()
    def at_most_one_attempt_is_open_and_it_is_the_last(self):
        kept = self.disk()
        still_open = [
            row for row in kept["attempts"] if row["outcome"] in (attempt_log.INTENT, attempt_log.UNCONFIRMED)
        ]
        assert still_open in ([], kept["attempts"][-1:])
        assert attempt_log.open_attempt(kept) == (still_open[0] if still_open else None)
        # an intent is always under a lease, and a lease always has an intent
        assert (kept["lease"] is not None) == any(row["outcome"] == attempt_log.INTENT for row in kept["attempts"])


TestRuns = Runs.TestCase
TestRuns.settings = settings(max_examples=60, stateful_step_count=40)
