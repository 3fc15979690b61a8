# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options about the account of a node may be. No reason repeats a value: it may be a secret."""

from __future__ import annotations

import re
from typing import Any, List

from . import _values

SHARDS = (1, 2, 4, 8, 16, 32)
# What a node names a media file by; nothing in it may lead out of the path of a request.
_MEDIA_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}\Z")
_CERTIFICATE = re.compile(r"[A-Za-z0-9+/=_-]{16,}\Z")


def country_code_of(value: Any) -> str:
    """Return a country calling code as one to three digits."""
    text = _values.text_of(value).strip()
    text = text[1:] if text.startswith("+") else text
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 3 and not text.startswith("0")):
        raise ValueError("a country calling code is one to three digits, such as 1 or 49")
    return text


def certificate_of(value: Any) -> str:
    """Return the certificate of a display name: one line of base64, as WhatsApp Manager shows it."""
    text = _values.text_of(value).strip()
    if not _CERTIFICATE.match(text):
        raise ValueError("a certificate is one line of base64. Copy it whole from WhatsApp Manager (Phone numbers)")
    return text


def shards_of(value: Any) -> int:
    """Return a number of shards that a node can have."""
    number = _values.whole(1, 32)(value)
    if number not in SHARDS:
        raise ValueError("must be one of %s, got %d" % (", ".join(map(str, SHARDS)), number))
    return number


def media_ids_of(value: Any) -> List[str]:
    """Return a list of IDs of media on a node."""
    found = _values.list_of_text(value)
    wrong = [_values.shown(one) for one in found if not _MEDIA_ID.match(one)]
    if wrong:
        raise ValueError("a media ID of the node has letters, digits and hyphens only, got %s" % ", ".join(wrong))
    return found
