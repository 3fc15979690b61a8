# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a recovery: who needs somebody first, each cause once, and what a run has done."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import recovery_table as table
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure


def result(step: str, state: str = "not verified", why: str = "Because", does: str = "do it", **more: Any) -> Any:
    found = {"step": step, "state": state, "why": why, "does": does, "location": "NEITHER", "number": "+1 555"}
    return {**found, **more}


def row(host: str, before: Any = None, after: Any = None, failure: Any = None) -> table.Row:
    return table.row_of(host, {"recover": before, "after": after, "failure": failure})


def test_who_needs_somebody_comes_first_and_each_cause_is_told_once() -> None:
    rows = [
        row("a", result("nothing", "works")),
        row("b", result("register", "neither API")),
        row("c", result("person", "wrong PIN", "The PIN was wrong", "change it")),
        row("d", result("wait", "locked", "Too many")),
        row("e", result("person", "wrong PIN", "The PIN was wrong", "change it")),
    ]
    lines = table.lines("Recovery", rows, applied=False)
    hosts = [line.split("  ")[1].strip() for line in lines[:5]]
    assert hosts == ["HOST", "c", "e", "d", "b"]
    assert sum("The PIN was wrong. Next: change it" in line for line in lines) == 1
    assert lines[-2] == "Recovery: 5 numbers (1 works, 1 neither API, 2 wrong PIN, 1 locked)"
    assert lines[-1] == table.APPLY
    assert table.lines("Recovery", rows, applied=True)[-1] == table.GO_ON
    assert [one.bad for one in rows] == [False, False, True, False, True]


def test_a_fleet_of_which_nothing_is_wrong_is_two_lines() -> None:
    assert table.lines("Recovery", [row("a", result("nothing", "works"))], applied=True) == [
        "Recovery: 1 number (1 works)",
        table.ALL_WELL,
    ]


def test_a_step_that_was_taken_is_told_with_the_next_one() -> None:
    one = row("a", result("register", does="register it"), result("compare", "not compared", does="compare it"))
    assert (one.state, one.done, one.does) == ("not compared", "register it", "compare it")
    assert "done: register it. Then: compare it" in table.lines("Recovery", [one], applied=True)[1]
    well = row("a", result("compare", does="compare it"), result("nothing", "works", does="nothing"))
    assert "done: compare it" in table.lines("Recovery", [well], applied=True)[1]


def test_a_failed_step_names_its_cause_and_what_comes_next() -> None:
    failure = Failure(133006, "Refused", "details", next_step="verify it").as_dict()
    one = row("a", result("register"), failure={"failed": True, "msg": "long", "failure": failure})
    assert (one.state, one.bad, one.does) == ("failed", True, "verify it") and "133006" in one.cause
    assert row("a", failure={"failed": True, "msg": "The node is gone"}).cause == "The node is gone"
    assert row("a").state == "not read" and row("a").bad
