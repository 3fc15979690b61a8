# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup string: opaque, different at each call, and telling about wrong passwords and changed data."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from typing import Any

# Meta's example of POST /v1/settings/backup starts with V0FCS: base64 of the letters WAB and a byte from H to K.
MAGIC = b"WABJ"


class BackupError(Exception):
    """Say in one word why a backup is refused: format, altered, password or number."""


def make(number: str, password: str, settings: dict[str, Any]) -> str:
    """Return the data of a backup of this number (digits), encoded with this password."""
    nonce = os.urandom(16)
    plain = json.dumps({"number": number, "settings": settings}).encode()
    hidden = _xor(plain, password, nonce)
    return base64.b64encode(MAGIC + nonce + hidden + _digest(nonce + hidden)).decode()


def read(data: str, password: str, number: str) -> dict[str, Any]:
    """Return the settings inside the data, or raise BackupError."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise BackupError("format") from None
    # The last character of base64 has bits that decoding throws away: "no modifications" means the text, not the bytes.
    if base64.b64encode(raw).decode() != data:
        raise BackupError("altered")
    if not raw.startswith(MAGIC) or len(raw) < len(MAGIC) + 48:
        raise BackupError("format")
    body, digest = raw[len(MAGIC) : -32], raw[-32:]
    if _digest(body) != digest:
        raise BackupError("altered")
    try:
        content = json.loads(_xor(body[16:], password, body[:16]))
    except ValueError:
        raise BackupError("password") from None
    if content["number"] != number:
        raise BackupError("number")
    return dict(content["settings"])


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(b"wabiz simulator backup" + data).digest()


def _xor(data: bytes, password: str, nonce: bytes) -> bytes:
    stream = hashlib.shake_256(nonce + password.encode("utf-8", "surrogatepass")).digest(len(data))
    return bytes(one ^ two for one, two in zip(data, stream, strict=True))
