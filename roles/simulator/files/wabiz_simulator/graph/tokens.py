# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Graph tells about tokens and apps."""

from __future__ import annotations

from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import read_query
from .access import other_object, unknown_id

NOT_OWNER = (
    "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app"
)


def debug_token(call: Call) -> Reply:
    """Tell about a token: to the app itself, or to a user who owns or develops the app."""
    query = read_query(call, ("input_token",))
    if "input_token" not in query:
        raise GraphError(100, message="(#100) The parameter input_token is required")
    asking = call.token
    if asking is not None and not asking.of_app and not asking.of_developer:
        raise GraphError(100, message=NOT_OWNER)
    token = call.world.tokens.get(query["input_token"])
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return Reply({"data": {"is_valid": False, "scopes": [], "error": error}})
    if asking is not None and asking.of_app and asking.app_id != token.app_id:
        raise GraphError(100, message="(#100) The App_id in the input_token did not match the Viewing App")
    alive = not token.expires_at or token.expires_at > call.now
    data = {
        "app_id": token.app_id,
        "type": "APP" if token.of_app else "SYSTEM_USER",
        "application": call.world.app_name(token.app_id),
        "data_access_expires_at": token.data_access_expires_at,
        "expires_at": token.expires_at,
        "is_valid": alive,
        "scopes": list(token.scopes),
        # Since June 2026 whatsapp_business_management may be missing here although it is in scopes.
        "granular_scopes": [{"scope": scope} for scope in token.scopes if scope != "whatsapp_business_management"],
        "user_id": "122000000000000",
    }
    return Reply({"data": data})


def app_subscriptions(call: Call) -> Reply:
    """GET /<APP_ID>/subscriptions: what the app itself listens to, told to an app access token of its own."""
    read_query(call, ())
    app_id = call.params["id"]
    if call.token is None or call.token.app_id != app_id:
        raise other_object(call) if call.number is not None or call.waba is not None else unknown_id(call)
    if not call.token.of_app:
        raise GraphError(15, message="(#15) This method must be called with an app access_token.")
    webhook = call.world.app_webhooks.get(app_id)
    if webhook is None:
        return Reply({"data": []})
    entry = {
        "object": webhook.object,
        "callback_url": f"https://app-{app_id}.example.com/webhooks",
        "active": webhook.active,
        "fields": [{"name": name, "version": "v26.0"} for name in webhook.fields],
    }
    return Reply({"data": [entry]})
