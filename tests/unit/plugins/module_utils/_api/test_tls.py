# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS: what is trusted, on old and new Pythons, and each cause of a failure with its own words, at once."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, connection, errors, options, retry, tls
from ansible_collections.wabiz.migration.plugins.module_utils._api.endpoint import Endpoint
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._api.tls_calls import HERE, OK, ROOT


@pytest.fixture
def fails(transport: Any, clock: Any) -> Any:
    """Read from a server, which must fail without a second attempt; return the error."""

    def read(url: str, verify: Any, **changes: Any) -> errors.ApiError:
        with pytest.raises(errors.ApiError) as caught:
            transport(url, verify=verify, **changes).call("GET", "/v25.0/1", kind=retry.READ)
        assert clock.slept == [], "such an error does not get better by repeating"
        return caught.value

    return read


def test_a_port_without_tls(fails: Any, serve: Any) -> None:
    for step in (fs.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), fs.raw(b"SSH-2.0-OpenSSH_9.2\r\n")):
        server = serve(step, early=True)
        error = fails("https://127.0.0.1:%d" % server.port, True)
        assert (error.__class__, error.acted, error.failure.code) == (errors.TlsError, codes.NO, "no_tls")
        assert "does not speak TLS" in error.failure.title
        assert error.failure.next_step.startswith("write http:// in O(graph_url)")
        assert server.connections == 1


def test_a_port_without_tls_behind_a_proxy(fails: Any, serve: Any, monkeypatch: Any) -> None:
    server = serve(fs.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), early=True)
    monkeypatch.setenv("HTTPS_PROXY", serve(fs.tunnel_to(server.port)).url)
    error = fails("https://graph.test", True)
    assert error.failure.code == "no_tls" and "http://" not in error.failure.next_step
    assert "check the port in O(graph_url)" in error.failure.next_step


def test_plain_http_to_a_port_with_tls(fails: Any, serve: Any, good: certificates.Certificate) -> None:
    server = serve(OK, tls=good.context)
    error = fails("http://127.0.0.1:%d" % server.port, True, api="onprem")
    assert (error.__class__, error.acted, error.failure.code) == (errors.TlsError, codes.MAYBE, "speaks_tls")
    assert error.failure.next_step == "write https:// in O(onprem_url)"
    assert server.requests == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>", "speaks_tls"),
        (b"Reason: You're speaking plain HTTP to an SSL-enabled server port.", "speaks_tls"),
        (b"Client sent an HTTP request to an HTTPS server.\n", "speaks_tls"),
        (b"<html><h1>Bad Request</h1>This combination of host and port requires TLS.</html>", "speaks_tls"),
        (b"<html><center>No required SSL certificate was sent</center></html>", "client_certificate"),
        (b"<html><center>No such host</center></html>", "not_json"),
    ],
)
def test_pages_that_speak_of_tls(fails: Any, serve: Any, page: bytes, code: str) -> None:
    server = serve(fs.answer(page, 400, content_type="text/html"))
    error = fails(server.url, True)
    assert (error.failure.code, error.acted, error.http_status) == (code, codes.MAYBE, 400)
    assert len(server.requests) == 1


def test_a_port_that_loses_a_plain_request_is_asked_once(transport: Any, serve: Any) -> None:
    server = serve(fs.reset)
    with pytest.raises(errors.ReadError):
        transport(server.url, policy=retry.RetryPolicy(budget=3.0)).call("GET", "/x", kind=retry.READ)
    assert server.connections == len(server.requests) + 1 > 2
    server = serve(OK, fs.reset)
    client = transport(server.url)
    client.call("GET", "/x", kind=retry.READ)
    with pytest.raises(errors.ReadError):
        client.call("POST", "/x", kind=retry.NEVER)
    assert server.connections == 2, "a port that has answered is not asked at all"


@pytest.mark.parametrize("host", HERE)
def test_a_certificate_for_another_name(fails: Any, serve: Any, company: Any, host: str) -> None:
    server = serve(OK, tls=company.context("node.example.com", "wa.example.com", "192.0.2.7"))
    error = fails("https://%s:%d" % (host, server.port), company.path, api="onprem")
    assert (error.__class__, error.acted, error.failure.code) == (errors.TlsError, codes.NO, "certificate_name")
    assert error.failure.details == "It is for node.example.com, wa.example.com, 192.0.2.7"
    assert "use one of these names in O(onprem_url)" in error.failure.next_step
    assert server.requests == []


def test_a_certificate_for_another_name_behind_a_proxy(fails: Any, serve: Any, company: Any, monkeypatch: Any) -> None:
    server = serve(OK, tls=company.context("node.example.com"))
    monkeypatch.setenv("HTTPS_PROXY", serve(fs.tunnel_to(server.port)).url)
    error = fails("https://graph.test", company.path)
    assert (error.failure.code, error.failure.details) == ("certificate_name", "It is for node.example.com")
    assert server.requests == []


def test_names_of_a_certificate_that_has_expired_too(fails: Any, serve: Any, company: Any) -> None:
    server = serve(OK, tls=company.context("node.example.com", ends=-1))
    error = fails(server.url, company.path)
    assert error.failure.code in ("certificate_name", "certificate_date")
    assert error.failure.details and server.requests == []


def test_many_names_are_not_all_told(fails: Any, serve: Any, company: Any) -> None:
    server = serve(OK, tls=company.context(*("n%d.example.com" % at for at in range(40))))
    details = fails(server.url, company.path).failure.details
    assert "n7.example.com and 32 more" in details and "n8." not in details


def test_dates(fails: Any, serve: Any, company: Any) -> None:
    for context, wording in (
        (company.context(*HERE, ends=-1), "has expired"),
        (company.context(*HERE, begins=1), "is not valid yet"),
    ):
        server = serve(OK, tls=context)
        error = fails(server.url, company.path)
        assert (error.__class__, error.failure.code) == (errors.TlsError, "certificate_date")
        assert error.failure.title == "The certificate of 127.0.0.1:%d %s" % (server.port, wording)
        assert "clock" in error.failure.next_step and server.requests == []


def test_an_issuer_that_is_not_known(fails: Any, serve: Any, company: Any, stranger: Any, good: Any) -> None:
    server = serve(OK, tls=company.context(*HERE))
    error = fails(server.url, True, api="onprem")
    assert "was issued by an unknown CA" in error.failure.title
    assert "O(onprem_ca_path)" in error.failure.next_step
    assert "O(onprem_validate_certs) to false" in error.failure.next_step
    error = fails(server.url, stranger.path, api="onprem")
    assert error.failure.title.startswith("The CA in O(onprem_ca_path) did not issue the certificate of ")
    own = serve(OK, tls=good.context)
    assert "is self-signed" in fails(own.url, True).failure.title
    error = fails(own.url, stranger.path)
    assert error.failure.title.startswith("The CA in O(graph_ca_path) did not issue")
    assert error.failure.details == "It is self-signed"
    assert server.requests == own.requests == []


def test_a_ca_that_cannot_be_used(fails: Any, tmp_path: Any) -> None:
    contents = {
        "empty": b"",
        "text": b"no certificate",
        "torn": b"-----BEGIN CERTIFICATE-----\nabc\n",
        "der": b"0\x82\1",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ca.pem").write_bytes(b"")
    for name, code, wording in (
        ("missing", "ca_missing", "does not exist"),
        ("empty", "ca_unusable", "is empty"),
        ("text", "ca_unusable", "no certificate in PEM form"),
        ("torn", "ca_unusable", "no certificate in PEM form"),
        ("der", "ca_unusable", "no certificate in PEM form"),
        ("folder", "ca_unusable", "openssl rehash"),
    ):
        path = str(tmp_path / name)
        error = fails("https://127.0.0.1:1", path)
        assert (error.__class__, error.acted, error.failure.code) == (errors.TlsError, codes.NO, code)
        assert path in error.failure.details and wording in error.failure.details
        assert "O(graph_ca_path)" in error.failure.next_step


def test_a_ca_that_may_not_be_read(tmp_path: Any, monkeypatch: Any) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(b"x")

    class Refusing:
        def load_verify_locations(self, **options: str) -> None:
            raise PermissionError(13, "Permission denied")

    with pytest.raises(tls.AuthorityError) as caught:
        tls.trust(Refusing(), str(path))
    assert (caught.value.code, caught.value.reported) == ("ca_unusable", "%s cannot be read: Permission denied" % path)


def test_an_old_version_of_tls(fails: Any, serve: Any, company: Any) -> None:
    context = company.context(*HERE, most=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0")
    error = fails(serve(OK, tls=context).url, company.path)
    assert (error.__class__, error.acted, error.failure.code) == (errors.TlsError, codes.NO, "tls_too_old")
    assert "TLS 1.2" in error.failure.next_step


@pytest.mark.parametrize("most", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_is_wanted(fails: Any, serve: Any, company: Any, most: ssl.TLSVersion) -> None:
    server = serve(OK, tls=company.context(*HERE, client_ca=company.path, most=most))
    error = fails(server.url, company.path)
    assert (error.__class__, error.failure.code) == (errors.TlsError, "client_certificate")
    assert "requires a client certificate" in error.failure.title
    # With TLS 1.3 the request has left before the server says so.
    assert error.acted == (codes.NO if most == ssl.TLSVersion.TLSv1_2 else codes.MAYBE)
    assert server.requests == []


def test_no_cipher_in_common(fails: Any, serve: Any, company: Any) -> None:
    context = company.context(*HERE, most=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-AES256-CCM8")
    try:
        error = fails(serve(OK, tls=context).url, company.path)
    except pytest.fail.Exception:
        pytest.skip("NOT TESTED: a cipher that this old version of urllib3 does not offer")
    assert (error.failure.code, error.acted) == ("tls_failed", codes.NO)
    assert "refused the TLS handshake" in error.failure.title and "cipher" in error.failure.details


def test_a_webhook_endpoint_is_told_of_by_its_own_options(serve: Any, company: Any, tmp_path: Any) -> None:
    server = serve(OK, tls=company.context("hooks.example.com"))
    for api, verify, code in (
        ("webhook", None, "tls_failed"),
        ("webhook", company.path, "certificate_name"),
        ("freeze", str(tmp_path / "gone"), "ca_missing"),
        ("freeze", company.path, "certificate_name"),
    ):
        endpoint = Endpoint(server.url, verify, 2.0, lambda: 0.0, api)
        got = endpoint.get({}).failure
        endpoint.close()
        assert got is not None and got.code == code
        reported = got.sentence()
        assert "graph_" not in reported and "onprem_" not in reported and "O(%s" % api in reported


def test_every_option_that_an_error_names_is_one_of_the_role() -> None:
    inputs = (ROOT / "roles" / "wa_migrate" / "meta" / "argument_specs.yml").read_text("utf-8")
    for names in options.NAMES.values():
        for name in filter(None, names):
            assert "\n      wa_migrate_%s:" % name in inputs, name
    assert options.NAMES[options.GRAPH].unverified == "", "the role has no input for that"


@pytest.fixture
def bundle(monkeypatch: Any, tmp_path: Path) -> Any:
    """The file of the CAs that requests brings along, which a test writes."""
    path = tmp_path / "bundle.pem"
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(path))
    connection.default_context.cache_clear()
    yield path
    connection.default_context.cache_clear()


def test_the_cas_of_requests_are_read_once_in_a_process(
    transport: Any, fails: Any, serve: Any, good: Any, company: Any, bundle: Path
) -> None:
    for content in (good, company):
        bundle.write_text(Path(content.path).read_text())
        server = serve(OK, tls=good.context)
        assert transport(server.url).call("GET", "/v25.0/1", kind=retry.READ).body == {"id": "1"}
    connection.default_context.cache_clear()
    assert fails(serve(OK, tls=good.context).url, True).failure.code == "tls_failed"


def test_a_certificate_for_another_name_by_a_ca_of_requests(fails: Any, serve: Any, company: Any, bundle: Path) -> None:
    bundle.write_text(Path(company.path).read_text())
    error = fails(serve(OK, tls=company.context("node.example.com")).url, True)
    assert (error.failure.code, error.failure.details) == ("certificate_name", "It is for node.example.com")


@pytest.mark.parametrize("content", ["", "no certificate", None])
def test_cas_of_requests_that_cannot_be_read_fail_the_request_and_not_the_import(
    fails: Any, serve: Any, good: Any, bundle: Path, content: str | None
) -> None:
    if content is not None:
        bundle.write_text(content)
    connection.preload()
    error = fails(serve(OK, tls=good.context).url, True)
    assert (error.acted, error.failure.title) == (codes.NO, "The CAs that requests brings along cannot be used")
    assert error.failure.code == ("ca_missing" if content is None else "ca_unusable")
    assert str(bundle) in error.failure.details and "O(graph_ca_path)" in error.failure.next_step
