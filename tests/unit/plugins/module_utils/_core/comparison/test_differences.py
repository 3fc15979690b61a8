# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the comparison: what is equal is no difference, and each change yields its own one and no other."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.comparison import (
    differences,
    snapshot,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import profile
from hypothesis import given
from hypothesis import strategies as st

BEFORE = {
    "display_phone_number": "+55 11 98765-4321",
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
    "templates": {"hello en_US": ["APPROVED", "UTILITY"], "draft de": ["PENDING", "MARKETING"]},
    "profile_about": "Open all day",
    "profile_description": "We sell plants.",
    "profile_address": "1 High St",
    "profile_email": "a@example.com",
    "profile_websites": ["https://example.com/"],
    "profile_vertical": "Shopping and Retail",
    "profile_photo": True,
    "profile_photo_sha256": "ab" * 32,
    "shards": 1,
    "node_webhook": {"url": "https://old.example.com/hook"},
}


def templates(**changes):
    rows = {**BEFORE["templates"], **{name.replace("__", " "): row for name, row in changes.items()}}
    return {name: row for name, row in rows.items() if row is not None}


# What it is now, and the one difference that comes of it.
CHANGES = [
    ("display_phone_number", "+55 11 8765-4321", "fact_changed"),
    ("display_phone_number", "+55 11 98765-9999", "number_differs"),
    ("verified_name", "Lucky Shrub Inc", "display_name_lost"),
    ("name_status", "DECLINED", "fact_changed"),
    ("code_verification_status", "EXPIRED", "verification_lost"),
    ("code_verification_status", "NOT_VERIFIED", "verification_lost"),
    ("quality_rating", "YELLOW", "quality_lost"),
    ("quality_rating", "RED", "quality_lost"),
    ("quality_rating", "UNKNOWN", "fact_changed"),
    ("messaging_limit", "TIER_250", "messaging_limit_lost"),
    ("messaging_limit", "TIER_UNLIMITED", "fact_improved"),
    ("messaging_limit", "TIER_9", "fact_changed"),
    ("is_official_business_account", False, "oba_lost"),
    ("waba_status", "RESTRICTED", "waba_lost"),
    ("waba_account_review_status", "REJECTED", "waba_lost"),
    ("waba_business_verification_status", "not_verified", "waba_lost"),
    ("templates", templates(hello__en_US=None), "template_lost"),
    ("templates", templates(draft__de=None), "template_lost"),
    ("templates", templates(hello__en_US=["PAUSED", "UTILITY"]), "template_unusable"),
    ("templates", templates(hello__en_US=["APPROVED", "MARKETING"]), "fact_changed"),
    ("templates", templates(draft__de=["APPROVED", "MARKETING"]), "fact_improved"),
    ("templates", templates(draft__de=["REJECTED", "MARKETING"]), "fact_changed"),
    *((f"profile_{name}", [] if name == "websites" else "", "profile_lost") for name in profile.FIELDS),
    ("profile_about", "Hey there! I am using WhatsApp.", "profile_lost"),
    ("profile_about", "Closed", "profile_changed"),
    ("profile_websites", ["https://example.com/", "https://two.example.com"], "profile_changed"),
    ("profile_vertical", "GROCERY", "profile_changed"),
    ("profile_photo", False, "profile_lost"),
    ("webhook_configuration", {}, "webhook_missing"),
    (
        "webhook_configuration",
        {"phone_number": {"url": "https://old.example.com/hook/"}, "application": {"url": "https://a.example.com"}},
        "webhook_old_endpoint",
    ),
]
UNCHANGED = [
    ("waba_business_verification_status", "VERIFIED"),
    ("name_status", "approved"),
    ("profile_vertical", "RETAIL"),
    ("profile_websites", ["https://EXAMPLE.com"]),
    ("templates", templates(later__en=["REJECTED", "UTILITY"])),
    ("throughput", "STANDARD"),
    ("throughput", "HIGH"),
    ("webhook_configuration", {"whatsapp_business_account": {"url": "https://x.example.com"}}),
]
LOST = {code for _fact, _now, code in CHANGES if catalogue.CATALOGUE[code].severity == catalogue.BLOCKER}


def codes(before, after, **options):
    return [difference.kind.code for difference in differences.compare(before, after, **options).differences]


def test_nothing_changed():
    verdict = differences.compare(BEFORE, BEFORE)
    assert verdict.differences == () and verdict.unknown == ()
    # the table, two templates, throughput and webhook
    assert verdict.compared == len(differences.TABLE) + 4


@given(st.sets(st.sampled_from(sorted(BEFORE))))
def test_what_is_equal_is_no_difference(known):
    facts = {name: BEFORE[name] for name in known}
    verdict = differences.compare(facts, facts)
    assert verdict.differences == ()
    judged = {rule.fact for rule in differences.TABLE} | {"templates", "throughput", "webhook_configuration"}
    # without the shards nobody can say what the throughput has to be
    assert set(verdict.unknown) == (judged - known) | ({"throughput"} if "shards" not in known else set())


@pytest.mark.parametrize(("fact", "now", "code"), CHANGES)
def test_each_change_yields_its_own_difference(fact, now, code):
    (found,) = differences.compare(BEFORE, {**BEFORE, fact: now}).differences
    assert found.kind.code == code
    assert found.fact == fact or (fact == "templates" and found.fact.startswith("template "))
    finding = found.as_finding("5511987654321")
    assert finding["meaning"] and finding["fix"] and finding["seen"] and finding["number"] == "5511987654321"
    assert finding["was"] != finding["now"]


@pytest.mark.parametrize(("fact", "now"), UNCHANGED)
def test_what_means_the_same_is_no_difference(fact, now):
    assert codes(BEFORE, {**BEFORE, fact: now}) == []


@given(st.lists(st.sampled_from(CHANGES), unique_by=lambda change: change[0]))
def test_changes_do_not_hide_each_other(changes):
    after = {**BEFORE, **{fact: now for fact, now, _code in changes}}
    assert sorted(codes(BEFORE, after)) == sorted(code for _fact, _now, code in changes)


@given(st.sets(st.sampled_from(sorted(BEFORE))), st.sets(st.sampled_from(sorted(BEFORE))))
def test_what_is_not_known_is_never_a_loss(one, other):
    before = {name: value for name, value in BEFORE.items() if name in one}
    after = {name: value for name, value in BEFORE.items() if name in other}
    verdict = differences.compare(before, after)
    assert verdict.differences == ()
    assert {rule.fact for rule in differences.TABLE} - (one & other) <= set(verdict.unknown)


@pytest.mark.parametrize(
    ("shards", "was", "now", "expected"),
    [
        (2, "NOT_APPLICABLE", "HIGH", []),
        (2, "NOT_APPLICABLE", "STANDARD", ["throughput_not_high"]),
        (32, None, "STANDARD", ["throughput_not_high"]),
        (1, "HIGH", "STANDARD", ["throughput_not_high"]),
        (1, "NOT_APPLICABLE", "STANDARD", []),
    ],
)
def test_high_throughput_has_to_come_where_two_shards_ran(shards, was, now, expected):
    before = {"shards": shards, **({"throughput": was} if was else {})}
    verdict = differences.compare(before, {"throughput": now})
    assert [found.kind.code for found in verdict.differences] == expected
    assert verdict.compared == 1 and "throughput" not in verdict.unknown
    assert catalogue.CATALOGUE["throughput_not_high"].severity == catalogue.WARNING


def test_throughput_that_nobody_can_judge_is_not_comparable():
    assert "throughput" in differences.compare({}, {"throughput": "STANDARD"}).unknown
    assert "throughput" in differences.compare({"shards": 2}, {}).unknown


def test_a_loss_without_backup_is_named_as_such():
    after = {**BEFORE, "is_official_business_account": False, "profile_photo": False}
    for without, wording in ((True, "without a backup"), (False, "carried the backup")):
        found = [one.as_finding("1") for one in differences.compare(BEFORE, after, without).differences]
        assert [one["id"] for one in found] == ["WM184", "WM188"]
        assert all(wording in one["seen"] for one in found)
        failure = differences.failure(found)
        assert failure.code == "lost" and failure.title.startswith("2 things were lost")
        assert "WM184" in failure.details and "WM188" in failure.details


def test_only_losses_fail():
    for fact, now, code in CHANGES:
        found = [one.as_finding("1") for one in differences.compare(BEFORE, {**BEFORE, fact: now}).differences]
        assert (differences.failure(found) is not None) == (code in LOST), code
        warned = catalogue.CATALOGUE[code].severity == catalogue.WARNING
        assert len(differences.worth_a_warning(found, with_losses=False)) == warned
        assert len(differences.worth_a_warning(found, with_losses=True)) == (warned or code in LOST)
    assert differences.failure([]) is None


# --- the node


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("serving", "still_serving"),
        ("unclear", "node_unclear"),
        ("not serving", None),
        ("unreachable", None),
        ("not asked", None),
    ],
)
def test_the_node_has_stopped(word, code):
    found = differences.node_difference(word, "gateway")
    assert (found.kind.code if found else None) == code


def test_what_could_not_be_compared_is_a_note():
    found = differences.not_comparable({"shards": "1006", "verified_name": ""}).as_finding("1")
    assert (found["id"], found["severity"]) == ("WM197", "note")
    assert "shards: 1006; verified_name" in found["seen"]
    assert differences.not_comparable({}) is None
    assert (
        differences.no_snapshot("none in /x").as_finding("1")["seen"]
        == "There is no snapshot from before the move. none in /x"
    )


# --- what is put back


def test_only_what_is_empty_is_put_back():
    after = {**BEFORE, "profile_about": "", "profile_vertical": "", "profile_email": "other@example.com"}
    after["profile_photo"] = False
    assert differences.to_restore(differences.compare(BEFORE, after), BEFORE) == (
        {"about": "Open all day", "vertical": "RETAIL"},
        {},
    )


def test_what_would_be_refused_is_not_sent():
    before = {**BEFORE, "profile_websites": ["www.example.com"], "profile_vertical": "Space Travel"}
    after = {**BEFORE, "profile_websites": [], "profile_vertical": ""}
    fields, refused = differences.to_restore(differences.compare(before, after), before)
    assert fields == {} and set(refused) == {"websites", "vertical"}


PROFILE = tuple(f"profile_{name}" for name in (*profile.FIELDS, profile.PHOTO))


def advice(after, before=None, restored=(), photo_kept=False):
    verdict = differences.compare(before or BEFORE, after, restored=restored, photo_kept=photo_kept)
    return {one.fact: one.as_finding("1")["fix"] for one in verdict.differences if one.kind.code == "profile_lost"}


@pytest.mark.parametrize("restored", [(), PROFILE])
def test_a_lost_photo_without_its_file_is_for_a_person(restored):
    """No run brings it back by itself, so none is recommended."""
    fix = advice({**BEFORE, "profile_photo": False}, restored=restored)["profile_photo"]
    assert "wa_profile" in fix and "WhatsApp Manager" in fix and "ab" * 32 in fix
    assert "restore_profile" not in fix and "run" not in fix.split()
    unseen = {name: value for name, value in BEFORE.items() if name != "profile_photo_sha256"}
    assert "only that there was one" in advice({**unseen, "profile_photo": False}, unseen)["profile_photo"]


def test_a_lost_photo_whose_file_is_kept_can_be_put_back():
    after = {**BEFORE, "profile_photo": False}
    assert "O(restore_profile): true" in advice(after, photo_kept=True)["profile_photo"]
    assert "O(restore_profile)" not in advice(after, photo_kept=True, restored=PROFILE)["profile_photo"]


def test_a_lost_field_can_be_put_back_until_that_was_tried():
    after = {**BEFORE, "profile_about": ""}
    assert "O(restore_profile): true" in advice(after)["profile_about"]
    assert "O(restore_profile): true" in advice(after, restored=["profile_email"])["profile_about"]
    tried = advice(after, restored=["profile_about"])["profile_about"]
    assert "O(restore_profile)" not in tried and "WhatsApp Manager" in tried


@pytest.mark.parametrize("restored", [(), PROFILE])
def test_a_field_that_cannot_be_put_back_is_set_by_hand(restored):
    before = {**BEFORE, "profile_websites": ["www.example.com"]}
    fix = advice({**before, "profile_websites": []}, before, restored)["profile_websites"]
    assert "O(restore_profile)" not in fix
    assert fix.startswith("set it in WhatsApp Manager") and "has to begin with http" in fix


text = st.text(max_size=30)
profiles = st.fixed_dictionaries(
    {
        **{snapshot.profile_fact(name): text for name in profile.FIELDS if name != "websites"},
        "profile_websites": st.lists(text, max_size=3),
    }
)


@given(profiles, profiles)
def test_after_a_restore_nothing_that_was_sent_differs(before, after):
    fields, refused = differences.to_restore(differences.compare(before, after), before)
    then = {**after, **{snapshot.profile_fact(name): value for name, value in fields.items()}}
    left = [found for found in differences.compare(before, then).differences if found.kind.code == "profile_lost"]
    assert {found.fact for found in left} == {snapshot.profile_fact(name) for name in refused}
    for name in fields:
        assert not profile.plain(name, after[snapshot.profile_fact(name)])
    advised = {fact for fact, fix in advice(after, before).items() if "O(restore_profile)" in fix}
    assert advised == {snapshot.profile_fact(name) for name in fields}, "advised is what changes something"


def test_every_difference_is_in_the_range_of_the_comparison():
    for code in (*(code for _fact, _now, code in CHANGES), "still_serving", "node_unclear", "no_snapshot"):
        assert 180 <= int(catalogue.CATALOGUE[code].id[2:]) <= 199
