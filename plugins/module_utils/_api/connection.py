# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that track the phase of a request and enforce a deadline: between requests and the socket."""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
from functools import lru_cache
from http.client import BadStatusLine, HTTPResponse
from typing import Any, Callable, Dict, Optional, Tuple

from . import tls
from .sent import Sent

try:
    # In this order: without requests the error must name requests, not a library below it.
    import requests.adapters
    import urllib3

    MISSING = ""
    Request: Any = requests.Request
    _ADAPTER: Any = requests.adapters.HTTPAdapter
except ImportError as absent:
    MISSING = str(absent)
    Request = _ADAPTER = object

CONNECTING = "connecting"  # no byte of the request was sent
SENDING = "sending"
READING = "reading"


class Watch:
    """Track one request: its phase, and the deadline of its answer.

    It also keeps the diagnosis of a failed connection: ``names`` are those of a certificate for another name,
    ``certificate_requested`` means that the server requires a client certificate, ``speaks_tls`` that a plain request
    was sent to a TLS port, ``past_proxy`` that there was a connection to the proxy.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._tls_of: Dict[Tuple[str, int], bool] = {}
        self.ca_path = ""  # the CAs of the present request
        self.begin(0.0, 0.0)

    def begin(self, connect_timeout: float, read_timeout: float) -> None:
        """Start over for a new attempt; times in seconds."""
        self.phase = CONNECTING
        self.read_timeout = read_timeout
        self.deadline = self.clock() + connect_timeout
        self.late = False
        self.names: Tuple[str, ...] = ()
        self.certificate_requested = False
        self.speaks_tls = False
        self.past_proxy = False

    def remaining(self) -> float:
        """Return the seconds left; raise ``socket.timeout`` when there are none."""
        left = self.deadline - self.clock()
        if left <= 0:
            self.late = True
            raise socket.timeout("deadline")
        return left

    def answered_plain(self, host: str, port: int) -> None:
        """Note that this port speaks plain HTTP."""
        self._tls_of[(host, port)] = False

    def lost_plain(self, host: str, port: int) -> None:
        """Find out, once per port, whether a plain request was lost because the port speaks TLS."""
        if (host, port) not in self._tls_of:
            self._tls_of[(host, port)] = tls.speaks_tls(host, port)
        self.speaks_tls = self._tls_of[(host, port)]


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


def _connection_class(base: Any, watch: Watch, plain: bool) -> type:
    """Return a connection class of urllib3 that reports to ``watch``; ``plain`` is one without TLS."""

    class WatchedConnection(base):  # type: ignore[misc]
        response_class = _response_class(watch)
        _wabiz_opening = False

        def connect(self) -> None:
            self._wabiz_opening = True
            try:
                super().connect()
            except ssl.SSLError as refused:
                self._wabiz_diagnose(refused)
                raise
            finally:
                self._wabiz_opening = False

        def _wabiz_diagnose(self, refused: ssl.SSLError) -> None:
            """Diagnose a failed handshake by a second one; no request is sent in it either."""
            context = _own_context()
            if not tls.needs_diagnosis(refused) or not isinstance(
                context, ssl.SSLContext
            ):  # pyOpenSSL has one of its own
                return
            if watch.ca_path:
                tls.load(context, watch.ca_path)
            self.ssl_context, self.assert_hostname = tls.for_diagnosis(context), False
            try:
                super().connect()
                watch.names = tls.names_in(self.sock.getpeercert())
            except Exception as again:  # noqa: BLE001 - the first error is the one to report
                watch.certificate_requested = bool(getattr(again, tls.CIPHER_CHOSEN, False))
            finally:
                if self.sock is not None:
                    self.sock.close()

        def send(self, data: Any) -> None:
            if self.sock is None:  # as http.client does, so that _wabiz_opening is seen
                self.connect()
            if self._wabiz_opening:  # a CONNECT to a proxy is not the request
                watch.past_proxy = True
            else:
                watch.phase = SENDING
            try:
                super().send(data)
            except OSError as lost:
                alert = None if isinstance(lost, socket.timeout) else tls.alert_of(self.sock)
                if alert is not None:
                    raise alert from None
                raise

        def getresponse(self, *args: Any, **kwargs: Any) -> Any:
            watch.phase = READING
            watch.deadline = watch.clock() + watch.read_timeout
            try:
                response = super().getresponse(*args, **kwargs)
            except (BadStatusLine, ConnectionError):
                if plain:
                    watch.lost_plain(self.host, self.port)
                raise
            if plain:
                watch.answered_plain(self.host, self.port)
            return response

    return WatchedConnection


def _own_context() -> Any:
    """Return the context of urllib3, so that all versions verify in the same way."""
    return urllib3.util.ssl_.create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)


@lru_cache(maxsize=None)
def default_context() -> Any:
    """Return the context that trusts the CAs of requests; raises tls.AuthorityError.

    To read them takes 20 ms of CPU, which urllib3 would spend for every connection. It is done once in a process, and
    a process that was forked has it already.
    """
    return tls.load(_own_context(), _path_of(True))


def preload() -> None:
    """Read the CAs of requests, for the processes that are forked later; the first request tells why they cannot."""
    if not MISSING:
        with contextlib.suppress(tls.AuthorityError):
            default_context()


def _path_of(verify: Any) -> str:
    """Return where the CAs are, for a way of verifying that has some."""
    return str(requests.adapters.DEFAULT_CA_BUNDLE_PATH if verify is True else verify)


def disable_unverified_warning() -> None:
    """Turn off the warning of urllib3 at every call without verification: the user has chosen that."""
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


class WatchedAdapter(_ADAPTER):  # type: ignore[misc]
    """Send requests without retries, over connections that report to ``watch``."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._contexts: Dict[Any, Any] = {}
        # Graph and the node, each with two ways of verifying
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        self._watch_pools(manager)
        return manager

    def _watch_pools(self, manager: Any) -> None:
        """Let a manager create watched connections of its own kind: a SOCKS proxy has a class of its own."""
        if getattr(manager, "wabiz_watched", False):
            return
        manager.wabiz_watched = True
        manager.pool_classes_by_scheme = {
            scheme: type(
                "Watched" + pool.__name__,
                (pool,),
                {"ConnectionCls": _connection_class(pool.ConnectionCls, self._watch, plain=scheme == "http")},
            )
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Prepare a connection pool of urllib3 for ``verify``; each CA has a context of its own."""
        context = self._context(verify) if verify and url.lower().startswith("https") else None
        self._watch.ca_path = "" if not verify else _path_of(verify)
        super().cert_verify(conn, url, verify, cert)
        # Older versions of requests use one pool for every way of verifying.
        if context is not None:
            # It has read them already; urllib3 would read them again for every connection.
            conn.ca_certs = conn.ca_cert_dir = None
            conn.conn_kw["ssl_context"] = context
            proxy = conn.conn_kw.get("proxy_config")
            if proxy is not None:
                conn.conn_kw["proxy_config"] = proxy._replace(ssl_context=context)
        elif conn.conn_kw.get("ssl_context") in self._contexts.values():
            del conn.conn_kw["ssl_context"]

    def _context(self, verify: Any) -> Any:
        """Return the context for the CAs of ``verify``: True for those of requests, or a path of the user."""
        if verify not in self._contexts:
            self._contexts[verify] = default_context() if verify is True else tls.trust(_own_context(), verify)
        return self._contexts[verify]

    def forget_connections(self) -> None:
        """Close idle connections: if the server closes one meanwhile, the outcome of a change is unknown."""
        self.poolmanager.clear()
        for manager in self.proxy_manager.values():
            manager.clear()


class ConnectionPool:
    """Hold the connections of one task, and the watch over its present request; there is one request at a time.

    Clients with the same pool share its connections. ``sent`` counts the requests.
    """

    def __init__(self, clock: Callable[[], float], sent: Optional[Sent] = None) -> None:
        self.watch = Watch(clock)
        self.sent = sent or Sent()
        self._adapter: Any = None

    def adapter(self, fresh: bool) -> Any:
        """Return the adapter to send with; ``fresh`` closes its idle connections first."""
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
