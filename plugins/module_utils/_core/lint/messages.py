# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the Cloud API refuses in a message that an application sends, or treats differently. Pure."""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Sequence, Tuple

from ..._failure import counted
from . import cloud_shapes
from .rule import Hit, Pointer

ONPREM_TYPES = frozenset(("hsm", "button", "voice"))
# Properties with a rule of their own, so that each is reported once.
_NAMED = {
    "": {"hsm", "ttl", "render_mentions", "button"},
    "template": {"namespace"},
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.IGNORECASE)
_ONPREM_MESSAGE_ID = re.compile(r"(?:g[A-Z]|A)[A-Z]{2}[GE][A-Za-z0-9_-]{12,}\Z")
# Brazil, Mexico and Ivory Coast, as whole numbers without a plus.
_TWO_FORMS = re.compile(r"\+?(?:55[1-9][0-9]{9,10}|521?[1-9][0-9]{9}|225[0-9]{8}(?:[0-9]{2})?)\Z")
_BUTTON_TYPES = ("button", "BUTTON")


def is_message(found: Mapping[str, Any]) -> bool:
    """Tell whether an object is a message to send, or marks one as read.

    It names a recipient and holds the object of its type. Without a type, it is a text.
    """
    if found.get("status") == "read" and ("message_id" in found or found.get("messaging_product") == "whatsapp"):
        return not isinstance(found.get("from"), str)
    kind = found.get("type", "text")
    if not isinstance(kind, str) or "to" not in found or "from" in found:
        return False
    if not isinstance(found["to"], (str, int)) or isinstance(found["to"], bool):
        return False
    body = found.get(kind)
    if kind in ("button", "hsm"):
        return isinstance(body, Mapping)
    if kind not in cloud_shapes.TYPES:
        return found.get("messaging_product") == "whatsapp" and "type" in found
    if kind == "contacts":
        return isinstance(body, list) and ("type" in found) and _marked(found)
    if not isinstance(body, Mapping):
        return False
    return _marked(found) or _typical(kind, body)


def _marked(found: Mapping[str, Any]) -> bool:
    return found.get("messaging_product") == "whatsapp" or found.get("recipient_type") in ("individual", "group")


def _typical(kind: str, body: Mapping[str, Any]) -> bool:
    if kind == "text":
        return isinstance(body.get("body"), str) and set(body) <= {"body", "preview_url"}
    if kind in cloud_shapes.MEDIA_TYPES:
        return isinstance(body.get("id"), str) != isinstance(body.get("link"), str)
    if kind == "template":
        return isinstance(body.get("name"), str) and isinstance(body.get("language"), Mapping)
    if kind == "interactive":
        return isinstance(body.get("action"), Mapping) and isinstance(body.get("type"), str)
    if kind == "location":
        return "latitude" in body and "longitude" in body
    return False


def is_onprem(found: Mapping[str, Any]) -> bool:
    """Tell whether a message is written for the On-Premises API: it names no product."""
    return "messaging_product" not in found


def check(found: Mapping[str, Any]) -> List[Hit]:
    """Return what is different for one message."""
    hits: List[Hit] = []
    if "messaging_product" not in found:
        hits.append(Hit("L01", (), ""))
    if found.get("status") == "read" and "message_id" in found and "to" not in found:
        return hits
    hits.extend(_top(found))
    hits.extend(_unknown(found, (), ""))
    hits.extend(_limits(found, (), ""))
    for kind in cloud_shapes.MEDIA_TYPES:
        hits.extend(_media(found.get(kind), (kind,)))
    interactive = found.get("interactive")
    if isinstance(interactive, Mapping):
        hits.extend(_interactive(interactive))
    template = found.get("template")
    if isinstance(template, Mapping):
        hits.extend(_template(template, ("template",), is_onprem(found)))
    if is_onprem(found):
        hits.extend(_for_information(found))
    return hits


def _top(found: Mapping[str, Any]) -> Iterator[Hit]:
    kind = found.get("type", "text")
    if kind == "hsm" or "hsm" in found:
        yield Hit("L11", ("hsm",) if "hsm" in found else ("type",))
        hsm = found.get("hsm")
        language = hsm.get("language") if isinstance(hsm, Mapping) else None
        if isinstance(language, Mapping) and language.get("policy") == "fallback":
            yield Hit("L10", ("hsm", "language", "policy"))
    if kind == "button" or "button" in found:
        yield Hit("L13", ("button",) if "button" in found else ("type",))
    for name in ("ttl", "render_mentions"):
        if name in found:
            yield Hit("L44", (name,), name)
    if found.get("recipient_type") == "group" and is_onprem(found):
        yield Hit("L44", ("recipient_type",), "recipient_type group")
    context = found.get("context")
    identity = context.get("message_id") if isinstance(context, Mapping) else None
    if isinstance(identity, str) and _ONPREM_MESSAGE_ID.match(identity):
        yield Hit("L19", ("context", "message_id"), identity[:24])


def _unknown(node: Any, pointer: Pointer, path: str) -> Iterator[Hit]:
    """Yield the properties that no documented object has."""
    if isinstance(node, list):
        for at, entry in enumerate(node):
            yield from _unknown(entry, (*pointer, at), path)
        return
    known = cloud_shapes.PROPERTIES.get(path)
    if not isinstance(node, Mapping) or known is None:
        return
    if not path and not _checkable(node):
        return
    for name, inner in node.items():
        below = "%s.%s" % (path, name) if path else str(name)
        if name not in known:
            own = name == "provider" and path.rsplit(".", maxsplit=1)[-1] in _MEDIA
            if name not in _NAMED.get(path, ()) and not own:
                yield Hit("L03", (*pointer, name), str(name)[:64])
        else:
            yield from _unknown(inner, (*pointer, name), below)


_MEDIA = frozenset(cloud_shapes.MEDIA_TYPES)


def _checkable(found: Mapping[str, Any]) -> bool:
    """Tell whether the type is one that the description has; a later one is not judged."""
    return found.get("type", "text") in cloud_shapes.TYPES | ONPREM_TYPES


def _limits(node: Any, pointer: Pointer, path: str) -> Iterator[Hit]:
    if isinstance(node, list):
        most = cloud_shapes.COUNTS.get(path)
        if most is not None and len(node) > most:
            yield Hit("L51", pointer, "%d of at most %d" % (len(node), most))
        for at, entry in enumerate(node):
            yield from _limits(entry, (*pointer, at), path)
    elif isinstance(node, Mapping):
        if path and path not in cloud_shapes.PROPERTIES:
            return
        for name, inner in node.items():
            if isinstance(name, str):
                yield from _limits(inner, (*pointer, name), "%s.%s" % (path, name) if path else name)
    elif isinstance(node, str):
        longest = cloud_shapes.LENGTHS.get(path)
        if longest is not None and len(node) > longest:
            yield Hit("L51", pointer, "%s of at most %d" % (counted(len(node), "character"), longest))


def _media(node: Any, pointer: Pointer) -> Iterator[Hit]:
    if not isinstance(node, Mapping):
        return
    identity = node.get("id")
    if isinstance(identity, str) and _UUID.match(identity):
        yield Hit("L06", (*pointer, "id"), identity)
    if "provider" in node:
        yield Hit("L08", (*pointer, "provider"))


def _spaces(node: Any, pointer: Pointer, names: Sequence[str]) -> Iterator[Hit]:
    if isinstance(node, Mapping):
        for name in names:
            value = node.get(name)
            if isinstance(value, str) and value and value != value.strip():
                yield Hit("L05", (*pointer, name), "spaces only" if not value.strip() else repr(value[:24]))


def _each(node: Any, pointer: Pointer) -> Iterator[Tuple[Any, Pointer]]:
    if isinstance(node, list):
        for at, entry in enumerate(node):
            yield entry, (*pointer, at)


def _interactive(found: Mapping[str, Any]) -> Iterator[Hit]:
    header = found.get("header")
    if isinstance(header, Mapping):
        for kind in cloud_shapes.MEDIA_TYPES:
            yield from _media(header.get(kind), ("interactive", "header", kind))
    body = found.get("body")
    text = body.get("text") if isinstance(body, Mapping) else None
    longest = cloud_shapes.LIST_BODY_LENGTH if found.get("type") == "list" else cloud_shapes.BODY_LENGTH
    if isinstance(text, str) and found.get("type") in ("list", "button") and len(text) > longest:
        yield Hit(
            "L51", ("interactive", "body", "text"), "%s of at most %d" % (counted(len(text), "character"), longest)
        )
    action = found.get("action")
    if not isinstance(action, Mapping):
        return
    start: Pointer = ("interactive", "action")
    yield from _spaces(action, start, ("button",))
    for button, at in _each(action.get("buttons"), (*start, "buttons")):
        if isinstance(button, Mapping):
            yield from _spaces(button.get("reply"), (*at, "reply"), ("id", "title"))
    rows = 0
    for section, at in _each(action.get("sections"), (*start, "sections")):
        if not isinstance(section, Mapping):
            continue
        yield from _spaces(section, at, ("title",))
        for row, inner in _each(section.get("rows"), (*at, "rows")):
            rows += 1
            yield from _spaces(row, inner, ("id", "title", "description"))
    if rows > cloud_shapes.ROWS and all(
        isinstance(section, Mapping) and len(section.get("rows") or ()) <= cloud_shapes.ROWS
        for section in action.get("sections") or ()
    ):
        yield Hit("L51", (*start, "sections"), "%s of at most %d" % (counted(rows, "row"), cloud_shapes.ROWS))


def _template(found: Mapping[str, Any], start: Pointer, onprem: bool) -> Iterator[Hit]:
    if "namespace" in found:
        yield Hit("L09", (*start, "namespace"))
    language = found.get("language")
    if isinstance(language, Mapping) and language.get("policy") == "fallback":
        yield Hit("L10", (*start, "language", "policy"))
    yield from _components(found.get("components"), (*start, "components"), onprem)


def _components(components: Any, start: Pointer, onprem: bool) -> Iterator[Hit]:
    for component, at in _each(components, start):
        if not isinstance(component, Mapping):
            continue
        parameters = component.get("parameters")
        if component.get("type") in _BUTTON_TYPES:
            if "index" not in component:
                yield Hit("L04", at)
            elif onprem and isinstance(component["index"], int):
                yield Hit("L43", (*at, "index"))
        if isinstance(parameters, Mapping):
            yield Hit("L12", (*at, "parameters"))
            parameters = [parameters]
        for parameter, inner in _each(parameters, (*at, "parameters")):
            if isinstance(parameter, Mapping):
                for kind in cloud_shapes.MEDIA_TYPES:
                    yield from _media(parameter.get(kind), (*inner, kind))
        for card, inner in _each(component.get("cards"), (*at, "cards")):
            if isinstance(card, Mapping):
                yield from _components(card.get("components"), (*inner, "components"), onprem)


def _for_information(found: Mapping[str, Any]) -> Iterator[Hit]:
    to = found.get("to")
    if isinstance(to, (str, int)) and _TWO_FORMS.match(str(to)[:32]):
        yield Hit("L29", ("to",))
    for link, at in links(found):
        yield Hit("L07", at, host_of(link))


def links(found: Mapping[str, Any]) -> Iterator[Tuple[str, Pointer]]:
    """Yield each media link of a message, with where it is."""
    stack: List[Tuple[Any, Pointer]] = [(found, ())]
    while stack:
        node, at = stack.pop()
        if isinstance(node, Mapping):
            for name, inner in node.items():
                if name in _MEDIA and isinstance(inner, Mapping) and isinstance(inner.get("link"), str):
                    yield inner["link"], (*at, name, "link")
                elif isinstance(inner, (Mapping, list)):
                    stack.append((inner, (*at, name)))
        else:
            stack.extend(
                (inner, (*at, number)) for number, inner in enumerate(node) if isinstance(inner, (Mapping, list))
            )


def host_of(link: str) -> str:
    """Return the host of a link, "" where it has none."""
    found = re.match(r"[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?([^/:?#\s]+)", link, re.IGNORECASE)
    return found.group(1).lower() if found else ""
