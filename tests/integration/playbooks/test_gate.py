# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate is part of wa_register: no tag, first task, strategy or play of one's own leads around it."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run

REGISTER = "Move | Prepare, register and verify the number"
WAYS = {
    "tags": ("--tags", "cutover"),
    "tags always": ("--tags", "always"),
    "skip-tags": ("--skip-tags", "always"),
    "start-at-task": ("--start-at-task", REGISTER),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_number_that_must_not_move_does_not(world: World, way: str) -> None:
    """The nodes serve other numbers than the inventory says."""
    for at in range(10):
        world.sim.patch(number_id(at), node={"wa_id": f"4917000000{at:02d}"})
    run = world.run(MIGRATE, *WAYS[way], "-l", "h00,h01", environment={"ANSIBLE_STRATEGY": "free"})
    assert world.changes == [], run.transcript
    if way == "tags always":
        assert run.exit_code not in (0, 250), run.transcript


@pytest.mark.parametrize("way", [way for way in WAYS if way != "tags"])
def test_a_number_that_may_move_is_not_moved_half(world: World, way: str) -> None:
    """Either nothing has changed, or the subscription and a backup were there before."""
    run = world.run(MIGRATE, *WAYS[way], "-l", "h00", environment={"ANSIBLE_STRATEGY": "free"})
    effects = [line["effect"] for line in world.changes]
    assert effects in ([], ["subscribed", "backup", "registered"]), (effects, run.transcript)
    assert world.sim.meters()[number_id(0)]["undelivered_seconds"] == 0


def test_a_foreign_strategy_changes_nothing(world: World) -> None:
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=1", "-l", "h00,h01,h02", environment={"ANSIBLE_STRATEGY": "free"})
    assert run.exit_code == 0, run.transcript
    assert world.registers == [number_id(0), number_id(1), number_id(2)]


def test_the_role_in_a_play_of_the_users_own(world: World) -> None:
    book = ansible_run.as_yaml(
        world.where / "own.yml",
        [{"name": "My own", "hosts": "h00,h04,h06", "gather_facts": False, "roles": ["wabiz.migration.wa_migrate"]}],
    )
    run = world.run(book)
    assert run.exit_code == 0, run.transcript
    assert sorted(world.registers) == [number_id(0), number_id(4), number_id(6)]
    assert set(states(tables(run)[-1]).values()) == {"moved"}
    world.mark()
    again = world.run(book)
    assert again.exit_code == 0, again.transcript
    assert world.changes == [] and all(recap["changed"] == 0 for recap in again.recap.values())
    world.sim.admin("POST", "/reset")
    world.mark()
    free = world.run(book, environment={"ANSIBLE_STRATEGY": "free"})
    assert free.exit_code not in (0, 250), "the role judges a fleet, which only the linear strategy lets it see"
    assert world.changes == []


def test_the_role_checks_its_contract_too(world: World) -> None:
    book = ansible_run.as_yaml(
        world.where / "own.yml",
        [{"name": "My own", "hosts": "h00,h01", "gather_facts": False, "roles": ["wabiz.migration.wa_migrate"]}],
    )
    run = world.run(
        book, inventory=world.inventory(h00={"wa_migrate_phone_number_id": "-"}, h01={"wa_migrate_pin": 668})
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []


def test_the_role_alone_is_stopped_by_a_blocker(world: World) -> None:
    """Where the role is used without the playbooks, a blocked number does not move, and on_blocker holds as well."""
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    book = ansible_run.as_yaml(
        world.where / "own.yml",
        [{"name": "My own", "hosts": "h00,h01", "gather_facts": False, "roles": ["wabiz.migration.wa_migrate"]}],
    )
    run = world.run(book)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == []
