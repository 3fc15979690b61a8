# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the environment: which setting counts, and what is wrong with it, without the credentials in it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import address, codes, errors, retry
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from hypothesis import given
from hypothesis import strategies as st
from requests import adapters


def without_socks(monkeypatch: Any) -> None:
    """Let requests be installed without the library for SOCKS proxies; it puts a function that raises in its place."""
    monkeypatch.setattr(adapters, "SOCKSProxyManager", lambda *args: None)


@pytest.fixture
def fails(transport: Any) -> Any:
    """Read what can only be had by a proxy, which must fail; return the error."""

    def read() -> errors.ProxyError:
        with pytest.raises(errors.ProxyError) as caught:
            transport("https://graph.test", policy=retry.RetryPolicy(budget=3.0)).call(
                "GET", "/v25.0/1", kind=retry.READ
            )
        assert caught.value.acted == codes.NO
        assert not [word for word in ("carol", "w#rd", "w%23rd", "hush") if word in str(caught.value)]
        return caught.value

    return read


@pytest.mark.parametrize(
    ("variables", "setting"),
    [
        ({"HTTPS_PROXY": "http://a.test:1"}, "HTTPS_PROXY"),
        ({"https_proxy": "http://a.test:1"}, "https_proxy"),
        ({"HTTPS_PROXY": "http://b.test:1", "https_proxy": "http://a.test:1"}, "https_proxy"),
        ({"ALL_PROXY": "http://a.test:1"}, "ALL_PROXY"),
        ({"all_proxy": "http://a.test:1", "ALL_PROXY": "http://b.test:1"}, "all_proxy"),
        ({"ALL_PROXY": "http://b.test:1", "HTTPS_PROXY": "http://a.test:1"}, "HTTPS_PROXY"),
        # An empty one in small letters takes the other one away, as Python reads them.
        ({"HTTPS_PROXY": "http://b.test:1", "https_proxy": "", "ALL_PROXY": "http://a.test:1"}, "ALL_PROXY"),
        ({"HTTP_PROXY": "http://b.test:1"}, ""),
        ({"HTTPS_PROXY": "http://b.test:1", "NO_PROXY": "graph.test"}, ""),
        ({"HTTPS_PROXY": "http://b.test:1", "no_proxy": ".test"}, ""),
        ({"HTTPS_PROXY": "http://b.test:1", "NO_PROXY": "*"}, ""),
    ],
)
def test_the_setting_that_counts(monkeypatch: Any, variables: Any, setting: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    route = address.route_to("https://graph.test/v25.0/1", False)
    assert (route.setting, route.name, route.problem) == (setting, "a.test:1" if setting else "", "")
    assert route.proxies == ({"https": "http://a.test:1"} if setting else {})
    assert address.route_to("https://127.0.0.1/x", True) == address.DIRECT


@pytest.mark.parametrize(
    ("url", "name", "problem"),
    [
        ("http://carol:hush@proxy.test:3128", "proxy.test:3128", ""),
        ("http://carol:hush@proxy.test:3128/", "proxy.test:3128", ""),
        ("http://carol:w%23rd@proxy.test", "proxy.test", ""),
        ("proxy.test:3128", "proxy.test:3128", ""),
        ("http://[2001:db8::1]:3128", "[2001:db8::1]:3128", ""),
        ("https://proxy.test:3128", "proxy.test:3128", ""),
        ("HTTP://proxy.test:3128", "proxy.test:3128", ""),
        ("http://carol:hush@p@proxy.test:3128", "proxy.test:3128", ""),
        ("http://carol:w#rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://carol:w/rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://carol:w?rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://carol:w[rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://carol:w rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://carol:wörd@proxy.test:3128", "", address.NOT_ENCODED),
        ("carol:w#rd@proxy.test:3128", "", address.NOT_ENCODED),
        ("http://", "", address.NO_ADDRESS),
        ("http://:3128", "", address.NO_ADDRESS),
        ("http://proxy.test:port", "", address.NO_ADDRESS),
        ("http://proxy.test:66000", "", address.NO_ADDRESS),
        ("http://proxy.test:" + "9" * 5000, "", address.NO_ADDRESS),
        ("http://2001:db8::1:3128", "", address.NO_ADDRESS),
        ("ftp://carol:hush@proxy.test:3128", "proxy.test:3128", address.NO_SUCH_SCHEME),
        ("htp://proxy.test:3128", "proxy.test:3128", address.NO_SUCH_SCHEME),
        ("socks5h://carol:hush@proxy.test:1080", "proxy.test:1080", address.NO_SOCKS),
        ("SOCKS4://proxy.test:1080", "proxy.test:1080", address.NO_SOCKS),
    ],
)
def test_urls_of_proxies(monkeypatch: Any, url: str, name: str, problem: str) -> None:
    without_socks(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", url)
    route = address.route_to("https://graph.test/x", False)
    assert (route.name, route.problem) == (name, problem)


@given(
    st.text(min_size=1).filter(lambda text: "\0" not in text and not any(0xD800 <= ord(sign) < 0xE000 for sign in text))
)
def test_any_url_is_judged_and_shows_nothing_of_its_user(text: str) -> None:
    kept = dict(os.environ)
    os.environ["HTTPS_PROXY"] = "http://" + text + ":secret@proxy.test:3128"
    try:
        route = address.route_to("https://graph.test/x", False)
    finally:
        os.environ.clear()
        os.environ.update(kept)
    assert "secret" not in route.setting + route.name + route.problem
    assert route.name in ("proxy.test:3128", "")


@pytest.mark.parametrize(
    ("variable", "value", "code", "wording"),
    [
        ("ALL_PROXY", "socks5h://127.0.0.1:1080", "proxy_socks", ("PySocks", "requests[socks]")),
        ("HTTPS_PROXY", "http://carol:w#rd@127.0.0.1:3128", "proxy_url", ("percent-encode", "%23")),
        ("https_proxy", "ftp://carol:hush@127.0.0.1:3128", "proxy_url", ("scheme", "socks5h")),
        ("all_proxy", "http://carol:hush@127.0.0.1:port", "proxy_url", ("malformed", "http://proxy.example.com:3128")),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_at_once(
    fails: Any, clock: Any, monkeypatch: Any, variable: str, value: str, code: str, wording: Any
) -> None:
    without_socks(monkeypatch)
    monkeypatch.setenv(variable, value)
    error = fails()
    assert error.failure.code == code and clock.slept == []
    assert variable in error.failure.title and variable in error.failure.next_step
    assert all(word in str(error) for word in wording)


def test_requests_itself_says_whether_it_knows_socks(monkeypatch: Any) -> None:
    without_socks(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    assert address.route_to("https://graph.test", False).problem == address.NO_SOCKS
    monkeypatch.setattr(adapters, "SOCKSProxyManager", type("SOCKSProxyManager", (), {}))
    assert address.route_to("https://graph.test", False).problem == ""


SOCKS = """
import socket

PROXY_TYPE_SOCKS4, PROXY_TYPE_SOCKS5 = 1, 2


class ProxyError(OSError):
    pass


def create_connection(address, timeout, proxy_type, proxy_addr, proxy_port, **more):
    print("asked", proxy_addr, "for", *address)
    return socket.create_connection((proxy_addr, proxy_port), timeout)
"""
CALL = """
import sys, time
from ansible_collections.wabiz.migration.plugins.module_utils._api import retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.transport import Transport

transport = Transport("https://graph.test", "graph", "1", lambda: {"Authorization": "Bearer x"}, sys.argv[1], 5.0, 5.0,
    retry.RetryPolicy(budget=0.0), time.monotonic, time.sleep, lambda: 0.0, print)
print(transport.call("GET", "/x", kind=retry.READ).body)
"""


def test_a_socks_proxy_carries_the_call(serve: Any, good: certificates.Certificate, tmp_path: Any) -> None:
    """With a stand-in for PySocks, because what is at stake is that the connections stay those of a SOCKS proxy."""
    server = serve(fs.answer({"id": "1"}, headers={"Connection": "close"}), tls=good.context)
    (tmp_path / "socks.py").write_text(SOCKS)
    reported = subprocess.run(
        [sys.executable, "-c", CALL, good.path],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
            "ALL_PROXY": "socks5h://127.0.0.1:%d" % server.port,
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    assert reported.stdout.splitlines() == ["asked 127.0.0.1 for graph.test 443", "{'id': '1'}"]


@pytest.mark.parametrize(
    ("refusal", "user", "code", "wording", "lasts"),
    [
        ("407 Proxy Authentication Required", "", "proxy_auth", "requires a user name and password", True),
        ("407 Denied", "carol:hush@", "proxy_auth", "rejects the user name and password", True),
        ("403 Forbidden", "carol:hush@", "proxy_refused", "does not allow a connection to graph.test", True),
        ("404 Not Found", "", "proxy_refused", "does not allow", True),
        ("502 Bad Gateway", "", "proxy_failed", "could not connect to graph.test", False),
        ("504 Gateway Timeout", "carol:hush@", "proxy_failed", "could not connect", False),
    ],
)
def test_the_proxy_refuses(
    fails: Any, serve: Any, clock: Any, monkeypatch: Any, refusal: str, user: str, code: str, wording: str, lasts: bool
) -> None:
    proxy = serve(fs.tunnel_to(0, refuse=refusal))
    monkeypatch.setenv("https_proxy", "http://%s127.0.0.1:%d" % (user, proxy.port))
    error = fails()
    assert error.failure.code == code and wording in error.failure.title
    assert "127.0.0.1:%d (https_proxy)" % proxy.port in error.failure.title
    assert refusal[:3] in error.failure.details and "https_proxy" in error.failure.next_step
    assert (clock.slept == []) is lasts
    assert len(proxy.requests) == len(clock.slept) + 1


def test_the_proxy_is_down(fails: Any, clock: Any, monkeypatch: Any) -> None:
    port = fs.free_port()
    monkeypatch.setenv("HTTPS_PROXY", "http://carol:hush@127.0.0.1:%d" % port)
    error = fails()
    assert error.failure.code == "proxy_failed" and "refused" in error.failure.details
    assert error.failure.title == "No connection to the proxy 127.0.0.1:%d (HTTPS_PROXY)" % port
    assert clock.slept, "it may come back"


def test_the_name_of_the_proxy_is_not_known(fails: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://carol:hush@proxy.nowhere.invalid:3128")
    error = fails()
    assert error.failure.title == "The name of the proxy proxy.nowhere.invalid:3128 (ALL_PROXY) cannot be resolved"


def test_a_proxy_without_a_scheme_is_one_for_http(
    transport: Any, serve: Any, good: certificates.Certificate, monkeypatch: Any
) -> None:
    server = serve(fs.answer({"id": "1"}, headers={"Connection": "close"}), tls=good.context)
    proxy = serve(fs.tunnel_to(server.port))
    monkeypatch.setenv("HTTPS_PROXY", "carol:hush@127.0.0.1:%d" % proxy.port)
    assert transport("https://graph.test", verify=good.path).call("GET", "/x", kind=retry.READ).body == {"id": "1"}
    assert "proxy-authorization" in proxy.requests[0].headers


def test_a_proxy_that_is_spoken_to_with_tls_and_knows_none(
    fails: Any, serve: Any, clock: Any, monkeypatch: Any
) -> None:
    import urllib3

    if not hasattr(urllib3.poolmanager, "ProxyConfig"):
        pytest.skip("NOT TESTED: before version 1.26 urllib3 spoke plain HTTP with every proxy")
    proxy = serve(fs.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), early=True)
    monkeypatch.setenv("HTTPS_PROXY", "https://carol:hush@127.0.0.1:%d" % proxy.port)
    error = fails()
    assert (error.failure.code, clock.slept) == ("proxy_tls", [])
    assert "does not speak TLS" in error.failure.title and "write http:// in HTTPS_PROXY" in error.failure.next_step


def test_a_proxy_whose_certificate_nobody_knows(
    fails: Any, serve: Any, clock: Any, good: certificates.Certificate, monkeypatch: Any
) -> None:
    import urllib3

    if not hasattr(urllib3.poolmanager, "ProxyConfig"):
        pytest.skip("NOT TESTED: before version 1.26 urllib3 spoke plain HTTP with every proxy")
    proxy = serve(fs.tunnel_to(0), tls=good.context)
    monkeypatch.setenv("HTTPS_PROXY", "https://127.0.0.1:%d" % proxy.port)
    error = fails()
    assert (error.failure.code, clock.slept) == ("proxy_tls", [])
    assert "O(graph_ca_path)" in error.failure.next_step
