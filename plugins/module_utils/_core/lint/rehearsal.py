# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what an event of one API is on the other, for a rehearsal. Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple

from . import webhooks
from .catalogue import ERROR_NUMBERS

_BACK = {130472: 472, 130429: 1015, 131026: 1013}
_OLD_NUMBERS: Dict[int, int] = {**{new: old for old, new in reversed(list(ERROR_NUMBERS.items()))}, **_BACK}
_DOCS = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Recipient(NamedTuple):
    """The number whose events they are."""

    waba_id: str
    phone_number_id: str
    display_phone_number: str


def _documents(document: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, Mapping):
        yield document
    elif isinstance(document, list):
        yield from (entry for entry in document if isinstance(entry, Mapping))


def as_cloud(document: Any, recipient: Recipient) -> Iterator[Dict[str, Any]]:
    """Yield each On-Premises event of a document in the shape of the Cloud API.

    What the On-Premises event does not say, such as the name in metadata, comes from ``recipient``. IDs stay as they
    are: those of the Cloud API are known only when it sends them.
    """
    for event in _documents(document):
        if not webhooks.is_event(event) and not webhooks.is_errors(event):
            continue
        value: Dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": recipient.display_phone_number,
                "phone_number_id": recipient.phone_number_id,
            },
        }
        messages = [_cloud_message(one) for one in event.get("messages") or () if isinstance(one, Mapping)]
        system = any(one.get("type") == "system" for one in messages)
        if event.get("contacts") and not system:
            value["contacts"] = deepcopy(event["contacts"])
        if messages:
            value["messages"] = messages
        if event.get("statuses"):
            value["statuses"] = [_cloud_status(one) for one in event["statuses"] if isinstance(one, Mapping)]
        if event.get("errors"):
            value["errors"] = [_cloud_error(one) for one in event["errors"] if isinstance(one, Mapping)]
        change = {"value": value, "field": "messages"}
        yield {"object": "whatsapp_business_account", "entry": [{"id": recipient.waba_id, "changes": [change]}]}


def _cloud_message(found: Mapping[str, Any]) -> Dict[str, Any]:
    message: Dict[str, Any] = deepcopy(dict(found))
    if message.get("type") == "voice":
        message["type"] = "audio"
        voice = message.pop("voice", None)
        message["audio"] = {**(voice if isinstance(voice, dict) else {}), "voice": True}
    elif message.get("type") == "audio" and isinstance(message.get("audio"), dict):
        message["audio"].setdefault("voice", False)
    elif message.get("type") in ("unknown", "ephemeral"):
        message["type"] = "unsupported"
        details = {"details": "Message type is not currently supported"}
        title = "Message type unknown"
        message["errors"] = [{"code": 131051, "title": title, "message": title, "error_data": details}]
    for name in ("audio", "document", "image", "sticker", "video"):
        if isinstance(message.get(name), dict):
            message[name].pop("file", None)
            message[name].pop("status", None)
    system = message.get("system")
    if isinstance(system, dict) and "new_wa_id" in system:
        system["wa_id"] = system.pop("new_wa_id")
    message.pop("identity", None)
    if "timestamp" in message:
        message["timestamp"] = str(message["timestamp"])
    return message


def _cloud_status(found: Mapping[str, Any]) -> Dict[str, Any]:
    status: Dict[str, Any] = deepcopy(dict(found))
    inner = status.pop("message", None)
    status.pop("type", None)
    if "recipient_id" not in status and isinstance(inner, dict) and "recipient_id" in inner:
        status["recipient_id"] = inner["recipient_id"]
    for name in ("timestamp", "recipient_id"):
        if name in status:
            status[name] = str(status[name])
    if isinstance(status.get("errors"), list):
        status["errors"] = [_cloud_error(one) for one in status["errors"] if isinstance(one, Mapping)]
    return status


def _cloud_error(found: Mapping[str, Any]) -> Dict[str, Any]:
    code = found.get("code")
    title = str(found.get("title") or "")
    new = ERROR_NUMBERS.get(code, code) if isinstance(code, int) else code
    details = {"details": str(found.get("details") or title)}
    return {"code": new, "title": title, "message": title, "error_data": details, "href": _DOCS}


def as_onprem(document: Any, _recipient: Recipient) -> Iterator[Dict[str, Any]]:
    """Yield each event of the Cloud API in a document in the shape of the On-Premises API, one for each change."""
    for event in _documents(document):
        if event.get("object") != "whatsapp_business_account":
            continue
        for entry in _list(event.get("entry")):
            for change in _list(entry.get("changes")):
                value = change.get("value")
                if change.get("field") == "messages" and isinstance(value, Mapping):
                    yield _onprem_event(value)


def _list(found: Any) -> List[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _onprem_event(value: Mapping[str, Any]) -> Dict[str, Any]:
    event: Dict[str, Any] = {}
    if value.get("contacts"):
        event["contacts"] = deepcopy(value["contacts"])
    if value.get("messages"):
        event["messages"] = [_onprem_message(one) for one in _list(value["messages"])]
    if value.get("statuses"):
        event["statuses"] = [_onprem_status(one) for one in _list(value["statuses"])]
    if value.get("errors"):
        event["errors"] = [_onprem_error(one) for one in _list(value["errors"])]
    return event


def _onprem_message(found: Mapping[str, Any]) -> Dict[str, Any]:
    message: Dict[str, Any] = deepcopy(dict(found))
    audio = message.get("audio")
    if message.get("type") == "audio" and isinstance(audio, dict):
        spoken = audio.pop("voice", False)
        if spoken:
            message["type"] = "voice"
            message["voice"] = message.pop("audio")
    elif message.get("type") == "unsupported":
        message["type"] = "unknown"
        message.pop("unsupported", None)
        message["errors"] = [{"code": 501, "title": "Unknown message type", "details": "Message type is not supported"}]
    system = message.get("system")
    if isinstance(system, dict) and "wa_id" in system:
        system["new_wa_id"] = system.pop("wa_id")
    return message


def _onprem_status(found: Mapping[str, Any]) -> Dict[str, Any]:
    status: Dict[str, Any] = deepcopy(dict(found))
    if isinstance(status.get("errors"), list):
        status["errors"] = [_onprem_error(one) for one in _list(status["errors"])]
    return status


def _onprem_error(found: Mapping[str, Any]) -> Dict[str, Any]:
    code = found.get("code")
    data = found.get("error_data")
    error: Dict[str, Any] = {
        "code": _OLD_NUMBERS.get(code, code) if isinstance(code, int) else code,
        "title": str(found.get("title") or found.get("message") or ""),
    }
    details = data.get("details") if isinstance(data, Mapping) else None
    if details:
        error["details"] = str(details)
    if found.get("href"):
        error["href"] = found["href"]
    return error
