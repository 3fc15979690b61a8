# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: all faults of a host in one message, before any request; and the inputs that only look odd."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    pin,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
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
            "wa_migrate_backup_max_age": [],
            "wa_migrate_token_must_last": -1,
            "wa_migrate_app_id": "my app",
            "wa_migrate_app_access_token": "two words",
        },
        "h09": {"wa_migrate_pin": True, "wa_migrate_access_token": "two words", "wa_migrate_clear_two_step": "maybe"},
    }
    message = {
        "h00": ("wa_migrate_phone_number_id: missing", "wa_migrate_pin: missing", "wa_migrate_access_token: missing"),
        "h01": (
            "wa_migrate_pin: a PIN is six digits",
            "octal",
            "wa_migrate_waba_id: an id is a string of digits",
            "wa_migrate_onprem_url: an address that begins with https",
        ),
        "h02": (f"wa_migrate_phone_number_id: {number_id(3)} is also claimed by host h03",),
        "h03": (f"wa_migrate_phone_number_id: {number_id(3)} is also claimed by host h02",),
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
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    reported = input_errors(run)
    for host, pieces in message.items():
        for piece in pieces:
            assert any(piece in fault for fault in reported[host]), (host, piece, reported[host])
    assert set(reported) == {f"h{at:02d}" for at in range(10)}
    assert "Nothing was sent." in run.stdout


def test_one_report_tells_what_is_wrong_for_the_whole_run_once(world: World) -> None:
    """Values of the steps after the registration, of every host alike, and one host with a fault of its own."""
    wrong = {
        "health_wait": -5,
        "soak": ".nan",
        "quiet_wait": float("inf"),
        "confirm_timeout": 1e30,
        "register_timeout": 5,
        "retry_for": -1,
        "require_health": "great",
        "on_difference": "ignore",
        "restore_profile": "perhaps",
        "max_failed": -1,
        "waves": ["0%", "many"],
        "on_blocker": "perhaps",
    }
    inventory = world.group_vars(world.inventory(h03={"wa_migrate_pin": "12"}), **wrong)
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == [] and not world.state.exists()
    reported = input_errors(run)
    assert {fault.partition(":")[0] for fault in reported[""]} == {"wa_migrate_" + name for name in wrong}
    assert set(reported) == {"", "h03"} and reported["h03"][0].startswith("wa_migrate_pin: ")
    for name in wrong:
        assert run.stdout.count(f"wa_migrate_{name}: ") == 1


def test_check_mode_and_preflight_check_the_same(world: World) -> None:
    inventory = world.group_vars(world.inventory(), health_wait=-5)
    for book, arguments in ((MIGRATE, ["--check"]), (PREFLIGHT, [])):
        run = world.run(book, *arguments, inventory=inventory)
        assert run.exit_code not in (0, 250), run.transcript
        assert input_errors(run)[""] == ["wa_migrate_health_wait: must be 0 to 86400 seconds, got -5"]
    assert world.requests == []


def test_a_host_whose_expression_finds_nothing_is_reported_with_all_of_its_faults(world: World) -> None:
    pins = {f"h{at:02d}": pin(at) for at in range(10) if at not in (2, 7)}
    hosts: dict[str, dict[str, Any]] = {f"h{at:02d}": {"wa_migrate_pin": "-"} for at in range(10)}
    hosts["h07"]["wa_migrate_state_dir"] = "here"
    hosts["h04"]["wa_migrate_onprem_url"] = "{{ nowhere }}"
    inventory = world.group_vars(world.inventory(**hosts), pin="{{ vault_pins[inventory_hostname] }}")
    inventory["all"]["vars"] = {"vault_pins": pins}
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    reported = input_errors(run)
    assert set(reported) == {"h02", "h04", "h07"}
    assert (
        reported["h02"][0].startswith("wa_migrate_pin: its expression cannot be evaluated: ")
        and "'h02'" in reported["h02"][0]
    )
    assert reported["h04"][0].startswith("wa_migrate_onprem_url: its expression") and "nowhere" in reported["h04"][0]
    assert {fault.partition(":")[0] for fault in reported["h07"]} == {"wa_migrate_pin", "wa_migrate_state_dir"}


def test_variables_of_the_play_are_inputs_too(world: World, tmp_path: Path) -> None:
    """As in a project file that imports the playbook and reads the PINs from a file."""
    hosts: dict[str, dict[str, Any]] = {f"h{at:02d}": {"wa_migrate_pin": "-"} for at in range(10)}
    pins = ansible_run.as_yaml(tmp_path / "pins.yml", {"h00": pin(0)})
    book = ansible_run.as_yaml(
        tmp_path / "book.yml",
        [
            {
                "ansible.builtin.import_playbook": "wabiz.migration.migrate",
                "vars": {"wa_migrate_pin": "{{ (lookup('file', '%s') | from_yaml)[inventory_hostname] }}" % pins},
            }
        ],
    )
    run = world.run(book, "-l", "h00,h01", inventory=world.inventory(**hosts))
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    assert set(input_errors(run)) == {"h01"} and "wa_migrate_pin" in input_errors(run)["h01"][0]
    run = world.run(book, "-l", "h00", inventory=world.inventory(**hosts))
    assert run.exit_code == 0 and world.moved == {number_id(0)}, run.transcript


def test_a_host_with_faults_keeps_only_itself_out_where_the_run_says_so(world: World) -> None:
    inventory = world.group_vars(world.inventory(h01={"wa_migrate_pin": "12"}), on_blocker="continue", waves="100%")
    run = world.run(MIGRATE, "-l", "h00,h01,h02", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.moved == {number_id(0), number_id(2)}
    assert {line["phone_number_id"] for line in world.requests} <= {number_id(0), number_id(2), None}
    assert states(tables(run)[-1]) == {"h00": "moved", "h01": "blocked", "h02": "moved"}
    assert "wa_migrate_pin: a PIN is exactly six digits" in lines(run)["h01"]


def test_a_misspelt_input_stops_the_run_with_the_nearest_name(world: World) -> None:
    inventory = world.inventory(h01={"wa_migrate_freze": "/etc/freeze"})
    inventory["all"]["vars"] = {"wa_migrate_site": "berlin", "wa_migrate_max_failled": 1}
    run = world.run(
        MIGRATE,
        "-e",
        '{"wa_migrate_windows": [{"days": "mon", "hours": "10:00-11:00", "timezone": "UTC"}]}',
        inventory=inventory,
    )
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    reported = input_errors(run)
    names = {fault.partition(":")[0]: fault for fault in reported[""]}
    assert set(names) == {"wa_migrate_windows", "wa_migrate_max_failled", "wa_migrate_site"}
    assert "is wa_migrate_window meant?" in names["wa_migrate_windows"]
    assert "is wa_migrate_max_failed meant?" in names["wa_migrate_max_failled"]
    assert "is wa_migrate_freeze meant?" in reported["h01"][0]


def test_a_variable_of_the_users_own_is_allowed_by_name(world: World) -> None:
    inventory = world.group_vars(world.inventory(), own_variables=["wa_migrate_site"], site="berlin")
    run = world.run(PREFLIGHT, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript


def test_an_empty_answer_counts_as_not_set(world: World) -> None:
    """An optional survey question without an answer is an empty text, for every input but those that are needed."""
    inputs = yaml.safe_load((ansible_run.ROOT / "roles/wa_migrate/meta/argument_specs.yml").read_text())
    stated = world.inventory()["all"]["children"]["wa_onprem"]
    needed = {*stated["vars"], *stated["hosts"]["h00"]} - {"wa_migrate_state_durable", "wa_migrate_health_wait"}
    empty = {name: "" for name in inputs["argument_specs"]["main"]["options"] if name not in needed}
    assert len(empty) > 40
    run = world.run(MIGRATE, "-l", "h00,h01,h02", variables=empty)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(at) for at in (0, 1, 2)}
    assert len(tables(run)) == 2 and "in waves: 3 (1, 1, 1)" in run.stdout


@pytest.mark.parametrize("name", ["onprem_password", "backup_password", "access_token"])
def test_a_secret_that_ends_in_a_line_break_is_refused_by_name(world: World, name: str) -> None:
    inventory = world.group_vars(world.inventory(), **{name: "Planted-Secret-7\n"})
    run = world.run(MIGRATE, "-vvvv", inventory=inventory)
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    (fault,) = input_errors(run)[""]
    assert fault.startswith(f"wa_migrate_{name}: it holds a line break")
    inventory = world.inventory()
    del inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_" + name]
    variable = "WABIZ_" + name.upper()
    run = world.run(MIGRATE, "-vvvv", inventory=inventory, environment={variable: "Planted-Secret-7\n"})
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    (fault,) = input_errors(run)[""]
    assert fault.startswith(f"wa_migrate_{name} (from {variable}): it holds a line break")
    assert "Planted-Secret-7" not in run.output


def test_what_is_stated_goes_before_the_environment(world: World) -> None:
    stale = {"WABIZ_ONPREM_TOKEN": "an-old-token", "WABIZ_ONPREM_VALIDATE_CERTS": "false", "WABIZ_PIN": "999999"}
    run = world.run(MIGRATE, "-l", "h00", environment=stale)
    assert run.exit_code == 0 and world.moved == {number_id(0)}, run.transcript


def test_files_that_are_not_what_they_should_be(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    (tmp_path / "text.pem").write_text("hello")
    wrong = {
        "h00": {"wa_migrate_graph_ca_path": str(tmp_path / "missing.pem")},
        "h01": {"wa_migrate_onprem_ca_path": str(tmp_path)},
        "h02": {"wa_migrate_onprem_ca_path": str(tmp_path / "empty.pem")},
        "h03": {"wa_migrate_graph_ca_path": str(tmp_path / "text.pem")},
        "h04": {"wa_migrate_onprem_ca_path": str(tmp_path / "missing.pem"), "ansible_connection": "elsewhere"},
    }
    run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=world.inventory(**wrong))
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    reported = input_errors(run)
    for host, says in (
        ("h00", "No such file"),
        ("h01", "directory"),
        ("h02", "no certificate"),
        ("h03", "no certificate"),
    ):
        (fault,) = reported[host]
        (name,) = wrong[host]
        assert fault.startswith(name + ": ") and says in fault
    # a file of another host is for that host to look at, before it asks the node
    run = world.run(PREFLIGHT, "-l", "h04", inventory=world.inventory(**wrong))
    assert run.exit_code not in (0, 250), run.transcript
    assert "wa_migrate_onprem_ca_path" in lines(run)["h04"] and "missing.pem does not exist" in lines(run)["h04"]
    assert [line for line in world.requests if line["api"] == "onprem"] == []


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
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(at) for at in (0, 1, 2)}
    for secret in environment.values():
        assert secret not in run.output
