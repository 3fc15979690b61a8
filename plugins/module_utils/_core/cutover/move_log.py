# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the attempt log keeps of a move to another WABA, and what that allows. Pure; times are UTC seconds."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ..._failure import Failure
from ..facts.times import instant
from ..findings.finding import BLOCKER, COLLECTION, Finding
from . import request_log
from .attempt_log import INTENT, UNCONFIRMED

NAME = "moves"  # the list in the log
MOVED = "moved"  # the list of the target WABA has shown the number
_OPEN = (INTENT, UNCONFIRMED)
_AHEAD = 300.0  # seconds by which the clocks of a person and of the inventory host may differ

MOVED_AWAY = Finding(
    "WM235",
    "moved_away",
    BLOCKER,
    COLLECTION,
    title="The number was added to another WABA, and the inventory has its old phone number ID",
    why="It has another phone number ID there. With the old one it would be registered in the WABA that it has left. "
    "So nothing is asked for or registered with that ID.",
    fix="Change O(phone_number_id) and O(waba_id) of this host as the finding says. If the move was given up and the "
    "number deleted from that WABA, set O(move_lost_at) to the present time.",
)
MOVE_UNCONFIRMED = Finding(
    "WM236",
    "move_unconfirmed",
    BLOCKER,
    COLLECTION,
    title="Whether the number was added to the other WABA is unknown",
    why="The request was logged and may have left, and the list of that WABA does not show the number. It is never "
    "sent again by itself.",
    fix="Look for the number in that WABA in WhatsApp Manager, then run again: the list is read first. If it is not "
    "there, set O(move_lost_at) to the present time: one more request is sent.",
    passing=True,
)


def with_entry(
    log: Mapping[str, Any], now: float, answer_by: float, run: str, target_waba_id: str, number: str
) -> Dict[str, Any]:
    """Return the log with the request that is about to be sent, and how Graph shows the number."""
    kept = {"target_waba_id": target_waba_id, "new_phone_number_id": ""}
    return request_log.with_entry(log, NAME, now, answer_by, run, number, **kept)


def with_outcome(
    log: Mapping[str, Any],
    now: float,
    outcome: str,
    new_phone_number_id: str = "",
    code: Any = None,
    subcode: int = 0,
    fbtrace_id: str = "",
) -> Dict[str, Any]:
    """Return the log with what became of the last request."""
    told = {"new_phone_number_id": new_phone_number_id, "code": code, "subcode": subcode, "fbtrace_id": fbtrace_id}
    return request_log.with_outcome(log, NAME, now, outcome, **told)


def latest(log: Mapping[str, Any], now: float, lost_at: Optional[float] = None) -> Optional[Mapping[str, Any]]:
    """Return the last request that has moved the number, or may have; None where there is none.

    ``lost_at`` is when somebody has stated that the number is not in the target WABA: it counts for earlier requests.
    """
    for entry in reversed(request_log.entries(log, NAME)):
        if entry.get("outcome") not in (*_OPEN, MOVED):
            continue
        at = instant(entry.get("at"))
        lost = lost_at is not None and at is not None and at < lost_at <= now + _AHEAD
        return None if lost else entry
    return None


def is_open(entry: Optional[Mapping[str, Any]]) -> bool:
    """Tell whether nobody has confirmed yet what came of a request."""
    return entry is not None and entry.get("outcome") in _OPEN


def last(log: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the last request."""
    return request_log.entries(log, NAME)[-1]


def answer_in(entry: Optional[Mapping[str, Any]], now: float) -> float:
    """Return for how many seconds an answer to a request may still come."""
    return 0.0 if entry is None else request_log.open_for(entry, now)


def unconfirmed(entry: Mapping[str, Any]) -> Failure:
    """Report a request after which the list of the target WABA does not show the number."""
    answered = entry.get("new_phone_number_id")
    details = "It was requested at %s for WABA %s%s, and the list of that WABA does not show the number" % (
        entry.get("at"),
        entry.get("target_waba_id"),
        " and answered with the ID %s" % answered if answered else "",
    )
    return MOVE_UNCONFIRMED.failure(details)


def moved_away(log: Mapping[str, Any], now: float, lost_at: Optional[float] = None) -> List[Failure]:
    """Return why nothing may be asked for or registered with the old phone number ID, nothing where it may."""
    entry = latest(log, now, lost_at)
    if entry is None:
        return []
    new, target = entry.get("new_phone_number_id"), entry.get("target_waba_id")
    there = 'O(phone_number_id): "%s"' % new if new else "run again with O(lane): waba, which reads the new ID"
    seen = 'It was requested at %s for WABA %s. In the inventory: %s, O(waba_id): "%s", O(lane): code'
    return [MOVED_AWAY.failure(seen % (entry.get("at"), target, there, target))]
