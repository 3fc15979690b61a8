# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of real sockets that answers as a script says, fault by fault; runs on Python 3.8 too."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import json
import socket
import ssl
import struct
import threading
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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

    def pipe(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for data in iter(lambda: source.recv(65536), b""):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def step(sock: socket.socket, request: Request) -> None:
        if refuse:
            sock.sendall(("HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % refuse).encode("ascii"))
            return
        with socket.create_connection(("127.0.0.1", port), 5) as upstream:
            upstream.settimeout(5)
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pipe, args=(upstream, sock), daemon=True)
            back.start()
            pipe(sock, upstream)
            back.join(5)

    return step


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate: the file is its own CA."""

    path: str
    context: ssl.SSLContext


def certificate(folder: Path, name: str = "good", expired: bool = False, host: str = "graph.test") -> Certificate:
    """Make a certificate for the loopback address, ``localhost`` and ``host``."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [_general(one) for one in ("localhost", host, "127.0.0.1")]
    made = (
        _unsigned(name, name, key, -9, -1 if expired else 2)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / (name + ".pem"), folder / (name + ".key")
    chain.write_bytes(_pem(made))
    secret.write_bytes(_pem_of_key(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(chain), str(secret))
    return Certificate(str(chain), context)


@dataclass(frozen=True)
class Authority:
    """A private CA as ``openssl req -x509`` makes it: without the key usage that Python 3.13 wants."""

    path: str
    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey

    def context(
        self,
        *names: str,
        begins: float = -9.0,
        ends: float = 2.0,
        client_ca: str = "",
        most: ssl.TLSVersion | None = None,
        ciphers: str = "",
    ) -> ssl.SSLContext:
        """Return what serves a certificate of this CA for ``names``, which are valid between two days from now.

        ``client_ca`` wants a certificate of the client, ``most`` is the highest version of TLS.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        made = _unsigned("leaf", self.name, key, begins, ends).add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
        )
        path = self.folder / ("leaf-%d.pem" % id(key))
        path.write_bytes(_pem(made.sign(self.key, hashes.SHA256())) + _pem_of_key(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(path))
        if most is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # old versions are what is wanted here
                context.minimum_version, context.maximum_version = min(most, ssl.TLSVersion.TLSv1), most
        if ciphers:
            context.set_ciphers(ciphers)
        if client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client_ca)
        return context


def authority(folder: Path, name: str = "authority") -> Authority:
    """Make a private CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _unsigned(name, name, key, -9, 900)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / (name + ".pem")
    path.write_bytes(_pem(made))
    return Authority(str(path), folder, name, key)


def _unsigned(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, begins: float, ends: float
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)  # noqa: UP017 - Python 3.8
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port
