# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the deployment rule: gateways in both shapes, expiry, shards, and what ends with the cutover."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import deployment
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import node, times
from hypothesis import given
from hypothesis import strategies as st

NOW = 1763769600.0
DAY = 86400.0


def facts(*states, **more):
    """Return a node's facts by its gateways: one state, or several with names."""
    if len(states) == 1:
        health = {"gateway_status": states[0]}
    else:
        health = {"core-%d:x" % at: {"gateway_status": state} for at, state in enumerate(states)}
    gateway = node.gateway(health)
    return {
        "serving": gateway.serving,
        "gateway": gateway.describe(),
        "nodes_connected": gateway.connected,
        "multiconnect": gateway.multiconnect,
        "nodes": [{"name": name, "gateway_status": state, "role": role} for name, state, role in gateway.statuses],
        "expires_at": times.utc(NOW + 90 * DAY),
        "shards": 1,
        "stickerpacks": 0,
        "webhooks": {},
        "certificates": {"external_ca": True, "webhook_ca": False},
        "refused": [],
        **more,
    }


UP, DOWN = "connected", "disconnected"


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (facts(UP), []),
        (facts(DOWN), ["node_not_serving"]),
        (facts("unregistered"), ["node_not_serving"]),
        (facts("uninitialized"), ["node_not_ready"]),
        (facts("connecting"), ["node_not_ready"]),
        (facts("something else"), ["node_not_ready"]),
        (facts(DOWN, "unregistered"), ["node_not_serving"]),
        (facts(DOWN, "uninitialized"), ["node_not_ready"]),
        # high availability: one of many is connected
        (facts(UP, DOWN, DOWN), []),
        (facts(UP, DOWN, DOWN, shards=None), []),
        # two shards: two Coreapps and the primary master
        (facts(UP, UP, UP, DOWN, shards=2), ["high_throughput"]),
        (facts(UP, UP, DOWN, DOWN, shards=2), ["gateways_missing", "high_throughput"]),
        (facts(UP, expires_at=times.utc(NOW)), ["client_expired"]),
        (facts(UP, expires_at=times.utc(NOW + 7 * DAY)), ["client_expires_soon"]),
        (facts(UP, expires_at=times.utc(NOW + 7 * DAY + 1)), []),
        (facts(UP, expires_at=None), []),
        (facts(UP, stickerpacks=3), ["stickerpacks"]),
        (facts(UP, stickerpacks=None), []),
        (facts(UP, webhooks={"url": "https://h.example.com"}), ["node_webhooks"]),
        (facts(UP, webhooks={"url": None}), []),
        (facts(UP, certificates={"webhook_ca": True}), ["webhook_ca"]),
        (facts(UP, certificates=None), []),
        (facts(UP, refused=["photo: Access denied [1005]", "stats: gone"]), ["not_readable", "not_readable"]),
    ],
)
def test_failures(seen, codes):
    assert [found.code for found in deployment.failures(seen, NOW, True)] == codes


def test_gateways_count_only_where_graph_says_that_the_number_is_on_a_node():
    assert deployment.failures(facts("unregistered"), NOW, False) == []


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("unregistered", "closed since 2025-10-23"),
        ("disconnected", "no connection"),
        ("uninitialized", "database"),
        ("connecting", "is connecting"),
        ("strange", "no known status"),
    ],
)
def test_each_state_has_its_own_words(state, message):
    (found,) = deployment.failures(facts(state), NOW, True)
    assert message in found.details and state in found.details and found.next_step


ABSENT = [{"code": 1014, "title": "Internal error", "details": "Please check if wacore is running: wacore2:6252"}]


def having(health, **more):
    gateway = node.gateway(health)
    return facts(
        UP,
        serving=gateway.serving,
        gateway=gateway.describe(),
        nodes_connected=gateway.connected,
        multiconnect=gateway.multiconnect,
        nodes=[{"name": name, "gateway_status": state, "role": role} for name, state, role in gateway.statuses],
        **more,
    )


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (having({"h1:wacore1": {"gateway_status": UP}, "h2:wacore2": ABSENT}), "gateways_missing"),
        (having({"h1:wacore1": {"gateway_status": DOWN}, "h2:wacore2": ABSENT}), "node_not_ready"),
        (having({"h1:wacore1": ABSENT, "h2:wacore2": {"errors": ABSENT}}), "node_not_ready"),
        (having(ABSENT), "node_not_ready"),
        (having({"errors": ABSENT}), "node_not_ready"),
    ],
)
def test_a_coreapp_that_does_not_run_is_told_in_the_words_of_the_node(seen, code):
    (found,) = deployment.failures(seen, NOW, True)
    assert found.code == code
    assert "check if wacore is running: wacore2:6252" in found.details
    assert "start the Coreapp wacore2 on its host (docker ps -a" in found.next_step
    assert "no known status" not in found.sentence()


def test_another_error_in_place_of_a_status_leads_to_the_log():
    (found,) = deployment.failures(
        having({"h1:wacore1": {"gateway_status": "connecting"}, "h2:wacore2": "Out of memory"}), NOW, True
    )
    assert found.code == "node_not_ready" and "Out of memory" in found.details
    assert "connecting to the WhatsApp servers" in found.details
    assert found.next_step.startswith("see the log of h2:wacore2, and restart its Coreapp; ")


def test_shards_that_are_missing_because_a_coreapp_does_not_run():
    up = {"core-%d:x" % at: {"gateway_status": UP} for at in range(2)}
    found = deployment.failures(having({**up, "core-2:x": ABSENT}, shards=2), NOW, True)[0]
    assert found.details.startswith("The node has 2 connected gateways, 3 are expected")
    assert "wacore2:6252" in found.details and found.next_step.startswith("start the Coreapp wacore2")


def test_no_secret_of_a_callback_is_shown():
    url = "https://user:hidden@h.example.com/hook?auth=hidden#hidden"
    (found,) = deployment.failures(facts(UP, webhooks={"url": url}), NOW, True)
    assert "https://h.example.com/hook. " in found.details
    assert "hidden" not in found.sentence()


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.text() | st.lists(st.dictionaries(st.text(), st.text()))),
    st.none() | st.integers(0, 4),
)
def test_a_health_of_any_shape_is_judged(health, shards):
    for found in deployment.failures(having(health, shards=shards), NOW, True):
        assert found.title and found.next_step


@given(
    st.dictionaries(
        st.sampled_from(
            ["nodes", "gateway", "shards", "stickerpacks", "webhooks", "certificates", "expires_at", "nodes_connected"]
        ),
        st.none() | st.booleans() | st.integers() | st.text() | st.dictionaries(st.text(), st.integers()),
    )
)
def test_facts_of_any_shape_are_judged(changes):
    for found in deployment.failures({**facts(UP), **changes}, NOW, True):
        assert found.title and found.next_step
