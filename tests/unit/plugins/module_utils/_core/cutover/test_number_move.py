# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meta's conditions of a move to another WABA: what refuses, what is only not told, and what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import number_move
from hypothesis import given
from hypothesis import strategies as st

GOOD = {
    "id": "100",
    "display_phone_number": "+49 30 901820",
    "verified_name": "Berlin",
    "name_status": "APPROVED",
    "new_name_status": "NONE",
    "is_pin_enabled": False,
    "account_mode": "LIVE",
    "is_on_biz_app": False,
}
WABA = {
    "id": "200",
    "name": "New",
    "account_review_status": "APPROVED",
    "business_verification_status": "verified",
    "primary_funding_id": "1",
}
TARGET = number_move.Target(WABA)


def codes(number: Any, target: number_move.Target = TARGET) -> tuple[list[Any], list[Any]]:
    judged = number_move.judge(number, target)
    return [one.code for one in judged.refusing], [one.code for one in judged.notes]


def test_a_good_number_and_a_good_target() -> None:
    assert codes(GOOD) == ([], [])


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ({"name_status": "PENDING_REVIEW"}, "move_name"),
        ({"name_status": "AVAILABLE_WITHOUT_REVIEW"}, "move_name"),
        ({"name_status": "EXPIRED"}, "move_name"),
        ({"new_name_status": "PENDING_REVIEW"}, "move_name"),
        ({"is_pin_enabled": True}, "move_two_step"),
        ({"account_mode": "SANDBOX"}, "move_test_number"),
        ({"is_on_biz_app": True}, "biz_app"),
    ],
)
def test_a_number_that_may_not_move(number: dict[str, Any], code: str) -> None:
    assert codes({**GOOD, **number}) == ([code], [])


@pytest.mark.parametrize(
    "waba",
    [
        {"account_review_status": "PENDING"},
        {"business_verification_status": "not_verified"},
        {"business_verification_status": "pending"},
    ],
)
def test_a_target_that_cannot_take_it(waba: dict[str, Any]) -> None:
    assert codes(GOOD, number_move.Target({**WABA, **waba})) == (["move_target"], [])


def test_a_target_that_cannot_be_read() -> None:
    judged = number_move.judge(GOOD, number_move.Target(None, trouble="WABA 200 cannot be read: 100"))
    assert [(one.code, one.details) for one in judged.refusing] == [("move_target", "WABA 200 cannot be read: 100")]


@pytest.mark.parametrize("name", ["name_status", "new_name_status", "is_pin_enabled", "account_mode"])
def test_what_is_not_told_is_a_note_and_no_guess(name: str) -> None:
    number = {key: value for key, value in GOOD.items() if key != name}
    refusing, notes = codes(number)
    assert (refusing, notes) == ([], ["move_untold"])
    assert name in number_move.judge(number, TARGET).notes[0].details


def test_a_target_that_tells_nothing() -> None:
    assert codes(GOOD, number_move.Target({"id": "200"}, ("primary_funding_id",))) == (
        [],
        ["not_readable", "move_untold"],
    )
    assert codes(GOOD, number_move.Target({"id": "200"})) == ([], ["no_payment", "move_untold"])


def test_all_conditions_are_told_at_once() -> None:
    number = {**GOOD, "name_status": "DECLINED", "is_pin_enabled": True, "account_mode": "SANDBOX"}
    assert codes(number, number_move.Target({**WABA, "account_review_status": "REJECTED"}))[0] == [
        "move_name",
        "move_two_step",
        "move_test_number",
        "move_target",
    ]


def test_the_body_is_that_of_the_guide_with_the_name_that_the_schema_wants() -> None:
    assert number_move.body(GOOD) == {
        "cc": "49",
        "phone_number": "30901820",
        "migrate_phone_number": True,
        "verified_name": "Berlin",
    }
    assert "verified_name" not in number_move.body({**GOOD, "verified_name": None})


ROWS = [{"id": "1", "display_phone_number": "+1 631-555-1019"}, {"id": "2", "display_phone_number": "+55 11 8765-4321"}]


@pytest.mark.parametrize(
    ("number", "found"),
    [("16315551019", "1"), ("+1 631 555 1018", ""), ("+55 11 98765-4321", "2"), ("", "")],
)
def test_the_number_is_found_in_the_list_however_it_is_written(number: str, found: str) -> None:
    assert number_move.find(ROWS, number) == found


def test_the_lines_of_the_inventory() -> None:
    assert number_move.inventory("300", "200") == ['O(phone_number_id): "300"', 'O(waba_id): "200"', "O(lane): code"]
    assert 'O(phone_number_id): "300"' in number_move.there("300", "200").details


VALUES = st.sampled_from([None, "", "APPROVED", "PENDING_REVIEW", "NONE", "SANDBOX", "LIVE", True, False, "verified"])


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), VALUES), st.dictionaries(st.sampled_from(sorted(WABA)), VALUES))
def test_a_number_is_never_refused_for_what_is_not_told_nor_let_through_with_two_step_on(
    number: dict[str, Any], waba: dict[str, Any]
) -> None:
    refusing, notes = codes(number, number_move.Target(waba))
    assert ("move_two_step" in refusing) == (number.get("is_pin_enabled") is True)
    told = {name for name in ("name_status", "new_name_status") if number.get(name) not in (None, "")}
    assert told or "move_name" not in refusing
    missing = [name for name in ("name_status", *number_move.FIELDS) if number.get(name) in (None, "")]
    assert not missing or "move_untold" in notes
