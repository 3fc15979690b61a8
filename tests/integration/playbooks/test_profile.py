# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_profile in a run that is killed at any of its requests: the next run makes the profile what is stated."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import World, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from wabiz_simulator import photo

ONE = number_id(0)
IMAGE = photo.image("of the test")


def book(world: World) -> Path:
    path = world.where / "photo.png"
    path.write_bytes(IMAGE)
    task = {
        "name": "profile",
        "wabiz.migration.wa_profile": {
            "vars_prefix": "wa_migrate_",
            "about": "Open all day",
            "photo": str(path),
            "wait_interval": 0.1,
        },
    }
    return ansible_run.as_yaml(world.where / "p.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("path", ["/uploads$", "/upload:", "/whatsapp_business_profile$"])
def test_a_killed_run_is_continued(world: World, path: str, acted: bool) -> None:
    world.sim.patch(ONE, location="cloud")
    playbook = book(world)
    kills.killed_at(world, "POST", path, acted, playbook)
    run = world.run(playbook)
    assert run.exit_code == 0, run.transcript
    shown = world.sim.number(ONE)["cloud_profile"]
    assert shown["about"] == "Open all day"
    assert shown["photo_sha256"] == hashlib.sha256(IMAGE).hexdigest()
    again = world.run(playbook)
    assert again.recap["h00"]["changed"] == 0, again.transcript
    sets = [line["effect"] for line in world.changes if line["effect"] == "profile_set"]
    # The digest of a photo is kept after it was seen: a run that was killed before may put the same photo again.
    assert len(sets) <= 2


def test_a_run_with_restore_puts_the_photo_back_from_the_snapshot(world: World) -> None:
    link = "https://node.example.com/photo.jpg"
    world.sim.patch(ONE, node={"profile": {"photo": link, "about": "Open"}})
    steps = [
        {"wabiz.migration.wa_snapshot": {}},
        {"wabiz.migration.wa_register": {"without_backup": True, "backup_password": ""}},
        {"wabiz.migration.wa_compare": {"restore_profile": True, "without_backup": True, "wait": 3}},
    ]
    play = {"hosts": "h00", "gather_facts": False, "tasks": steps}
    play["module_defaults"] = {"group/wabiz.migration.wabiz": {"vars_prefix": "wa_migrate_"}}
    run = world.run(ansible_run.as_yaml(world.where / "m.yml", [play]))
    shown = world.sim.number(ONE)["cloud_profile"]
    assert shown["photo_sha256"] == hashlib.sha256(photo.image(link)).hexdigest(), run.transcript
    assert shown["about"] == "Open" and "WM188" not in run.stdout
