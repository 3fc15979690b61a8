# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure rules: one event of the Cloud API in the shape of the On-Premises API.

Fields that both have stay as they are, unknown ones too: an old consumer skips what it does not know, and a field
that is missing is lost. Left out is only what is known to belong to the Cloud API alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import errors

MEDIA = ("audio", "document", "image", "sticker", "video", "voice")
CLOUD_MEDIA = {"url", "voice"}
CLOUD_MESSAGE = {"from_user_id", "from_parent_user_id", "unsupported", "audio"}
CLOUD_CONTACT = {"user_id", "parent_user_id", "identity_key_hash"}
CLOUD_STATUS = {"recipient_user_id", "parent_recipient_user_id", "recipient_identity_key_hash"}
SYSTEM_TYPES = {
    "customer_changed_number": "user_changed_number",
    "customer_identity_changed": "user_identity_changed",
}


@dataclass(frozen=True)
class Shape:
    """What published facts leave open on the old shape, as settings.

    played: what becomes of the status ``played``, which the On-Premises API did not have: read, keep or drop.
    timestamps: string or integer. user_id_as_wa_id: what stands for a missing number. error_codes: Cloud API -> old.
    """

    played: str = "drop"
    timestamps: str = "string"
    user_id_as_wa_id: bool = True
    error_codes: Mapping[int, int] = field(default_factory=dict)


def to_onprem(value: Mapping[str, Any], shape: Shape) -> dict[str, Any] | None:
    """Return an event in the old shape, None for one that the old API could not have sent (by the settings)."""
    result: dict[str, Any] = {}
    contacts = [_contact(one, shape) for one in value.get("contacts") or [] if isinstance(one, Mapping)]
    if contacts and "messages" in value:
        result["contacts"] = contacts
    if "messages" in value:
        result["messages"] = [_message(one, shape) for one in value["messages"]]
    if "statuses" in value:
        found = [_status(one, shape) for one in value["statuses"]]
        kept = [one for one in found if one is not None]
        if not kept:
            return None
        result["statuses"] = kept
    if "errors" in value:
        result["errors"] = _errors(value["errors"], shape)
    return result


def _without(item: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in names}


def _errors(found: Any, shape: Shape) -> list[dict[str, Any]]:
    every = found if isinstance(found, list) else [found]
    return [errors.to_onprem(one, shape.error_codes) for one in every]


def _named(result: dict[str, Any], name: str, user: Any, shape: Shape) -> None:
    """Let the business-scoped user ID stand for a number that Meta has left out."""
    if not result.get(name) and user and shape.user_id_as_wa_id:
        result[name] = user


def _timestamp(result: dict[str, Any], shape: Shape) -> None:
    stamp = result.get("timestamp")
    if isinstance(stamp, bool) or not isinstance(stamp, (int, str)):
        return
    text = str(stamp)[:20]
    if shape.timestamps == "string":
        result["timestamp"] = text
    elif text.isascii() and text.isdigit():
        result["timestamp"] = int(text)


def _contact(item: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    result = _without(item, CLOUD_CONTACT)
    _named(result, "wa_id", item.get("user_id"), shape)
    return result


def _message(item: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    result = _without(item, CLOUD_MESSAGE)
    _named(result, "from", item.get("from_user_id"), shape)
    _timestamp(result, shape)
    for name in MEDIA:
        media = item.get(name)
        if isinstance(media, Mapping):
            # push-to-talk has a type of its own in the old shape
            spoken = name == "audio" and media.get("voice") is True
            result["voice" if spoken else name] = _without(media, CLOUD_MEDIA)
            if spoken and result.get("type") == "audio":
                result["type"] = "voice"
        elif media is not None:
            result[name] = media
    if "errors" in item:
        result["errors"] = _errors(item["errors"], shape)
    if item.get("type") == "unsupported":
        result["type"] = "unknown"
        result.setdefault("errors", _errors([{"code": 131051}], shape))
    if isinstance(item.get("system"), Mapping):
        result["system"] = _system(item["system"])
    return result


def _system(item: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(item)
    kind = item.get("type")
    if isinstance(kind, str):
        result["type"] = SYSTEM_TYPES.get(kind, kind)
    if "wa_id" in item and result.get("type") == "user_changed_number":
        result["new_wa_id"] = result.pop("wa_id")
    return result


def _status(item: Mapping[str, Any], shape: Shape) -> dict[str, Any] | None:
    result = _without(item, CLOUD_STATUS)
    if item.get("status") == "played" and shape.played != "keep":
        if shape.played == "drop":
            return None
        result["status"] = "read"
    _named(result, "recipient_id", item.get("recipient_user_id"), shape)
    _timestamp(result, shape)
    if "errors" in item:
        result["errors"] = _errors(item["errors"], shape)
    return result
