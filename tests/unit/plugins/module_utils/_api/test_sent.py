# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what counts as sent, over real sockets: by the byte that left, whatever came back."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import errors, retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.connection import ConnectionPool
from ansible_collections.wabiz.migration.plugins.module_utils._api.endpoint import Endpoint
from ansible_collections.wabiz.migration.plugins.module_utils._api.graph import Graph
from ansible_collections.wabiz.migration.plugins.module_utils._api.onprem import Credential, OnPrem
from ansible_collections.wabiz.migration.plugins.module_utils._api.sent import Sent
from ansible_collections.wabiz.migration.tests.support import faultserver as fs

DONE = fs.answer({"success": True})


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def call(transport: Any, clock: Any, sent: Sent) -> Any:
    """Make a call that may fail."""
    pool = ConnectionPool(clock, sent)

    def make(url: str, kind: str, wording: str = "", **options: Any) -> None:
        method = "GET" if kind == retry.READ and not wording else "POST"
        with contextlib.suppress(errors.ApiError):
            transport(url, pool=pool, **options).call(method, "/v25.0/1/x", kind=kind, wording=wording)

    return make


@pytest.mark.parametrize(
    ("kind", "wording", "changes"),
    [
        (retry.READ, "", []),
        (retry.READ, "POST backup", ["POST backup"]),
        (retry.REFUSED_ONLY, "POST PIN", ["POST PIN"]),
        (retry.NEVER, "", ["POST /v25.0/1/x"]),  # what nobody has named is named all the same
    ],
)
@pytest.mark.parametrize("step", [DONE, fs.answer({"error": {"code": 190}}, 401), fs.reset, fs.raw(b"")])
def test_what_left_counts_whatever_came_back(
    call: Any, serve: Any, sent: Sent, kind: str, wording: str, changes: list[str], step: Any
) -> None:
    call(serve(step).url, kind, wording)
    assert (sent.reads, sent.all_changes()) == (not changes, changes)


def test_what_never_left_does_not_count(call: Any, serve: Any, sent: Sent) -> None:
    closed = serve(DONE)
    closed.__exit__()
    call(closed.url, retry.NEVER)
    call(serve(DONE).url, retry.NEVER, auth_header=lambda: {"Authorization": "Bearer "})
    call("http://graph.example.com", retry.NEVER)
    assert (sent.reads, sent.changes) == (False, [])


def test_a_call_that_never_left_does_not_count_as_the_one_before_it(call: Any, serve: Any, sent: Sent) -> None:
    url = serve(DONE).url
    call(url, retry.READ)
    call(url, retry.NEVER, "POST register", auth_header=lambda: {"Authorization": "Bearer "})
    assert (sent.reads, sent.changes) == (True, [])


def test_a_change_that_is_sent_again_is_told_once(call: Any, serve: Any, sent: Sent) -> None:
    server = serve(fs.answer({"error": {"code": 4}}, 400), DONE)
    call(server.url, retry.REFUSED_ONLY, "POST PIN")
    assert len(server.requests) == 2 and sent.all_changes() == ["POST PIN"]


def options(url: str, clock: Any, sent: Sent, **more: Any) -> dict[str, Any]:
    return {
        "number": "1",
        "clock": clock,
        "sleep": clock.sleep,
        "random": lambda: 0.0,
        "announce": lambda text: None,
        "pool": ConnectionPool(clock, sent),
        **more,
    }


def test_every_change_has_a_name_of_its_own(serve: Any, clock: Any, sent: Sent) -> None:
    url = serve(DONE).url
    graph = Graph.open(
        access_token="EAAB",
        graph_url=url,
        graph_version="v25.0",
        graph_validate_certs=True,
        graph_ca_path=None,
        graph_timeout=2.0,
        **options(url, clock, sent),
    )
    graph.subscribe("7")
    graph.subscribe("7", "https://hooks.example.com", "secret-of-the-hook")
    graph.unsubscribe("7")
    graph.register("1", "123456")
    graph.deregister("1")
    graph.set_pin("1", "123456")
    graph.set_business_profile("1", {"about": "Hello"})
    node = OnPrem.open(
        url=url,
        username="admin",
        password="",
        token="t",
        validate_certs=True,
        ca_path=None,
        timeout=2.0,
        retry_budget=0.0,
        credential=Credential("admin", "", "t"),
        **options(url, clock, sent),
    )
    node.clear_two_step()
    node.set_two_step("123456")
    with pytest.raises(errors.ApiError):
        node.backup("password-of-the-backup")  # the answer holds none
    graph.close()
    node.close()
    assert sent.all_changes() == [
        "POST subscribed_apps of WABA 7",
        "POST subscribed_apps of WABA 7 with a callback override",
        "DELETE subscribed_apps of WABA 7",
        "POST register",
        "POST deregister",
        "POST PIN of two-step verification",
        "POST business profile",
        "DELETE two-step verification on the node",
        "POST two-step verification on the node",
        "POST backup on the node",
    ]
    assert sent.reads is False


def test_a_webhook_endpoint(serve: Any, clock: Any, sent: Sent) -> None:
    endpoint = Endpoint(serve(fs.answer(b"1")).url, None, 2.0, clock, sent=sent)
    endpoint.get({})
    assert (sent.reads, sent.changes) == (True, [])
    endpoint.post(b"{}", {})
    endpoint.close()
    assert sent.changes == ["POST sample event to the webhook endpoint"]


def test_what_a_shipped_module_hands_back_is_joined() -> None:
    there, here = Sent(), Sent(lambda: ["POST before"])
    there.add("")
    there.add("POST backup on the node")
    here.merge(there.as_data())
    here.add("POST register")
    assert here.reads
    assert here.all_changes() == ["POST before", "POST backup on the node", "POST register"]
    assert here.unreported is None
    here.add_unreported(False)
    here.add_unreported(True)
    here.add_unreported(False)
    assert here.unreported is True
