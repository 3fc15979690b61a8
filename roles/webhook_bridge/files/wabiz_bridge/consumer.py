# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The consumer: where the events of a number go, and what its answers mean."""

from __future__ import annotations

import random
import ssl
import time
from dataclasses import dataclass

import aiohttp

from .config import Settings

TAKEN, REFUSED, DOWN = "taken", "refused", "down"
PROBING_SECONDS = 0.05
# answers that speak of the consumer and not of the event
BUSY = {429, 502, 503, 504}


@dataclass(frozen=True)
class Outcome:
    """What came of a request. wait: seconds that the consumer asked for, or that it is left alone; final: no retry."""

    name: str
    why: str = ""
    wait: float = 0.0
    final: bool = False


@dataclass
class _State:
    failures: int = 0
    until: float = 0.0
    probing: bool = False


class Consumer:
    """Sends events, and leaves a consumer that is down alone for a while, with one request as a probe after it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._states: dict[str, _State] = {}
        context = ssl.create_default_context(cafile=settings.consumer_ca or None)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=settings.consumer_seconds),
            connector=aiohttp.TCPConnector(limit=settings.parallel, ssl=context),
            headers={"Content-Type": "application/json", **settings.secrets.consumer_headers},
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        await self._session.close()

    def _url(self, number: str) -> str:
        consumers = self._settings.secrets.consumers
        return consumers.get(number) or consumers.get("default", "")

    def _state(self, url: str) -> _State:
        return self._states.setdefault(url, _State())

    def paused(self, number: str) -> float:
        """Return for how many seconds the consumer of a number is left alone, 0 if it can be asked."""
        state = self._state(self._url(number))
        if not state.failures:
            return 0.0
        left = state.until - time.monotonic()
        if left > 0:
            return left
        return PROBING_SECONDS if state.probing else 0.0

    def failing(self, number: str) -> bool:
        """Tell whether the last request to the consumer of a number found it down."""
        return self._state(self._url(number)).failures > 0

    async def send(self, number: str, body: bytes) -> Outcome:
        """Post an event to the consumer of its number."""
        url = self._url(number)
        if not url:
            return Outcome(REFUSED, "no consumer is set for this number", final=True)
        state = self._state(url)
        state.probing = state.failures > 0
        try:
            return await self._send(url, state, body)
        finally:
            state.probing = False

    async def _send(self, url: str, state: _State, body: bytes) -> Outcome:
        try:
            async with self._session.post(url, data=body, allow_redirects=False) as answer:
                status, stated = answer.status, answer.headers.get("retry-after", "")
                await answer.read()
        except TimeoutError:
            return self._down(state, "no answer in time", 0.0)
        except (aiohttp.ClientError, OSError) as error:
            # the text of the error can have the URL, and with it a secret
            return self._down(state, type(error).__name__, 0.0)
        wait = float(stated) if stated.isascii() and stated.isdigit() and len(stated) < 7 else 0.0
        if status in BUSY:
            return self._down(state, f"answered {status}", wait)
        state.failures = 0
        if 200 <= status < 300:
            return Outcome(TAKEN)
        return Outcome(REFUSED, f"answered {status}", wait)

    def _down(self, state: _State, why: str, stated: float) -> Outcome:
        # requests that were under way together count as one failure
        if time.monotonic() >= state.until:
            state.failures += 1
            wait = self._settings.policy.wait(state.failures, random.random(), stated)
            state.until = time.monotonic() + wait
        return Outcome(DOWN, why, max(state.until - time.monotonic(), 0.0))
