# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customer's own webhook endpoint, neither Meta's nor a node: GET and POST, each sent once."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .._failure import Failure
from . import address, causes, connection
from .errors import ApiError, ConnectError, Where
from .options import WEBHOOK
from .sent import Sent

_MOST = 65536
_HEADERS = {"User-Agent": "wabiz.migration", "Accept": "*/*", "Accept-Encoding": "identity"}


class Came(NamedTuple):
    """Hold what came back: ``status`` is 0 and ``trouble`` is set where nothing did; ``body`` is its beginning.

    ``seconds`` are from connecting to the last byte. ``location`` is the host of a redirect. ``reached`` is False where
    no connection came about.
    """

    status: int
    seconds: float
    body: bytes = b""
    location: str = ""
    trouble: Optional[Failure] = None
    reached: bool = True


class Endpoint:
    """Speak with one webhook endpoint.

    Redirects are not followed, nothing is repeated, and each request has a connection of its own. ``ca_path`` takes
    the place of the well-known CAs; certificates are always verified, because Meta does. Times are in seconds.
    ``options`` is the key of :data:`options.NAMES` by which errors name the user's settings. ``sent`` is told what
    leaves.
    """

    def __init__(
        self,
        url: str,
        ca_path: Optional[str],
        timeout: float,
        clock: Callable[[], float],
        options: str = WEBHOOK,
        sent: Optional[Sent] = None,
    ) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._url = url
        self._name = ("[%s]" % host if ":" in host else host) + (":%d" % parts.port if parts.port else "")
        self._loopback = address.is_loopback(host)
        self._plain = parts.scheme != "https"
        self._path = parts.path or "/"
        self._verify = ca_path or True
        self._timeout = timeout
        self._clock = clock
        self._options = options
        self._watch = connection.Watch(clock)
        self._sent = sent or Sent()
        self._adapter: Any = None

    def get(self, query: Mapping[str, str]) -> Came:
        """Send a GET with ``query`` added to the one that the address has."""
        return self._send("GET", dict(query), None, {})

    def post(self, body: bytes, headers: Mapping[str, str]) -> Came:
        """Send these bytes as JSON."""
        return self._send("POST", {}, body, {"Content-Type": "application/json", **headers})

    def close(self) -> None:
        """Close all connections."""
        if self._adapter is not None:
            self._adapter.close()
            self._adapter = None

    def _send(self, method: str, query: Dict[str, str], body: Optional[bytes], headers: Dict[str, str]) -> Came:
        where = Where(self._options, "", method, self._path)
        if connection.MISSING:
            raise causes.missing_library(where)
        if self._plain and not self._loopback:
            raise causes.refused_address(where, "plain_http", self._name)
        if self._adapter is None:
            self._adapter = connection.WatchedAdapter(self._watch)
        # An idle connection that the server is closing would be taken for a fault of the endpoint.
        self._adapter.forget_connections()
        began = self._clock()
        self._watch.begin(self._timeout, self._timeout)
        response: Any = None
        route = address.route_to(self._url, self._loopback)
        if route.problem:
            return self._lost(causes.unusable_proxy(where, route, self._name), began)
        try:
            request = connection.Request(
                method, self._url, headers={**_HEADERS, **headers}, params=query, data=body
            ).prepare()
            response = self._adapter.send(
                request,
                stream=True,
                timeout=(self._timeout, self._timeout),
                verify=self._verify,
                proxies=route.proxies,
            )
            seen = response.raw.read(_MOST, decode_content=True)
            status, location = int(response.status_code), str(response.headers.get("location") or "")
            coded = "content-encoding" in response.headers
            length = "" if coded else str(response.headers.get("content-length") or "")
        except Exception as error:  # noqa: BLE001 - requests lets errors of urllib3, ssl, codecs and header checks through
            return self._lost(causes.fault_of(error, where, self._watch, self._name, self._verify, route), began)
        finally:
            if self._watch.phase != connection.CONNECTING:
                self._sent.left("" if method == "GET" else "POST sample event to the webhook endpoint")
            if response is not None:
                response.close()
        elsewhere = _host_of(location) if 300 <= status <= 399 else ""
        if length.isdigit() and len(seen) < min(int(length), _MOST):
            return self._lost(causes.cut(where, status, self._name, len(seen), int(length)), began)
        return Came(status, self._clock() - began, bytes(seen), elsewhere)

    def _lost(self, error: ApiError, began: float) -> Came:
        return Came(0, self._clock() - began, trouble=error.failure, reached=not isinstance(error, ConnectError))


def _host_of(location: str) -> str:
    """Return the host of a redirect; its path and query may hold a secret."""
    try:
        return urlsplit(location).hostname or "another path of the same server"
    except ValueError:
        return "an unreadable address"
