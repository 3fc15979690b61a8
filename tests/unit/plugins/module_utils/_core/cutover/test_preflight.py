# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the preflight rule: what a person should know before a number moves."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log, gate, preflight
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node, times

NOW = 1763769600.0
ID = "106540352242922"
GRAPH = {"display_phone_number": "+1 555-012-0001", "platform_type": "ON_PREMISE"}
OBSERVED = gate.ObservedState(
    phone_number_id=ID,
    number=GRAPH,
    node={"wa_id": "15550120001", "shards": 1, "expires_at": times.utc(NOW + 86400), "refused": []},
    node_trouble="",
    location=location.location(GRAPH, node.SERVING),
    belongs_to_waba=True,
    log=attempt_log.fresh(ID),
    backup=None,
    now=NOW,
)
DESIRED = gate.DesiredState("493817", True, "tacocat", 3600.0, False, False, False, 10, 2)
INTENT = attempt_log.with_intent(attempt_log.fresh(ID), NOW, NOW + 60, "two", "controller", 4711, "15550120001")
UNCONFIRMED = attempt_log.with_outcome(INTENT, NOW, attempt_log.UNCONFIRMED)


@pytest.mark.parametrize(
    ("observed", "desired", "now", "codes"),
    [
        ({}, {}, NOW, []),
        ({"node": None}, {}, NOW, []),
        ({"log": INTENT}, {}, NOW, ["other_run", "open_attempt"]),
        ({"log": INTENT, "now": NOW + 61}, {}, NOW, ["open_attempt"]),
        ({"log": UNCONFIRMED}, {}, NOW, ["open_attempt"]),
        ({"log": attempt_log.with_outcome(INTENT, NOW, attempt_log.REFUSED)}, {}, NOW, []),
        ({}, {}, NOW + 300, []),
        ({}, {}, NOW + 301, ["clock_skew"]),
        ({}, {}, NOW - 301, ["clock_skew"]),
        ({}, {"without_backup": True}, NOW, ["without_backup"]),
        ({}, {"pin_cleared": False}, NOW, ["pin_may_be_wrong"]),
        ({}, {"pin_cleared": False, "pin": None}, NOW, []),
    ],
)
def test_notes(observed, desired, now, codes):
    found = preflight.notes(dataclasses.replace(OBSERVED, **observed), dataclasses.replace(DESIRED, **desired), now)
    assert [note.code for note in found] == [*codes, "one_way"]


def test_only_a_number_that_would_move_is_told_that_there_is_no_way_back():
    observed = dataclasses.replace(OBSERVED, location=location.location(GRAPH, node.UNREACHABLE))
    assert preflight.notes(observed, DESIRED, NOW) == []


def test_what_is_still_to_be_subscribed_is_a_note():
    assert [note.code for note in preflight.notes(OBSERVED, DESIRED, NOW, True)] == ["not_subscribed", "one_way"]


def test_a_number_of_app_and_cloud_api_together_is_left_alone_and_told_so():
    note = preflight.coexistence({"status": "CONNECTED"})
    assert note.code == "coexistence" and "CONNECTED" in note.details
    assert "nothing else of it is changed" in note.details


def test_a_skew_is_told_in_seconds():
    note = preflight.notes(OBSERVED, DESIRED, NOW + 900)[0]
    assert "900 s" in note.details


@pytest.mark.parametrize(("enabled", "message"), [(True, "is on"), (False, "is off"), (None, "does not show whether")])
def test_the_note_on_the_pin_says_what_graph_knows(enabled, message):
    observed = dataclasses.replace(OBSERVED, number={**GRAPH, "is_pin_enabled": enabled})
    note = preflight.notes(observed, dataclasses.replace(DESIRED, pin_cleared=False), NOW)[0]
    assert note.code == "pin_may_be_wrong" and message in note.details and "133005" in note.details


def test_a_number_on_the_cloud_api_is_told_nothing_of_a_pin_that_is_not_sent():
    graph = {**GRAPH, "platform_type": "CLOUD_API", "is_pin_enabled": False}
    observed = dataclasses.replace(OBSERVED, number=graph, location=location.location(graph, node.NOT_ASKED))
    assert preflight.notes(observed, dataclasses.replace(DESIRED, pin_cleared=False), NOW) == []


def test_an_official_business_account_is_told_what_it_loses_without_a_backup():
    desired = dataclasses.replace(DESIRED, without_backup=True)
    for official, message in (
        (True, "It is an Official Business Account, and loses"),
        (None, "The number loses its"),
    ):
        observed = dataclasses.replace(OBSERVED, number={**GRAPH, "is_official_business_account": official})
        assert preflight.notes(observed, desired, NOW)[0].details.startswith(message)
