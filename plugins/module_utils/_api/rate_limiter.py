# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the workers of a run may send requests to one server, by the limits that its answers have reported."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Callable, List, Optional

from .usage import Usage

# From this share of a limit on, in percent, requests are spread out, the more the nearer the limit is.
SLOW_FROM = 75.0
# Seconds of delay before each request at the limit itself, and the age up to which a figure counts.
MAX_DELAY = 2.0
MAX_AGE = 60.0
# A figure is reported again when it has crossed a multiple of this.
_STEP = 5.0


@dataclass(frozen=True)
class State:
    """The fullest limit in percent, when it was read, and until when no request may be sent (steady clock, seconds)."""

    percent: float = 0.0
    seen_at: float = 0.0
    until: float = 0.0


class RateLimiter:
    """Delay the requests of this worker by the limits that all workers of the run have read.

    ``load`` and ``save`` access a text that all workers share; ``clock`` is a steady clock that is the same for all.
    """

    def __init__(
        self, load: Callable[[], Optional[str]], save: Callable[[str], None], clock: Callable[[], float]
    ) -> None:
        self._load = load
        self._save = save
        self._clock = clock

    @classmethod
    def alone(cls, clock: Callable[[], float]) -> RateLimiter:
        """Return a limiter for a client that shares no state with other workers."""
        texts: List[str] = []
        return cls(lambda: texts[-1] if texts else None, texts.append, clock)

    def left(self) -> float:
        """Return for how many seconds no request may be sent."""
        return max(0.0, self._state().until - self._clock())

    def delay(self) -> float:
        """Return the delay before the next request in seconds, so that the limit is reached later or not at all."""
        state = self._state()
        return 0.0 if self._clock() - state.seen_at > MAX_AGE else delay(state.percent)

    def learn(self, usage: Usage) -> str:
        """Store how full the limit is; return a message for the user, "" if it is not news."""
        if usage.regain_seconds > 0:
            return self.wait(usage.regain_seconds)
        now, state = self._clock(), self._state()
        old = state.percent if now - state.seen_at <= MAX_AGE else 0.0
        if max(usage.percent, old) < SLOW_FROM or not usage.percent:
            return ""
        if abs(usage.percent - old) >= 1.0 or now - state.seen_at > MAX_AGE / 2:
            self._keep(State(usage.percent, now, state.until))
        if usage.percent < SLOW_FROM:
            return "%.0f %% of the rate limit is used; this run sends requests without delay again" % usage.percent
        if usage.percent // _STEP == old // _STEP:
            return ""
        return "%.0f %% of the rate limit is used; this run delays each request by %.1f s from now on" % (
            usage.percent,
            delay(usage.percent),
        )

    def wait(self, seconds: float) -> str:
        """Let no worker send a request for ``seconds``; return a message for the user, "" if it is not news."""
        now, state = self._clock(), self._state()
        if now + seconds <= state.until + 1.0:
            return ""
        self._keep(State(state.percent, state.seen_at, now + seconds))
        return "no requests of this run for %.0f s (rate limit)" % seconds

    def _keep(self, state: State) -> None:
        self._save(json.dumps(asdict(state)))

    def _state(self) -> State:
        text = self._load()
        return State(**json.loads(text)) if text else State()


def delay(percent: float) -> float:
    """Return the delay of each request in seconds at ``percent`` of a limit."""
    return MAX_DELAY * min(1.0, max(0.0, (percent - SLOW_FROM) / (100.0 - SLOW_FROM)))
