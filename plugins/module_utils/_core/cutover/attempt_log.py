# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the attempt log of a number: its register requests, the lease, the budget.

Pure; times are seconds since the epoch, UTC.
"""

from __future__ import annotations

import copy
import json
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional

from ..._failure import Failure
from ..facts import json_document
from ..facts.times import instant, seconds_until, utc
from ..findings.finding import COLLECTION, WARNING, Finding
from . import log_chain

FORMAT = "wabiz.attempt_log/1"
INTENT = "intent"  # on disk before the first byte; if it stays, nobody saw the answer
REGISTERED = "registered"
REFUSED = "refused"  # the API refused, and by its table did not act
NOT_SENT = "not sent"  # no byte left
UNCONFIRMED = "unconfirmed"  # sent, and reading did not confirm it in the stated time
VERIFIED = "verified"  # compared with the snapshot
NO_EFFECT = "no effect"  # sent, and a later run read that the number had not moved
WINDOW = 72 * 3600.0
LONGEST_WAIT = 300.0

# What is known about the process that holds a lease.
ALIVE = "alive"
SURVIVING = "surviving"  # alive, and its run was killed
GONE = "gone"
UNKNOWN = "unknown"  # of another machine or container, or the log does not say: only the lease's end frees it

OTHER_RUN = Finding(
    "WM130",
    "other_run",
    WARNING,
    COLLECTION,
    title="Another run is working on this number",
    why="Two runs on one number could register it twice. The second one waits, or is refused.",
    fix="Wait for the other run to end, then run again. If that run was killed or cancelled, the cutover waits by "
    "itself until the time that the finding names.",
    passing=True,
)


class Process(NamedTuple):
    """A process that runs: when it was started, in its machine's own count since the boot, and by which parent."""

    started: int
    parent: int


def fresh(phone_number_id: str) -> Dict[str, Any]:
    """Return the attempt log of a number that was never touched."""
    return {
        "format": FORMAT,
        "phone_number_id": phone_number_id,
        "number": "",
        "revision": 0,
        "lease": None,
        "attempts": [],
        "entries": [],
    }


def parse(text: Optional[str], phone_number_id: str) -> Dict[str, Any]:
    """Read an attempt log; raises ValueError when it is damaged, of another format or of another number."""
    log = json_document.of_number(text, FORMAT, phone_number_id)
    if log is None:
        return fresh(phone_number_id)
    log.setdefault("entries", [])
    attempts, lease = log.get("attempts"), log.get("lease")
    if not isinstance(attempts, list) or not isinstance(log.get("revision"), int):
        raise ValueError("its attempts or its revision are missing")
    if not all(isinstance(attempt, dict) and isinstance(attempt.get("outcome"), str) for attempt in attempts):
        raise ValueError("one of its attempts has no outcome")
    if lease is not None and (not isinstance(lease, dict) or instant(lease.get("until")) is None):
        raise ValueError("its lease has no end")
    return log


def dump(log: Mapping[str, Any]) -> str:
    """Return an attempt log as text that a person can read."""
    return json.dumps(log, indent=2, sort_keys=True) + "\n"


def attempts_in_window(log: Mapping[str, Any], now: float) -> List[Mapping[str, Any]]:
    """Return the register requests that may count at Meta in the moving 72 hours: all but those that never left."""
    return [
        attempt
        for attempt in log["attempts"]
        if attempt.get("outcome") != NOT_SENT and now - (instant(attempt.get("at")) or now) < WINDOW
    ]


def attempts_left(log: Mapping[str, Any], now: float, limit: int, reserve: int) -> int:
    """Return how many register requests the budget still allows; attempts by others are unknown to it."""
    return limit - reserve - len(attempts_in_window(log, now))


def open_attempt(log: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Return the attempt whose outcome nobody has confirmed yet, None when there is none."""
    for attempt in reversed(log["attempts"]):
        if attempt.get("outcome") in (INTENT, UNCONFIRMED):
            result: Mapping[str, Any] = attempt
            return result
    return None


def still_open_for(log: Mapping[str, Any], now: float) -> float:
    """Return for how many seconds an answer of the open attempt may still come; 0 where there is none to wait for.

    An attempt whose times cannot be read counts as open for as long as a lease of its run would last.
    """
    attempt = open_attempt(log)
    if attempt is None:
        return 0.0
    return seconds_until(attempt.get("answer_by"), now, LONGEST_WAIT)


def lease_holder(log: Mapping[str, Any], now: float, run: str) -> Optional[Mapping[str, Any]]:
    """Return the lease of another run that is valid at ``now``, None when the number is free or leased by ``run``."""
    lease = log.get("lease")
    if not isinstance(lease, Mapping) or lease.get("run") == run:
        return None
    until = instant(lease.get("until"))
    return lease if until is not None and until > now else None


def holder(lease: Mapping[str, Any], controller: str, namespace: str, look: Callable[[int], Optional[Process]]) -> str:
    """Return what has become of the process that took ``lease``: ALIVE, SURVIVING, GONE or UNKNOWN.

    Host names are shared by containers and process numbers recur. So a process is only judged from inside of the
    ``namespace`` in which it runs (of one boot of one machine, "" where that is unknown), and it is the same one
    only if it was started at the same moment. ``look`` returns a process by its number, None where there is none, and
    raises OSError where that cannot be seen.
    """
    process, started, parent = (_count(lease.get(name)) for name in ("process", "started", "parent"))
    if not namespace or (lease.get("namespace"), lease.get("controller")) != (namespace, controller):
        return UNKNOWN
    if not process or not started:
        return UNKNOWN
    try:
        seen = look(process)
    except (OSError, OverflowError):
        return UNKNOWN
    if seen is None or seen.started != started:
        return GONE
    return SURVIVING if parent and seen.parent != parent else ALIVE


def _count(value: Any) -> int:
    """Return a number above 0, and 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def left(lease: Mapping[str, Any], now: float) -> float:
    """Return for how many seconds a lease is still valid."""
    until = instant(lease.get("until"))
    return 0.0 if until is None else max(0.0, until - now)


def other_run(lease: Mapping[str, Any]) -> Failure:
    """Report the run that has the lease."""
    return OTHER_RUN.failure(
        "Run %s on %s, process %s, has the lease until %s"
        % (lease.get("run"), lease.get("controller"), lease.get("process"), lease.get("until"))
    )


def with_intent(
    log: Mapping[str, Any],
    now: float,
    until: float,
    run: str,
    controller: str,
    process: int,
    number: str,
    answer_by: Optional[float] = None,
    parent: int = 0,
    namespace: str = "",
    started: int = 0,
) -> Dict[str, Any]:
    """Return the attempt log with the lease taken until ``until``, and a new attempt whose outcome is open.

    ``answer_by`` is the time after which no answer of the attempt can come; ``parent`` is the process that started
    ``process``; :func:`holder` recognizes it by ``namespace`` and ``started``.
    Attempts that were open until now had no effect: the caller has waited them out and read the number.
    """
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    changed["number"] = number
    changed["revision"] += 1
    changed["lease"] = {
        "run": run,
        "controller": controller,
        "process": process,
        "parent": parent,
        "namespace": namespace,
        "started": started,
        "until": utc(until),
    }
    for attempt in changed["attempts"]:
        if attempt.get("outcome") in (INTENT, UNCONFIRMED):
            attempt.update(outcome=NO_EFFECT, ended=utc(now))
    changed["attempts"].append(
        {
            "at": utc(now),
            "answer_by": utc(until if answer_by is None else answer_by),
            "run": run,
            "outcome": INTENT,
            "code": None,
            "fbtrace_id": "",
            "ended": None,
        }
    )
    return log_chain.extended(log, changed, now, INTENT)


def with_outcome(
    log: Mapping[str, Any], now: float, outcome: str, code: Any = None, fbtrace_id: str = ""
) -> Dict[str, Any]:
    """Return the attempt log with ``outcome`` for every open attempt and the lease released.

    UNCONFIRMED keeps the attempt open for the next run to confirm.
    """
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    changed["revision"] += 1
    changed["lease"] = None
    for attempt in changed["attempts"]:
        if attempt.get("outcome") in (INTENT, UNCONFIRMED):
            attempt.update(outcome=outcome, code=code, fbtrace_id=fbtrace_id, ended=utc(now))
    return log_chain.extended(log, changed, now, outcome)


def registered_at(log: Mapping[str, Any]) -> Optional[str]:
    """Return when the register request left that has moved the number, None where the log has none."""
    return next((str(one.get("at")) for one in reversed(log["attempts"]) if one["outcome"] == REGISTERED), None)


def unverified(log: Mapping[str, Any]) -> bool:
    """Tell whether a logged register request moved the number, or may have, and no run has compared it since.

    Only of a number that is on the Cloud API: an attempt that is still open has moved it, if any has.
    """
    return any(
        attempt.get("outcome") in (INTENT, UNCONFIRMED)
        or (attempt.get("outcome") == REGISTERED and not attempt.get("verified_at"))
        for attempt in log["attempts"]
    )


def with_verified(log: Mapping[str, Any], now: float) -> Optional[Dict[str, Any]]:
    """Return the attempt log of a number that was compared with its snapshot; None where it says so already."""
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    new = [one for one in changed["attempts"] if one.get("outcome") == REGISTERED and not one.get("verified_at")]
    for attempt in new:
        attempt["verified_at"] = utc(now)
    changed["revision"] += 1
    return log_chain.extended(log, changed, now, VERIFIED) if new else None
