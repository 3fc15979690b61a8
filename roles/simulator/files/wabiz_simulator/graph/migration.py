# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The move of a number between WABAs: POST /<WABA_ID>/phone_numbers with migrate_phone_number makes a new number.

Meta's guide on that move documents the request, its conditions and what the new number keeps; its table of errors is
quoted by public reports. The old side serves until the new number is registered, and is dead from then on.
"""

from __future__ import annotations

import json

from ..call import Call, Reply
from ..numbers import Number
from ..refusal import GraphError
from ..state import Waba, World
from ..strict import Key, one_of, read_body, text

_FIRST = 180000000000000
ALREADY_THERE, NOT_ELIGIBLE, BOUND, NO_PARTNER = 2388012, 2388103, 2655122, 3095008


def _digits(value: object) -> str | None:
    good = isinstance(value, str) and value.isascii() and value.isdigit() and 1 <= len(value) <= 15
    return None if good else "must be a string of digits"


_ADD = {
    "cc": Key(_digits),
    "phone_number": Key(_digits),
    "verified_name": Key(text, required=False),
    "migrate_phone_number": Key(one_of(True, False), required=False),
}


def arrive(call: Call) -> None:
    """Name the number that a request is about, for faults and for the ledger."""
    if call.method != "POST" or call.waba is None or not call.path.endswith("/phone_numbers"):
        return
    try:
        body = json.loads(call.raw)
        call.number = _known(call.world, str(body["cc"]), str(body["phone_number"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return


def add(call: Call) -> Reply:
    """Make a number of this WABA out of one of another WABA; it has to be verified and registered anew."""
    target = call.needs_waba()
    body = read_body(call, _ADD)
    if not body.get("migrate_phone_number"):
        # By public reports only the app of a Solution Partner can add a number that is new to the platform.
        raise GraphError(200000, subcode=NO_PARTNER)
    old = _known(call.world, body["cc"], body["phone_number"])
    if old is None:
        raise _refused(NOT_ELIGIBLE, "The phone number is not registered with the WhatsApp Business Platform")
    if any(call.world.numbers[one].wa_id == old.wa_id for one in target.number_ids):
        raise _refused(ALREADY_THERE, "The phone number is in this account already")
    if old.is_on_biz_app:
        raise _refused(BOUND, "This number is registered to an existing WhatsApp account")
    faults = _faults(old, target)
    if faults:
        raise _refused(NOT_ELIGIBLE, "The phone number is not eligible for migration: " + "; ".join(faults))
    new = old.in_another_waba(str(_FIRST + len(call.world.numbers)), target.id)
    call.world.add(new)
    call.did("number_added")
    return Reply({"id": new.phone_number_id})


def _known(world: World, cc: str, number: str) -> Number | None:
    """Return the live number that is meant: the guide writes it without the country code, Meta's OpenAPI with it."""
    forms = {cc + number, number if number.startswith(cc) else cc + number}
    return next((one for one in world.numbers.values() if one.wa_id in forms and one.origin is None), None)


def _faults(number: Number, target: Waba) -> list[str]:
    """Return the conditions of Meta's guide that are not met."""
    found = {
        "its display name is not approved": number.name_status != "APPROVED",
        "a change of its display name is pending": number.new_name_status == "PENDING_REVIEW",
        "two-step verification is on": number.pin is not None,
        "it is a test number": number.account_mode == "SANDBOX",
        "the business is not verified": target.business_verification_status.upper() != "VERIFIED",
        "the account is not approved": target.account_review_status != "APPROVED",
        "the account has no payment method": not target.primary_funding_id,
    }
    return [what for what, there in found.items() if there]


def _refused(subcode: int, message: str) -> GraphError:
    refusal = GraphError(100, subcode=subcode)
    refusal.body["error"].update(error_user_title="Cannot migrate phone number", error_user_msg=message)
    return refusal


def took_over(call: Call, number: Number) -> None:
    """End the old side of a number that has just been registered in its new WABA, and copy its templates."""
    old = number.origin
    if old is None or old.status == "MIGRATED":
        return
    old.location, old.status, old.cloud_profile = "none", "MIGRATED", None
    old.drop_node("takeover")
    call.world.changed(old)
    target = call.world.wabas[number.waba_id]
    there = {(one["name"], one["language"]) for one in target.templates}
    for template in call.world.wabas[old.waba_id].templates:
        good = template["status"] == "APPROVED" and template["quality"] == "GREEN"
        if good and (template["name"], template["language"]) not in there:
            target.templates.append({**template, "quality": "UNKNOWN"})
