# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the plan rule: the requests in their order without a secret, and a digest over what decides."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import approved, plan
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import subscription
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.approval.plan_facts import (
    BLOCKER,
    ID,
    OVERRIDE,
    PARAMS,
    SUBSCRIBE,
    WARNING,
    facts,
    lines,
)
from hypothesis import given
from hypothesis import strategies as st


def test_the_requests_of_a_cutover():
    assert lines((SUBSCRIBE, OVERRIDE), clear_two_step=True) == [
        "DELETE https://localhost:9090/v1/settings/account/two-step",
        "POST https://graph.facebook.com/v25.0/102290129340398/subscribed_apps",
        "POST https://graph.facebook.com/v25.0/102290129340398/subscribed_apps "
        '{"override_callback_uri": "https://mine.example/hook", "verify_token": "***"}',
        'POST https://localhost:9090/v1/settings/backup {"password": "***"}',
        "POST https://graph.facebook.com/v25.0/106540352242922/register "
        '{"messaging_product": "whatsapp", "pin": "***", "backup": {"password": "***", "data": "<the backup>"}}',
    ]


AGAIN = {"id": "WM208", "severity": "warning", "seen": "x", "fix": ""}


def test_a_number_that_is_registered_again_sends_its_stored_backup():
    """Its node is down, so no backup is made; it may be asked to clear two-step verification."""
    recovered = facts({"clear_two_step": True}, location="NEITHER", findings=(AGAIN,))["requests"]
    assert [plan.line(request) for request in recovered] == [
        "DELETE https://localhost:9090/v1/settings/account/two-step",
        "POST https://graph.facebook.com/v25.0/106540352242922/register "
        '{"messaging_product": "whatsapp", "pin": "***", "backup": {"password": "***", "data": "<the backup>"}}',
    ]
    assert (
        facts(location="NEITHER")["requests"] == [] == facts(location="NEITHER", findings=(AGAIN, BLOCKER))["requests"]
    )
    # a number that its node still serves makes its backup anew
    assert len(facts(findings=(AGAIN,))["requests"]) == 2


def test_the_plan_of_a_number_that_is_registered_again_says_what_is_lost_already():
    shown = plan.of_number(facts(location="NEITHER", findings=(AGAIN,)), 6, 10, 2, False)
    assert shown["downtime"] == plan.DOWN_ALREADY and "one more attempt" in shown["wrong_pin"]
    assert plan.of_number(facts(location="NEITHER"), 6, 10, 2, False)["downtime"] == plan.NO_DOWNTIME
    assert plan.of_number(facts(findings=(AGAIN,)), 6, 10, 2, False)["downtime"] == plan.DOWNTIME


def test_prepare_of_a_number_that_is_registered_again_is_no_change_of_its_plan():
    approved = facts(location="NEITHER", steps=(SUBSCRIBE,), findings=(AGAIN,))
    present = facts(location="NEITHER", findings=(AGAIN,))
    assert plan.digest(approved) in [plan.digest(one) for one in plan.earlier(PARAMS, present, "NEITHER", ())]


def test_the_region_is_sent_with_register():
    assert '"data_localization_region": "DE"' in lines(data_localization_region="DE")[-1]


def test_a_number_on_the_cloud_api_is_only_subscribed():
    assert len(lines((SUBSCRIBE,), "CLOUD", clear_two_step=True)) == 1
    assert lines((), "CLOUD") == []


@given(
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from([SUBSCRIBE, OVERRIDE, subscription.DROP_OVERRIDE]), max_size=2),
)
def test_the_requests_register_once_and_last_and_show_no_secret(clear, without, steps):
    found = lines(steps, clear_two_step=clear, without_backup=without)
    assert ["/register " in line for line in found] == [False] * (len(found) - 1) + [True]
    assert len(found) == clear + len(steps) + (not without) + 1
    for secret in ("meatyhamhock", "tacocat", "493817", "EAAB"):
        assert secret not in "\n".join(found) + json.dumps(facts(steps=steps))


# --- approved plans


def changed(value, *situations):
    return approved.changed(approved.approval(value, ID), situations)


def test_nothing_approved_nothing_compared():
    for value in (None, ""):
        assert approved.approval(value, ID) is None
    assert changed(None, facts()) is None
    assert changed(plan.fleet_digest([]), facts()) is None, "a fleet's digest is the report's business"


@pytest.mark.parametrize(
    "form", [lambda p: p, lambda p: {"digest": "f" + "0" * 24, "numbers": {ID: p}}, lambda p: {"numbers": {int(ID): p}}]
)
def test_forms_of_a_digest(form):
    value = form(plan.digest(facts()))
    assert changed(value, facts()) is None
    failure = changed(value, facts(location="CLOUD"))
    assert failure.code == "plan_changed" and "p" in failure.details


def test_a_plan_without_the_number():
    assert changed({"numbers": {}}, facts()).details == "It does not have this number"


@pytest.mark.parametrize(
    "value",
    [
        "plan.json",
        "p123",
        "P" + "0" * 24,
        "f" + "0" * 23,
        4711,
        ["p"],
        {"digest": "f"},
        {"numbers": {ID: "x"}},
        {"numbers": {ID: 1}},
    ],
)
def test_what_is_no_plan(value):
    with pytest.raises(ValueError, match=r"wanted|digest"):
        approved.approval(value, ID)


def test_what_can_only_be_a_path():
    assert approved.is_path("plan.json") and approved.is_path("p123")
    assert not any(map(approved.is_path, ["", None, {}, plan.digest({}), plan.fleet_digest([])]))
    assert approved.is_fleet_digest(plan.fleet_digest([])) and not approved.is_fleet_digest(plan.digest({}))


PROGRESS = [
    ((SUBSCRIBE,), (), "", True),
    ((SUBSCRIBE, OVERRIDE), (OVERRIDE,), "https://mine.example/hook", True),
    ((SUBSCRIBE, OVERRIDE), (), "https://mine.example/hook", True),
    ((OVERRIDE,), (), "https://mine.example/hook", True),
    ((), (SUBSCRIBE,), "", False),
    ((OVERRIDE,), (SUBSCRIBE,), "https://mine.example/hook", False),
    ((SUBSCRIBE,), (OVERRIDE,), "https://mine.example/hook", False),
]


@pytest.mark.parametrize(("approved", "present", "override", "reasons"), PROGRESS)
def test_what_the_plan_itself_has_done_already_is_no_change(approved, present, override, reasons):
    params = {**PARAMS, "override_callback_uri": override or None}
    before, now = facts(params, steps=approved), facts(params, steps=present)
    found = changed(plan.digest(before), *plan.earlier(params, now, "ON_PREMISES", present))
    assert (found is None) == reasons


# --- the file


def document(*situations):
    return plan.document({one["phone_number_id"]: plan.of_number(one, 8, 10, 2, False) for one in situations})


def test_a_plan_file_is_read_as_it_was_written():
    other = facts({"phone_number_id": "1"})
    text = plan.dump(document(facts(), other))
    assert plan.dump(document(other, facts())) == text, "the order does not matter"
    read = plan.read(text)
    assert read["digest"] == plan.fleet_digest([plan.digest(facts()), plan.digest(other)])
    assert changed(read, facts()) is None
    failure = changed(read, facts(node={"wa_id": "15550120002"}, findings=[WARNING]))
    assert failure.details == (
        "number that the node serves: 15550120001 in the plan, 15550120002 now; findings: new WM134"
    )


def test_a_changed_request_is_named():
    failure = changed(plan.read(plan.dump(document(facts()))), facts(steps=(SUBSCRIBE,)))
    assert failure.details == ("requests: new POST https://graph.facebook.com/v25.0/102290129340398/subscribed_apps")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: "{", "not JSON"),
        (lambda text: "[]", "not a wabiz.plan/1"),
        (lambda text: text.replace("wabiz.plan/1", "wabiz.plan/2"), "not a wabiz.plan/1"),
        (lambda text: text.replace("ON_PREMISES", "CLOUD"), "was changed after"),
        (lambda text: text.replace(f'"{ID}": ', '"1": '), "was changed after"),
        (lambda text: json.dumps({**json.loads(text), "numbers": {}}), "added or removed"),
        (lambda text: json.dumps({**json.loads(text), "numbers": []}), "numbers are missing"),
        (lambda text: json.dumps({**json.loads(text), "numbers": {ID: None}}), "was changed after"),
    ],
)
def test_a_spoilt_plan_file_is_told(spoil, says):
    with pytest.raises(ValueError, match=says):
        plan.read(spoil(plan.dump(document(facts()))))


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["format", "numbers", ID, "situation", "digest", "x"]), inner, max_size=4)
        ),
    )
)
def test_no_approval_crashes(value):
    try:
        stated = approved.approval(value, ID)
    except ValueError:
        return
    approved.changed(stated, [facts()])
    if isinstance(value, dict):
        with pytest.raises(ValueError, match=r"."):
            plan.read(json.dumps(value))


def test_what_a_person_wants_to_know_beside_it():
    reported = plan.of_number(facts(), 8, 10, 2, False)
    assert reported["target"] == "CLOUD" and "15 s" in reported["downtime"] and "133005" in reported["wrong_pin"]
    assert reported["budget"].startswith("8 register requests left (limit 10 in 72 hours, 2 kept in reserve)")
    assert "unknown" in reported["budget"]
    assert "cannot be wrong" in plan.of_number(facts(), 8, 10, 2, True)["wrong_pin"]
    done = plan.of_number(facts(location="CLOUD"), None, 10, 2, False)
    assert (done["budget"], done["wrong_pin"], done["requests"]) == ("not read", "no PIN is sent", [])
    assert done["downtime"].startswith("none")


@pytest.mark.parametrize(
    ("location", "work", "requests", "blocked", "wants"),
    [
        ("ON_PREMISES", True, ["POST"], False, True),
        ("ON_PREMISES", True, [], True, True),
        ("UNKNOWN", True, [], True, True),
        ("CLOUD", True, ["POST"], False, True),
        ("CLOUD", True, [], True, True),
        ("CLOUD", True, [], False, False),
        ("CLOUD", False, [], False, False),
    ],
)
def test_what_wants_an_approval(location, work, requests, blocked, wants):
    assert approved.needs_approval(location, work, requests, blocked) == wants
