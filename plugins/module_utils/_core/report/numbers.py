# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a report says of one number, from the results of its tasks, its events and its attempt log. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ..cutover import attempt_log
from ..events import event as kinds
from ..events import outcome as outcomes
from ..facts.location import CLOUD, ON_PREMISES
from ..findings.results import blockers
from ..fleet import persons, table
from . import history, timeline

NEEDS_YOU = "needs_you"
MOVED = "moved"
UNTOUCHED = "untouched"
GROUPS = (NEEDS_YOU, MOVED, UNTOUCHED)
_MOVED = (table.MOVED, table.WOULD_MOVE, table.CHANGED)
_FINDING = ("id", "severity", "seen", "fix", "waived")
_ENTITY = ("entity_type", "id", "can_send_message", "errors")
_ATTEMPT = ("at", "run", "outcome", "code", "fbtrace_id", "ended", "verified_at")
_FAILURE = ("code", "title", "details", "fbtrace_id", "safe_to_rerun", "next_step")
# What the outcome of an event says, as a state of the table.
_OUTCOMES = {
    "moved": table.MOVED,
    "unchanged": table.UNCHANGED,
    "blocked": table.BLOCKED,
    "unknown": table.UNKNOWN,
    "failed": table.FAILED,
    "would_move": table.WOULD_MOVE,
    "changed": table.CHANGED,
    "ok": table.READY,
    "waiting": table.WAITING,
    **{outcomes.OF_STATE[state]: state for state in table.FOR_A_PERSON},
}
# What the last attempt of a log says.
_ATTEMPTS = {
    attempt_log.REGISTERED: table.MOVED,
    attempt_log.REFUSED: table.FAILED,
    attempt_log.INTENT: table.UNKNOWN,
    attempt_log.UNCONFIRMED: table.UNKNOWN,
    attempt_log.NOT_SENT: table.NOT_STARTED,
    attempt_log.NO_EFFECT: table.NOT_STARTED,
}
RUN_LOST = "Its run ended before the number did"
NO_OUTCOME = "A register request was sent, and nobody has confirmed its outcome"
BY_LOG = "By its attempt log: the last register request of %s is %s"
NO_ATTEMPT = "Its attempt log has no register request"
NOT_READ = "Its state on the host could not be read: %s"
# A next step that names this playbook has the command of it.
RECOVER = "wabiz.migration.recover"
RERUN = "run the same command again: it reads first, and sends nothing for a number that has moved"


class Sources(NamedTuple):
    """What is known of one number.

    ``results`` are those of its tasks, by what they are (see the rule of the table); ``events`` are those of its host,
    in the order of their times. ``state`` is the result of wa_state_info, empty where nobody has asked the host.
    """

    host: str
    results: Mapping[str, Any]
    events: Sequence[history.Event] = ()
    state: Mapping[str, Any] = {}


def _mapping(value: Any, name: str = "") -> Mapping[str, Any]:
    found = value.get(name) if name and isinstance(value, Mapping) else value
    return found if isinstance(found, Mapping) and not found.get("skipped") else {}


def _list(value: Any) -> List[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _only(value: Mapping[str, Any], names: Sequence[str]) -> Dict[str, Any]:
    return {name: value[name] for name in names if name in value}


def of_results(known: Sources, row: table.Row, wave: Optional[int]) -> Dict[str, Any]:
    """Return the entry of a number whose tasks have run; ``row`` is its row of the table."""
    results, preflight = known.results, _mapping(known.results, "preflight")
    register, health, compare = (_mapping(results, name) for name in ("register", "health", "compare"))
    registration = _mapping(register, "registration")
    plan = _mapping(preflight, "plan")
    failed = table.failed_result(results)
    failure = _only(_mapping(failed, "failure"), _FAILURE)
    attempts = [_only(one, _ATTEMPT) for one in _list(known.state.get("attempts")) if isinstance(one, Mapping)]
    spans = timeline.spans(known.events) or timeline.spans_of_attempts(attempts)
    spans = spans or timeline.spans_of_register(registration)
    left = _left(registration, plan, _list(failed.get("sent")))
    sent = timeline.requests([str(one) for one in _list(plan.get("requests"))], spans, known.events)
    situation = _mapping(plan, "situation")
    entry: Dict[str, Any] = {
        **_named(row.host, str(results.get("phone_number_id") or situation.get("phone_number_id") or ""), row.number),
        "waba_id": str(situation.get("waba_id") or results.get("waba_id") or _from(known.events, "waba_id")),
        "wave": wave if wave is not None else _wave(known.events),
        "state": row.state,
        "location": row.location,
        "text": row.wording,
        "findings": [_only(one, _FINDING) for one in _list(preflight.get("findings"))],
        "plan": _only(plan, ("digest", "target", "downtime", "budget", "wrong_pin")),
        "requests": sent,
        "spans": spans,
        "interruption": timeline.interruption(known.events, attempts, registration, failure),
        "changes": _changes(preflight, register, compare),
        "compared": compare.get("compared"),
        "restored": [str(one) for one in _list(compare.get("restored"))],
        "health": _health(health),
        "attempts": attempts,
        "log": _log(known),
        "attempts_left": known.state.get("attempts_left", left),
        "failure": failure,
        "sent": [str(one) for one in _list(failed.get("sent"))],
        "next_step": str(failure.get("next_step") or ""),
        "action": {} if row.action is None else row.action._asdict(),
    }
    found = list(blockers(tuple(preflight.get("findings") or ())))
    if not entry["next_step"] and row.bad and found:
        fixes = [str(one.get("fix") or "") for one in found]
        # That playbook looks at everything that is wrong with the number.
        entry["next_step"] = next((fix for fix in fixes if RECOVER in fix), fixes[0])
    if row.state in (table.NO_EVENT, table.WAITING_FOR_INVENTORY) and row.causes:
        entry["next_step"] = row.causes[0].fix
    if row.state == table.WAITING_FOR_CODE and row.action is None:
        entry["next_step"] = persons.HAND_IN
    if row.action is not None:
        entry["next_step"] = entry["next_step"] or row.action.does
    return judged(entry)


def of_state(known: Sources) -> Dict[str, Any]:
    """Return the entry of a number by what its events and its host say, without the results of any task."""
    state, events = known.state, known.events
    log = _list(state.get("attempts"))
    attempts = [_only(one, _ATTEMPT) for one in log if isinstance(one, Mapping)]
    ended = [event for event in events if event["event"] == kinds.NUMBER_ENDED and event["outcome"] in _OUTCOMES]
    sent = [event for event in events if event["event"] == kinds.REGISTER_SENT]
    failed = [event for event in events if event["outcome"] in ("failed", "unknown") and event["text"]]
    coded = [event for event in events if event["outcome"] in ("failed", "unknown") and event["code"] is not None]
    failure: Dict[str, Any] = {}
    if attempts:
        word = _ATTEMPTS.get(str(attempts[-1].get("outcome")), table.UNKNOWN)
        text = BY_LOG % (attempts[-1].get("at"), attempts[-1].get("outcome"))
        if word == table.FAILED:
            failure = {"code": attempts[-1].get("code"), "fbtrace_id": attempts[-1].get("fbtrace_id") or ""}
    elif ended:
        word, text = _OUTCOMES[ended[-1]["outcome"]], str(ended[-1]["text"])
    elif sent:
        confirmed = [event for event in events if timeline.is_confirmed(event)]
        word, text = (table.MOVED, "") if confirmed else (table.UNKNOWN, NO_OUTCOME)
    else:
        word, text = table.NOT_STARTED, RUN_LOST if events else NO_ATTEMPT
    if (failed or coded) and word in table.BAD and not failure:
        title = str(failed[-1]["text"]) if failed else ""
        failure = {"code": coded[-1]["code"] if coded else None, "title": title, "fbtrace_id": ""}
    trouble = state.get("error") or (state.get("msg") if state.get("failed") or state.get("unreachable") else "")
    if trouble and not attempts:
        text = "%s. %s" % (text.rstrip("."), NOT_READ % trouble)
    snapshot = _mapping(state, "snapshot")
    location = {table.MOVED: CLOUD, table.UNKNOWN: table.UNKNOWN_LOCATION}.get(word, "")
    spans = timeline.spans(events) or timeline.spans_of_attempts(attempts)
    number_id = str(known.results.get("phone_number_id") or _from(events, "phone_number_id"))
    shown = str(state.get("number") or _from(events, "number") or number_id)
    return judged(
        {
            **_named(known.host, number_id, shown),
            "waba_id": str(snapshot.get("waba_id") or _from(events, "waba_id")),
            "wave": _wave(events),
            "state": word,
            "location": location,
            "text": text,
            "findings": [],
            "plan": {},
            "requests": timeline.requests([], spans, events),
            "spans": spans,
            "interruption": timeline.interruption(events, attempts, {}, failure),
            "changes": [
                {"fact": str(fact), "was": was, "now": None, "finding": "", "severity": ""}
                for fact, was in sorted(_mapping(snapshot, "facts").items())
            ],
            "compared": None,
            "restored": [],
            "health": {},
            "attempts": attempts,
            "log": _log(known),
            "attempts_left": state.get("attempts_left"),
            "failure": failure,
            "sent": [],
            "next_step": RERUN if word in table.BAD else "",
            "action": {},
        }
    )


def _log(known: Sources) -> Dict[str, Any]:
    """Return the head of the attempt log's chain, by the host where it was asked, else by the last event of the run."""
    chain = _mapping(known.state, "log")
    digests = [str(one) for one in _list(chain.get("digests"))]
    if digests or chain.get("faults"):
        last = digests[-1] if digests else ""
        return {"entries": len(digests), "digest": last, "faults": [str(one) for one in _list(chain.get("faults"))]}
    logged = [event for event in known.events if event["event"] == kinds.LOGGED]
    head = _mapping(logged[-1], "data") if logged else {}
    return {"entries": int(head.get("entries") or 0), "digest": str(head.get("digest") or ""), "faults": []}


def _left(registration: Mapping[str, Any], plan: Mapping[str, Any], sent: Sequence[Any]) -> Optional[int]:
    """Return how many register requests are left; the plan does not know of the one that has failed since."""
    left: Any = registration.get("attempts_left", plan.get("attempts_left"))
    if not isinstance(left, int):
        return None
    if "attempts_left" in registration:
        return left
    return max(0, left - sum(1 for one in sent if str(one).startswith("POST register")))


def _named(host: str, phone_number_id: str, number: str) -> Dict[str, Any]:
    return {"host": host, "phone_number_id": phone_number_id, "number": number}


def _from(events: Sequence[history.Event], name: str) -> str:
    return next((str(event[name]) for event in reversed(events) if event.get(name)), "")


def _wave(events: Sequence[history.Event]) -> Optional[int]:
    return next((event["wave"] for event in reversed(events) if isinstance(event.get("wave"), int)), None)


def goes_on(entry: Mapping[str, Any]) -> bool:
    """Tell whether a run takes the next step of a number that needs nobody before that, or that only needs its
    code or the lines of its inventory.
    """
    action = entry.get("action") or {}
    return bool(action.get("left")) or (not action and entry["state"] in table.FOR_A_PERSON)


def judged(entry: Mapping[str, Any]) -> Dict[str, Any]:
    """Return an entry with its group, and whether the number is safe.

    It is safe where both APIs agree on its location and no register call of it is without a confirmed outcome: it
    serves its customers, on one side or on the other, or it was taken out of service.
    """
    state, interruption = entry["state"], entry["interruption"] or {}
    action = entry.get("action") or {}
    needs = state in (*table.BAD, table.NO_EVENT) if not action else action["needs_you"]
    group = NEEDS_YOU if needs else MOVED if state in _MOVED or action.get("moved") else UNTOUCHED
    known = entry["location"] in (ON_PREMISES, CLOUD) or bool(action.get("off"))
    return {**entry, "group": group, "safe": known and not interruption.get("open") and state != table.UNKNOWN}


def _changes(
    preflight: Mapping[str, Any], register: Mapping[str, Any], compare: Mapping[str, Any]
) -> List[Dict[str, Any]]:
    """Return what was before the move and is now: the number's location in both APIs, and what the comparison found."""
    before = _mapping(preflight, "number")
    found = [
        {"fact": name, "was": before.get(name), "now": register.get(name), "finding": "", "severity": ""}
        for name in ("platform_type", "status")
        if before.get(name) is not None and register.get(name) is not None
    ]
    for one in _list(compare.get("differences")):
        if isinstance(one, Mapping):
            found.append(
                {
                    "fact": str(one.get("fact") or one.get("id")),
                    "was": one.get("was"),
                    "now": one.get("now"),
                    "finding": str(one.get("id") or ""),
                    "severity": str(one.get("severity") or ""),
                    "seen": str(one.get("seen") or ""),
                    "meaning": str(one.get("meaning") or ""),
                    "fix": str(one.get("fix") or ""),
                }
            )
    return found


def _health(health: Mapping[str, Any]) -> Dict[str, Any]:
    if not health.get("verdict"):
        return {}
    return {
        "verdict": str(health["verdict"]),
        "reasons": [str(one) for one in _list(health.get("reasons"))],
        "entities": [_only(one, _ENTITY) for one in _list(health.get("entities")) if isinstance(one, Mapping)],
    }
