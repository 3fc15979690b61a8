# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of real sockets that answers as a script says, fault by fault; runs on Python 3.8 too."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Request:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body.decode("utf-8"))


if TYPE_CHECKING:
    Step = Callable[[socket.socket, Request], None]


@dataclass
class FaultServer:
    """Serve one step per request; the last step serves all that follow.

    A connection is closed after each step unless the step answers with keep-alive. ``refuse_early`` resets so
    many of the first connections before a byte is read; ``cut_request`` resets each in the middle of its request;
    ``early`` takes the first step as soon as any byte has come.
    """

    steps: list[Step]
    tls: ssl.SSLContext | None = None
    refuse_early: int = 0
    cut_request: bool = False
    early: bool = False
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> FaultServer:
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):  # wakes accept() up
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._listener.close()
        for sock in self._open:  # wakes readers of idle connections up
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    @property
    def url(self) -> str:
        """Return the base URL."""
        return "%s://127.0.0.1:%d" % ("https" if self.tls else "http", self.port)

    def paths(self) -> list[str]:
        """Return method and target of all requests."""
        return ["%s %s" % (request.method, request.target) for request in self.requests]

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _peer = self._listener.accept()
            except OSError:
                return
            if self._stop.is_set():
                sock.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if number <= self.refuse_early:
                reset(sock, None)
                return
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            self._open.append(sock)
            sock.settimeout(10)
            if self.cut_request:
                sock.recv(1000)
                reset(sock, None)
                return
            if self.early:
                sock.recv(65536)
                self.steps[0](sock, Request("", "", {}, b""))
                return
            while not self._stop.is_set():
                request = read_request(sock)
                if request is None:
                    return
                self.requests.append(request)
                step = self.steps[min(len(self.requests), len(self.steps)) - 1]
                if getattr(step, "waits", False):
                    self._stop.wait(10)
                    return
                step(sock, request)
                if not getattr(step, "keep_alive", False):
                    return
        except OSError:
            return
        finally:
            with contextlib.suppress(OSError):
                sock.close()


def read_request(sock: socket.socket) -> Request | None:
    """Read one request; None when the client has gone, or speaks TLS where this server does not."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        data += piece
        if not piece or data.startswith(b"\x16\x03"):
            return None
    head, _sep, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _version = lines[0].split(" ", 2)
    headers = {
        name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])
    }
    while len(body) < int(headers.get("content-length", "0")):
        body += sock.recv(65536)
    return Request(method, target, headers, body)


def raw(data: bytes) -> Step:
    """Answer with these bytes and close."""
    return lambda sock, request: sock.sendall(data)


def answer(
    body: Any = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json",
) -> Step:
    """Answer in full; ``body`` is JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8")
    lines = ["HTTP/1.1 %d Said" % status, "Content-Length: %d" % len(data)]
    if content_type:
        lines.append("Content-Type: %s" % content_type)
    lines += ["%s: %s" % item for item in (headers or {}).items()]
    whole = "\r\n".join([*lines, "", ""]).encode("latin-1") + data

    def step(sock: socket.socket, request: Request) -> None:
        sock.sendall(whole)

    step.keep_alive = "close" not in (headers or {}).get("Connection", "")  # type: ignore[attr-defined]
    return step


def graph_error(code: int, status: int = 400, headers: dict[str, str] | None = None, **more: Any) -> Step:
    """Answer with Graph's error envelope."""
    error = {"message": "(#%d) said" % code, "type": "OAuthException", "code": code, "fbtrace_id": "TRACE", **more}
    return answer({"error": error}, status, headers)


def onprem_error(code: int, status: int = 400, details: str = "") -> Step:
    """Answer with the error envelope of a node."""
    error = {"code": code, "title": "message", "details": details}
    return answer({"errors": [error], "meta": {"api_status": "stable", "version": "v2.53.1"}}, status)


def reset(sock: socket.socket, request: Request | None) -> None:
    """Reset the connection without an answer."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def hang(sock: socket.socket, request: Request) -> None:
    """Answer nothing while the server runs."""


hang.waits = True  # type: ignore[attr-defined]


def drip(data: bytes, every: float) -> Step:
    """Answer one byte at a time, ``every`` so many seconds."""

    def step(sock: socket.socket, request: Request) -> None:
        pause = threading.Event()
        for index in range(len(data)):
            sock.sendall(data[index : index + 1])
            pause.wait(every)

    return step


def tunnel_to(port: int, refuse: str = "") -> Step:
    """Act as a proxy: take a CONNECT and pipe to a port of this machine, or refuse it with a status line."""

    def step(sock: socket.socket, request: Request) -> None:
        if refuse:
            sock.sendall(("HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % refuse).encode("ascii"))
            return
        with socket.create_connection(("127.0.0.1", port), 5) as upstream:
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            # One thread for both ways: two must not use one TLS connection at a time.
            other = {sock: upstream, upstream: sock}
            while ready := _readable(sock, upstream):
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    other[source].sendall(data)

    return step


def _readable(*sockets: socket.socket) -> list[socket.socket]:
    """Return the sockets that can be read now or within 5 seconds; what TLS has decrypted already comes first."""
    pending: list[socket.socket] = [sock for sock in sockets if isinstance(sock, ssl.SSLSocket) and sock.pending()]
    return pending or select.select(list(sockets), [], [], 5)[0]


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port
