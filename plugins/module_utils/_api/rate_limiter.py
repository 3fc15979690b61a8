# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the workers of a run may ask one server, by what its answers have told any of them about its limits."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Callable, List, Optional

from .usage import Usage

# From this share of a limit on, in percent, requests are spread out, the more the nearer the limit is.
SLOW_FROM = 75.0
# Seconds before each request at the limit itself, and for how long a figure counts.
LONGEST = 2.0
FRESH = 60.0
# Between two figures less than this apart nothing is told again.
_STEP = 5.0


@dataclass(frozen=True)
class State:
    """The fullest limit in percent, when it was seen, and until when nothing may be asked (steady clock, seconds)."""

    percent: float = 0.0
    seen_at: float = 0.0
    until: float = 0.0


class RateLimiter:
    """Hold back the requests of this worker by what all workers of the run have seen.

    ``load`` and ``save`` keep a text that all of them share; ``clock`` is a steady clock that is the same for all.
    """

    def __init__(
        self, load: Callable[[], Optional[str]], save: Callable[[str], None], clock: Callable[[], float]
    ) -> None:
        self._load = load
        self._save = save
        self._clock = clock

    @classmethod
    def alone(cls, clock: Callable[[], float]) -> RateLimiter:
        """Return the limiter of a client that shares nothing with others."""
        texts: List[str] = []
        return cls(lambda: texts[-1] if texts else None, texts.append, clock)

    def left(self) -> float:
        """Return for how many seconds the server wants to hear nothing."""
        return max(0.0, self._state().until - self._clock())

    def pause(self) -> float:
        """Return the seconds to wait before the next request, so that the limit is reached later or not at all."""
        state = self._state()
        return 0.0 if self._clock() - state.seen_at > FRESH else slowness(state.percent)

    def learn(self, usage: Usage) -> str:
        """Take over how full the limit is; returns what a person should be told, "" where that is nothing new."""
        if usage.regain_seconds > 0:
            return self.wait(usage.regain_seconds)
        now, state = self._clock(), self._state()
        old = state.percent if now - state.seen_at <= FRESH else 0.0
        if max(usage.percent, old) < SLOW_FROM or not usage.percent:
            return ""
        if abs(usage.percent - old) >= 1.0 or now - state.seen_at > FRESH / 2:
            self._keep(State(usage.percent, now, state.until))
        if usage.percent < SLOW_FROM:
            return "%.0f %% of the rate limit are used; this run does not slow down any more" % usage.percent
        if usage.percent // _STEP == old // _STEP:
            return ""
        return "%.0f %% of the rate limit are used; each request of this run waits %.1f s from now on" % (
            usage.percent,
            slowness(usage.percent),
        )

    def wait(self, seconds: float) -> str:
        """Let no worker ask for so many seconds; returns what a person should be told, "" where it is known."""
        now, state = self._clock(), self._state()
        if now + seconds <= state.until + 1.0:
            return ""
        self._keep(State(state.percent, state.seen_at, now + seconds))
        return "the rate limit is reached; this run asks nothing more for %.0f s" % seconds

    def _keep(self, state: State) -> None:
        self._save(json.dumps(asdict(state)))

    def _state(self) -> State:
        text = self._load()
        return State(**json.loads(text)) if text else State()


def slowness(percent: float) -> float:
    """Return the seconds that each request waits at so many percent of a limit."""
    return LONGEST * min(1.0, max(0.0, (percent - SLOW_FROM) / (100.0 - SLOW_FROM)))
