# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves out: tags, hosts that the inventory does not know, and plays of the own that use the role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    number_id,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run


@pytest.mark.parametrize(
    "arguments",
    [
        ("--tags", "foo"),
        ("--tags", "always"),
        ("--tags", "tagged"),
        ("--skip-tags", "untagged"),
        ("--skip-tags", "always"),
        ("--start-at-task", "Move | Move this wave"),
    ],
)
def test_tags_that_leave_out_the_move_are_not_green(world: World, arguments: tuple[str, str]) -> None:
    run = world.run(MIGRATE, *arguments)
    assert run.exit_code != 0, run.transcript
    assert world.requests == []
    assert "nothing would be moved" in run.output or "Nothing was moved" in run.output


def test_tags_of_the_environment_are_the_same(world: World) -> None:
    for name, value in {"ANSIBLE_RUN_TAGS": "foo", "ANSIBLE_SKIP_TAGS": "always"}.items():
        run = world.run(MIGRATE, environment={name: value})
        assert run.exit_code != 0, run.transcript
        assert "nothing would be moved" in run.output or "Nothing was moved" in run.output
    assert world.requests == []


@pytest.mark.parametrize("listing", ["--syntax-check", "--list-hosts", "--list-tasks", "--list-tags"])
def test_what_lists_a_playbook_is_not_refused(world: World, listing: str) -> None:
    run = world.run(MIGRATE, listing, "--skip-tags", "notest")
    assert run.exit_code == 0, run.transcript
    assert world.requests == []


@pytest.mark.parametrize("arguments", [("--tags", "all"), ("--tags", "untagged"), ("--skip-tags", "foo")])
def test_tags_that_leave_nothing_out_move(world: World, arguments: tuple[str, str]) -> None:
    run = world.run(MIGRATE, "-l", "h00", *arguments)
    assert run.exit_code == 0 and world.moved == {number_id(0)}, run.transcript


def test_a_name_that_the_inventory_does_not_know_is_not_green(world: World) -> None:
    for book in (MIGRATE, PREFLIGHT):
        run = world.run(book, "-e", "wa_migrate_hosts=wa_onprm")
        assert run.exit_code != 0 and "correct wa_migrate_hosts" in run.output, run.transcript
    assert world.requests == []


def test_hosts_may_be_a_list(world: World) -> None:
    run = world.run(MIGRATE, "-e", '{"wa_migrate_hosts": ["h00", "h01"]}')
    assert run.exit_code == 0 and world.moved == {number_id(0), number_id(1)}, run.transcript


# --- the role by itself


def _own_play(world: World, **keywords: Any) -> Path:
    tasks = [{"name": "Move", "ansible.builtin.include_role": {"name": "wabiz.migration.wa_migrate"}}]
    return ansible_run.as_yaml(
        world.where / "own.yml", [{"hosts": "wa_onprem", "gather_facts": False, "tasks": tasks, **keywords}]
    )


def test_a_play_that_uses_the_role_says_that_it_has_no_waves(world: World) -> None:
    run = world.run(_own_play(world), "-l", "h00,h01,h02,h03")
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 4
    assert "Ready to move: 4, all at once: a play that uses the role by itself has no waves" in "\n".join(
        tables(run)[0]
    )


def test_waves_that_such_a_play_would_ignore_are_refused(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=[1, "100%"])
    run = world.run(_own_play(world), "-l", "h00,h01,h02,h03", inventory=inventory)
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    assert "wa_migrate_waves: this play moves all of its hosts at once" in input_errors(run)[""][0]


def test_a_play_with_batches_of_its_own_starts_none_after_one_that_was_not_well(world: World) -> None:
    world.sim.fault("graph_error", {"path": f"/{number_id(1)}/register"}, code=100)
    run = world.run(_own_play(world, serial=1), "-l", "h00,h01,h02")
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0), number_id(1)]
