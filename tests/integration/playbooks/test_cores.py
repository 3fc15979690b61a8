# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole flow on the oldest and the newest ansible-core that is supported, where their environments are there."""

from __future__ import annotations

import subprocess

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    input_errors,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run


@pytest.mark.parametrize("core", ["2.18", "2.21"])
def test_canary_fleet_and_nothing(world: World, core: str) -> None:
    python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"ansible-core {core} was NOT tested: {python} is not there (make test makes it where it can)")
    reported = subprocess.run(
        [python, "-m", "ansible", "adhoc", "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert f"[core {core}." in reported
    inventory = world.inventory(
        h01={"ansible_connection": "elsewhere"}, h03={"wa_migrate_pin": 668, "wa_migrate_waba_id": ""}
    )
    options = {"inventory": inventory, "python": python}
    reported_run = world.run(MIGRATE, "-l", "h00,h01,h02", "--check", "--diff", **options)
    assert reported_run.exit_code == 0, reported_run.transcript
    assert world.changes == [] and not world.state.exists()
    run = world.run("wabiz.migration.migrate", "-l", "h00,h01,h02", **options)
    assert run.exit_code == 0, run.transcript
    assert world.registers == [number_id(0), number_id(1), number_id(2)]
    assert set(states(tables(run)[-1]).values()) == {"moved"}
    world.mark()
    again = world.run(MIGRATE, "-l", "h00,h01,h02,h03", **options)
    assert again.exit_code not in (0, 250), again.transcript
    assert all(recap["changed"] == 0 for recap in again.recap.values())
    reported = input_errors(again)["h03"]
    assert any("six digits" in fault for fault in reported) and any(
        "wa_migrate_waba_id: missing" in fault for fault in reported
    )
    assert world.requests == []
