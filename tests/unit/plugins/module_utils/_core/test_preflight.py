# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the preflight rule: what a person should know, and the plan in its order, without a secret."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core import (
    backup,
    gate,
    node,
    place,
    preflight,
    record,
    subscription,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1763769600.0
ID = "106540352242922"
GRAPH = {"display_phone_number": "+1 555-012-0001", "platform_type": "ON_PREMISE"}
SIGHT = gate.Sight(
    phone_number_id=ID,
    number=GRAPH,
    node={"wa_id": "15550120001", "shards": 1, "expires_at": backup.utc(NOW + 86400), "refused": []},
    node_trouble="",
    place=place.place(GRAPH, node.SERVING),
    belongs_to_waba=True,
    record=record.fresh(ID),
    backup=None,
    now=NOW,
)
WISH = gate.Wish("493817", True, "tacocat", 3600.0, False, False, False, 10, 2)
INTENT = record.with_intent(record.fresh(ID), NOW, NOW + 60, "two", "controller", 4711, "15550120001")
UNSETTLED = record.with_outcome(INTENT, NOW, record.UNSETTLED)


def seen(**facts):
    return {"node": {**SIGHT.node, **facts}}


@pytest.mark.parametrize(
    ("sight", "wish", "now", "codes"),
    [
        ({}, {}, NOW, []),
        ({"node": None}, {}, NOW, []),
        ({"record": INTENT}, {}, NOW, ["held", "open_attempt"]),
        ({"record": INTENT, "now": NOW + 61}, {}, NOW, ["open_attempt"]),
        ({"record": UNSETTLED}, {}, NOW, ["open_attempt"]),
        ({"record": record.with_outcome(INTENT, NOW, record.REFUSED)}, {}, NOW, []),
        ({}, {}, NOW + 300, []),
        ({}, {}, NOW + 301, ["clock_skew"]),
        ({}, {}, NOW - 301, ["clock_skew"]),
        (seen(expires_at=backup.utc(NOW)), {}, NOW, ["client_expired"]),
        (seen(expires_at=backup.utc(NOW + 1)), {}, NOW, []),
        (seen(expires_at=None), {}, NOW, []),
        (seen(shards=2), {}, NOW, ["high_throughput"]),
        (seen(shards=None), {}, NOW, []),
        (seen(refused=["stats: Access denied [1005]", "profile: gone"]), {}, NOW, ["not_readable", "not_readable"]),
        ({}, {"without_backup": True}, NOW, ["without_backup"]),
        ({}, {"pin_cleared": False}, NOW, ["pin_may_be_wrong"]),
        ({}, {"pin_cleared": False, "pin": None}, NOW, []),
    ],
)
def test_notes(sight, wish, now, codes):
    found = preflight.notes(dataclasses.replace(SIGHT, **sight), dataclasses.replace(WISH, **wish), now)
    assert [note.code for note in found] == codes


def test_a_skew_is_told_in_seconds():
    (note,) = preflight.notes(SIGHT, WISH, NOW + 900)
    assert "900 s" in note.title


PARAMS = {
    "onprem_url": "https://localhost:9090",
    "graph_url": "https://graph.facebook.com",
    "graph_version": "v25.0",
    "phone_number_id": ID,
    "waba_id": "102290129340398",
    "override_callback_uri": "https://mine.example/hook",
    "verify_token": "meatyhamhock",
    "backup_password": "tacocat",
    "pin": "493817",
    "access_token": "EAAB",
    "clear_two_step": False,
    "without_backup": False,
}


def test_the_plan_of_a_cutover():
    steps = (subscription.SUBSCRIBE, subscription.SET_OVERRIDE)
    assert preflight.plan({**PARAMS, "clear_two_step": True}, steps, 7) == [
        "DELETE https://localhost:9090/v1/settings/account/two-step",
        "POST https://graph.facebook.com/v25.0/102290129340398/subscribed_apps",
        "POST https://graph.facebook.com/v25.0/102290129340398/subscribed_apps "
        '{"override_callback_uri": "https://mine.example/hook", "verify_token": "***"}',
        'POST https://localhost:9090/v1/settings/backup {"password": "***"}',
        "POST https://graph.facebook.com/v25.0/106540352242922/register "
        '{"messaging_product": "whatsapp", "pin": "***", "backup": {"password": "***", "data": "<the backup>"}} '
        "(once; 7 attempts left; two-step verification is cleared first, so the PIN cannot be wrong)",
    ]


def test_the_plan_without_a_backup_says_what_a_wrong_pin_does():
    (only,) = preflight.plan({**PARAMS, "without_backup": True}, (), 8)
    assert '"pin": "***"} (once; 8 attempts left; a wrong PIN' in only
    assert "133005" in only


@given(
    st.booleans(),
    st.booleans(),
    st.lists(
        st.sampled_from([subscription.SUBSCRIBE, subscription.SET_OVERRIDE, subscription.DROP_OVERRIDE]), max_size=2
    ),
    st.integers(-5, 10),
)
def test_a_plan_registers_once_and_last_and_shows_no_secret(clear, without, steps, left):
    lines = preflight.plan({**PARAMS, "clear_two_step": clear, "without_backup": without}, steps, left)
    assert ["/register " in line for line in lines] == [False] * (len(lines) - 1) + [True]
    assert len(lines) == clear + len(steps) + (not without) + 1
    text = "\n".join(lines)
    for secret in ("meatyhamhock", "tacocat", "493817", "EAAB"):
        assert secret not in text
