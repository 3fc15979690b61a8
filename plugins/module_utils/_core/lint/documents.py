# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: finds messages, events and requests inside of a parsed document, and checks each. Pure."""

from __future__ import annotations

import json
from typing import Any, Callable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import counted
from . import endpoints, messages, webhooks
from .rule import Hit, Pointer

# More than any recorded traffic needs, and less than what makes a linter hang on aliases of YAML.
MOST_NODES = 2_000_000
MOST_DEPTH = 200
# A string that may hold JSON: a body in a HAR file, a log or a collection of requests.
_EMBEDDED = 1_000_000


class Found(NamedTuple):
    """What was found in a document: where the object is, what it is, and its hits, whose pointers are from there."""

    pointer: Pointer
    kind: str
    value: Any
    hits: Sequence[Hit]


class TooLargeError(Exception):
    """A document is nested deeper, or has more nodes, than is looked at."""


MESSAGE = "message"
EVENT = "event"
ANSWER = "answer"
REQUEST = "request"
Parse = Callable[[str], Any]


def search(document: Any, parse: Parse = json.loads, every: bool = False) -> Iterator[Found]:
    """Yield what a document holds of the two APIs and has hits, or with ``every`` all of it.

    ``parse`` reads JSON inside of strings, or raises ValueError. Raise TooLargeError for a document that is too deep or
    too large.
    """
    stack: List[Tuple[Any, Pointer]] = [(document, ())]
    nodes = 0
    while stack:
        node, at = stack.pop()
        nodes += 1
        if nodes > MOST_NODES or len(at) > MOST_DEPTH:
            raise TooLargeError(
                "it has more than %s, or is nested deeper than %d" % (counted(MOST_NODES, "value"), MOST_DEPTH)
            )
        if isinstance(node, Mapping):
            found = _classified(node)
            if found is not None:
                kind, hits = found
                if hits or every:
                    yield Found(at, kind, node, hits)
                continue
            request = _request(node)
            if request:
                yield Found(at, REQUEST, node, request)
            inside = [(name, inner) for name, inner in node.items() if not request or name != "url"]
            stack.extend((inner, (*at, _key(name))) for name, inner in reversed(inside))
        elif isinstance(node, (list, tuple)):
            stack.extend((inner, (*at, number)) for number, inner in reversed(list(enumerate(node))))
        elif isinstance(node, str):
            inner = _embedded(node, parse)
            if inner is not None:
                stack.append((inner, (*at, "#")))
            rule = endpoints.of_address(node) if node.startswith("http") else None
            if rule:
                yield Found(at, REQUEST, node, [Hit(rule, (), endpoints.shown(node))])


def _key(name: Any) -> Any:
    return name if isinstance(name, (str, int)) else str(name)


def _classified(node: Mapping[Any, Any]) -> Optional[Tuple[str, Sequence[Hit]]]:
    """Return what an object is and its hits, None for an object that is neither message nor event nor answer."""
    if node.get("object") == "whatsapp_business_account" and isinstance(node.get("entry"), list):
        return EVENT, ()
    if "paths" in node and "openapi" in node:
        return None
    if messages.is_message(node):
        return MESSAGE, messages.check(node)
    if webhooks.is_event(node):
        return EVENT, webhooks.check(node)
    if webhooks.is_contact_check(node):
        hits = [Hit("L15", ())]
        if "force_check" in node:
            hits.append(Hit("L50", ("force_check",)))
        return MESSAGE, hits
    if webhooks.is_sent_answer(node):
        return ANSWER, [Hit("L34", ())]
    if webhooks.is_upload_answer(node):
        return ANSWER, [Hit("L31", ("media", 0, "id"))]
    if webhooks.is_contact_answer(node):
        return ANSWER, [Hit("L15", ())]
    if webhooks.is_errors(node):
        return ANSWER, [Hit("L23", ("errors",))]
    return None


def _request(node: Mapping[Any, Any]) -> List[Hit]:
    """Return the hits of a recorded request: an object with a method and an address."""
    method, url = node.get("method"), node.get("url")
    if isinstance(url, Mapping):
        url = url.get("raw")
    if not isinstance(url, str) or not isinstance(method, str):
        return []
    rule = endpoints.of_request(method, url)
    return [Hit(rule, ("url",), "%s %s" % (method.upper()[:7], endpoints.shown(url)))] if rule else []


def _embedded(text: str, parse: Parse) -> Optional[Any]:
    head = text[:64].lstrip()
    if not head.startswith(("{", "[{")) or len(text) > _EMBEDDED or len(text) < 12:
        return None
    try:
        found = parse(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) else None
