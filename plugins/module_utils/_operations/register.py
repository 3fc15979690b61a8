# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the register call (guide, step 3). One POST at most, logged before it leaves, confirmed by reading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Union

from .._api.codes import ATTEMPT, NO
from .._api.errors import ApiError
from .._api.graph import Graph
from .._api.retry import RetryPolicy, limited
from .._api.shapes import Backup
from .._core.approval import waiver
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import gate, lane, recovery
from .._core.cutover.pin import consequence
from .._core.events import event as events
from .._core.events.event import CUTOVER
from .._core.facts import location as location_rules
from .._core.facts import phone_number
from .._core.facts.times import utc
from .._failure import Failure, RefusedError, combine
from .._meta_api import PIN_MISMATCH
from . import approval, attempt_log, collect, conditions, confirm, deregister, last_look, lease, run_events
from .attempt_log import Files
from .conditions import Conditions
from .context import Context, Outcome, Params
from .last_look import Candidate, Ready
from .module import GRAPH, Contradiction, Module, always_in, without_node
from .number_info import EVERYTHING, GATE, read
from .onprem_info import DECISIVE as GATHER
from .options import GraphConnection, OnPremConnection, Register, changed, declare, limits_that_disagree, option


@declare
class Options(OnPremConnection, GraphConnection, Register):
    """The options of wa_register."""

    state: str = option("str", "registered", choices=["registered", "deregistered"])
    backup_file: Optional[str] = option("path")
    backup_digest: Optional[str] = option("str")
    check_node: bool = option("bool", True)
    location: Optional[str] = option("str", choices=["ON_PREMISES", "CLOUD", "NEITHER", "UNKNOWN"])
    max_parallel_cutovers_per_waba: int = option("int", 0)


_NOT_IN_THIS_LANE = Failure(
    "lane_waba",
    "A number that moves to another WABA is registered with its new phone number ID only",
    next_step="add it with wa_number_move, change O(phone_number_id) and O(waba_id), and set O(lane): code",
)


def perform(options: Options, context: Context) -> Outcome:
    """Bring the number to ``state``."""
    if options.state == "deregistered":
        return deregister.perform(options, context)
    if options.lane == lane.WABA:
        # The steps of this lane end before it, so this is a call by somebody else.
        raise RefusedError(_NOT_IN_THIS_LANE, str(options.phone_number_id))
    if options.lane == lane.CODE:
        options = changed(options, without_backup=True, check_node=False, require_quiet=False)
    found: Any = _unless_limited(options, context, last_look.candidate)
    judged = found if isinstance(found, Conditions) else None
    if isinstance(found, Candidate):
        with context.undisturbed():
            ready = last_look.begin(options, context, found)
            if ready is not None:
                return _register_once(options, context, ready)
    if not isinstance(found, Outcome):
        found = _unless_limited(options, context, lambda one, other: _before_register(one, other, judged))
    if isinstance(found, Outcome):
        return found
    with context.undisturbed():
        files = attempt_log.begin(options, context, found.files, found.observed.label)
        return _register_once(options, context, found._replace(files=files))


def _unless_limited(options: Options, context: Context, look: Callable[[Options, Context], Any]) -> Any:
    """Return what a look at the number gives, or that the number has to wait for Graph's rate limit."""
    try:
        return look(options, context)
    except ApiError as error:
        if not options.return_when_waiting or not limited(error):
            raise
        return lease.waiting(error.failure.sentence(), context.clock.now() + (error.wait or RetryPolicy.rate_base))


def _before_register(options: Options, context: Context, judged: Optional[Conditions]) -> Union[Outcome, Ready]:
    """Read both sides and decide: what there is to say where nothing is sent, or that the number is ready."""
    number_id = str(options.phone_number_id)
    waivers = approval.stated(options)
    graph = context.clients.graph(number_id)
    backup_file = None if options.without_backup else options.backup_file
    found = lease.alone(options, context, graph, backup_file)
    if isinstance(found, Outcome):
        return found
    number, files = found
    if number.get("platform_type") == "CLOUD_API":
        return _on_the_cloud(options, context, graph, number, files)
    gather = (*GATHER, "stats") if options.require_quiet else GATHER
    node = collect.read_node(options, context, gather) if options.check_node else collect.NOT_ASKED
    observed = collect.observed(options, context, number, files, node)
    # In check mode no earlier task has made the backup: its faults are reported, and what would happen still
    # is.
    desired = collect.desired(
        options,
        bool(options.pin_cleared),
        needs_backup=not context.check_mode,
        verifies=_verified_before(options, context),
    )
    refusing, passing = conditions.before_register(options, context, observed.node, judged)
    failures, waived = waiver.left_over(
        [*gate.failures(observed, desired), *refusing], waivers, number_id, context.clock.now()
    )
    if (
        not failures
        and not context.check_mode
        and desired.pin_cleared
        and gate.after_wrong_pin(observed, desired) is not None
    ):
        # The node's word is not enough for another try: Graph must not contradict it.
        shown = read(graph, number_id, (*GATE, "is_pin_enabled"), options.waba_id)[0]
        failures += [recovery.still_on()] if shown.get("is_pin_enabled") is True else []
    if conditions.is_pause(failures) and options.return_when_waiting:
        return lease.waiting(failures[0].sentence(), 0.0)
    if failures:
        raise RefusedError(combine(failures), observed.label)
    if context.check_mode:
        other = attempt_log_rules.lease_holder(files.log, files.now, context.process.run)
        passing += [] if other is None else [attempt_log_rules.other_run(other)]
        warnings = tuple("number %s: %s" % (context.name, failure.sentence()) for failure in passing)
        return replace(_prediction(options, observed, waived), warnings=warnings)
    conditions.require_run(context.process, observed.label)
    return Ready(graph, observed, files, waived)


def _verified_before(options: Options, context: Context) -> bool:
    """Tell whether the number is as good as verified: in check mode no step before this one has handed a code in."""
    return context.check_mode and options.lane == lane.CODE


def _prediction(options: Options, observed: gate.ObservedState, waived: List[Dict[str, str]]) -> Outcome:
    missing = gate.backup_failures(observed, collect.desired(options, bool(options.pin_cleared)))
    registration = {
        "outcome": "would be registered",
        "attempts_left": _left(options, observed.log, observed.now),
        "pin": consequence(bool(options.pin_cleared), observed.location.name == location_rules.NEITHER),
        "backup": "; ".join(fault.title for fault in missing) or "usable",
        "waived": waived,
    }
    after = {"platform_type": "CLOUD_API", "status": "CONNECTED"}
    return Outcome(True, _result(options, observed.number, registration), _state(observed.number), after)


def _register_once(options: Options, context: Context, ready: Ready) -> Outcome:
    """Send the request whose intent is on disk, and confirm its answer by reading."""
    graph, observed, files, waived = ready
    number_id = str(options.phone_number_id)
    backup: Optional[Backup] = None
    if not options.without_backup and observed.backup is not None:
        backup = {"password": str(options.backup_password), "data": str(observed.backup["data"])}
    began = context.clock.monotonic()
    context.event(events.REGISTER_SENT)
    error = confirm.send_once(
        lambda: graph.register(
            number_id, options.pin, backup, options.data_localization_region, options.register_timeout
        )
    )
    run_events.answered(context, began, error)
    if error is not None and error.acted == NO:
        outcome = confirm.outcome_of(error)
        if error.failure.code == PIN_MISMATCH:
            context.shared.raise_flag(gate.WRONG_PIN, str(context.name))
        trouble = attempt_log.finish(options, context, files, outcome, error)
        if trouble:
            context.announce(trouble)
        way = recovery.next_step(error.failure.code, str(files.log["attempts"][-1]["at"]), observed.location.name)
        if way:
            error.revise(next_step=way)
        raise error
    number = confirm.until(location_rules.registered, options, context, graph, EVERYTHING)
    confirmed_after = round(context.clock.monotonic() - began, 3)
    moved = number is not None and number.get("platform_type") == "CLOUD_API"
    run_events.confirmed(context, confirmed_after, moved)
    trouble = attempt_log.finish(
        options, context, files, attempt_log_rules.REGISTERED if moved else attempt_log_rules.UNCONFIRMED, error
    )
    if number is None or not moved:
        raise confirm.UnconfirmedError(_unconfirmed(options, error), observed.label)
    warnings = [trouble] if trouble else []
    if error is not None:
        warnings.append("reading shows it on the Cloud API, although the answer was: %s" % error.failure.title)
    if not location_rules.registered(number):
        warnings.append("on the Cloud API, its status is still %s" % number.get("status"))
    if options.without_backup:
        warnings.append("registered without a backup; profile and Official Business Account status may be lost")
    registration = {
        "outcome": attempt_log_rules.REGISTERED,
        "attempted_at": utc(observed.now),
        "confirmed_after": confirmed_after,
        "attempts_left": _left(options, files.log, observed.now),
        "waived": waived,
    }
    return Outcome(
        True,
        _result(options, number, registration),
        _state(observed.number),
        _state(number),
        tuple("number %s: %s" % (context.name, text) for text in warnings),
    )


def _unconfirmed(options: Options, error: Optional[ApiError]) -> Failure:
    answered = "the answer was success" if error is None else "the answer was: %s" % error.failure.title
    return Failure(
        "unconfirmed",
        "The outcome of the registration is unknown",
        "The request was sent once; %s. %d s of reading did not show the number on the Cloud API. %s"
        % (answered, options.confirm_timeout, ATTEMPT % "register"),
        "" if error is None else error.failure.fbtrace_id,
        safe_to_rerun=True,
        next_step="run the same command again: it reads first, waits for the open attempt recorded in %s, and only "
        "then decides. Never send register by hand meanwhile" % attempt_log.number_dir(options),
    )


def _on_the_cloud(options: Options, context: Context, graph: Graph, number: Mapping[str, Any], files: Files) -> Outcome:
    """Nothing to register: wait for a number that is still settling, close an open attempt, refuse a broken one."""
    label = phone_number.digits(str(number.get("display_phone_number"))) or str(options.phone_number_id)
    before = number
    if location_rules.pending(number):
        number = confirm.until(location_rules.registered, options, context, graph) or number
    if not location_rules.registered(number) and not location_rules.pending(number):
        raise RefusedError(gate.cloud_failure(number), label)
    warnings: List[str] = []
    outcome = "already on the Cloud API"
    if location_rules.coexists(number):
        outcome += ", together with the WhatsApp Business app (coexistence)"
    registration: Dict[str, Any] = {"outcome": outcome}
    if attempt_log_rules.unverified(files.log) and not context.check_mode:
        registration = {"outcome": "registered by an earlier run", "confirmed": True}
    if attempt_log_rules.open_attempt(files.log) is not None and not context.check_mode:
        trouble = attempt_log.finish(options, context, files, attempt_log_rules.REGISTERED)
        warnings += [trouble] if trouble else []
    if location_rules.pending(number):
        warnings.append("on the Cloud API, its status is still %s" % number.get("status"))
    return Outcome(
        False,
        _result(options, number, registration),
        _state(before),
        _state(number),
        tuple("number %s: %s" % (context.name, text) for text in warnings),
    )


def _left(options: Options, log: Mapping[str, Any], now: float) -> int:
    return attempt_log_rules.attempts_left(log, now, options.attempts_limit, options.attempts_reserve)


def _state(number: Mapping[str, Any]) -> Dict[str, Any]:
    return {"platform_type": number.get("platform_type"), "status": number.get("status")}


def _result(options: Options, number: Mapping[str, Any], registration: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "location": location_rules.location(number, "not asked").name,
        **_state(number),
        "registration": dict(registration),
        "attempt_log": "%s/attempt_log.json" % attempt_log.number_dir(options),
    }


def _bare(params: Params) -> bool:
    """Tell whether the number is registered without a backup."""
    return bool(params["without_backup"]) or lane.without_node(params["lane"])


def _side(params: Params) -> str:
    return GRAPH if lane.without_node(params.get("lane")) else without_node(params)


def _needed(params: Params) -> Collection[str]:
    if params["state"] != "registered":
        return ()
    return ("pin",) if _bare(params) else ("pin", "backup_file", "backup_password")


def _unused(params: Params) -> Collection[str]:
    if params["state"] == "deregistered":
        return ("pin", "backup_password")
    return ("backup_password",) if _bare(params) else ()


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    if params["without_backup"] and "backup_file" in stated:
        yield "without_backup backup_file", "a backup is either sent or left out. Leave out one of the two options"
    if params["state"] == "deregistered" and "data_localization_region" in stated:
        yield "state data_localization_region", "a region belongs to state=registered"
    if params["require_quiet"] and not params["check_node"]:
        yield "require_quiet check_node", "only the node reports its traffic, and it is not asked"
    yield from limits_that_disagree(params, stated)


MODULE = Module(
    name="wa_register",
    options=Options,
    run=perform,
    narrowed=_side,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    phase=always_in(CUTOVER),
)
