# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""health_status: one entity each for number, WABA, business and app, with the noise that the real one carries."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..numbers import Number
from ..refusal import GraphError
from ..state import Waba

NOT_SUBSCRIBED = (
    "Your app is not subscribed to the message webhook. This means you will not receive any messages sent to your "
    "phone number."
)


def of_number(call: Call, number: Number) -> dict[str, Any]:
    entity: dict[str, Any] = {"entity_type": "PHONE_NUMBER", "id": number.phone_number_id}
    errors: list[dict[str, Any]] = []
    if number.maintenance_reads > 0:
        number.maintenance_reads -= 1
        if number.switches.maintenance_form == "error":
            raise GraphError(131057, "Business account is in maintenance mode, for example for a throughput upgrade")
        errors.append(_error(131057, "The account is in maintenance mode", "Try again in a few minutes"))
    if number.location != "cloud":
        errors.append(_error(141000, "The phone number is not registered with the Cloud API", "Register the number"))
    entity["can_send_message"] = "BLOCKED" if errors else "LIMITED" if number.limited_by else "AVAILABLE"
    if number.limited_by:
        entity["additional_info"] = [number.limited_by]
    # Meta's own example: a number without SIP is AVAILABLE for messages and carries this error all the same.
    entity["can_receive_call_sip"] = "BLOCKED"
    entity["errors"] = [*errors, _error(138024, "SIP is not enabled for the phone number", "Enable SIP")]
    return _total([entity, *_above(call, call.world.wabas[number.waba_id])])


def of_waba(call: Call, waba: Waba) -> dict[str, Any]:
    return _total(_above(call, waba))


def _above(call: Call, waba: Waba) -> list[dict[str, Any]]:
    account: dict[str, Any] = {"entity_type": "WABA", "id": waba.id, "can_send_message": "AVAILABLE"}
    if waba.account_review_status != "APPROVED":
        account["can_send_message"] = "BLOCKED"
        account["errors"] = [_error(141001, "The account is not approved", "Wait for the review of the account")]
    business: dict[str, Any] = {"entity_type": "BUSINESS", "id": "1" + waba.id[1:], "can_send_message": "AVAILABLE"}
    if waba.business_verification_status.lower() != "verified":
        # Seen in the wild: errors on an entity that is only LIMITED.
        business["can_send_message"] = "LIMITED"
        business["errors"] = [
            _error(141010, "The Business has not passed business verification.", "Verify the business")
        ]
    app_id = call.token.app_id if call.token else ""
    app: dict[str, Any] = {"entity_type": "APP", "id": app_id, "can_send_message": "AVAILABLE"}
    app["can_receive_call_sip"] = "BLOCKED"
    app["errors"] = [_error(138025, "SIP is not enabled for the app", "Enable SIP")]
    if app_id not in waba.subscriptions:
        app["can_send_message"] = "LIMITED"
        app["additional_info"] = [NOT_SUBSCRIBED]
    return [account, business, app]


def _total(entities: list[dict[str, Any]]) -> dict[str, Any]:
    verdicts = {entity["can_send_message"] for entity in entities}
    total = "BLOCKED" if "BLOCKED" in verdicts else "LIMITED" if "LIMITED" in verdicts else "AVAILABLE"
    return {"can_send_message": total, "entities": entities}


def _error(code: int, description: str, solution: str) -> dict[str, Any]:
    return {"error_code": code, "error_description": description, "possible_solution": solution}
