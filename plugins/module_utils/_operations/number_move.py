# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: add a number to another WABA, which gives it a new phone number ID. Asked for at most once."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from .._api.codes import NO
from .._api.errors import ApiError
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import move_log
from .._core.cutover import number_move as rules
from .._core.events.event import PREPARE
from .._core.facts import phone_number, times
from .._failure import RefusedError, WabizError, combine
from .._meta_api import ALREADY_IN_WABA
from . import another_waba, attempt_log, conditions, confirm
from .attempt_log import Files
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .number_info import read
from .options import Confirmed, GraphConnection, MoveLost, confirming_too_short, declare, option
from .poll import Poll


@declare
class Options(GraphConnection, Confirmed, MoveLost):
    """The options of wa_number_move."""

    target_waba_id: str = option("str", required=True)
    state_durable: Optional[bool] = option("bool")


class _Number:
    """The number that is moved, and what it is called."""

    def __init__(self, options: Options, context: Context) -> None:
        self.id = str(options.phone_number_id)
        graph = context.clients.graph(self.id)
        self.fields: Mapping[str, Any] = read(graph, self.id, another_waba.FIELDS, options.waba_id)[0]
        self.display = str(self.fields.get("display_phone_number") or "")
        self.label = phone_number.digits(self.display) or self.id


def perform(options: Options, context: Context) -> Outcome:
    """Make sure that the target WABA has the number; one that it has already gets no request.

    What decides is the list of the target WABA: before the request, and after one whose answer is late or lost.
    """
    number = _Number(options, context)
    files = attempt_log.usable(options, context, number.label, lambda _files: [])
    entry = move_log.latest(files.log, files.now, times.instant(options.move_lost_at))
    new = another_waba.listed(context, options.target_waba_id, number.display)
    if not new and move_log.is_open(entry) and not context.check_mode:
        new = _until_listed(options, context, number, move_log.answer_in(entry, files.now))
    if new:
        return _there(options, context, number, files, new, entry)
    judged = rules.judge(number.fields, another_waba.target(context, options.target_waba_id))
    refusing = [*judged.refusing, *([] if entry is None else [move_log.unconfirmed(entry)])]
    if refusing:
        raise RefusedError(combine(refusing), number.label)
    if context.check_mode:
        before, after = _diff(options, number, "known after the request")
        return Outcome(True, _result(options, number, ""), before, after)
    conditions.require_run(context.process, number.label)
    with context.undisturbed():
        return _add_once(options, context, number, files)


def _there(
    options: Options, context: Context, number: _Number, files: Files, new: str, entry: Optional[Mapping[str, Any]]
) -> Outcome:
    """End with a number that the target WABA has; a request whose answer nobody has seen has put it there."""
    warnings: List[str] = []
    confirmed = move_log.is_open(entry) and not context.check_mode
    if confirmed:
        warnings += [_record(options, context, files, move_log.MOVED, new)]
    before, after = _diff(options, number, new)
    before = before if confirmed else after
    return Outcome(confirmed, _result(options, number, new), before, after, _named(context, warnings))


def _add_once(options: Options, context: Context, number: _Number, files: Files) -> Outcome:
    """Send the request, and confirm its answer by reading."""

    def with_entry(now: float, answer_by: float) -> Dict[str, Any]:
        run, target = context.process.run, options.target_waba_id
        return move_log.with_entry(files.log, now, answer_by, run, target, number.display)

    what = "the request to add the number to WABA %s" % options.target_waba_id
    files = attempt_log.intend(options, context, files, number.label, what, with_entry, move_log.with_outcome)
    answered: List[str] = []
    graph, body = context.clients.graph(number.id), rules.body(number.fields)
    error = confirm.send_once(lambda: answered.append(graph.add_number(options.target_waba_id, body)))
    if error is not None and error.acted == NO:
        # Where it was added meanwhile, nobody has to run again to learn its ID.
        there = getattr(error, "subcode", 0) == ALREADY_IN_WABA
        new = _listed_or_not(options, context, number) if there else ""
        _record(options, context, files, move_log.MOVED if new else confirm.outcome_of(error), new, error)
        if new:
            after = _diff(options, number, new)[1]
            return Outcome(False, _result(options, number, new), after, after)
        raise error
    new = _until_listed(options, context, number, float(options.confirm_timeout))
    outcome = move_log.MOVED if new else attempt_log_rules.UNCONFIRMED
    warnings = [_record(options, context, files, outcome, new or "".join(answered), error)]
    if not new:
        entry = {**move_log.last(files.log), "new_phone_number_id": "".join(answered)}
        raise confirm.UnconfirmedError(move_log.unconfirmed(entry), number.label)
    if error is not None:
        warnings.append("reading shows the number in its new WABA, although the answer was: %s" % error.failure.title)
    elif answered != [new]:
        warnings.append("the answer named the ID %s, the list of the WABA has %s" % (answered[0], new))
    before, after = _diff(options, number, new)
    return Outcome(True, _result(options, number, new), before, after, _named(context, warnings))


def _until_listed(options: Options, context: Context, number: _Number, timeout: float) -> str:
    """Read the list of the target WABA until it has the number; "" where it has not in time."""
    poll = Poll(context, options.confirm_interval, timeout)
    while True:
        new = _listed_or_not(options, context, number)
        text = "waiting up to %d s until WABA %s lists the number"
        if new or not poll.wait(text % (poll.left, options.target_waba_id)):
            return new


def _listed_or_not(options: Options, context: Context, number: _Number) -> str:
    """Return the ID in the target WABA; a read that fails is one more reason to read again."""
    try:
        return another_waba.listed(context, options.target_waba_id, number.display)
    except WabizError:
        return ""


def _record(
    options: Options, context: Context, files: Files, outcome: str, new: str, error: Optional[ApiError] = None
) -> str:
    """Record the outcome; returns "" or why that failed. What stays open is confirmed by the next run."""
    now = attempt_log.host_now(files, context)
    log = move_log.with_outcome(files.log, now, outcome, new, **confirm.told_of(error))
    return attempt_log.record(options, context, files, log, outcome)


def _named(context: Context, warnings: List[str]) -> Any:
    return tuple("number %s: %s" % (context.name, text) for text in warnings if text)


def _diff(options: Options, number: _Number, new: str) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    before = {"waba_id": options.waba_id, "phone_number_id": number.id}
    return before, {"waba_id": options.target_waba_id, "phone_number_id": new}


def _result(options: Options, number: _Number, new: str) -> Dict[str, Any]:
    return {
        "number": number.display,
        "phone_number_id": number.id,
        **another_waba.told(new, options.target_waba_id),
        "waiting_for_inventory": True,
        "attempt_log": "%s/attempt_log.json" % attempt_log.number_dir(options),
    }


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    yield from another_waba.same_waba(params)
    yield from confirming_too_short(params, stated, "the move")


MODULE = Module(
    name="wa_number_move",
    options=Options,
    run=perform,
    contradictions=_contradictions,
    gates=True,
    phase=always_in(PREPARE),
)
