# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media for the consumer: its login, the Cloud API behind it, and where the access token goes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.bridge import ACCESS, Bridge, running

BYTES = bytes(range(256)) * 2000


class Graph:
    """The Graph API and the media server in one; 127.0.0.2 is a host that must not see the token."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.seen.append((self.path, self.headers.get("Authorization", "")))
                status, headers, body = outer.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/v26.0/1": (200, {}, json.dumps({"url": f"{self.url}/bytes", "id": "1"}).encode()),
            "/bytes": (200, {"Content-Type": "image/jpeg", "Content-Disposition": "inline"}, BYTES),
            "/v26.0/2": (200, {}, json.dumps({"url": self.url.replace("127.0.0.1", "127.0.0.2")}).encode()),
            "/v26.0/3": (500, {}, b"{}"),
            "/v26.0/4": (200, {}, json.dumps({"url": f"{self.url}/moved"}).encode()),
            "/moved": (302, {"Location": f"{self.url}/bytes"}, b""),
            "/v26.0/5": (200, {}, b"no JSON"),
        }
        return answers.get(path, (400, {}, b'{"error":{"code":100}}'))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    made = Graph()
    yield made
    made.close()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> Iterator[Bridge]:
    with running(tmp_path_factory.mktemp("media"), "http://127.0.0.1:9/", graph_url=graph.url) as made:
        yield made


def login(bridge: Bridge, password: str = "password-of-consumer") -> tuple[int, Any]:
    basic = base64.b64encode(f"admin:{password}".encode()).decode()
    status, body = bridge.request("POST", "/v1/users/login", b"{}", {"Authorization": f"Basic {basic}"}, private=True)
    return status, json.loads(body)


def fetch(bridge: Bridge, media_id: str, token: str = "") -> tuple[int, bytes]:
    token = token or login(bridge)[1]["users"][0]["token"]
    return bridge.get(f"/v1/media/{media_id}", {"Authorization": f"Bearer {token}"})


def test_a_consumer_logs_in_and_fetches_as_it_did(bridge: Bridge, graph: Graph) -> None:
    status, answer = login(bridge)
    assert status == 200 and " " in answer["users"][0]["expires_after"]
    assert fetch(bridge, "1") == (200, BYTES)
    assert graph.seen[-2:] == [("/v26.0/1", f"Bearer {ACCESS}"), ("/bytes", f"Bearer {ACCESS}")]


def test_who_may_not_gets_nothing(bridge: Bridge, graph: Graph) -> None:
    before = len(graph.seen)
    assert login(bridge, "wrong")[0] == 401
    assert bridge.get("/v1/media/1")[0] == 401
    status, body = fetch(bridge, "1", "1.2")
    assert status == 401 and json.loads(body)["errors"][0]["code"] == 1005
    assert len(graph.seen) == before


@pytest.mark.parametrize(("media_id", "status"), [("999", 404), ("f043afd0-f0ae", 404), ("3", 502), ("5", 502)])
def test_an_error_has_the_old_shape(bridge: Bridge, media_id: str, status: int) -> None:
    found, body = fetch(bridge, media_id)
    assert found == status and json.loads(body)["errors"][0]["code"] in (1006, 1014)
    assert ACCESS.encode() not in body


def test_the_token_goes_to_no_other_host_and_follows_no_redirect(bridge: Bridge, graph: Graph) -> None:
    before = len(graph.seen)
    assert fetch(bridge, "2")[0] == fetch(bridge, "4")[0] == 502
    assert [path for path, _headers in graph.seen[before:]] == ["/v26.0/2", "/v26.0/4", "/moved"]


def test_without_a_password_there_are_no_media(tmp_path: Path, graph: Graph) -> None:
    secrets = {"media_user": "", "media_password": ""}
    with running(tmp_path, "http://127.0.0.1:9/", graph_url=graph.url, secrets=secrets) as bridge:
        assert login(bridge, "")[0] == 401
        assert fetch(bridge, "1", "9999999999.00")[0] == 401


def test_media_over_the_limit_are_refused(tmp_path: Path, graph: Graph) -> None:
    with running(tmp_path, "http://127.0.0.1:9/", graph_url=graph.url, max_media=1000) as bridge:
        assert fetch(bridge, "1")[0] == 502
