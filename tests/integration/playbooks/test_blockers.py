# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the way: reported with its cause and its fix, and nothing of it has changed anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import trustme
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    impatient,
    lines,
    number_id,
    states,
    tables,
)


def blocked(world: World) -> tuple[dict[str, Mapping[str, Any]], dict[str, tuple[str, ...]]]:
    """Return the hosts that have something in their way, and what has to be reported of each."""
    stranger = world.where / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    world.sim.patch(number_id(8), code_verification_status="EXPIRED")
    world.sim.patch(number_id(9), node={"first_login": True})
    hosts = {
        "h01": {"wa_migrate_onprem_url": "https://127.0.0.1:1"},
        "h02": {"wa_migrate_onprem_password": "Wrong-Passw0rd"},
        "h03": {"wa_migrate_onprem_ca_path": str(stranger)},
        "h04": {"wa_migrate_phone_number_id": number_id(1), "wa_migrate_waba_id": "200000000000001"},
        "h05": {"wa_migrate_waba_id": "200000000000000"},
        "h06": {"ansible_connection": "elsewhere", "ansible_elsewhere_reachable": False},
        "h07": {"wa_migrate_access_token": "not-the-token"},
    }
    hosts["h01"]["wa_migrate_phone_number_id"] = number_id(4)
    hosts["h01"]["wa_migrate_waba_id"] = "200000000000000"
    message = {
        "h01": ("WM102", "connect_failed", "No connection to"),
        "h02": ("WM126", "refuses the login", "onprem_password"),
        "h03": ("WM102", "tls_failed", "onprem_ca_path"),
        "h04": ("WM106", "The node serves another number", "wa_migrate_onprem_url"),
        "h05": ("WM107", "does not belong to the stated WABA", "wa_migrate_waba_id"),
        "h06": ("No route to host",),
        "h07": ("WM101", "WM119", "190", "WABIZ_ACCESS_TOKEN"),
        "h08": ("WM108", "EXPIRED", "request_code"),
        "h09": ("WM125", "first login", "new_password"),
    }
    return hosts, message


def test_one_blocker_stops_all(world: World, tmp_path: Path) -> None:
    hosts, message = blocked(world)
    run = world.run(MIGRATE, inventory=world.inventory(**hosts), variables=impatient())
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == [] and not world.state.exists()
    judged = states(tables(run)[-1])
    assert judged.pop("h00") == "not started"
    assert set(judged.values()) == {"blocked"} and len(judged) == 9
    for host, pieces in message.items():
        for piece in pieces:
            assert piece in lines(run)[host], (host, piece, lines(run)[host])
    assert len(lines(run)) == 10


def test_a_blocker_keeps_its_own_number_out(world: World, tmp_path: Path) -> None:
    hosts, _said = blocked(world)
    inventory = world.group_vars(world.inventory(**hosts), on_blocker="continue")
    run = world.run(MIGRATE, inventory=inventory, variables=impatient())
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0)]
    judged = states(tables(run)[-1])
    assert judged["h00"] == "moved" and judged["h08"] == "blocked", "the last table lists all hosts"
    assert {host for host, state in judged.items() if state != "moved"} == {f"h{at:02d}" for at in range(1, 10)}


def test_every_host_is_unreachable(world: World) -> None:
    inventory = world.inventory()
    inventory["all"]["children"]["wa_onprem"]["vars"].update(
        ansible_connection="elsewhere", ansible_elsewhere_reachable=False
    )
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == []
    assert set(states(tables(run)[-1]).values()) == {"blocked"}
    assert len(lines(run)) == 10 and all("No route to host" in line for line in lines(run).values())
