# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which media files the Cloud API takes: their types and sizes, by Meta's page on supported media. Pure."""

from __future__ import annotations

from typing import Dict, List, Mapping, Tuple

from ..._failure import counted

AUDIO, DOCUMENT, IMAGE, STICKER, VIDEO = "audio", "document", "image", "sticker", "video"
_MB = 1024 * 1024
TYPES: Mapping[str, Tuple[str, ...]] = {
    AUDIO: ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    DOCUMENT: (
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    IMAGE: ("image/jpeg", "image/png"),
    STICKER: ("image/webp",),
    VIDEO: ("video/mp4", "video/3gpp"),
}
# A static sticker has at most 100 KB; whether one is animated only its picture says.
LARGEST: Mapping[str, int] = {
    AUDIO: 16 * _MB,
    DOCUMENT: 100 * _MB,
    IMAGE: 5 * _MB,
    STICKER: 500 * 1024,
    VIDEO: 16 * _MB,
}
MOST = max(LARGEST.values())
_KIND: Dict[str, str] = {media_type: kind for kind, types in TYPES.items() for media_type in types}
_BEGINS: Mapping[str, Tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
    "audio/ogg": (b"OggS",),
    "audio/amr": (b"#!AMR",),
}
_SUFFIXES: Mapping[str, str] = {
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "image/jpeg": "jpg",
    "text/plain": "txt",
    "video/3gpp": "3gp",
}


def plain_type(content_type: str) -> str:
    """Return a content type without its parameters: Meta's upload takes it that way."""
    return content_type.partition(";")[0].strip().lower()


def begins_as(media_type: str, head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of its type, as far as that can be seen."""
    return head.startswith(_BEGINS.get(media_type, (b"",)))


def file_name(digest: str, media_type: str) -> str:
    """Return a name for a file that is known by its content only."""
    return "%s.%s" % (digest[:16], _SUFFIXES.get(media_type) or media_type.rpartition("/")[2].rpartition(".")[2])


def faults(media_type: str, size: int, as_type: bool, used_as: str = "") -> List[str]:
    """Return why the Cloud API would not take a file, each reason as the end of a sentence about it.

    ``as_type`` tells whether its first bytes are those of its type. ``used_as`` is what messages send it as, "" where
    nobody knows.
    """
    if not size:
        return ["is empty"]
    own = _KIND.get(media_type)
    if own is None:
        return ["is of type %s, which the Cloud API does not take" % (media_type or "unknown")]
    found = [] if as_type else ["says that it is %s, but its first bytes are others" % media_type]
    kind = used_as or own
    if kind not in (own, DOCUMENT):
        found.append("is %s, but messages send it as %s" % (media_type, kind))
    elif size > LARGEST[kind]:
        found.append("has %s; as %s it may have %d" % (counted(size, "byte"), kind, LARGEST[kind]))
    return found
