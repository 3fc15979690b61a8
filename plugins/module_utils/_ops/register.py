# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the one-way door (guide, step 3). At most one POST, recorded before it leaves, settled by reading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Union

from .._api.errors import NO, AnswerError, ApiError
from .._api.graph import Graph
from .._api.retry import RetryPolicy, limited
from .._api.shapes import Backup
from .._core import breaker, gate, identity, waiver
from .._core import place as place_rule
from .._core import record as record_rule
from .._core.backup import utc
from .._core.pin import consequence
from .._failure import Failure, RefusedError, combine
from . import approval, deregister, hold, journal, settle, survey
from .context import Context, Outcome, Params
from .journal import Files
from .number_info import DECISIVE, read
from .onprem_info import DECISIVE as GATHER

_PIN_MISMATCH = 133005
_WRONG_PIN = "wrong pin"


def perform(params: Params, context: Context) -> Outcome:
    """Bring the number to ``state``."""
    if params["state"] == "deregistered":
        return deregister.perform(params, context)
    try:
        found = _before_the_door(params, context)
    except ApiError as error:
        if not params["return_when_held"] or not limited(error):
            raise
        return waiting(error.failure.sentence(), context.now() + (error.wait or RetryPolicy.rate_base))
    if isinstance(found, Outcome):
        return found
    with context.undisturbed():
        return _through_the_door(params, context, found)


class Ready(NamedTuple):
    """A number that nothing keeps from the door any more, and the waivers that let it pass."""

    graph: Graph
    sight: gate.Sight
    files: Files
    waived: List[Dict[str, str]]


def _before_the_door(params: Params, context: Context) -> Union[Outcome, Ready]:
    """Read both sides and decide: what there is to say where nothing is sent, or that the number is ready."""
    number_id = str(params["phone_number_id"])
    waivers = approval.stated(params)
    graph = context.graph(number_id)
    number: Mapping[str, Any] = read(graph, number_id, DECISIVE)[0]
    backup_file = None if params["without_backup"] else params["backup_file"]
    files = journal.look(params, context, backup_file)
    if _held_by_orphan(files, context) and not context.check_mode:
        files = _outlive(params, context, files, backup_file)
        number = read(graph, number_id, DECISIVE)[0]
    if record_rule.open_attempt(files.record) is not None:
        _must_be_free(files, context)
        number = _wait_out(params, context, graph, number, files)
        files = journal.look(params, context, backup_file)
    if number.get("platform_type") == "CLOUD_API":
        return _on_the_cloud(params, context, graph, number, files)
    gather = (*GATHER, "stats") if params["require_quiet"] else GATHER
    sight = survey.sight(params, context, number, files, gather, bool(params["check_node"]))
    _must_be_free(files, context)
    # In check mode no earlier task of the flow has made the backup: its faults are told, and what would happen still
    # is.
    wish = survey.wish(params, bool(params["pin_cleared"]), needs_backup=not context.check_mode)
    held, told = hold.at_the_door(params, context, sight.node)
    failures, waived = waiver.door([*gate.failures(sight, wish), *held], waivers, number_id, context.now())
    burnt = context.raised(_WRONG_PIN)
    if burnt and not params["pin_cleared"] and not params["continue_after_wrong_pin"]:
        failures.append(gate.wrong_pin_elsewhere(burnt))
    stopped = context.raised(breaker.FLAG)
    if stopped:
        failures.append(breaker.failure(stopped))
    if [failure.code for failure in failures] == ["paused"] and params["return_when_held"]:
        return waiting(failures[0].sentence(), 0.0)
    if failures:
        raise RefusedError(combine(failures), sight.label)
    if context.check_mode:
        warnings = tuple("number %s: %s" % (context.name, failure.sentence()) for failure in told)
        return replace(_prediction(params, sight, waived), warnings=warnings)
    _must_have_its_run(context, sight.label)
    return Ready(graph, sight, files, waived)


def waiting(why: str, wait_until: float) -> Outcome:
    """Return that nothing was done, because of something that passes by itself.

    ``why`` is a sentence, ``wait_until`` is UTC in seconds, 0 where it is not known.
    """
    return Outcome(False, {"waiting": True, "why": why, "wait_until": wait_until})


def _prediction(params: Params, sight: gate.Sight, waived: List[Dict[str, str]]) -> Outcome:
    missing = gate.backup_failures(sight, survey.wish(params, bool(params["pin_cleared"])))
    registration = {
        "outcome": "would be registered",
        "attempts_left": _left(params, sight.record, sight.now),
        "pin": consequence(bool(params["pin_cleared"])),
        "backup": "; ".join(fault.title for fault in missing) or "as the door needs it",
        "waived": waived,
    }
    after = {"platform_type": "CLOUD_API", "status": "CONNECTED"}
    return Outcome(True, _result(params, sight.number, registration), _state(sight.number), after)


def _through_the_door(params: Params, context: Context, ready: Ready) -> Outcome:
    graph, sight, files, waived = ready
    number_id = str(params["phone_number_id"])
    backup: Optional[Backup] = None
    if not params["without_backup"] and sight.backup is not None:
        backup = {"password": str(params["backup_password"]), "data": str(sight.backup["data"])}
    files = journal.begin(params, context, files, sight.label)
    began = context.monotonic()
    error = settle.send_once(
        lambda: graph.register(
            number_id, params["pin"], backup, params["data_localization_region"], params["register_timeout"]
        )
    )
    if error is not None and error.acted == NO:
        outcome = record_rule.REFUSED if isinstance(error, AnswerError) else record_rule.NOT_SENT
        if error.failure.code == _PIN_MISMATCH:
            context.raise_flag(_WRONG_PIN, str(context.name))
        trouble = journal.finish(params, context, files, outcome, error)
        if trouble:
            context.announce(trouble)
        raise error
    number = settle.until(place_rule.registered, params, context, graph)
    settled_after = round(context.monotonic() - began, 3)
    moved = number is not None and number.get("platform_type") == "CLOUD_API"
    trouble = journal.finish(params, context, files, record_rule.REGISTERED if moved else record_rule.UNSETTLED, error)
    if number is None or not moved:
        raise settle.UnsettledError(_unsettled(params, error), sight.label)
    warnings = [trouble] if trouble else []
    if error is not None:
        warnings.append("reading shows it on the Cloud API, although the answer was: %s" % error.failure.title)
    if not place_rule.registered(number):
        warnings.append("on the Cloud API, its status is still %s" % number.get("status"))
    if params["without_backup"]:
        warnings.append("registered without a backup; profile and Official Business Account status may be lost")
    registration = {
        "outcome": record_rule.REGISTERED,
        "attempted_at": utc(sight.now),
        "settled_after": settled_after,
        "attempts_left": _left(params, files.record, sight.now),
        "waived": waived,
    }
    return Outcome(
        True,
        _result(params, number, registration),
        _state(sight.number),
        _state(number),
        tuple("number %s: %s" % (context.name, text) for text in warnings),
    )


def _unsettled(params: Params, error: Optional[ApiError]) -> Failure:
    answered = "the answer said success" if error is None else "the answer was: %s" % error.failure.title
    return Failure(
        "unsettled",
        "Whether the number was registered cannot be said",
        "The request was sent once; %s. %d s of reading did not show the number on the Cloud API"
        % (answered, params["settle_timeout"]),
        "" if error is None else error.failure.fbtrace_id,
        safe_to_rerun=True,
        next_step="run the same command again: it reads first, waits for the open attempt recorded in %s, and only "
        "then decides. Never send register by hand meanwhile" % journal.number_dir(params),
    )


def _must_be_free(files: Files, context: Context) -> None:
    holder = record_rule.lease_holder(files.record, files.now, context.run)
    if holder is None:
        return
    if holder.get("controller") == context.controller and not context.alive(int(holder.get("process") or 0)):
        return
    raise RefusedError(record_rule.held(holder), str(files.record.get("number") or files.record["phone_number_id"]))


def _must_have_its_run(context: Context, label: str) -> None:
    """Stop a worker whose run was killed: nobody expects a number to move any more that has not begun to."""
    if context.orphaned(context.process, context.parent):
        raise RefusedError(
            Failure(
                "run_killed",
                "The run that this worker belongs to was killed, so nothing was sent",
                next_step="run the same command again",
            ),
            label,
        )


def _held_by_orphan(files: Files, context: Context) -> bool:
    holder = record_rule.lease_holder(files.record, files.now, context.run)
    if holder is None or holder.get("controller") != context.controller:
        return False
    process = int(holder.get("process") or 0)
    return context.alive(process) and context.orphaned(process, int(holder.get("parent") or 0))


def _outlive(params: Params, context: Context, files: Files, backup_file: Optional[str]) -> Files:
    """Wait for a worker whose run was killed: it carries its request to the end and records the outcome."""
    holder = record_rule.lease_holder(files.record, files.now, context.run) or {}
    context.announce(
        "process %s of a run that was killed is still at work; waiting for it, until %s at most"
        % (holder.get("process"), holder.get("until"))
    )
    while _held_by_orphan(files, context):
        context.sleep(params["settle_interval"])
        files = journal.look(params, context, backup_file)
    return files


def _wait_out(
    params: Params, context: Context, graph: Graph, number: Mapping[str, Any], files: Files
) -> Mapping[str, Any]:
    """An open attempt may still be under way: read until it shows, or until no answer of it can come any more."""
    wait = record_rule.still_open_for(files.record, files.now)
    if context.check_mode or wait <= 0 or number.get("platform_type") == "CLOUD_API":
        return number
    context.announce("an earlier register may still be under way; reading for up to %d s before deciding" % wait)
    end = context.monotonic() + wait
    while number.get("platform_type") != "CLOUD_API" and context.monotonic() < end:
        context.sleep(min(params["settle_interval"], max(end - context.monotonic(), 0.05)))
        number = read(graph, str(params["phone_number_id"]), DECISIVE)[0]
    return number


def _on_the_cloud(params: Params, context: Context, graph: Graph, number: Mapping[str, Any], files: Files) -> Outcome:
    """Nothing to register: wait for a number that is still settling, close an open attempt, refuse a broken one."""
    label = identity.digits(str(number.get("display_phone_number"))) or str(params["phone_number_id"])
    before = number
    if place_rule.settling(number):
        number = settle.until(place_rule.registered, params, context, graph) or number
    if not place_rule.registered(number) and not place_rule.settling(number):
        raise RefusedError(gate.cloud_failure(number), label)
    warnings: List[str] = []
    if record_rule.open_attempt(files.record) is not None and not context.check_mode:
        trouble = journal.finish(params, context, files, record_rule.REGISTERED)
        warnings += [trouble] if trouble else []
    if place_rule.settling(number):
        warnings.append("on the Cloud API, its status is still %s" % number.get("status"))
    return Outcome(
        False,
        _result(params, number, {"outcome": "already on the Cloud API"}),
        _state(before),
        _state(number),
        tuple("number %s: %s" % (context.name, text) for text in warnings),
    )


def _left(params: Params, record: Mapping[str, Any], now: float) -> int:
    return record_rule.attempts_left(record, now, params["attempts_limit"], params["attempts_reserve"])


def _state(number: Mapping[str, Any]) -> Dict[str, Any]:
    return {"platform_type": number.get("platform_type"), "status": number.get("status")}


def _result(params: Params, number: Mapping[str, Any], registration: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "place": place_rule.place(number, "not asked").name,
        **_state(number),
        "registration": dict(registration),
        "record": "%s/record.json" % journal.number_dir(params),
    }
