# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure rules: a webhook body of the Cloud API, taken apart into events that are stored and handed on one by one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What preflight sends as a sample has such an ID.
SAMPLE = "wamid.TEST"
MESSAGE, STATUS, ERROR, OTHER, UNKNOWN = "message", "status", "error", "other", "unknown"


class MalformedError(Exception):
    """The body is no JSON object, and no repetition of it will be."""


@dataclass(frozen=True)
class Event:
    """One event of a body.

    kind: message, status, error (of the number), other (a field that the On-Premises API never sent), or unknown
    (signed by Meta, but in a shape that is not known). contact: within it the order is kept. key: 16 bytes that are the
    same for a repetition by Meta. body: the event as JSON, in the shape of the Cloud API.
    """

    kind: str
    number: str
    contact: str
    key: bytes
    body: str

    @property
    def real(self) -> bool:
        """Tell whether it shows that webhooks of its number arrive: a message or a status that is no sample."""
        return self.kind in (MESSAGE, STATUS) and bool(self.number) and SAMPLE not in self.body


def parse(body: bytes) -> Any:
    """Return the JSON of a body; raise MalformedError for what is none, too deep, or has numbers beyond JSON."""

    def refuse(constant: str) -> Any:
        raise MalformedError(f"{constant} is no JSON")

    try:
        found = json.loads(body.decode("utf-8"), parse_constant=refuse)
    except RecursionError:
        raise MalformedError("nested too deeply") from None
    except ValueError as error:
        raise MalformedError(f"no JSON: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise MalformedError("no JSON object")
    return found


def _text(value: Any) -> str:
    """Return an id as a text that every store takes, whatever was in its place."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)[:512].encode("utf-8", "backslashreplace").decode()
    return ""


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _contact(item: Mapping[str, Any], user: str, phone: str) -> str:
    """Return who an event is about: the business-scoped user ID, which each event of a user has, else the number."""
    return _text(item.get("group_id")) or _text(item.get(user)) or _text(item.get(phone))


def _of_contact(contacts: list[Any], item: Mapping[str, Any]) -> list[Any]:
    """Return the entries of ``contacts`` that belong to a message; all of them if none can be told from the others."""
    names = {_text(item.get("from")), _text(item.get("from_user_id"))} - {""}
    fitting = [
        one
        for one in contacts
        if isinstance(one, Mapping) and names & {_text(one.get("wa_id")), _text(one.get("user_id"))}
    ]
    return fitting or contacts


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise TypeError(name)
    return found


def _messages(value: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Event]:
    number = _text(metadata.get("phone_number_id"))
    base = {"metadata": metadata}
    contacts = _list(value, "contacts")
    messages, statuses, errors = (_list(value, name) for name in ("messages", "statuses", "errors"))
    for item in messages:
        body = _dump(base | {"contacts": _of_contact(contacts, item), "messages": [item]})
        key = _key(MESSAGE, number, _text(item.get("id")) or body)
        yield Event(MESSAGE, number, _contact(item, "from_user_id", "from"), key, body)
    for item in statuses:
        body = _dump(base | {"contacts": contacts, "statuses": [item]} if contacts else base | {"statuses": [item]})
        # of a message to a group each participant has a status of its own
        names = ("id", "status", "timestamp", "recipient_id", "recipient_participant_id", "recipient_user_id")
        parts = [_text(item.get(name)) for name in names]
        key = _key(STATUS, number, *(parts if parts[0] else [body]))
        yield Event(STATUS, number, _contact(item, "recipient_user_id", "recipient_id"), key, body)
    for item in errors:
        body = _dump(base | {"errors": [item]})
        yield Event(ERROR, number, "", _key(ERROR, number, body), body)
    if not (messages or statuses or errors):
        body = _dump(value)
        yield Event(OTHER, number, "", _key(OTHER, body), body)


def split(document: Mapping[str, Any]) -> list[Event]:
    """Return the events of a parsed body, in their order.

    What Meta signed is never refused: a part in an unknown shape is an event of the kind unknown.
    """
    try:
        entries = _list(document, "entry")
        if document.get("object") != "whatsapp_business_account" or not entries:
            raise TypeError("object")
        return [event for entry in entries for event in _entry(entry)]
    except TypeError:
        body = _dump(document)
        return [Event(UNKNOWN, "", "", _key(UNKNOWN, body), body)]


def _entry(entry: Mapping[str, Any]) -> Iterator[Event]:
    for change in _list(entry, "changes"):
        value = change.get("value")
        if change.get("field") != "messages":
            # the same change of an account can come again at another time, which Meta states in the entry
            body = _dump({"entry_id": entry.get("id"), "time": entry.get("time"), **change})
            yield Event(OTHER, "", "", _key(OTHER, body), body)
            continue
        if not isinstance(value, Mapping) or not isinstance(value.get("metadata", {}), Mapping):
            raise TypeError("value")
        yield from _messages(value, value.get("metadata", {}))
