# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what makes a number wait without a read of it: the same before it is prepared and at the register call."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.sent import Sent
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import container
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import failure_limit, window
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import gate
from ansible_collections.wabiz.migration.plugins.module_utils._operations import conditions
from ansible_collections.wabiz.migration.plugins.module_utils._operations.options import Register, typed

NOW = 1_800_000_000.0
OPEN = window.Span(NOW - 60, NOW + 3600, "Mon", "Tue", "UTC")
CLOSED = window.Span(NOW + 3600, NOW + 7200, "Mon", "Tue", "UTC")
ENDED = {"id": "WM170", "who": "ada", "why": "ticket", "until": "2026-01-01"}
ROW = {"id": "WM170", "severity": "blocker", "seen": "It is forbidden", "number": "1555"}


class World:
    """As much of a context as these rules look at."""

    def __init__(self, **reported: Any) -> None:
        self.flags: dict[str, str] = reported.pop("flags", {})
        self.check_mode = reported.pop("check_mode", False)
        throwaway = reported.pop("throwaway", container.KEPT)
        lost = reported.pop("lost", False)
        self.sent = Sent()
        self.shared = SimpleNamespace(raised=self.flags.get)
        self.clock = SimpleNamespace(now=lambda: NOW, monotonic=lambda: 0.0)
        self.process = SimpleNamespace(
            number=2, parent=1, throwaway=throwaway, run_is_gone=lambda *known: lost and known == (2, 1)
        )


def params(**stated: Any) -> Register:
    return typed(Register, {"phone_number_id": "1", "state_dir": "/state", **stated})


def codes(failures: Any) -> list[Any]:
    return [failure.code for failure in failures]


CASES = [
    ({}, {}, [], []),
    # a flag counts whatever its text is: a task that could not name its number has raised it all the same
    ({}, {"flags": {gate.WRONG_PIN: ""}}, ["wrong_pin_elsewhere"], []),
    ({}, {"flags": {failure_limit.FLAG: ""}}, ["too_many_failed"], []),
    ({"window": window.as_data([OPEN])}, {}, [], []),
    ({"window": window.as_data([CLOSED])}, {}, ["outside_window"], []),
    ({"window": window.as_data([OPEN]), "register_timeout": 4000.0}, {}, ["outside_window"], []),
    ({"freeze": "frozen:ask Ada"}, {}, ["frozen"], []),
    ({"freeze": "paused:ask Ada"}, {}, [], ["paused"]),
    ({}, {"flags": {gate.WRONG_PIN: "1556"}}, ["wrong_pin_elsewhere"], []),
    ({"pin_cleared": True}, {"flags": {gate.WRONG_PIN: "1556"}}, [], []),
    ({"continue_after_wrong_pin": True}, {"flags": {gate.WRONG_PIN: "1556"}}, [], []),
    ({}, {"flags": {failure_limit.FLAG: "2 of 10"}}, ["too_many_failed"], []),
    ({"findings": [ROW], "waivers": [ENDED]}, {}, ["not_waived"], []),
    ({"findings": [ROW], "waivers": [{**ENDED, "until": "2099-01-01"}]}, {}, [], []),
    (
        {"window": window.as_data([CLOSED]), "freeze": "paused:x", "findings": [ROW]},
        {"flags": {gate.WRONG_PIN: "1556", failure_limit.FLAG: "2 of 10"}},
        ["outside_window", "not_waived", "wrong_pin_elsewhere", "too_many_failed"],
        ["paused"],
    ),
]


@pytest.mark.parametrize(("stated", "reported", "refusing", "passing"), CASES)
def test_the_same_before_the_steps_and_at_the_register_call(
    stated: Any, reported: Any, refusing: list[str], passing: list[str]
) -> None:
    early = conditions.before_the_steps(params(**stated), World(**reported))
    assert (codes(early.refusing), codes(early.passing)) == (refusing, passing)
    late, nothing = conditions.before_register(params(**stated), World(**reported), None)
    assert (late, nothing) == ([*early.refusing, *early.passing], [])
    # in check mode, what passes by itself is a word only
    predicted = conditions.before_register(params(**stated), World(check_mode=True, **reported), None)
    assert predicted == (early.refusing, early.passing)


def test_what_the_register_call_finds_with_what_it_has_read_is_found_before_the_steps_as_well() -> None:
    lost = conditions.before_the_steps(params(), World(throwaway=container.CONTAINER))
    assert codes(lost.refusing) == ["state_not_durable"]
    assert lost.refusing == [container.lost(container.CONTAINER, None, "/state")]
    assert conditions.before_the_steps(params(state_durable=True), World(throwaway=container.CONTAINER)).refusing == []
    killed = conditions.before_the_steps(params(), World(lost=True))
    assert codes(killed.refusing) == ["run_killed"]
    assert "was sent" not in killed.refusing[0].sentence()


@pytest.mark.parametrize(
    ("found", "waits"), [(["paused"], True), (["paused", "outside_window"], False), (["frozen"], False), ([], False)]
)
def test_only_a_pause_alone_is_waited_for(found: list[str], waits: bool) -> None:
    made = conditions.unread(params(freeze="paused:x"), World()).passing[0]
    closed = conditions.unread(params(window=window.as_data([CLOSED])), World()).refusing[0]
    frozen = conditions.unread(params(freeze="frozen:x"), World()).refusing[0]
    failures = {"paused": made, "outside_window": closed, "frozen": frozen}
    assert conditions.is_pause([failures[code] for code in found]) == waits
