# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields= parameter: only what was asked for is answered, and an unknown name is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..refusal import GraphError

_NAME = re.compile(r"[a-z_]+")


def wanted(
    given: str | None, default: Iterable[str], known: Iterable[str], kind: str, unknown: Iterable[str] = ()
) -> list[str]:
    """Return the names to answer with; id is always among them. ``unknown`` are refused although they are known."""
    if given is None:
        return ["id", *default]
    known = set(known) - set(unknown)
    names: list[str] = []
    for name in given.split(","):
        if not _NAME.fullmatch(name) or (name != "id" and name not in known):
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        if name not in names and name != "id":
            names.append(name)
    return [*names, "id"]


def pick(names: Iterable[str], makers: Mapping[str, Callable[[], Any]], node_id: str) -> dict[str, Any]:
    """Make the fields; a maker that returns None leaves its field out, as Graph does with what is not set."""
    result: dict[str, Any] = {}
    for name in names:
        value = node_id if name == "id" else makers[name]()
        if value is not None:
            result[name] = value
    return result
