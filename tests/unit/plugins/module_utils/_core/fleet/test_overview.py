# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the fleet as text: who needs somebody first, each cause once, and the others as counts."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import overview, table
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    BLOCKER,
    FAILED,
    PREFLIGHT,
    UNCONFIRMED,
    rows,
)
from hypothesis import given
from hypothesis import strategies as st


def row(host, **results):
    found = table.row_of(host, {"phone_number_id": "1" * 15, **results}, True)
    return found._replace(number="+1 555-%s" % host)


BLOCKED = {**PREFLIGHT, "blocked": True, "findings": [BLOCKER]}


def test_a_fleet_that_is_well_is_one_line():
    assert overview.lines("Migration", rows("moved", "moved", "unchanged")) == [
        "Migration: 3 numbers (2 moved, 1 unchanged)"
    ]
    assert overview.lines("Migration", []) == ["Migration: 0 numbers (none)"]


def test_who_needs_somebody_comes_first_and_a_cause_is_told_once():
    fleet = [
        *rows("moved"),
        row("a", preflight=BLOCKED),
        row("b", preflight=PREFLIGHT, register=UNCONFIRMED),
        row("c", preflight=BLOCKED),
    ]
    shown = overview.lines("Migration", fleet)
    assert [line.split()[2] for line in shown[1:4]] == ["b", "a", "c"], "those of which least is known are first"
    assert [line for line in shown if "Next: wait" in line] == [
        "+1 555-a (a), +1 555-c (c): WM114 blocker: The budget is used up. Next: wait."
    ]


def test_a_number_that_waits_has_a_row_and_no_cause():
    waits = row("a", preflight=PREFLIGHT, register={"waiting": True, "why": "paused: ask Ada"})
    assert overview.lines("Migration", [*rows("moved"), waits])[1:] == [
        "+1 555-a  a     waiting  ON_PREMISES  paused: ask Ada",
        "Migration: 2 numbers (1 moved, 1 waiting)",
    ]


def test_the_same_cause_with_other_details_points_to_the_report():
    other = {**BLOCKED, "findings": [{**BLOCKER, "seen": "The budget is used up. 3 left"}]}
    shown = overview.lines("Preflight", [row("a", preflight=BLOCKED), row("b", preflight=other)])
    assert "+1 555-a (a), +1 555-b (b): WM114 blocker: The budget is used up. Next: wait." in shown[-2]
    assert shown[-2].endswith("(1 further detail in the report)")


def test_a_row_says_what_was_sent_before_a_failure():
    text = "Number 1: no [131000]. Sent before this: A; B. It is safe to run again."
    failed = {**FAILED, "msg": text, "failure": {"code": 131000, "title": "t" * 300}}
    shown = overview.lines("Migration", [row("a", preflight=PREFLIGHT, register=failed)])
    assert shown[1].endswith("ttt. Sent before this: A; B."), shown[1]


@given(st.lists(st.sampled_from([*table.BAD, table.MOVED, table.READY, table.WAITING]), max_size=20))
def test_every_number_that_needs_somebody_has_a_row_and_every_number_has_one_on_demand(states):
    fleet = rows(*states)
    shown, whole = overview.lines("T", fleet), overview.lines("T", fleet, whole=True)
    wanted = [one.host for one in fleet if one.bad or one.state == table.WAITING]
    assert sum(any(" %s " % host in line for host in wanted) for line in shown) == len(wanted)
    assert len(whole) == len(fleet) + (2 if fleet else 1)
