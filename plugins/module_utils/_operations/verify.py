# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: ask for a one-time code of a number, or hand one in. Each at most once, confirmed by reading."""

from __future__ import annotations

from typing import Any, Collection, Dict, Iterator, List, Mapping, Optional

from .._api.codes import NO
from .._api.errors import ApiError
from .._api.graph import Graph
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import code_log, gate_findings, move_log
from .._core.events.event import PREPARE
from .._core.facts import location as location_rules
from .._core.facts import phone_number, times
from .._failure import Failure, RefusedError, WabizError
from .._meta_api import CODES_USED_UP
from . import attempt_log, conditions, confirm
from .attempt_log import Files
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .number_info import GATE, read
from .options import Codes, Confirmed, GraphConnection, MoveLost, confirming_too_short, declare, option

# What a refused request for a code waits at least: public reports say 24 to 48 hours.
_WAIT = code_log.DAY
_VERIFIED = "VERIFIED"


@declare
class Options(GraphConnection, Confirmed, Codes, MoveLost):
    """The options of wa_verify."""

    state: str = option("str", required=True, choices=["requested", "verified"])
    code: Optional[str] = option("str", no_log=True)
    codes_file: Optional[str] = option("path")
    phone_number: Optional[str] = option("str")
    request_code: bool = option("bool", False)
    state_durable: Optional[bool] = option("bool")


def perform(options: Options, context: Context) -> Outcome:
    """Bring the number to ``state``; one that is verified already needs no code, and gets no request."""
    number_id = str(options.phone_number_id)
    graph = context.clients.graph(number_id)
    number = _read(options, graph)
    label = phone_number.digits(str(number.get("display_phone_number") or "")) or number_id
    if _verified(number):
        return Outcome(False, _result(options, number), _state(number), _state(number))
    if location_rules.on_biz_app(number):
        raise RefusedError(gate_findings.BIZ_APP.failure("Graph says is_on_biz_app true"), label)
    lost_at = times.instant(options.move_lost_at)
    files = attempt_log.usable(
        options, context, label, lambda files: move_log.moved_away(files.log, files.now, lost_at)
    )
    step = _hand_in if options.code else _request
    return step(options, context, graph, number, files)


def _request(options: Options, context: Context, graph: Graph, number: Mapping[str, Any], files: Files) -> Outcome:
    """Ask for a code, unless one is pending."""
    label = _label(options, number)
    entry = pending(options, files)
    if entry is not None:
        return Outcome(False, _result(options, number, entry), _state(number), _state(number))
    failure = code_log.no_request(files.log, files.now, options.codes_limit)
    if failure is not None:
        raise RefusedError(failure, label)
    now_asked = {"by": options.code_method, "language": options.language}
    after = {**_state(number), "code": "asked for by %(by)s (%(language)s)" % now_asked}
    if context.check_mode:
        predicted = {"outcome": "would be asked for", "at": None, **now_asked}
        return Outcome(True, _result(options, number, predicted), _state(number), after)
    conditions.require_run(context.process, label)
    with context.undisturbed():
        files = _intend(options, context, files, label, code_log.REQUEST, now_asked)
        error = confirm.send_once(
            lambda: graph.request_code(str(options.phone_number_id), options.code_method, options.language)
        )
        outcome = code_log.REQUESTED if error is None else confirm.outcome_of(error)
        trouble = _finish(options, context, files, outcome, error)
    number_now = number
    if error is not None and error.acted == NO:
        number_now = _read_or(options, graph, number)
        if not _verified(number_now):
            raise error
        return Outcome(True, _result(options, number_now), _state(number), _state(number_now))
    entry = {**now_asked, "at": times.utc(files.now), "outcome": outcome}
    warnings = [trouble] if trouble else []
    if error is not None:
        warnings.append(
            "the answer to the request for a code was not seen (%s); the code may arrive all the same, and no second "
            "request is sent" % error.failure.title
        )
    return Outcome(True, _result(options, number, entry), _state(number), after, _named(context, warnings))


def _hand_in(options: Options, context: Context, graph: Graph, number: Mapping[str, Any], files: Files) -> Outcome:
    """Hand the code in, unless it was sent before; the number itself says whether it counts."""
    label, number_id = _label(options, number), str(options.phone_number_id)
    wait = code_log.open_hand_in(files.log, files.now)
    if wait and not context.check_mode:
        seen = confirm.until(_verified, options, context, graph, what="an earlier code", timeout=wait)
        if seen is not None and _verified(seen):
            return Outcome(False, _result(options, seen), _state(number), _state(seen))
    code = str(options.code)
    failure = code_log.no_code(files.log, options.access_token, number_id, code)
    if failure is not None:
        raise RefusedError(failure, label)
    verified = {**_state(number), "code_verification_status": _VERIFIED}
    if context.check_mode:
        return Outcome(True, _result(options, verified), _state(number), verified)
    conditions.require_run(context.process, label)
    with context.undisturbed():
        kept = {
            "mark": code_log.mark(options.access_token, number_id, code),
            "key": code_log.key_name(options.access_token),
        }
        files = _intend(options, context, files, label, code_log.HANDED_IN, kept)
        error = confirm.send_once(lambda: graph.verify_code(number_id, code))
        if error is not None and error.acted == NO:
            _finish(options, context, files, confirm.outcome_of(error), error)
            raise error
        seen = confirm.until(_verified, options, context, graph, what="the verification")
        done = seen is not None and _verified(seen)
        outcome = code_log.VERIFIED if done else attempt_log_rules.UNCONFIRMED
        trouble = _finish(options, context, files, outcome, error)
    if seen is None or not done:
        answered = "the answer was success" if error is None else "the answer was: %s" % error.failure.title
        raise confirm.UnconfirmedError(
            Failure(
                "code_unconfirmed",
                "The outcome of the verification is unknown",
                "The code was sent once; %s. %g s of reading did not show the number as verified"
                % (answered, options.confirm_timeout),
                "" if error is None else error.failure.fbtrace_id,
                next_step="run the same command again: it reads first, and never sends this code a second time",
            ),
            label,
        )
    warnings = [trouble] if trouble else []
    if error is not None:
        warnings.append("reading shows it as verified, although the answer was: %s" % error.failure.title)
    return Outcome(True, _result(options, seen), _state(number), _state(seen), _named(context, warnings))


def pending(options: Codes, files: Files) -> Optional[Mapping[str, Any]]:
    """Return the request of a code that may still be handed in, None where there is none."""
    return code_log.pending(files.log, files.now, options.code_valid_for, times.instant(options.code_lost_at))


def _read(options: Options, graph: Graph) -> Mapping[str, Any]:
    return read(graph, str(options.phone_number_id), GATE, options.waba_id)[0]


def _read_or(options: Options, graph: Graph, number: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the number once more; what was read before where that fails."""
    try:
        return _read(options, graph)
    except WabizError:
        return number


def _intend(options: Options, context: Context, files: Files, label: str, kind: str, kept: Mapping[str, str]) -> Files:
    """Put what is about to be sent into the attempt log; raises RefusedError where that failed, and nothing is sent."""

    def with_entry(now: float, answer_by: float) -> Dict[str, Any]:
        return code_log.with_entry(files.log, now, answer_by, kind, context.process.run, **kept)

    return attempt_log.intend(options, context, files, label, "the code", with_entry, code_log.with_outcome)


def _finish(options: Options, context: Context, files: Files, outcome: str, error: Optional[ApiError] = None) -> str:
    """Record the outcome; returns "" or why that failed. What stays open counts as sent in the next run."""
    more = confirm.told_of(error)
    if error is not None:
        wait = error.wait or 0.0
        more["wait"] = max(_WAIT, wait) if more["subcode"] == CODES_USED_UP else wait
    log = code_log.with_outcome(files.log, attempt_log.host_now(files, context), outcome, **more)
    return attempt_log.record(options, context, files, log, outcome)


def _verified(number: Mapping[str, Any]) -> bool:
    return number.get("code_verification_status") == _VERIFIED


def _label(options: Options, number: Mapping[str, Any]) -> str:
    return phone_number.digits(str(number.get("display_phone_number") or "")) or str(options.phone_number_id)


def _named(context: Context, warnings: List[str]) -> Any:
    return tuple("number %s: %s" % (context.name, text) for text in warnings)


def _state(number: Mapping[str, Any]) -> Dict[str, Any]:
    return {"code_verification_status": number.get("code_verification_status")}


def _result(options: Options, number: Mapping[str, Any], entry: Optional[Mapping[str, Any]] = None) -> Dict[str, Any]:
    found: Dict[str, Any] = {
        "verified": _verified(number),
        "number": str(number.get("display_phone_number") or ""),
        "phone_number_id": str(options.phone_number_id),
        "code_verification_status": number.get("code_verification_status"),
        "waiting_for_code": entry is not None and not _verified(number),
        "attempt_log": "%s/attempt_log.json" % attempt_log.number_dir(options),
    }
    if entry is not None:
        found["code_request"] = {
            "requested_at": entry.get("at"),
            "code_method": entry.get("by"),
            "language": entry.get("language"),
            "confirmed": entry.get("outcome") == code_log.REQUESTED,
        }
    return found


def _needed(params: Params) -> Collection[str]:
    return ("code",) if params["state"] == "verified" and not params["request_code"] else ()


def _unused(params: Params) -> Collection[str]:
    return ("code",) if params["state"] == "requested" else ()


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    for name in ("code", "codes_file", "request_code"):
        if params["state"] == "requested" and name in stated and params[name]:
            yield "state %s" % name, "state=requested asks for a code, and state=verified hands one in"
    yield from confirming_too_short(params, stated, "the code")


MODULE = Module(
    name="wa_verify",
    options=Options,
    run=perform,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    gates=True,
    phase=always_in(PREPARE),
)
