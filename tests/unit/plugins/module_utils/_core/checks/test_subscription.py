# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the subscription rule: tables, and every plan carried out on a small model of Graph's subscribed_apps."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import subscription as subscription_rules
from hypothesis import given
from hypothesis import strategies as st

APP = "634974688087057"
OTHER = "1111111111111"
MINE = "https://mine.example/hook"
THEIRS = "https://theirs.example/hook"


def row(app_id, override=None):
    found = {"whatsapp_business_api_data": {"id": app_id, "name": "app", "link": "https://example.com"}}
    return found if override is None else {**found, "override_callback_uri": override}


@pytest.mark.parametrize(
    ("rows", "subscribed", "override", "others"),
    [
        ([], False, "", ()),
        ([row(APP)], True, "", ()),
        ([row(APP, THEIRS)], True, THEIRS, ()),
        ([row(OTHER, THEIRS), row(APP)], True, "", (OTHER,)),
        ([row(OTHER)], False, "", (OTHER,)),
        ([row(int(APP))], True, "", ()),
        ([{}, {"whatsapp_business_api_data": None}, {"whatsapp_business_api_data": "x"}], False, "", ("", "", "")),
    ],
)
def test_of_app(rows, subscribed, override, others):
    assert subscription_rules.of_app(rows, APP) == subscription_rules.Subscription(subscribed, override, others)


NONE = subscription_rules.Subscription(False)
PLAIN = subscription_rules.Subscription(True)
OVERRIDDEN = subscription_rules.Subscription(True, THEIRS)


@pytest.mark.parametrize(
    ("now", "state", "override", "remove", "steps"),
    [
        (NONE, "present", "", False, (subscription_rules.SUBSCRIBE,)),
        (NONE, "present", MINE, False, (subscription_rules.SUBSCRIBE, subscription_rules.SET_OVERRIDE)),
        (PLAIN, "present", "", False, ()),
        (PLAIN, "present", "", True, ()),
        (PLAIN, "present", MINE, False, (subscription_rules.SET_OVERRIDE,)),
        # a plain request here would drop somebody's override without a word
        (OVERRIDDEN, "present", "", False, ()),
        (OVERRIDDEN, "present", "", True, (subscription_rules.DROP_OVERRIDE,)),
        (OVERRIDDEN, "present", THEIRS, False, ()),
        (OVERRIDDEN, "present", MINE, False, (subscription_rules.SET_OVERRIDE,)),
        (NONE, "absent", "", False, ()),
        (PLAIN, "absent", "", False, (subscription_rules.UNSUBSCRIBE,)),
        (OVERRIDDEN, "absent", "", True, (subscription_rules.UNSUBSCRIBE,)),
    ],
)
def test_steps(now, state, override, remove, steps):
    assert subscription_rules.steps(now, state, override, remove) == steps


@pytest.mark.parametrize(
    ("now", "state", "remove", "code"),
    [
        (OVERRIDDEN, "absent", False, "override_kept"),
        (OVERRIDDEN, "absent", True, None),
        (OVERRIDDEN, "present", False, None),
        (PLAIN, "absent", False, None),
        (NONE, "absent", False, None),
    ],
)
def test_refusal(now, state, remove, code):
    failure = subscription_rules.refusal(now, state, "", remove)
    assert (None if failure is None else failure.code) == code
    assert failure is None or THEIRS in failure.details


class Graph:
    """One WABA as Meta describes it: a plain request drops an override, an override needs a plain subscription."""

    def __init__(self, now):
        self.subscribed, self.override, self.dropped = now.subscribed, now.override_callback_uri, False

    def send(self, step, desired):
        if step == subscription_rules.UNSUBSCRIBE:
            self.dropped = self.dropped or bool(self.override)
            self.subscribed, self.override = False, ""
        elif step == subscription_rules.SET_OVERRIDE:
            assert self.subscribed, "(#100) Before override the current callback uri, your app must be subscribed"
            self.override = desired
        else:
            self.dropped = self.dropped or bool(self.override)
            self.subscribed, self.override = True, ""


@given(
    st.sampled_from([NONE, PLAIN, OVERRIDDEN, subscription_rules.Subscription(True, MINE, (OTHER,))]),
    st.sampled_from(["present", "absent"]),
    st.sampled_from(["", MINE, THEIRS]),
    st.booleans(),
)
def test_a_plan_leads_to_the_desired_state_and_drops_nothing_unasked(now, state, override, remove):
    if subscription_rules.refusal(now, state, override, remove) is not None:
        return
    plan = subscription_rules.steps(now, state, override, remove)
    graph = Graph(now)
    for step in plan:
        graph.send(step, override)
    then = subscription_rules.Subscription(graph.subscribed, graph.override, now.other_apps)
    assert then == subscription_rules.after(now, plan, override)
    assert subscription_rules.steps(then, state, override, remove) == ()
    assert then.subscribed == (state == "present")
    assert remove or not graph.dropped
    if state == "present" and override:
        assert then.override_callback_uri == override
    if state == "present" and not override and not remove:
        assert then.override_callback_uri == now.override_callback_uri


def test_as_dict():
    assert OVERRIDDEN.as_dict() == {"subscribed": True, "override_callback_uri": THEIRS}
