# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run prints with Ansible's own display: a line for a host in each task, and little beside them."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    number_id,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.output import FIXED, OF_A_NUMBER, OF_A_WAVE, own_lines

KNOWN = {"wa_migrate_purpose": "customer_support"}


def of_hosts(run: Run, host: str) -> int:
    """Return how many tasks have a line for a host."""
    return sum(bool(re.match(rf"(ok|changed|skipping|fatal): \[{host}\]", line)) for line in run.stdout.splitlines())


@pytest.mark.parametrize(("limit", "waves"), [("h00", 1), ("all", 3)])
def test_a_fleet_that_is_well_prints_little(world: World, limit: str, waves: int) -> None:
    run = world.run(MIGRATE, "-l", limit, variables=KNOWN)
    assert run.exit_code == 0, run.transcript
    assert len(own_lines(run.stdout)) <= FIXED + OF_A_WAVE * waves, run.stdout
    assert of_hosts(run, "h09" if limit == "all" else "h00") <= 5
    assert run.stdout.count("moved)") == 1 and "Report: " in run.stdout
    again = world.run(MIGRATE, "-l", limit, variables=KNOWN)
    assert again.exit_code == 0 and "unchanged)" in again.stdout, again.transcript
    assert len(own_lines(again.stdout)) <= FIXED + OF_A_WAVE * waves, again.stdout


def test_no_task_of_a_number_that_is_well_is_skipped(world: World) -> None:
    run = world.run(MIGRATE, variables=KNOWN)
    assert run.exit_code == 0, run.transcript
    assert "skipping: [" not in run.stdout
    for at in range(1, 10):
        assert of_hosts(run, f"h{at:02d}") == 2, "one for the preflight, and one for the move"


def test_each_number_that_needs_somebody_adds_few_lines_and_its_cause_is_told_once(world: World) -> None:
    for at in (2, 5, 7):
        world.sim.patch(number_id(at), code_verification_status="EXPIRED")
    run = world.run(MIGRATE, variables={**KNOWN, "wa_migrate_on_blocker": "continue"})
    assert run.exit_code == 2, run.transcript
    tasks_of_all = [line for line in own_lines(run.stdout) if not line.startswith(("included: ", "[ERROR]"))]
    assert len(tasks_of_all) <= FIXED + OF_A_WAVE * 3 + OF_A_NUMBER * 3, run.stdout
    table = run.stdout[run.stdout.rindex("NUMBER ") :]
    assert [line.split()[2] for line in table.splitlines()[1:4]] == ["h02", "h05", "h07"]
    told = [line for line in run.stdout.splitlines() if "WM108 blocker: " in line]
    assert len(told) == 1 and told[0].count("(h0") == 3, "one cause, told once, with the numbers that have it"


def test_a_preflight_prints_little(world: World) -> None:
    run = world.run(PREFLIGHT, variables=KNOWN)
    assert run.exit_code == 0, run.transcript
    assert len(own_lines(run.stdout)) <= FIXED + OF_A_WAVE * 3, run.stdout


def test_verbose_output_has_a_row_for_every_number(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00,h01", "-v", variables=KNOWN)
    assert run.exit_code == 0, run.transcript
    shown = run.stdout.splitlines()
    at = max(at for at, line in enumerate(shown) if line.startswith("NUMBER "))
    assert [line.split()[2] for line in shown[at + 1 : at + 3]] == ["h00", "h01"] and "Registered after" in shown[
        at + 1
    ]


def test_the_display_of_this_collection_shows_the_table_itself(world: World) -> None:
    environment = {"ANSIBLE_STDOUT_CALLBACK": "wabiz.migration.progress"}
    run = world.run(MIGRATE, "-l", "h00", variables=KNOWN, environment=environment)
    assert run.exit_code == 0, run.transcript
    assert run.stdout.count("Migration: 1 number (1 moved)") == 1, run.transcript
    assert len(run.stdout.splitlines()) <= FIXED + OF_A_WAVE, run.stdout
