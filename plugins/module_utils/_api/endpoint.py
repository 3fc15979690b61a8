# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of the customer (webhook, change freeze, report): GET, POST or PUT, each sent once, any status returned."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .._failure import Failure
from . import address, connection
from .errors import ApiError, ConnectError, Where
from .http_client import HEADERS, HttpClient, Limits, Request
from .options import WEBHOOK
from .sent import Sent

_MAX_BODY = 65536


class EndpointResponse(NamedTuple):
    """Hold the answer: ``status`` is 0 and ``failure`` is set if there was none; ``body`` is its beginning.

    ``seconds`` are from connecting to the last byte. ``location`` is the host of a redirect. ``reached`` is False if
    no connection was made.
    """

    status: int
    seconds: float
    body: bytes = b""
    location: str = ""
    failure: Optional[Failure] = None
    reached: bool = True


class Endpoint:
    """Call one endpoint, with a new connection for each request.

    ``ca_path`` replaces the CAs of the system; certificates are always verified, because Meta does so. Times are in
    seconds. ``server`` is the key of :data:`options.NAMES` by which errors name the user's settings. ``sent`` counts
    the requests.
    """

    def __init__(
        self,
        url: str,
        ca_path: Optional[str],
        timeout: float,
        clock: Callable[[], float],
        server: str = WEBHOOK,
        sent: Optional[Sent] = None,
    ) -> None:
        self._url = url
        self._clock = clock
        self._server = server
        self._limits = Limits(timeout, timeout, _MAX_BODY)
        target = address.target_of(url, base=False)
        self._client = HttpClient(target, ca_path or True, connection.ConnectionPool(clock, sent))
        self.close = self._client.close

    def get(self, query: Mapping[str, str]) -> EndpointResponse:
        """Send a GET with ``query`` added to the query of the URL."""
        return self._send("GET", Request(self._url, {}, query))

    def head(self) -> EndpointResponse:
        """Send a HEAD, which asks whether something is there."""
        return self._send("HEAD", Request(self._url, {}))

    def post(self, body: bytes, headers: Mapping[str, str]) -> EndpointResponse:
        """Send ``body`` as JSON, unchanged."""
        headers = {"Content-Type": "application/json", **headers}
        return self._send(
            "POST", Request(self._url, headers, data=body, wording="POST sample event to the webhook endpoint")
        )

    def put(self, body: bytes, headers: Mapping[str, str]) -> EndpointResponse:
        """Send ``body`` unchanged; ``headers`` name its type, and may hold a credential for this server."""
        return self._send("PUT", Request(self._url, headers, data=body, wording="PUT report"))

    def _send(self, method: str, request: Request) -> EndpointResponse:
        where = Where(self._server, "", method, urlsplit(self._url).path or "/")
        self._client.require_usable(where)
        began = self._clock()
        request = request._replace(headers={**HEADERS, "Accept": "*/*", **request.headers})
        result = self._client.send(where, request, self._limits)
        seconds = self._clock() - began
        if isinstance(result, ApiError):
            return EndpointResponse(0, seconds, failure=result.failure, reached=not isinstance(result, ConnectError))
        location = address.redirect_host(result.headers.get("location", "")) if 300 <= result.status <= 399 else ""
        return EndpointResponse(result.status, seconds, result.body, location)
