# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State as the admin endpoint shows it, and changes to it behind the back of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import switches
from .config import LOCATIONS
from .nodes import Node
from .numbers import Number
from .state import Waba

_NODE = {
    "wa_id": str,
    "first_login": bool,
    "expired": bool,
    "registered": bool,
    "connected": bool,
    "listening": bool,
    "client_version": str,
    "expire_timestamp": int,
    "multiconnect": bool,
    "shards": int,
    "busy_left": int,
    "queues": dict,
    "traffic": dict,
    "profile": dict,
    "webhooks": dict,
    "starting": str,
    "gateways_down": int,
    "coreapps_gone": int,
    "stickerpacks": int,
    "webhook_ca": bool,
    "media": dict,
    "password": str,
}
_NUMBER = {
    "display_phone_number": str,
    "verified_name": str,
    "oba": bool,
    "quality_rating": str,
    "messaging_limit_tier": str,
    "name_status": str,
    "new_name_status": str,
    "code_verification_status": str,
    "account_mode": str,
    "is_on_biz_app": bool,
    "pending_reads": int,
    "stale_reads": int,
    "maintenance_reads": int,
    "accepted_registrations": int,
    "cloud_profile": dict,
    "throughput_upgraded": bool,
}
_SPECIAL = ("location", "pin", "status", "switches", "forget_logins")
_SHOWN_NODE = tuple(name for name in _NODE if name != "password")


def show(number: Number, now: float) -> dict[str, Any]:
    """Return the state of a number without counting a read and without a secret."""
    result = {name: getattr(number, name) for name in _NUMBER}
    result.update(number.view(now))
    result.update(
        phone_number_id=number.phone_number_id,
        waba_id=number.waba_id,
        location=number.location,
        moving=number.moving,
        has_pin=number.pin is not None,
        phone=_phone(number),
        messages={"recipients": len(number.messages), "sent": sum(number.messages.values())},
        webhook_override=number.webhook_override,
        node_code=number.node_code,
        data_localization_region=number.localization_region,
        cloud_profile=number.cloud_profile,
        register_attempts_left=number.register_budget.left(now),
        deregister_attempts_left=number.deregister_budget.left(now),
        switches=switches.as_dict(number.switches),
        node=_show_node(number.node) if number.node is not None else None,
    )
    return result


def _phone(number: Number) -> dict[str, Any]:
    """Return what the phone of the number has received: the present code is no secret of the simulator's own."""
    return {"code": number.sent_code, "by": number.sent_by, "codes": number.codes_sent, "wrong": number.wrong_codes}


def _show_node(node: Node) -> dict[str, Any]:
    result = {name: getattr(node, name) for name in _SHOWN_NODE}
    result.update(address=node.address, gateway_status=node.gateway_status())
    return result


def apply(number: Number, wanted: Any) -> None:
    """Change what is named; anything unknown or mistyped raises ValueError and changes nothing."""
    if not isinstance(wanted, dict):
        raise ValueError("a patch is an object")
    special = {name: wanted[name] for name in _SPECIAL if name in wanted}
    plain = {name: value for name, value in wanted.items() if name not in _SPECIAL and name != "node"}
    _check(plain, _NUMBER, "number")
    _check_special(special)
    node_patch = _node_patch(number, wanted.get("node", {}))
    changed = switches.changed(number.switches, special.get("switches", {}))
    number.switches = changed
    for name, value in plain.items():
        setattr(number, name, value)
    if number.node is not None:
        _apply_node(number.node, node_patch)
    if "location" in special:
        number.location = special["location"]
        number.cloud_profile = (number.cloud_profile or {}) if number.location == "cloud" else None
    if "pin" in special:
        number.pin = special["pin"]
    if "status" in special:
        number.status = special["status"]
    if special.get("forget_logins") and number.node is not None:
        number.node.logins.clear()


def _check_special(special: dict[str, Any]) -> None:
    if "location" in special and special["location"] not in LOCATIONS:
        raise ValueError(f"location must be one of {', '.join(LOCATIONS)}")
    pin = special.get("pin")
    if pin is not None and not (isinstance(pin, str) and len(pin) == 6 and pin.isascii() and pin.isdigit()):
        raise ValueError("pin must be null or a string of six digits")
    if not isinstance(special.get("status"), (str, type(None))):
        raise ValueError("status must be null or a string")


def _node_patch(number: Number, wanted: Any) -> dict[str, Any]:
    if not isinstance(wanted, dict):
        raise ValueError("node must be an object")
    if wanted and number.node is None:
        raise ValueError("this number has no node")
    _check(wanted, _NODE, "node")
    return wanted


def _apply_node(node: Node, wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        if name == "password":
            node.passwords[node.admin] = value
        elif isinstance(value, dict):
            setattr(node, name, {**getattr(node, name), **value})
        else:
            setattr(node, name, value)


def apply_waba(waba: Waba, wanted: Any) -> None:
    """Change the subscriptions or statuses of a WABA."""
    if not isinstance(wanted, dict):
        raise ValueError("a patch is an object")
    kinds = {
        "subscribed_apps": list,
        "business_verification_status": str,
        "account_review_status": str,
        "status": str,
        "primary_funding_id": str,
        "templates": list,
    }
    _check(wanted, kinds, "WABA")
    for name, value in wanted.items():
        if name == "subscribed_apps":
            waba.subscriptions = {str(app["id"]): app.get("override_callback_uri") for app in value}
        elif name == "templates":
            _patch_templates(waba, value)
        else:
            setattr(waba, name, value)


def _patch_templates(waba: Waba, rows: list[Any]) -> None:
    """Change templates by name; one of status DELETED goes."""
    known = {template["name"]: template for template in waba.templates}
    for row in rows:
        if not isinstance(row, dict) or row.get("name") not in known or not set(row) <= {"name", "status", "category"}:
            raise ValueError("templates are changed by name: status and category")
    for row in rows:
        known[row["name"]].update(row)
    waba.templates = [template for template in waba.templates if template["status"] != "DELETED"]


def _check(wanted: dict[str, Any], kinds: Mapping[str, type], what: str) -> None:
    for name, value in wanted.items():
        if name not in kinds:
            raise ValueError(f"a {what} has no {name} that can be patched")
        if value.__class__ is not kinds[name]:
            raise ValueError(f"{name} must be of type {kinds[name].__name__}")
