# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the snapshot rule: what becomes a fact, the document and its damage, and when none may be taken."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.comparison import snapshot
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from hypothesis import given
from hypothesis import strategies as st

ID, WABA, NOW = "106540352242922", "102290129340398", 1795253400.0
FACTS = {
    "display_phone_number": "+1 631-555-1019",
    "verified_name": "Lucky Shrub",
    "name_status": "APPROVED",
    "code_verification_status": "VERIFIED",
    "quality_rating": "GREEN",
    "messaging_limit": "TIER_10K",
    "is_official_business_account": True,
    "throughput": "NOT_APPLICABLE",
    "webhook_configuration": {"application": {"url": "https://app.example.com/hook"}},
    "waba_status": "ACTIVE",
    "waba_account_review_status": "APPROVED",
    "waba_business_verification_status": "verified",
    "templates": {"hello en_US": ["APPROVED", "UTILITY"], "bye de": ["PAUSED", "MARKETING"]},
    "profile_about": "Open all day",
    "profile_description": "We sell plants.",
    "profile_address": "1 High St",
    "profile_email": "a@example.com",
    "profile_websites": ["https://example.com/"],
    "profile_vertical": "Shopping and Retail",
    "profile_photo": True,
    "profile_photo_sha256": "ab" * 32,
    "shards": 2,
    "node_webhook": {"url": "https://old.example.com/hook", "query_sha256": "cd" * 32},
}


def taken(facts=None, unknown=None, now=NOW):
    return snapshot.document(ID, WABA, FACTS if facts is None else facts, unknown or {}, now)


def test_every_fact_has_a_kind_and_reads_back():
    assert set(FACTS) == set(snapshot.FACTS)
    assert snapshot.parse(snapshot.dump(taken()), ID) == taken()
    assert snapshot.missing(FACTS) == ()


@given(st.dictionaries(st.sampled_from(sorted(FACTS)), st.none(), max_size=30))
def test_whatever_is_known_reads_back(left_out):
    facts = {name: value for name, value in FACTS.items() if name not in left_out}
    document = taken(facts, dict.fromkeys(left_out, "why"))
    assert snapshot.parse(snapshot.dump(document), ID) == document


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        json.dumps({**taken(), "format": "wabiz.snapshot/2"}),
        json.dumps({**taken(), "phone_number_id": "1"}),
        json.dumps({**taken(), "waba_id": None}),
        json.dumps({**taken(), "facts": []}),
        json.dumps({**taken(), "unknown": None}),
        json.dumps(taken({"weather": "fine"})),
    ],
)
def test_a_damaged_one_is_told_in_words(text):
    with pytest.raises(ValueError, match="it"):
        snapshot.parse(text, ID)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_fact_of_another_type_is_damage(name):
    for value in (None, 7.5, [7]):
        with pytest.raises(ValueError, match=name):
            snapshot.parse(json.dumps(taken({**FACTS, name: value})), ID)


def test_none_is_none():
    assert snapshot.parse(None, ID) is None


# --- what becomes a fact


def test_facts_of_a_number():
    number = {name: FACTS[name] for name in snapshot.NUMBER if name != "webhook_configuration"}
    number["webhook_configuration"] = {"application": "https://app.example.com/hook"}
    assert snapshot.of_number(number) == {name: FACTS[name] for name in snapshot.NUMBER}


def test_missing_null_and_odd_answers_are_no_facts():
    odd = {"verified_name": 5, "is_official_business_account": "true", "quality_rating": None, "throughput": {}}
    assert snapshot.of_number({**odd, "webhook_configuration": "x"}) == {}
    assert snapshot.of_waba({"status": None, "account_review_status": 1}) == {}
    assert snapshot.of_node({}) == {}
    assert snapshot.of_node({"profile": None, "photo": [], "webhooks": "x", "shards": "2"}) == {}


def test_a_single_node_has_one_shard():
    assert snapshot.of_node({"multiconnect": False, "shards": None}) == {"shards": 1}
    assert snapshot.of_node({"multiconnect": True, "shards": None}) == {}
    assert snapshot.of_node({"multiconnect": True, "shards": 4}) == {"shards": 4}


def test_templates_are_compact():
    rows = [{"id": "9", "name": "a", "language": "en", "status": "APPROVED", "category": "UTILITY", "components": [1]}]
    assert snapshot.of_templates(rows) == {"templates": {"a en": ["APPROVED", "UTILITY"]}}
    many = [{**rows[0], "name": "template_%d" % at} for at in range(1000)]
    assert len(snapshot.dump(taken(snapshot.of_templates(many)))) < 100 * 1000


# --- which one holds


def test_the_digest_is_of_what_is_known():
    assert snapshot.digest(taken()) == snapshot.digest(taken(now=NOW + 9, unknown={"x": "y"}))
    assert snapshot.digest(taken()) != snapshot.digest(taken({**FACTS, "quality_rating": "RED"}))


def test_what_only_the_stored_one_knows_stays():
    facts = {name: value for name, value in FACTS.items() if name != "shards"}
    found = snapshot.merged(taken({**facts, "quality_rating": "RED"}, {"shards": "down", "x": "y"}), taken())
    assert found["facts"] == {**FACTS, "quality_rating": "RED"}
    assert found["unknown"] == {"x": "y"}
    other = {**taken(), "waba_id": "5"}
    assert snapshot.merged(taken(facts), other)["facts"] == facts
    assert snapshot.merged(taken(facts), None)["facts"] == facts


@given(st.sets(st.sampled_from(sorted(FACTS))), st.sets(st.sampled_from(sorted(FACTS))))
def test_merging_is_idempotent(one, other):
    first = taken({name: FACTS[name] for name in one}, dict.fromkeys(set(FACTS) - one, "why"))
    second = taken({name: FACTS[name] for name in other}, dict.fromkeys(set(FACTS) - other, "why"))
    once = snapshot.merged(second, first)
    assert snapshot.merged(second, once) == once
    assert set(once["facts"]) == one | other
    assert not set(once["unknown"]) & set(once["facts"])


def attempts(*outcomes):
    found = attempt_log.fresh(ID)
    found["attempts"] = [{"outcome": outcome} for outcome in outcomes]
    return found


def test_it_is_taken_before_the_move_only():
    assert snapshot.refusal("ON_PREMISE", attempts()) == ""
    assert snapshot.refusal("ON_PREMISE", attempts("refused", "not sent", "no effect")) == ""
    for platform in ("CLOUD_API", "NOT_APPLICABLE", "", None, 5):
        assert snapshot.refusal(platform, attempts())
    for outcome in ("intent", "unconfirmed", "registered"):
        assert snapshot.refusal("ON_PREMISE", attempts("refused", outcome)), outcome


def test_shown_without_the_templates_themselves():
    shown = snapshot.shown(copy.deepcopy(FACTS))
    assert shown["templates"] == 2
    assert shown["verified_name"] == "Lucky Shrub"
