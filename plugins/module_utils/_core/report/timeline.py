# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: when what happened to a number: its steps, waits, register call, and how long it was interrupted. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._meta_api import PIN_MISMATCH
from ..cutover import attempt_log
from ..events import event as kinds
from ..facts.times import instant, utc
from . import history

STEP = "step"
WAIT = "wait"
REGISTER = "register"
UNCONFIRMED = "unconfirmed"  # the code of a failure whose register call has no known outcome
Span = Dict[str, Any]
# The pairs of events that begin and end a span, and what the span is.
_BEGINS = {kinds.STEP_STARTED: STEP, kinds.WAITING: WAIT, kinds.REGISTER_SENT: REGISTER}
_ENDS = {kinds.STEP_ENDED: STEP, kinds.WAIT_ENDED: WAIT, kinds.REGISTER_ANSWERED: REGISTER}
# The step that sends a planned request, by a part of the request's line.
_SENDERS = (
    ("/register", REGISTER),
    ("subscribed_apps", "wa_subscribe"),
    ("backup", "wa_backup"),
    ("two-step", "wa_two_step"),
)
# Steps that are about the whole run, whichever host their task names.
_OF_THE_RUN = ("wa_inputs", "wa_report", "wa_wait")


def is_confirmed(event: history.Event) -> bool:
    """Tell whether an event says that reading has shown the number on the Cloud API."""
    return bool(event["event"] == kinds.CONFIRMED and event["outcome"] != "unknown")


def span(kind: str, name: str, begin: Any, until: Any = None, text: str = "") -> Span:
    """Return a span; ``until`` is None where its end is unknown. Times are ISO 8601 in UTC."""
    return {"kind": kind, "name": name, "from": begin, "until": until, "text": text}


def spans(events: Sequence[history.Event]) -> List[Span]:
    """Return the spans that the events of one number tell, in the order in which they begin.

    One that an event begins and none ends has no end: its run was killed, or it goes on.
    """
    found: List[Span] = []
    open_: Dict[Tuple[str, str, str], Span] = {}
    for event in events:
        name, run = str(event["step"]), str(event["run"])
        if name in _OF_THE_RUN and event["event"] in (kinds.STEP_STARTED, kinds.STEP_ENDED):
            continue
        kind = _BEGINS.get(event["event"])
        if kind is not None:
            key = (kind, name if kind == STEP else "", run)
            if key in open_:  # still the same wait, for another reason
                open_[key]["text"] = str(event["text"]) or open_[key]["text"]
                continue
            open_[key] = span(kind, name, event["at"], None, str(event["text"]))
            found.append(open_[key])
            continue
        kind = _ENDS.get(event["event"])
        if kind is None:
            continue
        ended = open_.pop((kind, name if kind == STEP else "", run), None)
        if ended is None:
            if event.get("seconds") is None:
                continue
            began = (instant(event["at"]) or 0.0) - float(event["seconds"])
            ended = span(kind, name, utc(max(0.0, began)))
            found.append(ended)
        ended["until"] = event["at"]
        ended["text"] = str(event["text"]) or ended["text"]
    return sorted(found, key=lambda one: instant(one["from"]) or 0.0)


def spans_of_attempts(attempts: Sequence[Mapping[str, Any]]) -> List[Span]:
    """Return the register calls of an attempt log, for a number whose events are not there."""
    return [
        span(REGISTER, "wa_register", one.get("at"), one.get("ended"), str(one.get("outcome")))
        for one in attempts
        if one.get("outcome") != attempt_log.NOT_SENT and instant(one.get("at")) is not None
    ]


def spans_of_register(registration: Mapping[str, Any]) -> List[Span]:
    """Return the register call that the result of a task tells of."""
    began, seconds = instant(registration.get("attempted_at")), registration.get("confirmed_after")
    if began is None or not isinstance(seconds, (int, float)):
        return []
    return [span(REGISTER, "wa_register", utc(began), utc(began + float(seconds)), str(registration.get("outcome")))]


def interruption(
    events: Sequence[history.Event],
    attempts: Sequence[Mapping[str, Any]],
    registration: Mapping[str, Any],
    failure: Mapping[str, Any],
) -> Optional[Dict[str, Any]]:
    """Return from when until when a number could receive no message at most, None where no register call left.

    It begins with the register call and ends when the Cloud API was confirmed, or when the API refused. ``open`` tells
    that its end is not known: nobody has confirmed the outcome, or a wrong PIN may have disconnected the node.
    ``seconds`` is None then, and ``from`` is None where nobody has noted when the call was sent.
    """
    seconds = registration.get("confirmed_after")
    sent = [event for event in events if event["event"] == kinds.REGISTER_SENT]
    began: Any = None
    ended: Any = None
    if sent:
        began = sent[-1]["at"]
        after = [event for event in events if (instant(event["at"]) or 0.0) >= (instant(began) or 0.0)]
        ended = next((event["at"] for event in after if is_confirmed(event)), None)
        refused = [event for event in after if event["event"] == kinds.REGISTER_ANSWERED and event["code"] is not None]
        if ended is None and refused and refused[-1]["outcome"] == "failed":
            ended = refused[-1]["at"]
        if ended is None and isinstance(seconds, (int, float)):
            ended = utc((instant(began) or 0.0) + float(seconds))
    elif instant(registration.get("attempted_at")) is not None and isinstance(seconds, (int, float)):
        began = registration["attempted_at"]
        ended = utc((instant(began) or 0.0) + float(seconds))
    else:
        counted = [one for one in attempts if one.get("outcome") != attempt_log.NOT_SENT]
        if counted:
            last = counted[-1]
            began = last.get("at")
            ended = last.get("ended") if last.get("outcome") != attempt_log.UNCONFIRMED else None
            failure = failure or {"code": last.get("code")}
    lost = failure.get("code") in (PIN_MISMATCH, UNCONFIRMED)
    if began is None and not lost:
        return None
    first, last_ = instant(began), instant(ended)
    if lost or first is None or last_ is None:
        return {"from": began, "until": None, "seconds": None, "open": True}
    took = float(seconds) if isinstance(seconds, (int, float)) and not sent else max(0.0, last_ - first)
    return {"from": began, "until": ended, "seconds": round(took, 3), "open": False}


def requests(planned: Sequence[str], known: Sequence[Span], events: Sequence[history.Event]) -> List[Dict[str, Any]]:
    """Return the requests of a plan, each with the time, the seconds and the answer of the step that sends it.

    ``at`` is None for a request that was not sent, or whose time nobody has noted.
    """
    found = []
    answers = [event for event in events if event["event"] == kinds.REGISTER_ANSWERED]
    for line in planned:
        sender = next((step for part, step in _SENDERS if part in line), "")
        sent = [one for one in known if sender and sender in (one["kind"], one["name"])]
        begin = sent[-1]["from"] if sent else None
        first, last = instant(begin), instant(sent[-1]["until"]) if sent else None
        answer: Mapping[str, Any] = answers[-1] if sender == REGISTER and answers else {}
        found.append(
            {
                "what": line,
                "at": begin,
                "seconds": None if first is None or last is None else round(last - first, 3),
                "outcome": str(answer.get("outcome") or (sent[-1]["text"] if sent else "")),
                "code": answer.get("code"),
                "fbtrace_id": str((answer.get("data") or {}).get("fbtrace_id") or ""),
            }
        )
    return found
