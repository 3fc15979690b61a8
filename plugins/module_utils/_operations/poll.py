# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operations share to read a state again until it changes: interval, deadline and announcement."""

from __future__ import annotations

import math

from .._core.events.event import WAITING
from .context import Context

# A shorter sleep would only spin.
_SHORTEST = 0.05


class Poll:
    """Wait between two reads, on the clock of ``context``.

    Times are in seconds: ``interval`` between two reads, ``timeout`` for all waits together, from now on. The first
    wait is announced, and then one every ``remind`` seconds.
    """

    def __init__(self, context: Context, interval: float, timeout: float = math.inf, remind: float = math.inf) -> None:
        self._context = context
        self._interval = interval
        self._end = context.clock.monotonic() + timeout
        self._remind = remind
        self._announce_at = -math.inf

    @property
    def left(self) -> float:
        """Return the seconds until the deadline, which are negative after it."""
        return self._end - self._context.clock.monotonic()

    def wait(self, announcement: str, at_most: float = math.inf) -> bool:
        """Sleep until the next read is due, at most until the deadline; return False at once if that has passed.

        ``at_most`` shortens this sleep to the seconds until the next known change.
        """
        left = self.left
        if left <= 0:
            return False
        now = self._context.clock.monotonic()
        if now >= self._announce_at:
            self._context.announce(announcement)
            self._context.event(WAITING, text=announcement)
            self._announce_at = now + self._remind
        self._context.clock.sleep(min(self._interval, max(min(left, at_most), _SHORTEST)))
        return True
