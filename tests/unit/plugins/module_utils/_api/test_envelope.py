# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both envelopes, the code tables, and what the words and headers of a server say about waits."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _api
from ansible_collections.wabiz.migration.plugins.module_utils._api import address, codes, envelope, errors
from ansible_collections.wabiz.migration.plugins.module_utils._api.answer import judge
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_graph import GRAPH_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._api.codes_onprem import ONPREM_CODES
from ansible_collections.wabiz.migration.plugins.module_utils._api.redaction import Scrubber
from ansible_collections.wabiz.migration.plugins.module_utils._api.usage import usage_of, wait_of
from hypothesis import given
from hypothesis import strategies as st

GRAPH = errors.Where("graph", "+1 555", "POST", "/v25.0/1/register")


NODE = errors.Where("onprem", "+1 555", "POST", "/v1/settings/backup")


def test_graph_envelope() -> None:
    error = envelope.answer_error(
        GRAPH,
        400,
        {
            "error": {
                "message": "(#133005) Two step verification PIN Mismatch",
                "code": 133005,
                "error_data": {"messaging_product": "whatsapp", "details": "PIN does not match."},
                "fbtrace_id": "Abc",
                "error_user_msg": "Try\nanother.",
            }
        },
    )
    assert error.__class__ is errors.GraphError
    assert (error.code, error.title, error.fbtrace_id) == (133005, "Two step verification PIN Mismatch", "Abc")
    assert error.details == "PIN does not match. Try another."
    assert (error.acted, error.node_may_be_down, error.failure.safe_to_rerun) == (codes.NO, True, False)
    assert "do not guess again" in str(error) and "Abc" in str(error) and "+1 555" in str(error)


def test_onprem_envelope() -> None:
    body = {"errors": [{"code": 1017, "title": "x", "details": "a"}, {"code": 1, "details": "b"}], "meta": {}}
    error = envelope.answer_error(NODE, 400, body)
    assert error.__class__ is errors.OnPremError
    assert (error.code, error.title, error.details) == (1017, "Not Primary Master", "a. b")
    assert (error.acted, error.fbtrace_id, error.is_transient) == (codes.NO, "", False)


@pytest.mark.parametrize(
    ("where", "status", "body", "cls"),
    [
        (GRAPH, 401, {"error": {"code": 190}}, errors.AuthError),
        (GRAPH, 400, {"error": {"code": 190}}, errors.AuthError),
        (GRAPH, 403, {"error": {"code": 10}}, errors.ForbiddenError),
        (GRAPH, 403, {"error": {"code": 234}}, errors.ForbiddenError),
        (GRAPH, 400, {"error": {"code": 4}}, errors.RateLimitError),
        (GRAPH, 400, {"error": {"code": 100, "error_subcode": 33}}, errors.NotFoundError),
        (GRAPH, 401, None, errors.AuthError),
        (GRAPH, 401, {"error": "gone"}, errors.AuthError),
        (NODE, 401, None, errors.AuthError),
        (NODE, 401, {"errors": [{"code": 1005}]}, errors.AuthError),
        (NODE, 400, {"errors": [{"code": 1024}]}, errors.AuthError),
        (NODE, 403, {"errors": [{"code": 1005}]}, errors.ForbiddenError),
        (NODE, 404, {"errors": [{"code": 1006}]}, errors.NotFoundError),
        (NODE, 404, {"meta": {}}, errors.NotFoundError),
        (NODE, 400, {"errors": [{"code": 1015}]}, errors.RateLimitError),
        (NODE, 429, {}, errors.RateLimitError),
    ],
)
def test_classes(where: errors.Where, status: int, body: Any, cls: type) -> None:
    error = envelope.answer_error(where, status, body)
    assert isinstance(error, cls)
    assert isinstance(error, errors.GraphError if where is GRAPH else errors.OnPremError)
    assert error.http_status == status


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"error": None},
        {"error": []},
        {"error": {"code": "x", "error_data": 7}},
        {"errors": []},
        {"errors": {}},
        {"errors": ["x"]},
        {"error": {"code": None, "message": 3}},
        {"error": {"code": float("inf"), "error_subcode": float("nan"), "error_user_title": 4, "error_user_msg": []}},
        {"errors": [{"code": [], "details": {}}]},
    ],
)
def test_broken_envelopes(body: Any) -> None:
    for where in (GRAPH, NODE):
        error = envelope.answer_error(where, 500, body)
        assert error.code == 500 and error.title


def test_an_unknown_code_leaves_open_whether_the_server_acted() -> None:
    assert envelope.answer_error(GRAPH, 400, {"error": {"code": 987654, "message": "Odd"}}).acted == codes.MAYBE
    assert envelope.answer_error(GRAPH, 500, {"error": {"code": 987654}}).acted == codes.MAYBE
    assert envelope.answer_error(GRAPH, 403, {"error": {"code": 987654}}).acted == codes.NO


def test_details_say_more_than_the_code() -> None:
    body = {"errors": [{"code": 1005, "details": "Unknown error: biz_link_on_prem_reg_blocked"}]}
    assert "2025-10-23" in envelope.answer_error(NODE, 403, body).failure.details
    body = {"errors": [{"code": 1005, "details": "App Expired: a version upgrade is required"}]}
    assert "expiry" in envelope.answer_error(NODE, 403, body).failure.details


def test_error_data_as_a_string_and_long_words() -> None:
    error = envelope.answer_error(GRAPH, 400, {"error": {"code": 100, "error_data": "x\x1b[2J\r\n" + "y" * 900}})
    assert "\x1b" not in str(error) and "\n" not in str(error) and len(error.details) < 520


@pytest.mark.parametrize("code", sorted(GRAPH_CODES) + sorted(ONPREM_CODES))
def test_each_code_has_a_title_and_a_next_step(code: int) -> None:
    for table in (GRAPH_CODES, ONPREM_CODES):
        entry = table.get(code)
        if entry:
            assert entry.title and entry.next_step
            assert entry.acted in (codes.NO, codes.MAYBE)
            assert entry.retry in (codes.NEVER, codes.SOON, codes.RATE)


@pytest.mark.parametrize(
    "code", [133000, 133001, 133002, 133003, 133005, 133006, 133007, 133008, 133009, 133015, 133016]
)
def test_registration_codes_are_never_sent_again(code: int) -> None:
    assert GRAPH_CODES[code].retry == codes.NEVER and GRAPH_CODES[code].acted == codes.NO


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("True", True),
        (" TRUE ", True),
        (1, True),
        (False, False),
        ("false", False),
        ("False", False),
        (0, False),
        ("", False),
        (None, None),
        ("maybe", None),
        ([], None),
        ({}, None),
        (2, None),
    ],
)
def test_success_of(value: Any, expected: bool | None) -> None:
    assert envelope.success_of({"success": value}) is expected


def test_success_of_nothing() -> None:
    assert envelope.success_of(None) is None and envelope.success_of({}) is None


@pytest.mark.parametrize(
    ("code", "details", "seconds"),
    [
        (133008, "Please try again after 3600 seconds.", 3600),
        (133008, "Try again in 25 minutes", 1500),
        (133009, "wait 1 hour and 30 minutes", 5400),
        (133009, "Wait 1h 30m before guessing", 5400),
        (133009, "5 minutes, 300 seconds", 300),
        (133009, "wait 45", 45),
        (133009, "Please wait for 2 days", 172800),
        (133015, "", 300),
        (133015, "wait 10 minutes", 600),
        (133016, "", 259200),
        (133016, "10 requests in 72 hours", 259200),
        (133008, "", None),
        (133008, "number 15551234567 was tried 5 times", None),
        (100, "field must have 6 digits", None),
    ],
)
def test_wait_seconds(code: int, details: str, seconds: float | None) -> None:
    assert envelope.wait_seconds(code, details) == seconds


def test_waits_in_details_are_carried() -> None:
    body = {"error": {"code": 133008, "error_data": {"details": "Try again in 2 hours."}}}
    assert envelope.answer_error(GRAPH, 400, body).wait == 7200.0
    assert envelope.answer_error(GRAPH, 400, body, wait=60.0).wait == 60.0
    assert envelope.answer_error(GRAPH, 400, {"error": {"code": 100, "message": "wait 5 minutes"}}).wait is None


@pytest.mark.parametrize(
    ("headers", "percent", "regain", "wait"),
    [
        ({}, 0.0, 0.0, None),
        ({"x-app-usage": "not json"}, 0.0, 0.0, None),
        ({"x-app-usage": '{"call_count":3,"total_cputime":28,"total_time":"x"}'}, 28.0, 0.0, None),
        ({"x-app-usage": "[]"}, 0.0, 0.0, None),
        (
            {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":19}]}'},
            100.0,
            1140.0,
            1140.0,
        ),
        ({"x-business-use-case-usage": '{"1":[7],"2":3,"3":[{"call_count":-1}]}'}, 0.0, 0.0, None),
        ({"retry-after": "5"}, 0.0, 0.0, 5.0),
        ({"retry-after": "-5"}, 0.0, 0.0, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0.0, 0.0, 60.0),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:00 GMT"}, 0.0, 0.0, None),
    ],
)
def test_usage(headers: Any, percent: float, regain: float, wait: float | None) -> None:
    assert (usage_of(headers).percent, usage_of(headers).regain_seconds) == (percent, regain)
    assert wait_of(headers) == wait


@given(st.dictionaries(st.sampled_from(["x-app-usage", "x-business-use-case-usage", "retry-after", "date"]), st.text()))
def test_headers_of_any_kind_break_nothing(headers: Any) -> None:
    wait = wait_of(headers)
    assert wait is None or wait >= 0


@given(st.integers(200, 599), st.binary(), st.sampled_from(["application/json", "", "text/html"]))
def test_any_answer_is_judged(status: int, raw: bytes, content: str) -> None:
    result = judge(GRAPH, "server", status, {"content-type": content}, raw, False, str)
    assert isinstance(result, errors.ApiError) or status < 300


def test_an_answer_of_any_depth_is_judged() -> None:
    raw = b'{"error":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    assert isinstance(judge(GRAPH, "server", 400, {}, raw, False, str), errors.ApiError)


def test_an_error_envelope_counts_with_any_status() -> None:
    result = judge(GRAPH, "server", 200, {}, b'{"error":{"code":4}}', False, str)
    assert isinstance(result, errors.RateLimitError)


def test_masking_goes_by_whole_words() -> None:
    scrub = Scrubber.of(
        {"Authorization": "Bearer tok.en"}, {"q": "plain"}, {"pin": "123456", "backup": {"data": "V0FC+=="}}
    )
    assert scrub.scrub("15551234567 123456 tok.en V0FC+== plain") == "15551234567 ******** ******** ******** plain"
    assert Scrubber([]).scrub("x") == "x"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.3.4", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.evil.test", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert address.is_loopback(host) is loopback


def test_only_two_files_import_the_http_libraries() -> None:
    for path in Path(next(iter(_api.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                if any(name.partition(".")[0] in ("requests", "urllib3") for name in names):
                    assert path.name in ("connection.py", "address.py")
