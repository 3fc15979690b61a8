# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the place rule: every platform_type against every state of the node; nothing unclear is definite."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import location, node
from hypothesis import given
from hypothesis import strategies as st

WORDING = (node.SERVING, node.NOT_SERVING, node.UNCLEAR, node.UNREACHABLE, node.NOT_ASKED)

TABLE = {
    "ON_PREMISE": {node.SERVING: location.ON_PREMISES, node.NOT_ASKED: location.ON_PREMISES},
    "NOT_APPLICABLE": {node.NOT_SERVING: location.NEITHER, node.NOT_ASKED: location.NEITHER},
    "CLOUD_API": dict.fromkeys(WORDING, location.CLOUD),
    "": {},
    None: {},
    "SOMETHING_NEW": {},
    "cloud_api": {},
}
CASES = [(platform, word, row.get(word, location.UNKNOWN)) for platform, row in TABLE.items() for word in WORDING]


@pytest.mark.parametrize(("platform", "word", "expected"), CASES)
def test_place(platform, word, expected):
    seen = location.location({"platform_type": platform}, word)
    assert seen.name == expected
    assert seen.definite == (expected != location.UNKNOWN)
    assert word in seen.why


@pytest.mark.parametrize("word", WORDING)
@pytest.mark.parametrize("graph", [None, {}, {"status": "CONNECTED"}, {"platform_type": None}, {"platform_type": True}])
def test_a_failed_or_empty_read_is_unknown(graph, word):
    assert location.location(graph, word).name == location.UNKNOWN


@given(st.text(max_size=20), st.sampled_from(WORDING) | st.text(max_size=12))
def test_on_premises_needs_both_sides(platform, word):
    seen = location.location({"platform_type": platform}, word)
    if seen.name == location.ON_PREMISES:
        assert platform == "ON_PREMISE"
        assert word in (node.SERVING, node.NOT_ASKED)
    assert seen.name == location.UNKNOWN or platform in ("ON_PREMISE", "NOT_APPLICABLE", "CLOUD_API")


@given(st.text(max_size=12).filter(lambda word: word not in WORDING), st.sampled_from(["ON_PREMISE", "NOT_APPLICABLE"]))
def test_a_state_of_the_node_that_nobody_knows_is_unknown(word, platform):
    assert location.location({"platform_type": platform}, word).name == location.UNKNOWN


@pytest.mark.parametrize(
    ("number", "registered", "pending"),
    [
        ({"platform_type": "CLOUD_API", "status": "CONNECTED"}, True, False),
        ({"platform_type": "CLOUD_API", "status": "FLAGGED"}, True, False),
        ({"platform_type": "CLOUD_API", "status": "RESTRICTED"}, True, False),
        ({"platform_type": "CLOUD_API", "status": "RATE_LIMITED"}, True, False),
        ({"platform_type": "CLOUD_API", "status": "PENDING"}, False, True),
        ({"platform_type": "CLOUD_API", "status": "DISCONNECTED"}, False, False),
        ({"platform_type": "CLOUD_API", "status": "BANNED"}, False, False),
        ({"platform_type": "CLOUD_API", "status": "SOMETHING_NEW"}, False, False),
        ({"platform_type": "CLOUD_API"}, False, False),
        ({"platform_type": "ON_PREMISE", "status": "CONNECTED"}, False, False),
        ({"platform_type": "ON_PREMISE", "status": "PENDING"}, False, False),
        ({"platform_type": "NOT_APPLICABLE", "status": "PENDING"}, False, False),
        ({"status": "CONNECTED"}, False, False),
        ({}, False, False),
    ],
)
def test_registered_and_pending(number, registered, pending):
    assert location.registered(number) is registered
    assert location.pending(number) is pending
    # such a number of the phone app is coexistence where it is registered, or on its way there
    assert location.coexists({**number, "is_on_biz_app": True}) is (registered or pending)
    assert not location.coexists(number)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), (None, False), ("", False)],
)
def test_a_number_of_the_phone_app(reported, expected):
    assert location.on_biz_app({"is_on_biz_app": reported}) is expected
    assert not location.on_biz_app({})
