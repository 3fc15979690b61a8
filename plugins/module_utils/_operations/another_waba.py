# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a preflight finds out about a number that moves to another WABA, and what it hands on to the steps after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Collection, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, TypeVar

from .._core.checks import waba as waba_rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import gate, lane, move_log
from .._core.cutover import number_move as rules
from .._core.facts import times
from .._failure import Failure, WabizError
from . import attempt_log, collect
from .attempt_log import Files
from .context import Context, Outcome, Params
from .module import Contradiction
from .number_info import GATE, known_fields, read
from .options import Preflight, changed

Chosen = TypeVar("Chosen", bound=Preflight)
FIELDS = (*GATE, "verified_name", *rules.FIELDS)
_LISTED = ("id", "display_phone_number")


class Found(NamedTuple):
    """What was found out: the new phone number ID, "" where the target WABA does not have the number yet."""

    new: str
    label: str
    location: str
    work: bool
    reasons: List[Failure]


def target(context: Context, target_waba_id: str) -> rules.Target:
    """Read the target WABA, once per run."""

    def get() -> List[Any]:
        graph = context.clients.graph("")
        return list(known_fields(lambda names: graph.waba(target_waba_id, names), waba_rules.FIELDS, ("id",)))

    try:
        found, unknown = context.shared.once("waba-%s" % target_waba_id, get)
    except WabizError as error:
        return rules.Target(None, trouble="WABA %s cannot be read: %s" % (target_waba_id, error.failure.cause()))
    return rules.Target(found, tuple(unknown))


def listed(context: Context, target_waba_id: str, number: str) -> str:
    """Return the ID that a number has in the target WABA, "" where it is not there; raises WabizError."""
    return rules.find(context.clients.graph("").phone_numbers(target_waba_id, _LISTED), number)


def look(options: Chosen, context: Context, number: Mapping[str, Any], in_list: bool) -> Tuple[Chosen, Found]:
    """Judge a number that is not on the Cloud API; returns the options with the request that would be sent."""
    target_id, reasons = str(options.target_waba_id), []
    try:
        files = attempt_log.look(options, context)
    except WabizError as error:
        reasons.append(error.failure)
        files = Files(attempt_log_rules.fresh(str(options.phone_number_id)), None, None, (), context.clock.now())
    number = {**number, **_conditions_of(options, context)}
    observed = collect.observed(options, context, number, files, collect.NOT_ASKED, in_list)
    where, into = observed.location.name, target(context, target_id)
    new = ""
    try:
        new = listed(context, target_id, str(number.get("display_phone_number") or ""))
    except WabizError as error:
        into = into if into.waba is None else rules.Target(None, trouble=error.failure.cause())
    entry = move_log.latest(files.log, files.now, times.instant(options.move_lost_at))
    if new:
        # Where nobody has seen the answer yet, the step records what the list tells.
        work = move_log.is_open(entry)
        return options, Found(new, observed.label, where, work, [*reasons, rules.there(new, target_id)])
    judged = rules.judge(number, into)
    unusable = gate.file_failures(observed.file_faults, observed.state_lost)
    reasons += [*judged.refusing, *gate.ownership_failures(observed), *unusable, *judged.notes]
    reasons += [move_log.unconfirmed(entry)] if entry is not None else []
    lease = attempt_log_rules.lease_holder(files.log, files.now, "")
    reasons += [attempt_log_rules.other_run(lease)] if lease is not None else []
    reasons.append(rules.another_waba(number, str(options.waba_id), target_id))
    return changed(options, move_body=rules.body(number)), Found("", observed.label, where, True, reasons)


def _conditions_of(options: Preflight, context: Context) -> Mapping[str, Any]:
    """Return the fields of the conditions that only this lane asks for; what is not told stays unknown."""
    graph = context.clients.graph(str(options.phone_number_id))
    try:
        return read(graph, str(options.phone_number_id), FIELDS, options.waba_id)[0]
    except WabizError:
        return {}


def ended(outcome: Outcome, options: Preflight, found: Found) -> Outcome:
    """Return how a preflight of such a number ends: the only step is the move, and none where it is done."""
    target_id = str(options.target_waba_id)
    moves = found.work and not outcome.result["blocked"]
    result = {
        **outcome.result,
        "lane": lane.WABA,
        "takes": {**dict.fromkeys(outcome.result["takes"], False), "wa_number_move": moves},
        "backup_file": None,
        "waits_for_quiet": False,
        **told(found.new, target_id),
        "waiting_for_inventory": bool(found.new) and not found.work and not outcome.result["blocked"],
    }
    before = {"location": found.location, "waba_id": str(options.waba_id)}
    after = {**before, "waba_id": target_id, "requests": outcome.result["plan"]["requests"]} if moves else before
    return replace(outcome, result=result, before=before, after=after)


def told(new: str, target_waba_id: str) -> Dict[str, Any]:
    """Return what a result says of the new number."""
    return {
        "target_waba_id": target_waba_id,
        "new_phone_number_id": new or None,
        "inventory": rules.inventory(new, target_waba_id) if new else [],
    }


def needed(params: Params) -> Collection[str]:
    """Return what the lane needs."""
    return ("target_waba_id",) if params["lane"] == lane.WABA else ()


def contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Yield what does not go together with the target WABA."""
    if "target_waba_id" not in stated:
        return
    if params["lane"] != lane.WABA:
        yield (
            "target_waba_id lane",
            "a target WABA does nothing without lane=waba. Once the number is there, take it away",
        )
    yield from same_waba(params)


def same_waba(params: Params) -> Iterator[Contradiction]:
    """Yield the contradiction of a number that is to move to where it is."""
    own: Optional[Any] = params.get("waba_id")
    if own is not None and own == params["target_waba_id"]:
        yield (
            "target_waba_id waba_id",
            "they are the same WABA. Once the number is in its new WABA it goes on with lane=code",
        )
