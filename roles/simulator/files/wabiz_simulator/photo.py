# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile photos of the simulated nodes: a small valid PNG for each link, so that a photo has bytes to compare."""

from __future__ import annotations

import hashlib
import struct
import zlib

EDGE = 640
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


def image(link: str) -> bytes:
    """Return the PNG of one colour that belongs to a link, the same one at every call."""
    colour = hashlib.sha256(link.encode("utf-8")).digest()[:3]
    header = struct.pack(">IIBBBBB", EDGE, EDGE, 8, 2, 0, 0, 0)
    rows = (b"\0" + colour * EDGE) * EDGE
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def is_image(data: bytes, media_type: str) -> bool:
    """Tell whether bytes begin as their media type says."""
    begins = {"image/png": _SIGNATURE, "image/jpeg": _JPEG, "image/jpg": _JPEG}.get(media_type)
    return begins is not None and data.startswith(begins)
