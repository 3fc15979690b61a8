# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a fleet file into frozen dataclasses; a bad file is reported with all of its faults."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from . import switches as switches_module
from .checks import Fields, FileError
from .config import (
    DEFAULT_SCOPES,
    LOCATIONS,
    QUEUES,
    TRAFFIC,
    Fleet,
    NodeConfig,
    NumberConfig,
    SubscriptionConfig,
    TokenConfig,
    WabaConfig,
    WebhookConfig,
    digits_of,
)
from .switches import Switches


def load(path: Path) -> Fleet:
    """Read a fleet file (YAML or JSON); raises FileError with everything that is wrong with it."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(str(path), [f"cannot be read: {error.strerror}"]) from None
    except yaml.YAMLError as error:
        raise FileError(str(path), [f"is not YAML: {error}"]) from None
    return parse(data, str(path))


def parse(data: Any, source: str = "fleet") -> Fleet:
    """Turn the content of a fleet file into a Fleet; raises FileError."""
    faults: list[str] = []
    top = Fields(data, "fleet", faults)
    base = switches_module.read(top.mapping("switches", {}), "switches", faults, Switches())
    tokens = [_app(top.mapping("app"), faults)]
    tokens += [_token(one, f"extra_tokens[{at}]", faults) for at, one in enumerate(top.listing("extra_tokens", []))]
    wabas = tuple(_waba(one, f"wabas[{at}]", faults) for at, one in enumerate(top.listing("wabas")))
    numbers = tuple(_number(one, f"numbers[{at}]", faults, base) for at, one in enumerate(top.listing("numbers")))
    unknown_fields = top.texts("unknown_fields", ())
    top.close()
    _cross_check(tokens, wabas, numbers, faults)
    if faults:
        raise FileError(source, faults)
    return Fleet(tuple(tokens), wabas, numbers, base, unknown_fields)


def _app(data: Any, faults: list[str]) -> TokenConfig:
    fields = Fields(data, "app", faults)
    result = TokenConfig(
        app_id=fields.digits("id"),
        app_name=fields.text("name"),
        token=fields.text("token"),
        scopes=fields.texts("scopes", DEFAULT_SCOPES),
        expires_at=fields.whole("expires_at", 0),
        data_access_expires_at=fields.whole("data_access_expires_at", 0),
        of_developer=fields.flag("of_developer", True),
        webhook=_webhook(fields, "app.webhook", faults),
    )
    fields.close()
    return result


def _webhook(fields: Fields, where: str, faults: list[str]) -> WebhookConfig | None:
    """Read the key webhook of an app: null for none at all."""
    stated = fields.take("webhook", {})
    if stated is None:
        return None
    own = Fields(stated, where, faults)
    result = WebhookConfig(
        object=own.text("object", "whatsapp_business_account"),
        active=own.flag("active", True),
        fields=own.texts("fields", ("messages",)),
    )
    own.close()
    return result


def _token(data: Any, where: str, faults: list[str]) -> TokenConfig:
    fields = Fields(data, where, faults)
    app_id = fields.digits("app_id")
    of_app = fields.flag("of_app", False)
    result = TokenConfig(
        token=fields.text("token"),
        app_id=app_id,
        app_name=fields.text("app_name", f"App {app_id}"),
        scopes=fields.texts("scopes", () if of_app else DEFAULT_SCOPES),
        expires_at=fields.whole("expires_at", 0),
        data_access_expires_at=fields.whole("data_access_expires_at", 0),
        of_app=of_app,
        of_developer=fields.flag("of_developer", True),
        webhook=_webhook(fields, f"{where}.webhook", faults),
        waba_ids=fields.texts("waba_ids") if fields.has("waba_ids") else None,
    )
    fields.close()
    return result


def _waba(data: Any, where: str, faults: list[str]) -> WabaConfig:
    fields = Fields(data, where, faults)
    apps = []
    for at, one in enumerate(fields.listing("subscribed_apps", [])):
        app = Fields(one, f"{where}.subscribed_apps[{at}]", faults)
        apps.append(SubscriptionConfig(app.digits("id"), app.text("override_callback_uri", None)))
        app.close()
    templates = []
    for at, one in enumerate(fields.listing("templates", [])):
        template = Fields(one, f"{where}.templates[{at}]", faults)
        templates.append(
            {
                "id": template.digits("id", str(900000 + at)),
                "name": template.text("name"),
                "language": template.text("language", "en_US"),
                "status": template.text("status", "APPROVED"),
                "category": template.text("category", "UTILITY"),
                "quality": template.choice("quality", ("GREEN", "YELLOW", "RED", "UNKNOWN"), "GREEN"),
                "components": template.listing("components", []),
            }
        )
        template.close()
    result = WabaConfig(
        id=fields.digits("id"),
        name=fields.text("name"),
        business_verification_status=fields.text("business_verification_status", "verified"),
        account_review_status=fields.choice(
            "account_review_status", ("APPROVED", "PENDING", "REJECTED", "RESTRICTED"), "APPROVED"
        ),
        status=fields.choice("status", ("ACTIVE", "PENDING", "RESTRICTED", "DISABLED"), "ACTIVE"),
        primary_funding_id=fields.digits("primary_funding_id", None)
        if fields.has("primary_funding_id")
        else WabaConfig.primary_funding_id,
        subscribed_apps=tuple(apps),
        templates=tuple(templates),
    )
    fields.close()
    return result


def _number(data: Any, where: str, faults: list[str], base: Switches) -> NumberConfig:
    fields = Fields(data, where, faults)
    display = fields.text("display_phone_number")
    location = fields.choice("location", LOCATIONS, "on_premise")
    pin = fields.digits("pin", None)
    if pin and len(pin) != 6:
        fields.fault("pin must have six digits")
    node_data = fields.take("node", None)
    node = None if node_data is None else _node(node_data, f"{where}.node", faults, digits_of(display or ""), location)
    is_on_biz_app = fields.flag("is_on_biz_app", False)
    if location == "on_premise" and node_data is None and not (fields.flag("node_gone", False) or is_on_biz_app):
        fields.fault("location on_premise needs a node, or node_gone: true")
    result = NumberConfig(
        phone_number_id=fields.digits("phone_number_id"),
        waba_id=fields.digits("waba_id"),
        display_phone_number=display,
        verified_name=fields.text("verified_name"),
        location=location,
        pin=pin,
        oba=fields.flag("oba", False),
        quality_rating=fields.choice("quality_rating", ("GREEN", "YELLOW", "RED", "UNKNOWN"), "GREEN"),
        messaging_limit_tier=fields.choice(
            "messaging_limit_tier",
            ("TIER_50", "TIER_250", "TIER_1K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"),
            "TIER_1K",
        ),
        name_status=fields.choice(
            "name_status",
            ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", "DECLINED", "EXPIRED", "PENDING_REVIEW", "NONE"),
            "APPROVED",
        ),
        code_verification_status=fields.choice(
            "code_verification_status", ("VERIFIED", "NOT_VERIFIED", "EXPIRED"), "VERIFIED"
        ),
        account_mode=fields.choice("account_mode", ("LIVE", "SANDBOX"), "LIVE"),
        limited_by=fields.text("limited_by", None),
        recent_attempts=fields.whole("recent_attempts", 0),
        is_on_biz_app=is_on_biz_app,
        node=node,
        switches=switches_module.read(fields.mapping("switches", {}), f"{where}.switches", faults, base),
        codes=fields.texts("codes", ()),
    )
    if not all(len(code) == 6 and code.isascii() and code.isdigit() for code in result.codes):
        fields.fault("codes must have six digits each")
    fields.close()
    return result


def _node(data: Any, where: str, faults: list[str], number: str, location: str) -> NodeConfig:
    fields = Fields(data, where, faults)
    users = []
    for at, one in enumerate(fields.listing("users", [])):
        user = Fields(one, f"{where}.users[{at}]", faults)
        users.append((user.text("username"), user.text("password")))
        user.close()
    address = fields.text("address")
    if address and not _is_loopback(address):
        fields.fault(f"address must be a loopback IPv4 address, is {address!r}")
    queues = _figures(fields, "queues", "queue", QUEUES)
    traffic = _figures(fields, "traffic", "counter", TRAFFIC)
    result = NodeConfig(
        address=address,
        wa_id=fields.digits("wa_id", number),
        username=fields.text("username", "admin"),
        password=fields.text("password", "Secret-123"),
        users=tuple(users),
        api_key=fields.text("api_key", None),
        first_login=fields.flag("first_login", False),
        expired=fields.flag("expired", False),
        registered=fields.flag("registered", location == "on_premise"),
        connected=fields.flag("connected", location == "on_premise"),
        client_version=fields.text("client_version", "v2.61.1"),
        # Far in the future: the real last client expired on 2025-10-23, a rehearsal wants one that still runs.
        expire_timestamp=fields.whole("expire_timestamp", 4102444800),
        multiconnect=fields.flag("multiconnect", False),
        shards=fields.choice("shards", (1, 2, 4, 8, 16, 32), 1),
        queues=queues,
        traffic=traffic,
        profile=_profile(fields.mapping("profile", {}), f"{where}.profile", faults),
        webhooks=_webhooks(fields.mapping("webhooks", {}), f"{where}.webhooks", faults),
        starting=fields.choice("starting", ("", "uninitialized", "connecting"), ""),
        gateways_down=fields.whole("gateways_down", 0),
        coreapps_gone=fields.whole("coreapps_gone", 0),
        stickerpacks=fields.whole("stickerpacks", 0),
        webhook_ca=fields.flag("webhook_ca", False),
        media=_media(fields, f"{where}.media", faults),
    )
    if result.shards > 1 and not result.multiconnect:
        fields.fault("more than one shard needs multiconnect")
    fields.close()
    return result


def _figures(fields: Fields, name: str, what: str, known: tuple[str, ...]) -> dict[str, int]:
    figures = fields.mapping(name, {})
    for metric, value in figures.items():
        if metric not in known:
            fields.fault(f"unknown {what} {metric}")
        elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
            fields.fault(f"{what} {metric} must be a whole number of 0 or more")
    return dict(figures)


def _media(fields: Fields, where: str, faults: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, entry in fields.mapping("media", {}).items():
        one = Fields(entry, f"{where}.{name}", faults)
        found[str(name)] = {
            "type": one.text("type"),
            "content": one.text("content", str(name)),
            "size": one.whole("size", None),
        }
        one.close()
    return found


def _profile(data: dict[str, Any], where: str, faults: list[str]) -> dict[str, Any]:
    fields = Fields(data, where, faults)
    result = {
        "about": fields.text("about", "Hey there! I am using WhatsApp."),
        "address": fields.text("address", ""),
        "description": fields.text("description", ""),
        "email": fields.text("email", ""),
        "vertical": fields.text("vertical", ""),
        "websites": list(fields.texts("websites", [])),
        "photo": fields.text("photo", None),
    }
    fields.close()
    return result


def _webhooks(data: dict[str, Any], where: str, faults: list[str]) -> dict[str, Any]:
    fields = Fields(data, where, faults)
    result = {
        "url": fields.text("url", ""),
        "max_concurrent_requests": fields.choice("max_concurrent_requests", (6, 12, 18, 24), 6),
    }
    fields.close()
    return result


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_loopback
    except ValueError:
        return False


def _cross_check(
    tokens: Iterable[TokenConfig], wabas: Iterable[WabaConfig], numbers: Iterable[NumberConfig], faults: list[str]
) -> None:
    known = {waba.id for waba in wabas}
    _unique("token", [token.token for token in tokens], faults, secret=True)
    _unique("WABA id", [waba.id for waba in wabas], faults)
    _unique("phone_number_id", [number.phone_number_id for number in numbers], faults)
    _unique("display_phone_number", [digits_of(number.display_phone_number or "") for number in numbers], faults)
    _unique("node address", [number.node.address for number in numbers if number.node], faults)
    for number in numbers:
        if number.waba_id and number.waba_id not in known:
            faults.append(f"number {number.phone_number_id}: there is no WABA {number.waba_id}")
        if number.phone_number_id and number.phone_number_id in known:
            faults.append(f"number {number.phone_number_id}: a WABA has this id")


def _unique(label: str, values: list[str], faults: list[str], secret: bool = False) -> None:
    doubles = sorted(value for value, count in Counter(values).items() if value and count > 1)
    faults += [f"{label} is given twice" if secret else f"{label} {value} is given twice" for value in doubles]
