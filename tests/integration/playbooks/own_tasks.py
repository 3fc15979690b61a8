# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of one's own with the collection's modules, as an operator writes them without the role."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    World,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

CONNECTIONS = {
    name: "{{ wa_migrate_%s }}" % name
    for name in ("onprem_url", "onprem_password", "onprem_ca_path", "access_token", "graph_url", "graph_ca_path")
}


def by_hand(world: World, tasks: list[dict[str, Any]], hosts: str = "h00", **more: Any) -> Run:
    """Run tasks of one's own, with both connections for all of them."""
    play = {
        "hosts": hosts,
        "gather_facts": False,
        "module_defaults": {"group/wabiz.migration.wabiz": CONNECTIONS},
        "tasks": tasks,
    }
    return world.run(ansible_run.as_yaml(world.where / "own.yml", [play]), **more)


def registering(world: World, **options: Any) -> dict[str, Any]:
    number = "{{ wa_migrate_phone_number_id }}"
    return {
        "wabiz.migration.wa_register": {
            "phone_number_id": number,
            "pin": "{{ wa_migrate_pin }}",
            "backup_file": f"{world.state}/{number}/backup.json",
            "backup_password": BACKUP_PASSWORD,
            "state_dir": str(world.state),
            "state_durable": True,
            "confirm_timeout": 3,
            **options,
        }
    }


def preparing(world: World) -> list[dict[str, Any]]:
    dest = f"{world.state}/{{{{ wa_migrate_phone_number_id }}}}/backup.json"
    return [
        {"wabiz.migration.wa_two_step": {"state": "absent"}},
        {"wabiz.migration.wa_subscribe": {"waba_id": "{{ wa_migrate_waba_id }}"}},
        {"wabiz.migration.wa_backup": {"dest": dest, "backup_password": BACKUP_PASSWORD}},
    ]


def steps(world: World, name: str = "Steps", **options: Any) -> dict[str, Any]:
    return {"name": name, "wabiz.migration.wa_steps": {"steps": [*preparing(world), registering(world, **options)]}}
