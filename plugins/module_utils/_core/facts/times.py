# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: points in time as both APIs and the collection's own files write them. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, Optional

_DIGITS = re.compile(r"^[0-9]{1,20}\Z")

_YEAR_10000 = 253402300800.0


def utc(seconds: float) -> str:
    """Return seconds since the epoch as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(value: Any) -> Optional[float]:
    """Return seconds since the epoch (UTC) of a time as the node writes it: a number, or text with or without "T".

    Numbers above 1e11 are milliseconds. What is no time between the years 1970 and 9999 is None.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        seconds = value / 1000 if 1e11 < value < 1e16 else value
        return float(seconds) if 0 <= seconds < _YEAR_10000 else None
    text = str(value).strip()
    if _DIGITS.match(text):
        return instant(int(text))
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    seconds = moment.timestamp()
    return seconds if 0 <= seconds < _YEAR_10000 else None


def seconds_until(value: Any, now: float, unknown: float = 0.0) -> float:
    """Return for how many seconds a time is still to come, 0 where it has passed, ``unknown`` where it is none."""
    moment = instant(value)
    return unknown if moment is None else max(0.0, moment - now)
