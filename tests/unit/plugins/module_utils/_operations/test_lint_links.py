# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the check of media links, by real requests to loopback."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations.lint_links import Links
from ansible_collections.wabiz.migration.plugins.module_utils._operations.lint_run import Linter, Request


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.seen.append(self.path)
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "1000")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def host():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def links():
    return Links(2.0, time.monotonic)


@pytest.mark.parametrize(
    ("status", "trouble"), [(200, None), (405, None), (403, "HTTP 403"), (404, "HTTP 404"), (302, "HTTP 302")]
)
def test_what_a_host_answers(host, status, trouble):
    found = links().trouble("http://127.0.0.1:%d/%d" % (host.server_port, status))
    assert found is None if trouble is None else trouble in found


def test_a_host_is_asked_once(host):
    known = links()
    for status in (200, 404, 404):
        assert known.trouble("http://127.0.0.1:%d/%d" % (host.server_port, status)) is None
    assert host.seen == ["/200"]


@pytest.mark.parametrize("link", ["ftp://example.com/a", "a.jpg", "https://", "http://["])
def test_what_is_no_address(link):
    assert links().trouble(link)


def test_a_host_that_is_not_there(host):
    port = host.server_port
    assert links().trouble("http://127.0.0.1:1/200") and port


def test_plain_http_to_others_is_not_requested():
    assert links().trouble("http://files.example.com/a.jpg") is None


def test_a_dead_link_of_a_payload_is_a_finding(host, tmp_path):
    link = "http://127.0.0.1:%d/404" % host.server_port
    message = {"messaging_product": "whatsapp", "to": "1", "type": "image", "image": {"link": link}}
    file = tmp_path / "a.json"
    file.write_text(json.dumps([message]))
    found = list(Linter(Request(paths=[str(file)], link=links().trouble)).findings())
    assert [(one["rule"], one["pointer"]) for one in found] == [("L52", "/0/image/link")]
    assert list(Linter(Request(paths=[str(file)])).findings()) == []
