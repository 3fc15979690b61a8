# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages by a template, the one kind that this simulator sends, and the settings of a number."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Any

from ..call import Call, Reply
from ..config import digits_of
from ..refusal import GraphError
from ..strict import InputError, Key, check, mapping, one_of, read_body, text

_TO = re.compile(r"\+?[0-9]{7,15}")
_PLACEHOLDER = re.compile(r"\{\{\s*[A-Za-z0-9_]+\s*\}\}")
# What a template that cannot be used answers, by its status; any other status than APPROVED is no template.
_UNUSABLE = {"PAUSED": 132015, "DISABLED": 132016}


def _to(value: Any) -> str | None:
    return None if isinstance(value, str) and _TO.fullmatch(value) else "must be a phone number"


def _list(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return None if good else "must be an array of objects"


_MESSAGE = {
    "messaging_product": Key(one_of("whatsapp")),
    "recipient_type": Key(one_of("individual"), required=False),
    "to": Key(_to),
    "type": Key(text),
    "template": Key(mapping, required=False),
    "biz_opaque_callback_data": Key(text, required=False),
}
_TEMPLATE = {"name": Key(text), "language": Key(mapping), "components": Key(_list, required=False)}
_LANGUAGE = {"code": Key(text), "policy": Key(one_of("deterministic"), required=False)}
_COMPONENT = {"type": Key(one_of("body")), "parameters": Key(_list)}
_PARAMETER = {"type": Key(one_of("text")), "text": Key(text)}


def send(call: Call) -> Reply:
    """Send a template message; the recipient is in the ledger by its digest only."""
    number = call.needs_number()
    body = read_body(call, _MESSAGE)
    to = digits_of(body["to"])
    call.fingerprint("to", to)
    if number.location != "cloud":
        raise GraphError(133010)
    if body["type"] != "template":
        raise GraphError(131051, "This simulator sends templates only")
    if "template" not in body:
        raise InputError("missing", "template")
    if to == number.wa_id:
        raise GraphError(131021)
    _check_template(call, _shaped(body["template"], _TEMPLATE, "template"))
    number.messages[to] = number.messages.get(to, 0) + 1
    call.did("message_sent")
    # As Meta's, the ID of a message holds the number of its recipient.
    message_id = "wamid." + base64.b64encode(f"{to}.{secrets.token_hex(8)}".encode()).decode()
    return Reply(
        {
            "messaging_product": "whatsapp",
            "contacts": [{"input": body["to"], "wa_id": to}],
            "messages": [{"id": message_id, "message_status": "accepted"}],
        }
    )


def _check_template(call: Call, wanted: dict[str, Any]) -> None:
    language = _shaped(wanted["language"], _LANGUAGE, "template.language")["code"]
    waba = call.world.wabas[call.needs_number().waba_id]
    found = [one for one in waba.templates if (one["name"], one["language"]) == (wanted["name"], language)]
    if not found or found[0]["status"] not in ("APPROVED", *_UNUSABLE):
        raise GraphError(132001, f"template name ({wanted['name']}) does not exist in {language}")
    if found[0]["status"] in _UNUSABLE:
        raise GraphError(_UNUSABLE[found[0]["status"]])
    given = 0
    for component in wanted.get("components", []):
        parameters = _shaped(component, _COMPONENT, "component")["parameters"]
        given += len([_shaped(one, _PARAMETER, "parameter") for one in parameters])
    texts = [str(one.get("text", "")) for one in found[0]["components"] if one.get("type") == "BODY"]
    expected = len(set(_PLACEHOLDER.findall(" ".join(texts))))
    if given != expected:
        raise GraphError(132000, f"body: number of localizable_params ({given}) does not match ({expected})")


def _shaped(value: dict[str, Any], shape: dict[str, Key], where: str) -> dict[str, Any]:
    for key in value:
        if key not in shape:
            raise InputError("unknown", f"{where}.{key}")
    return check(value, shape)


def settings(call: Call) -> Reply:
    if call.needs_number().location != "cloud":
        raise GraphError(133010)
    return Reply(
        {
            "calling": {"status": "DISABLED"},
            "payload_encryption": {"status": "DISABLED"},
            "storage_configuration": {"status": "DEFAULT"},
        }
    )
