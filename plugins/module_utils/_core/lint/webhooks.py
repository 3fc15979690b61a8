# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what is different in a webhook event or an answer of the On-Premises API. Pure."""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Tuple

from .catalogue import ERROR_NUMBERS
from .rule import Hit, Pointer

_STATUSES = frozenset(("sent", "delivered", "read", "failed", "deleted", "warning"))
_MEDIA = ("audio", "document", "image", "sticker", "video", "voice")
_CLOUD_ID = re.compile(r"wamid\.")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_ONPREM_CODES = frozenset(ERROR_NUMBERS) | frozenset(
    {400, 408, 410, 429, 480, 500, 501, 1000, 1001, 1002, 1004, 1006, 1007, 1010, 1011, 1014, 1017, 1018, 1022}
    | {1023, 1024, 1025, 1028}
)


def is_event(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is a webhook event of the On-Premises API: messages, statuses or errors at its top."""
    if {"object", "messaging_product", "metadata", "entry", "field"} & set(found):
        return False
    messages, statuses = found.get("messages"), found.get("statuses")
    if _are(messages, _is_received):
        return True
    return _are(statuses, _is_status)


def is_errors(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is an answer or a webhook event with errors of the On-Premises API."""
    return not {"object", "messaging_product", "metadata", "data", "id", "entry"} & set(found) and _are(
        found.get("errors"), _is_onprem_error
    )


def is_sent_answer(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is the answer of the On-Premises API to a sent message."""
    meta = found.get("meta")
    return (
        isinstance(meta, Mapping)
        and "api_status" in meta
        and _are(found.get("messages"), lambda entry: isinstance(entry.get("id"), str) and "from" not in entry)
    )


def is_upload_answer(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is the answer of the On-Premises API to an upload of media."""
    return set(found) <= {"media", "meta", "errors"} and _are(
        found.get("media"), lambda entry: isinstance(entry.get("id"), str) and bool(_UUID.match(entry["id"]))
    )


def is_contact_check(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is the request of a contact check."""
    contacts = found.get("contacts")
    return (
        set(found) <= {"blocking", "contacts", "force_check"}
        and ("blocking" in found or "force_check" in found)
        and isinstance(contacts, list)
        and all(isinstance(entry, str) for entry in contacts)
    )


def is_contact_answer(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is the answer to a contact check."""
    return set(found) <= {"contacts", "meta", "errors"} and _are(
        found.get("contacts"),
        lambda entry: "input" in entry and entry.get("status") in ("valid", "invalid", "processing", "failed"),
    )


def _are(found: Any, test: Any) -> bool:
    return (
        isinstance(found, list) and bool(found) and all(isinstance(entry, Mapping) and test(entry) for entry in found)
    )


def _is_received(entry: Mapping[str, Any]) -> bool:
    identity = entry.get("id")
    return (
        isinstance(entry.get("from"), (str, int))
        and isinstance(identity, str)
        and not _CLOUD_ID.match(identity)
        and "timestamp" in entry
        and isinstance(entry.get("type"), str)
    )


def _is_status(entry: Mapping[str, Any]) -> bool:
    identity = entry.get("id")
    return (
        isinstance(identity, str)
        and not _CLOUD_ID.match(identity)
        and entry.get("status") in _STATUSES
        and ("recipient_id" in entry or isinstance(entry.get("message"), Mapping))
        and "timestamp" in entry
    )


def _is_onprem_error(entry: Mapping[str, Any]) -> bool:
    return (
        entry.get("code") in _ONPREM_CODES
        and not isinstance(entry.get("code"), bool)
        and isinstance(entry.get("title"), str)
        and "error_data" not in entry
        and set(entry) <= {"code", "title", "details", "href"}
    )


def check(found: Mapping[str, Any]) -> List[Hit]:
    """Return what is different for one event."""
    hits = [Hit("L17", ())]
    for message, at in _each(found.get("messages"), ("messages",)):
        hits.extend(_received(message, at))
    for status, at in _each(found.get("statuses"), ("statuses",)):
        hits.extend(_status(status, at))
    for error, at in _each(found.get("errors"), ("errors",)):
        hits.append(Hit("L49", at, _numbers(error)))
    return hits


def _each(node: Any, start: Pointer) -> Iterator[Tuple[Mapping[str, Any], Pointer]]:
    for at, entry in enumerate(node if isinstance(node, list) else ()):
        if isinstance(entry, Mapping):
            yield entry, (*start, at)


def _received(message: Mapping[str, Any], at: Pointer) -> Iterator[Hit]:
    kind = message.get("type")
    yield Hit("L19", (*at, "id"), str(message.get("id"))[:24])
    if kind == "voice":
        yield Hit("L18", (*at, "type"))
    if kind == "unknown":
        yield Hit("L40", (*at, "type"))
    if kind == "ephemeral":
        yield Hit("L42", (*at, "type"))
    if isinstance(message.get("timestamp"), (int, float)):
        yield Hit("L21", (*at, "timestamp"))
    for name in _MEDIA:
        body = message.get(name)
        if isinstance(body, Mapping):
            if "file" in body:
                yield Hit("L20", (*at, name, "file"))
            if body.get("status") == "undownloaded":
                yield Hit("L48", (*at, name, "status"))
    system = message.get("system")
    if isinstance(system, Mapping) and "new_wa_id" in system:
        yield Hit("L26", (*at, "system", "new_wa_id"))
    if isinstance(message.get("identity"), Mapping):
        yield Hit("L46", (*at, "identity"))
    if "group_id" in message:
        yield Hit("L27", (*at, "group_id"))


def _status(status: Mapping[str, Any], at: Pointer) -> Iterator[Hit]:
    yield Hit("L19", (*at, "id"), str(status.get("id"))[:24])
    if status.get("status") == "deleted":
        yield Hit("L41", (*at, "status"))
    for name in ("timestamp", "recipient_id"):
        if isinstance(status.get(name), (int, float)):
            yield Hit("L21", (*at, name))
    for error, inner in _each(status.get("errors"), (*at, "errors")):
        if "error_data" not in error:
            yield Hit("L22", inner, _numbers(error))
    pricing = status.get("pricing")
    if isinstance(pricing, Mapping) and pricing.get("pricing_model") == "CBP":
        yield Hit("L45", (*at, "pricing", "pricing_model"))


def _numbers(error: Mapping[str, Any]) -> str:
    code = error.get("code")
    counterpart = ERROR_NUMBERS.get(code) if isinstance(code, int) else None
    if counterpart is None:
        return "%s" % (code,) if isinstance(code, int) else ""
    return "%s is %s on the Cloud API" % (code, counterpart)
