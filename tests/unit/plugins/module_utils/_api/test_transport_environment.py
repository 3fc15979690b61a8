# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the transport: what the environment may decide, such as proxies, and what it may not."""

from __future__ import annotations

import os
import stat
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, errors, retry
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._api.transport_calls import (
    TOKEN,
    fails,
)


def test_netrc_never_replaces_the_token(transport: Any, serve: Any, tmp_path: Any, monkeypatch: Any) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login thief password thief\ndefault login thief password thief\n")
    os.chmod(str(netrc), stat.S_IRUSR)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    server = serve(fs.answer({}))
    transport(server.url).call("GET", "/x", kind=retry.READ)
    assert server.requests[0].headers["authorization"] == "Bearer " + TOKEN


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_bundles_of_the_environment_decide_nothing(
    transport: Any,
    serve: Any,
    good: certificates.Certificate,
    expired: certificates.Certificate,
    monkeypatch: Any,
    name: str,
) -> None:
    server = serve(fs.answer({"id": "1"}), tls=good.context)
    monkeypatch.setenv(name, good.path)
    assert isinstance(fails(transport(server.url, verify=True)), errors.TlsError)
    monkeypatch.setenv(name, expired.path)
    assert transport(server.url, verify=good.path).call("GET", "/x", kind=retry.READ).body == {"id": "1"}
    assert transport(server.url, verify=False).call("GET", "/x", kind=retry.READ).body == {"id": "1"}


def test_a_proxy_of_the_environment_carries_the_call(
    transport: Any, serve: Any, good: certificates.Certificate, monkeypatch: Any
) -> None:
    server = serve(fs.answer({"id": "1"}, headers={"Connection": "close"}), tls=good.context)
    proxy = serve(fs.tunnel_to(server.port))
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:word@127.0.0.1:%d" % proxy.port)
    client = transport("https://graph.test", verify=good.path)
    assert client.call("GET", "/x", kind=retry.READ).body == {"id": "1"}
    assert proxy.paths() == ["CONNECT graph.test:443"]
    assert "authorization" not in proxy.requests[0].headers
    assert "proxy-authorization" in proxy.requests[0].headers
    assert server.requests[0].headers["authorization"] == "Bearer " + TOKEN
    assert "proxy-authorization" not in server.requests[0].headers


def test_a_fault_behind_the_proxy_keeps_its_phase(
    transport: Any, serve: Any, good: certificates.Certificate, monkeypatch: Any
) -> None:
    server = serve(fs.reset, tls=good.context)
    proxy = serve(fs.tunnel_to(server.port))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:%d" % proxy.port)
    error = fails(transport("https://graph.test", verify=good.path))
    assert isinstance(error, errors.ReadError) and error.acted == codes.MAYBE
    error = fails(transport("https://graph.test", verify=True))
    assert isinstance(error, errors.TlsError) and error.acted == codes.NO


def test_the_proxy_drips_its_answer(transport: Any, serve: Any, monkeypatch: Any) -> None:
    proxy = serve(fs.drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400, 0.02))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:%d" % proxy.port)
    error = fails(transport("https://graph.test", connect_timeout=0.8))
    assert isinstance(error, errors.ConnectError) and error.acted == codes.NO


def test_the_machine_itself_is_reached_without_a_proxy(transport: Any, serve: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % fs.free_port())
    server = serve(fs.answer({"id": "1"}))
    for host in ("127.0.0.1", "localhost"):
        client = transport("http://%s:%d" % (host, server.port))
        assert client.call("GET", "/x", kind=retry.READ).body == {"id": "1"}


def test_no_proxy_is_honoured(transport: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:%d" % fs.free_port())
    monkeypatch.setenv("NO_PROXY", "graph.nowhere.invalid")
    assert fails(transport("https://graph.nowhere.invalid")).failure.code == "unknown_host"
