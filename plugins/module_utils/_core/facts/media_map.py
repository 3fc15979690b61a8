# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the media map: which media of the node is which on the Cloud API, and until when. Pure."""

from __future__ import annotations

import copy
import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from . import json_document
from .times import instant, utc

FORMAT = "wabiz.media/1"
# Meta's page on media: an ID that an upload returns can be used for 30 days.
VALID_FOR = 30 * 86400.0


class Content(NamedTuple):
    """What a file is: its SHA-256, its type and its size."""

    sha256: str
    media_type: str
    size: int


def fresh(phone_number_id: str) -> Dict[str, Any]:
    """Return the map of a number of which nothing was uploaded."""
    return {"format": FORMAT, "phone_number_id": phone_number_id, "media": {}, "pending": {}}


def parse(text: Optional[str], phone_number_id: str) -> Dict[str, Any]:
    """Read a map; raises ValueError where it is damaged, of another format or of another number."""
    found = json_document.of_number(text, FORMAT, phone_number_id)
    if found is None:
        return fresh(phone_number_id)
    media, pending = found.get("media"), found.get("pending")
    if not isinstance(media, dict) or not isinstance(pending, dict):
        raise ValueError("it has no entries")
    for old, entry in media.items():
        good = isinstance(entry, dict) and str(entry.get("id", "")).isdigit() and instant(entry.get("expires_at"))
        if not good or not isinstance(entry.get("sha256"), str):
            raise ValueError("the entry of %s has no ID, digest or end" % old)
    return found


def dump(found: Mapping[str, Any]) -> str:
    """Return a map as text that a person can read."""
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


def usable(entry: Mapping[str, Any], now: float) -> bool:
    """Tell whether the new ID of an entry can still be used; one without an end counts as usable."""
    until = instant(entry.get("expires_at"))
    return until is None or until > now


def known(found: Mapping[str, Any], old: str, now: float) -> Optional[Mapping[str, Any]]:
    """Return the entry of an old ID whose new one can still be used."""
    entry: Optional[Mapping[str, Any]] = found["media"].get(old)
    return entry if entry is not None and usable(entry, now) else None


def same(found: Mapping[str, Any], content: Content, now: float) -> Optional[Mapping[str, Any]]:
    """Return the entry of the same content of the same type whose ID can be used the longest."""
    alike = [
        entry
        for entry in found["media"].values()
        if entry["sha256"] == content.sha256 and entry.get("mime_type") == content.media_type and usable(entry, now)
    ]
    return max(alike, key=lambda entry: str(entry["expires_at"])) if alike else None


def with_intent(found: Mapping[str, Any], content: Content, now: float) -> Dict[str, Any]:
    """Return the map with an upload that is about to be sent."""
    changed: Dict[str, Any] = copy.deepcopy(dict(found))
    changed["pending"][content.sha256] = {"sent_at": utc(now), "mime_type": content.media_type}
    return changed


def with_entry(found: Mapping[str, Any], old: str, entry: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the map with an entry, whose upload is over."""
    changed: Dict[str, Any] = copy.deepcopy(dict(found))
    changed["media"][old] = dict(entry)
    changed["pending"].pop(entry["sha256"], None)
    return changed


def without_intent(found: Mapping[str, Any], content: Content) -> Dict[str, Any]:
    """Return the map without an upload that the server has refused."""
    changed: Dict[str, Any] = copy.deepcopy(dict(found))
    changed["pending"].pop(content.sha256, None)
    return changed


def entry(new: str, content: Content, now: float, valid_for: float) -> Dict[str, Any]:
    """Return the entry of an upload."""
    return {
        "id": new,
        "sha256": content.sha256,
        "mime_type": content.media_type,
        "bytes": content.size,
        "uploaded_at": utc(now),
        "expires_at": utc(now + valid_for),
    }


def lost(found: Mapping[str, Any], now: float) -> List[str]:
    """Return the digests of uploads whose answer nobody has seen, and that Meta may still have."""
    return sorted(
        digest for digest, sent in found["pending"].items() if now - (instant(sent.get("sent_at")) or 0) < VALID_FOR
    )
