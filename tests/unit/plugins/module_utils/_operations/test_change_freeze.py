# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the freeze operation: files as they lie around, and addresses over real sockets."""

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations import change_freeze
from ansible_collections.wabiz.migration.plugins.module_utils._operations.options import Freeze, typed
from ansible_collections.wabiz.migration.tests.support import certificates, faultserver


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def why(stated, ca_path=None, **limits):
    return change_freeze.ask(typed(Freeze, {"freeze": stated, "freeze_ca_path": ca_path}), time.monotonic, **limits)[
        "why"
    ]


def test_nothing_is_stated():
    assert why(None) == why("") == ""


def test_a_word():
    assert why("frozen: until Monday") == "until Monday"


def test_a_file(tmp_path):
    path = tmp_path / "freeze"
    assert why(str(path)) == ""
    path.touch()
    assert why(str(path)) == ""
    path.write_text("ask Ada\nor Bob\n")
    assert why(str(path)) == "ask Ada"
    path.write_text("x" * 10**6)
    assert why(str(path)).startswith("xxx")


def test_what_cannot_be_read_means_stop(tmp_path):
    path = tmp_path / "freeze"
    path.mkdir()
    assert "no file" in why(str(path))
    (tmp_path / "file").touch()
    assert "cannot be read" in why(str(tmp_path / "file" / "freeze"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "cannot be read" in why(str(tmp_path / "loop"))
    os.mkfifo(str(tmp_path / "pipe"))
    assert "no file" in why(str(tmp_path / "pipe")), "and nobody waits for a writer"


def text(body, status=200, **headers):
    return faultserver.answer(body, status, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (text(b"no"), ""),
        (text(b"", 204), ""),
        (text(b"stop, please"), "stop, please"),
        (text(b"", 404), "HTTP 404"),
        (text(b"", 302, Location="http://127.0.0.1:1/no"), "HTTP 302"),
        (text(b"\n" * 5000), "more than 4096 bytes"),
        (faultserver.reset, "cannot be read"),
        (faultserver.raw(b"hello\r\n\r\n"), "cannot be read"),
        # "not today", cut
        (faultserver.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno"), "cannot be read"),
    ],
)
def test_an_address(step, message):
    with faultserver.FaultServer([step]) as server:
        found = why(server.url + "/freeze?key=s3cret")
    assert message in found and bool(message) == bool(found)
    assert "s3cret" not in found
    assert len(server.requests) == 1 and "Authorization" not in server.requests[0].headers


def test_nobody_is_there():
    found = change_freeze.ask(typed(Freeze, {"freeze": "https://127.0.0.1:1/x?key=s3cret"}), time.monotonic)
    assert "cannot be read" in found["why"] and found["where"] == "127.0.0.1:1"


def test_an_answer_that_takes_too_long():
    begin = time.monotonic()
    with faultserver.FaultServer([faultserver.hang]) as server:
        assert "cannot be read" in why(server.url, timeout=0.3)
    assert time.monotonic() - begin < 5


def test_certificates_are_verified(tmp_path):
    mine = certificates.certificate(tmp_path, host="127.0.0.1")
    with faultserver.FaultServer([text(b"no")], tls=mine.context) as server:
        assert "cannot be read" in why(server.url)
        assert why(server.url, mine.path) == ""
