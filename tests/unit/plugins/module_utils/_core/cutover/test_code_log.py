# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of one-time codes: one request while one is pending, no code twice, limits before Meta's own."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, code_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts.times import utc
from hypothesis import given
from hypothesis import strategies as st

ID, TOKEN, NOW = "106540352242922", "EAAToken", 1763769600.0
CODES = st.from_regex(r"[0-9]{6}", fullmatch=True)


def asked(log=None, at=NOW, outcome=code_log.REQUESTED, **more):
    made = code_log.with_entry(log or attempt_log.fresh(ID), at, at + 45, code_log.REQUEST, "run-1", by="SMS")
    return code_log.with_outcome(made, at, outcome, **more)


def handed(log, digits, at=NOW, outcome=attempt_log.REFUSED, token=TOKEN, **more):
    kept = {"mark": code_log.mark(token, ID, digits), "key": code_log.key_name(token)}
    made = code_log.with_entry(log, at, at + 45, code_log.HANDED_IN, "run-1", **kept)
    return code_log.with_outcome(made, at, outcome, **more)


def test_an_attempt_log_without_codes_allows_a_request():
    log = attempt_log.fresh(ID)
    assert code_log.pending(log, NOW, 3600) is None
    assert code_log.no_request(log, NOW) is None
    assert code_log.no_code(log, TOKEN, ID, "123456") is None


@pytest.mark.parametrize("outcome", [code_log.REQUESTED, attempt_log.UNCONFIRMED, attempt_log.INTENT])
def test_a_code_stays_pending_whether_or_not_its_answer_was_seen(outcome):
    log = asked(outcome=outcome)
    assert code_log.pending(log, NOW + 3599, 3600)["at"] == utc(NOW)
    assert code_log.pending(log, NOW + 3600, 3600) is None


@pytest.mark.parametrize("outcome", [attempt_log.REFUSED, attempt_log.NOT_SENT])
def test_a_request_that_was_refused_is_not_pending(outcome):
    assert code_log.pending(asked(outcome=outcome), NOW, 3600) is None


def test_a_refused_request_leaves_the_code_before_it_pending():
    log = asked(asked(), at=NOW + 60, outcome=attempt_log.REFUSED, code=136024)
    assert code_log.pending(log, NOW + 61, 3600)["at"] == utc(NOW)


def test_a_lost_code_is_not_pending_and_the_statement_counts_once():
    log = asked()
    assert code_log.pending(log, NOW + 60, 3600, lost_at=NOW + 30) is None
    assert code_log.pending(log, NOW + 60, 3600, lost_at=NOW) is not None
    assert code_log.pending(log, NOW + 60, 3600, lost_at=NOW + 86400) is not None
    again = asked(log, at=NOW + 61)
    assert code_log.pending(again, NOW + 62, 3600, lost_at=NOW + 30) is not None


def test_a_code_that_was_taken_ends_the_request():
    log = handed(asked(), "123456", outcome=code_log.VERIFIED)
    assert code_log.pending(log, NOW, 3600) is None
    assert "mark" not in log["codes"][-1]


def test_a_request_of_a_time_that_cannot_be_read_stays_pending():
    log = asked()
    log["codes"][0]["at"] = "yesterday"
    assert code_log.pending(log, NOW + 1e7, 60) is not None


@pytest.mark.parametrize("subcode", [2388091, 2388093])
def test_a_refusal_that_does_not_pass_ends_all_requests(subcode):
    log = asked(outcome=attempt_log.REFUSED, code=136024, subcode=subcode, fbtrace_id="Abc")
    failure = code_log.no_request(log, NOW + 1e7)
    assert failure.code == "code_refused"
    assert str(subcode) in failure.details
    assert "Abc" in failure.details


def test_the_limit_of_meta_is_kept_until_its_time():
    log = asked(outcome=attempt_log.REFUSED, code=136024, subcode=2388367, wait=code_log.DAY)
    failure = code_log.no_request(log, NOW + 3600)
    assert failure.code == "code_limit"
    assert utc(NOW + code_log.DAY) in failure.details
    assert code_log.no_request(log, NOW + code_log.DAY) is None


def test_the_own_limit_is_kept_and_names_the_time():
    log = asked(asked(asked(), at=NOW + 60), at=NOW + 120)
    failure = code_log.no_request(log, NOW + 180)
    assert failure.code == "code_limit"
    assert utc(NOW + code_log.DAY) in failure.details
    assert code_log.no_request(log, NOW + 180, limit=4) is None
    assert code_log.no_request(log, NOW + code_log.DAY + 1) is None


def test_a_request_that_never_left_does_not_count():
    log = attempt_log.fresh(ID)
    for at in range(5):
        log = asked(log, at=NOW + at, outcome=attempt_log.NOT_SENT)
    assert code_log.no_request(log, NOW + 10) is None


@given(CODES, CODES)
def test_no_code_is_handed_in_twice(code, other):
    log = handed(asked(), code, code=136025)
    assert code_log.no_code(log, TOKEN, ID, code).code == "code_used"
    assert (code_log.no_code(log, TOKEN, ID, other) is None) == (code != other)
    # a new request does not make a used code a good one
    assert code_log.no_code(asked(log, at=NOW + 60), TOKEN, ID, code).code == "code_used"


@given(CODES)
def test_the_log_holds_no_code_and_nothing_that_can_be_searched_without_the_token(code):
    log = handed(asked(), code)
    text = json.dumps(log["codes"])
    assert code not in text.replace(log["codes"][-1]["mark"], "").replace(log["codes"][-1]["key"], "")
    assert code_log.mark("another token", ID, code) not in text
    assert code_log.mark(TOKEN, "999", code) not in text


def test_a_code_whose_answer_was_lost_is_not_sent_again():
    log = handed(asked(), "123456", outcome=attempt_log.UNCONFIRMED)
    assert "No answer" in code_log.no_code(log, TOKEN, ID, "123456").details


def test_a_code_that_never_left_may_be_sent():
    log = handed(asked(), "123456", outcome=attempt_log.NOT_SENT)
    assert code_log.no_code(log, TOKEN, ID, "123456") is None


def test_three_wrong_codes_are_enough_until_the_next_request():
    log = asked()
    for code in ("111111", "222222", "333333"):
        log = handed(log, code)
    assert code_log.no_code(log, TOKEN, ID, "123456").code == "wrong_codes"
    assert code_log.no_code(asked(log, at=NOW + 60), TOKEN, ID, "123456") is None
    refused = asked(log, at=NOW + 60, outcome=attempt_log.REFUSED)
    assert code_log.no_code(refused, TOKEN, ID, "123456").code == "wrong_codes"


def test_codes_of_another_token_cannot_be_compared():
    log = handed(asked(), "111111", token="the token before")
    assert code_log.no_code(log, TOKEN, ID, "123456").code == "code_not_comparable"
    assert code_log.no_code(asked(log, at=NOW + 60), TOKEN, ID, "123456") is None


def test_an_answer_is_waited_for_only_while_it_may_come():
    log = handed(asked(), "123456", outcome=attempt_log.UNCONFIRMED)
    assert code_log.open_hand_in(log, NOW + 5) == 40
    assert code_log.open_hand_in(log, NOW + 60) == 0
    assert code_log.open_hand_in(asked(), NOW) == 0


def test_the_register_attempts_do_not_change():
    log = handed(asked(), "123456")
    assert log["attempts"] == []
    assert attempt_log.parse(attempt_log.dump(log), ID) == log
    assert attempt_log.with_intent(log, NOW, NOW + 60, "run", "c", 1, "1555")["codes"] == log["codes"]
