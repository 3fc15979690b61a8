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
        (GRAPH, 403, {"error": {"code": 10}}, errors.PermissionError_),
        (GRAPH, 403, {"error": {"code": 234}}, errors.PermissionError_),
        (GRAPH, 400, {"error": {"code": 4}}, errors.RateLimitError),
        (GRAPH, 400, {"error": {"code": 100, "error_subcode": 33}}, errors.NotFoundError),
        (GRAPH, 401, None, errors.AuthError),
        (GRAPH, 401, {"error": "gone"}, errors.AuthError),
        (NODE, 401, None, errors.AuthError),
        (NODE, 401, {"errors": [{"code": 1005}]}, errors.AuthError),
        (NODE, 400, {"errors": [{"code": 1024}]}, errors.AuthError),
        (NODE, 403, {"errors": [{"code": 1005}]}, errors.PermissionError_),
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


# ---- causes that share a code


def reported(
    code: int,
    message: str = "Invalid parameter",
    *,
    subcode: int = 0,
    title: str = "",
    text: str = "",
    call: str = "register",
    method: str = "POST",
    **more: Any,
) -> errors.AnswerError:
    """Return the error for an answer of Graph to a call on a number or a WABA."""
    body = {"message": "(#%d) %s" % (code, message), "code": code, "type": "OAuthException", **more}
    body.update({"error_subcode": subcode} if subcode else {})
    body.update({"error_user_title": title} if title else {})
    body.update({"error_user_msg": text} if text else {})
    where = errors.Where("graph", "4930 1", method, "/v25.0/100200300/" + call, "phone_number_id")
    return envelope.answer_error(where, 400, {"error": body})


NAME = "The name Cantina Verde is not in line with our rules. Choose another display name."
BOUND = "An existing WhatsApp account holds this number. Disconnect it there before you use it here."


@pytest.mark.parametrize(
    ("error", "title", "step"),
    [
        (reported(100, subcode=2388001, title="No certificate", text=NAME), "display name", "in WhatsApp Manager"),
        (
            reported(100, subcode=2388001, title="No certificate", text=BOUND),
            "bound to another",
            "disconnect the number",
        ),
        (
            reported(100, subcode=2388001, title="Sem certificado", text="Tente outra vez."),
            "certificate",
            "display name",
        ),
        (reported(100, "Register endpoint is not available for SMB businesses."), "Business app", "is_on_biz_app"),
        (reported(100, "Missing Permission"), "Missing Permission", "before you change the token"),
        (reported(100, subcode=2388023), "registered already", "reads where the number is"),
        (reported(100, subcode=2655122), "bound to another", "disconnect the number"),
        (reported(100, subcode=2494100), "maintenance", "wait some minutes"),
        (reported(136024, subcode=2388367, call="request_code"), "Too many codes", "24 to 48 hours"),
        (reported(136024, subcode=2388091, call="request_code"), "sends no code", "do not wait"),
        (reported(100, subcode=2388093, call="request_code"), "not eligible for a code", "WhatsApp Manager"),
        (reported(136024, text="It is already verified.", call="request_code"), "verified already", "register"),
        (reported(136024, call="request_code"), "Request code error", "WhatsApp Manager"),
        (reported(136025, call="verify_code"), "Verify code error", "without the hyphen"),
        (reported(200000, subcode=3095008, call="phone_numbers"), "Cannot add phone number", "in WhatsApp Manager"),
        (reported(100, subcode=2388012, call="phone_numbers"), "in that WABA already", "wa_number_info"),
        (
            reported(100, subcode=2388103, call="phone_numbers"),
            "not eligible for a move",
            "two-step verification is off",
        ),
        (reported(100, "Missing Permission", call="subscribed_apps"), "Missing Permission", "give the app"),
        (
            reported(100, "Cannot be loaded due to missing permissions", subcode=33),
            "cannot load the object",
            "system user",
        ),
    ],
)
def test_causes_that_share_a_code_are_told_apart(error: errors.AnswerError, title: str, step: str) -> None:
    assert title in error.title and step in error.failure.next_step
    assert error.known and error.acted == codes.NO


@pytest.mark.parametrize(
    "error",
    [
        # The same subcodes with another call or another code mean something else.
        reported(100, subcode=2388001, call="subscribed_apps", text=NAME),
        reported(131009, subcode=2388001, text=NAME),
        reported(100, subcode=2388093, call="message_templates"),
        reported(100, subcode=2388012),
        reported(100, subcode=2655122, call="message_templates"),
        reported(100, "Missing Permission", call="", method="GET"),
        reported(100, "not available for SMB businesses", call="subscribed_apps"),
    ],
)
def test_a_subcode_or_a_wording_alone_tells_nothing(error: errors.AnswerError) -> None:
    assert error.title in ("Invalid parameter", "Parameter value is not valid", "Missing Permission")
    assert "is_on_biz_app" not in error.failure.next_step


def test_the_text_that_is_for_people_is_shown_with_its_title() -> None:
    error = reported(
        100, subcode=2388001, title="Cannot Make\nCertificate", text=NAME, error_data={"details": "Not now."}
    )
    assert error.details == 'Not now. "Cannot Make Certificate": ' + NAME
    assert error.failure.details.startswith(error.details) and "subcode 2388001" in error.failure.details
    assert '"Only a title"' in str(reported(100, title="Only a title"))
    assert "Only a text" in str(reported(999123, "Odd", text="Only a text"))


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from(["register", "request_code", "phone_numbers", ""]))
def test_every_subcode_is_told(code: int, subcode: int, call: str) -> None:
    error = reported(code, subcode=subcode, call=call)
    assert "Code %d, subcode %d." % (code, subcode) in error.failure.details
    assert error.subcode == subcode and error.failure.next_step


def test_a_wait_that_changes_nothing_is_not_passed_on() -> None:
    text = "Our servers rest for a while. Please wait 1 hour and try again."
    error = reported(136024, subcode=2388091, text=text, call="request_code", is_transient=True)
    assert error.wait is None and error.retry == codes.NEVER and not error.failure.safe_to_rerun
    assert text in error.details and "does not pass" in error.failure.details
    assert reported(136024, text=text, call="request_code").wait == 3600.0


@pytest.mark.parametrize("call", ["register", "deregister"])
@pytest.mark.parametrize("code", [100, 190, 200, 131000, 133005, 136024, 987654])
def test_it_is_said_that_each_attempt_counts(call: str, code: int) -> None:
    sentence = str(reported(code, call=call))
    assert "Each %s request uses up one of ten in 72 hours. It is" % call in sentence.replace("fbtrace_id T. ", "")
    assert "uses up" not in str(reported(code, call="subscribed_apps"))
    assert "uses up" not in str(reported(code, call="register", method="GET"))


@pytest.mark.parametrize(
    ("message", "names_one"),
    [
        ("Invalid parameter", False),
        ("Cannot do this now", False),
        ("", False),
        ("The parameter messaging_product is required.", True),
        ('Unexpected key "x" on param "body"', True),
        ("pin must have six digits", True),
        ("data_localization_region XX", True),
    ],
)
def test_a_value_is_to_be_corrected_only_where_one_is_named(message: str, names_one: bool) -> None:
    for code in (100, 131009):
        step = reported(code, message).failure.next_step
        assert (step == codes.CHECK_VALUE) is names_one
    if not names_one:
        assert "Meta's message" in reported(100, message).failure.next_step


# ---- IDs of other objects

NUMBER, WABA, APP = "WhatsAppBusinessPhoneNumber", "WhatsAppBusinessAccount", "Application"


def on(option: str, path: str, message: str, **more: Any) -> errors.AnswerError:
    where = errors.Where("graph", "4930 1", "GET", "/v25.0/" + path, option)
    return envelope.answer_error(where, 400, {"error": {"message": "(#100) " + message, "code": 100, **more}})


def lacks(field: str, kind: str) -> str:
    return "Tried accessing nonexisting field (%s) on node type (%s)" % (field, kind)


@pytest.mark.parametrize(
    ("option", "path", "field", "kind", "wording", "wanted", "belongs"),
    [
        (
            "phone_number_id",
            "7001",
            "display_phone_number",
            WABA,
            "a WhatsApp Business Account (WABA)",
            "number",
            "waba_id",
        ),
        ("phone_number_id", "7001", "display_phone_number", APP, "an app", "a business phone number", "app_id"),
        ("phone_number_id", "7001", "platform_type", "User", "a user", "a business phone number", ""),
        ("phone_number_id", "7001", "platform_type", "Page", "a Facebook page", "a business phone number", ""),
        (
            "phone_number_id",
            "7001/whatsapp_business_profile",
            "whatsapp_business_profile",
            WABA,
            "(WABA)",
            "number",
            "waba_id",
        ),
        ("waba_id", "7002", "account_review_status", NUMBER, "a business phone number", "(WABA)", "phone_number_id"),
        (
            "waba_id",
            "7002/phone_numbers",
            "phone_numbers",
            NUMBER,
            "a business phone number",
            "(WABA)",
            "phone_number_id",
        ),
        ("waba_id", "7002/subscribed_apps", "subscribed_apps", APP, "an app", "(WABA)", "app_id"),
        ("waba_id", "7002/phone_numbers", "phone_numbers", "Business", "a business portfolio", "(WABA)", ""),
        ("waba_id", "7002/message_templates", "message_templates", "SystemUser", "a system user", "(WABA)", ""),
        ("app_id", "7003/subscriptions", "subscriptions", WABA, "(WABA)", "an app", "waba_id"),
        (
            "app_id",
            "7003/subscriptions",
            "subscriptions",
            NUMBER,
            "a business phone number",
            "an app",
            "phone_number_id",
        ),
    ],
)
def test_an_id_of_another_object(
    option: str, path: str, field: str, kind: str, wording: str, wanted: str, belongs: str
) -> None:
    error = on(option, path, lacks(field, kind))
    assert isinstance(error, errors.NotFoundError) and isinstance(error, errors.GraphError)
    assert error.title.startswith("O(%s) holds the ID of " % option) and wording in error.title
    assert " to the ID of " in error.failure.next_step and wanted in error.failure.next_step
    assert "set O(%s) to" % option in error.failure.next_step
    assert ("belongs in O(%s)" % belongs in error.failure.next_step) is bool(belongs)
    assert "graph_version" not in str(error)


@pytest.mark.parametrize(
    ("option", "path", "field", "kind"),
    [
        ("phone_number_id", "7001", "username", NUMBER),
        ("waba_id", "7002", "ownership_type", WABA),
        # A field that the edge was asked for is one of the edge's own objects.
        ("waba_id", "7002/phone_numbers", "username", NUMBER),
        ("phone_number_id", "7001/whatsapp_business_profile", "vertical", "WhatsAppBusinessProfile"),
        ("", "7001", "display_phone_number", WABA),
    ],
)
def test_a_field_that_this_version_does_not_know(option: str, path: str, field: str, kind: str) -> None:
    error = on(option, path, lacks(field, kind))
    assert not isinstance(error, errors.NotFoundError)
    assert "does not know a field" in error.failure.details and "graph_version" in error.failure.next_step


def test_a_type_that_nobody_knows_is_told_and_not_taken_for_a_wrong_one() -> None:
    """Graph may call a phone number something else one day: what only informs must still be left out then."""
    error = on("phone_number_id", "7001", lacks("quality_rating", "WhatsAppAccountNumber"))
    assert not isinstance(error, errors.NotFoundError)
    assert "WhatsAppAccountNumber" in str(error) and "O(phone_number_id)" in error.failure.next_step
    assert "O(graph_version)" in error.failure.next_step


@pytest.mark.parametrize("option", ["phone_number_id", "waba_id", "app_id"])
def test_an_object_that_cannot_be_loaded_is_told_by_its_option(option: str) -> None:
    wording = (
        "Unsupported get request. Object with ID '7001' does not exist, cannot be loaded due to missing permissions"
    )
    for error in (
        on(option, "7001", wording, error_subcode=33),
        on(option, "7001", wording),
        on(option, "7001", wording, code=803),
    ):
        assert isinstance(error, errors.NotFoundError)
        assert error.title == "Graph cannot load the object whose ID is in O(%s)" % option
        assert "O(%s)" % option in error.failure.next_step
        assert "'7001'" in error.details


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
