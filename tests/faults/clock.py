# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of the operations that a flow is played with, on which sleeping costs no time."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """A clock that sleeping pushes on; ``skew`` is what the host's clock differs by."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.skew = 0.0
        self.on_sleep: Callable[[float], None] = lambda ahead: None

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def now(self) -> float:
        return time.time() + self.ahead + self.skew

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds
        time.sleep(0.003)
        self.on_sleep(self.ahead)
