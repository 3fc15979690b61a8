# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limits and waits in the headers of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Iterator, Mapping, Optional

_PERCENTS = ("call_count", "total_cputime", "total_time", "acc_id_util_pct")


@dataclass(frozen=True)
class Usage:
    """Hold how full the fullest limit is (``percent``) and the time until access is regained (``regain_seconds``)."""

    percent: float = 0.0
    regain_seconds: float = 0.0


def usage_of(headers: Mapping[str, str]) -> Usage:
    """Read x-app-usage and x-business-use-case-usage (Graph: percent, and minutes until access is regained)."""
    percent = 0.0
    minutes = 0.0
    for name in ("x-app-usage", "x-business-use-case-usage"):
        for entry in _entries(headers.get(name)):
            percent = max([percent] + [_number(entry.get(key)) for key in _PERCENTS])
            minutes = max(minutes, _number(entry.get("estimated_time_to_regain_access")))
    return Usage(percent, minutes * 60.0)


def wait_of(headers: Mapping[str, str]) -> Optional[float]:
    """Return the wait in seconds that an error answer's headers ask for: Retry-After or the time to regain access."""
    waits = [_retry_after(headers)]
    regain = usage_of(headers).regain_seconds
    if regain > 0:
        waits.append(regain)
    known = [wait for wait in waits if wait is not None]
    return max(known) if known else None


def _retry_after(headers: Mapping[str, str]) -> Optional[float]:
    """Read Retry-After as seconds, or as a date measured by the server's own Date."""
    text = (headers.get("retry-after") or "").strip()
    if not text:
        return None
    if text.isdigit() and text.isascii():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(headers.get("date") or "")
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError, IndexError):
        return None


def _entries(text: Optional[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the flat objects in a usage header; what is not as documented is left out."""
    try:
        found = json.loads(text or "null")
    except ValueError:
        return
    if not isinstance(found, dict):
        return
    yield found
    for entries in found.values():
        if isinstance(entries, list):
            for entry in entries:
                if isinstance(entry, dict):
                    yield entry


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return min(float(value), 1e9) if value > 0 else 0.0
