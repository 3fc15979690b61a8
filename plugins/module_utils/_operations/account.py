# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what many numbers share: the access token, its app, and the WABA. Each is read once per run."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Mapping

from .._api import codes
from .._api.errors import AnswerError, AuthError, ForbiddenError, GraphError
from .._core.checks import app as app_rules
from .._core.checks import waba as waba_rules
from .._core.checks.reads import NOT_READABLE
from .._core.conditions import window
from .._failure import Failure, RefusedError, WabizError
from .._meta_api import INVALID_PARAMETER
from . import conditions
from .context import Clients, Clock, Context
from .number_info import known_fields
from .options import App, Preflight


class UnknownAppError(RefusedError):
    """Graph does not tell anybody whom this run can ask what the access token is."""


def token(options: App, context: Context) -> Mapping[str, Any]:
    """Return the facts on the access token.

    Graph may refuse a token that asks about itself. The app's own token is asked then, where there is one. Raises
    UnknownAppError where nobody names it, and what debug_token raises otherwise.
    """
    secret = str(options.app_access_token or "")
    found = context.shared.once("token", lambda: _inspected(context.clients, ""))
    if "untold" in found and secret:
        found = context.shared.once("token by app %s" % _name_of(secret), lambda: _inspected(context.clients, secret))
    if "untold" in found:
        raise UnknownAppError(app_rules.APP_UNKNOWN.failure(str(found["untold"])))
    facts: Mapping[str, Any] = found["facts"]
    return facts


def app_of_token(options: App, context: Context) -> str:
    """Return the ID of the app whose subscription is meant: the stated one, else the one that the token belongs to."""
    stated = str(options.app_id or "")
    if stated:
        return stated
    found = _named(options, token(options, context))
    if not found:
        raise UnknownAppError(app_rules.APP_UNKNOWN.failure("debug_token does not name it"))
    return found


def _named(options: App, facts: Mapping[str, Any]) -> str:
    """Return the app that is stated, that the token belongs to, or that the app access token names; else ""."""
    named = app_rules.named_by(str(options.app_access_token or ""))
    return str(options.app_id or "") or str(facts.get("app_id") or "") or named


def _inspected(clients: Clients, secret: str) -> Dict[str, Any]:
    """Return the facts, or why Graph does not tell them to who asks: no other host of the run needs to ask again."""
    try:
        return {"facts": dict(clients.graph("").debug_token(secret))}
    except GraphError as error:
        # A token that is not valid is no question of who asks, unless it is the one of the app.
        refused = error.failure.code == INVALID_PARAMETER or isinstance(error, ForbiddenError)
        if refused or (secret and isinstance(error, AuthError)):
            reported = error.failure.cause()
            return {"untold": "The app access token cannot inspect it: %s" % reported if secret else reported}
        raise


def _name_of(secret: str) -> str:
    # Rows that one app token read are not taken for those of another.
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def failures(options: Preflight, context: Context, subscribes: bool) -> List[Failure]:
    """Return what the token, the app and the WABA have to say; ``subscribes`` tells that the app is yet to be.

    A token that is not valid is all that there is to say. Other troubles in reading are notes: what cannot go on
    without an answer (place, membership, subscription) says so itself.
    """
    facts: Mapping[str, Any] = {}
    try:
        facts = token(options, context)
    except AuthError as error:
        return [app_rules.TOKEN_INVALID.failure(error.failure.cause())]
    except UnknownAppError as error:
        found = [app_rules.not_inspected(error.failure.details)]
    except WabizError as error:
        return [_unseen("The access token could not be looked at", error), *_waba(options, context, subscribes)]
    else:
        found = app_rules.token_failures(facts, _needed_until(options, context.clock), str(options.app_id or ""))
        if any(failure.code == "token_invalid" for failure in found):
            return found
    return found + _webhook(options, context, _named(options, facts)) + _waba(options, context, subscribes)


def _needed_until(options: Preflight, clock: Clock) -> float:
    """Return until when the token is needed: to the end of the change window, and for the stated time in any case."""
    now = clock.now()
    closes = window.ends(conditions.spans(options), now)
    return max(now + float(options.token_must_last), closes or now)


def _webhook(options: Preflight, context: Context, app_id: str) -> List[Failure]:
    secret = options.app_access_token
    if not secret or not app_id:
        return [app_rules.not_checked()]
    name = "app-%s-webhooks-%s" % (app_id, _name_of(str(secret)))

    def read() -> Dict[str, Any]:
        try:
            return {"rows": list(context.clients.graph("").app_subscriptions(app_id, str(secret)))}
        except AnswerError as error:
            if error.is_transient or error.retry in (codes.SOON, codes.RATE):
                raise
            # Graph has judged the token, so no other host needs to ask.
            return {"refused": error.failure.cause()}

    try:
        found = context.shared.once(name, read)
    except WabizError as error:
        return [_unseen("The app's webhook fields could not be looked at", error, "run preflight again")]
    if "refused" in found:
        return [app_rules.app_token_refused(app_id, found["refused"])]
    return app_rules.webhook_failures(found["rows"], app_id)


def _waba(options: Preflight, context: Context, subscribes: bool) -> List[Failure]:
    waba_id = str(options.waba_id)

    def read() -> List[Any]:
        graph = context.clients.graph("")
        return list(known_fields(lambda wanted: graph.waba(waba_id, wanted), waba_rules.FIELDS, waba_rules.DECISIVE))

    try:
        found, unknown = context.shared.once("waba-%s" % waba_id, read)
        return waba_rules.failures(found, subscribes, unknown)
    except WabizError as error:
        return [_unseen("WABA %s could not be looked at" % waba_id, error)]


def _unseen(title: str, error: WabizError, fix: str = "") -> Failure:
    return NOT_READABLE.failure("%s: %s" % (title, error.failure.cause()), fix or error.failure.next_step)
