# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the plan rule: what changes the digest of a plan, and what does not."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import approved, plan
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.approval.plan_facts import (
    BLOCKER,
    NODE,
    NOTE,
    OVERRIDE,
    PASSING,
    SUBSCRIBE,
    WARNING,
    facts,
)
from hypothesis import given
from hypothesis import strategies as st


def test_a_digest_is_no_number_for_a_survey():
    assert plan.digest(facts())[0] == "p" and len(plan.digest(facts())) == 25
    assert plan.fleet_digest([])[0] == "f"


def test_the_digest_is_the_same_in_every_version():
    """An approved plan outlives an upgrade: a change of what is digested has to be meant."""
    assert plan.digest({"a": [1, "é"], "b": None}) == "pe6ad993c7a569e941cdd65aa"
    assert sorted(facts()) == [
        "backup",
        "findings",
        "location",
        "node_url",
        "node_wa_id",
        "number",
        "override_callback_uri",
        "phone_number_id",
        "purpose",
        "requests",
        "verified",
        "waba_id",
        "waivers",
    ]


wording = st.text(max_size=20)


@given(
    st.dictionaries(
        st.sampled_from(["quality_rating", "throughput", "health_status", "status", "name_status"]), wording
    ),
    st.dictionaries(st.sampled_from(["serving", "gateway", "queues", "client_version", "expires_at"]), wording),
    st.lists(st.sampled_from([PASSING, NOTE, {**NOTE, "seen": "y"}]), max_size=3),
    wording,
)
def test_what_fluctuates_does_not_change_the_digest(number, node, findings, seen):
    same = facts(findings=[WARNING])
    assert plan.digest(same) == plan.digest(
        facts(number=number, node={**NODE, **node}, findings=[*findings, {**WARNING, "seen": seen, "fix": seen}])
    )
    whole = [plan.of_number(same, left, 10, 2, False)["digest"] for left in (None, 0, 8)]
    assert set(whole) == {plan.digest(same)}


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"phone_number_id": "106540352242923"}},
        {"params": {"waba_id": "102290129340399"}},
        {"params": {"onprem_url": "https://localhost:9091"}},
        {"params": {"graph_version": "v26.0"}},
        {"params": {"clear_two_step": True}},
        {"params": {"without_backup": True}},
        {"params": {"override_callback_uri": "https://other.example/hook"}},
        {"params": {"override_callback_uri": None}},
        {"params": {"data_localization_region": "DE"}},
        {"params": {"purpose": "marketing"}},
        {"number": {"display_phone_number": "+1 555-012-0002"}},
        {"number": {"code_verification_status": "EXPIRED"}},
        {"node": {"wa_id": "15550120002"}},
        {"node": None},
        {"location": "CLOUD"},
        {"location": "NEITHER"},
        {"steps": (SUBSCRIBE,)},
        {"steps": (OVERRIDE,)},
        {"findings": [WARNING]},
        {"findings": [BLOCKER]},
        {"findings": [{**BLOCKER, "waived": {"who": "ada"}}]},
    ],
)
def test_each_fact_that_decides_changes_the_digest_and_is_named(change):
    before, after = facts(), facts(**change)
    assert plan.digest(before) != plan.digest(after)
    reported = approved.differences(before, after)
    if "phone_number_id" not in change.get("params", {}):
        assert reported and "does not know" not in reported[0]
    assert approved.differences(before, before)[0].startswith("a fact of a kind")


def test_a_freeze_that_comes_and_goes_leaves_the_plan_as_it_is():
    frozen = {"id": "WM157", "severity": "blocker", "seen": "x", "fix": ""}
    assert facts(findings=[frozen]) == facts() != facts(findings=[frozen, BLOCKER])


def test_an_override_that_somebody_has_set_changes_the_digest():
    unset = {"override_callback_uri": None}
    assert plan.digest(facts(unset)) != plan.digest(facts(unset, override="https://other.example/hook"))


def test_a_waiver_decides_apart_from_its_blocker():
    blocked, waived = facts(findings=[BLOCKER]), facts(findings=[{**BLOCKER, "waived": {"who": "ada"}}])
    assert blocked["requests"] == [] and waived["requests"] != []
    assert (blocked["waivers"], waived["waivers"]) == ([], ["WM108"])


@given(
    st.lists(st.text(max_size=5), max_size=5, unique=True).flatmap(
        lambda found: st.tuples(st.just(found), st.permutations(found))
    )
)
def test_the_order_of_the_fleet_does_not_matter(two):
    assert plan.fleet_digest(two[0]) == plan.fleet_digest(two[1])
    assert plan.fleet_digest(two[0]) != plan.fleet_digest([*two[0], "one more"])
