# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight says of the WhatsApp Business Account that owns a number. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

from ..._failure import Failure
from ..facts import health

# Meta's documents write these words in capitals and in small letters.
_STATUS = "status"
_REVIEW = "account_review_status"
_VERIFICATION = "business_verification_status"
FUNDING = "primary_funding_id"
FIELDS = ("id", "name", _STATUS, _REVIEW, _VERIFICATION, FUNDING, "health_status")
DECISIVE = ("id",)


def failures(waba: Mapping[str, Any], subscribes: bool, unknown: Sequence[str] = ()) -> List[Failure]:
    """Judge a WABA's own fields; what the answer does not hold is not judged, but for the payment method.

    ``subscribes`` tells that the app is yet to be subscribed, which its health entity then says as well. ``unknown``
    are the fields that this version of Graph does not know.
    """
    found: List[Failure] = []
    name = "%s (%s)" % (waba.get("id"), waba.get("name") or "no name")
    review = str(waba.get(_REVIEW) or "")
    if review and review.upper() != "APPROVED":
        found.append(
            Failure(
                "waba_review",
                "The account review of WABA %s is %s" % (name, review),
                "A WABA that is not approved cannot send messages with the Cloud API",
                next_step="see Account Quality in WhatsApp Manager, and ask for a review there",
            )
        )
    verification = str(waba.get(_VERIFICATION) or "")
    if verification and verification.upper() != "VERIFIED":
        found.append(
            Failure(
                "business_unverified",
                "The business of WABA %s is not verified: %s" % (name, verification),
                "Meta limits what an unverified business may send",
                next_step="verify the business in the Security Center of Meta Business Suite",
            )
        )
    found += _payment(waba, name, unknown)
    reported = []
    status = str(waba.get(_STATUS) or "")
    if status.upper() in ("PENDING", "RESTRICTED", "DISABLED"):
        reported.append("its status is %s" % status)
    kinds = ("WABA", "BUSINESS") if subscribes else ("WABA", "BUSINESS", "APP")
    reported += health.limits(waba.get("health_status"), kinds)
    if reported:
        found.append(
            Failure(
                "waba_health",
                "WABA %s cannot send without limits" % name,
                "; ".join(reported),
                next_step="mend what each entity names, then run preflight again",
            )
        )
    return found


def _payment(waba: Mapping[str, Any], name: str, unknown: Sequence[str]) -> List[Failure]:
    """Graph leaves the payment method out where there is none; a version that does not have the field says so."""
    if FUNDING in unknown:
        return [
            Failure(
                "not_readable",
                "Whether WABA %s has a payment method could not be read" % name,
                "This version of the Graph API does not know the field %s" % FUNDING,
                next_step="look at the payment settings of the WABA in Meta Business Suite",
            )
        ]
    if waba.get(FUNDING):
        return []
    return [
        Failure(
            "no_payment",
            "WABA %s has no payment method" % name,
            "Graph tells no %s of it. Paid messages do not go, and since 2026-10-01 neither do answers to customers "
            "beyond the 1,000 service messages that are free for a number in a month" % FUNDING,
            next_step="add a payment method to the WABA in Meta Business Suite before the number moves",
        )
    ]
