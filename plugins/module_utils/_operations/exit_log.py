# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exit log on the inventory host: read, intent before a request, outcome after it; each change compare and set."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional

from .. import _encryption
from .._api.errors import ApiError
from .._core.checks.reads import HOST_FILES
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import exit_log as rules
from .._core.cutover.exit_findings import REGISTER_OPEN
from .._failure import Failure, RefusedError
from . import attempt_log
from .context import Context
from .options import State

_NAME = "exit_log"
# What the answer of a request may take longer than its timeout says, in seconds.
_GRACE = 15.0


class Stored(NamedTuple):
    """The exit log and its text (for the compare), and the host's clock at that moment."""

    log: Mapping[str, Any]
    text: Optional[str]
    now: float


def look(options: State, context: Context) -> Stored:
    """Read the exit log; raises RefusedError where it cannot be used, or a register request is still open."""
    number_id = str(options.phone_number_id)
    place = attempt_log.location(options)
    request = {"op": "look_kept", **place, "names": [_NAME], "key": _encryption.new_key()}
    seen, kept = context.clients.host([attempt_log.looking(options), request])
    for answer in (seen, kept):
        if "error" in answer:
            raise RefusedError(HOST_FILES.failure(str(answer["error"])), number_id)
    if seen["faults"]:
        raise RefusedError(HOST_FILES.failure("; ".join(seen["faults"])), number_id)
    text = kept["kept"][_NAME]
    text = None if text is None else _encryption.decrypt(request["key"], text)
    try:
        attempts = attempt_log_rules.parse(seen["attempt_log"], number_id)
        stored = Stored(rules.parse(text, number_id), text, float(kept["now"]))
    except ValueError as error:
        why = "a log in %s cannot be used: %s" % (attempt_log.number_dir(options), error)
        raise RefusedError(HOST_FILES.failure(why), number_id) from None
    lease = attempt_log_rules.lease_holder(attempts, stored.now, context.process.run)
    open_attempt = attempt_log_rules.open_attempt(attempts)
    if lease is not None or open_attempt is not None:
        reported = attempt_log_rules.other_run(lease).details if lease is not None else ""
        reported = reported or "The request of %s has no known outcome" % (open_attempt or {}).get("at")
        raise RefusedError(REGISTER_OPEN.failure(reported), number_id)
    return stored


def begin(
    options: State,
    context: Context,
    stored: Stored,
    what: str,
    timeout: float,
    kept: Optional[Mapping[str, str]] = None,
) -> Stored:
    """Put the intent on disk; raises RefusedError where that failed, and then nothing may be sent."""
    log = rules.with_intent(stored.log, what, stored.now, stored.now + timeout + _GRACE, context.process.run, kept)
    answer = _commit(options, context, stored, log)
    if answer.get("committed"):
        return Stored(log, rules.dump(log), stored.now)
    failure = Failure(
        "no_exit_log",
        "The intent cannot be recorded, so the request was held back",
        str(answer.get("error", "another run has changed the exit log in the meantime")),
        next_step="wait for the other run, or fix the state directory, then run again",
    )
    raise RefusedError(failure, str(options.phone_number_id))


def finish(
    options: State,
    context: Context,
    stored: Stored,
    what: str,
    outcome: str,
    error: Optional[ApiError] = None,
    answer: str = "",
) -> str:
    """Record the outcome; returns "" or why that failed. What stays open is confirmed by the next run."""
    code = None if error is None else error.failure.code
    trace = "" if error is None else error.failure.fbtrace_id
    log = rules.with_outcome(stored.log, what, context.clock.now(), outcome, code, trace, answer)
    found = _commit(options, context, stored, log)
    if found.get("committed"):
        return ""
    return "the outcome %s could not be written to %s (%s); the next run reads again" % (
        outcome,
        attempt_log.number_dir(options),
        found.get("error", "another run has changed it"),
    )


def _commit(options: State, context: Context, stored: Stored, log: Mapping[str, Any]) -> Dict[str, Any]:
    request = {
        "op": "commit_kept",
        **attempt_log.location(options),
        "name": _NAME,
        "expected": stored.text,
        "text": rules.dump(log),
    }
    (answer,) = context.clients.host([request])
    return answer
