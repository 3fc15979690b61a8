# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: subscribe the token's app to a WABA's webhooks, without dropping what somebody else set."""

from __future__ import annotations

import hashlib
from typing import Any, Collection, Dict, Iterator, List, Mapping, Optional, Sequence

from .._api.graph import Graph
from .._core.checks import subscription as subscription_rules
from .._core.events.event import PREPARE
from .._failure import Failure, RefusedError
from . import account, number_info
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in
from .options import App, Batch, GraphConnection, Override, declare, option, token_without_override

_DESIRED = ("waba_id", "state", "override_callback_uri", "verify_token", "remove_override", "last_number")


@declare
class Options(GraphConnection, App, Override, Batch):
    """The options of wa_subscribe."""

    waba_id: str = option("str", required=True)
    state: str = option("str", "present", choices=["present", "absent"])
    remove_override: bool = option("bool", False)
    last_number: Optional[str] = option("str")


def perform(options: Options, context: Context) -> Outcome:
    """Read, compare with the stated app or that of the token, and send only what differs.

    Many numbers of a run share a WABA: one task at a time, because a second plain request would drop an override. What
    one of a ``batch`` has brought about holds for the others that want the same.
    """
    app_id = account.app_of_token(options, context)
    own: List[Outcome] = []

    def alone() -> Dict[str, Any]:
        with context.shared.exclusive("subscription of WABA %s" % options.waba_id):
            own.append(_bring_about(options, context, app_id))
        return {"result": dict(own[0].result), "state": dict(own[0].after)}

    if not options.batch:
        alone()
        return own[0]
    desired = "\0".join([app_id, *(str(getattr(options, name)) for name in _DESIRED)])
    name = "subscribed %s %s" % (options.batch, hashlib.sha256(desired.encode("utf-8")).hexdigest())
    found = context.shared.once(name, alone)
    return own[0] if own else Outcome(False, found["result"], before=found["state"], after=found["state"])


def _bring_about(options: Options, context: Context, app_id: str) -> Outcome:
    waba_id, desired = options.waba_id, options.override_callback_uri or ""
    graph = context.clients.graph("")
    now = subscription_rules.of_app(_rows(graph, waba_id), app_id)
    needed_by = _needed_by(graph, options) if now.subscribed else []
    if needed_by:
        kept = subscription_rules.kept(needed_by)
        return Outcome(False, _result(now, app_id, needed_by, kept), before=now.as_dict(), after=now.as_dict())
    refusal = subscription_rules.refusal(now, options.state, desired, options.remove_override)
    if refusal is not None:
        raise RefusedError(refusal, "of WABA %s" % waba_id)
    plan = subscription_rules.steps(now, options.state, desired, options.remove_override)
    then = subscription_rules.after(now, plan, desired)
    if plan and not context.check_mode:
        for step in plan:
            _send(graph, waba_id, step, desired, options.verify_token)
        then = subscription_rules.of_app(_rows(graph, waba_id), app_id)
        left = subscription_rules.steps(then, options.state, desired, options.remove_override)
        if left:
            raise RefusedError(
                Failure(
                    "subscription_not_seen",
                    "Graph accepted the change of the subscription, but reading does not show it",
                    "Still to do: %s" % ", ".join(left),
                    next_step="run again in a minute; then look at the app in the App Dashboard",
                ),
                "of WABA %s" % waba_id,
            )
    return Outcome(bool(plan), _result(then, app_id, [], ""), before=now.as_dict(), after=then.as_dict())


def _result(
    then: subscription_rules.Subscription, app_id: str, needed_by: Sequence[str], reason: str
) -> Dict[str, Any]:
    return {
        "subscribed": then.subscribed,
        "app_id": app_id,
        "override_callback_uri": then.override_callback_uri,
        "other_apps": list(then.other_apps),
        "needed_by": list(needed_by),
        "reason": reason,
    }


def _needed_by(graph: Graph, options: Options) -> List[str]:
    """Return the other numbers of the WABA that need the subscription, where ``last_number`` asks for that."""
    if options.last_number is None:
        return []
    fields = ("id", "display_phone_number", "platform_type", number_info.HOST_PLATFORM)
    read, _unknown = number_info.known_fields(
        lambda wanted: {"rows": graph.phone_numbers(options.waba_id, wanted)}, fields, ("id",)
    )
    return subscription_rules.needed_by([number_info.located(row) for row in read["rows"]], options.last_number)


def _rows(graph: Graph, waba_id: str) -> List[Mapping[str, Any]]:
    return [dict(row) for row in graph.subscribed_apps(waba_id)]


def _send(graph: Graph, waba_id: str, step: str, override: str, verify_token: str) -> None:
    if step == subscription_rules.UNSUBSCRIBE:
        graph.unsubscribe(waba_id)
    elif step == subscription_rules.SET_OVERRIDE:
        graph.subscribe(waba_id, override, verify_token)
    else:
        # The plain request both subscribes and drops an override.
        graph.subscribe(waba_id)


def _needed(params: Params) -> Collection[str]:
    return () if params["override_callback_uri"] is None else ("verify_token",)


def _unused(params: Params) -> Collection[str]:
    token = ("verify_token",) if params["override_callback_uri"] is None else ()
    return token if params["app_id"] is None else (*token, "app_access_token")


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    override = params["override_callback_uri"] is not None
    if params["state"] == "absent" and override:
        yield "state override_callback_uri", "an override needs a subscription (state=present)"
    if params["state"] == "present" and params["last_number"] is not None:
        yield "state last_number", "whether others need the subscription is asked before it is ended (state=absent)"
    if override and params["remove_override"]:
        yield "remove_override override_callback_uri", "the override is either set or removed"
    yield from token_without_override(stated)


MODULE = Module(
    name="wa_subscribe",
    options=Options,
    run=perform,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    phase=always_in(PREPARE),
)
