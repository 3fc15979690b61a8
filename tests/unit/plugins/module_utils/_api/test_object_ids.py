# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of errors about IDs: which option has the ID of another object."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import envelope, errors

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
