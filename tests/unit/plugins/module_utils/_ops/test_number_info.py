# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of reading fields that a Graph version may not know: what informs is left out, what decides counts."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import errors
from ansible_collections.wabiz.migration.plugins.module_utils._ops.number_info import known_fields

DECISIVE = ("id", "status")
WHERE = errors.Where(errors.GRAPH, "1", "GET", "/v25.0/1", "phone_number_id")


def refusal(message, code=100, **more):
    return errors.answer_error(WHERE, 400, {"error": {"message": message, "code": code, **more}})


def unknown(name, kind="WhatsAppBusinessPhoneNumber"):
    return refusal("(#100) Tried accessing nonexisting field (%s) on node type (%s)" % (name, kind))


def of(knows, refuse):
    """Return a fetch of a Graph that knows some fields, and the requests that it got."""
    asked = []

    def fetch(fields):
        asked.append(list(fields))
        strange = [name for name in fields if name not in knows]
        if strange:
            raise refuse(strange[0])
        return dict.fromkeys(fields, "x")

    return fetch, asked


def test_all_are_known():
    fetch, asked = of({"id", "status", "mode"}, unknown)
    assert known_fields(fetch, ("id", "status", "mode"), DECISIVE) == ({"id": "x", "status": "x", "mode": "x"}, [])
    assert len(asked) == 1


def test_unknown_ones_that_inform_are_left_out_one_by_one():
    fetch, asked = of({"id", "status", "mode"}, unknown)
    found, left_out = known_fields(fetch, ("id", "old", "status", "mode", "new"), DECISIVE)
    assert (set(found), left_out) == ({"id", "status", "mode"}, ["old", "new"])
    assert len(asked) == 3


def test_a_new_name_for_a_number_leaves_out_what_informs():
    fetch, asked = of({"id", "status"}, lambda name: unknown(name, "WhatsAppAccountNumber"))
    assert known_fields(fetch, ("id", "mode", "status"), DECISIVE) == ({"id": "x", "status": "x"}, ["mode"])
    assert len(asked) == 2


def test_a_refusal_that_names_no_field_leaves_what_decides():
    fetch, asked = of({"id", "status"}, lambda _name: refusal("Invalid parameter"))
    found, left_out = known_fields(fetch, ("id", "mode", "status", "new"), DECISIVE)
    assert (set(found), left_out, len(asked)) == ({"id", "status"}, ["mode", "new"], 2)


@pytest.mark.parametrize(
    ("refuse", "requests"),
    [
        (unknown, 1),
        (lambda _name: unknown("never_asked_for"), 1),
        # The ID of another object knows no field of a number: fewer of them would end the same way.
        (lambda _name: unknown("mode", "WhatsAppBusinessAccount"), 1),
        (lambda _name: unknown("mode", "Application"), 1),
        (lambda _name: refusal("Invalid parameter"), 2),
        (lambda _name: refusal("Unsupported get request.", error_subcode=33), 1),
        (lambda _name: refusal("Permission denied", 10), 1),
    ],
)
def test_a_refusal_of_what_decides_counts(refuse, requests):
    fetch, asked = of({"other"}, refuse)
    with pytest.raises(errors.GraphError):
        known_fields(fetch, ("id", "status", "mode"), DECISIVE)
    assert len(asked) == requests
