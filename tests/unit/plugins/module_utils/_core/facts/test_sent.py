# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule on what was sent: one sentence, by what has left, that a message can be asked for again."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import sent
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from hypothesis import given
from hypothesis import strategies as st

CLEARED = "DELETE two-step verification on the node"


@pytest.mark.parametrize(
    ("changes", "reads", "unreported", "reported"),
    [
        ([], False, None, "Nothing was sent."),
        ([], True, None, "Only reads were sent."),
        ([CLEARED], True, None, "Sent before this: DELETE two-step verification on the node."),
        ([CLEARED, "POST register"], False, None, "Sent before this: %s; POST register." % CLEARED),
        # a module of which nobody heard: what it was for says what it may have sent
        ([], False, False, "At most reads were sent."),
        ([], True, False, "Only reads were sent."),
        ([], True, True, "What was sent is not known."),
        ([CLEARED], True, True, "Sent before this: %s. What else was sent is not known." % CLEARED),
        ([CLEARED], True, False, "Sent before this: %s." % CLEARED),
    ],
)
def test_the_sentence(changes, reads, unreported, reported):
    assert sent.sentence(changes, reads, unreported) == reported


def test_a_message_without_the_sentence():
    reported = Failure("no_pin", "No PIN is set", "Nothing was sent. It is red").sentence("1555")
    assert sent.of(reported) == ""
    assert sent.replaced(reported, "Nothing was sent.") == reported


wording = st.text(st.characters(whitelist_categories=("L", "Nd"), whitelist_characters=" .:,;[]"), max_size=40)
sentences = st.builds(
    sent.sentence,
    st.lists(
        st.sampled_from([CLEARED, "POST register", "POST subscribed_apps of WABA 1", "POST /v25.0/1/x"]), max_size=3
    ),
    st.booleans(),
    st.sampled_from([None, False, True]),
)
failures = st.builds(Failure, st.integers(1, 999), wording, wording, wording, st.booleans(), wording)


@given(failures, failures, sentences, sentences)
def test_the_sentence_of_a_message_is_found_and_replaced(inner, outer, first, second):
    """Also where the message quotes another one, which has a word on running again of its own."""
    quoting = Failure(outer.code, outer.title, inner.sentence("1555"), outer.fbtrace_id, outer.safe_to_rerun, "look")
    for failure in (outer, quoting):
        message = failure.sentence("1555", first)
        assert message.count(first) >= 1
        assert sent.of(message) == first
        assert sent.replaced(message, second) == failure.sentence("1555", second)
        assert sent.replaced(message, "") == failure.sentence("1555")
