# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that know how far a request got and that keep a deadline: the layer between requests and the socket."""

from __future__ import annotations

import io
import socket
from http.client import HTTPResponse
from typing import Any, Callable, Dict, Optional

from .sent import Sent

try:
    # In this order: without requests its own name is what must be told, not that of a library below it.
    import requests.adapters
    import urllib3

    MISSING = ""
    Request: Any = requests.Request
    _ADAPTER: Any = requests.adapters.HTTPAdapter
except ImportError as absent:
    MISSING = str(absent)
    Request = _ADAPTER = object

CONNECTING = "connecting"  # no byte of the request has left
SENDING = "sending"
READING = "reading"


class Watch:
    """Follow one request: its phase, and the moment at which its answer must be complete."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.begin(0.0, 0.0)

    def begin(self, connect_timeout: float, read_timeout: float) -> None:
        """Start over for a new attempt; times in seconds."""
        self.phase = CONNECTING
        self.read_timeout = read_timeout
        self.deadline = self.clock() + connect_timeout
        self.late = False

    def remaining(self) -> float:
        """Return the seconds left; raise ``socket.timeout`` when there are none."""
        left = self.deadline - self.clock()
        if left <= 0:
            self.late = True
            raise socket.timeout("deadline")
        return left


class _DeadlineReader(io.RawIOBase):
    """Read from a socket so that many small pieces together do not outlast the deadline."""

    def __init__(self, sock: Any, inner: Any, watch: Watch) -> None:
        super().__init__()
        self._sock = sock
        self._inner = inner
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._sock.settimeout(self._watch.remaining())
        count: Optional[int] = self._inner.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def _response_class(watch: Watch) -> type:
    class WatchedResponse(HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_DeadlineReader(sock, self.fp.detach(), watch))

    return WatchedResponse


def _connection_class(base: Any, watch: Watch) -> type:
    """Return a connection class of urllib3 that reports to ``watch``."""

    class WatchedConnection(base):  # type: ignore[misc]
        response_class = _response_class(watch)
        _wabiz_opening = False

        def connect(self) -> None:
            self._wabiz_opening = True
            try:
                super().connect()
            finally:
                self._wabiz_opening = False

        def send(self, data: Any) -> None:
            if self.sock is None:  # what http.client does on its own, made visible
                self.connect()
            if not self._wabiz_opening:  # a CONNECT to a proxy is not the request
                watch.phase = SENDING
            super().send(data)

        def getresponse(self, *args: Any, **kwargs: Any) -> Any:
            watch.phase = READING
            watch.deadline = watch.clock() + watch.read_timeout
            return super().getresponse(*args, **kwargs)

    return WatchedConnection


def _pool_classes(watch: Watch) -> Dict[str, Any]:
    def watched(pool: Any) -> type:
        return type("Watched" + pool.__name__, (pool,), {"ConnectionCls": _connection_class(pool.ConnectionCls, watch)})

    pools = urllib3.connectionpool
    return {"http": watched(pools.HTTPConnectionPool), "https": watched(pools.HTTPSConnectionPool)}


def quieten_unverified() -> None:
    """Keep urllib3 from warning at every call about a certificate that the user said not to verify."""
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


class WatchedAdapter(_ADAPTER):  # type: ignore[misc]
    """Send requests without any retry of its own, over connections that report to ``watch``."""

    def __init__(self, watch: Watch) -> None:
        self._classes = _pool_classes(watch)
        # Graph and the node, and each once more where two ways of verifying meet
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._classes

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._classes
        return manager

    def forget_connections(self) -> None:
        """Close idle connections: the server may be about to close them, which would leave a change in doubt."""
        self.poolmanager.clear()
        for manager in self.proxy_manager.values():
            manager.clear()


class Line:
    """The connections of one task, and the watch over the request that is under way: there is one at a time.

    Transports that are given the same line use each other's connections. ``sent`` is told what leaves.
    """

    def __init__(self, clock: Callable[[], float], sent: Optional[Sent] = None) -> None:
        self.watch = Watch(clock)
        self.sent = sent or Sent()
        self._adapter: Any = None

    def adapter(self, fresh: bool) -> Any:
        """Return what sends, without an idle connection where ``fresh`` is wished."""
        if self._adapter is None:
            self._adapter = WatchedAdapter(self.watch)
        elif fresh:
            self._adapter.forget_connections()
        return self._adapter

    def close(self) -> None:
        """Close all connections."""
        if self._adapter is not None:
            self._adapter.close()
            self._adapter = None
