# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of both APIs: a request, its retries and waits, and the answer or the error that they end in."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Mapping, Optional, Union

from .._failure import counted
from . import address, causes, connection, retry
from .answer import Answer, judge
from .errors import ApiError, Where
from .http_client import HEADERS, HttpClient, Limits, Request
from .rate_limiter import RateLimiter
from .redaction import Scrubber

MAX_BODY = 8 * 1024 * 1024


class Transport:
    """Call one API on behalf of one number.

    ``auth_header`` returns the headers with the credential. ``verify`` is True, False or the path of a CA file or
    folder. Times are seconds: ``connect_timeout`` for the connection with its TLS, ``read_timeout`` for the complete
    answer after the request was sent. ``announce`` gets a text before every wait. ``pool`` holds the connections; the
    default is one of its own. ``rate_limiter`` knows the server's limits beyond this call.
    """

    def __init__(
        self,
        base_url: str,
        api: str,
        number_label: str,
        auth_header: Callable[[], Dict[str, str]],
        verify: Union[bool, str],
        connect_timeout: float,
        read_timeout: float,
        policy: retry.RetryPolicy,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        announce: Callable[[str], None],
        max_body: int = MAX_BODY,
        pool: Optional[connection.ConnectionPool] = None,
        rate_limiter: Optional[RateLimiter] = None,
    ) -> None:
        self.api = api
        self.number = number_label
        self._target = address.target_of(base_url)
        self._auth_header = auth_header
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._policy = policy
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._announce = announce
        self._max_body = max_body
        self._client = HttpClient(self._target, verify, pool or connection.ConnectionPool(clock))
        self._rate_limiter = rate_limiter

    def call(
        self,
        method: str,
        path: str,
        *,
        kind: str,
        params: Optional[Mapping[str, str]] = None,
        body: Optional[Mapping[str, Any]] = None,
        data: Optional[bytes] = None,
        headers: Optional[Mapping[str, str]] = None,
        read_timeout: Optional[float] = None,
        text: bool = False,
        option: str = "",
        wording: str = "",
        max_body: int = 0,
    ) -> Answer:
        """Send a request, repeat it where ``kind`` and the retry policy allow that, and return the answer.

        ``body`` is sent as JSON, ``data`` as it is. ``headers`` with an Authorization replace ``auth_header``.
        ``text`` returns the body as text instead of JSON. ``option`` is the option that an ID in ``path`` came from.
        ``wording`` names a request that is more than a read in the list of what was sent. ``max_body`` replaces the
        limit of an answer, in bytes. Raises :class:`ApiError`; its text holds no body, no header and no query.
        """
        where = Where(self.api, self.number, method, path, option)
        self._client.require_usable(where)
        sent = {"Accept": "text/plain" if text else "application/json", **HEADERS, **(headers or {})}
        if "Authorization" not in sent:
            sent.update(self._auth_header())
        if not all(_is_header_value(value) for value in sent.values()):
            raise causes.refused_address(where, "bad_credential", self._target.name)
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            sent["Content-Type"] = "application/json"
        request = Request(
            self._target.base + path,
            sent,
            params,
            data,
            fresh=kind != retry.READ,
            wording=wording or ("" if kind == retry.READ else "%s %s" % (method, path)),
        )
        limits = Limits(self._connect_timeout, read_timeout or self._read_timeout, max_body or self._max_body)
        scrub = Scrubber.of(sent, params, body).scrub
        begun = self._clock()
        attempt = 0
        while True:
            attempt += 1
            if kind != retry.NEVER:
                self._wait_for_rate_limit(where, self._policy.budget - (self._clock() - begun))
            result = self._attempt(where, request, limits, text, scrub)
            self._update_rate_limiter(where, result)
            if isinstance(result, Answer):
                return result
            elapsed = self._clock() - begun
            choice = retry.decide(result, attempt, elapsed, self._policy, kind, self._random)
            if isinstance(choice, retry.GiveUp):
                if attempt > 1 or result.wait is not None:
                    _add_attempts(result, attempt, elapsed, choice.why)
                raise result
            self._report(where, "retry in %.1f s: %s" % (choice.seconds, choice.why))
            self._sleep(choice.seconds)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def bearer(self) -> str:
        """Return the bearer token that this transport sends."""
        return self._auth_header().get("Authorization", "").partition(" ")[2]

    def _attempt(
        self, where: Where, request: Request, limits: Limits, text: bool, scrub: Callable[[str], str]
    ) -> Union[Answer, ApiError]:
        """Send the request once and return the answer, or the error that it stands for."""
        result = self._client.send(where, request, limits)
        if isinstance(result, ApiError):
            return result
        if result.truncated:
            return causes.too_large(where, result.status, self._target.name, limits.max_body)
        return judge(where, self._target.name, result.status, result.headers, result.body, text, scrub)

    def _wait_for_rate_limit(self, where: Where, budget: float) -> None:
        """Wait if the server has asked any worker of the run to wait.

        A wait that exceeds the budget is skipped: the server refuses the request then, and the user reads why.
        """
        if self._rate_limiter is None:
            return
        left = self._rate_limiter.left()
        if 0 < left <= budget:
            # All workers wait for the same moment: spread them after it.
            left += min(self._policy.base * self._random(), budget - left)
            self._report(where, "waiting %.1f s for the rate limit" % left)
            self._sleep(left)
        delay = self._rate_limiter.delay()
        if delay > 0:
            self._sleep(delay)

    def _update_rate_limiter(self, where: Where, result: Union[Answer, ApiError]) -> None:
        if self._rate_limiter is None:
            return
        if isinstance(result, Answer):
            reported = self._rate_limiter.learn(result.usage)
        elif retry.limited(result):
            reported = self._rate_limiter.wait(self._policy.rate_base if result.wait is None else result.wait)
        else:
            reported = ""
        if reported:
            self._report(where, reported)

    def _report(self, where: Where, text: str) -> None:
        self._announce("%s %s: %s" % (where.method, where.path, text))


def _add_attempts(error: ApiError, attempts: int, elapsed: float, why: str) -> None:
    reported = "Given up after %s in %.0f s: %s" % (counted(attempts, "attempt"), elapsed, why)
    details = error.failure.details.rstrip(". ")
    error.revise(details="%s. %s" % (details, reported) if details else reported)


def _is_header_value(value: str) -> bool:
    """Tell whether a header value can be sent; ``Bearer`` without a token ends in a space and cannot."""
    return bool(value) and value == " ".join(value.split()) and value.isascii() and value.isprintable()
