# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of the export: what the manifest says, what of an earlier export stays, and what is required."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import export as rules

ID, WABA = "106540352242922", "102290129340398"


def exported(files, missing=None):
    manifest = rules.manifest(ID, WABA, files, missing or {})
    return {**files, rules.MANIFEST: manifest}


def test_the_manifest_names_what_is_there_and_why_the_rest_is_not():
    files = {"number.json": b"{}", "photo.png": b"x"}
    found = rules.check(exported(files, {"profile": "refused [10]", "photo": "not kept"}), ID)
    assert found["files"]["photo.png"] == {"bytes": 1, "sha256": rules.digest(b"x")}
    assert set(found["missing"]) == {"profile", "media"}, "the photo is there"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"number.json": b"{}"},
        {**exported({"number.json": b"{}"}), "number.json": b"{ }"},
        {**exported({"number.json": b"{}"}), "more.json": b"{}"},
        {rules.MANIFEST: exported({"number.json": b"{}"})[rules.MANIFEST]},
        {rules.MANIFEST: b"x"},
    ],
)
def test_an_export_that_is_not_whole_is_refused(broken):
    with pytest.raises(ValueError, match="it"):
        rules.check(broken, ID)


def test_an_export_of_another_number_is_refused():
    with pytest.raises(ValueError, match="belongs to"):
        rules.check(exported({"number.json": b"{}"}), "1")


def test_what_cannot_be_read_any_more_stays_and_what_can_is_replaced():
    earlier = exported({"number.json": b"old", "profile.json": b"old", "photo.png": b"old"})
    found = rules.joined({"number.json": b"new", "photo.jpg": b"new"}, {"profile": "why"}, earlier)
    assert found == {"number.json": b"new", "profile.json": b"old", "photo.jpg": b"new"}


@pytest.mark.parametrize(
    ("was", "is_", "stays"),
    [
        ("CLOUD_API", "NOT_APPLICABLE", True),
        ("CLOUD_API", "CLOUD_API", False),
        ("NOT_APPLICABLE", "NOT_APPLICABLE", False),
    ],
)
def test_an_export_of_the_cloud_api_stays_after_it(was, is_, stays):
    assert rules.stays({"number.json": json.dumps({"platform_type": was}).encode()}, is_) is stays
    assert not rules.stays(None, is_)


def test_what_is_required():
    missing = {"profile": "refused [10]", "templates": "limited [4]"}
    assert rules.lacking(["number", "profile"], missing, {"number.json": b""}, True) == "profile: refused [10]"
    assert rules.lacking(["number", "profile"], missing, {"number.json": b""}, False) == ""
    assert "templates: limited" in rules.lacking(["templates"], missing, {}, False)


def test_no_query_of_an_address_is_kept():
    rows = [{"whatsapp_business_api_data": {"id": "1"}, "override_callback_uri": "https://x.example/a?auth=secret"}]
    number = {"id": ID, "webhook_configuration": {"application": "https://x.example/b?auth=secret"}}
    for found in (rules.document(rules.subscriptions(rows)), rules.document(rules.number(number))):
        assert b"secret" not in found and b"https://x.example/" in found


def test_templates_have_an_order_of_their_own():
    rows = [{"name": "b", "language": "en"}, {"name": "a", "language": "en"}, {"name": "a", "language": "de"}]
    assert rules.templates(rows) == rules.templates(rows[::-1]) == [rows[2], rows[1], rows[0]]
