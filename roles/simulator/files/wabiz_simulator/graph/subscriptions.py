# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""subscribed_apps of a WABA: the app of the token, and the override that a plain POST silently drops."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import Key, no_body, read_body, read_query, text
from .paging import page

BEFORE_OVERRIDE = (
    "(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp "
    "Business Account"
)


def read(call: Call) -> Reply:
    query = read_query(call, ("limit", "after", "before"))
    items = []
    for app_id, override in call.needs_waba().subscriptions.items():
        link = f"https://www.facebook.com/games/?app_id={app_id}"
        item: dict[str, object] = {
            "whatsapp_business_api_data": {"link": link, "name": call.world.app_name(app_id), "id": app_id}
        }
        if override:
            item["override_callback_uri"] = override
        items.append(item)
    answer = page(call, items, query)
    if "next" not in answer.get("paging", {}):
        answer.pop("paging", None)
    return Reply(answer)


def subscribe(call: Call) -> Reply:
    waba = call.needs_waba()
    app_id = _app_id(call)
    keys = ("override_callback_uri", "verify_token")
    body = read_body(call, {key: Key(text, required=False) for key in keys}) if call.raw.strip() else {}
    if not body:
        dropped = waba.subscriptions.get(app_id) is not None
        waba.subscriptions[app_id] = None
        call.did("override_dropped" if dropped else "subscribed")
        call.world.waba_changed(waba)
        return Reply({"success": True})
    if len(body) != 2:
        raise GraphError(100, "override_callback_uri and verify_token belong together")
    if app_id not in waba.subscriptions:
        raise GraphError(100, message=BEFORE_OVERRIDE)
    _verify(body["override_callback_uri"])
    waba.subscriptions[app_id] = body["override_callback_uri"]
    call.did("override_set")
    return Reply({"success": True})


def unsubscribe(call: Call) -> Reply:
    no_body(call)
    waba = call.needs_waba()
    waba.subscriptions.pop(_app_id(call), None)
    call.did("unsubscribed")
    call.world.waba_changed(waba)
    return Reply({"success": True})


def _app_id(call: Call) -> str:
    if call.token is None:
        raise LookupError("this route has no token")
    return call.token.app_id


def _verify(uri: str) -> None:
    """Play the verification of a callback: https is needed, and nobody answers under the top-level domain invalid."""
    parts = urlsplit(uri)
    if parts.scheme != "https" or not parts.hostname:
        raise GraphError(100, "override_callback_uri must be an https URL")
    if parts.hostname.endswith(".invalid"):
        raise GraphError(
            2200,
            message="(#2200) Callback verification failed with the following errors: curl_errno = 28; "
            "curl_error = Connection timed out after 6000 milliseconds",
        )
