# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registration budget: 10 requests per number in a moving window of 72 hours, then 72 hours locked out.

Source: developers.facebook.com, business phone numbers, registration (error 133016).
"""

from __future__ import annotations

from dataclasses import dataclass, field

LIMIT = 10
WINDOW = 72 * 3600.0


@dataclass
class Budget:
    """Count the requests of one number of one kind."""

    moments: list[float] = field(default_factory=list)
    blocked_until: float = 0.0

    def spend(self, now: float) -> bool:
        """Count one request; False when it is one too many or the number is locked out."""
        if now < self.blocked_until:
            return False
        self.moments = [moment for moment in self.moments if now - moment < WINDOW]
        if len(self.moments) >= LIMIT:
            self.blocked_until = now + WINDOW
            return False
        self.moments.append(now)
        return True

    def left(self, now: float) -> int:
        if now < self.blocked_until:
            return 0
        return max(0, LIMIT - sum(1 for moment in self.moments if now - moment < WINDOW))
