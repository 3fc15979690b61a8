# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated clock: wall time that can be pushed forward, so that 72 hours pass in a test."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Tell the time in seconds since the epoch, and let it be advanced."""

    def __init__(self) -> None:
        self.advanced = 0.0

    def now(self) -> float:
        return time.time() + self.advanced

    def advance(self, seconds: float) -> None:
        self.advanced += seconds


def iso(moment: float) -> str:
    """Write a moment as UTC with milliseconds."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def onprem_time(moment: float) -> str:
    """Write a moment as the On-Premises API does in expires_after: a space, no T (sample of POST /v1/users/login)."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
