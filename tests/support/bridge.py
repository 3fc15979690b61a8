# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The webhook bridge as tests use it: a process of its own, signed bodies, and a consumer that notes what it gets."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "roles" / "webhook_bridge" / "files"
SECRET = "app-secret-of-tests"
VERIFY = "verify-token-of-tests"
ACCESS = "EAAGtokenoftests"
LONGEST = 20.0
NUMBER = "100000000000001"


def envelope(value: Any, *, field: str = "messages") -> bytes:
    """Return the body of a webhook with one change."""
    change = {"field": field, "value": value}
    document = {"object": "whatsapp_business_account", "entry": [{"id": "200000000000001", "changes": [change]}]}
    return json.dumps(document).encode()


def metadata(number: str = NUMBER) -> dict[str, str]:
    return {"display_phone_number": "15555550100", "phone_number_id": number}


def text(contact: str, message_id: str, words: str = "hello", number: str = NUMBER) -> bytes:
    """Return the body of a text message."""
    return envelope(
        {
            "messaging_product": "whatsapp",
            "metadata": metadata(number),
            "contacts": [{"profile": {"name": "A"}, "wa_id": contact}],
            "messages": [
                {"from": contact, "id": message_id, "timestamp": "1790000000", "type": "text", "text": {"body": words}}
            ],
        }
    )


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Consumer:
    """An HTTP server that notes every event and answers as it is told."""

    def __init__(self, port: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []  # the next answers; 200 when there are none
        self.seconds = 0.0
        self._lock = Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # an answer in two packets would wait for the client's acknowledgement
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer._lock:
                    status = outer.answers.pop(0) if outer.answers else 200
                    outer.headers.append({**self.headers, "path": self.path})
                    if status == 200:
                        outer.events.append(body)
                time.sleep(outer.seconds)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?auth=secret-of-consumer"

    def ids(self) -> list[str]:
        """Return the message ids that came in, in their order."""
        return [one["id"] for event in self.events for one in event.get("messages", []) + event.get("statuses", [])]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Bridge:
    """A running bridge."""

    def __init__(self, folder: Path, consumer: str, **settings: Any) -> None:
        """Write the settings; ``start`` runs the service.

        settings: of the file, and under ``secrets`` additions to the secrets.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        secrets = {
            "app_secrets": [SECRET],
            "verify_token": VERIFY,
            "access_token": ACCESS,
            "consumers": {"default": consumer} if consumer else {},
            "media_user": "admin",
            "media_password": "password-of-consumer",
            **settings.pop("secrets", {}),
        }
        retry = {"first": 0.05, "longest": 0.2, "max_tries": 5, "max_age": 600, **settings.pop("retry", {})}
        database = settings.pop("database", str(folder / "bridge.db"))
        found = {"database": database, "port": 0, "private_port": 0, "min_free": 0, "retry": retry, **settings}
        self.config, self.secrets = folder / "config.json", folder / "secrets.json"
        self.config.write_text(json.dumps(found))
        self.secrets.write_text(json.dumps(secrets))
        self.secrets.chmod(0o600)
        self.process: subprocess.Popen[bytes] | None = None
        self.port = self.private = 0
        self._log = folder / "log"
        self._log.touch()

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "wabiz_bridge", "--config", str(self.config), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return {**kept, "PYTHONPATH": str(FILES), "RUNTIME_DIRECTORY": str(self.folder), "PYTHONUNBUFFERED": "1"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command than serve."""
        return subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )

    def start(self) -> Bridge:
        began = self._log.stat().st_size
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve"), env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            found = re.search(r"webhooks at port (\d+), private port (\d+)", self.log[began:])
            if found:
                self.port, self.private = int(found[1]), int(found[2])
                with contextlib.suppress(OSError):
                    if self.get("/healthz")[0] in (200, 503):
                        return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"the bridge did not start\n{self.log}")

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        """Kill every process of the service at once."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> int:
        """Stop as systemd does, and return the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(LONGEST)
        finally:
            self.kill()

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, private: bool
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.private if private else self.port, timeout=LONGEST)
        with contextlib.closing(connection):
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Ask on the private port."""
        return self.request("GET", path, headers=headers, private=True)

    def post(self, body: bytes, given: str | None = None) -> int:
        """Send a webhook, signed unless another signature is given; return the status."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body)}
        if given is not None:
            headers["X-Hub-Signature-256"] = given
        return self.request("POST", "/webhook", body, headers, private=False)[0]

    def status(self) -> dict[str, Any]:
        done = self.run("status")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def metric(self, name: str) -> float:
        """Return the sum of a metric over its labels."""
        lines = re.findall(rf"(?m)^{name}(?:{{[^}}]*}})? (\S+)$", self.get("/metrics")[1].decode())
        return sum(map(float, lines))


def wait_for(condition: Any, seconds: float = LONGEST) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.01)


@contextlib.contextmanager
def running(folder: Path, consumer: str, **settings: Any) -> Iterator[Bridge]:
    """Run a bridge, and see that it ends without a traceback."""
    bridge = Bridge(folder, consumer, **settings)
    try:
        yield bridge.start()
    finally:
        bridge.kill()
    assert "Traceback" not in bridge.log, bridge.log
