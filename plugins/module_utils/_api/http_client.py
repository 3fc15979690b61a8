# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single HTTP requests, below the API transport and the endpoint client: sent, counted, and mapped to errors."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Tuple, Union

from . import address, causes, connection
from .errors import ApiError, Where

HEADERS = {"User-Agent": "wabiz.migration", "Accept-Encoding": "identity"}  # uncompressed: the length can be checked
_CHUNK = 65536


class Limits(NamedTuple):
    """Bound a request: seconds for the connection with its TLS, seconds for the complete answer, bytes of its body."""

    connect_timeout: float
    read_timeout: float
    max_body: int


class Request(NamedTuple):
    """Describe a request; ``wording`` names one that is more than a read in the list of what was sent.

    ``fresh`` opens a new connection: an idle one that the server is closing would leave the outcome in doubt.
    """

    url: str
    headers: Mapping[str, str]
    params: Optional[Mapping[str, str]] = None
    data: Optional[bytes] = None
    fresh: bool = True
    wording: str = ""


class Response(NamedTuple):
    """Hold an answer of any status: header names are in lower case; ``truncated`` means that the body was longer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool


class HttpClient:
    """Send requests to ``target`` over the connections of ``pool``; nothing is repeated and no redirect is followed.

    It uses an adapter of requests without a Session: a Session would take a password out of ~/.netrc and a CA out of
    REQUESTS_CA_BUNDLE, read the body of a redirect by itself, and keep cookies.
    """

    def __init__(self, target: address.Target, verify: Union[bool, str], pool: connection.ConnectionPool) -> None:
        self._target = target
        self._verify = verify
        self._pool = pool
        self.close = pool.close

    def require_usable(self, where: Where) -> None:
        """Raise the error for a missing library, or for an address that no request may go to."""
        if connection.MISSING:
            raise causes.missing_library(where)
        if self._target.problem:
            raise causes.refused_address(where, self._target.problem, self._target.name)

    def send(self, where: Where, request: Request, limits: Limits) -> Union[Response, ApiError]:
        """Send ``request`` once and return the answer or the error, which has no chained exception."""
        watch, server = self._pool.watch, self._target.name
        watch.begin(limits.connect_timeout, limits.read_timeout)
        if self._verify is False:
            connection.disable_unverified_warning()
        adapter = self._pool.adapter(request.fresh)
        response: Any = None
        route = address.DIRECT
        try:
            route = address.route_to(request.url, self._target.loopback)
            if route.problem:
                return causes.unusable_proxy(where, route, server)
            response = adapter.send(
                connection.Request(
                    where.method, request.url, headers=request.headers, params=request.params, data=request.data
                ).prepare(),
                stream=True,
                timeout=(limits.connect_timeout, limits.read_timeout),
                verify=self._verify,
                proxies=route.proxies,
            )
            status = int(response.status_code)
            headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
            body, truncated = _read(response.raw, limits.max_body)
        except Exception as error:  # noqa: BLE001 - requests lets errors of urllib3, ssl, codecs and header checks through
            return causes.fault_of(error, where, watch, server, self._verify, route)
        finally:
            if watch.phase != connection.CONNECTING:
                self._pool.sent.add(request.wording)
            if response is not None:
                response.close()
        length = "" if "content-encoding" in headers else headers.get("content-length", "")
        # The answer to a HEAD has the length of what a GET would return.
        if where.method != "HEAD" and length.isdigit() and not truncated and len(body) < int(length):
            return causes.cut(where, status, server, len(body), int(length))
        return Response(status, headers, body, truncated)


def _read(raw: Any, limit: int) -> Tuple[bytes, bool]:
    """Return the body up to ``limit`` bytes, and whether it has more."""
    pieces: List[bytes] = []
    size = 0
    while size <= limit:
        piece = raw.read(min(_CHUNK, limit + 1 - size), decode_content=True)
        if not piece:
            break
        size += len(piece)
        pieces.append(piece)
    return b"".join(pieces)[:limit], size > limit
