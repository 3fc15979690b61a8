# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _failure: the sentence that a person reads, the key that a program reads, several reasons as one."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._failure import (
    Failure,
    RefusedError,
    WabizError,
    combine,
    counted,
)
from hypothesis import given
from hypothesis import strategies as st

FULL = Failure(133005, "The PIN is wrong", "Two-step PIN mismatch.", "A1b2C3", False, "clear two-step verification.")


@pytest.mark.parametrize(
    ("failure", "number", "sentence"),
    [
        (
            FULL,
            "Number +1 555-012-0001 (berlin)",
            "Number +1 555-012-0001 (berlin): The PIN is wrong [133005]. Two-step PIN mismatch. fbtrace_id A1b2C3. "
            "It is NOT safe to run again. Next: clear two-step verification.",
        ),
        (Failure("no_pin", "No PIN is set"), "", "No PIN is set [no_pin]. It is safe to run again."),
        (Failure(1, "Why?", "It broke . "), "", "Why? [1]. It broke. It is safe to run again."),
    ],
)
def test_sentence(failure, number, sentence):
    assert failure.sentence(number) == sentence
    assert str(WabizError(failure, number.replace("Number ", ""))) == sentence


def test_the_cause_is_what_happened_and_nothing_else():
    assert FULL.cause() == "The PIN is wrong [133005]. Two-step PIN mismatch. fbtrace_id A1b2C3"
    assert Failure("no_pin", "No PIN is set", next_step="set one").cause() == "No PIN is set [no_pin]"


@pytest.mark.parametrize(
    ("count", "wording"),
    [(0, ("0 hosts", "0 hosts are")), (1, ("1 host", "1 host is")), (2, ("2 hosts", "2 hosts are"))],
)
def test_a_count_agrees_with_its_noun(count, wording):
    assert (counted(count, "host"), counted(count, "host is", "hosts are")) == wording


def test_what_was_sent_stands_before_the_word_on_running_again():
    assert FULL.sentence("15550120001", "Nothing was sent.").endswith(
        "fbtrace_id A1b2C3. Nothing was sent. It is NOT safe to run again. Next: clear two-step verification."
    )


def test_as_dict():
    assert FULL.as_dict() == {
        "code": 133005,
        "title": "The PIN is wrong",
        "details": "Two-step PIN mismatch.",
        "fbtrace_id": "A1b2C3",
        "safe_to_rerun": False,
        "next_step": "clear two-step verification.",
    }
    assert Failure(**FULL.as_dict()) == FULL


def test_an_error_carries_its_failure_and_number():
    error = RefusedError(FULL, "15550120001")
    assert isinstance(error, WabizError)
    assert (error.failure, error.number) == (FULL, "15550120001")
    assert WabizError(FULL).number == ""


def test_one_reason_stays_itself():
    assert combine([FULL]) is FULL


def test_several_reasons_are_told_in_one_message():
    reported = combine(
        [Failure("no_pin", "No PIN", next_step="set one."), Failure("budget", "Used up", "8 of 8."), FULL]
    )
    assert reported.code == "no_pin"
    assert reported.title == "3 blockers" and reported.next_step == "fix all of them, then run the same command again"
    assert reported.details == (
        "(1) No PIN [no_pin]. Next: set one. (2) Used up [budget]: 8 of 8. "
        "(3) The PIN is wrong [133005]: Two-step PIN mismatch. Next: clear two-step verification"
    )
    assert not reported.safe_to_rerun
    assert combine([Failure("a", "A"), Failure("b", "B")]).safe_to_rerun


texts = st.text(st.characters(whitelist_categories=("L", "Nd"), whitelist_characters=" .:,"), max_size=30)
failures = st.builds(
    Failure, st.integers() | st.sampled_from(["no_pin", "other_run"]), texts, texts, texts, st.booleans(), texts
)


@given(failures, st.sampled_from(["", "15550120001"]))
def test_a_sentence_holds_every_part_and_says_whether_it_is_safe(failure, number):
    sentence = failure.sentence(number)
    assert str(failure.code) in sentence
    assert number in sentence
    for part in (failure.title, failure.details, failure.fbtrace_id, failure.next_step):
        assert part.rstrip(". ") in sentence
    assert ("NOT safe" in sentence) == (not failure.safe_to_rerun)
    assert sentence.endswith(".")


@given(st.lists(failures, min_size=2, max_size=5))
def test_no_reason_is_left_out_and_one_unsafe_makes_all_unsafe(reasons):
    reported = combine(reasons)
    assert all("[%s]" % reason.code in reported.details for reason in reasons)
    assert reported.safe_to_rerun == all(reason.safe_to_rerun for reason in reasons)
