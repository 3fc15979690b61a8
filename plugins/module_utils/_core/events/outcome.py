# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a step came to, in the words of the events. Pure."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Union

from ..fleet import table

OK = "ok"
CHANGED = "changed"
FAILED = "failed"
WAITING = "waiting"
MOVED = "moved"
UNCHANGED = "unchanged"
BLOCKED = "blocked"
UNKNOWN = "unknown"
WOULD_MOVE = "would_move"
WAITING_FOR_CODE = "waiting_for_code"
WAITING_FOR_INVENTORY = "waiting_for_inventory"
# The outcomes with which a number waits for a person: neither a success nor a failure.
FOR_A_PERSON = (WAITING_FOR_CODE, WAITING_FOR_INVENTORY)
OUTCOMES = (OK, CHANGED, FAILED, WAITING, MOVED, UNCHANGED, BLOCKED, UNKNOWN, WOULD_MOVE, *FOR_A_PERSON)
# The outcomes with which a number needs somebody.
ATTENTION = (UNKNOWN, FAILED, BLOCKED)
# The states of the table that a number can end with.
OF_STATE = {
    table.FAILED: FAILED,
    table.UNREACHABLE: FAILED,
    table.BLOCKED: BLOCKED,
    table.WOULD_BE_REFUSED: BLOCKED,
    table.UNKNOWN: UNKNOWN,
    table.MOVED: MOVED,
    table.WOULD_MOVE: WOULD_MOVE,
    table.UNCHANGED: UNCHANGED,
    table.CHANGED: CHANGED,
    table.WAITING_FOR_CODE: WAITING_FOR_CODE,
    table.WAITING_FOR_INVENTORY: WAITING_FOR_INVENTORY,
    table.NO_EVENT: MOVED,
    table.READY: OK,
}


def of_row(row: table.Row) -> str:
    """Return the outcome of a number of recover, retire or rollback."""
    action = row.action
    if action is None or action.needs_you:
        return OF_STATE.get(row.state, FAILED)
    if row.state == table.WAITING_FOR_CODE:
        return WAITING_FOR_CODE
    if action.moved:
        return MOVED
    return CHANGED if action.done else OK


def of_step(result: Mapping[str, Any]) -> str:
    """Return what a step came to, by its result."""
    if result.get("failed"):
        return FAILED
    if result.get("waiting"):
        return WAITING
    return CHANGED if result.get("changed") else OK


def of_number(module_name: str, result: Mapping[str, Any], check_mode: bool) -> str:
    """Return what the result of a step means for its number, "" where the number goes on."""
    if result.get("waiting"):
        return ""
    if result.get("failed"):
        if code_of(result) == "unconfirmed":
            return UNKNOWN
        return BLOCKED if module_name == "wa_preflight" or result.get("would_be_refused") else FAILED
    person = next((word for word in FOR_A_PERSON if result.get(word)), "")
    if person:
        return person
    if module_name == "wa_preflight":
        if result.get("blocked"):
            return BLOCKED
        return OK if result.get("work", True) else UNCHANGED
    registration = result.get("registration")
    if module_name != "wa_register" or not isinstance(registration, Mapping):
        return ""
    if registration.get("confirmed"):
        return MOVED
    if not result.get("changed"):
        return UNCHANGED
    return WOULD_MOVE if check_mode else MOVED


def code_of(result: Mapping[str, Any]) -> Union[int, str, None]:
    """Return the code of a failed result."""
    failure = result.get("failure")
    code = failure.get("code") if isinstance(failure, Mapping) else None
    return code if isinstance(code, (int, str)) else None


def text_of(result: Mapping[str, Any]) -> str:
    """Return why a result failed or waits, "" where it did neither."""
    if result.get("waiting"):
        return str(result.get("why") or "")
    failure: Optional[Any] = result.get("failure")
    if not result.get("failed") or not isinstance(failure, Mapping):
        return ""
    parts = (str(failure.get(name) or "").rstrip(". ") for name in ("title", "details"))
    return ". ".join(part for part in parts if part)
