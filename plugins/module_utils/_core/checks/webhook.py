# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the sample events that a webhook endpoint is tried with, their signature, and what an answer means. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ..._failure import Failure

CHALLENGE = "challenge"
WRONG_TOKEN = "challenge with a wrong verify token"
WRONG_SIGNATURE = "text with a wrong signature"
NO_SIGNATURE = "text without a signature"
USER_ID_TEXT = "text without wa_id"
USER_ID_STATUS = "status without recipient_id"
_BY_USER_ID = (USER_ID_TEXT, USER_ID_STATUS)
# A number that is nobody's: area code and exchange of fiction (NANP 555, 555-0100 to 555-0199).
SENDER = "15555550143"
# A business-scoped user ID: a country, a point, and up to 128 letters and digits. ZZ is no country (ISO 3166).
USER_ID = "ZZ.15555550143"
_MARK = "TEST"
_ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Identity(NamedTuple):
    """Name the number that the samples are for; ``display_phone_number`` is the number in digits."""

    waba_id: str
    phone_number_id: str
    display_phone_number: str


class Sample(NamedTuple):
    """Hold one event as its exact bytes; the signature is over these and nothing else."""

    kind: str
    body: bytes


class Reply(NamedTuple):
    """Say what came back: ``status`` 0 and ``trouble`` where nothing did; ``seconds`` from connecting to the last byte.

    ``reached`` is False where no connection came about. ``body`` is the beginning of the answer.
    """

    status: int
    seconds: float
    body: bytes = b""
    location: str = ""
    trouble: Optional[Failure] = None
    reached: bool = True


def challenge_query(challenge: str, token: str) -> Dict[str, str]:
    """Return the query of Meta's verification request (create a webhook endpoint, GET requests)."""
    return {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}


def signature(app_secret: str, body: bytes) -> str:
    """Return the value of X-Hub-Signature-256: HMAC-SHA256 of the bytes that are sent, keyed by the app's secret."""
    return "sha256=" + hmac.new(app_secret.encode("utf-8"), body, hashlib.sha256).hexdigest()


def wrong_signature(app_secret: str, body: bytes) -> str:
    """Return a well-formed signature that another secret makes."""
    return signature(app_secret + "-" + _MARK, body)


def samples(identity: Identity, now: float, nonce: str) -> Tuple[Sample, ...]:
    """Return one event of each kind, in the envelope and the shapes of Meta's webhook reference.

    ``now`` is UTC in seconds since the epoch, ``nonce`` makes the message ids of a run its own. All text is escaped to
    ASCII, as Meta does it, with one character that needs it: an endpoint that signs what it parsed and wrote again,
    and not the bytes that came, is found by it.
    """
    at = int(now)
    return (
        _text("text", identity, at, nonce),
        _event("audio with voice: true", identity, _incoming(identity, at, nonce, "audio", _voice())),
        _event("status", identity, _status(identity, at, nonce, "delivered")),
        _event("status with error", identity, _status(identity, at, nonce, "failed", [_status_error()])),
        _event(USER_ID_TEXT, identity, _text_of_user_id(identity, at, nonce)),
        _event(USER_ID_STATUS, identity, _status_of_user_id(identity, at, nonce)),
        _event("template status", identity, _template(), "message_template_status_update", at),
        _event("account update", identity, _account(), "account_update", at),
    )


def unsigned(kind: str, identity: Identity, now: float, nonce: str) -> Sample:
    """Return an event that has to be refused, because of what is sent with it; it says so itself."""
    return _text(kind, identity, int(now), nonce)


def _text(kind: str, identity: Identity, at: int, nonce: str) -> Sample:
    accepted = "must be refused" if kind in (WRONG_SIGNATURE, NO_SIGNATURE) else "needs no answer"
    text = {"body": "%s event of wabiz.migration, caf\u00e9. It %s." % (_MARK, accepted)}
    return _event(kind, identity, _incoming(identity, at, nonce, "text", text, kind))


def _event(
    kind: str, identity: Identity, value: Dict[str, Any], field: str = "messages", time: Optional[int] = None
) -> Sample:
    entry: Dict[str, Any] = {"id": identity.waba_id}
    if time is not None:  # events of the account have it, those of messages do not
        entry["time"] = time
    entry["changes"] = [{"value": value, "field": field}]
    envelope = {"object": "whatsapp_business_account", "entry": [entry]}
    return Sample(kind, json.dumps(envelope, separators=(",", ":")).encode("ascii"))


def _message_id(nonce: str, kind: str) -> str:
    return "wamid.%s%s%s" % (_MARK, "".join(filter(str.isalnum, kind)), nonce)


def _base(identity: Identity) -> Dict[str, Any]:
    metadata = {
        "display_phone_number": identity.display_phone_number,
        "phone_number_id": identity.phone_number_id,
    }
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _incoming(
    identity: Identity, at: int, nonce: str, sort: str, content: Dict[str, Any], kind: str = ""
) -> Dict[str, Any]:
    message = {
        "from": SENDER,
        "id": _message_id(nonce, kind or sort),
        "timestamp": "%d" % at,
        "type": sort,
        sort: content,
    }
    contact = {"profile": {"name": "%s wabiz.migration" % _MARK}, "wa_id": SENDER}
    return {**_base(identity), "contacts": [contact], "messages": [message]}


def _user() -> Dict[str, Any]:
    """Return a contact that has a username and shows no phone number: since April 2026 wa_id may be missing."""
    profile = {"name": "%s wabiz.migration" % _MARK, "username": "wabiz_migration_test"}
    return {"profile": profile, "user_id": USER_ID}


def _text_of_user_id(identity: Identity, at: int, nonce: str) -> Dict[str, Any]:
    message = {
        "from_user_id": USER_ID,
        "id": _message_id(nonce, USER_ID_TEXT),
        "timestamp": "%d" % at,
        "type": "text",
        "text": {"body": "%s event of wabiz.migration. It needs no answer." % _MARK},
    }
    return {**_base(identity), "contacts": [_user()], "messages": [message]}


def _status_of_user_id(identity: Identity, at: int, nonce: str) -> Dict[str, Any]:
    row = {
        "id": _message_id(nonce, USER_ID_STATUS),
        "status": "delivered",
        "timestamp": "%d" % at,
        "recipient_user_id": USER_ID,
    }
    return {**_base(identity), "contacts": [_user()], "statuses": [row]}


def _voice() -> Dict[str, Any]:
    """Return a push-to-talk message: ``voice`` is what tells it from other audio (Meta's guide, voice messages)."""
    return {
        "mime_type": "audio/ogg; codecs=opus",
        "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",  # of no bytes at all
        "id": "000000000000001",
        "voice": True,
    }


def _status(
    identity: Identity, at: int, nonce: str, status: str, errors: Optional[List[Dict[str, Any]]] = None
) -> Dict[str, Any]:
    row: Dict[str, Any] = {
        "id": _message_id(nonce, status),
        "status": status,
        "timestamp": "%d" % at,
        "recipient_id": SENDER,
    }
    if errors:
        row["errors"] = errors
    return {**_base(identity), "statuses": [row]}


def _status_error() -> Dict[str, Any]:
    return {
        "code": 131047,
        "title": "Re-engagement message",
        "message": "Re-engagement message",
        "error_data": {"details": "%s event of wabiz.migration: more than 24 hours have passed" % _MARK},
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
    # The event that does least: no bans and no removals. ZZ is no country (ISO 3166 leaves it to its users).
    return {"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "ZZ"}


# ---------------------------------------------------------------------------------------------------------------------
# What an answer means


def unreachable(reply: Reply) -> Optional[Failure]:
    """Return why nothing else needs to be tried, None where the endpoint can be reached."""
    if reply.reached or reply.trouble is None:
        return None
    reported = "%s [%s]" % (reply.trouble.title, reply.trouble.code)
    details = ". %s" % reply.trouble.details if reply.trouble.details else ""
    return Failure(
        "webhook_unreachable",
        "The webhook endpoint cannot be reached from here",
        reported + details,
        next_step=reply.trouble.next_step,
    )


def challenge_failure(reply: Reply, challenge: str, limit: float) -> Optional[Failure]:
    """Return what is wrong with the answer to the verification request: 200 and the challenge, nothing around it."""
    seen = _late_or_lost(reply, limit)
    if not seen and reply.status != 200:
        seen = came_back(reply)
    if not seen and reply.body != challenge.encode("ascii"):
        around = challenge.encode("ascii") in reply.body
        seen = "%s, but the body is %s" % (
            came_back(reply),
            "the challenge with something around it" if around else "not the challenge",
        )
    if not seen:
        return None
    return Failure(
        "webhook_challenge",
        "The webhook endpoint does not answer Meta's verification request",
        "Kind %s: %s" % (CHALLENGE, seen),
        next_step="answer GET with status 200 and the value of hub.challenge as the whole body, within %g s, where "
        "hub.verify_token is the endpoint's own; check wa_migrate_webhook_verify_token against the endpoint's" % limit,
    )


def wrong_token_failure(reply: Reply, challenge: str) -> Optional[Failure]:
    """Return a failure where a wrong verify token got the challenge back; any other answer is right."""
    if not (200 <= reply.status <= 299 and challenge.encode("ascii") in reply.body):
        return None
    return Failure(
        "webhook_any_token",
        "The webhook endpoint answers the challenge whatever the verify token is",
        "Kind %s: %s with the challenge" % (WRONG_TOKEN, came_back(reply)),
        next_step="compare hub.verify_token with the endpoint's own, and answer 403 where they differ",
    )


def event_failure(kind: str, reply: Reply, limit: float) -> Optional[Failure]:
    """Return what is wrong with the answer to a signed event: only 200 within ``limit`` seconds says it was taken."""
    seen = _late_or_lost(reply, limit)
    if not seen and reply.status != 200:
        seen = came_back(reply)
    if not seen:
        return None
    if reply.status in (401, 403):
        fix = (
            "check wa_migrate_app_secret against the app's (App Dashboard, App settings, Basic), and that the endpoint "
            "makes X-Hub-Signature-256 over the bytes as they came"
        )
    elif 300 <= reply.status <= 399:
        fix = "give the address itself as wa_migrate_webhook_url: Meta follows no redirect for you to rely on"
    elif reply.status == 200 or not reply.status:
        fix = "answer 200 at once and work on the event afterwards"
    else:
        fix = "look for the id wamid.%s... or the kind in the endpoint's log, and let it answer 200" % _MARK
    if kind in _BY_USER_ID:
        return Failure(
            "webhook_user_id",
            "The webhook endpoint did not take a signed event that names the user by a user ID alone",
            "Kind %s: %s" % (kind, seen),
            next_step="where wa_id, from or recipient_id is missing, take the user by user_id (contacts), from_user_id "
            "(messages) or recipient_user_id (statuses); " + fix,
        )
    return Failure(
        "webhook_event", "The webhook endpoint did not take a signed event", "Kind %s: %s" % (kind, seen), next_step=fix
    )


def wrong_signature_failure(reply: Reply) -> Optional[Failure]:
    """Return a failure where an event with a wrong signature was taken."""
    if not 200 <= reply.status <= 299:
        return None
    return Failure(
        "webhook_forged",
        "The webhook endpoint takes an event whose signature is wrong",
        "Kind %s: %s" % (WRONG_SIGNATURE, came_back(reply)),
        next_step=_COMPARE,
    )


def no_signature_failure(reply: Reply) -> Optional[Failure]:
    """Return a failure where an event without any signature was taken."""
    if not 200 <= reply.status <= 299:
        return None
    return Failure(
        "webhook_unsigned",
        "The webhook endpoint takes an event that has no signature",
        "Kind %s: %s" % (NO_SIGNATURE, came_back(reply)),
        next_step=_COMPARE,
    )


_COMPARE = (
    "make HMAC-SHA256 over the body's bytes with the app's secret, compare it in constant time with "
    "X-Hub-Signature-256, and answer 401 where it is missing or differs"
)


def not_tried(why: str, fix: str) -> Failure:
    """Return the note that events and signatures were not tried."""
    return Failure(
        "webhook_not_tried", "Sample events and signatures were not tried at the endpoint", why, next_step=fix
    )


def not_sent() -> Failure:
    """Return the note of check mode."""
    return Failure(
        "webhook_not_sent",
        "In check mode nothing is sent to the webhook endpoint",
        "A sample event is no read: the endpoint works on it",
        next_step="run preflight without --check",
    )


def came_back(reply: Reply) -> str:
    """Return what came back as a phrase: status and time, and nothing of the body."""
    if reply.trouble is not None:
        return "%s [%s]" % (reply.trouble.title, reply.trouble.code)
    elsewhere = " (a redirect to %s, which is not followed)" % reply.location if reply.location else ""
    return "HTTP %d%s after %.1f s" % (reply.status, elsewhere, reply.seconds)


def _late_or_lost(reply: Reply, limit: float) -> str:
    if reply.trouble is not None:
        return came_back(reply)
    return "%s, later than %g s" % (came_back(reply), limit) if reply.seconds > limit else ""
