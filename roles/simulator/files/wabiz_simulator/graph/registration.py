# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The point of no return: register, deregister, and the two-step PIN on the Cloud API side."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from .. import backup
from ..call import Call, Reply
from ..numbers import Number
from ..refusal import GraphError
from ..strict import InputError, Key, any_text, check, mapping, no_body, one_of, read_body, six_digits, text
from . import migration

REGIONS = ("AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA")
# What register answers to a number of the WhatsApp Business phone app; the second one misleads.
OF_THE_APP = {
    "smb": "Register endpoint is not available for SMB businesses.",
    "permission": "(#100) Missing Permission",
}
_BACKUP = {"password": Key(any_text), "data": Key(text)}
_REGISTER = {
    "messaging_product": Key(one_of("whatsapp")),
    "pin": Key(six_digits),
    "backup": Key(mapping, required=False),
    "data_localization_region": Key(one_of(*REGIONS), required=False),
    "tier": Key(one_of("PROD", "SANDBOX"), required=False),
    "meta_store_retention_minutes": Key(one_of(60), required=False),
}


async def register(call: Call) -> Reply:
    """Register the number with the Cloud API; every well-formed request spends one of ten attempts."""
    number = call.needs_number()
    body = read_body(call, _REGISTER)
    call.fingerprint("pin", body["pin"])
    given = _read_backup(call, body)
    if not number.register_budget.spend(call.now):
        raise GraphError(133016)
    if number.moving:
        raise GraphError(133004, "A registration of this number is under way")
    if number.is_on_biz_app:
        raise GraphError(100, message=OF_THE_APP[number.switches.biz_app_form])
    if number.location != "cloud" and number.switches.incomplete_deregistration:
        raise GraphError(133000)
    _check_pin(call, number, body["pin"])
    if number.location != "cloud" and number.code_verification_status != "VERIFIED":
        raise GraphError(133006, "The phone number has to be verified before it can be registered")
    if number.location != "cloud" and number.name_status in ("EXPIRED", "NONE"):
        raise _no_certificate()
    settings = _open_backup(number, given)
    await _move(call, number, settings, body)
    return Reply({"success": True})


def _read_backup(call: Call, body: dict[str, Any]) -> dict[str, str] | None:
    if "backup" not in body:
        return None
    for key in body["backup"]:
        if key not in _BACKUP:
            raise InputError("unknown", f"backup.{key}")
    given = check(body["backup"], _BACKUP)
    call.fingerprint("backup", given["data"])
    return given


def _no_certificate() -> GraphError:
    """Refuse a display name whose certificate has expired, or that has none."""
    refusal = GraphError(100, message="(#100) Invalid parameter", subcode=2388001)
    refusal.body["error"].update(
        error_user_title="Cannot Create Certificate",
        error_user_msg="Your display name could not be processed. Please edit your display name and try again.",
    )
    return refusal


def _check_pin(call: Call, number: Number, pin: str) -> None:
    """A wrong PIN is refused, and it takes the On-Premises node down (page: account migration).

    A number that is registered already needs no PIN, and keeps its own.
    """
    if number.location == "cloud" or number.pin is None or number.pin == pin:
        return
    if number.location == "on_premise" and number.switches.wrong_pin_takes_node_down:
        number.location = "none"
        number.drop_node("wrong_pin")
        call.effect = "node_down"
        call.world.changed(number)
    raise GraphError(133005, "The PIN does not match the two-step verification PIN of the number")


def _open_backup(number: Number, given: dict[str, str] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    try:
        return backup.read(given["data"], given["password"], number.wa_id)
    except backup.BackupError:
        raise GraphError(number.switches.bad_backup_code, "The backup cannot be used") from None


async def _move(call: Call, number: Number, settings: dict[str, Any] | None, body: dict[str, Any]) -> None:
    """Take the number over: the node goes first, messages are dropped until the Cloud API has it."""
    began = call.now
    coming = number.location != "cloud"
    if coming:
        number.moving = True
        number.drop_node("takeover")
        call.world.changed(number)
    try:
        if number.switches.register_seconds:
            await asyncio.sleep(number.switches.register_seconds)
    finally:
        number.take_from_onprem(call.now, settings)
        if coming:
            number.pin = body["pin"]
        number.localization_region = body.get("data_localization_region", number.localization_region)
        call.did("registered")
        call.world.changed(number)
        migration.took_over(call, number)
        if coming:
            call.world.meters.registered(number, call.now - began)


def deregister(call: Call) -> Reply:
    number = call.needs_number()
    no_body(call)
    shared = number.switches.deregister_shares_limit
    budget = number.register_budget if shared else number.deregister_budget
    if not budget.spend(call.now):
        raise GraphError(133016)
    if number.location != "cloud" and number.switches.incomplete_deregistration:
        number.switches = replace(number.switches, incomplete_deregistration=False)
        call.did("deregistration_finished")
        return Reply({"success": True})
    if number.location != "cloud":
        if number.switches.deregister_unregistered_code == 100:
            details = "Phone number not registered on the WhatsApp Business Platform."
            raise GraphError(100, details, subcode=2207051)
        raise GraphError(133010)
    number.leave_cloud()
    call.did("deregistered")
    call.world.changed(number)
    return Reply({"success": True})


def set_pin(call: Call) -> Reply:
    """POST /<PHONE_NUMBER_ID>: the two-step PIN, or the webhook URL of this number alone."""
    number = call.needs_number()
    body = read_body(
        call, {"pin": Key(six_digits, required=False), "webhook_configuration": Key(mapping, required=False)}
    )
    if len(body) != 1:
        raise GraphError(100, "Exactly one of pin and webhook_configuration is needed")
    if "webhook_configuration" in body:
        return _set_webhook(call, number, body["webhook_configuration"])
    if number.location != "cloud" and not number.switches.pin_while_unregistered:
        raise GraphError(133010)
    number.pin = body["pin"]
    call.fingerprint("pin", body["pin"])
    call.did("pin_set")
    return Reply({"success": True})


def _set_webhook(call: Call, number: Number, given: dict[str, Any]) -> Reply:
    for key in given:
        if key not in ("override_callback_uri", "verify_token"):
            raise InputError("unknown", f"webhook_configuration.{key}")
    check(given, {"override_callback_uri": Key(any_text), "verify_token": Key(any_text, required=False)})
    number.webhook_override = given["override_callback_uri"] or None
    call.did("override_set" if number.webhook_override else "override_dropped")
    return Reply({"success": True})
