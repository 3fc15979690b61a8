# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media of a node: files that were uploaded to it or have come in, each known by its ID."""

from __future__ import annotations

from typing import Any

from .. import photo
from ..call import Call, Reply
from ..refusal import OnPremError
from ..strict import read_query

KEYS = ("type", "content", "size")


def content(media_id: str, entry: dict[str, Any]) -> bytes:
    """Return the bytes of an entry: an image for image/png, else a text; ``content`` tells one from another."""
    name = str(entry.get("content", media_id))
    data = photo.image(name) if entry.get("type") == "image/png" else name.encode("utf-8")
    size = entry.get("size")
    return data if size is None else (data + b"\0" * size)[:size]


def read(call: Call) -> Reply:
    read_query(call, ())
    media_id = call.params["media_id"]
    entry = call.needs_node().media.get(media_id)
    if entry is None:
        raise OnPremError(1006, "Media not found")
    return Reply(content=content(media_id, entry), headers={"content-type": str(entry.get("type", "text/plain"))})
