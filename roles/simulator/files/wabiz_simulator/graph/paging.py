# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paging of Graph edges: cursors, a next link as long as there is more, at most 100 items a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from ..call import Call
from ..refusal import GraphError

DEFAULT_LIMIT = 25
MAX_LIMIT = 100


def page(call: Call, items: Sequence[Any], query: dict[str, str]) -> dict[str, Any]:
    """Return the page that limit, after and before ask for."""
    limit = _limit(query.get("limit"))
    if "after" in query:
        start = _position(query["after"]) + 1
    elif "before" in query:
        start = max(0, _position(query["before"]) - limit)
    else:
        start = 0
    shown = list(items[start : start + limit])
    if not shown:
        return {"data": []}
    end = start + len(shown) - 1
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
    if end + 1 < len(items):
        # The real link carries the access token, which is why it must not be logged.
        again = {**query, "access_token": call.token.token if call.token else "", "after": _cursor(end)}
        again.pop("before", None)
        paging["next"] = f"{call.params['graph_url']}{call.path}?{urlencode(again)}"
    return {"data": shown, "paging": paging}


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= MAX_LIMIT:
        raise GraphError(100, f"limit must be a number from 1 to {MAX_LIMIT}")
    return int(given)


def _cursor(at: int) -> str:
    return base64.urlsafe_b64encode(f"cursor:{at}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        name, _unused, at = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    except (binascii.Error, ValueError):
        name, at = "", ""
    if name != "cursor" or not at.isdigit():
        raise GraphError(100, "The cursor is not valid")
    return int(at)
