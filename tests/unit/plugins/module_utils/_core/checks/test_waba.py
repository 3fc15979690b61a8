# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the WABA rule: review, verification in both spellings, status, health; a missing field is no finding."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import waba
from hypothesis import given
from hypothesis import strategies as st

GOOD = {
    "id": "200000000000000",
    "name": "Shop",
    "status": "ACTIVE",
    "account_review_status": "APPROVED",
    "business_verification_status": "verified",
    "primary_funding_id": "300000000000001",
    "health_status": {"entities": [{"entity_type": "WABA", "id": "2", "can_send_message": "AVAILABLE"}]},
}


def entity(kind, **more):
    return {"health_status": {"entities": [{"entity_type": kind, "id": "1", **more}]}}


BLOCKED = {"can_send_message": "BLOCKED", "errors": [{"error_code": 141006, "error_description": "Payment"}]}
NOT_SUBSCRIBED = {"can_send_message": "LIMITED", "additional_info": ["Your app is not subscribed"]}


@pytest.mark.parametrize(
    ("changes", "subscribes", "codes"),
    [
        ({}, False, []),
        ({"account_review_status": "approved", "business_verification_status": "VERIFIED"}, False, []),
        ({"account_review_status": "PENDING"}, False, ["waba_review"]),
        ({"account_review_status": "REJECTED"}, False, ["waba_review"]),
        ({"business_verification_status": "UNVERIFIED"}, False, ["business_unverified"]),
        ({"business_verification_status": "pending_need_more_info"}, False, ["business_unverified"]),
        ({"status": "DISABLED"}, False, ["waba_health"]),
        ({"status": "restricted"}, False, ["waba_health"]),
        ({"status": "SOMETHING_NEW"}, False, []),
        (entity("WABA", **BLOCKED), False, ["waba_health"]),
        (entity("BUSINESS", **BLOCKED), True, ["waba_health"]),
        (entity("APP", **NOT_SUBSCRIBED), False, ["waba_health"]),
        # prepare subscribes it
        (entity("APP", **NOT_SUBSCRIBED), True, []),
        ({"health_status": None, "status": None}, False, []),
        ({"primary_funding_id": None}, False, ["no_payment"]),
        ({"primary_funding_id": ""}, True, ["no_payment"]),
    ],
)
def test_failures(changes, subscribes, codes):
    assert [found.code for found in waba.failures({**GOOD, **changes}, subscribes)] == codes


@given(st.dictionaries(st.sampled_from(waba.FIELDS), st.none() | st.text() | st.integers() | st.lists(st.integers())))
def test_an_answer_of_any_shape_is_judged(body):
    for found in waba.failures(body, False):
        assert found.title and found.next_step


def test_a_missing_field_is_no_finding_but_for_the_payment_method_which_is_left_out_where_there_is_none():
    assert [found.code for found in waba.failures({"id": "2"}, False)] == ["no_payment"]


def test_a_version_that_does_not_know_the_payment_method_is_a_note_only():
    (note,) = waba.failures({"id": "2"}, False, ["primary_funding_id"])
    assert note.code == "not_readable" and "primary_funding_id" in note.details
    assert waba.failures(GOOD, False, ["health_status"]) == []
