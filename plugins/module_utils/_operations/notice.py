# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: send a last notice by an approved template, once to each recipient, slowly, and never on a guess."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._api.codes import NO
from .._api.graph import Graph
from .._core.checks import container
from .._core.cutover import notice as rules
from .._core.cutover import notice_log as log_rules
from .._core.cutover.gate_findings import UNKNOWN_LOCATION
from .._core.events.event import CUTOVER
from .._core.facts.recipients import Recipient
from .._failure import Failure, RefusedError, WabizError, counted
from .._meta_api import template_message
from . import attempt_log, conditions, confirm, notice_log, recipients_file
from .context import Context, Outcome
from .module import Module, always_in
from .number_info import DECISIVE, known_fields, read
from .options import GraphConnection, State, declare, option

_QUALITY = "quality_rating"
# Messages between two looks at the quality of the number.
_LOOK_EVERY = 20
_TEMPLATE = ("name", "language", "status", "category", "components")


@declare
class Options(GraphConnection, State):
    """The options of wa_notice."""

    waba_id: str = option("str", required=True)
    template: str = option("str", required=True)
    template_language: str = option("str", "en_US")
    parameters: List[str] = option("list", [], elements="str")
    recipients_file: str = option("path", required=True)
    confirm: Optional[str] = option("str")
    state_durable: Optional[bool] = option("bool")
    per_minute: float = option("float", 60.0)
    at_most: int = option("int", 0)
    min_quality: str = option("str", rules.GREEN, choices=list(rules.RATINGS))


class _Run:
    """What a task has come to: the log, who was sent the notice now, and who was refused."""

    def __init__(self, log: log_rules.Log) -> None:
        self.log = log
        self.sent: List[Recipient] = []
        self.refused: List[Dict[str, Any]] = []


def perform(options: Options, context: Context) -> Outcome:
    """Send the notice to whom it was not sent yet. Everything is checked before the first message."""
    try:
        everybody = recipients_file.of_file(options.recipients_file)
    except ValueError as reason:
        bad = Failure("bad_recipients", "The recipients cannot be used: %s" % reason, next_step="correct the file")
        raise RefusedError(bad, str(options.phone_number_id)) from None
    attempt_log.require_kept(options, context, container.NOTICE_LOG)
    run = _Run(notice_log.look(options, context))
    before = _counts(run.log, everybody)
    due = [recipient for recipient in everybody if not run.log.final(recipient.number)]
    number_id, parameters = str(options.phone_number_id), options.parameters
    word = rules.confirmation(number_id, options.template, options.template_language, parameters, everybody)
    graph = context.clients.graph(number_id)
    text = ""
    if due:
        label = _require_quality(options, context, graph)
        rows, _unknown = known_fields(
            lambda fields: {"rows": graph.message_templates(options.waba_id, fields)}, _TEMPLATE, _TEMPLATE
        )
        stated = (rows["rows"], options.template, options.template_language, parameters)
        why = rules.template(*stated) or (None if context.check_mode else rules.unconfirmed(options.confirm, word))
        if why is not None:
            raise RefusedError(why, label)
        text = rules.preview(*stated)
    now = due[: options.at_most] if options.at_most else due
    failure: Optional[Failure] = None
    if now and not context.check_mode:
        failure = _send_all(options, context, graph, run, now)
    return _outcome(options, context, run, everybody, before, len(now), {"confirm": word, "preview": text}, failure)


def _require_quality(options: Options, context: Context, graph: Graph) -> str:
    """Return the label of the number; raises RefusedError where it is not on the Cloud API, or its quality is low."""
    number_id = str(options.phone_number_id)
    number = read(graph, number_id, (*DECISIVE, _QUALITY), options.waba_id)[0]
    label = context.name.shown or number_id
    if number.get("platform_type") != "CLOUD_API":
        reported = "Graph says platform_type %s, and only a number of the Cloud API sends" % number.get("platform_type")
        raise RefusedError(UNKNOWN_LOCATION.failure(reported, "read the number with wa_number_info"), label)
    failure = rules.quality(number.get(_QUALITY), options.min_quality)
    if failure is not None:
        raise RefusedError(failure, label)
    return label


def _send_all(
    options: Options, context: Context, graph: Graph, run: _Run, now: Sequence[Recipient]
) -> Optional[Failure]:
    """Send one message after another; returns why it stopped before the last one, None where it did not."""
    pause = 60.0 / options.per_minute
    try:
        for at, recipient in enumerate(now):
            if at:
                context.clock.sleep(pause)
                if at % _LOOK_EVERY == 0:
                    _require_quality(options, context, graph)
            conditions.require_run(context.process, str(options.phone_number_id))
            failure = _send(options, context, graph, run, recipient)
            if failure is not None:
                return failure
    except WabizError as error:
        return error.failure
    return None


def _send(options: Options, context: Context, graph: Graph, run: _Run, recipient: Recipient) -> Optional[Failure]:
    """Note a recipient, send its message once, and note what came of it; returns why no further one is sent."""
    number_id = str(options.phone_number_id)
    names = (options.template, options.template_language)
    body = template_message(recipient.number, *names, options.parameters)
    with context.undisturbed():
        run.log = notice_log.append(options, context, run.log, recipient.number, log_rules.INTENT, template=names[0])
        answers: List[Mapping[str, Any]] = []
        error = confirm.send_once(lambda: answers.append(graph.send_message(number_id, body)))
        if error is None:
            run.sent.append(recipient)
            run.log = notice_log.append(options, context, run.log, recipient.number, log_rules.SENT, template=names[0])
            return _held(answers[0])
        code = error.failure.code
        one_only = error.acted == NO and rules.of_recipient(code)
        outcome = log_rules.REFUSED if one_only else log_rules.HELD_BACK if error.acted == NO else log_rules.UNKNOWN
        run.log = notice_log.append(options, context, run.log, recipient.number, outcome, template=names[0], code=code)
    if one_only:
        run.refused.append({"recipient": recipient.label, "code": code, "title": error.failure.title})
        return None
    if error.acted == NO:
        details = "%s was refused: %s" % (recipient.label, error.failure.cause())
        next_step = error.failure.next_step or "solve that, then run the same command again"
        return Failure(code, "Meta takes no more notices", details, error.failure.fbtrace_id, next_step=next_step)
    return Failure(
        "notice_unknown",
        "Whether a notice was sent is unknown",
        "The answer for %s: %s. It is never sent again by itself" % (recipient.label, error.failure.cause()),
        next_step="run the same command again: it goes on with the others",
    )


def _held(answer: Mapping[str, Any]) -> Optional[Failure]:
    """Return why no further message is sent after an answer that took one, but will not deliver it for now."""
    status = answer.get("message_status")
    if status not in ("paused", "held_for_quality_assessment"):
        return None
    return Failure(
        "notice_held",
        "Meta holds the notices back",
        "It has accepted the last one with message_status %s" % status,
        next_step="wait until the template's quality is assessed (WhatsApp Manager), then run the same command again",
    )


def _counts(log: log_rules.Log, everybody: Sequence[Recipient]) -> Dict[str, int]:
    counts = {log_rules.SENT: 0, log_rules.REFUSED: 0, log_rules.UNKNOWN: 0, "": 0}
    for recipient in everybody:
        counts[log.final(recipient.number)] += 1
    names = {"": "left", log_rules.SENT: "notified", log_rules.REFUSED: "refused", log_rules.UNKNOWN: "unknown"}
    return {name: counts[key] for key, name in names.items()}


def _outcome(
    options: Options,
    context: Context,
    run: _Run,
    everybody: Sequence[Recipient],
    before: Mapping[str, int],
    planned: int,
    more: Mapping[str, Any],
    failure: Optional[Failure],
) -> Outcome:
    counts = _counts(run.log, everybody)
    unknown = [one.label for one in everybody if run.log.final(one.number) == log_rules.UNKNOWN]
    after: Mapping[str, int] = counts
    if context.check_mode:
        after = {**counts, "left": counts["left"] - planned, "notified": counts["notified"] + planned}
    result = {
        "recipients": len(everybody),
        "planned": planned,
        "sent_now": len(run.sent),
        **counts,
        "refused_now": run.refused,
        "unknown_recipients": unknown,
        **more,
    }
    warnings = []
    if unknown and failure is None:
        are = counted(len(unknown), "recipient has", "recipients have")
        text = "%s an unknown outcome and will not be sent the notice again: %s"
        warnings.append("number %s: %s" % (context.name, text % (are, ", ".join(unknown[:20]))))
    changed = bool(run.sent or run.refused) if not context.check_mode else planned > 0
    return Outcome(changed, result, {"notices": dict(before)}, {"notices": dict(after)}, tuple(warnings), failure)


MODULE = Module(
    name="wa_notice",
    options=Options,
    run=perform,
    phase=always_in(CUTOVER),
)
