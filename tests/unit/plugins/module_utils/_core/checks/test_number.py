# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the number rule: what a preflight says of a number's own fields, and what is expected before the move."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import number
from hypothesis import given
from hypothesis import strategies as st

GOOD = {
    "verified_name": "Shop",
    "name_status": "APPROVED",
    "quality_rating": "GREEN",
    "account_mode": "LIVE",
    "is_official_business_account": False,
}


def health(can_send, *errors, **more):
    listed = [{"error_code": code, "error_description": "x"} for code in errors]
    one = {"entity_type": "PHONE_NUMBER", "id": "1", "can_send_message": can_send, "errors": listed, **more}
    return {"health_status": {"entities": [one, {"entity_type": "WABA", "id": "2", "can_send_message": "BLOCKED"}]}}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"name_status": "AVAILABLE_WITHOUT_REVIEW"}, []),
        ({"name_status": "DECLINED"}, ["name_status"]),
        ({"name_status": "PENDING_REVIEW"}, ["name_status"]),
        # the gate says that these cannot be registered at all
        ({"name_status": "NONE"}, []),
        ({"name_status": "EXPIRED"}, []),
        ({"quality_rating": "YELLOW"}, ["quality"]),
        ({"quality_rating": "RED"}, ["quality"]),
        ({"quality_rating": "NA"}, []),
        ({"quality_rating": "UNKNOWN"}, []),
        ({"account_mode": "SANDBOX"}, ["sandbox"]),
        # before the move no number can send with the Cloud API, and calls over SIP say nothing
        (health("BLOCKED", 141000, 138024), []),
        (health("LIMITED", "138024"), []),
        (health("BLOCKED", 141000, 131031), ["number_health"]),
        (health("LIMITED", additional_info=["Too new"]), ["number_health"]),
        (health("BLOCKED"), ["number_health"]),
        (health("AVAILABLE", 131031), []),
        (health(None), []),
        ({"is_official_business_account": True}, ["official_account"]),
        ({"is_official_business_account": "true"}, []),
    ],
)
def test_failures(changes, codes):
    assert [found.code for found in number.failures({**GOOD, **changes}, False)] == codes


def test_a_missing_field_is_no_finding():
    assert number.failures({}, False) == []
    # what is lost then is said elsewhere
    assert number.failures({"is_official_business_account": True}, True) == []


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "health_status"]),
        st.none()
        | st.text()
        | st.booleans()
        | st.dictionaries(st.just("entities"), st.lists(st.integers() | st.none())),
    )
)
def test_an_answer_of_any_shape_is_judged(body):
    for found in number.failures(body, False):
        assert found.title and found.next_step
