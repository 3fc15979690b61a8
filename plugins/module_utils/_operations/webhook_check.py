# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: try a webhook endpoint with Meta's verification request and sample events. Sends nothing to Meta."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from .._api.endpoint import Endpoint
from .._core.checks import webhook as webhook_rules
from .._core.checks import webhook_samples
from .._failure import Failure, combine
from .context import Context, Outcome
from .module import Module
from .options import Recorded, Webhook, declare, option, webhook_needs

# What decides the outcome of a trial, so that a run tries each combination once.
_DECIDES = ("waba_id", "webhook_url", "webhook_verify_token", "app_secret", "webhook_timeout", "webhook_ca_path")
_SIGNATURE = "X-Hub-Signature-256"


@declare
class Options(Recorded, Webhook):
    """The options of wa_webhook_check."""

    phone_number: Optional[str] = option("str")
    webhook_url: str = option("str", required=True)


class Trial(NamedTuple):
    """What was tried, in order (kind, status, seconds, and whether it was as it has to be), and what is wrong."""

    checks: Tuple[Mapping[str, Any], ...]
    failures: Tuple[Failure, ...]
    notes: Tuple[Failure, ...]


def findings(options: Webhook, context: Context, number: Optional[Mapping[str, Any]]) -> List[Failure]:
    """Return what the endpoint of a number lacks; it is tried once per run, address and WABA.

    The samples carry the ids of the number that came first. Without ``number``, what Graph says of it, only the
    verification request is sent: the stated ids may be wrong.
    """
    if not options.webhook_url:
        return []
    if context.check_mode:
        return [webhook_rules.NOT_SENT.failure()]
    recipient = None
    if number is not None:
        digits = "".join(filter(str.isdigit, str(number.get("display_phone_number") or "")))
        recipient = webhook_samples.Recipient(
            str(options.waba_id), str(options.phone_number_id), digits or webhook_samples.SENDER
        )

    def read() -> List[Dict[str, Any]]:
        trial = attempt(options, context, recipient)
        return [failure.as_dict() for failure in trial.failures + trial.notes]

    decides = "\0".join([str(getattr(options, name)) for name in _DECIDES] + [str(recipient is None)])
    name = "webhook %s" % hashlib.sha256(decides.encode("utf-8")).hexdigest()
    return [Failure(**row) for row in context.shared.once(name, read)]


def attempt(options: Webhook, context: Context, recipient: Optional[webhook_samples.Recipient]) -> Trial:
    """Send the verification request, and the events where an app secret and ``recipient`` are given."""
    limit = float(options.webhook_timeout)
    endpoint = Endpoint(options.webhook_url, options.webhook_ca_path, limit, context.clock.monotonic, sent=context.sent)
    checks: List[Dict[str, Any]] = []
    failures: List[Failure] = []

    def note(kind: str, reply: webhook_rules.Reply, failure: Optional[Failure]) -> None:
        checks.append(
            {"kind": kind, "ok": failure is None, "status": reply.status or None, "seconds": round(reply.seconds, 1)}
        )
        if failure is not None:
            failures.append(failure)

    try:
        # Digits, as Meta's are; the nonce keeps an endpoint from taking the messages of this run for repeated ones.
        challenge, nonce = (str(10**9 + secrets.randbelow(9 * 10**9)) for _index in range(2))
        reply = webhook_rules.Reply(
            *endpoint.get(webhook_samples.challenge_query(challenge, options.webhook_verify_token))
        )
        gone = webhook_rules.unreachable(reply)
        if gone is not None:
            note(webhook_samples.CHALLENGE, reply, gone)
            return Trial(tuple(checks), tuple(failures), ())
        note(webhook_samples.CHALLENGE, reply, webhook_rules.challenge_failure(reply, challenge, limit))
        other = str(10**9 + secrets.randbelow(9 * 10**9))
        reply = webhook_rules.Reply(
            *endpoint.get(webhook_samples.challenge_query(other, "TEST-%s" % secrets.token_hex(8)))
        )
        note(webhook_samples.WRONG_TOKEN, reply, webhook_rules.wrong_token_failure(reply, other))
        if recipient is None:
            why = webhook_rules.NOT_TRIED.failure(
                "Graph could not be read, so nobody knows the number", "see the other findings"
            )
            return Trial(tuple(checks), tuple(failures), (why,))
        secret = options.app_secret
        if not secret:
            why = webhook_rules.NOT_TRIED.failure(
                "The app's secret is not known, and without it nothing can be signed",
                "set O(app_secret) or WABIZ_APP_SECRET (App Dashboard, App settings, Basic, App secret)",
            )
            return Trial(tuple(checks), tuple(failures), (why,))
        now = context.clock.now()
        for sample in webhook_samples.samples(recipient, now, nonce):
            reply = webhook_rules.Reply(
                *endpoint.post(sample.body, {_SIGNATURE: webhook_samples.signature(secret, sample.body)})
            )
            note(sample.kind, reply, webhook_rules.event_failure(sample.kind, reply, limit))
        body = webhook_samples.unsigned(webhook_samples.WRONG_SIGNATURE, recipient, now, nonce).body
        reply = webhook_rules.Reply(*endpoint.post(body, {_SIGNATURE: webhook_samples.wrong_signature(secret, body)}))
        note(webhook_samples.WRONG_SIGNATURE, reply, webhook_rules.wrong_signature_failure(reply))
        body = webhook_samples.unsigned(webhook_samples.NO_SIGNATURE, recipient, now, nonce).body
        reply = webhook_rules.Reply(*endpoint.post(body, {}))
        note(webhook_samples.NO_SIGNATURE, reply, webhook_rules.no_signature_failure(reply))
        return Trial(tuple(checks), tuple(failures), ())
    finally:
        endpoint.close()


def perform(options: Options, context: Context) -> Outcome:
    """Try the endpoint and fail with all that is wrong at once."""
    parts = urlsplit(options.webhook_url)
    # A query may hold a secret of the receiver's.
    shown = "%s://%s%s" % (parts.scheme, parts.netloc, parts.path)
    if context.check_mode:
        return Outcome(
            False,
            {"webhook_url": shown, "tried": False, "checks": []},
            warnings=(_sentence(webhook_rules.NOT_SENT.failure()),),
        )
    recipient = webhook_samples.Recipient(
        str(options.waba_id), str(options.phone_number_id), options.phone_number or webhook_samples.SENDER
    )
    trial = attempt(options, context, recipient)
    return Outcome(
        False,
        {"webhook_url": shown, "tried": True, "checks": [dict(check) for check in trial.checks]},
        warnings=tuple(_sentence(note) for note in trial.notes),
        failure=combine(trial.failures) if trial.failures else None,
    )


def _sentence(note: Failure) -> str:
    return "%s. %s. %s." % (note.title, note.details, note.next_step)


MODULE = Module(
    name="wa_webhook_check",
    options=Options,
    run=perform,
    needed=webhook_needs,
)
