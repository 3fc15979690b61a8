# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of a business profile in one option: as a mapping and as a survey writes it, with all faults at once."""

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _profile_value
from hypothesis import given
from hypothesis import strategies as st

WHOLE = {
    "about": "Open all day",
    "description": "A shop",
    "address": "1 Example Street",
    "email": "shop@example.com",
    "websites": ["https://www.example.com"],
    "vertical": "RETAIL",
    "photo": "files/logo.png",
}


@pytest.mark.parametrize("write", [dict, json.dumps, lambda value: json.dumps(json.dumps(value))])
def test_a_mapping_and_its_json_text_are_the_same(write):
    assert _profile_value.profile_of(write(WHOLE)) == WHOLE


def test_values_become_those_that_an_update_takes():
    stated = {
        "vertical": "Shopping and retail",
        "websites": "https://a.example.com, https://b.example.com",
        "about": " x ",
    }
    assert _profile_value.profile_of(stated) == {
        "vertical": "RETAIL",
        "websites": ["https://a.example.com", "https://b.example.com"],
        "about": "x",
    }


@pytest.mark.parametrize("empty", [None, "", []])
def test_a_field_without_a_value_is_not_stated(empty):
    assert _profile_value.profile_of({**WHOLE, "about": empty}) == {k: v for k, v in WHOLE.items() if k != "about"}


def test_all_faults_are_told_at_once():
    wrong = {"abuot": "x", "email": "nobody", "description": "x" * 513, "websites": ["ftp://x"]}
    with pytest.raises(ValueError) as raised:
        _profile_value.profile_of(wrong)
    for words in ("abuot; is about meant?", "email: ", "description: ", "websites: "):
        assert words in str(raised.value)


@pytest.mark.parametrize("value", [5, True, "about", ["about"], "{", "[1]"])
def test_what_is_no_mapping_is_refused(value):
    with pytest.raises(ValueError, match="mapping"):
        _profile_value.profile_of(value)


values = st.none() | st.booleans() | st.integers() | st.text(max_size=600) | st.lists(st.text(max_size=20), max_size=4)


@given(st.dictionaries(st.sampled_from([*WHOLE, "other"]), values))
def test_whatever_is_stated_is_refused_or_comes_back_as_it_is_sent(stated):
    try:
        found = _profile_value.profile_of(stated)
    except ValueError:
        return
    assert set(found) <= set(WHOLE) and _profile_value.profile_of(found) == found
