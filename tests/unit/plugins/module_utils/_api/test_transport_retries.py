# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the transport: when a request is sent again, and how long that waits."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, errors, retry
from ansible_collections.wabiz.migration.plugins.module_utils._api.rate_limiter import RateLimiter
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._api.transport_calls import (
    TOKEN,
    fails,
)


def test_reads_are_sent_again_and_the_wait_is_announced(transport: Any, serve: Any, clock: Any, message: Any) -> None:
    server = serve(
        fs.reset, fs.graph_error(2, 503), fs.answer(b"<html>", 502, content_type="text/html"), fs.answer({"id": "1"})
    )
    answer = transport(server.url).call("GET", "/v25.0/1", kind=retry.READ, params={"input_token": TOKEN})
    assert answer.body == {"id": "1"}
    assert clock.slept == [0.5, 1.0, 2.0]
    assert message[0].startswith("GET /v25.0/1: retry in 0.5 s: ")
    assert TOKEN not in "".join(message)


def test_reads_end_with_the_budget(transport: Any, serve: Any, clock: Any) -> None:
    server = serve(fs.reset)
    error = fails(transport(server.url, policy=retry.RetryPolicy(budget=10.0)), kind=retry.READ, method="GET")
    assert sum(clock.slept) <= 10.0
    assert len(server.requests) == len(clock.slept) + 1 > 3
    assert "Given up after %d attempts" % len(server.requests) in error.failure.details


@pytest.mark.parametrize("fault", [fs.reset, fs.graph_error(4), fs.graph_error(2, 503), fs.answer(b"", 429)])
def test_register_is_sent_once(transport: Any, serve: Any, clock: Any, fault: Any) -> None:
    server = serve(fault, fs.answer({"success": True}))
    fails(transport(server.url), kind=retry.NEVER)
    assert len(server.requests) == 1 and clock.slept == []


def test_register_is_not_sent_again_after_a_refused_connection(
    transport: Any, serve: Any, clock: Any, good: certificates.Certificate
) -> None:
    server = serve(fs.answer({"success": True}), tls=good.context, refuse_early=1)
    fails(transport(server.url, verify=good.path), kind=retry.NEVER)
    assert server.connections == 1 and server.requests == [] and clock.slept == []


def test_other_changes_are_sent_again_when_no_byte_left(
    transport: Any, serve: Any, good: certificates.Certificate
) -> None:
    server = serve(fs.answer({"success": True}), tls=good.context, refuse_early=2)
    client = transport(server.url, verify=good.path)
    assert client.call("POST", "/x", kind=retry.REFUSED_ONLY).body == {"success": True}
    assert len(server.requests) == 1 and server.connections == 3


def test_other_changes_are_sent_again_when_the_server_did_not_act(transport: Any, serve: Any) -> None:
    server = serve(fs.graph_error(80007), fs.answer({"success": True}))
    transport(server.url).call("POST", "/x", kind=retry.REFUSED_ONLY)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "fault", [fs.reset, fs.graph_error(131000, 500), fs.answer(b"<html>", 503, content_type="text/html")]
)
def test_other_changes_are_not_sent_again_when_in_doubt(transport: Any, serve: Any, fault: Any) -> None:
    server = serve(fault, fs.answer({"success": True}))
    assert fails(transport(server.url), kind=retry.REFUSED_ONLY).acted == codes.MAYBE
    assert len(server.requests) == 1


def test_a_rate_limit_in_a_400_body_is_waited_for(transport: Any, serve: Any, clock: Any, message: Any) -> None:
    server = serve(fs.graph_error(80007, 400), fs.answer({"id": "1"}))
    transport(server.url).call("GET", "/x", kind=retry.READ)
    assert clock.slept == [5.0]
    assert "80007" in message[0]


def test_retry_after_wins(transport: Any, serve: Any, clock: Any) -> None:
    server = serve(fs.answer({}, 429, {"Retry-After": "17"}), fs.answer({"id": "1"}))
    transport(server.url).call("GET", "/x", kind=retry.READ)
    assert clock.slept == [17.0]


def test_retry_after_on_an_html_page(transport: Any, serve: Any, clock: Any) -> None:
    page = fs.answer(b"<html>", 503, {"Retry-After": "3"}, content_type="text/html")
    transport(serve(page, fs.answer({"id": "1"})).url).call("GET", "/x", kind=retry.READ)
    assert clock.slept == [3.0]


def test_time_to_regain_access_wins_and_ends_the_call_beyond_the_budget(transport: Any, serve: Any, clock: Any) -> None:
    def usage(minutes: int) -> Any:
        text = '{"7":[{"type":"whatsapp_business_management","call_count":100,"estimated_time_to_regain_access":%d}]}'
        return fs.graph_error(80007, 400, {"X-Business-Use-Case-Usage": text % minutes})

    transport(serve(usage(1), fs.answer({"id": "1"})).url, policy=retry.RetryPolicy(budget=90.0)).call(
        "GET", "/x", kind=retry.READ
    )
    assert clock.slept == [60.0]
    server = serve(usage(19))
    error = fails(transport(server.url), kind=retry.READ, method="GET")
    assert isinstance(error, errors.RateLimitError) and isinstance(error, errors.GraphError)
    assert error.wait == 1140.0 and len(server.requests) == 1
    assert "1140 s" in str(error)


def test_a_nearly_used_up_limit_slows_down_all_that_share_it(
    transport: Any, serve: Any, message: Any, clock: Any
) -> None:
    server = serve(fs.answer({}, headers={"x-app-usage": '{"call_count":95}'}))
    shared: list[str] = []
    first, second = (
        transport(server.url, rate_limiter=RateLimiter(lambda: shared[-1] if shared else None, shared.append, clock))
        for _at in "ab"
    )
    first.call("GET", "/x", kind=retry.READ)
    assert clock.slept == []
    second.call("GET", "/x", kind=retry.READ)
    assert clock.slept == [pytest.approx(1.6)]
    assert message == ["GET /x: 95 % of the rate limit is used; this run delays each request by 1.6 s from now on"], (
        "told once, although both have seen it"
    )


def test_a_reached_limit_holds_back_all_that_share_it(transport: Any, serve: Any, message: Any, clock: Any) -> None:
    limited = fs.answer({"error": {"code": 80007, "message": "m"}}, status=400, headers={"Retry-After": "30"})
    server = serve(limited, fs.answer({"ok": True}))
    shared: list[str] = []
    first, second = (
        transport(server.url, rate_limiter=RateLimiter(lambda: shared[-1] if shared else None, shared.append, clock))
        for _at in "ab"
    )
    with pytest.raises(errors.ApiError):
        first.call("POST", "/x", kind=retry.NEVER)
    assert "POST /x: no requests of this run for 30 s (rate limit)" in message
    assert second.call("GET", "/x", kind=retry.READ).body == {"ok": True}
    assert sum(clock.slept) == pytest.approx(30.25, abs=0.4), "30 s, and up to half a second of spread"


def test_a_wait_beyond_the_budget_is_left_to_the_server(transport: Any, serve: Any, clock: Any) -> None:
    server = serve(fs.answer({"ok": True}))
    shared: list[str] = []
    rate_limiter = RateLimiter(lambda: shared[-1] if shared else None, shared.append, clock)
    rate_limiter.wait(600)
    assert transport(server.url, rate_limiter=rate_limiter).call("GET", "/x", kind=retry.READ).body == {"ok": True}
    assert clock.slept == []


def test_the_budget_of_one_number_is_no_limit_of_the_others(transport: Any, serve: Any, clock: Any) -> None:
    server = serve(fs.answer({"error": {"code": 133016, "message": "m"}}, status=429))
    shared: list[str] = []
    rate_limiter = RateLimiter(lambda: shared[-1] if shared else None, shared.append, clock)
    with pytest.raises(errors.ApiError):
        transport(server.url, rate_limiter=rate_limiter).call("POST", "/x", kind=retry.NEVER)
    assert rate_limiter.left() == 0
