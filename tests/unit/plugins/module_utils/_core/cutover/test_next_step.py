# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one next step of a stuck number: examples, and what holds for every combination of facts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import exit_log, next_step, situation
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.situation import Facts
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import node
from hypothesis import example, given, settings
from hypothesis import strategies as st

NOW = 1_800_000_000.0
STEPS = {
    *(situation.NOTHING, situation.READ, situation.WAIT, situation.PERSON),
    *situation.SENDS,
}
NEITHER: dict[str, Any] = {"now": NOW, "platform": "NOT_APPLICABLE", "backup": True}
CODES = (None, 0, 100, 133000, 133001, 133005, 133006, 133007, 133008, 133009, 133010, 133015, 133016)
TEXT = st.sampled_from(["", "why"])
FACTS = st.builds(
    Facts,
    now=st.just(NOW),
    trouble=TEXT,
    fix=TEXT,
    other_run=TEXT,
    platform=st.sampled_from(["CLOUD_API", "ON_PREMISE", "NOT_APPLICABLE", "NOT_APPLICABLE", "NOT_APPLICABLE", ""]),
    standing=st.sampled_from(["registered", "pending", "broken"]),
    status=st.just("CONNECTED"),
    pending_for=st.sampled_from([0.0, 90000.0]),
    kept_out=TEXT,
    node=st.sampled_from([node.SERVING, node.NOT_SERVING, node.UNCLEAR, node.UNREACHABLE, node.NOT_ASKED]),
    node_gone=TEXT,
    open=st.booleans(),
    open_for=st.sampled_from([0.0, 20.0]),
    other_open_for=st.sampled_from([0.0, 20.0]),
    taken_off=TEXT,
    bring_back=st.booleans(),
    refused=st.sampled_from(CODES),
    refused_at=st.sampled_from([NOW - 60, NOW - 600, NOW - 300_000]),
    wait_for=st.sampled_from([0.0, 300.0, 72 * 3600.0]),
    in_a_row=st.integers(0, 3),
    again=st.booleans(),
    attempts_left=st.integers(-1, 8),
    next_attempt_at=st.sampled_from([0.0, NOW + 500]),
    verified=st.booleans(),
    verification=st.sampled_from(["VERIFIED", "NOT_VERIFIED", ""]),
    verified_since=st.booleans(),
    pin=st.booleans(),
    pin_on=st.booleans(),
    wrong_pin=st.booleans(),
    new_pin=st.booleans(),
    new_pin_set=st.sampled_from(["", exit_log.SET, exit_log.SET_OTHER, exit_log.REFUSED, exit_log.UNKNOWN]),
    finished=st.sampled_from(["", exit_log.DONE, exit_log.REFUSED, exit_log.UNKNOWN]),
    finish_seen=st.booleans(),
    backup=st.booleans(),
    missing=st.sampled_from([(), ("profile",), ("profile", "official_business_account")]),
    subscribed=st.sampled_from([None, True, False]),
    subscription=TEXT,
    code=st.booleans(),
    code_asked=TEXT,
    no_code=TEXT,
    no_code_until=st.booleans(),
    not_compared=st.booleans(),
    lost=st.sampled_from([(), ("about",)]),
    lost_for_good=st.sampled_from([(), ("photo",)]),
)
# A number of which most is well, so that the rows near the end of the table are reached as well.
NEAR = st.builds(
    lambda base, changes: base._replace(**changes),
    st.just(Facts(**NEITHER)),
    FACTS.flatmap(
        lambda other: st.sets(st.sampled_from(sorted(Facts._fields)), max_size=5).map(
            lambda names: {name: getattr(other, name) for name in names}
        )
    ),
)


@settings(max_examples=1500, deadline=None)
@given(st.one_of(FACTS, NEAR))
@example(Facts(**NEITHER))
def test_every_number_has_exactly_one_step_and_no_step_that_is_not_safe(f: Facts) -> None:
    found = next_step.decide(f)
    assert found == next_step.decide(f)
    assert found.step in STEPS and found.state and found.why and found.does and found.safe
    assert found.person == (found.step == situation.PERSON)
    if f.trouble or f.other_run:
        assert found.step not in situation.SENDS
    if found.step in (situation.REGISTER, situation.FINISH, situation.NEW_PIN):
        # Definitely on neither API, and no answer can come any more.
        assert f.platform == "NOT_APPLICABLE"
        assert f.open_for == f.other_open_for == 0
        assert f.node != node.SERVING
        assert f.node in (node.NOT_SERVING, node.NOT_ASKED) or f.node_gone
        assert f.attempts_left > 0 and not f.kept_out
        assert f.bring_back or not f.taken_off
    if found.step == situation.REGISTER:
        assert not f.wrong_pin or f.new_pin_set == exit_log.SET, "a wrong PIN is never tried twice"
        assert f.pin or f.new_pin
        assert f.verified and f.subscribed
        assert f.backup or not f.missing
        assert f.refused is None or f.refused_at + f.wait_for <= f.now
        assert f.again or f.refused is None or f.in_a_row < (3 if f.refused == 133000 else 2)
        assert f.refused != 133000 or f.finished or f.open
    if found.step == situation.NEW_PIN:
        assert f.new_pin and f.new_pin_set == "" and not f.open
    if found.step == situation.FINISH:
        assert f.refused == 133000 and not f.finished
    if found.step == situation.CONFIRM:
        assert f.platform == "CLOUD_API" and f.open
    if found.step == situation.ASK_CODE:
        assert not f.code_asked and not f.no_code and not f.verified
    if found.step == situation.HAND_IN:
        assert f.code and not f.verified
    if f.platform == "ON_PREMISE":
        assert found.step not in situation.SENDS, "what is on its node is moved by a migration"
    if found.step == situation.NOTHING and f.platform == "CLOUD_API":
        assert f.standing == "registered" and f.subscribed and f.verified and not f.lost and not f.not_compared


@pytest.mark.parametrize(
    ("changes", "step", "state"),
    [
        ({}, "register", "neither API"),
        ({"backup": False, "missing": ("profile",)}, "person", "neither API"),
        ({"backup": False, "missing": ()}, "register", "neither API"),
        ({"platform": "ON_PREMISE", "node": node.SERVING}, "nothing", "on its node"),
        ({"platform": "ON_PREMISE", "node": node.UNREACHABLE, "node_gone": "no node answers"}, "person", None),
        ({"node": node.SERVING}, "person", "unknown"),
        ({"node": node.UNCLEAR}, "person", "unknown"),
        ({"node": node.UNREACHABLE, "node_gone": "no node answers"}, "register", "neither API"),
        ({"open": True, "open_for": 9.0}, "read", "answer open"),
        ({"open": True}, "register", "neither API"),
        ({"platform": "CLOUD_API", "open": True, "open_for": 9.0}, "confirm", "registered"),
        ({"platform": "CLOUD_API", "standing": "pending"}, "read", "pending"),
        ({"platform": "CLOUD_API", "standing": "pending", "pending_for": 1e6}, "person", "pending"),
        ({"platform": "CLOUD_API", "standing": "broken", "status": "BANNED"}, "person", "not connected"),
        ({"platform": "CLOUD_API", "subscribed": False}, "subscribe", "not subscribed"),
        ({"platform": "CLOUD_API", "subscribed": None}, "person", "subscription unknown"),
        ({"platform": "CLOUD_API", "verified": False}, "ask_code", "not verified"),
        ({"platform": "CLOUD_API", "not_compared": True}, "compare", "not compared"),
        ({"platform": "CLOUD_API", "lost": ("about",)}, "compare", "without profile"),
        ({"platform": "CLOUD_API", "lost_for_good": ("photo",)}, "person", "without profile"),
        ({"platform": "CLOUD_API"}, "nothing", "works"),
        ({"wrong_pin": True}, "person", "wrong PIN"),
        ({"wrong_pin": True, "new_pin": True}, "new_pin", "wrong PIN"),
        ({"wrong_pin": True, "new_pin": True, "new_pin_set": exit_log.SET}, "register", "neither API"),
        ({"wrong_pin": True, "new_pin": True, "new_pin_set": exit_log.SET_OTHER}, "person", "wrong PIN"),
        ({"wrong_pin": True, "new_pin": True, "new_pin_set": exit_log.REFUSED}, "person", "wrong PIN"),
        ({"new_pin": True, "pin": False}, "new_pin", "unknown PIN"),
        ({"new_pin": True, "pin": False, "pin_on": False}, "register", "neither API"),
        ({"pin": False}, "person", "unknown PIN"),
        ({"refused": 133000, "in_a_row": 1}, "finish", "incomplete deregistration"),
        ({"refused": 133000, "in_a_row": 1, "finished": exit_log.DONE}, "register", "neither API"),
        ({"refused": 133000, "in_a_row": 1, "finished": exit_log.REFUSED}, "person", "refused"),
        ({"refused": 133000, "in_a_row": 2, "finish_seen": True}, "person", "refused"),
        ({"refused": 133000, "in_a_row": 2}, "finish", "incomplete deregistration"),
        ({"refused": 133000, "in_a_row": 2, "finished": exit_log.DONE}, "register", "neither API"),
        ({"refused": 133000, "in_a_row": 3}, "person", "refused"),
        ({"refused": 133000, "in_a_row": 3, "again": True}, "finish", "incomplete deregistration"),
        ({"refused": 133006, "in_a_row": 1, "verified": False}, "ask_code", "not verified"),
        ({"refused": 133006, "in_a_row": 1}, "person", "refused"),
        ({"refused": 133006, "in_a_row": 1, "verified_since": True}, "register", "neither API"),
        ({"refused": 133007, "in_a_row": 1}, "person", "refused"),
        ({"refused": 133010, "in_a_row": 2}, "person", "refused"),
        ({"refused": 133010, "in_a_row": 2, "again": True}, "register", "neither API"),
        ({"refused": 133015, "in_a_row": 1, "refused_at": NOW - 60, "wait_for": 300.0}, "wait", "locked"),
        ({"refused": 133015, "in_a_row": 1, "refused_at": NOW - 600, "wait_for": 300.0}, "register", "neither API"),
        ({"attempts_left": 0}, "wait", "locked"),
        ({"verified": False, "code_asked": "asked"}, "wait", "waiting for code"),
        ({"verified": False, "code_asked": "asked", "code": True}, "hand_in", "not verified"),
        ({"verified": False, "no_code": "limit", "no_code_until": True}, "wait", "not verified"),
        ({"verified": False, "no_code": "2388091"}, "person", "not verified"),
        ({"taken_off": "2026-11-27T10:00:00Z"}, "person", "taken off"),
        ({"taken_off": "2026-11-27T10:00:00Z", "bring_back": True}, "register", "neither API"),
        ({"platform": "HOVERING"}, "person", "unknown"),
    ],
)
def test_examples(changes: dict[str, Any], step: str, state: str | None) -> None:
    found = next_step.decide(Facts(**{**NEITHER, **changes}))
    assert (found.step, found.state) == (step, state or found.state), found


def test_a_stored_backup_is_used() -> None:
    assert next_step.lane_of(Facts(backup=True)) == "backup"
    assert next_step.lane_of(Facts(backup=False)) == "code"
