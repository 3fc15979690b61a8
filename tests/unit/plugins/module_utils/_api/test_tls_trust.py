# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what TLS trusts: a CA of the user, a certificate of its own, and the CAs of the machine."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import connection, retry
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._api.tls_calls import HERE, OK, ROOT


def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have urllib3 verify as it does on Python 3.13 and later."""
    made = connection.urllib3.util.ssl_.create_urllib3_context

    def create(*args: Any, **kwargs: Any) -> Any:
        context = made(*args, **kwargs)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    for where in (connection.urllib3.util.ssl_, connection.urllib3.connection):
        monkeypatch.setattr(where, "create_urllib3_context", create)


def rehashed(company: certificates.Authority, folder: Path) -> str:
    """Return a folder of CAs with the names that OpenSSL looks for."""
    if shutil.which("openssl") is None:
        pytest.skip("NOT TESTED: a folder of CAs (there is no openssl to make one with)")
    reported = subprocess.run(
        ["openssl", "x509", "-noout", "-hash", "-in", company.path], stdout=subprocess.PIPE, text=True, check=True
    )
    shutil.copy(company.path, str(folder / (reported.stdout.strip() + ".0")))
    return str(folder)


def test_a_stated_ca_needs_no_key_usage(
    transport: Any, serve: Any, company: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    server = serve(OK, tls=company.context(*HERE))
    strict(monkeypatch)
    for path in (company.path, rehashed(company, tmp_path)):
        assert transport(server.url, verify=path).call("GET", "/x", kind=retry.READ).body == {"id": "1"}


def test_a_stated_ca_needs_no_key_usage_behind_a_proxy(
    transport: Any, serve: Any, company: Any, monkeypatch: Any
) -> None:
    server = serve(OK, tls=company.context("graph.test"))
    strict(monkeypatch)
    for proxy in (serve(fs.tunnel_to(server.port)), serve(fs.tunnel_to(server.port), tls=company.context(*HERE))):
        if proxy.tls and not hasattr(connection.urllib3.poolmanager, "ProxyConfig"):
            continue  # before version 1.26 urllib3 spoke plain HTTP with every proxy
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = transport("https://graph.test", verify=company.path)
        assert client.call("GET", "/x", kind=retry.READ).body == {"id": "1"}
        assert proxy.paths() == ["CONNECT graph.test:443"]


def test_the_certificate_itself_can_be_stated(transport: Any, serve: Any, company: Any, tmp_path: Any) -> None:
    """Also where a CA has issued it: Python 3.13 and later take it so, and the others do as they do."""
    server = serve(OK, tls=company.context(*HERE))
    pinned = tmp_path / "node.pem"
    pinned.write_text(ssl.get_server_certificate(("127.0.0.1", server.port)))
    assert transport(server.url, verify=str(pinned)).call("GET", "/x", kind=retry.READ).body == {"id": "1"}


def test_what_nobody_has_stated_is_verified_as_python_does(
    transport: Any, serve: Any, company: Any, monkeypatch: Any
) -> None:
    adapter = connection.WatchedAdapter(connection.Watch(lambda: 0.0))
    pool = adapter.poolmanager.connection_from_url("https://127.0.0.1:1")
    adapter.cert_verify(pool, "https://127.0.0.1:1", company.path, None)
    assert not pool.conn_kw["ssl_context"].verify_flags & ssl.VERIFY_X509_STRICT
    assert pool.conn_kw["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    adapter.cert_verify(pool, "https://127.0.0.1:1", True, None)
    context = pool.conn_kw["ssl_context"]
    own = connection.urllib3.util.ssl_.create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    for name in ("verify_mode", "check_hostname", "verify_flags"):
        assert getattr(context, name) == getattr(own, name), name
    assert context.verify_mode == ssl.CERT_REQUIRED
    adapter.cert_verify(pool, "https://127.0.0.1:1", False, None)
    assert "ssl_context" not in pool.conn_kw and pool.cert_reqs == "CERT_NONE"


READS = """
import json, sys, time
from ansible_collections.wabiz.migration.plugins.module_utils._api import retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.endpoint import Endpoint
from ansible_collections.wabiz.migration.plugins.module_utils._api.transport import Transport

told = {}
for name, api, url, verify in json.load(sys.stdin):
    if api in ("webhook", "freeze"):
        came = Endpoint(url, verify, 5.0, time.monotonic, api).get({})
        told[name] = came.failure.code if came.failure else came.status
        continue
    transport = Transport(url, api, "1", lambda: {"Authorization": "Bearer x"}, verify, 5.0, 5.0,
        retry.RetryPolicy(budget=0.0), time.monotonic, time.sleep, lambda: 0.0, print)
    try:
        told[name] = transport.call("GET", "/x", kind=retry.READ).status
    except Exception as error:
        told[name] = error.failure.code
print(json.dumps(told))
"""


def test_the_newest_python_takes_a_stated_ca_as_the_oldest_does(
    serve: Any, company: Any, stranger: Any, tmp_path: Any
) -> None:
    """With the environment variables that requests would heed pointing elsewhere, for each option that names a CA."""
    python = ROOT / "build" / "venvs" / "core-2.21" / "bin" / "python"
    if not python.exists():
        pytest.skip("NOT TESTED: Python 3.13 (build/venvs/core-2.21 is not there; make test makes it)")
    good = serve(OK, tls=company.context(*HERE)).url
    named = serve(OK, tls=company.context("node.example.com")).url
    late = serve(OK, tls=company.context(*HERE, ends=-1)).url
    folder = rehashed(company, tmp_path)
    cases = [
        ("node", "onprem", good, company.path),
        ("folder", "onprem", good, folder),
        ("graph", "graph", good, company.path),
        ("webhook", "webhook", good, company.path),
        ("freeze", "freeze", good, company.path),
        ("other name", "onprem", named, company.path),
        ("expired", "onprem", late, company.path),
        ("other CA", "onprem", good, stranger.path),
        ("other CA of a webhook", "webhook", good, stranger.path),
        ("none stated", "onprem", good, True),
        ("not verified", "onprem", good, False),
    ]
    reported = subprocess.run(
        [str(python), "-c", READS],
        input=json.dumps(cases),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "build" / "collections"),
            "REQUESTS_CA_BUNDLE": stranger.path,
            "CURL_CA_BUNDLE": stranger.path,
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(reported.stdout) == {
        **dict.fromkeys(("node", "folder", "graph", "webhook", "freeze", "not verified"), 200),
        "other name": "certificate_name",
        "expired": "certificate_date",
        **dict.fromkeys(("other CA", "other CA of a webhook", "none stated"), "tls_failed"),
    }
