# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the gate: each thing that is wrong keeps the door shut by itself, and all of them are told at once."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core import (
    backup,
    catalogue,
    container,
    gate,
    node,
    place,
    record,
    recovery,
)
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = 1763769600.0
ID = "106540352242922"
NUMBER = "15550120001"
PASSWORD = "tacocat-of-the-node"
PIN = "493817"
DATA = "V0FCSy9rZXlz"
GRAPH = {
    "id": ID,
    "display_phone_number": "+1 555-012-0001",
    "platform_type": "ON_PREMISE",
    "status": "CONNECTED",
    "code_verification_status": "VERIFIED",
}
LOST = container.lost(container.JOB, True, "/var/lib/wabiz")
BACKUP = backup.document(NUMBER, DATA, "v2.61.1", PASSWORD, NOW - 60, b"0123456789abcdef")

SIGHT = gate.Sight(
    phone_number_id=ID,
    number=GRAPH,
    node={"wa_id": NUMBER, "serving": node.SERVING},
    node_trouble="",
    place=place.place(GRAPH, node.SERVING),
    belongs_to_waba=True,
    record=record.fresh(ID),
    backup=BACKUP,
    now=NOW,
)
WISH = gate.Wish(
    pin=PIN,
    pin_cleared=False,
    backup_password=PASSWORD,
    backup_max_age=3600.0,
    without_backup=False,
    needs_backup=True,
    allow_unverified=False,
    attempts_limit=10,
    attempts_reserve=2,
)


def sight(**changes):
    return dataclasses.replace(SIGHT, **changes)


def wish(**changes):
    return dataclasses.replace(WISH, **changes)


def codes(seen=SIGHT, wished=WISH):
    return [failure.code for failure in gate.failures(seen, wished)]


def graph(**changes):
    return {**GRAPH, **changes}


def used(attempts, outcome=record.REFUSED):
    row = {"at": backup.utc(NOW - 3600), "outcome": outcome}
    return {**record.fresh(ID), "attempts": [dict(row) for _unused in range(attempts)]}


def wrong_pin(*after, at=NOW - 3600):
    """Return a record with a register request that was refused for a wrong PIN, and what came after it."""
    rows = [(record.REFUSED, 133005), *after]
    attempts = [
        {"at": backup.utc(at + step), "outcome": outcome, "code": code} for step, (outcome, code) in enumerate(rows)
    ]
    return {**record.fresh(ID), "attempts": attempts}


def at(platform, word):
    return place.place({"platform_type": platform}, word)


def test_the_door_opens_when_everything_holds():
    assert codes() == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        # where the number is
        ({"place": at("ON_PREMISE", node.UNREACHABLE), "node": None}, ["unknown_place"]),
        ({"place": at("ON_PREMISE", node.NOT_SERVING)}, ["unknown_place"]),
        ({"place": at("ON_PREMISE", node.UNCLEAR)}, ["unknown_place"]),
        ({"place": at("NOT_APPLICABLE", node.SERVING)}, ["unknown_place"]),
        ({"place": at("SOMETHING_NEW", node.SERVING)}, ["unknown_place"]),
        ({"place": place.place(None, node.SERVING)}, ["unknown_place"]),
        ({"place": at("NOT_APPLICABLE", node.NOT_SERVING)}, ["neither"]),
        # a number that is on the Cloud API already is never registered again
        ({"place": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
        ({"place": at("CLOUD_API", node.SERVING)}, ["cloud_not_connected"]),
        # a number of the phone app looks like one of a node; on the Cloud API it is coexistence
        ({"number": graph(is_on_biz_app=True)}, ["biz_app"]),
        ({"number": graph(is_on_biz_app="true")}, ["biz_app"]),
        ({"number": graph(is_on_biz_app=False)}, []),
        ({"number": graph(is_on_biz_app=None)}, []),
        ({"number": graph(is_on_biz_app=True), "place": at("ON_PREMISE", node.UNREACHABLE), "node": None}, ["biz_app"]),
        ({"number": graph(is_on_biz_app=True), "place": at("NOT_APPLICABLE", node.NOT_SERVING)}, ["biz_app"]),
        ({"number": graph(is_on_biz_app=True), "place": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
        # whose display name has no certificate
        ({"number": graph(name_status="EXPIRED")}, ["name_unusable"]),
        ({"number": graph(name_status="none")}, ["name_unusable"]),
        ({"number": graph(name_status="NONE"), "place": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
        *[
            ({"number": graph(name_status=status)}, [])
            for status in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", "PENDING_REVIEW", "DECLINED", "", None)
        ],
        # whose number the node serves
        ({"node": {"wa_id": "15550120002"}}, ["wrong_node"]),
        ({"node": {"wa_id": ""}}, ["wrong_node"]),
        ({"node": {}}, ["wrong_node"]),
        ({"node": {"wa_id": "+1 (555) 012-0001"}}, []),
        ({"belongs_to_waba": False}, ["wrong_waba"]),
        ({"belongs_to_waba": None}, []),
        # the verification of the number
        ({"number": graph(code_verification_status="EXPIRED")}, ["not_verified"]),
        ({"number": graph(code_verification_status="NOT_VERIFIED")}, ["not_verified"]),
        ({"number": graph(code_verification_status="")}, ["not_verified"]),
        ({"number": {**GRAPH, "code_verification_status": None}}, []),
        # the backup
        ({"backup": None}, ["no_backup"]),
        ({"backup": {**BACKUP, "number": "15550120002"}}, ["foreign_backup"]),
        ({"backup": {**BACKUP, "data": DATA + "="}}, ["altered_backup"]),
        ({"now": NOW + 7200}, ["stale_backup"]),
        # the record and its directory
        ({"record": used(7)}, []),
        ({"record": used(8)}, ["budget"]),
        ({"record": used(20)}, ["budget"]),
        ({"record": used(20, record.NOT_SENT)}, []),
        ({"file_faults": ("x is a symbolic link",)}, ["state_directory"]),
        ({"file_faults": ("one", "two")}, ["state_directory", "state_directory"]),
        ({"state_lost": LOST}, ["state_not_durable"]),
        # a number without a name is neither the node's nor the backup's
        ({"number": graph(display_phone_number=None)}, ["wrong_node", "foreign_backup"]),
        # all at once
        (
            {
                "place": at("ON_PREMISE", node.NOT_SERVING),
                "node": {"wa_id": "1"},
                "belongs_to_waba": False,
                "number": graph(code_verification_status="EXPIRED"),
                "backup": None,
                "record": used(8),
                "file_faults": ("x",),
                "state_lost": LOST,
            },
            [
                "unknown_place",
                "wrong_node",
                "wrong_waba",
                "not_verified",
                "no_backup",
                "state_directory",
                "state_not_durable",
                "budget",
            ],
        ),
    ],
)
def test_what_is_seen(seen, expected):
    assert codes(sight(**seen)) == expected


@pytest.mark.parametrize(
    ("wished", "seen", "expected"),
    [
        ({"pin": None}, {}, ["no_pin"]),
        ({"pin": "", "pin_cleared": True}, {}, ["no_pin"]),
        ({"pin": "12345"}, {}, ["bad_pin"]),
        ({"backup_password": None}, {}, ["no_backup_password"]),
        ({"backup_password": ""}, {"backup": None}, ["no_backup_password"]),
        ({"backup_password": "another"}, {}, ["backup_password"]),
        ({"backup_max_age": 30.0}, {}, ["stale_backup"]),
        # without a backup only when that was said
        ({"without_backup": True}, {"backup": None}, []),
        ({"without_backup": True, "backup_password": None}, {"backup": None}, []),
        ({"needs_backup": False}, {"backup": None}, []),
        ({"allow_unverified": True}, {"number": graph(code_verification_status="EXPIRED")}, []),
        # the limit and the reserve are settings
        ({"attempts_limit": 3}, {}, []),
        ({"attempts_limit": 3}, {"record": used(1)}, ["budget"]),
        ({"attempts_limit": 2}, {}, ["budget"]),
        ({"attempts_reserve": 0}, {"record": used(9)}, []),
        ({"attempts_reserve": 0}, {"record": used(10)}, ["budget"]),
        ({"attempts_reserve": 10}, {}, ["budget"]),
    ],
)
def test_what_is_stated(wished, seen, expected):
    assert codes(sight(**seen), wish(**wished)) == expected


NEITHER = {"place": at("NOT_APPLICABLE", node.NOT_SERVING), "node": {"wa_id": NUMBER, "serving": node.NOT_SERVING}}
BURNT = {**NEITHER, "record": wrong_pin()}
LATER = {"pin_changed_at": NOW - 60}


@pytest.mark.parametrize(
    ("seen", "wished", "expected"),
    [
        # no PIN is sent after a wrong one before somebody says that it is another one
        ({"record": wrong_pin()}, {}, ["wrong_pin"]),
        ({"record": wrong_pin()}, LATER, []),
        ({"record": wrong_pin()}, {"pin_cleared": True}, []),
        ({"record": wrong_pin((record.NOT_SENT, None))}, {}, ["wrong_pin"]),
        ({"record": wrong_pin((record.REFUSED, 133016))}, {}, ["wrong_pin"]),
        ({"record": wrong_pin((record.REGISTERED, None))}, {}, []),
        ({"record": wrong_pin(at=NOW - 30)}, LATER, ["wrong_pin"]),
        ({"record": wrong_pin()}, {"pin_changed_at": NOW + 3600}, ["wrong_pin"]),
        ({"record": wrong_pin(), "place": at("ON_PREMISE", node.UNREACHABLE)}, {}, ["unknown_place", "wrong_pin"]),
        ({"record": wrong_pin(), "place": at("ON_PREMISE", node.UNREACHABLE)}, LATER, ["unknown_place"]),
        # the number that it put on neither API is registered again
        (BURNT, {}, ["wrong_pin"]),
        (BURNT, LATER, []),
        (BURNT, {"pin_cleared": True}, []),
        ({**BURNT, "record": wrong_pin((record.NOT_SENT, None))}, LATER, []),
        # where the refusal is the last thing that happened to it
        (NEITHER, LATER, ["neither"]),
        (NEITHER, {"pin_cleared": True}, ["neither"]),
        ({**BURNT, "record": wrong_pin((record.REFUSED, 133006))}, LATER, ["neither"]),
        ({**BURNT, "record": wrong_pin((record.NO_EFFECT, None))}, LATER, ["neither"]),
        ({**BURNT, "record": wrong_pin((record.REGISTERED, None))}, LATER, ["neither"]),
        ({**BURNT, "record": wrong_pin((record.REFUSED, 133006))}, {}, ["neither", "wrong_pin"]),
        ({**BURNT, "record": used(1)}, LATER, ["neither"]),
        # where both sides say that it is on neither API
        ({**BURNT, "place": at("NOT_APPLICABLE", node.UNREACHABLE), "node": None}, LATER, ["unknown_place"]),
        ({**BURNT, "place": at("NOT_APPLICABLE", node.UNCLEAR)}, LATER, ["unknown_place"]),
        ({**BURNT, "place": at("NOT_APPLICABLE", node.SERVING)}, LATER, ["unknown_place"]),
        ({**BURNT, "place": at("NOT_APPLICABLE", node.NOT_ASKED), "node": None}, LATER, ["neither"]),
        # and where everything else holds
        ({**BURNT, "node": {"wa_id": "", "serving": node.NOT_SERVING}}, LATER, ["wrong_node"]),
        ({**BURNT, "belongs_to_waba": False}, LATER, ["wrong_waba"]),
        ({**BURNT, "number": graph(code_verification_status="EXPIRED")}, LATER, ["not_verified"]),
        ({**BURNT, "number": graph(is_on_biz_app=True)}, LATER, ["biz_app"]),
        ({**BURNT, "backup": None}, LATER, ["no_backup"]),
        ({**BURNT, "backup": None}, {**LATER, "without_backup": True}, []),
        (BURNT, {**LATER, "backup_max_age": 30.0}, ["stale_backup"]),
        (BURNT, {**LATER, "attempts_limit": 3}, ["budget"]),
        (BURNT, {**LATER, "pin": None}, ["no_pin"]),
    ],
)
def test_after_a_wrong_pin(seen, wished, expected):
    assert codes(sight(**seen), wish(**wished)) == expected


def test_neither_tells_the_last_refusal_and_the_way_by_hand():
    seen = sight(**{**BURNT, "record": wrong_pin((record.REFUSED, 133006))})
    (failure,) = gate.failures(seen, wish(**LATER))
    assert "refused with 133006" in failure.details
    assert "register it by hand" in failure.next_step and "run the same command again" in failure.next_step


def test_check_node_false_is_the_operators_word_for_the_node():
    assert codes(sight(node=None, place=at("ON_PREMISE", node.NOT_ASKED))) == []


def test_the_label():
    assert SIGHT.label == NUMBER
    assert sight(number={}).label == ID


def test_an_unknown_place_tells_what_kept_the_node_from_being_read():
    seen = sight(place=at("ON_PREMISE", node.UNREACHABLE), node=None, node_trouble="connection refused")
    (failure,) = gate.failures(seen, WISH)
    assert "connection refused" in failure.details
    assert "ON_PREMISE" in failure.details


def test_a_number_of_the_phone_app_is_told_the_way_out():
    (failure,) = gate.failures(sight(number=graph(is_on_biz_app=True)), WISH)
    assert "not available for SMB businesses" in failure.details and "one of ten attempts" in failure.details
    for words in ("Migrate customers", "Embedded Signup", "the WABA was lost"):
        assert words in failure.next_step


def test_neither_says_what_is_safe():
    (failure,) = gate.failures(sight(place=at("NOT_APPLICABLE", node.NOT_SERVING)), WISH)
    assert "backups stay safe" in failure.next_step and recovery.BY_HAND in failure.next_step


words = st.sampled_from([node.SERVING, node.NOT_SERVING, node.UNCLEAR, node.UNREACHABLE, node.NOT_ASKED])
platforms = st.sampled_from(["ON_PREMISE", "CLOUD_API", "NOT_APPLICABLE", "", "NEW"])
sights = st.builds(
    lambda platform, word, app, name, wa_id, belongs, verified, attempts, burnt, stored, later, faults, lost: sight(
        place=at(platform, word),
        number=graph(platform_type=platform, code_verification_status=verified, is_on_biz_app=app, name_status=name),
        node=None if wa_id is None else {"wa_id": wa_id, "serving": word},
        belongs_to_waba=belongs,
        record=wrong_pin(*[(record.REFUSED, 133006)] * attempts) if burnt else used(attempts),
        backup=stored,
        now=NOW + later,
        file_faults=faults,
        state_lost=LOST if lost else None,
    ),
    platforms,
    words,
    st.sampled_from([True, False, None]),
    st.sampled_from(["APPROVED", "DECLINED", "EXPIRED", "NONE", None]),
    st.sampled_from([NUMBER, "15550120002", "", None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["VERIFIED", "EXPIRED", None]),
    st.integers(0, 11),
    st.booleans(),
    st.sampled_from([BACKUP, None, {}, {**BACKUP, "data": "x"}, {**BACKUP, "number": "1"}]),
    st.sampled_from([0.0, 7200.0, -7200.0]),
    st.sampled_from([(), ("a fault",)]),
    st.booleans(),
)
wishes = st.builds(
    lambda pin, cleared, changed_at, password, without, unverified: wish(
        pin=pin,
        pin_cleared=cleared,
        pin_changed_at=changed_at,
        backup_password=password,
        without_backup=without,
        allow_unverified=unverified,
    ),
    st.sampled_from([PIN, None, "12"]),
    st.booleans(),
    st.sampled_from([None, NOW - 7200, NOW - 60]),
    st.sampled_from([PASSWORD, "another", None]),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=150)
@given(sights, wishes)
def test_an_open_door_means_that_every_rule_holds(seen, wished):
    if gate.failures(seen, wished):
        return
    refused = recovery.refused_pin(seen.record)
    another = wished.pin_cleared or (wished.pin_changed_at is not None and wished.pin_changed_at > NOW - 3600)
    assert refused is None or another
    if seen.place.name == place.NEITHER:
        assert seen.number["platform_type"] == "NOT_APPLICABLE" and seen.node["serving"] == node.NOT_SERVING
        assert refused is seen.record["attempts"][-1] and another
    else:
        assert seen.place.name == place.ON_PREMISES and seen.number["platform_type"] == "ON_PREMISE"
    assert seen.number["is_on_biz_app"] is not True
    assert seen.number["name_status"] not in ("EXPIRED", "NONE")
    assert seen.node is None or seen.node["wa_id"] == NUMBER
    assert seen.belongs_to_waba is not False
    assert wished.pin == PIN
    assert wished.without_backup or (seen.backup == BACKUP and wished.backup_password == PASSWORD and seen.now == NOW)
    assert wished.allow_unverified or seen.number["code_verification_status"] in (None, "VERIFIED")
    assert len(seen.record["attempts"]) < 8
    assert not seen.file_faults
    assert not seen.state_lost


@settings(max_examples=100)
@given(sights, wishes)
def test_a_reason_says_what_to_do_and_quotes_no_secret(seen, wished):
    for failure in gate.failures(seen, wished):
        assert failure.next_step
        for secret in (PIN, PASSWORD, DATA):
            assert secret not in failure.sentence(NUMBER)


@settings(max_examples=60)
@given(sights, wishes)
def test_preflight_has_a_finding_for_every_reason(seen, wished):
    before_the_backup = dataclasses.replace(wished, needs_backup=False)
    for failure in gate.failures(seen, before_the_backup):
        assert catalogue.finding(failure, NUMBER)["severity"] == catalogue.BLOCKER
