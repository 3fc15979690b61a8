# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the JSON documents that name their format."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import json_document

FORMAT = "wabiz.thing/1"
ID = "100000000000001"


def text(**changes):
    return json.dumps({"format": FORMAT, "phone_number_id": ID, **changes})


def test_a_document_of_the_format_is_returned():
    assert json_document.read(text(x=1), FORMAT) == {"format": FORMAT, "phone_number_id": ID, "x": 1}
    assert json_document.of_number(text(), FORMAT, ID) == {"format": FORMAT, "phone_number_id": ID}
    assert json_document.of_number(None, FORMAT, ID) is None


@pytest.mark.parametrize("broken", ["", "{", '{"format"', "[" * 100000])
def test_what_is_no_json(broken):
    with pytest.raises(ValueError, match=r"^it is not JSON$"):
        json_document.of_number(broken, FORMAT, ID)


@pytest.mark.parametrize("other", ["[]", "null", "5", "{}", '{"format": "wabiz.thing/2"}', '{"format": ["x"]}'])
def test_another_document(other):
    with pytest.raises(ValueError, match=r"^it is not a wabiz.thing/1 document$"):
        json_document.of_number(other, FORMAT, ID)


@pytest.mark.parametrize("number", ["1", None, 100000000000001, [ID]])
def test_a_document_of_another_number(number):
    with pytest.raises(ValueError, match=r"^it belongs to phone number ID "):
        json_document.of_number(text(phone_number_id=number), FORMAT, ID)
    assert json_document.read(text(phone_number_id=number), FORMAT)["phone_number_id"] == number
