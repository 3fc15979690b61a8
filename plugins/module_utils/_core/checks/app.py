# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight says of the access token and of the app that it belongs to. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.times import instant, utc

# Register needs both (page: business phone numbers, registration).
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
OBJECT = "whatsapp_business_account"
FIELD = "messages"
_NEW_TOKEN = "make a new token of a system user (Business settings, System users), which need not expire"


def app_unknown(why: str) -> Failure:
    """Say that nobody knows which app the access token belongs to."""
    return Failure(
        "app_unknown",
        "The app of the access token is unknown",
        why,
        next_step="state the app in wa_migrate_app_id; or give wa_migrate_app_access_token or WABIZ_APP_ACCESS_TOKEN, "
        "which may inspect the access token",
    )


def not_inspected(why: str) -> Failure:
    """Say that expiry, permissions and app of the access token stay unseen."""
    return Failure(
        "not_readable",
        "The access token could not be inspected",
        "%s. Its expiry, its permissions and its app are not judged" % why.rstrip("."),
        next_step="give wa_migrate_app_access_token or WABIZ_APP_ACCESS_TOKEN of the token's app; or look at the token "
        "in the Access Token Debugger",
    )


def named_by(app_access_token: str) -> str:
    """Return the ID of the app that an app access token APP_ID|APP_SECRET names, "" where it is of another form."""
    name, mark, _secret = app_access_token.partition("|")
    return name if mark and name.isascii() and name.isdigit() else ""


def token_invalid(why: str) -> Failure:
    """Say that Graph does not take the access token."""
    return Failure(
        "token_invalid",
        "The access token is not valid",
        why,
        next_step="%s, and give it as wa_migrate_access_token or WABIZ_ACCESS_TOKEN" % _NEW_TOKEN,
    )


def token_failures(facts: Mapping[str, Any], must_last: float, app_id: str) -> List[Failure]:
    """Judge the answer of debug_token: it is needed until ``must_last`` (UTC seconds), ``app_id`` is stated or empty.

    ``expires_at`` 0 is never. Only the flat ``scopes`` count: granular_scopes may lack whatsapp_business_management
    (chatwoot thread 14690). What the answer does not hold is not judged.
    """
    if facts.get("is_valid") is False:
        error = facts.get("error")
        why = str(error.get("message") or "") if isinstance(error, Mapping) else ""
        return [token_invalid(why or "Graph says is_valid: false")]
    found: List[Failure] = []
    ends = _moment(facts.get("expires_at"))
    if ends is not None and ends < must_last:
        found.append(
            Failure(
                "token_expires",
                "The access token expires at %s" % utc(ends),
                "It is needed until %s (the end of the change window, and wa_migrate_token_must_last), or a run stops "
                "in the middle" % utc(must_last),
                next_step=_NEW_TOKEN,
            )
        )
    access_ends = _moment(facts.get("data_access_expires_at"))
    if access_ends is not None and access_ends < must_last:
        found.append(
            Failure(
                "data_access_expires",
                "The data access of the access token expires at %s" % utc(access_ends),
                next_step="have the token's user log in to the app again, or use a token of a system user",
            )
        )
    owner = str(facts.get("app_id") or "")
    if app_id and owner and owner != app_id:
        found.append(
            Failure(
                "other_app",
                "The access token belongs to another app",
                "It is a token of app %s (%s), stated is %s; the token's app is the one that would be subscribed"
                % (owner, facts.get("application") or "no name", app_id),
                next_step="give a token of the stated app, or correct wa_migrate_app_id",
            )
        )
    scopes = facts.get("scopes")
    if isinstance(scopes, (list, tuple)):
        missing = [scope for scope in SCOPES if scope not in scopes]
        if missing:
            found.append(
                Failure(
                    "scope_missing",
                    "The access token lacks %s" % " and ".join(missing),
                    next_step="give the app these permissions (App Review, advanced access), then make a new token",
                )
            )
    return found


def not_checked() -> Failure:
    """Say that the app's own webhook fields stay unseen without an app access token."""
    return Failure(
        "not_readable",
        "The app's webhook fields could not be looked at",
        "Graph shows them to an app access token only",
        next_step="set wa_migrate_app_access_token or WABIZ_APP_ACCESS_TOKEN; or look in the App Dashboard, WhatsApp, "
        "Configuration, whether the field messages is subscribed",
    )


def app_token_refused(app_id: str, reported: str) -> Failure:
    """Say that Graph does not take the app access token that is stated."""
    return Failure(
        "app_token_refused",
        "Graph refuses the app access token, so the app's webhook fields could not be looked at",
        reported,
        next_step="give the access token of app %s itself (APP_ID|APP_SECRET) as wa_migrate_app_access_token or "
        "WABIZ_APP_ACCESS_TOKEN; or leave it out, and look in the App Dashboard, WhatsApp, Configuration, whether the "
        "field messages is subscribed" % app_id,
    )


def webhook_failures(rows: Sequence[Mapping[str, Any]], app_id: str) -> List[Failure]:
    """Judge ``data`` of GET /<APP_ID>/subscriptions.

    The app itself must listen to the field messages of its WABAs, else a subscribed WABA sends nothing. Fields come as
    objects with a name; a plain text is taken as one. A row that says neither active nor inactive counts as active.
    """
    fix = "in the App Dashboard, WhatsApp, Configuration: verify the callback URL and subscribe the field messages"
    why = "The app listens to nothing of a WABA without it, and no error says so"
    mine = [row for row in rows if row.get("object") == OBJECT]
    active = [row for row in mine if str(row.get("active", True)).strip().lower() not in ("false", "0")]
    if not mine:
        return [Failure("app_webhook", "App %s has no webhook for WhatsApp" % app_id, why, next_step=fix)]
    if not active:
        return [Failure("app_webhook", "The webhook of app %s is not active" % app_id, why, next_step=fix)]
    names = [_names(row.get("fields")) for row in active]
    reported = [found for found in names if found is not None]
    if not reported or any(FIELD in found for found in reported):
        return []
    return [
        Failure(
            "app_webhook",
            "The webhook of app %s is not subscribed to the field messages" % app_id,
            why,
            next_step=fix,
        )
    ]


def _names(fields: Any) -> Optional[Tuple[str, ...]]:
    """Return the names of the fields; None where the answer does not list them."""
    if not isinstance(fields, (list, tuple)):
        return None
    return tuple(str(field.get("name") if isinstance(field, Mapping) else field) for field in fields)


def _moment(value: Any) -> Optional[float]:
    """Return a time in seconds since the epoch; 0 and what is no time are None: never."""
    return instant(value) or None
