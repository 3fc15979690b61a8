# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of error codes with several causes: told apart by subcode and wording."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, envelope, errors
from hypothesis import given
from hypothesis import strategies as st


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
        (reported(100, subcode=2388012, call="phone_numbers"), "in that WABA already", "from the list of that WABA"),
        (reported(100, call="phone_numbers"), "does not add the number", "conditions of a move"),
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
