# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of hundreds of numbers prints: a screen, whatever the size of the fleet."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import MIGRATE, World, fleet_of, number_id
from ansible_collections.wabiz.migration.tests.support.output import FIXED, OF_A_NUMBER, OF_A_WAVE, own_lines

ON_NODES, MOVED = 200, 1000
BLOCKED = range(0, ON_NODES, 5)
FLEET = fleet_of(ON_NODES + MOVED, 8)
for _number in FLEET["numbers"][ON_NODES:]:
    _number["location"] = "cloud"
for _waba in FLEET["wabas"]:
    _waba["subscribed_apps"] = [{"id": FLEET["app"]["id"]}]
KNOWN = {"wa_migrate_purpose": "customer_support", "wa_migrate_on_blocker": "continue"}


def part_of(world: World, begin: int, count: int) -> dict[str, Any]:
    """Return the inventory of a part of the fleet."""
    inventory = world.inventory()
    group = inventory["all"]["children"]["wa_onprem"]
    group["hosts"] = dict(list(group["hosts"].items())[begin : begin + count])
    return inventory


def test_two_hundred_numbers_of_which_forty_need_somebody_fit_a_screen(world: World) -> None:
    for at in BLOCKED:
        world.sim.patch(number_id(at), code_verification_status="EXPIRED")
    run = world.run(MIGRATE, inventory=part_of(world, 0, ON_NODES), variables=KNOWN, longest=600)
    assert run.exit_code == 2 and len(world.registers) == ON_NODES - len(BLOCKED), run.transcript
    lines = own_lines(run.stdout)
    assert len(lines) <= FIXED + OF_A_WAVE * 3 + OF_A_NUMBER * len(BLOCKED), run.stdout
    assert len([line for line in lines if "WM108 blocker: " in line]) == 1, "one cause of forty numbers, told once"
    table = lines[max(at for at, line in enumerate(lines) if line.startswith("NUMBER ")) :]
    first = [line.split()[2] for line in table[1 : 1 + len(BLOCKED)]]
    assert first == [f"h{at:02d}" for at in BLOCKED], "who needs somebody comes first"


def test_a_thousand_numbers_that_have_moved_print_no_more_than_one(world: World) -> None:
    run = world.run(MIGRATE, inventory=part_of(world, ON_NODES, MOVED), variables=KNOWN, longest=600)
    assert run.exit_code == 0 and world.registers == [], run.transcript
    assert f"Preflight: {MOVED} numbers ({MOVED} unchanged)\nNothing to move\n" in run.stdout, run.stdout
    assert len(own_lines(run.stdout)) <= FIXED + OF_A_WAVE, run.stdout
