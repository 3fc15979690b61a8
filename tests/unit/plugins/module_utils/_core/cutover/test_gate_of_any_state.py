# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the gate: what holds for any observed and desired state."""

from __future__ import annotations

import dataclasses

from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import (
    attempt_log,
    gate,
    recovery,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.cutover.states import (
    BACKUP,
    DATA,
    LOST,
    NOW,
    NUMBER,
    PASSWORD,
    PIN,
    at,
    desired,
    graph,
    observed,
    used,
    wrong_pin,
)
from hypothesis import given, settings
from hypothesis import strategies as st

wording = st.sampled_from([node.SERVING, node.NOT_SERVING, node.UNCLEAR, node.UNREACHABLE, node.NOT_ASKED])
platforms = st.sampled_from(["ON_PREMISE", "CLOUD_API", "NOT_APPLICABLE", "", "NEW"])
observations = st.builds(
    lambda platform, word, app, name, wa_id, belongs, verified, attempts, wrong_pin_seen, stored, later, faults, lost: (
        observed(
            location=at(platform, word),
            number=graph(
                platform_type=platform, code_verification_status=verified, is_on_biz_app=app, name_status=name
            ),
            node=None if wa_id is None else {"wa_id": wa_id, "serving": word},
            belongs_to_waba=belongs,
            log=wrong_pin(*[(attempt_log.REFUSED, 133006)] * attempts) if wrong_pin_seen else used(attempts),
            backup=stored,
            now=NOW + later,
            file_faults=faults,
            state_lost=LOST if lost else None,
        )
    ),
    platforms,
    wording,
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
desired_states = st.builds(
    lambda pin, cleared, changed_at, password, without, unverified: desired(
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
@given(observations, desired_states)
def test_a_number_that_may_be_registered_meets_every_rule(seen, desired):
    if gate.failures(seen, desired):
        return
    refused = recovery.refused_pin(seen.log)
    another = desired.pin_cleared or (desired.pin_changed_at is not None and desired.pin_changed_at > NOW - 3600)
    assert refused is None or another
    if seen.location.name == location.NEITHER:
        assert seen.number["platform_type"] == "NOT_APPLICABLE" and seen.node["serving"] == node.NOT_SERVING
        assert refused is seen.log["attempts"][-1] and another
    else:
        assert seen.location.name == location.ON_PREMISES and seen.number["platform_type"] == "ON_PREMISE"
    assert seen.number["is_on_biz_app"] is not True
    assert seen.number["name_status"] not in ("EXPIRED", "NONE")
    assert seen.node is None or seen.node["wa_id"] == NUMBER
    assert seen.belongs_to_waba is not False
    assert desired.pin == PIN
    assert desired.without_backup or (seen.backup == BACKUP and desired.backup_password == PASSWORD and seen.now == NOW)
    assert desired.allow_unverified or seen.number["code_verification_status"] in (None, "VERIFIED")
    assert len(seen.log["attempts"]) < 8
    assert not seen.file_faults
    assert not seen.state_lost


@settings(max_examples=100)
@given(observations, desired_states)
def test_a_reason_says_what_to_do_and_quotes_no_secret(seen, desired):
    for failure in gate.failures(seen, desired):
        assert failure.next_step
        for secret in (PIN, PASSWORD, DATA):
            assert secret not in failure.sentence(NUMBER)


@settings(max_examples=60)
@given(observations, desired_states)
def test_preflight_has_a_finding_for_every_reason(seen, desired):
    before_the_backup = dataclasses.replace(desired, needs_backup=False)
    for failure in gate.failures(seen, before_the_backup):
        assert catalogue.finding(failure, NUMBER)["severity"] == catalogue.BLOCKER
