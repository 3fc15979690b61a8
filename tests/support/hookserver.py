# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook endpoint of real sockets: it checks tokens and signatures by itself, and can have a fault."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "verify-token-of-the-endpoint"
SECRET = "0123456789abcdef-app-secret"


@dataclass
class Seen:
    """One request as it came in; ``signed`` is what the endpoint found out itself: right, wrong or missing."""

    method: str
    kind: str
    signed: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def kind_of(body: bytes) -> str:
    """Return the kind of an event, read from its shape; an endpoint has nothing else to go by."""
    change = json.loads(body)["entry"][0]["changes"][0]
    if change["field"] != "messages":
        return str(change["field"])
    value = change["value"]
    (row,) = value.get("statuses") or value["messages"]
    if not {"from", "recipient_id"} & set(row):
        return "%s of a user ID" % ("status" if "statuses" in value else row["type"])
    if "statuses" in value:
        return "status error" if value["statuses"][0].get("errors") else "status"
    message = value["messages"][0]
    return "voice" if message["type"] == "audio" and message["audio"].get("voice") is True else str(message["type"])


class HookServer:
    """Serve on a free loopback port; ``fault`` is a word of ``_Handler``, for ``kind`` where it is about one."""

    def __init__(self, tls: ssl.SSLContext | None = None, fault: str = "", kind: str = "") -> None:
        self.fault = fault
        self.kind = kind
        self.seen: list[Seen] = []
        self.tls = tls
        self.stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.hook = self  # type: ignore[attr-defined]
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return "%s://127.0.0.1:%d/hook?key=Query-Secret" % ("https" if self.tls else "http", self.port)

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.seen]

    def __enter__(self) -> HookServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def setup(self) -> None:
        # In the thread of the connection, so that a handshake that fails holds up nobody else.
        self.hook: HookServer = self.server.hook  # type: ignore[attr-defined]
        if self.hook.tls:
            self.request = self.hook.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        assert query["key"] == ["Query-Secret"]
        (challenge,), (token,), (mode,) = (query["hub." + name] for name in ("challenge", "verify_token", "mode"))
        self.hook.seen.append(Seen("GET", "challenge", "right" if token == TOKEN else "wrong"))
        known = token == TOKEN or self.hook.fault == "any token"
        if self._common("challenge"):
            return
        if mode != "subscribe" or not known:
            self._answer(403, b"no")
        elif self.hook.fault == "other challenge":
            self._answer(200, b"welcome")
        elif self.hook.fault == "wrapped challenge":
            self._answer(200, json.dumps(challenge).encode())
        elif self.hook.fault == "challenge as 201":
            self._answer(201, challenge.encode())
        else:
            self._answer(200, challenge.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stated = self.headers.get("X-Hub-Signature-256")
        signed_over = body
        if self.hook.fault == "signs what it wrote":  # parsed and written again: not the bytes that came
            signed_over = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
        right = "sha256=" + hmac.new(SECRET.encode(), signed_over, hashlib.sha256).hexdigest()
        signed = "missing" if stated is None else "right" if hmac.compare_digest(stated, right) else "wrong"
        kind = kind_of(body)
        self.hook.seen.append(Seen("POST", kind, signed, body, dict(self.headers.items())))
        taken = signed == "right" or self.hook.fault == {"wrong": "forged", "missing": "unsigned"}[signed]
        if not taken:
            self._answer(401, b"no")
        elif signed != "right" or not self._common(kind):
            self._answer(200, b"")

    def _common(self, kind: str) -> bool:
        """Play a fault that is about one kind; tell whether the request has got what it gets."""
        if kind != self.hook.kind:
            return False
        if self.hook.fault == "500":
            self._answer(500, b"Body-Secret")
        elif self.hook.fault == "202":
            self._answer(202, b"")
        elif self.hook.fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.example.com/path?Location-Secret")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.hook.fault == "slow":
            self.hook.stop.wait(60)
            self.close_connection = True
        elif self.hook.fault == "cut":
            self.close_connection = True
        else:
            return False
        return True

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "%d" % len(body))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
