# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of the notice log: what is final for a recipient, what a torn line means, and that no number stands in it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import notice_log as rules
from hypothesis import given
from hypothesis import strategies as st

ID = "106540352242922"
NOW = 1_790_000_000.0
ONE, TWO = "4915550100102", "4915550100103"


def written(*steps):
    """Return the text of a log to which (number, outcome) were appended."""
    log, text = rules.parse(None, ID, "5a17"), ""
    for number, outcome in steps:
        line = rules.line(log, number, outcome, NOW)
        text += line
        log = rules.with_line(log, line, len(text))
    assert not steps or rules.parse(text, ID, "other") == log, "a log reads as the one that was kept in mind"
    return text


@pytest.mark.parametrize(
    ("outcomes", "final"),
    [
        ((), ""),
        ((rules.INTENT,), rules.UNKNOWN),
        ((rules.INTENT, rules.SENT), rules.SENT),
        ((rules.INTENT, rules.REFUSED), rules.REFUSED),
        ((rules.INTENT, rules.UNKNOWN), rules.UNKNOWN),
        ((rules.INTENT, rules.HELD_BACK), ""),
        ((rules.INTENT, rules.HELD_BACK, rules.INTENT), rules.UNKNOWN),
        ((rules.INTENT, rules.HELD_BACK, rules.INTENT, rules.SENT), rules.SENT),
    ],
)
def test_only_who_was_certainly_not_sent_the_notice_may_be_sent_it(outcomes, final):
    log = rules.parse(written(*((ONE, outcome) for outcome in outcomes)), ID, "5a17")
    assert log.final(ONE) == final
    assert log.final(TWO) == ""


def test_a_number_in_another_form_is_known_too():
    log = rules.parse(written(("5511987654321", rules.SENT)), ID, "x")
    assert log.final("551187654321") == rules.SENT


def test_no_number_is_in_it():
    text = written((ONE, rules.INTENT), (ONE, rules.SENT), (TWO, rules.INTENT))
    assert ONE not in text and TWO not in text and ONE[-4:] in text
    assert rules.mark("a", ONE) != rules.mark("b", ONE)


@given(st.integers(0, 2000))
def test_a_line_that_was_cut_counts_as_never_written(length):
    whole = written((ONE, rules.INTENT), (ONE, rules.SENT), (TWO, rules.INTENT))
    text = whole[:length]
    log = rules.parse(text, ID, "new")
    assert (log.size, log.whole) == (len(text), text.rfind("\n") + 1)
    lines = text.count("\n")
    assert log.final(ONE) == ("", "", rules.UNKNOWN, rules.SENT, rules.SENT)[lines]
    assert log.final(TWO) == (rules.UNKNOWN if lines == 4 else "")


@pytest.mark.parametrize(
    "text",
    [
        "x\n",
        "{}\n",
        json.dumps({"format": rules.FORMAT, "phone_number_id": "1", "salt": "a"}) + "\n",
        json.dumps({"format": rules.FORMAT, "phone_number_id": ID}) + "\n",
        json.dumps({"format": rules.FORMAT, "phone_number_id": ID, "salt": "a"}) + "\nx\n",
        json.dumps({"format": rules.FORMAT, "phone_number_id": ID, "salt": "a"}) + '\n{"to": "a"}\n',
        json.dumps({"format": rules.FORMAT, "phone_number_id": ID, "salt": "a"}) + "\n[]\n",
    ],
)
def test_a_damaged_log_is_refused(text):
    with pytest.raises(ValueError, match="it"):
        rules.parse(text, ID, "5a17")
