# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the answers of a webhook endpoint mean. Pure."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ..._failure import Failure
from ..findings.finding import BLOCKER, COLLECTION, NOTE, Finding
from .webhook_samples import (
    CHALLENGE,
    MARK,
    NO_SIGNATURE,
    USER_ID_STATUS,
    USER_ID_TEXT,
    WRONG_SIGNATURE,
    WRONG_TOKEN,
)

_ENDPOINT = "WhatsApp Business Platform: create a webhook endpoint"
_HOLE = (
    "Whoever knows the address can send it messages in the name of any user. It is a blocker because the cutover opens "
    "this hole. From outside, an endpoint that answers 200 and drops the event looks the same: waive it in that case."
)
_COMPARE = (
    "Make HMAC-SHA256 over the body's bytes with the app's secret, compare it in constant time with "
    "X-Hub-Signature-256, and answer 401 where it is missing or differs."
)

UNREACHABLE = Finding(
    "WM160",
    "webhook_unreachable",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint cannot be reached",
    why="The Cloud API sends inbound messages and statuses to this address as soon as the number has moved. Meta "
    "requires https with a certificate of a public CA. Waive it where the endpoint is open to Meta only, or requires "
    "Meta's client certificate, so that no other machine can test it.",
    fix="Check O(webhook_url), DNS, the firewall and the certificate with curl -v from the machine that runs "
    "the task, and correct what is wrong there.",
    waivable=True,
)
NO_CHALLENGE = Finding(
    "WM161",
    "webhook_challenge",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint does not answer Meta's verification request",
    why="Meta sends GET with hub.mode, hub.challenge and hub.verify_token whenever a callback address is set. Without "
    "status 200 and the challenge as the whole body Meta refuses the address, and never sends an event to it.",
    fix="Compare hub.verify_token with the endpoint's own, and answer 200 with the value of hub.challenge as the whole "
    "body. Check O(webhook_verify_token) against the endpoint's.",
    waivable=True,
)
ANY_TOKEN = Finding(
    "WM162",
    "webhook_any_token",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint accepts any verify token",
    why="Anybody can make the endpoint the callback of another app and send it events. Waive it where that is "
    "intended.",
    fix="Compare hub.verify_token with the endpoint's own, and answer 403 where they differ.",
    waivable=True,
)
EVENT_REFUSED = Finding(
    "WM163",
    "webhook_event",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint did not accept a signed event",
    why="Events of the Cloud API have another format than those of the On-Premises API (Meta's guide: webhooks, voice "
    "messages). Meta sends an event again for a while if it is not answered 200 in time. In the end it is lost, and "
    "the conversation with it. Each kind that failed is a finding of its own.",
    fix="Look for wamid.TEST or for the kind in the endpoint's log. Answer 200 at once and process the event "
    "afterwards. After 401 or 403, check O(app_secret), and that the endpoint signs the received bytes.",
    waivable=True,
)
FORGED = Finding(
    "WM164",
    "webhook_forged",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint accepts events with an invalid signature",
    why=_HOLE,
    fix=_COMPARE,
    waivable=True,
)
UNSIGNED = Finding(
    "WM165",
    "webhook_unsigned",
    BLOCKER,
    _ENDPOINT,
    title="The webhook endpoint accepts events without a signature",
    why=_HOLE,
    fix=_COMPARE,
    waivable=True,
)
NOT_TRIED = Finding(
    "WM166",
    "webhook_not_tried",
    NOTE,
    _ENDPOINT,
    title="The webhook endpoint was not tested with sample events",
    why="Meta signs events with the app's secret. Without it, or without the number, only the verification request is "
    "sent, which does not test the events.",
    fix="Set O(app_secret) or WABIZ_APP_SECRET on the controller (App Dashboard, App settings, Basic, App secret).",
)
NOT_SENT = Finding(
    "WM167",
    "webhook_not_sent",
    NOTE,
    COLLECTION,
    title="Check mode does not test the webhook endpoint",
    why="A sample event is not a read: the endpoint processes it.",
    fix="Run ansible-playbook wabiz.migration.preflight without --check.",
    passing=True,
)
USER_ID_REFUSED = Finding(
    "WM206",
    "webhook_user_id",
    BLOCKER,
    "WhatsApp Business Platform: business-scoped user IDs",
    title="The webhook endpoint did not accept an event that names the user only by a user ID",
    why="Since April 2026 a user has a business-scoped user ID (user_id in contacts, from_user_id in messages, "
    "recipient_user_id in statuses), and wa_id, from and recipient_id may be missing. An endpoint that fails on such "
    "an event loses the messages of these users. Each kind that failed is a finding of its own.",
    fix="Read the user from user_id (contacts), from_user_id (messages) or recipient_user_id (statuses) where wa_id, "
    "from or recipient_id is missing, and answer 200. Look for wamid.TEST or for the kind in the endpoint's log.",
    waivable=True,
)


class Reply(NamedTuple):
    """An answer: ``status`` 0 and ``trouble`` where none came; ``seconds`` from connecting to the last byte.

    ``reached`` is False where there was no connection. ``body`` is the beginning of the answer.
    """

    status: int
    seconds: float
    body: bytes = b""
    location: str = ""
    trouble: Optional[Failure] = None
    reached: bool = True


def unreachable(reply: Reply) -> Optional[Failure]:
    """Return why no other request makes sense, None where the endpoint can be reached."""
    if reply.reached or reply.trouble is None:
        return None
    trouble = reply.trouble
    details = "%s [%s]%s" % (trouble.title, trouble.code, ". %s" % trouble.details if trouble.details else "")
    return UNREACHABLE.failure(details, trouble.next_step)


def challenge_failure(reply: Reply, challenge: str, limit: float) -> Optional[Failure]:
    """Judge the answer to the verification request: it must be 200 with the challenge as the whole body."""
    seen = _late_or_lost(reply, limit)
    if not seen and reply.status != 200:
        seen = came_back(reply)
    if not seen and reply.body != challenge.encode("ascii"):
        around = challenge.encode("ascii") in reply.body
        body = "the challenge with something around it" if around else "not the challenge"
        seen = "%s, but the body is %s" % (came_back(reply), body)
    return _failure(NO_CHALLENGE, CHALLENGE, seen) if seen else None


def wrong_token_failure(reply: Reply, challenge: str) -> Optional[Failure]:
    """Return a failure where a wrong verify token got the challenge back; any other answer is right."""
    if not (200 <= reply.status <= 299 and challenge.encode("ascii") in reply.body):
        return None
    return _failure(ANY_TOKEN, WRONG_TOKEN, "%s with the challenge" % came_back(reply))


def event_failure(kind: str, reply: Reply, limit: float) -> Optional[Failure]:
    """Judge the answer to a signed event: only 200 within ``limit`` seconds confirms that it was accepted."""
    seen = _late_or_lost(reply, limit)
    if not seen and reply.status != 200:
        seen = came_back(reply)
    if not seen:
        return None
    if reply.status in (401, 403):
        fix = (
            "check O(app_secret) against the app's (App Dashboard, App settings, Basic), and that the endpoint "
            "makes X-Hub-Signature-256 over the received bytes"
        )
    elif 300 <= reply.status <= 399:
        fix = "set the final address as O(webhook_url): do not rely on Meta to follow a redirect"
    elif reply.status == 200 or not reply.status:
        fix = "answer 200 at once and process the event afterwards"
    else:
        fix = "look for the id wamid.%s... or the kind in the endpoint's log, and let it answer 200" % MARK
    if kind not in (USER_ID_TEXT, USER_ID_STATUS):
        return _failure(EVENT_REFUSED, kind, seen, fix)
    return _failure(USER_ID_REFUSED, kind, seen, "%s. %s" % (USER_ID_REFUSED.next_step, fix))


def wrong_signature_failure(reply: Reply) -> Optional[Failure]:
    """Return a failure where an event with an invalid signature was accepted."""
    return _failure(FORGED, WRONG_SIGNATURE, came_back(reply)) if 200 <= reply.status <= 299 else None


def no_signature_failure(reply: Reply) -> Optional[Failure]:
    """Return a failure where an event without a signature was accepted."""
    return _failure(UNSIGNED, NO_SIGNATURE, came_back(reply)) if 200 <= reply.status <= 299 else None


def _failure(finding: Finding, kind: str, seen: str, fix: str = "") -> Failure:
    return finding.failure("Kind %s: %s" % (kind, seen), fix)


def came_back(reply: Reply) -> str:
    """Return an answer as a phrase: status and time, without its body."""
    if reply.trouble is not None:
        return "%s [%s]" % (reply.trouble.title, reply.trouble.code)
    elsewhere = " (a redirect to %s, which is not followed)" % reply.location if reply.location else ""
    return "HTTP %d%s after %.1f s" % (reply.status, elsewhere, reply.seconds)


def _late_or_lost(reply: Reply, limit: float) -> str:
    if reply.trouble is not None:
        return came_back(reply)
    return "%s, later than %g s" % (came_back(reply), limit) if reply.seconds > limit else ""
