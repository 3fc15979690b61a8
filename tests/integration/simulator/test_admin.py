# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin endpoint: its token, patches, clock, reset."""

from __future__ import annotations

import pytest
import requests
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, WABA, Client
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet


def test_it_needs_its_token(sim: Simulator) -> None:
    for headers in ({}, {"X-Admin-Token": "wrong"}):
        assert requests.get(sim.admin_url + "/state", headers=headers, timeout=10).status_code == 401


def test_the_state_holds_everything_but_secrets(sim: Simulator) -> None:
    state = sim.admin("GET", "/state")
    assert len(state["numbers"]) == 8
    assert state["wabas"][WABA]["subscribed_apps"] == []
    assert state["numbers"][ONE]["has_pin"] is True
    for secret in (fleet.TOKEN, fleet.PASSWORD, '100000"'):
        assert f'"{secret}"' not in str(state)


@pytest.mark.parametrize(
    "patch",
    [
        {"nothing": 1},
        {"oba": "yes"},
        {"location": "moon"},
        {"pin": "12"},
        {"node": {"nothing": 1}},
        {"switches": {"old_node": "gone"}},
        {"switches": {"nothing": 1}},
    ],
)
def test_bad_patches_are_refused_and_change_nothing(sim: Simulator, patch: dict[str, object]) -> None:
    before = sim.number(ONE)
    with pytest.raises(AssertionError, match="400"):
        sim.patch(ONE, **patch)
    assert sim.number(ONE) == before


def test_a_bad_part_spoils_the_whole_patch(sim: Simulator) -> None:
    before = sim.number(ONE)
    for patch in ({"node": {"connected": False}, "location": "moon"}, {"location": "cloud", "switches": {"x": 1}}):
        with pytest.raises(AssertionError, match="400"):
            sim.patch(ONE, **patch)
    assert sim.number(ONE) == before


def test_reset_brings_the_fleet_file_back_and_keeps_the_ledger(sim: Simulator, client: Client) -> None:
    client.register(ONE, "100000")
    sim.fault("hang", {"path": "x"})
    lines = len(sim.ledger())
    sim.admin("POST", "/reset")
    assert sim.number(ONE)["location"] == "on_premise"
    assert sim.admin("GET", "/faults") == []
    assert len(sim.ledger()) == lines
    assert sim.admin("GET", "/ledger")["lines"] == sim.ledger()


def test_the_clock_only_goes_forward(sim: Simulator) -> None:
    before = sim.admin("GET", "/state")["now"]
    assert sim.admin("POST", "/clock", json={"advance": 3600})["now"] >= before + 3600
    with pytest.raises(AssertionError, match="400"):
        sim.admin("POST", "/clock", json={"advance": -1})


def test_a_token_of_a_node_can_be_made_invalid(sim: Simulator, client: Client) -> None:
    token = client.login(ONE)
    sim.patch(ONE, forget_logins=True)
    assert client.node(ONE, "GET", "/v1/health", token=token).status_code == 401


def test_unknown_numbers_are_404(sim: Simulator) -> None:
    with pytest.raises(AssertionError, match="404"):
        sim.number("999")
