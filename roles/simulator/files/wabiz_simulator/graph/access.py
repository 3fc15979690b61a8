# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to Graph: the bearer token, its scopes, and the ids that it may see."""

from __future__ import annotations

from ..call import Call
from ..refusal import GraphError

MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"


def bearer(call: Call) -> None:
    """Find the token of the call, in the header or (as in paging links of Graph) in the query."""
    scheme, _unused, header = call.headers.get("authorization", "").partition(" ")
    in_query = [value for name, value in call.query if name == "access_token"]
    # The upload sessions of Graph alone have a scheme of their own.
    wanted = "OAuth" if call.path.rpartition("/")[2].startswith("upload:") else "Bearer"
    given = header if scheme == wanted else ""
    if not given and not in_query:
        raise GraphError(104, message="An access token is required to request this resource.")
    token = call.world.tokens.get(given or in_query[0])
    call.bearer_ok = token is not None and all(value == token.token for value in in_query)
    if token is None or not call.bearer_ok:
        raise GraphError(190, message="Invalid OAuth access token - Cannot parse access token")
    if token.expires_at and token.expires_at <= call.now:
        call.bearer_ok = False
        raise GraphError(190, message="Error validating access token: Session has expired", subcode=463)
    call.token = token


def _scope(call: Call, scope: str, code: int) -> None:
    if call.token is None or scope not in call.token.scopes:
        raise GraphError(code, f"The permission {scope} is missing")


def _visible(call: Call, kinds: str) -> None:
    """Refuse an id that is unknown, of the wrong kind, or of a WABA that the token was not given."""
    waba_id = call.waba.id if call.waba else call.number.waba_id if call.number else None
    allowed = call.token.waba_ids if call.token else ()
    if waba_id is not None and allowed is not None and waba_id not in allowed:
        raise unknown_id(call)
    wrong = (call.number is not None and "number" not in kinds) or (call.waba is not None and "waba" not in kinds)
    if wrong or waba_id is None:
        raise other_object(call)


def other_object(call: Call) -> GraphError:
    """Refuse a read of an object that has not what was asked for, naming its type; anything else is an unknown ID."""
    object_id = call.params.get("id", "")
    kind = (
        "WhatsAppBusinessPhoneNumber"
        if call.number is not None
        else "WhatsAppBusinessAccount"
        if call.waba is not None
        else "Application"
        if any(token.app_id == object_id for token in call.world.tokens.values())
        else ""
    )
    edge = call.path.rstrip("/").rpartition("/")[2]
    asked = [edge] if edge != object_id else dict(call.query).get("fields", "").split(",")
    missing = [name for name in asked if name not in ("", "id", "name", "link")]
    if call.method != "GET" or not kind or not missing:
        return unknown_id(call)
    return GraphError(100, message=f"(#100) Tried accessing nonexisting field ({missing[0]}) on node type ({kind})")


def unknown_id(call: Call) -> GraphError:
    return GraphError(
        100,
        message=f"Unsupported {call.method.lower()} request. Object with ID '{call.params.get('id', '')}' does not "
        "exist, cannot be loaded due to missing permissions, or does not support this operation",
        subcode=33,
    )


def read(call: Call) -> None:
    _scope(call, MANAGEMENT, 10)
    _visible(call, "number waba")


def read_number(call: Call) -> None:
    _scope(call, MANAGEMENT, 10)
    _visible(call, "number")


def read_waba(call: Call) -> None:
    _scope(call, MANAGEMENT, 10)
    _visible(call, "waba")


def write_number(call: Call) -> None:
    _scope(call, MANAGEMENT, 200)
    _visible(call, "number")


def write_waba(call: Call) -> None:
    _scope(call, MANAGEMENT, 200)
    _visible(call, "waba")


def add_number(call: Call) -> None:
    """The number that is added belongs to another WABA, which the token need not see."""
    _scope(call, MANAGEMENT, 200)
    number, call.number = call.number, None
    _visible(call, "waba")
    call.number = number


def message_number(call: Call) -> None:
    """Media and messages need the messaging permission only."""
    _scope(call, MESSAGING, 200)
    _visible(call, "number")


def register(call: Call) -> None:
    """Registration needs both permissions (page: business phone numbers, registration)."""
    _scope(call, MESSAGING, 200)
    write_number(call)
