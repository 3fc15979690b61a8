# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the health rule: the verdict by entity, calls over SIP left out, errors and notes kept anywhere."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import health
from hypothesis import given
from hypothesis import strategies as st

SIP = {"error_code": 138024, "error_description": "SIP is off", "possible_solution": "switch it on"}
PAYMENT = {"error_code": 141006, "error_description": "There is an error with the payment method."}
BUSY = {"error_code": 131057, "error_description": "Account in maintenance mode"}
ORDER = ("AVAILABLE", "LIMITED", "BLOCKED")


def entity(can_send="AVAILABLE", kind="PHONE_NUMBER", **more):
    return {"entity_type": kind, "id": "106540352242922", "can_send_message": can_send, **more}


def of(*entities, overall="AVAILABLE"):
    return {"can_send_message": overall, "entities": list(entities)}


@pytest.mark.parametrize(
    ("answer", "status", "verdict", "stable", "reasons"),
    [
        (of(entity(), entity(kind="WABA")), "CONNECTED", "AVAILABLE", True, []),
        # Meta's own example: blocked overall, because of calls over SIP, while every entity can send
        (
            of(entity(errors=[SIP]), entity(kind="APP", errors=[{"error_code": 138025}]), overall="BLOCKED"),
            "CONNECTED",
            "AVAILABLE",
            True,
            [],
        ),
        (of(entity(errors=[{"error_code": "138024"}])), "CONNECTED", "AVAILABLE", True, []),
        (
            of(entity(), entity("BLOCKED", "WABA", errors=[PAYMENT])),
            "CONNECTED",
            "BLOCKED",
            True,
            ["WABA 106540352242922: 141006 There is an error with the payment method."],
        ),
        # errors on a limited entity too
        (
            of(entity("LIMITED", "BUSINESS", errors=[PAYMENT, SIP])),
            "CONNECTED",
            "LIMITED",
            True,
            ["BUSINESS 106540352242922: 141006 There is an error with the payment method."],
        ),
        (
            of(entity("LIMITED", additional_info=["Your display name has not been approved yet."])),
            "CONNECTED",
            "LIMITED",
            True,
            ["PHONE_NUMBER 106540352242922: Your display name has not been approved yet."],
        ),
        # limited for SIP's sake only: the word itself is still a reason
        (
            of(entity("LIMITED", errors=[SIP])),
            "CONNECTED",
            "LIMITED",
            True,
            ["PHONE_NUMBER 106540352242922: can_send_message LIMITED"],
        ),
        (
            of(entity("PAUSED")),
            "CONNECTED",
            "BLOCKED",
            True,
            ["PHONE_NUMBER 106540352242922: can_send_message PAUSED is not known"],
        ),
        (
            of(entity(None)),
            None,
            "BLOCKED",
            True,
            ["PHONE_NUMBER 106540352242922: can_send_message UNKNOWN is not known"],
        ),
        (of(entity()), "PENDING", "AVAILABLE", False, ["the number is not connected yet"]),
        (
            of(entity("BLOCKED", errors=[BUSY])),
            "CONNECTED",
            "BLOCKED",
            False,
            ["PHONE_NUMBER 106540352242922: 131057 Account in maintenance mode", "the number is not connected yet"],
        ),
        (
            of(entity("BLOCKED", errors=[{"error_code": "131057"}])),
            "CONNECTED",
            "BLOCKED",
            False,
            ["PHONE_NUMBER 106540352242922: 131057 ", "the number is not connected yet"],
        ),
        (of(), "CONNECTED", "UNKNOWN", True, ["the answer names no entity"]),
        ({}, "CONNECTED", "UNKNOWN", True, ["the answer names no entity"]),
        (None, None, "UNKNOWN", True, ["the answer names no entity"]),
        ({"entities": "none"}, "CONNECTED", "UNKNOWN", True, ["the answer names no entity"]),
        ({"entities": ["x", None]}, "CONNECTED", "UNKNOWN", True, ["the answer names no entity"]),
    ],
)
def test_verdict(answer, status, verdict, stable, reasons):
    seen = health.verdict(answer, status)
    assert (seen.verdict, seen.stable, list(seen.reasons)) == (verdict, stable, reasons)


@pytest.mark.parametrize(
    ("verdict", "none", "limited", "available"),
    [
        ("AVAILABLE", True, True, True),
        ("LIMITED", True, True, False),
        ("BLOCKED", True, False, False),
        ("UNKNOWN", True, False, False),
    ],
)
def test_satisfies(verdict, none, limited, available):
    seen = health.Verdict(verdict, (), (), True)
    assert (seen.satisfies("none"), seen.satisfies("limited"), seen.satisfies("available")) == (
        none,
        limited,
        available,
    )


@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=5), st.sampled_from(ORDER))
def test_the_worst_entity_decides_and_the_overall_word_does_not(wording, overall):
    seen = health.verdict(of(*(entity(word) for word in wording), overall=overall))
    assert seen.verdict == max(wording, key=ORDER.index)
    assert (not seen.reasons) == (seen.verdict == "AVAILABLE")


@given(st.lists(st.integers(100000, 199999) | st.integers(138000, 138099), max_size=5))
def test_all_errors_but_those_of_sip_are_kept(codes):
    seen = health.verdict(of(entity("BLOCKED", errors=[{"error_code": code} for code in codes])))
    kept = [error["error_code"] for error in seen.entities[0]["errors"]]
    assert kept == [code for code in codes if code // 100 != 1380]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["entities", "can_send_message", "errors", "error_code", "additional_info", "id"]), inner
        )
    ),
    max_leaves=15,
)


@given(json_values)
def test_no_answer_is_available_without_an_entity_that_says_so(answer):
    assert health.verdict(answer).verdict != "AVAILABLE"


@pytest.mark.parametrize(
    ("answer", "wording"),
    [
        (of(entity(), entity(kind="WABA")), []),
        (of(entity("LIMITED", errors=[SIP])), []),
        (of(entity("BLOCKED", errors=[SIP, PAYMENT])), ["PHONE_NUMBER 106540352242922 is BLOCKED: 141006"]),
        (of(entity("BLOCKED", errors=[BUSY])), []),
        (of(entity("LIMITED", additional_info=["Too new"])), ["PHONE_NUMBER 106540352242922 is LIMITED: Too new"]),
        (of(entity("BLOCKED")), ["PHONE_NUMBER 106540352242922 is BLOCKED"]),
        (of(entity(None)), []),
        (of(entity("BLOCKED", kind="BUSINESS")), []),
        (of(), []),
        (None, []),
        ({"entities": [None, 3]}, []),
    ],
)
def test_limits_of_the_entities_that_are_asked_for(answer, wording):
    found = health.limits(answer, ("PHONE_NUMBER", "WABA"), ("131057",))
    assert len(found) == len(wording) and all(one.startswith(word) for one, word in zip(found, wording))
