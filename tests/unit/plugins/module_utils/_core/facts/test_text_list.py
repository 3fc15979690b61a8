# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of lists that arrive as text: every input that is a list takes its JSON text for the list itself."""

from __future__ import annotations

import json

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _values
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import waiver
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import purpose
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import window
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import text_list
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import waves
from hypothesis import given
from hypothesis import strategies as st

lists = st.lists(st.text() | st.integers() | st.dictionaries(st.text(), st.text()))


@given(lists)
def test_the_text_of_a_list_is_the_list(entries):
    text = json.dumps(entries)
    assert text_list.unpacked(text) == entries
    assert text_list.unpacked("  %s\n" % json.dumps(text)) == entries, "a template quotes it once more"
    assert text_list.unpacked(entries) is entries


@given(st.text() | st.none() | st.integers() | st.booleans())
def test_anything_else_stays_or_was_quoted(value):
    found = text_list.unpacked(value)
    assert found is value or isinstance(value, str)


WINDOWS = [{"days": ["sat", "sun"], "hours": "22:00-04:00", "timezone": "Europe/Paris"}]
RULES = [{"purpose": "desk", "meaning": "Orders at the desk"}]
WAIVERS = [{"id": "WM108", "who": "ada", "why": "known", "until": "2027-01-31", "numbers": ["106540352242922"]}]
HOSTS, GROUPS = ("a", "b", "c"), {"canary": ["b"]}


@pytest.mark.parametrize("form", [lambda value: value, json.dumps, lambda value: json.dumps(json.dumps(value))])
def test_every_list_of_the_inputs_takes_its_text(form):
    assert window.read(form(WINDOWS)) == window.read(WINDOWS) and window.read(WINDOWS)[1] == []
    assert _values.window_of(form(WINDOWS)) == WINDOWS
    assert purpose.normal(form(RULES)) == purpose.normal(RULES)
    assert waiver.read(form(WAIVERS)) == waiver.read(WAIVERS) and waiver.read(WAIVERS)[1] == []
    assert _values.list_of_text(form(["a_gauge", "another"])) == ["a_gauge", "another"]
    for stated in ([1, "50%", "100%"], ["canary", "100%"], [2]):
        assert waves.plan(HOSTS, form(stated), GROUPS) == waves.plan(HOSTS, stated, GROUPS)


def test_text_with_commas_stays_what_it_is():
    assert _values.list_of_text("a_gauge, another") == ["a_gauge", "another"]
    assert waves.plan(HOSTS, "1,100%", GROUPS) == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("text", ["[1, 10%]", "[", '["1"'])
def test_what_begins_like_json_and_is_none_is_told(text):
    with pytest.raises(ValueError, match="begins like JSON"):
        waves.check(text, GROUPS)
    assert window.read(text)[1] and waiver.read(text)[1]
    with pytest.raises(ValueError, match="expected a list of rules"):
        purpose.normal(text)
