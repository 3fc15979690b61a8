# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the attempt log keeps of one-time codes, and what that allows. Pure; times are UTC seconds.

The log holds when a code was asked for and by which way, and that one was handed in. It never holds a code. There are
only a million codes, so any plain digest of one can be searched, whatever it costs. A code that was sent leaves a
digest with the access token as its key: whoever can read the log alone learns nothing from it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Dict, List, Mapping, Optional

from ..._failure import Failure, counted
from ..._meta_api import CODES_USED_UP, NO_CODE_EVER
from ..facts.times import instant, utc
from ..findings.finding import BLOCKER, NOTE, Finding
from . import request_log
from .attempt_log import INTENT, NOT_SENT, REFUSED, UNCONFIRMED
from .lane import OTHER_WAY

_NAME = "codes"  # the list in the log
REQUEST = "request"
HANDED_IN = "handed in"
REQUESTED = "requested"  # Meta has confirmed the request of a code
VERIFIED = "verified"  # Meta has taken the code
DAY = 86400.0
_AHEAD = 300.0  # seconds by which the clocks of a person and of the inventory host may differ
# Public notes name five codes in 24 hours, and no source documents a number; WhatsApp Manager shares the limit.
LIMIT = 3
# Codes that may be wrong for one request: after these the mistake is not a slip any more.
MOST_WRONG = 3
_ANEW = "set O(code_lost_at) to the present time, remove the code, and run again: a new one is sent"
_SOURCE = "Business phone numbers: registration; field reports of 2026"

CODE_REFUSED = Finding(
    "WM222",
    "code_refused",
    BLOCKER,
    _SOURCE,
    title="Meta sends no code to this number",
    why="The attempt log has a request for a code that was refused with 136024 and a subcode that waiting does not "
    "help (2388091, 2388093), whatever its text says. By field reports such a number is in the WhatsApp Business "
    "app, or is not eligible for a code. No further code is asked for.",
    fix="Look at the number in WhatsApp Manager, and ask Meta's support with the fbtrace_id. Once it is verified "
    "there, run again: a verified number needs no code." + OTHER_WAY,
)
CODE_LIMIT = Finding(
    "WM223",
    "code_limit",
    BLOCKER,
    _SOURCE,
    title="No further code may be asked for now",
    why="Meta limits the codes of a number, and WhatsApp Manager shares that limit (136024, subcode 2388367). No "
    "source documents the number; public notes name five in 24 hours. The collection stops before: one more "
    "try can extend the limit.",
    fix="Hand in the code that was sent last, or wait until the time that the finding names. Then run again.",
    passing=True,
)
CODE_PENDING = Finding(
    "WM224",
    "code_pending",
    NOTE,
    _SOURCE,
    title="A code was asked for and has not been handed in",
    why="A second request would make the first code worthless and use up the limit, so no further one is sent while "
    "one is pending.",
    fix="Hand the code in: O(code) for this host, or O(codes_file). If it never arrived, set O(code_lost_at) to the "
    "present time and run again.",
    passing=True,
)


def entries(log: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    """Return what the log holds of codes, oldest first; one of an earlier format holds nothing."""
    return request_log.entries(log, _NAME)


def with_entry(
    log: Mapping[str, Any], now: float, answer_by: float, kind: str, run: str, **more: Any
) -> Dict[str, Any]:
    """Return the log with a request that is about to be sent; ``more`` is what is kept of it."""
    return request_log.with_entry(log, _NAME, now, answer_by, run, kind=kind, retry_at=None, **more)


def with_outcome(
    log: Mapping[str, Any],
    now: float,
    outcome: str,
    code: Any = None,
    subcode: int = 0,
    wait: float = 0.0,
    fbtrace_id: str = "",
) -> Dict[str, Any]:
    """Return the log with what became of the last request; ``wait`` is for how long none may follow, in seconds."""
    told = {"code": code, "subcode": subcode, "fbtrace_id": fbtrace_id, "retry_at": utc(now + wait) if wait else None}
    left = entries(log)[:-1]
    last = dict(entries(log)[-1])
    if outcome in (VERIFIED, NOT_SENT):
        last.pop("mark", None)
    return request_log.with_outcome({**log, _NAME: [*left, last]}, _NAME, now, outcome, **told)


def mark(access_token: str, phone_number_id: str, code: str) -> str:
    """Return the digest of a code of a number, keyed by the access token."""
    return _keyed(access_token, "wabiz.code/1 %s %s" % (phone_number_id, code))


def key_name(access_token: str) -> str:
    """Return what tells one key from another."""
    return _keyed(access_token, "wabiz.code/1 key")[:12]


def _keyed(access_token: str, text: str) -> str:
    key = access_token.encode("utf-8", "surrogatepass")
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


# ---------------------------------------------------------------------------------------------------------------------
# What the log says


def pending(
    log: Mapping[str, Any], now: float, valid_for: float, lost_at: Optional[float] = None
) -> Optional[Mapping[str, Any]]:
    """Return the request whose code may still be handed in, None where there is none.

    A request whose answer nobody has seen counts: Meta may have sent the code. ``lost_at`` is when somebody has stated
    that no code has come, ``valid_for`` for how many seconds a request counts at most.
    """
    for entry in reversed(entries(log)):
        if entry.get("outcome") == VERIFIED:
            return None
        if entry.get("kind") != REQUEST or entry.get("outcome") not in (INTENT, REQUESTED, UNCONFIRMED):
            continue
        at = instant(entry.get("at"))
        found: Mapping[str, Any] = entry
        if at is None:
            return found
        lost = lost_at is not None and at < lost_at <= now + _AHEAD
        return None if lost or now - at >= valid_for else found
    return None


def no_request(log: Mapping[str, Any], now: float, limit: int = LIMIT) -> Optional[Failure]:
    """Return why no code may be asked for now, None where it may."""
    requests = [one for one in entries(log) if one.get("kind") == REQUEST and one.get("outcome") != NOT_SENT]
    for entry in reversed(requests):
        if entry.get("outcome") == REFUSED and entry.get("subcode") in NO_CODE_EVER:
            trace = ", fbtrace_id %s" % entry["fbtrace_id"] if entry.get("fbtrace_id") else ""
            seen = "The request of %s was refused with 136024, subcode %s%s. No further one is sent"
            return CODE_REFUSED.failure(seen % (entry.get("at"), entry["subcode"], trace), safe_to_rerun=True)
    until = max([instant(one.get("retry_at")) or 0.0 for one in requests], default=0.0)
    if until > now:
        seen = "Meta has refused a code: too many were requested for the number (136024, subcode %d). The next request "
        return CODE_LIMIT.failure((seen + "is sent from %s on") % (CODES_USED_UP, utc(until)))
    recent = [at for at in (instant(one.get("at")) or now for one in requests) if now - at < DAY]
    if len(recent) < limit:
        return None
    seen = "%s in the last 24 hours, limit %d. The next request is sent from %s on"
    return CODE_LIMIT.failure(seen % (counted(len(recent), "request"), limit, utc(sorted(recent)[-limit] + DAY)))


def no_code(log: Mapping[str, Any], access_token: str, phone_number_id: str, code: str) -> Optional[Failure]:
    """Return why a code may not be handed in, None where it may: none is sent twice, and nobody guesses."""
    own, name = mark(access_token, phone_number_id, code), key_name(access_token)
    since: List[Mapping[str, Any]] = []  # what was handed in since the last request
    for entry in entries(log):
        if entry.get("kind") == REQUEST:
            since = since if entry.get("outcome") in (REFUSED, NOT_SENT) else []
        elif entry.get("outcome") not in (NOT_SENT, VERIFIED):
            since.append(entry)
            if hmac.compare_digest(str(entry.get("mark", "")), own):
                return _used(entry)
    for entry in since:
        if entry.get("key") != name:
            return Failure(
                "code_not_comparable",
                "Whether this code was sent before cannot be checked",
                "A code was sent at %s with another access token, and no code is sent twice" % entry.get("at"),
                next_step=_ANEW,
            )
    if len(since) >= MOST_WRONG:
        return Failure(
            "wrong_codes",
            "%s since the last request" % counted(len(since), "wrong code"),
            "Another guess could lock the number",
            next_step="check that the code is of this number. Then " + _ANEW,
        )
    return None


def _used(entry: Mapping[str, Any]) -> Failure:
    answer = "It was refused with %s" % entry["code"] if entry.get("code") else "No answer to it was seen"
    return Failure(
        "code_used",
        "This code was handed in before, and is not sent a second time",
        "%s at %s; the number is not verified" % (answer, entry.get("at")),
        next_step="hand in the code that was sent last. If there is no other, " + _ANEW,
    )


def open_hand_in(log: Mapping[str, Any], now: float) -> float:
    """Return for how many seconds an answer to a code that was handed in may still come, 0 where none is expected."""
    last = entries(log)[-1] if entries(log) else {}
    return request_log.open_for(last, now) if last.get("kind") == HANDED_IN else 0.0


def reported(entry: Mapping[str, Any]) -> str:
    """Return a pending request as a sentence."""
    doubt = "" if entry.get("outcome") == REQUESTED else ". Its answer was not seen, so it may never come"
    return "A code was asked for by %s (%s) at %s%s" % (entry.get("by"), entry.get("language"), entry.get("at"), doubt)
