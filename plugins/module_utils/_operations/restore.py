# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: bring a number back to its node, if the On-Premises network still takes one: ask, register, set up."""

from __future__ import annotations

from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Tuple

from .._api import node_account
from .._api.codes import NO
from .._api.errors import ApiError
from .._api.onprem import OnPrem
from .._core.cutover import backup as backup_rules
from .._core.cutover import exit_log as log_rules
from .._core.cutover.exit_findings import CLOSED, NODE_SAID_NOTHING, STILL_ON_CLOUD
from .._core.cutover.gate_findings import WRONG_NODE
from .._core.events.event import CUTOVER
from .._core.facts import node as node_rules
from .._core.facts import phone_number as number_rules
from .._failure import Failure, RefusedError, combine
from . import backup, confirm, exit_log
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .options import OnPremConnection, State, declare, option
from .poll import Poll

ASKED, RESTORED = "asked", "restored"
_BY_REQUEST = 60.0
# Codes are handed in by people: a slip may be corrected, a guess may not.
_MOST_CODES = 3


@declare
class Options(OnPremConnection, State):
    """The options of wa_restore."""

    state: str = option("str", required=True, choices=[ASKED, RESTORED])
    phone_number: str = option("str", required=True)
    cc: str = option("str", required=True)
    cert: str = option("str", required=True)
    method: str = option("str", "sms", choices=["sms", "voice"])
    pin: Optional[str] = option("str", no_log=True)
    node_code: Optional[str] = option("str", no_log=True)
    backup_file: Optional[str] = option("path")
    backup_password: Optional[str] = option("str", no_log=True)
    backup_max_age: int = option("int", 86400)
    shards: Optional[int] = option("int")
    node_webhook_url: Optional[str] = option("str")
    not_on_cloud: bool = option("bool", False)
    confirm_timeout: float = option("float", 120.0)
    confirm_interval: float = option("float", 2.0)


def perform(options: Options, context: Context) -> Outcome:
    """Bring about ``state``."""
    node = context.clients.onprem(str(options.phone_number))
    serving, health = _health(node)
    if serving:
        _same_number(node, options)
    stored = exit_log.look(options, context)
    if not serving and options.backup_file is not None:
        # Before the number leaves the Cloud API, not after it.
        _backup(options, stored.now)
    if options.state == ASKED:
        return _ask(options, context, node, serving, health, stored)
    return _restore(options, context, node, serving, health, stored)


# ---------------------------------------------------------------------------------------------------------------------
# Asking


def _ask(
    options: Options, context: Context, node: OnPrem, serving: bool, health: str, stored: exit_log.Stored
) -> Outcome:
    earlier = log_rules.last(stored.log, log_rules.ASK)
    if serving:
        return _asked(False, "the node serves the number", health, "")
    if log_rules.said_yes(stored.log, stored.now) and earlier is not None:
        return _asked(False, str(earlier["answer"]), health, str(earlier["at"]))
    if options.node_code is not None:
        # Another question makes another code, and this one would be refused when the number has left the Cloud API.
        if log_rules.leaving(stored.log):
            return _asked(False, "the number has left the Cloud API already", health, "")
        details = "A code was given, but the node has not been asked in the last ten minutes"
        fix = "run again without the code: the node is asked, and a new code arrives"
        raise RefusedError(NODE_SAID_NOTHING.failure(details, fix), str(options.phone_number))
    waits = log_rules.open_for(earlier, stored.now)
    if waits:
        raise RefusedError(_still_open(waits), str(options.phone_number))
    if context.check_mode:
        return _asked(True, "would be asked", health, "")
    with context.undisturbed():
        stored = exit_log.begin(options, context, stored, log_rules.ASK, _BY_REQUEST)
        try:
            answer = node_account.ask(node, _account(options))
        except ApiError as error:
            outcome = confirm.outcome_of(error)
            exit_log.finish(options, context, stored, log_rules.ASK, outcome, error)
            if node_account.is_closed(error):
                raise RefusedError(CLOSED.failure(error.failure.cause()), str(options.phone_number)) from None
            raise
        trouble = exit_log.finish(options, context, stored, log_rules.ASK, log_rules.DONE, answer=answer)
    if trouble:
        raise RefusedError(NODE_SAID_NOTHING.failure(trouble), str(options.phone_number))
    return _asked(True, answer, health, "")


def _asked(changed: bool, answer: str, health: str, at: str) -> Outcome:
    result = {"state": ASKED, "open": answer != "would be asked", "answer": answer, "asked_at": at, "health": health}
    return Outcome(changed, result, {"registration": "not asked" if changed else answer}, {"registration": answer})


def _still_open(seconds: float) -> Failure:
    return Failure(
        "answer_open",
        "The answer of an earlier question may still come",
        "Whether the node may register, and whether a code is on its way, is unknown",
        next_step="run again in %d s; a code that arrives meanwhile belongs to that question" % (seconds + 1),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Registering, shards, webhook


def _restore(
    options: Options, context: Context, node: OnPrem, serving: bool, health: str, stored: exit_log.Stored
) -> Outcome:
    label = str(options.phone_number)
    done: List[str] = []
    if not serving:
        send = _way(options, stored, label)
        if context.check_mode:
            return _outcome(True, ["registered", *_setup_names(options)], health, "would serve the number")
        _send_once(options, context, node, stored, send)
        done.append("registered")
        health = _until_serving(options, context, node, label)
        _same_number(node, options)
    done += _set_up(options, context, node)
    after = health if context.check_mode else _health(node)[1]
    return _outcome(bool(done), done, health, after)


Send = Tuple[str, Callable[[OnPrem], None]]


def _way(options: Options, stored: exit_log.Stored, label: str) -> Send:
    """Return what registers the number on the node; raises RefusedError where it must not be sent."""
    if not (options.not_on_cloud or log_rules.deregistered(stored.log)):
        raise RefusedError(STILL_ON_CLOUD.failure("The exit log has no deregistration that was confirmed"), label)
    if options.node_code is None:
        password, data = str(options.backup_password), _backup(options, stored.now)
        return log_rules.RESTORE, lambda node: node_account.restore(node, password, data)
    asked = log_rules.last(stored.log, log_rules.ASK)
    if asked is None or asked["outcome"] != log_rules.DONE:
        raise RefusedError(NODE_SAID_NOTHING.failure("No code was asked for by the exit log"), label)
    handed_in = [one for one in stored.log["events"] if one["what"] == log_rules.VERIFY and one["at"] >= asked["at"]]
    if len(handed_in) >= _MOST_CODES:
        raise RefusedError(_too_many_codes(), label)
    code = str(options.node_code)
    return log_rules.VERIFY, lambda node: node_account.verify(node, code)


def _backup(options: Options, now: float) -> str:
    """Return the data of the stored backup; raises RefusedError with every reason why it cannot be used."""
    label = str(options.phone_number)
    document = backup.stored_document(str(options.backup_file))
    found = backup_rules.faults(document, label, str(options.backup_password), now, float(options.backup_max_age))
    if found or document is None:
        raise RefusedError(combine(found), label)
    return str(document["data"])


def _too_many_codes() -> Failure:
    return Failure(
        "codes_used_up",
        "No further code of this question is handed in",
        "The limit is %d, and so many were" % _MOST_CODES,
        next_step="ask again with state: asked, and hand in the code that arrives then",
    )


def _send_once(options: Options, context: Context, node: OnPrem, stored: exit_log.Stored, send: Send) -> None:
    """Send what registers the number; only a refusal is an error, everything else is confirmed by reading."""
    what, request = send
    with context.undisturbed():
        stored = exit_log.begin(options, context, stored, what, _BY_REQUEST)
        error = confirm.send_once(lambda: request(node))
        refused = error is not None and error.acted == NO
        outcome = log_rules.DONE if error is None else confirm.outcome_of(error)
        exit_log.finish(options, context, stored, what, outcome, error)
    if error is not None and refused:
        if node_account.is_closed(error):
            raise RefusedError(CLOSED.failure(error.failure.cause()), str(options.phone_number))
        raise error


def _until_serving(options: Options, context: Context, node: OnPrem, label: str) -> str:
    poll = Poll(context, options.confirm_interval, options.confirm_timeout)
    while True:
        try:
            serving, seen = _health(node)
        except ApiError as error:
            serving, seen = False, error.failure.title
        if serving:
            return seen
        if not poll.wait("waiting up to %d s until the node serves the number (now: %s)" % (poll.left, seen)):
            failure = Failure(
                "unconfirmed",
                "The node does not serve the number yet",
                "The request was sent once; the node is: %s" % seen,
                next_step="restart the Coreapp of the node, as Meta asks after a registration, then run the same "
                "command again: it reads first",
            )
            raise confirm.UnconfirmedError(failure, label)


def _setup_names(options: Options) -> List[str]:
    names = (("shards", options.shards), ("webhook", options.node_webhook_url))
    return [name for name, value in names if value is not None]


def _set_up(options: Options, context: Context, node: OnPrem) -> List[str]:
    """Set shards and webhook where they differ; returns the names of what was, or in check mode would be, set."""
    done: List[str] = []
    if options.shards is not None and (node.shards() or 1) != options.shards:
        done.append("shards")
        if not context.check_mode:
            node_account.set_shards(node, _account(options), options.shards)
    if options.node_webhook_url is not None and _webhook(node) != options.node_webhook_url:
        done.append("webhook")
        if not context.check_mode:
            node_account.set_webhook(node, options.node_webhook_url)
            if _webhook(node) != options.node_webhook_url:
                failure = Failure(
                    "webhook_not_seen",
                    "The node accepted the webhook, but reading does not show it",
                    next_step="run again, or set it with PATCH /v1/settings/application",
                )
                raise RefusedError(failure, str(options.phone_number))
    return done


# ---------------------------------------------------------------------------------------------------------------------
# Reading


def _health(node: OnPrem) -> Tuple[bool, str]:
    gateway = node_rules.gateway(node.health())
    return gateway.serving == node_rules.SERVING, gateway.describe()


def _webhook(node: OnPrem) -> str:
    hooks: Any = node.application().get("webhooks")
    return str(hooks.get("url") or "") if isinstance(hooks, Mapping) else ""


def _same_number(node: OnPrem, options: Options) -> None:
    serves = str(node.application().get("wa_id") or "")
    if serves and not number_rules.same(serves, str(options.phone_number)):
        raise RefusedError(WRONG_NODE.failure("It serves %s" % serves), str(options.phone_number))


def _account(options: Options) -> node_account.Account:
    national = str(options.phone_number)[len(str(options.cc)) :]
    return node_account.Account(str(options.cc), national, str(options.cert), str(options.method), options.pin)


def _outcome(changed: bool, done: List[str], before: str, after: str) -> Outcome:
    result: Dict[str, Any] = {"state": RESTORED, "done": done, "health": after}
    last = {"node": after, "done": ", ".join(done)} if done else {"node": after}
    return Outcome(changed, result, {"node": before}, last)


def _needed(params: Params) -> Collection[str]:
    return () if params["backup_file"] is None else ("backup_password",)


def _unused(params: Params) -> Collection[str]:
    return ("backup_password",) if params["state"] == ASKED and params["backup_file"] is None else ()


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    if params["state"] == RESTORED and not {"node_code", "backup_file"} & set(stated):
        yield "node_code backup_file", "missing: the node is registered by a code, or restored from a backup"
    if params["node_code"] is not None and "backup_file" in stated:
        yield "node_code backup_file", "the node is either registered by a code or restored from a backup"
    number, cc = str(params["phone_number"] or ""), str(params["cc"] or "")
    if number and cc and not (number.startswith(cc) and len(number) > len(cc)):
        yield "cc phone_number", "the phone number does not begin with this country code"


MODULE = Module(
    name="wa_restore",
    options=Options,
    run=perform,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    phase=always_in(CUTOVER),
)
