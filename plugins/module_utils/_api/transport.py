# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one request loop of the collection: one way to send, to wait, to read and to fail."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from .._failure import counted
from . import address, causes, connection, retry
from .answer import Answer, judge
from .errors import ApiError, Where
from .rate_limiter import RateLimiter
from .redaction import Scrubber

MAX_BODY = 8 * 1024 * 1024
_CHUNK = 65536
_ALWAYS = {"User-Agent": "wabiz.migration", "Accept-Encoding": "identity"}  # a short answer whose length can be checked


class Transport:
    """Speak HTTP with one server on behalf of one number.

    ``auth_header`` yields the headers that carry the credential. ``verify`` is True, False or the path of a CA file or
    folder. Times are seconds: ``connect_timeout`` for the connection with its TLS, ``read_timeout`` for the complete
    answer once the request has left. ``announce`` gets a line before every wait. ``line`` holds the
    connections, its own where none is given. ``rate_limiter`` is what is known of the server's limits beyond this call.
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
        line: Optional[connection.Line] = None,
        rate_limiter: Optional[RateLimiter] = None,
    ) -> None:
        self.api = api
        self.number = number_label
        self._target = address.target_of(base_url)
        self._auth_header = auth_header
        self._verify = verify
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._policy = policy
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._announce = announce
        self._max_body = max_body
        self._line = line or connection.Line(clock)
        self._rate_limiter = rate_limiter

    def call(
        self,
        method: str,
        path: str,
        *,
        kind: str,
        params: Optional[Mapping[str, str]] = None,
        body: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
        read_timeout: Optional[float] = None,
        text: bool = False,
        option: str = "",
        wording: str = "",
    ) -> Answer:
        """Send one request, again where ``kind`` and the retry policy allow it, and return the answer.

        ``headers`` with an Authorization take the place of ``auth_header``. ``text`` takes the answer as text instead
        of JSON. ``option`` names the option that an ID in ``path`` came from, ``wording`` a request that is more than a
        read, for a message on what was sent. Raises :class:`ApiError`; its text holds no body, no header and no query.
        """
        where = Where(self.api, self.number, method, path, option)
        wording = wording or ("" if kind == retry.READ else "%s %s" % (method, path))
        self._check(where)
        begun = self._clock()
        attempt = 0
        while True:
            attempt += 1
            if kind != retry.NEVER:
                self._postpone(where, self._policy.budget - (self._clock() - begun))
            try:
                result = self._attempt(where, kind, params, body, headers, read_timeout or self._read_timeout, text)
            finally:
                if self._line.watch.phase != connection.CONNECTING:
                    self._line.sent.left(wording)
            self._learn(where, result)
            if isinstance(result, Answer):
                return result
            elapsed = self._clock() - begun
            choice = retry.decide(result, attempt, elapsed, self._policy, kind, self._random)
            if isinstance(choice, retry.GiveUp):
                if attempt > 1 or result.wait is not None:
                    self._tell(result, attempt, elapsed, choice.why)
                raise result
            self._say(where, "waits %.1f s: %s" % (choice.seconds, choice.why))
            self._sleep(choice.seconds)

    def close(self) -> None:
        """Close all connections."""
        self._line.close()

    def bearer(self) -> str:
        """Return the bearer token that this transport sends."""
        return self._auth_header().get("Authorization", "").partition(" ")[2]

    def _check(self, where: Where) -> None:
        if connection.MISSING:
            raise causes.missing_library(where)
        if self._target.problem:
            raise causes.refused_address(where, self._target.problem, self._target.name)

    def _attempt(
        self,
        where: Where,
        kind: str,
        params: Optional[Mapping[str, str]],
        body: Optional[Mapping[str, Any]],
        headers: Optional[Mapping[str, str]],
        read_timeout: float,
        text: bool,
    ) -> Union[Answer, ApiError]:
        """Send the request once and return what came of it; a returned error drags no chain of causes along."""
        self._line.watch.begin(self._connect_timeout, read_timeout)
        sent = {"Accept": "text/plain" if text else "application/json", **_ALWAYS, **(headers or {})}
        if "Authorization" not in sent:
            sent.update(self._auth_header())
        if not all(_fits_header(value) for value in sent.values()):
            return causes.refused_address(where, "bad_credential", self._target.name)
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            sent["Content-Type"] = "application/json"
        adapter = self._open(kind)
        response: Any = None
        route = address.DIRECT
        try:
            url = self._target.base + where.path
            route = address.route_to(url, self._target.loopback)
            if route.problem:
                return causes.unusable_proxy(where, route, self._target.name)
            request = connection.Request(where.method, url, headers=sent, params=params, data=data).prepare()
            response = adapter.send(
                request,
                stream=True,
                timeout=(self._connect_timeout, read_timeout),
                verify=self._verify,
                proxies=route.proxies,
            )
            raw = self._read_body(response)
            headers_seen = {str(name).lower(): str(value) for name, value in response.headers.items()}
        except Exception as error:  # noqa: BLE001 - requests lets errors of urllib3, ssl, codecs and header checks through
            return causes.fault_of(error, where, self._line.watch, self._target.name, self._verify, route)
        finally:
            if response is not None:
                response.close()
        server = self._target.name
        status: int = response.status_code
        if raw is None:
            return causes.too_large(where, status, server, self._max_body)
        length = headers_seen.get("content-length", "")
        if length.isdigit() and "content-encoding" not in headers_seen and len(raw) < int(length):
            return causes.cut(where, status, server, len(raw), int(length))
        return judge(where, server, status, headers_seen, raw, text, Scrubber.of(sent, params, body).scrub)

    def _postpone(self, where: Where, budget: float) -> None:
        """Wait where the server has asked any worker of the run for it.

        What does not fit into the budget is left to the server to say: a worker that waits for nothing helps nobody.
        """
        if self._rate_limiter is None:
            return
        left = self._rate_limiter.left()
        if 0 < left <= budget:
            # All workers wait for the same moment: spread them, never before it.
            left += min(self._policy.base * self._random(), budget - left)
            self._say(where, "waits %.1f s for the rate limit" % left)
            self._sleep(left)
        pause = self._rate_limiter.pause()
        if pause > 0:
            self._sleep(pause)

    def _learn(self, where: Where, result: Union[Answer, ApiError]) -> None:
        if self._rate_limiter is None:
            return
        if isinstance(result, Answer):
            reported = self._rate_limiter.learn(result.usage)
        elif retry.limited(result):
            reported = self._rate_limiter.wait(self._policy.rate_base if result.wait is None else result.wait)
        else:
            reported = ""
        if reported:
            self._say(where, "says that " + reported)

    def _open(self, kind: str) -> Any:
        """Return what sends; a change never goes out on an idle connection that the server may be closing.

        It is an adapter of requests without a Session around it: a Session would take a password out of ~/.netrc and
        a CA out of REQUESTS_CA_BUNDLE, read the body of a redirect by itself, and keep cookies.
        """
        if self._verify is False:
            connection.quieten_unverified()
        return self._line.adapter(fresh=kind != retry.READ)

    def _read_body(self, response: Any) -> Optional[bytes]:
        """Return the whole body; None when it is larger than allowed."""
        pieces: List[bytes] = []
        size = 0
        while True:
            piece = response.raw.read(_CHUNK, decode_content=True)
            if not piece:
                return b"".join(pieces)
            size += len(piece)
            if size > self._max_body:
                return None
            pieces.append(piece)

    def _tell(self, error: ApiError, attempt: int, elapsed: float, why: str) -> None:
        reported = "Given up after %s in %.0f s: %s" % (counted(attempt, "attempt"), elapsed, why)
        details = error.failure.details.rstrip(". ")
        error.revise(details="%s. %s" % (details, reported) if details else reported)

    def _say(self, where: Where, what: str) -> None:
        self._announce("%s %s %s" % (where.method, where.path, what))


def _fits_header(value: str) -> bool:
    """Tell whether a header value can be sent; ``Bearer`` with nothing behind it ends in a space and does not fit."""
    return bool(value) and value == " ".join(value.split()) and value.isascii() and value.isprintable()
