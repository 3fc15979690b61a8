# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure rules: how long to wait before the next try, and when an event becomes a dead letter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """Back-off in seconds; max_tries counts answers to the event itself, not times when the consumer was down."""

    first: float = 1.0
    longest: float = 60.0
    max_tries: int = 20
    max_age: float = 7 * 86400.0

    def wait(self, failures: int, chance: float, stated: float = 0.0) -> float:
        """Return the wait after so many failures in a row: doubled each time, the upper half left to chance (0 to 1).

        stated: the consumer's Retry-After in seconds, which counts up to the longest wait.
        """
        ceiling = min(self.longest, self.first * 2 ** min(max(failures, 1) - 1, 30))
        return max(ceiling / 2 + ceiling / 2 * chance, min(stated, self.longest))

    def dead(self, tries: int, age: float) -> str:
        """Return why an event is given up, empty if it is not."""
        if tries >= self.max_tries:
            return f"refused {tries} times"
        if age >= self.max_age:
            return f"older than {self.max_age:g} s"
        return ""
