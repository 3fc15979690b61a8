# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the sample events that test a webhook endpoint, and their signature. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

CHALLENGE = "challenge"
WRONG_TOKEN = "challenge with a wrong verify token"
WRONG_SIGNATURE = "text with a wrong signature"
NO_SIGNATURE = "text without a signature"
USER_ID_TEXT = "text without wa_id"
USER_ID_STATUS = "status without recipient_id"
# A number that belongs to nobody: area code and exchange of fiction (NANP 555, 555-0100 to 555-0199).
SENDER = "15555550143"
# A business-scoped user ID: a country, a point, and up to 128 letters and digits. ZZ is no country (ISO 3166).
USER_ID = "ZZ.15555550143"
MARK = "TEST"
_ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Recipient(NamedTuple):
    """Name the number that the samples are for; ``display_phone_number`` is the number in digits."""

    waba_id: str
    phone_number_id: str
    display_phone_number: str


class Sample(NamedTuple):
    """Hold one event as its exact bytes; the signature is over these and nothing else."""

    kind: str
    body: bytes


def challenge_query(challenge: str, token: str) -> Dict[str, str]:
    """Return the query of Meta's verification request (create a webhook endpoint, GET requests)."""
    return {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}


def signature(app_secret: str, body: bytes) -> str:
    """Return the value of X-Hub-Signature-256: HMAC-SHA256 of the bytes that are sent, keyed by the app's secret."""
    return "sha256=" + hmac.new(app_secret.encode("utf-8"), body, hashlib.sha256).hexdigest()


def wrong_signature(app_secret: str, body: bytes) -> str:
    """Return a well-formed signature that another secret makes."""
    return signature(app_secret + "-" + MARK, body)


def samples(recipient: Recipient, now: float, nonce: str) -> Tuple[Sample, ...]:
    """Return one event of each kind, in the envelope and the shapes of Meta's webhook reference.

    ``now`` is UTC in seconds since the epoch, ``nonce`` makes the message ids of a run its own. All text is escaped to
    ASCII, as Meta does it, with one character that needs it. This detects an endpoint that signs what it has parsed and
    serialized again, in place of the received bytes.
    """
    at = int(now)
    return (
        _text("text", recipient, at, nonce),
        _event("audio with voice: true", recipient, _incoming(recipient, at, nonce, "audio", _voice())),
        _event("status", recipient, _status(recipient, at, nonce, "delivered")),
        _event("status with error", recipient, _status(recipient, at, nonce, "failed", [_status_error()])),
        _event(USER_ID_TEXT, recipient, _text_of_user_id(recipient, at, nonce)),
        _event(USER_ID_STATUS, recipient, _status_of_user_id(recipient, at, nonce)),
        _event("template status", recipient, _template(), "message_template_status_update", at),
        _event("account update", recipient, _account(), "account_update", at),
    )


def unsigned(kind: str, recipient: Recipient, now: float, nonce: str) -> Sample:
    """Return an event that has to be refused for its signature, as its text says."""
    return _text(kind, recipient, int(now), nonce)


def _text(kind: str, recipient: Recipient, at: int, nonce: str) -> Sample:
    accepted = "must be refused" if kind in (WRONG_SIGNATURE, NO_SIGNATURE) else "needs no answer"
    text = {"body": "%s event of wabiz.migration, caf\u00e9. It %s." % (MARK, accepted)}
    return _event(kind, recipient, _incoming(recipient, at, nonce, "text", text, kind))


def _event(
    kind: str, recipient: Recipient, value: Dict[str, Any], field: str = "messages", time: Optional[int] = None
) -> Sample:
    entry: Dict[str, Any] = {"id": recipient.waba_id}
    if time is not None:  # events of the account have it, those of messages do not
        entry["time"] = time
    entry["changes"] = [{"value": value, "field": field}]
    envelope = {"object": "whatsapp_business_account", "entry": [entry]}
    return Sample(kind, json.dumps(envelope, separators=(",", ":")).encode("ascii"))


def _message_id(nonce: str, kind: str) -> str:
    return "wamid.%s%s%s" % (MARK, "".join(filter(str.isalnum, kind)), nonce)


def _base(recipient: Recipient) -> Dict[str, Any]:
    metadata = {
        "display_phone_number": recipient.display_phone_number,
        "phone_number_id": recipient.phone_number_id,
    }
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _incoming(
    recipient: Recipient, at: int, nonce: str, sort: str, content: Dict[str, Any], kind: str = ""
) -> Dict[str, Any]:
    message = {
        "from": SENDER,
        "id": _message_id(nonce, kind or sort),
        "timestamp": "%d" % at,
        "type": sort,
        sort: content,
    }
    contact = {"profile": {"name": "%s wabiz.migration" % MARK}, "wa_id": SENDER}
    return {**_base(recipient), "contacts": [contact], "messages": [message]}


def _user() -> Dict[str, Any]:
    """Return a contact that has a username and shows no phone number: since April 2026 wa_id may be missing."""
    profile = {"name": "%s wabiz.migration" % MARK, "username": "wabiz_migration_test"}
    return {"profile": profile, "user_id": USER_ID}


def _text_of_user_id(recipient: Recipient, at: int, nonce: str) -> Dict[str, Any]:
    message = {
        "from_user_id": USER_ID,
        "id": _message_id(nonce, USER_ID_TEXT),
        "timestamp": "%d" % at,
        "type": "text",
        "text": {"body": "%s event of wabiz.migration. It needs no answer." % MARK},
    }
    return {**_base(recipient), "contacts": [_user()], "messages": [message]}


def _status_of_user_id(recipient: Recipient, at: int, nonce: str) -> Dict[str, Any]:
    row = {
        "id": _message_id(nonce, USER_ID_STATUS),
        "status": "delivered",
        "timestamp": "%d" % at,
        "recipient_user_id": USER_ID,
    }
    return {**_base(recipient), "contacts": [_user()], "statuses": [row]}


def _voice() -> Dict[str, Any]:
    """Return a push-to-talk message: ``voice`` distinguishes it from other audio (Meta's guide, voice messages)."""
    return {
        "mime_type": "audio/ogg; codecs=opus",
        "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",  # of no bytes at all
        "id": "000000000000001",
        "voice": True,
    }


def _status(
    recipient: Recipient, at: int, nonce: str, status: str, errors: Optional[List[Dict[str, Any]]] = None
) -> Dict[str, Any]:
    row: Dict[str, Any] = {
        "id": _message_id(nonce, status),
        "status": status,
        "timestamp": "%d" % at,
        "recipient_id": SENDER,
    }
    if errors:
        row["errors"] = errors
    return {**_base(recipient), "statuses": [row]}


def _status_error() -> Dict[str, Any]:
    return {
        "code": 131047,
        "title": "Re-engagement message",
        "message": "Re-engagement message",
        "error_data": {"details": "%s event of wabiz.migration: more than 24 hours have passed" % MARK},
        "href": _ERRORS_PAGE,
    }


def _template() -> Dict[str, Any]:
    return {
        "event": "APPROVED",
        "message_template_id": 1,
        "message_template_name": "wabiz_migration_test",
        "message_template_language": "en_US",
        "message_template_category": "UTILITY",
        "reason": "NONE",
    }


def _account() -> Dict[str, Any]:
    # The event with the least effect: no bans and no removals. ZZ is no country (ISO 3166 leaves it to its users).
    return {"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "ZZ"}
