# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening sockets: one per node address, opened and closed one by one, served by uvicorn's HTTP protocol."""

from __future__ import annotations

import asyncio
import errno
import resource
import socket
import ssl
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Address = tuple[str, int]
BACKLOG = 512


class Connection(H11Protocol):
    """Serve one connection, and let the one who answers cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._gone = asyncio.get_running_loop().create_future()
        # uvicorn copies this into the scope of each request: the way from a request to its connection.
        self.app_state = {"connection": self}

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._gone.done():
            self._gone.set_result(None)
        super().connection_lost(exc)

    @property
    def lost(self) -> bool:
        return self._gone.done()

    async def gone(self) -> None:
        """Wait until the connection is closed, by whomever."""
        await asyncio.shield(self._gone)


def connection_of(scope: Any) -> Connection:
    connection: Connection = scope["state"]["connection"]
    return connection


class Listener:
    """Listen on one address; close() makes the system refuse connections, listen() and serve() take them again."""

    def __init__(self, site: Site, address: Address, context: ssl.SSLContext | None) -> None:
        self._site = site
        self._context = context
        self.address = address
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None

    def listen(self, sock: socket.socket | None = None) -> bool:
        """Take the address at once; connections wait until open() serves them. False when it listens already."""
        if self._socket is not None:
            return False
        self._socket = sock or bind(self.address)
        self._socket.listen(BACKLOG)
        self._socket.setblocking(False)
        self.address = self._socket.getsockname()[:2]
        return True

    async def open(self, sock: socket.socket | None = None) -> None:
        """Listen and serve."""
        if self.listen(sock):
            await self.serve()

    async def serve(self) -> None:
        """Serve what listen() took."""
        sock = self._socket
        if sock is None:
            return
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._site.protocol, sock=sock, ssl=self._context, backlog=BACKLOG)
        if self._socket is sock:
            self._server = server
        else:
            # Closed again while it was opening.
            server.close()

    def close(self, but: Connection | None = None) -> None:
        """Stop listening and cut what is connected; an answer under way on `but` is left alone."""
        if self._socket is None:
            return
        sock, server, self._socket, self._server = self._socket, self._server, None, None
        if server is not None:
            server.close()
        else:
            sock.close()
        for connection in list(self._site.connections()):
            if connection.server == self.address and connection is not but and not _busy(connection):
                connection.transport.abort()


def _busy(connection: Connection) -> bool:
    return connection.cycle is not None and not connection.cycle.response_complete


class Site:
    """Serve one ASGI application on any number of listeners."""

    def __init__(self, app: ASGIApp) -> None:
        self._config = Config(
            app, lifespan="off", log_level="critical", access_log=False, ws="none", timeout_keep_alive=75
        )
        self._config.load()
        self.state = ServerState()
        self.tick()

    def protocol(self) -> Connection:
        return Connection(config=self._config, server_state=self.state, app_state={})

    def connections(self) -> Iterator[Connection]:
        return (one for one in self.state.connections if isinstance(one, Connection))

    def tick(self) -> None:
        """Refresh the Date header; call it once a second."""
        self.state.default_headers = [(b"date", formatdate(usegmt=True).encode())]


def bind(address: Address) -> socket.socket:
    # The protocol is named because asyncio turns off Nagle's delay (40 ms an answer) only where it sees TCP.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def bind_all(hosts: list[str], port: int) -> list[socket.socket]:
    """Bind every host to one and the same port; with port 0 a port that is free on all of them is looked for."""
    for _unused in range(50):
        bound: list[socket.socket] = []
        try:
            for host in hosts:
                wanted = port or (bound[0].getsockname()[1] if bound else 0)
                bound.append(bind((host, wanted)))
            return bound
        except OSError as error:
            for sock in bound:
                sock.close()
            if port or error.errno != errno.EADDRINUSE:
                raise OSError(error.errno, f"cannot listen on {host} port {wanted}: {error.strerror}") from None
    raise OSError(errno.EADDRINUSE, "no port is free on every node address")


def raise_file_limit(wanted: int) -> None:
    """Allow as many open files as the nodes and their connections need, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
