# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the gate: each thing that is wrong prevents the register call by itself, and all are reported at once."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import (
    attempt_log,
    gate,
    gate_findings,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.cutover.states import (
    BACKUP,
    DATA,
    DESIRED,
    GRAPH,
    ID,
    LOST,
    NOW,
    NUMBER,
    OBSERVED,
    at,
    codes,
    desired,
    graph,
    observed,
    used,
    wrong_pin,
)


def test_a_number_may_be_registered_when_every_rule_is_met():
    assert codes() == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        # where the number is
        ({"location": at("ON_PREMISE", node.UNREACHABLE), "node": None}, ["unknown_location"]),
        ({"location": at("ON_PREMISE", node.NOT_SERVING)}, ["unknown_location"]),
        ({"location": at("ON_PREMISE", node.UNCLEAR)}, ["unknown_location"]),
        ({"location": at("NOT_APPLICABLE", node.SERVING)}, ["unknown_location"]),
        ({"location": at("SOMETHING_NEW", node.SERVING)}, ["unknown_location"]),
        ({"location": location.location(None, node.SERVING)}, ["unknown_location"]),
        ({"location": at("NOT_APPLICABLE", node.NOT_SERVING)}, ["neither"]),
        # a number that is on the Cloud API already is never registered again
        ({"location": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
        ({"location": at("CLOUD_API", node.SERVING)}, ["cloud_not_connected"]),
        # a number of the phone app looks like one of a node; on the Cloud API it is coexistence
        ({"number": graph(is_on_biz_app=True)}, ["biz_app"]),
        ({"number": graph(is_on_biz_app="true")}, ["biz_app"]),
        ({"number": graph(is_on_biz_app=False)}, []),
        ({"number": graph(is_on_biz_app=None)}, []),
        (
            {"number": graph(is_on_biz_app=True), "location": at("ON_PREMISE", node.UNREACHABLE), "node": None},
            ["biz_app"],
        ),
        ({"number": graph(is_on_biz_app=True), "location": at("NOT_APPLICABLE", node.NOT_SERVING)}, ["biz_app"]),
        ({"number": graph(is_on_biz_app=True), "location": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
        # whose display name has no certificate
        ({"number": graph(name_status="EXPIRED")}, ["name_unusable"]),
        ({"number": graph(name_status="none")}, ["name_unusable"]),
        ({"number": graph(name_status="NONE"), "location": at("CLOUD_API", node.NOT_ASKED)}, ["cloud_not_connected"]),
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
        ({"log": used(7)}, []),
        ({"log": used(8)}, ["budget"]),
        ({"log": used(20)}, ["budget"]),
        ({"log": used(20, attempt_log.NOT_SENT)}, []),
        ({"file_faults": ("x is a symbolic link",)}, ["state_directory"]),
        ({"file_faults": ("one", "two")}, ["state_directory", "state_directory"]),
        ({"state_lost": LOST}, ["state_not_durable"]),
        # a number without a name is neither the node's nor the backup's
        ({"number": graph(display_phone_number=None)}, ["wrong_node", "foreign_backup"]),
        # all at once
        (
            {
                "location": at("ON_PREMISE", node.NOT_SERVING),
                "node": {"wa_id": "1"},
                "belongs_to_waba": False,
                "number": graph(code_verification_status="EXPIRED"),
                "backup": None,
                "log": used(8),
                "file_faults": ("x",),
                "state_lost": LOST,
            },
            [
                "unknown_location",
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
    assert codes(observed(**seen)) == expected


@pytest.mark.parametrize(
    ("stated", "seen", "expected"),
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
        ({"attempts_limit": 3}, {"log": used(1)}, ["budget"]),
        ({"attempts_limit": 2}, {}, ["budget"]),
        ({"attempts_reserve": 0}, {"log": used(9)}, []),
        ({"attempts_reserve": 0}, {"log": used(10)}, ["budget"]),
        ({"attempts_reserve": 10}, {}, ["budget"]),
    ],
)
def test_what_is_stated(stated, seen, expected):
    assert codes(observed(**seen), desired(**stated)) == expected


NEITHER = {"location": at("NOT_APPLICABLE", node.NOT_SERVING), "node": {"wa_id": NUMBER, "serving": node.NOT_SERVING}}
WRONG_PIN_SEEN = {**NEITHER, "log": wrong_pin()}
LATER = {"pin_changed_at": NOW - 60}


@pytest.mark.parametrize(
    ("seen", "stated", "expected"),
    [
        # no PIN is sent after a wrong one before somebody says that it is another one
        ({"log": wrong_pin()}, {}, ["wrong_pin"]),
        ({"log": wrong_pin()}, LATER, []),
        ({"log": wrong_pin()}, {"pin_cleared": True}, []),
        ({"log": wrong_pin((attempt_log.NOT_SENT, None))}, {}, ["wrong_pin"]),
        ({"log": wrong_pin((attempt_log.REFUSED, 133016))}, {}, ["wrong_pin"]),
        ({"log": wrong_pin((attempt_log.REGISTERED, None))}, {}, []),
        ({"log": wrong_pin(at=NOW - 30)}, LATER, ["wrong_pin"]),
        ({"log": wrong_pin()}, {"pin_changed_at": NOW + 3600}, ["wrong_pin"]),
        (
            {"log": wrong_pin(), "location": at("ON_PREMISE", node.UNREACHABLE)},
            {},
            ["unknown_location", "wrong_pin"],
        ),
        ({"log": wrong_pin(), "location": at("ON_PREMISE", node.UNREACHABLE)}, LATER, ["unknown_location"]),
        # the number that it put on neither API is registered again
        (WRONG_PIN_SEEN, {}, ["wrong_pin"]),
        (WRONG_PIN_SEEN, LATER, []),
        (WRONG_PIN_SEEN, {"pin_cleared": True}, []),
        ({**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.NOT_SENT, None))}, LATER, []),
        # where the refusal is the last thing that happened to it
        (NEITHER, LATER, ["neither"]),
        (NEITHER, {"pin_cleared": True}, ["neither"]),
        ({**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.REFUSED, 133006))}, LATER, ["neither"]),
        ({**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.NO_EFFECT, None))}, LATER, ["neither"]),
        ({**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.REGISTERED, None))}, LATER, ["neither"]),
        ({**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.REFUSED, 133006))}, {}, ["neither", "wrong_pin"]),
        ({**WRONG_PIN_SEEN, "log": used(1)}, LATER, ["neither"]),
        # where both sides say that it is on neither API
        (
            {**WRONG_PIN_SEEN, "location": at("NOT_APPLICABLE", node.UNREACHABLE), "node": None},
            LATER,
            ["unknown_location"],
        ),
        ({**WRONG_PIN_SEEN, "location": at("NOT_APPLICABLE", node.UNCLEAR)}, LATER, ["unknown_location"]),
        ({**WRONG_PIN_SEEN, "location": at("NOT_APPLICABLE", node.SERVING)}, LATER, ["unknown_location"]),
        ({**WRONG_PIN_SEEN, "location": at("NOT_APPLICABLE", node.NOT_ASKED), "node": None}, LATER, ["neither"]),
        # and where everything else holds
        ({**WRONG_PIN_SEEN, "node": {"wa_id": "", "serving": node.NOT_SERVING}}, LATER, ["wrong_node"]),
        ({**WRONG_PIN_SEEN, "belongs_to_waba": False}, LATER, ["wrong_waba"]),
        ({**WRONG_PIN_SEEN, "number": graph(code_verification_status="EXPIRED")}, LATER, ["not_verified"]),
        ({**WRONG_PIN_SEEN, "number": graph(is_on_biz_app=True)}, LATER, ["biz_app"]),
        ({**WRONG_PIN_SEEN, "backup": None}, LATER, ["no_backup"]),
        ({**WRONG_PIN_SEEN, "backup": None}, {**LATER, "without_backup": True}, []),
        (WRONG_PIN_SEEN, {**LATER, "backup_max_age": 30.0}, ["stale_backup"]),
        (WRONG_PIN_SEEN, {**LATER, "attempts_limit": 3}, ["budget"]),
        (WRONG_PIN_SEEN, {**LATER, "pin": None}, ["no_pin"]),
    ],
)
def test_after_a_wrong_pin(seen, stated, expected):
    assert codes(observed(**seen), desired(**stated)) == expected


def test_neither_tells_the_last_refusal_and_the_playbook_that_goes_on():
    seen = observed(**{**WRONG_PIN_SEEN, "log": wrong_pin((attempt_log.REFUSED, 133006))})
    (failure,) = gate.failures(seen, desired(**LATER))
    assert "refused with 133006" in failure.details
    assert "playbook wabiz.migration.recover" in failure.next_step and "run the same command again" in failure.next_step


@pytest.mark.parametrize(
    ("recovers", "code", "kept"), [(False, 133000, True), (True, 133000, False), (False, 133010, False)]
)
def test_an_unfinished_deregistration_is_left_to_the_playbook_recover(recovers, code, kept):
    """Another request would be refused with 133000 again, and use up an attempt."""
    log = wrong_pin((attempt_log.REGISTERED, None), (attempt_log.REFUSED, code))
    seen = observed(location=at("NOT_APPLICABLE", node.NOT_SERVING), log=log)
    found = codes(seen, desired(code_lane=True, recovers=recovers))
    assert ("neither" in found) is kept


def test_check_node_false_is_the_operators_word_for_the_node():
    assert codes(observed(node=None, location=at("ON_PREMISE", node.NOT_ASKED))) == []


def test_the_label():
    assert OBSERVED.label == NUMBER
    assert observed(number={}).label == ID


def test_an_unknown_place_tells_what_kept_the_node_from_being_read():
    seen = observed(location=at("ON_PREMISE", node.UNREACHABLE), node=None, node_trouble="connection refused")
    (failure,) = gate.failures(seen, DESIRED)
    assert "connection refused" in failure.details
    assert "ON_PREMISE" in failure.details


def test_a_number_of_the_phone_app_is_told_the_way_out():
    (failure,) = gate.failures(observed(number=graph(is_on_biz_app=True)), DESIRED)
    assert "not available for SMB businesses" in failure.details and "one of ten attempts" in failure.details
    for wording in ("Migrate customers", "Embedded Signup", "the WABA was lost"):
        assert wording in failure.next_step


def test_neither_says_what_is_safe():
    (failure,) = gate.failures(observed(location=at("NOT_APPLICABLE", node.NOT_SERVING)), DESIRED)
    assert "backups stay safe" in failure.details and failure.next_step == gate_findings.NEITHER_API.next_step
