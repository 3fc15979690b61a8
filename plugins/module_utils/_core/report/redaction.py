# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what no report may hold, whoever has written it into a text: credentials, PINs and backups. Pure."""

from __future__ import annotations

import re
from typing import Any, Mapping

MASK = "***"
_KEYS = re.compile(r"(?:pass(?:word|phrase)|access_token|app_secret|verify_token|authorization|\bpin\Z)", re.IGNORECASE)
# An access token of Meta, a bearer token, a named secret in a query or in JSON, and long data such as a backup.
_NAMED = r"(?i)(\b(?:access_token|input_token|verify_token|app_secret|new_password|password|pin)\b%s)(?!\*\*\*)"
_TEXTS = (
    (re.compile(r"\bEAA[0-9A-Za-z]{16,}"), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+[0-9A-Za-z._~+/=|-]{8,}"), r"\1 " + MASK),
    (re.compile(_NAMED % r"=" + r"[^\s\"'&,;}]+"), r"\1" + MASK),
    (re.compile(_NAMED % r"[\"']\s*:\s*[\"']" + r"[^\"']+"), r"\1" + MASK),
    (re.compile(r"(?i)(\bpin[\"']?\s*[=:]\s*[\"']?)[0-9]{6}\b"), r"\1" + MASK),
    (re.compile(r"[0-9A-Za-z+/]{160,}={0,2}"), MASK),
)
# Most texts have none of these, and there are thousands.
_ANY = re.compile("EAA|earer|EARER|asic|ASIC|oken|OKEN|ecret|ECRET|assw|ASSW|pin|PIN|Pin|[0-9A-Za-z+/]{160}")


def text(value: str) -> str:
    """Return a text without what looks like a secret."""
    if not value.isascii():
        # Half of a character, as an answer can hold it, cannot be written to a file.
        value = value.encode("utf-8", "replace").decode("utf-8")
    if len(value) < 8 or not _ANY.search(value):
        return value
    for pattern, mask in _TEXTS:
        value = pattern.sub(mask, value)
    return value


def clean(value: Any) -> Any:
    """Return a JSON value without secrets: those that a key names, and those that texts quote.

    The modules keep their secrets to themselves already. This is for what comes from files that others may write.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {
            str(key): MASK if isinstance(one, str) and one and _KEYS.search(str(key)) else clean(one)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [clean(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else text(str(value))
