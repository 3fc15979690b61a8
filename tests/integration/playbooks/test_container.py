# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in a container, as AWX starts one: its mount table is played, everything else is real."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)

JOB = {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/7", "JOB_ID": "7", "AWX_HOST": "https://awx.example.com"}
# Loaded by Python itself: the table of mounts is another one.
PLAYED = """
import builtins
real = builtins.open
def played(path, *args, **kwargs):
    return real({table!r} if path == "/proc/self/mountinfo" else path, *args, **kwargs)
builtins.open = played
"""


def inside(world: World, environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a run in a container that has one lasting mount."""
    folder = world.where / "container"
    folder.mkdir()
    (world.where / "lasting").mkdir(mode=0o700)
    table = folder / "mountinfo"
    table.write_text(
        "700 600 0:120 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"
        f"710 700 253:0 /srv/wabiz {world.where / 'lasting'} rw,relatime - xfs /dev/vda4 rw\n"
    )
    (folder / "sitecustomize.py").write_text(PLAYED.format(table=str(table)))
    return {**environ, "PYTHONPATH": str(folder)}


def hosts(world: World) -> dict[str, Any]:
    """Return numbers whose attempt logs lie in the container or on the mount, with and without a word of the user."""
    kept = str(world.where / "lasting" / "state")
    return world.inventory(
        h00={"wa_migrate_state_durable": True},
        h01={"wa_migrate_state_durable": "-"},
        h02={"wa_migrate_state_durable": "-", "wa_migrate_state_dir": kept},
        h03={"wa_migrate_state_durable": False, "wa_migrate_state_dir": kept},
    )


@pytest.mark.parametrize("environ", [JOB, {}], ids=["job", "container"])
def test_what_is_stated_of_the_state_directory_is_compared_with_what_is_seen(
    world: World, environ: dict[str, str]
) -> None:
    inventory = world.group_vars(hosts(world), waves=["100%"], on_blocker="continue")
    del inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_state_durable"]
    run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory, environment=inside(world, environ))
    assert run.exit_code not in (0, 250), run.transcript
    stated = "moved" if not environ else "blocked"
    assert states(tables(run)[-1]) == {"h00": stated, "h01": "blocked", "h02": "moved", "h03": "moved"}
    assert "WM113" in lines(run)["h01"] and str(world.state) in lines(run)["h01"]
    if environ:
        assert "wa_migrate_state_durable: true does not count here" in lines(run)["h00"]
        assert "Paths to expose to isolated jobs" in lines(run)["h00"]
    lost = [number_id(1)] + ([number_id(0)] if environ else [])
    assert [line for line in world.changes if line["phone_number_id"] in lost] == []
    assert (world.where / "lasting" / "state" / number_id(2) / "attempt_log.json").exists()
