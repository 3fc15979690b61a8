# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the node rule: health and support in both shapes, times as a node writes them, gauges at any depth."""

from __future__ import annotations

import math

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import node, times
from hypothesis import given
from hypothesis import strategies as st

STATUSES = ("connected", "connecting", "disconnected", "uninitialized", "unregistered", "something new")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def multi(*statuses):
    return {"wa%d:core" % index: {"gateway_status": status, "role": "coreapp"} for index, status in enumerate(statuses)}


@pytest.mark.parametrize(
    ("health", "serving", "connected", "multiconnect"),
    [
        ({"gateway_status": "connected"}, node.SERVING, 1, False),
        ({"gateway_status": "connecting"}, node.UNCLEAR, 0, False),
        ({"gateway_status": "uninitialized"}, node.UNCLEAR, 0, False),
        ({"gateway_status": "disconnected"}, node.NOT_SERVING, 0, False),
        ({"gateway_status": "unregistered"}, node.NOT_SERVING, 0, False),
        ({"gateway_status": None}, node.UNCLEAR, 0, False),
        ({"gateway_status": "Connected"}, node.UNCLEAR, 0, False),
        # in high availability one is connected and all others stand by
        (multi("disconnected", "connected", "disconnected"), node.SERVING, 1, True),
        (multi("connected", "connected", "connected"), node.SERVING, 3, True),
        (multi("disconnected", "disconnected"), node.NOT_SERVING, 0, True),
        (multi("unregistered", "disconnected"), node.NOT_SERVING, 0, True),
        (multi("connecting", "disconnected"), node.UNCLEAR, 0, True),
        # a node that was not reached by the others says nothing, so the whole is not definite
        ({"a:1": {"errors": [{"code": 1011}]}, "b:2": {"gateway_status": "disconnected"}}, node.UNCLEAR, 0, True),
        ({"a:1": {"errors": [{"code": 1011}]}, "b:2": {"gateway_status": "connected"}}, node.SERVING, 1, True),
        ({"a:1": "disconnected"}, node.UNCLEAR, 0, True),
        # the same of a single instance
        ({"errors": [{"code": 1011}]}, node.UNCLEAR, 0, False),
        ({"code": 1014, "title": "Internal error"}, node.UNCLEAR, 0, False),
        ([{"code": 1014, "title": "Internal error"}], node.UNCLEAR, 0, False),
        # in place of an entry, a list, words or nothing
        ({"a:1": [{"code": 1014}], "b:2": {"gateway_status": "connected"}}, node.SERVING, 1, True),
        ({"a:1": [{"code": 1014}], "b:2": {"gateway_status": "disconnected"}}, node.UNCLEAR, 0, True),
        ({"a:1": None, "b:2": {"gateway_status": "disconnected"}}, node.UNCLEAR, 0, True),
        ({"a:1": {"gateway_status": None}, "b:2": {"gateway_status": "connected"}}, node.SERVING, 1, True),
        ({}, node.UNCLEAR, 0, False),
        (None, node.UNCLEAR, 0, False),
        ("connected", node.UNCLEAR, 0, False),
        ([], node.UNCLEAR, 0, False),
    ],
)
def test_gateway(health, serving, connected, multiconnect):
    seen = node.gateway(health)
    assert (seen.serving, seen.connected, seen.multiconnect) == (serving, connected, multiconnect)


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6))
def test_serving_means_a_connected_gateway_and_not_serving_means_none_that_might_be(statuses):
    seen = node.gateway(multi(*statuses))
    assert (seen.serving == node.SERVING) == ("connected" in statuses)
    assert (seen.serving == node.NOT_SERVING) == (set(statuses) <= {"disconnected", "unregistered"})
    assert seen.connected == statuses.count("connected")
    assert len(seen.statuses) == len(statuses)


@given(json_values)
def test_serving_needs_the_word_connected_in_the_answer(health):
    seen = node.gateway(health)
    assert seen.serving in (node.SERVING, node.NOT_SERVING, node.UNCLEAR)
    assert seen.serving != node.SERVING or "connected" in repr(health)
    assert seen.describe()


DOWN = [
    {"code": 1014, "title": "Internal error", "details": "No answer. Please check if wacore is running: wacore2:6252"}
]
DOWN_WORDS = "error: Internal error [1014]: No answer. Please check if wacore is running: wacore2:6252"


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"gateway_status": "connected"}, "connected"),
        ({"gateway_status": "disconnected", "errors": DOWN}, "disconnected"),
        (DOWN, DOWN_WORDS),
        ({"errors": DOWN}, DOWN_WORDS),
        ({"error": DOWN[0]}, DOWN_WORDS),
        (DOWN[0], DOWN_WORDS),
        ({"gateway_status": DOWN}, DOWN_WORDS),
        ([DOWN], DOWN_WORDS),
        ([*DOWN, {"title": "Again"}], DOWN_WORDS + "; Again"),
        ("gone\x1b[2J\nfor ever", "error: gone [2J for ever"),
        ({"code": "1011", "message": "not ready"}, "error: [1011]: not ready"),
        ({"code": [1], "title": 4}, "error: [[1]]"),
        (["x" * 900], "error: " + "x" * 300 + " ..."),
        *(
            (nothing, "error: it reports no gateway status")
            for nothing in (None, [], {}, 0, 7, True, "", " ", [[]], {"role": "coreapp"})
        ),
    ],
)
def test_an_entry_tells_its_status_or_its_words(entry, status):
    seen = node.gateway({"h1:wacore1": {"gateway_status": "connected", "role": "primary_master"}, "h2:wacore2": entry})
    assert seen.statuses[0] == ("h1:wacore1", "connected", "primary_master")
    assert seen.statuses[1][:2] == ("h2:wacore2", status)
    assert (seen.serving, seen.multiconnect) == (node.SERVING, True)
    assert node.failed(status) == (status[7:] if status.startswith("error: ") else "")


@given(st.dictionaries(st.text(min_size=1, max_size=8), json_values, max_size=4) | json_values)
def test_no_shape_of_an_entry_hides_the_others(entries):
    health = {"h1:wacore1": {"gateway_status": "connected"}, "h2:wacore2": entries}
    assert node.gateway(health).serving == node.SERVING
    if isinstance(entries, dict):
        seen = node.gateway({**entries, "h1:wacore1": {"gateway_status": "connected"}})
        assert seen.serving == node.SERVING or "gateway_status" in entries
        assert all(isinstance(part, str) for status in seen.statuses for part in status)


def test_a_health_of_any_depth_is_read():
    deep = "x"
    for _level in range(5000):
        deep = [deep]
    assert node.gateway({"a:1": deep, "b:2": {"gateway_status": "connected"}}).serving == node.SERVING


def test_how_to_start_a_coreapp():
    assert "start the Coreapp wacore2 on its host (docker" in node.start_of(node.failed(DOWN_WORDS))
    assert "start the Coreapp on its host" in node.start_of("check if wacore is running")
    assert node.start_of("Service not ready") == node.start_of("") == ""


def test_gateway_in_words():
    assert node.gateway({"gateway_status": "connected"}).describe() == "connected"
    assert node.gateway(multi("connected", "disconnected")).describe() == "wa0:core connected, wa1:core disconnected"
    assert node.gateway(None).describe() == "no gateway status"


SINGLE = {
    "debug_info": "16315551019",
    "expire_timestamp": "2025-10-23 00:00:00+00:00",
    "multi_connect": False,
    "version": "v2.61.1",
}


@pytest.mark.parametrize(
    ("support", "facts"),
    [
        (SINGLE, (True, "v2.61.1", 1761177600.0)),
        ({**SINGLE, "debug_info": "unregistered"}, (False, "v2.61.1", 1761177600.0)),
        ({**SINGLE, "expire_timestamp": None}, (True, "v2.61.1", None)),
        ({"version": "2.49.3"}, (None, "2.49.3", None)),
        # the earliest expiry counts, one registered node is enough
        (
            {
                "a:1": {**SINGLE, "debug_info": "unregistered"},
                "b:2": {**SINGLE, "expire_timestamp": 1761000000, "version": "v2.59.2"},
            },
            (True, "v2.59.2, v2.61.1", 1761000000.0),
        ),
        ({"a:1": {**SINGLE, "debug_info": "unregistered"}, "b:2": {}}, (False, "v2.61.1", 1761177600.0)),
        ({"a:1": "no object"}, (None, "", None)),
        ({}, (None, "", None)),
        (None, (None, "", None)),
    ],
)
def test_support(support, facts):
    seen = node.support_facts(support)
    assert (seen["registered"], seen["client_version"], seen["expires_at"]) == facts


@given(json_values)
def test_any_support_is_judged(support):
    assert set(node.support_facts(support)) == {"registered", "client_version", "expires_at"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2021-09-14 15:29:26+00:00", 1631633366.0),
        ("2021-09-14T15:29:26Z", 1631633366.0),
        ("2021-09-14 15:29:26", 1631633366.0),
        ("2021-09-14T17:29:26+02:00", 1631633366.0),
        (" 2021-09-14T15:29:26Z ", 1631633366.0),
        ("2021-09-14", 1631577600.0),
        (1631633366, 1631633366.0),
        ("1631633366", 1631633366.0),
        (1631633366.5, 1631633366.5),
        # milliseconds
        (1631633366000, 1631633366.0),
        ("1631633366000", 1631633366.0),
        (0, 0.0),
        (None, None),
        (True, None),
        ("", None),
        ("never", None),
        ("2021-13-14", None),
        (-1, None),
        ("1969-12-31T23:59:59Z", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("9" * 400, None),
        # digits of other scripts, which str.isdigit takes and int does not
        ("²", None),
        ("١٢", None),
        ({"seconds": 1}, None),
    ],
)
def test_instant(value, seconds):
    assert times.instant(value) == seconds


@given(json_values | st.text(st.characters(whitelist_categories=("Nd", "No", "Zs")), max_size=30))
def test_an_instant_can_be_written_as_a_date(value):
    seconds = times.instant(value)
    if seconds is not None:
        assert not math.isnan(seconds)
        assert times.instant(times.utc(seconds)) == math.floor(seconds)


@given(st.integers(0, 253402300799))
def test_utc_reads_back(seconds):
    assert times.instant(times.utc(seconds)) == seconds


def gauge_of(*values):
    return {"data": [{"value": value} for value in values], "help": "Number of callbacks", "type": "gauge"}


@pytest.mark.parametrize(
    ("stats", "value"),
    [
        ({"callback_queue_size": gauge_of(450)}, 450.0),
        ({"app": {"callback_queue_size": gauge_of(450)}}, 450.0),
        ({"app": {"callback_queue_size": gauge_of(0)}}, 0.0),
        # multiconnect: a secondary node tells nothing of the database
        ({"a:1": {"callback_queue_size": gauge_of(4)}, "b:2": {"callback_queue_size": gauge_of(5)}, "c:3": {}}, 9.0),
        ({"a:1": {"app": {"callback_queue_size": gauge_of(4)}}, "b:2": {"app": {}}}, 4.0),
        ({"app": {"callback_queue_size": gauge_of(4, 5)}}, 9.0),
        ({"app": {"callback_queue_size": gauge_of("4", None, True)}}, None),
        ({"app": {"callback_queue_size": {"data": 4}}}, None),
        ({"app": {"callback_queue_size": 4}}, None),
        ({"app": {"other": gauge_of(4)}}, None),
        ({}, None),
        (None, None),
        ([], None),
    ],
)
def test_gauge(stats, value):
    assert node.gauge(stats, "callback_queue_size") == value


@given(json_values)
def test_any_stats_are_judged(stats):
    found = node.gauge(stats, "callback_queue_size")
    assert found is None or "callback_queue_size" in stats
