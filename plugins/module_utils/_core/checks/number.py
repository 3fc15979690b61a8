# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the preflight's checks of a number's own fields on the Graph API, its location aside. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure
from ..._meta_api import INCORRECT_CERTIFICATE, NOT_REGISTERED
from ..facts import health
from ..findings.finding import GUIDE, NOTE, PHONE_NUMBER, WARNING, Finding

# An entity has these errors for every number that is not registered on the Cloud API yet.
_NOT_YET = ("141000", str(NOT_REGISTERED), str(INCORRECT_CERTIFICATE))

# Why a display name of this status has no certificate to register with.
NO_CERTIFICATE = {"EXPIRED": "The certificate of the name has expired", "NONE": "The name has no certificate"}

NAME_STATUS = Finding(
    "WM140",
    "name_status",
    WARNING,
    PHONE_NUMBER,
    title="The display name is not approved",
    why="The migration does not change that. The Cloud API can refuse a name that is not approved (131037). A name "
    "that cannot be registered at all is WM203.",
    fix="Have the display name approved in WhatsApp Manager, Phone numbers, Profile.",
)
QUALITY = Finding(
    "WM141",
    "quality",
    WARNING,
    PHONE_NUMBER,
    title="The quality rating is not good",
    why="The migration does not change it. Meta may restrict a number with a bad rating at any time, also during the "
    "change window.",
    fix="Look at Insights and Account Quality in WhatsApp Manager. Move the number when the rating has recovered.",
)
SANDBOX = Finding(
    "WM142",
    "sandbox",
    WARNING,
    PHONE_NUMBER,
    title="The number is in the account mode SANDBOX",
    why="It is a number for tests, not one that serves customers. The inventory probably names the wrong one.",
    fix="Check O(phone_number_id) of this host.",
)
NUMBER_HEALTH = Finding(
    "WM143",
    "number_health",
    WARNING,
    "Health status",
    title="The messaging health of the number is not good",
    why="The migration does not fix it. That a number on a node is not registered on the Cloud API yet does not count "
    "here.",
    fix="Fix what the entity names, then run preflight again. Meta's possible solution follows its error.",
)
OFFICIAL_ACCOUNT = Finding(
    "WM145",
    "official_account",
    NOTE,
    GUIDE + ", Official Business Accounts",
    title="The number is an Official Business Account",
    why="It keeps that status only if the register request carries the unmodified backup. The cutover does that.",
    fix="Nothing to do: do not set O(without_backup).",
)


def failures(number: Mapping[str, Any], without_backup: bool) -> List[Failure]:
    """Judge a number that would move; a field that the answer does not hold is not judged."""
    found: List[Failure] = []
    name_status = str(number.get("name_status") or "")
    # Without a certificate it cannot be registered at all, which the gate reports.
    if name_status and name_status.upper() not in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", *NO_CERTIFICATE):
        found.append(NAME_STATUS.failure("%s is %s" % (number.get("verified_name") or "(none)", name_status)))
    quality = str(number.get("quality_rating") or "").upper()
    if quality in ("RED", "YELLOW"):
        found.append(QUALITY.failure("It is %s; at RED Meta may restrict the number at any time" % quality))
    if str(number.get("account_mode") or "").upper() == "SANDBOX":
        found.append(SANDBOX.failure())
    reported = health.limits(number.get("health_status"), ("PHONE_NUMBER",), _NOT_YET)
    if reported:
        found.append(NUMBER_HEALTH.failure("; ".join(reported)))
    if number.get("is_official_business_account") is True and not without_backup:
        found.append(OFFICIAL_ACCOUNT.failure())
    return found
