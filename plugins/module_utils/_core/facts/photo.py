# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the profile photo as a file: its type by its first bytes, its limits, and the document that keeps it. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import List, NamedTuple, Optional, Tuple

from ..._failure import counted
from . import json_document

FORMAT = "wabiz.photo/1"
# Meta's page on the photo of the On-Premises API; the Cloud API names no limit of its own.
LARGEST = 5 * 1024 * 1024
SHORTEST_EDGE = 192
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_NAMES = {"image/png": "photo.png", "image/jpeg": "photo.jpg"}
# Markers of a JPEG that begin a frame, which holds the size of the picture.
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))


class Photo(NamedTuple):
    """A photo: its bytes and its MIME type by these."""

    data: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def name(self) -> str:
        """Return a name for the file."""
        return _NAMES.get(self.media_type, "photo")


def of_bytes(data: bytes) -> Photo:
    """Return the photo in ``data``; its type is "" where it is neither a JPEG nor a PNG."""
    return Photo(data, "image/png" if data.startswith(_PNG) else "image/jpeg" if data.startswith(_JPEG) else "")


def of_node(raw: bytes) -> Photo:
    """Return the photo in the answer of a node: the image, or its base64 form, as Meta's page calls it."""
    photo = of_bytes(raw)
    if photo.media_type:
        return photo
    try:
        decoded = of_bytes(base64.b64decode(raw, validate=True))
    except (binascii.Error, ValueError):
        return photo
    return decoded if decoded.media_type else photo


def faults(photo: Photo) -> List[str]:
    """Return why a photo cannot be put on the Cloud API, each reason as the end of a sentence about the file."""
    found = []
    if not photo.data:
        return ["is empty"]
    if not photo.media_type:
        found.append("is neither a JPEG nor a PNG")
    elif not _whole(photo):
        found.append("ends before its picture does, so it was cut")
    if len(photo.data) > LARGEST:
        found.append(too_large(len(photo.data)))
    return found


def too_large(length: int) -> str:
    """Return what is wrong with a file of so many bytes."""
    return "has %s; a photo has at most %d (5 MB)" % (counted(length, "byte"), LARGEST)


def small(photo: Photo) -> str:
    """Return what to tell of a photo with a short edge, "" where there is nothing to tell."""
    edges = size(photo)
    if edges is None or min(edges) >= SHORTEST_EDGE:
        return ""
    pixels = "%d x %d" % edges
    return "the photo has only %s pixels; Meta recommends 640 x 640" % pixels


def size(photo: Photo) -> Optional[Tuple[int, int]]:
    """Return width and height in pixels, None where they cannot be read."""
    data = photo.data
    if photo.media_type == "image/png":
        return (_number(data[16:20]), _number(data[20:24])) if len(data) >= 24 else None
    at = 2
    while photo.media_type and at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        at += 2 + _number(data[at + 2 : at + 4])
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _whole(photo: Photo) -> bool:
    end = b"IEND" if photo.media_type == "image/png" else b"\xff\xd9"
    return photo.data.rfind(end) > 0


# ---------------------------------------------------------------------------------------------------------------------
# The document


def dump(photo: Photo, phone_number_id: str) -> str:
    """Write a photo as text."""
    document = {
        "format": FORMAT,
        "phone_number_id": phone_number_id,
        "media_type": photo.media_type,
        "sha256": photo.digest,
        "data": base64.b64encode(photo.data).decode("ascii"),
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def parse(text: Optional[str], phone_number_id: str) -> Optional[Photo]:
    """Return the photo in ``text``, None where there is none; raises ValueError with a reason."""
    found = json_document.of_number(text, FORMAT, phone_number_id)
    if found is None:
        return None
    try:
        photo = of_bytes(base64.b64decode(str(found.get("data")), validate=True))
    except (binascii.Error, ValueError):
        raise ValueError("its data cannot be decoded") from None
    if photo.digest != found.get("sha256"):
        raise ValueError("its data does not have the digest that it names")
    return photo
