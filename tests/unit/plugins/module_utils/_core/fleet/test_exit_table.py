# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of retire and rollback: each way to stop has its next step, and the end has none."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import exit_table
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet.table import Row
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure

READ = {"number": {"display_phone_number": "+1 555-0100", "platform_type": "CLOUD_API"}}
EXPORT = {"path": "/state/export.tar.gz"}
NOTICE: dict[str, Any] = {
    "left": 3,
    "planned": 3,
    "recipients": 5,
    "preview": "We end.",
    "confirm": "n1",
    "notified": 2,
    "unknown": 1,
    "refused": 0,
    "sent_now": 2,
}
LEFT = {"changed": True, "platform_type": "NOT_APPLICABLE", "registration": {"outcome": "deregistered"}}
FAILED = {"failed": True, "msg": "no", "failure": Failure("x", "Refused", "", next_step="correct it").as_dict()}


def retired(check_mode: bool = False, **results: Any) -> Row:
    return exit_table.retired("a", {"waba_id": "7", "read": READ, "export": EXPORT, **results}, check_mode)


def test_a_number_that_was_not_read_was_not_started() -> None:
    row = exit_table.retired("a", {"phone_number_id": "1"}, False)
    assert (row.state, row.bad, row.number) == ("not started", False, "1")


@pytest.mark.parametrize(
    ("results", "state", "arguments"),
    [
        ({}, "exported", "-e O(confirm)=15550100"),
        ({"notice": NOTICE}, "notice not confirmed", "-e O(notice_confirm)=n1"),
        ({"notice": NOTICE, "notice_confirm": "n1"}, "notices left", ""),
        ({"notice": {**NOTICE, "left": 0}, "notice_confirm": "n1"}, "exported", "-e O(confirm)=15550100"),
    ],
)
def test_a_number_that_stays_has_a_next_step(results: dict[str, Any], state: str, arguments: str) -> None:
    row = retired(**results)
    assert row.action is not None and row.action.left and not row.bad
    assert (row.state, row.location, row.action.arguments) == (state, "CLOUD", arguments)


def test_a_number_that_has_left_has_none() -> None:
    row = retired(deregister=LEFT)
    assert row.action is not None and row.action.off and row.action.moved and not row.action.left
    assert (row.state, row.location) == ("retired", "NEITHER") and "any more" in row.wording
    kept = retired(deregister={**LEFT, "changed": False}, unsubscribe={"reason": "The app stays subscribed"})
    assert kept.action is not None and not kept.action.moved and "The app stays subscribed" in kept.wording
    home = {**LEFT, "changed": False, "platform_type": "ON_PREMISE"}
    assert retired(deregister=home).state == "unchanged"
    assert retired(check_mode=True, deregister=LEFT).state == "would be retired"


def test_what_a_prediction_refuses_is_refused_outside_check_mode() -> None:
    refused = {**FAILED, "would_be_refused": True}
    assert retired(predicted=refused).state == "failed" and retired(predicted=refused).bad
    assert retired(check_mode=True, predicted=refused).state == "would be refused"


def test_rollback_waits_for_the_code_and_ends_on_the_node() -> None:
    def row(**results: Any) -> Row:
        return exit_table.rolled_back("a", {"read": READ, **results}, False)

    waits = row(asked={"answer": "code sent"})
    assert waits.action is not None and waits.action.arguments == "-e O(code)=CODE"
    assert (waits.state, waits.location) == ("waiting for code", "CLOUD")
    back = row(asked={"answer": "x"}, deregister=LEFT, restore={"done": ["registered"], "health": "connected"})
    assert (
        back.action is not None
        and back.action.moved
        and (back.state, back.location) == (exit_table.BACK, "ON_PREMISES")
    )
    failed = row(asked=FAILED)
    assert failed.action is not None and (failed.state, failed.action.does) == ("failed", "correct it")


def test_only_the_numbers_of_now_have_a_line_and_all_are_counted() -> None:
    rows = [retired(), retired(deregister=LEFT), exit_table.retired("c", {}, False)]
    lines = exit_table.lines("Out of service", [rows[0], rows[2]], rows)
    assert len(lines) == 2 and lines[0].endswith(
        "Next: %s: run the same command again with -e O(confirm)=15550100" % exit_table.TAKE_OFF
    )
    assert lines[1] == "Out of service: 3 numbers (1 exported, 1 retired, 1 not started)"
