# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict reading of bodies and query strings; how a fault is worded is the affair of the API that was called."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .call import Call

Check = Callable[[Any], "str | None"]


class InputError(Exception):
    """Tell what is wrong: kind is one of body, media, unknown, missing, invalid, query."""

    def __init__(self, kind: str, key: str = "", why: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.key = key
        self.why = why


@dataclass(frozen=True)
class Key:
    """Describe one key of a body."""

    check: Check
    required: bool = True


def read_body(call: Call, shape: Mapping[str, Key]) -> dict[str, Any]:
    """Return the JSON object of the body, checked against its shape; raises InputError."""
    body = _object(call)
    for key in body:
        if key not in shape:
            raise InputError("unknown", key)
    return check(body, shape)


def check(body: dict[str, Any], shape: Mapping[str, Key]) -> dict[str, Any]:
    for key, rule in shape.items():
        if key not in body:
            if rule.required:
                raise InputError("missing", key)
            continue
        why = rule.check(body[key])
        if why:
            raise InputError("invalid", key, why)
    return body


def no_body(call: Call) -> None:
    """Insist on an empty body; {} counts as empty."""
    if call.raw.strip():
        for key in _object(call):
            raise InputError("unknown", key)


def read_query(call: Call, known: Collection[str]) -> dict[str, str]:
    """Return the query as a mapping without the token; unknown and repeated names raise InputError."""
    result: dict[str, str] = {}
    for name, value in call.query:
        if name == "access_token" and call.api == "graph":
            continue
        if name not in known or name in result:
            raise InputError("query", name)
        result[name] = value
    return result


def _object(call: Call) -> dict[str, Any]:
    if call.raw.strip():
        media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise InputError("media", media or "none")
    try:
        body = json.loads(call.raw or b"{}", object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError):
        raise InputError("body") from None
    if not isinstance(body, dict):
        raise InputError("body")
    call.body = body
    return body


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def text(value: Any) -> str | None:
    return None if isinstance(value, str) and value else "must be a string that is not empty"


def any_text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be a string"


def six_digits(value: Any) -> str | None:
    good = isinstance(value, str) and len(value) == 6 and value.isascii() and value.isdigit()
    return None if good else "must be a string of six digits"


def texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return None if good else "must be an array of strings"


def mapping(value: Any) -> str | None:
    return None if isinstance(value, dict) else "must be an object"


def one_of(*choices: Any) -> Check:
    def rule(value: Any) -> str | None:
        if any(value == choice and type(value) is type(choice) for choice in choices):
            return None
        return "must be one of " + ", ".join(map(str, choices))

    return rule
