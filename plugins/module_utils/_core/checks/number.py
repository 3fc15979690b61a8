# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight says of a number's own fields on Graph, beyond where it is. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure
from ..facts import health

# What an entity says of any number that is not on the Cloud API yet: not registered there.
_NOT_YET = ("141000", "133010", "131045")

# Why a display name of this status has no certificate to register with.
NO_CERTIFICATE = {"EXPIRED": "The certificate of the name has expired", "NONE": "The name has no certificate"}


def failures(number: Mapping[str, Any], without_backup: bool) -> List[Failure]:
    """Judge a number that would move; what the answer does not hold is not judged."""
    found: List[Failure] = []
    name_status = str(number.get("name_status") or "")
    # Without a certificate it cannot be registered at all, which the gate says.
    if name_status and name_status.upper() not in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", *NO_CERTIFICATE):
        found.append(
            Failure(
                "name_status",
                "The display name %s is %s" % (number.get("verified_name") or "(none)", name_status),
                "The migration does not change that; with the Cloud API an unapproved name is refused (131037)",
                next_step="have the display name approved in WhatsApp Manager, Phone numbers, Profile",
            )
        )
    quality = str(number.get("quality_rating") or "").upper()
    if quality in ("RED", "YELLOW"):
        found.append(
            Failure(
                "quality",
                "The quality rating is %s" % quality,
                "The migration does not change it; at RED Meta may restrict the number at any time",
                next_step="see Insights and Account Quality in WhatsApp Manager; move the number when it has recovered",
            )
        )
    if str(number.get("account_mode") or "").upper() == "SANDBOX":
        found.append(
            Failure(
                "sandbox",
                "The number is in the account mode SANDBOX",
                "It is a number for tests, not one that serves customers",
                next_step="check wa_migrate_phone_number_id of this host",
            )
        )
    reported = health.limits(number.get("health_status"), ("PHONE_NUMBER",), _NOT_YET)
    if reported:
        found.append(
            Failure(
                "number_health",
                "The messaging health of the number is not good",
                "; ".join(reported),
                next_step="mend what the entity names, then run preflight again",
            )
        )
    if number.get("is_official_business_account") is True and not without_backup:
        found.append(
            Failure(
                "official_account",
                "The number is an Official Business Account",
                "It stays one only if the backup goes with the register request, unmodified, as the cutover does",
                next_step="nothing to do: do not set wa_migrate_without_backup",
            )
        )
    return found
