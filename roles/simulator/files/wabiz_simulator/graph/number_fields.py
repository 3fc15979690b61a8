# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a business phone number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..call import Call, Reply
from ..clock import iso
from ..numbers import Number
from ..strict import read_query
from . import health
from .fields import pick, wanted

KIND = "WhatsAppBusinessPhoneNumber"
DEFAULT = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating")
KNOWN = (
    "verified_name",
    "display_phone_number",
    "platform_type",
    "status",
    "code_verification_status",
    "name_status",
    "new_name_status",
    "quality_rating",
    "quality_score",
    "messaging_limit_tier",
    "whatsapp_business_manager_messaging_limit",
    "is_official_business_account",
    "is_pin_enabled",
    "throughput",
    "health_status",
    "webhook_configuration",
    "account_mode",
    "certificate",
    "last_onboarded_time",
    "country_dial_code",
    "is_on_biz_app",
)
# Meta's OpenAPI has it on the edge /<WABA_ID>/phone_numbers only.
LISTED = (*KNOWN, "host_platform")
# Fields that change with a move: one read counts once, however many of them it asks for.
MOVING = {"platform_type", "host_platform", "status", "throughput"}


def read(call: Call) -> Reply:
    given = read_query(call, ("fields",)).get("fields")
    names = wanted(given, DEFAULT, KNOWN, KIND, call.world.fleet.unknown_fields)
    return Reply(of_number(call, call.needs_number(), names))


def of_number(call: Call, number: Number, names: list[str]) -> dict[str, Any]:
    """Return the named fields of one number."""
    view = number.read_view(call.now) if MOVING & set(names) else {}
    makers: dict[str, Callable[[], Any]] = {
        "verified_name": lambda: number.verified_name,
        "display_phone_number": lambda: number.display_phone_number,
        "platform_type": lambda: view["platform_type"],
        "host_platform": lambda: view["platform_type"],
        "status": lambda: view["status"],
        "throughput": lambda: view["throughput"],
        "code_verification_status": lambda: number.code_verification_status,
        "name_status": lambda: number.name_status,
        "new_name_status": lambda: number.new_name_status,
        "quality_rating": lambda: number.quality_rating,
        "quality_score": lambda: {"score": number.quality_rating},
        "messaging_limit_tier": lambda: number.messaging_limit_tier,
        "whatsapp_business_manager_messaging_limit": lambda: number.messaging_limit_tier,
        "is_official_business_account": lambda: number.oba,
        "is_pin_enabled": lambda: number.pin is not None,
        "health_status": lambda: health.of_number(call, number),
        "webhook_configuration": lambda: _webhooks(call, number),
        "account_mode": lambda: number.account_mode,
        "certificate": lambda: "CmYKIgiSimulatedCertificate==",
        "last_onboarded_time": lambda: iso(number.onboarded_at) if number.onboarded_at is not None else None,
        "country_dial_code": lambda: number.wa_id[:1],
        "is_on_biz_app": lambda: number.is_on_biz_app,
    }
    return pick(names, makers, number.phone_number_id)


def _webhooks(call: Call, number: Number) -> dict[str, str]:
    """Name the effective URLs; a number beats its WABA, a WABA beats the app, which may have none."""
    app_id = call.token.app_id if call.token else ""
    result = {}
    if number.webhook_override:
        result["phone_number"] = number.webhook_override
    override = call.world.wabas[number.waba_id].subscriptions.get(app_id)
    if override:
        result["whatsapp_business_account"] = override
    if call.world.app_webhooks.get(app_id):
        result["application"] = f"https://app-{app_id}.example.com/webhooks"
    return result
