# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: take a number off the Cloud API. Logged before it is sent, sent once, confirmed by reading."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Optional

from .._api.codes import ATTEMPT, NO
from .._api.graph import Graph
from .._core.cutover import exit_log as log_rules
from .._core.cutover.attempt_log import UNCONFIRMED
from .._core.cutover.exit_findings import NODE_SAID_NOTHING
from .._core.cutover.gate_findings import UNKNOWN_LOCATION
from .._core.cutover.retire_findings import NUMBER_NOT_CONFIRMED
from .._core.events.event import CUTOVER
from .._core.facts import phone_number
from .._core.facts.times import utc
from .._failure import Failure, RefusedError, counted
from .._meta_api import ATTEMPTS_USED_UP
from . import confirm, exit_log
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .number_info import DECISIVE, read
from .options import GraphConnection, State, confirming_too_short, declare, limits_of_attempts, option
from .poll import Poll

_OFF = ("ON_PREMISE", "NOT_APPLICABLE")
_WHAT = log_rules.DEREGISTER


@declare
class Options(GraphConnection, State):
    """The options of wa_deregister."""

    waba_id: Optional[str] = option("str")
    after_node_yes: bool = option("bool", False)
    confirm_number: Optional[str] = option("str")
    incomplete: bool = option("bool", False)
    register_timeout: float = option("float", 90.0)
    confirm_timeout: float = option("float", 120.0)
    confirm_interval: float = option("float", 2.0)
    attempts_limit: int = option("int", 10)
    attempts_reserve: int = option("int", 2)


def perform(options: Any, context: Context) -> Outcome:
    """Deregister a number that is on the Cloud API; one that surely is not there is left as it is."""
    number_id = str(options.phone_number_id)
    graph = context.clients.graph(number_id)
    stored = exit_log.look(options, context)
    number: Mapping[str, Any] = read(graph, number_id, DECISIVE, options.waba_id)[0]
    earlier = log_rules.last(stored.log, _WHAT)
    if number.get("platform_type") == "CLOUD_API" and log_rules.open_for(earlier, stored.now):
        number = _wait_for_earlier(options, context, graph, number, log_rules.open_for(earlier, stored.now))
    label = phone_number.digits(str(number.get("display_phone_number"))) or number_id
    if number.get("platform_type") in _OFF and getattr(options, "incomplete", False):
        return _finish(options, context, graph, number, stored, label)
    if number.get("platform_type") in _OFF:
        if log_rules.is_open(earlier) and not context.check_mode:
            exit_log.finish(options, context, stored, _WHAT, log_rules.DONE)
        return Outcome(False, _result(number, "not on the Cloud API"), _state(number), _state(number))
    if number.get("platform_type") != "CLOUD_API":
        reported = "Graph says platform_type %s" % number.get("platform_type")
        raise RefusedError(UNKNOWN_LOCATION.failure(reported, "read the number again with wa_number_info"), label)
    _require_confirmed(options, number)
    _require_allowed(options, stored, label)
    if context.check_mode:
        after = {"platform_type": "NOT_APPLICABLE"}
        return Outcome(True, _result(number, "would be deregistered"), _state(number), after)
    with context.undisturbed():
        stored = exit_log.begin(options, context, stored, _WHAT, float(options.register_timeout))
        error = confirm.send_once(lambda: graph.deregister(number_id, options.register_timeout))
        if error is not None and error.acted == NO:
            exit_log.finish(options, context, stored, _WHAT, confirm.outcome_of(error), error)
            raise error
        seen = confirm.until(lambda read_: read_.get("platform_type") in _OFF, options, context, graph)
        gone = seen is not None and seen.get("platform_type") in _OFF
        outcome = log_rules.DONE if gone else UNCONFIRMED
        trouble = exit_log.finish(options, context, stored, _WHAT, outcome, error)
    if seen is None or not gone:
        raise confirm.UnconfirmedError(
            Failure(
                "unconfirmed",
                "The outcome of the deregistration is unknown",
                "The request was sent once; %s. %s"
                % (
                    "the answer was success" if error is None else "the answer was: %s" % error.failure.title,
                    ATTEMPT % "deregister",
                ),
                next_step="run the same command again: it reads first",
            ),
            label,
        )
    warnings = ("number %s: %s" % (context.name, trouble),) if trouble else ()
    return Outcome(True, _result(seen, "deregistered"), _state(number), _state(seen), warnings)


def _finish(
    options: Any, context: Context, graph: Graph, number: Mapping[str, Any], stored: exit_log.Stored, label: str
) -> Outcome:
    """Finish the deregistration of a number that is on neither API; no read shows it, so only a clear answer counts."""
    what = log_rules.FINISH
    waits = log_rules.open_for(log_rules.last(stored.log, what), stored.now)
    if waits:
        failure = Failure(
            "answer_open",
            "The answer of an earlier deregister request may still come",
            next_step="run again in %d s" % (waits + 1),
        )
        raise RefusedError(failure, label)
    _require_allowed(options, stored, label)
    before = {**_state(number), "deregistration": "incomplete"}
    after = {**_state(number), "deregistration": "finished"}
    if context.check_mode:
        return Outcome(True, _result(number, "would be finished"), before, after)
    with context.undisturbed():
        stored = exit_log.begin(options, context, stored, what, float(options.register_timeout))
        error = confirm.send_once(lambda: graph.deregister(str(options.phone_number_id), options.register_timeout))
        outcome = log_rules.DONE if error is None else confirm.outcome_of(error)
        trouble = exit_log.finish(options, context, stored, what, outcome, error)
    if error is not None and error.acted == NO:
        raise error
    if error is not None:
        failure = Failure(
            "unconfirmed",
            "Whether the deregistration was finished is unknown",
            "The request was sent once; the answer was: %s" % error.failure.title,
            next_step="run the playbook recover again in two minutes: it goes on with what this request can have done",
        )
        raise confirm.UnconfirmedError(failure, label)
    warnings = ("number %s: %s" % (context.name, trouble),) if trouble else ()
    return Outcome(True, _result(number, "finished"), before, after, warnings)


def _wait_for_earlier(
    options: Any, context: Context, graph: Any, number: Mapping[str, Any], seconds: float
) -> Mapping[str, Any]:
    """Read until the answer of an earlier request cannot come any more, or the number has gone."""
    poll = Poll(context, options.confirm_interval, seconds)
    while number.get("platform_type") not in _OFF:
        if not poll.wait("waiting up to %d s for an earlier deregister request" % poll.left):
            break
        number = read(graph, str(options.phone_number_id), DECISIVE, options.waba_id)[0]
    return number


def _require_confirmed(options: Any, number: Mapping[str, Any]) -> None:
    """Refuse a number other than the one whose digits the operator has stated, where any are."""
    shown = str(number.get("display_phone_number") or "")
    confirmed = getattr(options, "confirm_number", None)
    if confirmed and not phone_number.same(confirmed, shown):
        stated = "It is %s, and %s was confirmed" % (shown or "without a readable number", confirmed)
        raise RefusedError(NUMBER_NOT_CONFIRMED.failure(stated), phone_number.digits(shown) or options.phone_number_id)


def _require_allowed(options: Any, stored: exit_log.Stored, label: str) -> None:
    """Refuse a request that the node has not agreed to, where it has to, or that Meta would count as one too many."""
    if getattr(options, "after_node_yes", False) and not log_rules.said_yes(stored.log, stored.now):
        asked = log_rules.last(stored.log, log_rules.ASK)
        details = "It was never asked" if asked is None else "It was asked at %s: %s" % (asked["at"], asked["outcome"])
        raise RefusedError(NODE_SAID_NOTHING.failure(details), label)
    sent = log_rules.in_window(stored.log, stored.now)
    left = int(options.attempts_limit) - int(options.attempts_reserve) - len(sent)
    if left > 0:
        return
    again = utc(stored.now + log_rules.WINDOW)
    raise RefusedError(
        Failure(
            ATTEMPTS_USED_UP,
            "No deregister request is left",
            "%s in the last 72 hours by the exit log" % counted(len(sent), "request was sent", "requests were sent"),
            safe_to_rerun=False,
            next_step="run again 72 hours after the first of them, at the latest at %s" % again,
        ),
        label,
    )


def _state(number: Mapping[str, Any]) -> Dict[str, Any]:
    return {"platform_type": number.get("platform_type"), "status": number.get("status")}


def _result(number: Mapping[str, Any], outcome: str) -> Dict[str, Any]:
    return {**_state(number), "registration": {"outcome": outcome}}


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    yield from limits_of_attempts(params)
    yield from confirming_too_short(params, stated, "the deregistration")


MODULE = Module(
    name="wa_deregister",
    options=Options,
    run=perform,
    contradictions=_contradictions,
    phase=always_in(CUTOVER),
)
