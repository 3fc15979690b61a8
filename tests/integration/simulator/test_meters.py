# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meters: how long messages would have been dropped or not delivered."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, TWO, WABA, Client
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

SOME = pytest.approx  # the clock of a test runs on while it looks


def test_nothing_is_lost_while_nothing_happens(sim: Simulator) -> None:
    sim.admin("POST", "/clock", json={"advance": 1000})
    for meter in sim.meters().values():
        assert (meter["condition"], meter["dropped_seconds"], meter["undelivered_seconds"]) == ("delivered", 0, 0)


def test_subscribing_before_the_cutover_leaves_nothing_undelivered(sim: Simulator, client: Client) -> None:
    client.graph("POST", f"{WABA}/subscribed_apps")
    client.register(ONE, "100000")
    sim.admin("POST", "/clock", json={"advance": 100})
    assert sim.meters()[ONE]["undelivered_seconds"] == 0
    assert sim.meters()[ONE]["dropped_seconds"] < 1
    assert sim.meters()[ONE]["registered_at"] is not None


def test_subscribing_afterwards_costs_the_time_between(sim: Simulator, client: Client) -> None:
    client.register(ONE, "100000")
    sim.admin("POST", "/clock", json={"advance": 100})
    client.graph("POST", f"{WABA}/subscribed_apps")
    sim.admin("POST", "/clock", json={"advance": 100})
    meters = sim.meters()
    assert meters[ONE]["undelivered_seconds"] == SOME(100, abs=2)
    assert meters[TWO]["undelivered_seconds"] == 0


def test_a_wrong_pin_and_a_deregistration_drop_messages(sim: Simulator, client: Client) -> None:
    client.register(ONE, "999999")
    client.register(TWO, "100002")
    client.graph("POST", f"{TWO}/deregister")
    sim.admin("POST", "/clock", json={"advance": 50})
    for number in (ONE, TWO):
        assert sim.meters()[number]["dropped_seconds"] == SOME(50, abs=2)


def test_a_node_that_is_down_drops_messages_too(sim: Simulator) -> None:
    sim.patch(ONE, node={"connected": False})
    sim.admin("POST", "/clock", json={"advance": 20})
    sim.patch(ONE, node={"connected": True})
    sim.admin("POST", "/clock", json={"advance": 20})
    assert sim.meters()[ONE]["dropped_seconds"] == SOME(20, abs=2)


def test_the_time_of_a_registration_is_measured(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"register_seconds": 0.5})
    client.register(ONE, "100000")
    meter = sim.meters()[ONE]
    assert meter["register_seconds"] == SOME(0.5, abs=0.3)
    assert meter["dropped_seconds"] == SOME(0.5, abs=0.3)
