# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the exit log of a number: what else than register was sent once of it. Pure.

It is what takes a number off the Cloud API, brings its node back, and lets a number that is on neither API go on.
"""

from __future__ import annotations

import copy
import hmac
import json
from typing import Any, Dict, List, Mapping, Optional

from ..facts import json_document
from ..facts.times import instant, seconds_until, utc
from .attempt_log import INTENT, NO_EFFECT, NOT_SENT, REFUSED, UNCONFIRMED

FORMAT = "wabiz.exit_log/1"
# What was sent.
ASK = "ask the node"  # whether it may register, which also asks for a code
VERIFY = "verify the code on the node"
RESTORE = "restore the backup on the node"
DEREGISTER = "deregister"
FINISH = "finish a deregistration"  # of a number that is on neither API, after 133000
NEW_PIN = "set a new PIN"  # in place of one that nobody knows
# What came of it, beside what the attempt log says of a register request.
DONE = "done"  # seen by reading, or by a clear answer where there is nothing to read
_OPEN = (INTENT, UNCONFIRMED)
# What has become of a new PIN: set, and it is the one that is stated now or another; or nobody knows.
SET = "set"
SET_OTHER = "another was set"
UNKNOWN = "unknown"
# Seconds for which the yes of a node counts, and its code: both are of the same request.
YES_LASTS = 600.0
WINDOW = 72 * 3600.0


def fresh(phone_number_id: str) -> Dict[str, Any]:
    """Return the exit log of a number of which nothing was sent."""
    return {"format": FORMAT, "phone_number_id": phone_number_id, "events": []}


def parse(text: Optional[str], phone_number_id: str) -> Dict[str, Any]:
    """Read an exit log; raises ValueError when it is damaged, of another format or of another number."""
    log = json_document.of_number(text, FORMAT, phone_number_id)
    if log is None:
        return fresh(phone_number_id)
    events = log.get("events")
    if not isinstance(events, list) or not all(
        isinstance(one, dict) and isinstance(one.get("outcome"), str) and isinstance(one.get("what"), str)
        for one in events
    ):
        raise ValueError("one of its events has no outcome")
    return log


def dump(log: Mapping[str, Any]) -> str:
    """Return an exit log as text that a person can read."""
    return json.dumps(log, indent=2, sort_keys=True) + "\n"


def last(log: Mapping[str, Any], what: str) -> Optional[Mapping[str, Any]]:
    """Return the last event of a kind that left, None where none did."""
    for event in reversed(log["events"]):
        if event["what"] == what and event["outcome"] != NOT_SENT:
            found: Mapping[str, Any] = event
            return found
    return None


def answered(log: Mapping[str, Any], what: str) -> bool:
    """Tell whether any event of a kind had a clear answer."""
    return any(event["what"] == what and event["outcome"] in (DONE, REFUSED) for event in log["events"])


def is_open(event: Optional[Mapping[str, Any]]) -> bool:
    """Tell whether nobody has confirmed yet what came of an event."""
    return event is not None and event["outcome"] in _OPEN


def open_for(event: Optional[Mapping[str, Any]], now: float) -> float:
    """Return for how many seconds the answer of an open event may still come."""
    if event is None or not is_open(event):
        return 0.0
    return seconds_until(event.get("answer_by"), now)


def with_intent(
    log: Mapping[str, Any], what: str, now: float, answer_by: float, run: str, kept: Optional[Mapping[str, str]] = None
) -> Dict[str, Any]:
    """Return the log with an event whose outcome is open; an earlier open one of the kind had no effect.

    ``kept`` is what else the event keeps of its request.
    """
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    for event in changed["events"]:
        if event["what"] == what and is_open(event):
            event.update(outcome=NO_EFFECT, ended=utc(now))
    intent = {"what": what, "at": utc(now), "answer_by": utc(answer_by), "run": run, "outcome": INTENT}
    changed["events"].append({**intent, **(kept or {}), "code": None, "fbtrace_id": "", "answer": "", "ended": None})
    return changed


def with_outcome(
    log: Mapping[str, Any],
    what: str,
    now: float,
    outcome: str,
    code: Any = None,
    fbtrace_id: str = "",
    answer: str = "",
) -> Dict[str, Any]:
    """Return the log with what came of the open events of a kind."""
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    for event in changed["events"]:
        if event["what"] == what and is_open(event):
            event.update(outcome=outcome, code=code, fbtrace_id=fbtrace_id, answer=answer, ended=utc(now))
    return changed


def said_yes(log: Mapping[str, Any], now: float) -> bool:
    """Tell whether the node has said, not long ago, that it may register."""
    event = last(log, ASK)
    if event is None or event["outcome"] != DONE:
        return False
    at = instant(event.get("at"))
    return at is not None and -300 <= now - at <= YES_LASTS


def deregistered(log: Mapping[str, Any]) -> bool:
    """Tell whether the number was taken off the Cloud API, as reading has shown."""
    event = last(log, DEREGISTER)
    return event is not None and event["outcome"] == DONE


def leaving(log: Mapping[str, Any]) -> bool:
    """Tell whether a deregister request left that was not refused: the number is off the Cloud API, or may be."""
    event = last(log, DEREGISTER)
    return event is not None and (is_open(event) or event["outcome"] == DONE)


def new_pin(event: Optional[Mapping[str, Any]], mark: str, key: str) -> str:
    """Return what has become of a new PIN: "", SET, SET_OTHER, REFUSED or UNKNOWN.

    ``mark`` is the digest of the stated PIN, made with the key of the name ``key``. With another key nobody can tell.
    """
    if event is None or event["outcome"] == REFUSED:
        return "" if event is None else REFUSED
    if event["outcome"] != DONE or event.get("key") != key:
        return UNKNOWN
    return SET if hmac.compare_digest(str(event.get("mark", "")), mark) else SET_OTHER


def told(event: Mapping[str, Any]) -> str:
    """Return a request as a sentence: when it left, and what came of it."""
    answer = " (%s)" % event["code"] if event.get("code") else ""
    trace = ", fbtrace_id %s" % event["fbtrace_id"] if event.get("fbtrace_id") else ""
    return "The request of %s: %s%s%s" % (event.get("at"), event["outcome"], answer, trace)


def in_window(log: Mapping[str, Any], now: float) -> List[Mapping[str, Any]]:
    """Return the deregister requests that may count at Meta in the moving 72 hours."""
    return [
        event
        for event in log["events"]
        if event["what"] in (DEREGISTER, FINISH)
        and event["outcome"] != NOT_SENT
        and now - (instant(event.get("at")) or now) < WINDOW
    ]
