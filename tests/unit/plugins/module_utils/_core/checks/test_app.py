# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the app rule: the token, whose it is, how long it lasts, and what the app itself listens to."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import app
from hypothesis import given
from hypothesis import strategies as st

NOW = 1763769600.0
DAY = 86400
MINE = "700000000000001"
GOOD = {
    "app_id": MINE,
    "application": "Shop",
    "is_valid": True,
    "expires_at": 0,
    "data_access_expires_at": 0,
    "scopes": ["whatsapp_business_messaging", "whatsapp_business_management", "business_management"],
    "granular_scopes": [],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("secret", "named"),
    [
        ("700000000000001|abcdef", MINE),
        ("700000000000001|", MINE),
        ("EAAOfTheAppItself", ""),
        ("700000000000001", ""),
        ("app|secret", ""),
        ("|secret", ""),
        ("\u0661|secret", ""),
        ("", ""),
    ],
)
def test_an_app_access_token_may_name_its_app(secret, named):
    assert app.named_by(secret) == named


def test_an_unknown_app_is_told_with_both_ways_out():
    blocker, note = app.APP_UNKNOWN.failure("Graph said no"), app.not_inspected("Graph said no.")
    assert blocker.code == "app_unknown" and blocker.details == "Graph said no"
    assert "O(app_id)" in blocker.next_step and "WABIZ_APP_ACCESS_TOKEN" in blocker.next_step
    assert note.code == "not_readable" and "are unknown" in note.details


def codes(stated="", must_last=DAY, **facts):
    return [found.code for found in app.token_failures({**GOOD, **facts}, NOW + must_last, stated)]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, []),
        # granular scopes are never required
        ({"granular_scopes": None}, []),
        ({"is_valid": False}, ["token_invalid"]),
        ({"is_valid": False, "expires_at": 1, "scopes": []}, ["token_invalid"]),
        ({"is_valid": None}, []),
        ({"expires_at": NOW + DAY}, []),
        ({"expires_at": NOW + DAY - 1}, ["token_expires"]),
        ({"expires_at": NOW - 1}, ["token_expires"]),
        ({"expires_at": None}, []),
        ({"data_access_expires_at": NOW + DAY - 1}, ["data_access_expires"]),
        ({"data_access_expires_at": NOW + DAY}, []),
        ({"stated": MINE}, []),
        ({"stated": "700000000000002"}, ["other_app"]),
        ({"stated": "700000000000002", "app_id": None}, []),
        ({"scopes": ["whatsapp_business_management"]}, ["scope_missing"]),
        ({"scopes": []}, ["scope_missing"]),
        ({"scopes": None}, []),
        (
            {"expires_at": 1, "data_access_expires_at": 1, "stated": "7", "scopes": []},
            ["token_expires", "data_access_expires", "other_app", "scope_missing"],
        ),
    ],
)
def test_token(facts, wanted):
    assert codes(**facts) == wanted


def test_what_a_token_lacks_is_named():
    assert codes(must_last=0, expires_at=NOW) == []
    (found,) = app.token_failures({**GOOD, "scopes": ["whatsapp_business_management"]}, NOW + DAY, "")
    assert found.details.endswith("lacks whatsapp_business_messaging")
    (found,) = app.token_failures({"is_valid": False, "error": {"message": "It was revoked"}}, NOW + DAY, "")
    assert found.details == "It was revoked"


def row(**changes):
    return {
        "object": "whatsapp_business_account",
        "callback_url": "https://hooks.example.com",
        "active": True,
        "fields": [{"name": "messages", "version": "v25.0"}],
        **changes,
    }


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row()], None),
        ([row(object="page"), row()], None),
        ([row(fields=["messages"])], None),
        ([row(fields=None)], None),
        ([{"object": "whatsapp_business_account"}], None),
        ([row(active="true")], None),
        ([row(fields=[]), row()], None),
        ([], "has no webhook"),
        ([row(object="page")], "has no webhook"),
        ([row(active=False)], "is not active"),
        ([row(active="false")], "is not active"),
        ([row(fields=[{"name": "account_update"}])], "not subscribed to the field messages"),
        ([row(fields=[])], "not subscribed to the field messages"),
        ([row(active=False), row(fields=["account_update"])], "not subscribed"),
    ],
)
def test_webhook(rows, message):
    found = app.webhook_failures(rows, MINE)
    if message is None:
        assert found == []
    else:
        assert (
            [one.code for one in found] == ["app_webhook"] and message in found[0].details and MINE in found[0].details
        )


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, ANYTHING)), st.sampled_from(["", MINE]))
def test_a_token_answer_of_any_shape_is_judged(facts, stated):
    for found in app.token_failures(facts, NOW + DAY, stated):
        assert found.title and found.next_step


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(row(), ANYTHING)), max_size=3))
def test_subscriptions_of_any_shape_are_judged(rows):
    assert len(app.webhook_failures(rows, MINE)) <= 1
