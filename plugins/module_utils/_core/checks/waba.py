# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the preflight's checks of the WhatsApp Business Account that owns a number. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

from ..._failure import Failure
from ..facts import health
from ..findings.finding import BLOCKER, WABA, WARNING, Finding
from .reads import NOT_READABLE

# Meta's documents write these values in upper and lower case.
_STATUS = "status"
REVIEW = "account_review_status"
VERIFICATION = "business_verification_status"
FUNDING = "primary_funding_id"
FIELDS = ("id", "name", _STATUS, REVIEW, VERIFICATION, FUNDING, "health_status")
DECISIVE = ("id",)

WABA_REVIEW = Finding(
    "WM124",
    "waba_review",
    BLOCKER,
    WABA,
    title="The WABA is not approved",
    why="A WABA whose account review is pending, rejected or restricted cannot send messages with the Cloud API.",
    fix="Open Account Quality in WhatsApp Manager and request a review. Where it is known and accepted, waive it.",
    waivable=True,
)
BUSINESS_UNVERIFIED = Finding(
    "WM138",
    "business_unverified",
    WARNING,
    WABA,
    title="The business is not verified",
    why="Meta's guide asks for a verified business. Meta limits what an unverified one may send.",
    fix="Verify the business in the Security Center of Meta Business Suite.",
)
WABA_HEALTH = Finding(
    "WM139",
    "waba_health",
    WARNING,
    "Health status",
    title="The WABA, its business or the app is limited",
    why="The migration does not fix it, and the number cannot send without limits afterwards.",
    fix="Fix what each entity names, then run preflight again. Meta's possible solution follows its error.",
)
NO_PAYMENT = Finding(
    "WM204",
    "no_payment",
    WARNING,
    WABA + ", as others read it on 2026-10-10",
    title="The WABA has no payment method",
    why="Graph leaves primary_funding_id out where there is none. Since 2026-10-01 service messages are charged too, "
    "and 1,000 for each number and month are free. A number that moves from the On-Premises API and answers customers "
    "stops answering when they are used up. Confidence: medium, no page of Meta's was read for it.",
    fix="Add a payment method to the WABA in Meta Business Suite (payment settings) before the number moves.",
)


def failures(waba: Mapping[str, Any], subscribes: bool, unknown: Sequence[str] = ()) -> List[Failure]:
    """Judge a WABA's own fields; a field that the answer does not hold is not judged, the payment method excepted.

    ``subscribes`` tells that the app is yet to be subscribed, which its health entity reports too. ``unknown`` are the
    fields that this version of the Graph API does not know.
    """
    found: List[Failure] = []
    name = name_of(waba)
    review = str(waba.get(REVIEW) or "")
    if review and review.upper() != "APPROVED":
        found.append(WABA_REVIEW.failure("The account review of WABA %s is %s" % (name, review)))
    verification = str(waba.get(VERIFICATION) or "")
    if verification and verification.upper() != "VERIFIED":
        found.append(BUSINESS_UNVERIFIED.failure("The verification of WABA %s is %s" % (name, verification)))
    found += payment(waba, name, unknown)
    reported = []
    status = str(waba.get(_STATUS) or "")
    if status.upper() in ("PENDING", "RESTRICTED", "DISABLED"):
        reported.append("its status is %s" % status)
    kinds = ("WABA", "BUSINESS") if subscribes else ("WABA", "BUSINESS", "APP")
    reported += health.limits(waba.get("health_status"), kinds)
    if reported:
        found.append(WABA_HEALTH.failure("WABA %s: %s" % (name, "; ".join(reported))))
    return found


def name_of(waba: Mapping[str, Any]) -> str:
    """Return a WABA as messages name it."""
    return "%s (%s)" % (waba.get("id"), waba.get("name") or "no name")


def payment(waba: Mapping[str, Any], name: str, unknown: Sequence[str]) -> List[Failure]:
    """Judge the payment method: Graph leaves it out where there is none, and an old version does not know the field."""
    if FUNDING in unknown:
        return [
            NOT_READABLE.failure(
                "It is unknown whether WABA %s has a payment method: this version of the Graph API does not know the "
                "field %s" % (name, FUNDING),
                "look at the payment settings of the WABA in Meta Business Suite",
            )
        ]
    if waba.get(FUNDING):
        return []
    return [
        NO_PAYMENT.failure(
            "Graph shows no %s of WABA %s. Paid messages are not sent, and since 2026-10-01 neither are answers to "
            "customers beyond the 1,000 service messages that are free for a number in a month" % (FUNDING, name)
        )
    ]
