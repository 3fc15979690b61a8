# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the backup rule: what goes to disk reads back unmodified, and any alteration is a reason to refuse."""

from __future__ import annotations

import copy
import hashlib
import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import backup
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = 1763769600.0
NUMBER = "15550120001"
PASSWORD = "tacocat-of-the-node"
DATA = "V0FCSy9rZXlz+opaque=="
DOCUMENT = backup.document("+1 555-012-0001", DATA, "v2.61.1", PASSWORD, NOW, b"0123456789abcdef")


def altered(**changes):
    return {**copy.deepcopy(DOCUMENT), **changes}


def codes(document, number=NUMBER, password=PASSWORD, now=NOW, max_age=3600.0):
    return [failure.code for failure in backup.faults(document, number, password, now, max_age)]


def test_the_document():
    assert DOCUMENT["format"] == "wabiz.backup/1"
    assert DOCUMENT["number"] == NUMBER
    assert DOCUMENT["created_at"] == "2025-11-22T00:00:00Z"
    assert DOCUMENT["data"] == DATA
    assert DOCUMENT["digest"] == hashlib.sha256(DATA.encode()).hexdigest()
    assert PASSWORD not in json.dumps(DOCUMENT)


def test_a_fresh_backup_of_the_number_may_be_used():
    assert codes(DOCUMENT) == []
    assert codes(json.loads(json.dumps(DOCUMENT))) == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, ["no_backup"]),
        ({}, ["bad_backup"]),
        (altered(format="wabiz.backup/2"), ["bad_backup"]),
        (altered(data=""), ["bad_backup"]),
        (altered(data=None), ["bad_backup"]),
        (altered(data=["V0FC"]), ["bad_backup"]),
        (altered(data=DATA + " "), ["altered_backup"]),
        (altered(data=DATA + "\n"), ["altered_backup"]),
        (altered(data=DATA.lower()), ["altered_backup"]),
        (altered(digest=None), ["altered_backup"]),
        (altered(digest=DOCUMENT["digest"].upper()), ["altered_backup"]),
        (altered(number="15550120002"), ["foreign_backup"]),
        (altered(number=""), ["foreign_backup"]),
        (altered(number=None), ["foreign_backup"]),
        (altered(password_check=None), ["backup_password"]),
        (altered(password_check={}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "hash": "é"}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "hash": None}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "salt": "xy"}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "n": 3}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "n": 2**40}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "p": 2**70}), ["backup_password"]),
        (altered(password_check={**DOCUMENT["password_check"], "r": float("inf")}), ["backup_password"]),
        (altered(created_at=None), ["stale_backup"]),
        (altered(created_at="yesterday"), ["stale_backup"]),
        (altered(created_at=float("nan")), ["stale_backup"]),
        (altered(number="15550120002", created_at=0, digest=""), ["altered_backup", "foreign_backup", "stale_backup"]),
    ],
)
def test_what_keeps_a_backup_from_being_used(document, expected):
    assert codes(document) == expected


def test_another_password():
    assert codes(DOCUMENT, password="tacocat-of-the-nodf") == ["backup_password"]
    assert codes(DOCUMENT, password="") == ["backup_password"]


def test_another_number_or_none():
    assert codes(DOCUMENT, number="15550120002") == ["foreign_backup"]
    assert codes(DOCUMENT, number="") == ["foreign_backup"]
    # written as the other API writes it
    assert codes(altered(number="5215512345678"), number="+52 55 1234 5678") == []


@pytest.mark.parametrize(
    ("later", "max_age", "fresh"),
    [(0, 0, True), (3600, 3600, True), (3601, 3600, False), (-300, 3600, True), (-301, 3600, False), (1, 0, False)],
)
def test_age(later, max_age, fresh):
    assert codes(DOCUMENT, now=NOW + later, max_age=max_age) == ([] if fresh else ["stale_backup"])
    assert backup.age(DOCUMENT, NOW + later) == later


def test_a_fault_says_what_to_do_and_quotes_no_secret():
    for document in (None, {}, altered(data="x", number="1", created_at=0), altered(password_check=None)):
        for failure in backup.faults(document, NUMBER, PASSWORD, NOW, 3600):
            assert "wa_backup" in failure.next_step
            assert failure.safe_to_rerun
            for secret in (PASSWORD, DATA, DOCUMENT["password_check"]["hash"]):
                assert secret not in failure.sentence()


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=20), st.binary(min_size=16, max_size=16))
def test_any_data_and_password_survive_the_disk_unmodified(data, password, salt):
    made = backup.document(NUMBER, data, "v2.61.1", password, NOW, salt)
    read = json.loads(json.dumps(made))
    assert read["data"] == data
    assert codes(read, password=password) == []


# Half a surrogate pair: JSON can carry it, and so can a command line that is not UTF-8. Two halves that fit are no case
# of their own: JSON writes the character that they stand for in the same way, so no reader returns them apart.
@settings(max_examples=20)
@given(st.lists(st.characters(whitelist_categories=("Cs",)), min_size=1, max_size=5).map("-".join))
def test_half_a_surrogate_is_data_like_any_other(text):
    read = json.loads(json.dumps(backup.document(NUMBER, text, "", text, NOW, b"salt")))
    # as ASCII, because the report of a failure must be able to show it
    assert ascii(read["data"]) == ascii(text)
    assert codes(read, password=text) == []


json_values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.lists(st.none(), max_size=2)
)


@settings(max_examples=60)
@given(st.sampled_from(sorted(DOCUMENT)), json_values | st.dictionaries(st.text(max_size=4), json_values, max_size=3))
def test_a_changed_field_is_found_or_changes_nothing_that_is_sent(field, value):
    document = altered(**{field: value})
    if not codes(document):
        assert document["data"] == DATA
        assert field == "client_version" or value == DOCUMENT[field] or field == "created_at"


@settings(max_examples=60)
@given(st.sampled_from(["n", "r", "p", "salt", "hash", "scheme"]), json_values)
def test_a_damaged_password_check_never_passes_another_password(field, value):
    check = {**DOCUMENT["password_check"], field: value}
    assert not backup.password_fits({"password_check": check}, "another password")


def test_two_backups_of_one_password_have_two_checks():
    again = backup.document(NUMBER, DATA, "v2.61.1", PASSWORD, NOW, b"fedcba9876543210")
    assert again["password_check"]["hash"] != DOCUMENT["password_check"]["hash"]
    assert again["digest"] == DOCUMENT["digest"]


def test_only_the_digest_of_this_very_data_spares_the_password_its_trial():
    def reported(document, password, fits):
        return [fault.code for fault in backup.faults(document, NUMBER, password, NOW, 60, fits)]

    assert reported(DOCUMENT, "another password", DOCUMENT["digest"]) == []
    assert reported(DOCUMENT, "another password", backup.digest("other data")) == ["backup_password"]
    # a header that lies about its data spares nothing
    lying = altered(data="other data")
    assert reported(lying, "another password", lying["digest"]) == ["altered_backup", "backup_password"]
