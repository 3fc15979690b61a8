# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the preflight's checks of the access token and of its app. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.times import instant, utc
from ..findings.finding import BLOCKER, DEBUG_TOKEN, GUIDE, REGISTRATION, WARNING, Finding
from .reads import NOT_READABLE

# Register needs both (page: business phone numbers, registration).
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
OBJECT = "whatsapp_business_account"
FIELD = "messages"

TOKEN_INVALID = Finding(
    "WM119",
    "token_invalid",
    BLOCKER,
    DEBUG_TOKEN,
    title="The access token is not valid",
    why="It is expired, revoked, or not copied completely. The Graph API would refuse every request.",
    fix="Make a new token of a system user (Business settings, System users), and set it as O(access_token) or "
    "WABIZ_ACCESS_TOKEN.",
)
TOKEN_EXPIRES = Finding(
    "WM120",
    "token_expires",
    BLOCKER,
    DEBUG_TOKEN,
    title="The access token expires before the migration ends",
    why="A token that expires during a run leaves numbers that have moved, but are neither verified nor subscribed.",
    fix="Make a new token of a system user (Business settings, System users), which need not expire. For a short run "
    "of few numbers, whose change window ends before the token does, set O(token_must_last) to the seconds "
    "that it takes.",
    waivable=True,
)
OTHER_APP = Finding(
    "WM121",
    "other_app",
    BLOCKER,
    DEBUG_TOKEN,
    title="The access token belongs to another app",
    why="The Graph API subscribes the app of the token. The webhooks of the numbers would go to the wrong app.",
    fix="Use a token of the stated app, or correct O(app_id).",
)
SCOPE_MISSING = Finding(
    "WM122",
    "scope_missing",
    BLOCKER,
    REGISTRATION,
    title="The access token lacks a permission",
    why="The register call needs whatsapp_business_management and whatsapp_business_messaging.",
    fix="Request advanced access for both in the App Dashboard (App Review), then make a new token with both "
    "permissions.",
)
APP_WEBHOOK = Finding(
    "WM123",
    "app_webhook",
    BLOCKER,
    GUIDE + ", webhooks",
    title="The app does not listen to messages",
    why="Two subscriptions are needed: the app's own to the field messages, and the WABA's to the app. Without the "
    "first no message arrives, and no error says so.",
    fix="Open the App Dashboard, WhatsApp, Configuration: verify the callback URL and subscribe the field messages.",
    waivable=True,
)
DATA_ACCESS_EXPIRES = Finding(
    "WM136",
    "data_access_expires",
    WARNING,
    DEBUG_TOKEN,
    title="The data access of the access token expires soon",
    why="The token stays valid, but the Graph API then refuses to read business data with it.",
    fix="Have the token's user log in to the app again, or use a token of a system user.",
    passing=True,
)
APP_TOKEN_REFUSED = Finding(
    "WM179",
    "app_token_refused",
    WARNING,
    "Graph API reference: application subscriptions",
    title="Graph refuses the app access token",
    why="It is expired, not copied completely, or of another app. So it is unknown whether the app listens to messages "
    "(WM123).",
    fix="Set the access token of the app itself (APP_ID|APP_SECRET) as O(app_access_token) or "
    "WABIZ_APP_ACCESS_TOKEN. Or remove it, and check in the App Dashboard, WhatsApp, Configuration, that the field "
    "messages is subscribed.",
    passing=True,
)
APP_UNKNOWN = Finding(
    "WM205",
    "app_unknown",
    BLOCKER,
    DEBUG_TOKEN,
    title="The app of the access token is unknown",
    why="The Graph API subscribes the app of the token, and its subscription has to be read first. debug_token shows a "
    "token to its app, or to a user who owns or develops the app. It refuses the token of another user (100).",
    fix="Set the app of the token as O(app_id). Or set O(app_access_token) or WABIZ_APP_ACCESS_TOKEN, "
    "which may inspect the access token.",
)


def not_inspected(why: str) -> Failure:
    """Report that expiry, permissions and app of the access token are unknown."""
    return NOT_READABLE.failure(
        "The access token could not be inspected: %s. Its expiry, its permissions and its app are unknown"
        % why.rstrip("."),
        "set O(app_access_token) or WABIZ_APP_ACCESS_TOKEN of the token's app; or look at the token in the "
        "Access Token Debugger",
    )


def named_by(app_access_token: str) -> str:
    """Return the ID of the app that an app access token APP_ID|APP_SECRET names, "" where it is of another form."""
    name, mark, _secret = app_access_token.partition("|")
    return name if mark and name.isascii() and name.isdigit() else ""


def token_failures(facts: Mapping[str, Any], must_last: float, app_id: str) -> List[Failure]:
    """Judge the answer of debug_token: it is needed until ``must_last`` (UTC seconds), ``app_id`` is stated or empty.

    ``expires_at`` 0 is never. Only the flat ``scopes`` count: granular_scopes may lack whatsapp_business_management
    (chatwoot thread 14690). What the answer does not hold is not judged.
    """
    if facts.get("is_valid") is False:
        error = facts.get("error")
        why = str(error.get("message") or "") if isinstance(error, Mapping) else ""
        return [TOKEN_INVALID.failure(why or "Graph says is_valid: false")]
    found: List[Failure] = []
    ends = _moment(facts.get("expires_at"))
    if ends is not None and ends < must_last:
        seen = "It expires at %s, and is needed until %s (the end of the change window, and O(token_must_last))"
        found.append(TOKEN_EXPIRES.failure(seen % (utc(ends), utc(must_last))))
    access_ends = _moment(facts.get("data_access_expires_at"))
    if access_ends is not None and access_ends < must_last:
        found.append(DATA_ACCESS_EXPIRES.failure("It expires at %s" % utc(access_ends)))
    owner = str(facts.get("app_id") or "")
    if app_id and owner and owner != app_id:
        seen = "It is a token of app %s (%s), and the stated app is %s; the token's app would be subscribed"
        found.append(OTHER_APP.failure(seen % (owner, facts.get("application") or "no name", app_id)))
    scopes = facts.get("scopes")
    if isinstance(scopes, (list, tuple)):
        missing = [scope for scope in SCOPES if scope not in scopes]
        if missing:
            found.append(SCOPE_MISSING.failure("It lacks %s" % " and ".join(missing)))
    return found


def not_checked() -> Failure:
    """Report that the app's own webhook fields are unknown without an app access token."""
    return NOT_READABLE.failure(
        "The webhook fields of the app are unknown: Graph shows them to an app access token only",
        "set O(app_access_token) or WABIZ_APP_ACCESS_TOKEN; or check in the App Dashboard, WhatsApp, "
        "Configuration, that the field messages is subscribed",
    )


def app_token_refused(app_id: str, reported: str) -> Failure:
    """Report that the Graph API refuses the stated app access token."""
    return APP_TOKEN_REFUSED.failure("The webhook fields of app %s are unknown. %s" % (app_id, reported))


def webhook_failures(rows: Sequence[Mapping[str, Any]], app_id: str) -> List[Failure]:
    """Judge ``data`` of GET /<APP_ID>/subscriptions.

    The app itself must listen to the field messages of its WABAs, else a subscribed WABA sends nothing. Fields come as
    objects with a name; a plain text is taken as one. A row that says neither active nor inactive counts as active.
    """
    mine = [row for row in rows if row.get("object") == OBJECT]
    active = [row for row in mine if str(row.get("active", True)).strip().lower() not in ("false", "0")]
    if not mine:
        return [APP_WEBHOOK.failure("App %s has no webhook for WhatsApp" % app_id)]
    if not active:
        return [APP_WEBHOOK.failure("The webhook of app %s is not active" % app_id)]
    names = [_names(row.get("fields")) for row in active]
    reported = [found for found in names if found is not None]
    if not reported or any(FIELD in found for found in reported):
        return []
    return [APP_WEBHOOK.failure("The webhook of app %s is not subscribed to the field messages" % app_id)]


def _names(fields: Any) -> Optional[Tuple[str, ...]]:
    """Return the names of the fields; None where the answer does not list them."""
    if not isinstance(fields, (list, tuple)):
        return None
    return tuple(str(field.get("name") if isinstance(field, Mapping) else field) for field in fields)


def _moment(value: Any) -> Optional[float]:
    """Return a time in seconds since the epoch; 0 and what is no time are None: never."""
    return instant(value) or None
