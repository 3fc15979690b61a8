# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: all faults of a host in one message, before any request; and the inputs that only look odd."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)
from wabiz_simulator import fleet


def test_all_faults_of_a_host_at_once_and_no_request(world: World) -> None:
    hosts: dict[str, dict[str, Any]] = {
        "h00": {"wa_migrate_phone_number_id": "-", "wa_migrate_pin": "", "wa_migrate_access_token": None},
        "h01": {"wa_migrate_pin": 0o1234, "wa_migrate_waba_id": 2.5, "wa_migrate_onprem_url": "ftp://node"},
        "h02": {"wa_migrate_phone_number_id": number_id(3)},
        "h04": {"wa_migrate_onprem_url": world.sim.nodes[number_id(5)]},
        "h06": {
            "wa_migrate_register_timeout": "soon",
            "wa_migrate_onprem_validate_certs": "perhaps",
            "wa_migrate_require_health": "great",
            "wa_migrate_graph_version": 25.0,
            "wa_migrate_health_wait": "long",
        },
        "h07": {
            "wa_migrate_verify_token": "x",
            "wa_migrate_attempts_reserve": 10,
            "wa_migrate_state_dir": "here",
            "wa_migrate_backup_password": "  ",
        },
        "h08": {
            "wa_migrate_pin": "12345",
            "wa_migrate_onprem_url": None,
            "wa_migrate_graph_url": "",
            "wa_migrate_backup_max_age": [],
            "wa_migrate_token_must_last": -1,
            "wa_migrate_app_id": "my app",
            "wa_migrate_app_access_token": "two words",
        },
        "h09": {"wa_migrate_pin": True, "wa_migrate_access_token": "two words", "wa_migrate_clear_two_step": "maybe"},
    }
    said = {
        "h00": ("wa_migrate_phone_number_id: missing", "wa_migrate_pin: missing", "wa_migrate_access_token: missing"),
        "h01": (
            "wa_migrate_pin: a PIN is six digits",
            "octal",
            "wa_migrate_waba_id: an id is a string of digits",
            "wa_migrate_onprem_url: an address that begins with https",
        ),
        "h02": (f"wa_migrate_phone_number_id {number_id(3)} is also claimed by host h03",),
        "h03": (f"wa_migrate_phone_number_id {number_id(3)} is also claimed by host h02",),
        "h04": ("is also claimed by host h05",),
        "h05": ("is also claimed by host h04",),
        "h06": (
            "wa_migrate_register_timeout:",
            "wa_migrate_onprem_validate_certs:",
            "wa_migrate_require_health:",
            "wa_migrate_graph_version:",
            "wa_migrate_health_wait:",
        ),
        "h07": (
            "wa_migrate_verify_token",
            "wa_migrate_override_callback_uri",
            "wa_migrate_attempts_reserve",
            "wa_migrate_state_dir",
            "wa_migrate_backup_password: missing",
        ),
        "h08": (
            "wa_migrate_pin:",
            "wa_migrate_onprem_url: missing",
            "wa_migrate_graph_url: missing",
            "wa_migrate_backup_max_age:",
            "wa_migrate_token_must_last:",
            "wa_migrate_app_id: an id is made of digits",
            "wa_migrate_app_access_token: a token",
        ),
        "h09": (
            "wa_migrate_pin: a PIN is six digits, but this is true or false",
            "wa_migrate_access_token:",
            "wa_migrate_clear_two_step:",
        ),
    }
    run = world.run(MIGRATE, "-vvvv", inventory=world.inventory(**hosts))
    assert run.exit_code not in (0, 250), run.told
    assert world.requests == []
    for host, pieces in said.items():
        for piece in pieces:
            assert piece in lines(run)[host], (host, piece, lines(run)[host])
        assert "nothing was sent" in lines(run)[host]
    assert set(states(tables(run)[-1]).values()) == {"blocked"}


def test_inputs_of_the_whole_run_that_make_no_sense(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=["0%", "many"], on_blocker="perhaps")
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.told
    assert world.requests == []
    assert len(lines(run)) == 10, run.told
    for line in lines(run).values():
        assert "wa_migrate_waves" in line and "wa_migrate_on_blocker" in line


def test_null_and_empty_count_as_missing(world: World) -> None:
    inventory = world.group_vars(world.inventory(), waves=None, on_blocker="", hosts="")
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.told
    assert world.requests == []
    assert all(
        "wa_migrate_waves: missing" in line and "wa_migrate_on_blocker: missing" in line for line in lines(run).values()
    )
    assert len(lines(run)) == 10, run.told


def test_secrets_of_the_environment_and_a_pin_that_is_an_integer(world: World) -> None:
    """WABIZ_* are resolved on the controller, also for what is shipped; 123456 is taken as those digits."""
    for at in (0, 1):
        world.sim.patch(number_id(at), pin="123456")
    inventory = copy.deepcopy(
        world.inventory(
            h00={"wa_migrate_pin": "-"},
            h01={"wa_migrate_pin": "", "ansible_connection": "elsewhere"},
            h02={"ansible_connection": "elsewhere"},
        )
    )
    stated = inventory["all"]["children"]["wa_onprem"]["vars"]
    for name in ("access_token", "onprem_password", "backup_password"):
        del stated["wa_migrate_" + name]
    world.sim.patch(number_id(2), pin="234567")
    inventory["all"]["children"]["wa_onprem"]["hosts"]["h02"]["wa_migrate_pin"] = 234567
    environment = {
        "WABIZ_ACCESS_TOKEN": fleet.TOKEN,
        "WABIZ_ONPREM_PASSWORD": fleet.PASSWORD,
        "WABIZ_PIN": "123456",
        "WABIZ_BACKUP_PASSWORD": BACKUP_PASSWORD,
    }
    run = world.run(MIGRATE, "-l", "h00,h01,h02", "-vvvv", inventory=inventory, environment=environment)
    assert run.exit_code == 0, run.told
    assert world.moved == {number_id(at) for at in (0, 1, 2)}
    for secret in environment.values():
        assert secret not in run.output
