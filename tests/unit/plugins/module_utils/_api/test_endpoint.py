# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the endpoint's client against real sockets: what goes out, what comes back, and each fault with its type."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.endpoint import Endpoint
from ansible_collections.wabiz.migration.plugins.module_utils._api.errors import ConnectError
from ansible_collections.wabiz.migration.tests.support import faultserver as fs


@pytest.fixture
def endpoint() -> Any:
    made: list[Endpoint] = []

    def make(url: str, ca_path: str | None = None, timeout: float = 2.0) -> Endpoint:
        made.append(Endpoint(url, ca_path, timeout, time.monotonic))
        return made[-1]

    yield make
    for item in made:
        item.close()


def plain(text: str, status: int = 200, **headers: str) -> Any:
    return fs.answer(text.encode(), status, headers, "text/plain")


def test_a_get_adds_to_the_query_and_a_post_sends_the_bytes(endpoint, serve, good):
    server = serve(plain("4711"), plain(""), tls=good.context)
    client = endpoint(server.url + "/hook?key=a%20b", good.path)
    got = client.get({"hub.mode": "subscribe", "hub.verify_token": "a&b ü"})
    assert (got.status, got.body, got.failure, got.reached, got.location) == (200, b"4711", None, True, "")
    assert 0 < got.seconds < 2
    body = b'{"x": "\\u00e9",  "y":1}'
    assert client.post(body, {"X-Hub-Signature-256": "sha256=1"}).status == 200
    first, second = server.requests
    assert first.target == "/hook?key=a%20b&hub.mode=subscribe&hub.verify_token=a%26b+%C3%BC"
    assert second.target == "/hook?key=a%20b"
    assert second.body == body
    assert second.headers["content-type"] == "application/json"
    assert second.headers["x-hub-signature-256"] == "sha256=1"
    assert "authorization" not in second.headers


def test_each_request_has_a_connection_of_its_own(endpoint, serve):
    server = serve(plain(""))
    client = endpoint(server.url)
    assert [client.post(b"{}", {}).status for _index in range(3)] == [200] * 3
    assert server.connections == 3


@pytest.mark.parametrize("status", [201, 204, 302, 400, 401, 500, 503])
def test_any_status_is_an_answer_and_nothing_is_repeated(endpoint, serve, status):
    server = serve(plain("", status))
    got = endpoint(server.url).post(b"{}", {})
    assert (got.status, got.failure, len(server.requests)) == (status, None, 1)


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://other.example.com/login?key=hidden", "other.example.com"),
        ("/login?key=hidden", "another path of the same server"),
        ("https://[::1", "an unreadable address"),
    ],
)
def test_a_redirect_is_not_followed_and_only_its_host_is_told(endpoint, serve, location, host):
    other = serve(plain("4711"))
    server = serve(plain("", 302, Location=location), plain("4711"))
    got = endpoint(server.url).get({})
    assert (got.status, got.location) == (302, host)
    assert len(server.requests) == 1
    assert other.requests == []


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (fs.hang, "read_timeout"),
        (fs.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", 0.1), "read_timeout"),
        (fs.reset, "answer_lost"),
        (fs.raw(b""), "answer_lost"),
        (fs.raw(b"no http\r\n\r\n"), "answer_lost"),
    ],
    ids=["silent", "drop by drop", "reset", "closed", "not http"],
)
def test_an_answer_that_does_not_come(endpoint, serve, step, code):
    server = serve(step)
    got = endpoint(server.url, timeout=0.5).post(b"{}", {})
    assert (got.status, got.failure.code, got.reached) == (0, code, True)
    assert got.seconds < 2
    assert len(server.requests) == 1


def test_a_body_of_any_size_is_read_up_to_a_limit(endpoint, serve):
    server = serve(plain("x" * 1_000_000))
    got = endpoint(server.url).get({})
    assert (got.status, len(got.body)) == (200, 65536)


def test_a_closed_port(endpoint):
    got = endpoint("https://127.0.0.1:%d/x" % fs.free_port()).get({})
    assert (got.failure.code, got.reached) == ("connect_failed", False)
    assert "O(webhook_url)" in got.failure.next_step


def test_a_certificate_that_is_not_trusted(endpoint, serve, good, expired):
    server = serve(plain(""), tls=good.context)
    got = endpoint(server.url).get({})
    assert (got.failure.code, got.reached, server.requests) == ("tls_failed", False, [])
    assert "public CA" in got.failure.next_step
    assert "O(webhook_ca_path)" in got.failure.next_step
    late = serve(plain(""), tls=expired.context)
    assert endpoint(late.url, expired.path).get({}).failure.code == "certificate_date"
    assert endpoint(server.url, "/no/such/file.pem").get({}).failure.code == "ca_missing"


def test_a_ca_bundle_of_the_environment_changes_nothing(endpoint, serve, good, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", good.path)
    server = serve(plain(""), tls=good.context)
    assert endpoint(server.url).get({}).failure.code == "tls_failed"


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(endpoint, serve, good, monkeypatch):
    server = serve(plain("4711"), tls=good.context)
    proxy = serve(fs.tunnel_to(server.port))
    refusing = serve(fs.tunnel_to(server.port, "403 Forbidden"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert endpoint("https://graph.test:%d/x" % server.port, good.path).get({}).body == b"4711"
    assert proxy.requests[0].method == "CONNECT"
    assert endpoint(server.url, good.path).get({}).status == 200
    assert len(proxy.requests) == 1
    monkeypatch.setenv("HTTPS_PROXY", refusing.url)
    got = endpoint("https://graph.test:%d/x" % server.port, good.path).get({})
    assert (got.failure.code, got.reached) == ("proxy_refused", False)
    assert "HTTPS_PROXY" in got.failure.next_step


def test_plain_http_leaves_for_this_machine_only(endpoint):
    with pytest.raises(ConnectError) as caught:
        endpoint("http://hooks.example.com/x").get({})
    assert caught.value.failure.code == "plain_http"
    assert "use https in O(webhook_url)" in caught.value.failure.next_step


def test_no_secret_of_the_address_is_told(endpoint, serve):
    server = serve(fs.reset)
    got = endpoint(server.url + "/hook?key=Hidden").get({"hub.verify_token": "Hidden"})
    assert "Hidden" not in str(got)
