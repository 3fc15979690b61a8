# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what many numbers share: the access token, its app, and the WABA. Each is read once per run."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Mapping

from .._api import codes
from .._api.errors import AnswerError, AuthError
from .._core import app as app_rule
from .._core import waba as waba_rule
from .._core import window
from .._failure import Failure, WabizError
from . import hold
from .context import Context, Params
from .number_info import known_fields


def token(context: Context) -> Mapping[str, Any]:
    """Return the facts on the access token; raises what debug_token raises."""
    found: Mapping[str, Any] = context.shared("token", lambda: dict(context.graph("").debug_token()))
    return found


def failures(params: Params, context: Context, subscribes: bool) -> List[Failure]:
    """Return what the token, the app and the WABA have to say; ``subscribes`` tells that the app is yet to be.

    A token that is not valid is all that there is to say. Other troubles in reading are notes: what cannot go on
    without an answer (place, membership, subscription) says so itself.
    """
    try:
        facts = token(context)
    except AuthError as error:
        return [app_rule.token_invalid(error.failure.cause())]
    except WabizError as error:
        return [_unseen("The access token could not be looked at", error), *_waba(params, context, subscribes)]
    stated = str(params["app_id"] or "")
    found = app_rule.token_failures(facts, _needed_until(params, context), stated)
    if any(failure.code == "token_invalid" for failure in found):
        return found
    app_id = stated or str(facts.get("app_id") or "")
    return found + _webhook(params, context, app_id) + _waba(params, context, subscribes)


def _needed_until(params: Params, context: Context) -> float:
    """Return until when the token is needed: to the end of the change window, and for the stated time in any case."""
    now = context.now()
    closes = window.ends(hold.spans(params), now)
    return max(now + float(params["token_must_last"]), closes or now)


def _webhook(params: Params, context: Context, app_id: str) -> List[Failure]:
    secret = params["app_access_token"]
    if not secret:
        return [app_rule.not_looked_at()]
    # Rows that one app token read are not taken for those of another.
    name = "app-%s-webhooks-%s" % (app_id, hashlib.sha256(str(secret).encode("utf-8")).hexdigest())

    def read() -> Dict[str, Any]:
        try:
            return {"rows": list(context.graph("").app_subscriptions(app_id, str(secret)))}
        except AnswerError as error:
            if error.is_transient or error.retry in (codes.SOON, codes.RATE):
                raise
            # Graph has judged the token, so no other host needs to ask.
            return {"refused": error.failure.cause()}

    try:
        found = context.shared(name, read)
    except WabizError as error:
        return [_unseen("The app's webhook fields could not be looked at", error, "run preflight again")]
    if "refused" in found:
        return [app_rule.app_token_refused(app_id, found["refused"])]
    return app_rule.webhook_failures(found["rows"], app_id)


def _waba(params: Params, context: Context, subscribes: bool) -> List[Failure]:
    waba_id = str(params["waba_id"])

    def read() -> Dict[str, Any]:
        graph = context.graph("")
        return known_fields(lambda wanted: graph.waba(waba_id, wanted), waba_rule.FIELDS, waba_rule.DECISIVE)[0]

    try:
        return waba_rule.failures(context.shared("waba-%s" % waba_id, read), subscribes)
    except WabizError as error:
        return [_unseen("WABA %s could not be looked at" % waba_id, error)]


def _unseen(title: str, error: WabizError, fix: str = "") -> Failure:
    return Failure("not_readable", title, error.failure.cause(), next_step=fix or error.failure.next_step)
