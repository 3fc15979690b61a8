# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: in which line of a JSON text a pointer leads to. Pure."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterable, List

from .rule import Pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
# Where a pointer goes on inside of JSON that a string holds.
EMBEDDED = "#"


def lines(text: str, wanted: Iterable[Pointer]) -> Dict[Pointer, int]:
    """Return the line of each pointer, from 1; the line of what it is in where the text has no such place."""
    outer = {pointer: _outer(pointer) for pointer in wanted}
    missing = set(outer.values())
    found: Dict[Pointer, int] = {(): 1}
    missing.discard(())
    path: List[Any] = []  # the key or index of each level
    kinds: List[str] = []
    key = False  # the next string is a key
    line, last = 1, 0
    for token in _TOKEN.finditer(text) if missing else ():
        word = token.group(0)
        line += text.count("\n", last, token.start())
        last = token.start()
        if word == ",":
            if kinds and kinds[-1] == "[":
                path[-1] += 1
            key = bool(kinds) and kinds[-1] == "{"
            continue
        if word == ":":
            key = False
            continue
        if word in "}]":
            if kinds:
                kinds.pop()
                path.pop()
            key = False
            continue
        if key and word[0] == '"':
            path[-1] = _name(word)
            _note(found, missing, path, line)
            continue
        _note(found, missing, path, line)
        if word in "{[":
            kinds.append(word)
            path.append(0 if word == "[" else None)
            key = word == "{"
        if not missing:
            break
    return {pointer: _nearest(found, inner) for pointer, inner in outer.items()}


def _outer(pointer: Pointer) -> Pointer:
    return pointer[: pointer.index(EMBEDDED)] if EMBEDDED in pointer else pointer


def _name(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def _note(found: Dict[Pointer, int], missing: Any, path: List[Any], line: int) -> None:
    place = tuple(path)
    if place in missing:
        found[place] = line
        missing.discard(place)


def _nearest(found: Dict[Pointer, int], pointer: Pointer) -> int:
    for length in range(len(pointer), -1, -1):
        line = found.get(pointer[:length])
        if line is not None:
            return line
    return 1
