# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault of a network, over real sockets: its class, whether the server may have acted, no secret told."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, connection, errors, retry
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._api.transport_calls import (
    PIN,
    TOKEN,
    fails,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_an_answer(transport: Any, serve: Any) -> None:
    usage = '{"77":[{"type":"whatsapp_business_management","call_count":12,"estimated_time_to_regain_access":0}]}'
    server = serve(
        fs.answer({"id": "1"}, headers={"x-app-usage": '{"call_count":3}', "X-Business-Use-Case-Usage": usage})
    )
    answer = transport(server.url).call("POST", "/v25.0/1", kind=retry.NEVER, body={"a": "é"}, params={"q": "x y"})
    assert (answer.status, answer.body) == (200, {"id": "1"})
    assert (answer.usage.percent, answer.usage.regain_seconds) == (12.0, 0.0)
    request = server.requests[0]
    assert request.headers["authorization"] == "Bearer " + TOKEN
    assert request.headers["content-type"] == "application/json"
    assert request.target == "/v25.0/1?q=x+y"
    assert request.json() == {"a": "é"}


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"null", "application/json", None),
        (b"", "application/json", None),
        (b"", "text/html", None),
        (b"{}", "application/json; charset=utf-8", {}),
        (b'{"meta":{}}', "text/javascript; charset=UTF-8", {"meta": {}}),
        (b'{"meta":{}}', "", {"meta": {}}),
    ],
)
def test_bodies_without_content(transport: Any, serve: Any, body: bytes, content_type: str, expected: Any) -> None:
    server = serve(fs.answer(body, content_type=content_type))
    assert transport(server.url).call("GET", "/x", kind=retry.READ).body == expected


def test_a_chunked_and_compressed_answer(transport: Any, serve: Any) -> None:
    data = gzip.compress(json.dumps({"a": 1}).encode())
    chunks = b"".join(b"1\r\n" + data[i : i + 1] + b"\r\n" for i in range(len(data))) + b"0\r\n\r\n"
    server = serve(fs.raw(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    assert transport(server.url).call("GET", "/x", kind=retry.READ).body == {"a": 1}


def test_refused(transport: Any) -> None:
    error = fails(transport("http://127.0.0.1:%d" % fs.free_port()))
    assert error.__class__ is errors.ConnectError
    assert (error.acted, error.failure.code, error.failure.safe_to_rerun) == (codes.NO, "connect_failed", True)
    assert "refused" in error.failure.details


def test_unknown_host(transport: Any) -> None:
    error = fails(transport("https://graph.nowhere.invalid"))
    assert error.__class__ is errors.ConnectError
    assert (error.acted, error.failure.code) == (codes.NO, "unknown_host")


def test_connect_timeout(transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as full:  # a listener whose queue is full lets further connections wait
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _index in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
            waiting.append(sock)
        error = fails(transport("http://127.0.0.1:%d" % full.getsockname()[1], connect_timeout=0.3))
        for sock in waiting:
            sock.close()
    assert error.__class__ is errors.ConnectError
    assert (error.acted, error.failure.code) == (codes.NO, "connect_timeout")


def test_untrusted_certificate(transport: Any, serve: Any, good: certificates.Certificate) -> None:
    server = serve(fs.answer({}), tls=good.context)
    error = fails(transport(server.url))
    assert isinstance(error, errors.TlsError)
    assert (error.acted, error.failure.code) == (codes.NO, "tls_failed")
    assert "self" in error.failure.details and "graph_ca_path" in error.failure.next_step
    assert server.requests == []


def test_reset_in_the_handshake(transport: Any, serve: Any, good: certificates.Certificate) -> None:
    server = serve(fs.answer({}), tls=good.context, refuse_early=1)
    error = fails(transport(server.url, verify=good.path))
    assert error.__class__ is errors.ConnectError
    assert error.acted == codes.NO


def test_a_trusted_and_an_unverified_server(
    transport: Any, serve: Any, good: certificates.Certificate, recwarn: Any
) -> None:
    server = serve(fs.answer({"id": "1"}), tls=good.context)
    assert transport(server.url, verify=good.path).call("GET", "/x", kind=retry.READ).body == {"id": "1"}
    assert transport(server.url, verify=False).call("GET", "/x", kind=retry.READ).body == {"id": "1"}
    assert [warning for warning in recwarn.list if "Unverified" in str(warning.message)] == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://graph.facebook.com", "plain_http"),
        ("http://10.0.0.1:9090", "plain_http"),
        ("https://user:pass@graph.facebook.com", "bad_url"),
        ("https://graph.facebook.com?x=1", "bad_url"),
        ("graph.facebook.com", "bad_url"),
        ("ftp://graph.facebook.com", "bad_url"),
        ("https://", "bad_url"),
        ("https://[::1", "bad_url"),
        ("https://host:port", "bad_url"),
    ],
)
def test_addresses_that_get_no_credential(transport: Any, url: str, code: str) -> None:
    error = fails(transport(url), kind=retry.READ)
    assert (type(error), error.acted, error.failure.code) == (errors.ConnectError, codes.NO, code)
    assert "O(graph_url)" in error.failure.next_step
    assert "pass@" not in str(error)


@pytest.mark.parametrize("token", ["", "line\nbreak", " blank", "naïve"])
def test_malformed_credentials(transport: Any, serve: Any, token: str) -> None:
    server = serve(fs.answer({}))
    error = fails(transport(server.url, auth_header=lambda: {"Authorization": "Bearer " + token}), kind=retry.READ)
    assert (type(error), error.failure.code) == (errors.ConnectError, "bad_credential")
    assert server.requests == []


def test_a_header_that_requests_refuses(transport: Any, serve: Any) -> None:
    server = serve(fs.answer({}))
    error = fails(transport(server.url), headers={"bad\nname": "x"})
    assert isinstance(error, errors.ApiError) and error.acted == codes.NO
    assert server.requests == []


def test_missing_library(transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MISSING", "No module named 'requests'")
    error = fails(transport("https://graph.facebook.com"), kind=retry.READ)
    assert isinstance(error, errors.MissingLibraryError)
    assert "python3-requests" in str(error) and "pip install" in str(error)


def test_reset_after_the_request(transport: Any, serve: Any) -> None:
    server = serve(fs.reset)
    error = fails(transport(server.url))
    assert isinstance(error, errors.ReadError)
    assert (error.acted, error.failure.code) == (codes.MAYBE, "answer_lost")
    assert len(server.requests) == 1


def test_closed_after_the_request(transport: Any, serve: Any) -> None:
    error = fails(transport(serve(fs.raw(b"")).url))
    assert isinstance(error, errors.ReadError) and error.acted == codes.MAYBE


def test_reset_while_sending(transport: Any, serve: Any) -> None:
    server = serve(fs.answer({}), cut_request=True)
    error = fails(transport(server.url), body={"data": "x" * 20_000_000})
    # urllib3 2 reads on after a broken pipe, because a server may answer before it has read everything
    assert isinstance(error, (errors.SendError, errors.ReadError))
    assert error.acted == codes.MAYBE
    assert server.requests == []


@pytest.mark.parametrize(
    "tail", [b'Content-Length: 100\r\n\r\n{"a":', b'Transfer-Encoding: chunked\r\n\r\n20\r\n{"a":']
)
def test_cut_body(transport: Any, serve: Any, tail: bytes) -> None:
    error = fails(transport(serve(fs.raw(HEAD + tail)).url))
    assert isinstance(error, errors.ReadError)
    assert (error.acted, error.failure.code) == (codes.MAYBE, "answer_lost")


def test_cut_body_without_a_length(transport: Any, serve: Any) -> None:
    error = fails(transport(serve(fs.raw(HEAD + b'\r\n{"success":')).url))
    assert isinstance(error, errors.ProtocolError) and error.acted == codes.MAYBE


@pytest.mark.parametrize("head", [HEAD + b"Content-Length: 400\r\n\r\n", HEAD + b"X-Long: "])
def test_slow_drip(transport: Any, serve: Any, head: bytes) -> None:
    """Each byte comes in time, the whole does not: in the body, and in the headers."""
    import time

    begun = time.monotonic()
    error = fails(transport(serve(fs.drip(head + b" " * 400, 0.02)).url, read_timeout=1.5))
    assert isinstance(error, errors.ReadError)
    assert (error.acted, error.failure.code) == (codes.MAYBE, "read_timeout")
    assert time.monotonic() - begun < 4


def test_slow_drip_in_chunks_over_tls(transport: Any, serve: Any, good: certificates.Certificate) -> None:
    data = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 300
    server = serve(fs.drip(data, 0.01), tls=good.context)
    error = fails(transport(server.url, verify=good.path, read_timeout=1.0))
    assert isinstance(error, errors.ReadError) and error.failure.code == "read_timeout"


def test_hang(transport: Any, serve: Any) -> None:
    error = fails(transport(serve(fs.hang).url, read_timeout=30.0), read_timeout=0.4)
    assert isinstance(error, errors.ReadError)
    assert (error.acted, error.failure.code) == (codes.MAYBE, "read_timeout")
    assert "0.4 s" in str(error)


def test_html_page(transport: Any, serve: Any) -> None:
    page = b"<html>%s</html>" % PIN.encode()
    error = fails(transport(serve(fs.answer(page, content_type="text/html")).url))
    assert isinstance(error, errors.ProtocolError)
    assert (error.acted, error.failure.code, error.http_status) == (codes.MAYBE, "not_json", 200)
    assert "HTML" in str(error)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"success":true}', "text/plain"),
        (b"not json", "application/json"),
        (b"[1]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"true", "application/json"),
    ],
)
def test_not_the_api(transport: Any, serve: Any, body: bytes, content_type: str) -> None:
    error = fails(transport(serve(fs.answer(body, content_type=content_type)).url))
    assert isinstance(error, errors.ProtocolError) and error.acted == codes.MAYBE


def test_oversize(transport: Any, serve: Any) -> None:
    server = serve(fs.answer(b'{"a":"' + b"x" * 300_000 + b'"}'))
    error = fails(transport(server.url, max_body=200_000))
    assert isinstance(error, errors.ProtocolError)
    assert (error.acted, error.failure.code) == (codes.MAYBE, "too_large")


def test_oversize_compressed(transport: Any, serve: Any) -> None:
    data = gzip.compress(b'{"a":"' + b"x" * 3_000_000 + b'"}')
    error = fails(transport(serve(fs.answer(data, headers={"Content-Encoding": "gzip"})).url, max_body=200_000))
    assert isinstance(error, errors.ProtocolError) and error.failure.code == "too_large"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_gets_no_credential(transport: Any, serve: Any, status: int) -> None:
    thief = serve(fs.answer({"id": "1"}))
    location = "%s/steal?token=%s" % (thief.url.replace("127.0.0.1", "127.0.0.3"), TOKEN)
    server = serve(fs.answer({}, status, {"Location": location}))
    error = fails(transport(server.url), kind=retry.READ, method="GET")
    assert isinstance(error, errors.ProtocolError)
    assert error.failure.code == "redirect" and "127.0.0.3" in str(error)
    assert thief.connections == 0 and len(server.requests) == 1


def test_an_error_that_quotes_the_secrets(transport: Any, serve: Any) -> None:
    details = "the pin %s and hunter2hunter2 with %s for 1555%s7" % (PIN, TOKEN, "12345")
    error = fails(transport(serve(fs.graph_error(100, error_data={"details": details})).url))
    assert "the pin ******** and ******** with ******** for 1555123457" in error.failure.details


def test_a_change_does_not_ride_on_an_idle_connection(transport: Any, serve: Any) -> None:
    """A connection that the server closes when idle must not leave a change in doubt; reads share one."""
    server = serve(fs.answer({"id": "1"}))
    client = transport(server.url)
    client.call("GET", "/a", kind=retry.READ)
    client.call("GET", "/b", kind=retry.READ)
    assert server.connections == 1
    client.call("POST", "/c", kind=retry.NEVER)
    assert server.connections == 2


def test_text(transport: Any, serve: Any) -> None:
    server = serve(fs.answer(b"web_uptime 1\n", content_type="text/plain"))
    assert transport(server.url).call("GET", "/metrics", kind=retry.READ, text=True).text == "web_uptime 1\n"


def test_its_own_authorization(transport: Any, serve: Any) -> None:
    server = serve(fs.answer({}))
    transport(server.url).call("POST", "/login", kind=retry.READ, headers={"Authorization": "Basic QQ=="})
    assert server.requests[0].headers["authorization"] == "Basic QQ=="


def test_a_python_without_requests_can_still_say_what_is_missing() -> None:
    """The import is guarded: the error comes with the first call, as data, and names the package."""
    script = (
        "import sys, time\n"
        "sys.modules['requests'] = None\n"
        "from ansible_collections.wabiz.migration.plugins.module_utils._api.graph import Graph\n"
        "from ansible_collections.wabiz.migration.plugins.module_utils._api.errors import MissingLibraryError\n"
        "graph = Graph.open(access_token='x', graph_url='https://graph.test', graph_version='v25.0', number='1',\n"
        "    graph_validate_certs=True, graph_ca_path=None, graph_timeout=1.0, clock=time.monotonic,\n"
        "    sleep=time.sleep, random=lambda: 0.0, announce=print)\n"
        "try:\n"
        "    graph.phone_number('1', ['id'])\n"
        "except MissingLibraryError as error:\n"
        "    print(error)\n"
    )
    reported = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "python3-requests" in reported.stdout
