# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meters: for how long messages to a number would have been dropped or not delivered, since the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .numbers import Number


@dataclass
class Meter:
    condition: str
    since: float
    dropped_seconds: float = 0.0
    undelivered_seconds: float = 0.0
    registered_at: float | None = None
    register_seconds: float | None = None

    def close(self, condition: str, now: float) -> None:
        passed = max(0.0, now - self.since)
        if self.condition == "dropped":
            self.dropped_seconds += passed
        elif self.condition == "undelivered":
            self.undelivered_seconds += passed
        self.condition, self.since = condition, now


class Meters:
    """Keep one meter per number; observe() after every change of anything that delivery depends on."""

    def __init__(self, now: Callable[[], float], has_subscription: Callable[[str], bool]) -> None:
        self._now = now
        self._has_subscription = has_subscription
        self._meters: dict[str, Meter] = {}

    def observe(self, number: Number) -> Meter:
        now = self._now()
        condition = self.condition(number)
        meter = self._meters.get(number.phone_number_id)
        if meter is None:
            meter = self._meters[number.phone_number_id] = Meter(condition, now)
        meter.close(condition, now)
        return meter

    def condition(self, number: Number) -> str:
        """Return delivered, undelivered (nobody subscribed to the WABA) or dropped (registered nowhere)."""
        if number.origin is not None and number.location != "cloud" and not number.moving:
            return self.condition(number.origin)
        if number.moving or number.location == "none":
            return "dropped"
        if number.location == "cloud":
            return "delivered" if self._has_subscription(number.waba_id) else "undelivered"
        return "delivered" if number.node is not None and number.node.serves() else "dropped"

    def registered(self, number: Number, seconds: float) -> None:
        meter = self.observe(number)
        meter.registered_at = self._now()
        meter.register_seconds = seconds

    def read(self, number: Number) -> dict[str, Any]:
        meter = self.observe(number)
        return {
            "phone_number_id": number.phone_number_id,
            "waba_id": number.waba_id,
            "condition": meter.condition,
            "dropped_seconds": round(meter.dropped_seconds, 3),
            "undelivered_seconds": round(meter.undelivered_seconds, 3),
            "registered_at": meter.registered_at,
            "register_seconds": meter.register_seconds,
        }
