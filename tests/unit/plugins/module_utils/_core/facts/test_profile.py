# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the profile rule: both APIs' ways of writing it, and what an update takes."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import profile
from hypothesis import given
from hypothesis import strategies as st

NODE = {
    "address": "1 High St",
    "description": "We sell.",
    "email": "a@example.com",
    "vertical": "Professional Services",
    "websites": ["https://example.com/"],
}


def test_a_node_tells_both_parts():
    assert profile.of_node(NODE, {"text": "Open"}) == {**NODE, "about": "Open"}


@pytest.mark.parametrize("business", [None, {}, [], "x", {"address": None, "websites": "https://x", "email": 5}])
def test_what_a_node_does_not_tell_is_not_known(business):
    assert profile.of_node(business, None) == {}
    assert profile.of_node(business, {"text": 7}) == {}


def test_what_graph_leaves_out_is_empty_and_what_it_was_not_asked_for_is_not_known():
    assert profile.of_cloud({"about": "Open"}, ("about", "email")) == {"about": "Open", "email": ""}
    assert profile.of_cloud({})["websites"] == []
    assert profile.of_cloud(None) == {}


def test_a_field_of_another_type_is_not_known_rather_than_empty():
    found = profile.of_cloud({"websites": "https://x", "email": ["a"], "about": None})
    assert "websites" not in found and "email" not in found
    assert found["about"] == ""


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("about", "Open all day ", "Open all day"),
        ("about", "Hey there! I am using WhatsApp.", ""),
        ("description", "a  \nb\n", "a\r\nb"),
        ("email", "A@Example.com", "a@example.com"),
        ("websites", ["https://Example.com/"], ["https://example.com"]),
        ("websites", ["https://a.com", "https://b.com"], ["https://b.com/", "https://a.com"]),
        ("websites", ["", " "], []),
        ("vertical", "Professional Services", "PROF_SERVICES"),
        ("vertical", "non-profit", "NONPROFIT"),
        ("vertical", "", "UNDEFINED"),
        ("vertical", "", "NOT_A_BIZ"),
        ("vertical", "restaurant", "RESTAURANT"),
    ],
)
def test_two_ways_to_write_the_same(name, one, other):
    assert profile.plain(name, one) == profile.plain(name, other)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("about", "Open", "open"),
        ("description", "a b", "a  b"),
        ("websites", ["https://a.com/x"], ["https://a.com/X"]),
        ("websites", ["https://a.com"], ["http://a.com"]),
        ("vertical", "Other", ""),
        ("vertical", "Education", "Entertainment"),
    ],
)
def test_two_that_are_not_the_same(name, one, other):
    assert profile.plain(name, one) != profile.plain(name, other)


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("about", " Open ", "Open"),
        ("vertical", "Food and Grocery", "GROCERY"),
        ("websites", ["https://a.com/ ", ""], ["https://a.com/"]),
        ("description", "x" * 512, "x" * 512),
    ],
)
def test_what_an_update_takes(name, value, sent):
    assert profile.to_send(name, value) == (sent, "")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("about", "x" * 140, "139"),
        ("address", "x" * 257, "256"),
        ("description", "x" * 513, "512"),
        ("email", "x" * 129, "128"),
        ("vertical", "Space Travel", "industry"),
        ("websites", ["https://a"] * 3, "2 websites"),
        ("websites", ["www.example.com"], "http"),
        ("websites", ["https://" + "a" * 250], "256"),
    ],
)
def test_what_an_update_would_refuse(name, value, why):
    assert why in profile.to_send(name, value)[1]


fields = st.one_of(
    st.tuples(st.sampled_from([name for name in profile.FIELDS if name != "websites"]), st.text(max_size=40)),
    st.tuples(st.just("websites"), st.lists(st.text(max_size=20), max_size=3)),
)


@given(fields)
def test_what_is_sent_reads_back_as_what_it_was(field):
    name, value = field
    sent, why = profile.to_send(name, value)
    assert why or profile.plain(name, sent) == profile.plain(name, value)
