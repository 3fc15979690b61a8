# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the subscription rule: tables, and every plan carried out on a small model of Graph's subscribed_apps."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core import subscription as rule
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
    assert rule.of_app(rows, APP) == rule.Subscription(subscribed, override, others)


NONE = rule.Subscription(False)
PLAIN = rule.Subscription(True)
OVERRIDDEN = rule.Subscription(True, THEIRS)


@pytest.mark.parametrize(
    ("now", "state", "override", "remove", "steps"),
    [
        (NONE, "present", "", False, (rule.SUBSCRIBE,)),
        (NONE, "present", MINE, False, (rule.SUBSCRIBE, rule.SET_OVERRIDE)),
        (PLAIN, "present", "", False, ()),
        (PLAIN, "present", "", True, ()),
        (PLAIN, "present", MINE, False, (rule.SET_OVERRIDE,)),
        # a plain request here would drop somebody's override without a word
        (OVERRIDDEN, "present", "", False, ()),
        (OVERRIDDEN, "present", "", True, (rule.DROP_OVERRIDE,)),
        (OVERRIDDEN, "present", THEIRS, False, ()),
        (OVERRIDDEN, "present", MINE, False, (rule.SET_OVERRIDE,)),
        (NONE, "absent", "", False, ()),
        (PLAIN, "absent", "", False, (rule.UNSUBSCRIBE,)),
        (OVERRIDDEN, "absent", "", True, (rule.UNSUBSCRIBE,)),
    ],
)
def test_steps(now, state, override, remove, steps):
    assert rule.steps(now, state, override, remove) == steps


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
    failure = rule.refusal(now, state, "", remove)
    assert (None if failure is None else failure.code) == code
    assert failure is None or THEIRS in failure.details


class Graph:
    """One WABA as Meta describes it: a plain request drops an override, an override needs a plain subscription."""

    def __init__(self, now):
        self.subscribed, self.override, self.dropped = now.subscribed, now.override_callback_uri, False

    def send(self, step, wish):
        if step == rule.UNSUBSCRIBE:
            self.dropped = self.dropped or bool(self.override)
            self.subscribed, self.override = False, ""
        elif step == rule.SET_OVERRIDE:
            assert self.subscribed, "(#100) Before override the current callback uri, your app must be subscribed"
            self.override = wish
        else:
            self.dropped = self.dropped or bool(self.override)
            self.subscribed, self.override = True, ""


@given(
    st.sampled_from([NONE, PLAIN, OVERRIDDEN, rule.Subscription(True, MINE, (OTHER,))]),
    st.sampled_from(["present", "absent"]),
    st.sampled_from(["", MINE, THEIRS]),
    st.booleans(),
)
def test_a_plan_leads_to_the_wish_and_drops_nothing_unasked(now, state, override, remove):
    if rule.refusal(now, state, override, remove) is not None:
        return
    plan = rule.steps(now, state, override, remove)
    graph = Graph(now)
    for step in plan:
        graph.send(step, override)
    then = rule.Subscription(graph.subscribed, graph.override, now.other_apps)
    assert then == rule.after(now, plan, override)
    assert rule.steps(then, state, override, remove) == ()
    assert then.subscribed == (state == "present")
    assert remove or not graph.dropped
    if state == "present" and override:
        assert then.override_callback_uri == override
    if state == "present" and not override and not remove:
        assert then.override_callback_uri == now.override_callback_uri


def test_as_dict():
    assert OVERRIDDEN.as_dict() == {"subscribed": True, "override_callback_uri": THEIRS}
