# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible.cfg, the environment or the play around the role may say changes nothing of what becomes of a number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run

FACTS = "<facts>"  # a folder of the test's own

SETTINGS: dict[str, dict[str, str]] = {
    "nothing": {},
    "any_errors_fatal": {"ANSIBLE_ANY_ERRORS_FATAL": "True"},
    "force_handlers": {"ANSIBLE_FORCE_HANDLERS": "True"},
    "hash_behaviour": {"ANSIBLE_HASH_BEHAVIOUR": "merge"},
    "fact_caching": {
        "ANSIBLE_CACHE_PLUGIN": "jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": FACTS,
        "ANSIBLE_GATHERING": "smart",
    },
    "free": {"ANSIBLE_STRATEGY": "free"},
    "host_pinned": {"ANSIBLE_STRATEGY": "host_pinned"},
    "no_log": {"ANSIBLE_NO_LOG": "True"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    "yaml results": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml", "ANSIBLE_DISPLAY_FAILED_STDERR": "True"},
    "strict": {
        "ANSIBLE_DUPLICATE_YAML_DICT_KEY": "error",
        "ANSIBLE_HOST_PATTERN_MISMATCH": "error",
        "ANSIBLE_PRIVATE_ROLE_VARS": "True",
        "ANSIBLE_INJECT_FACT_VARS": "False",
    },
    "error_on_undefined_vars": {"ANSIBLE_ERROR_ON_UNDEFINED_VARS": "False"},
    "jinja2_native": {"ANSIBLE_JINJA2_NATIVE": "True"},
}
# ansible-core 2.19 and later have the last two no more; 2.18 and 2.21 differ in how a failure of one host spreads.
MATRIX = [
    *(("2.19", name) for name in SETTINGS if name not in ("error_on_undefined_vars", "jinja2_native")),
    *(("2.18", name) for name in ("any_errors_fatal", "hash_behaviour", "error_on_undefined_vars", "jinja2_native")),
    *(("2.21", name) for name in ("any_errors_fatal", "hash_behaviour", "fact_caching", "no_log")),
]
FIVE = "h00,h01,h02,h03,h04"


def python_of(core: str) -> Path | None:
    """Return the interpreter of one ansible-core, None where that is this one's."""
    if core == "2.19":
        return None
    python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"ansible-core {core} was NOT tested: {python} is not there (make test makes it where it can)")
    return python


def one_refused_one_blocked(world: World) -> None:
    """Let the second of five numbers be refused by register, and keep the last one out before that."""
    world.sim.fault("graph_error", {"path": f"/{number_id(1)}/register$"}, code=100)
    world.sim.patch(number_id(4), code_verification_status="EXPIRED")


def compared(world: World) -> set[str]:
    """Return the numbers whose profile was read on the Cloud API: only the comparison does that."""
    return {line["phone_number_id"] for line in world.requests if line["path"].endswith("/whatsapp_business_profile")}


def ids(*hosts: int) -> set[str]:
    return {number_id(at) for at in hosts}


@pytest.mark.parametrize(("core", "name"), MATRIX, ids=[f"{core}-{name}" for core, name in MATRIX])
def test_a_setting_changes_no_outcome(world: World, core: str, name: str) -> None:
    facts = world.where / "facts"
    facts.mkdir()
    for host in FIVE.split(","):
        # as an earlier run of something else has left them
        (facts / host).write_text('{"ansible_distribution": "Debian", "module_setup": true}')
    environment = {key: str(facts) if value == FACTS else value for key, value in SETTINGS[name].items()}
    one_refused_one_blocked(world)
    wording = "wa_migrate_waves=3,100% wa_migrate_max_failed=1 wa_migrate_on_blocker=continue"
    run = world.run(MIGRATE, "-l", FIVE, "-e", wording, environment=environment, python=python_of(core))
    assert run.exit_code == 2, run.transcript
    first = {"h00": "ready", "h01": "ready", "h02": "ready", "h03": "ready", "h04": "blocked"}
    wave = {"h00": "moved", "h01": "failed", "h02": "moved", "h03": "not started", "h04": "blocked"}
    assert [states(table) for table in tables(run)] == [first, {**wave, "h03": "moved"}], run.transcript
    assert run.stdout.count(": 5 numbers (") >= 2, "the tables are on the screen"
    assert sorted(world.registers) == sorted(ids(0, 1, 2, 3))
    assert world.moved == compared(world) == ids(0, 2, 3)
    failures = {host: recap["failures"] for host, recap in run.recap.items()}
    assert failures == {"h00": 0, "h01": 1, "h02": 0, "h03": 0, "h04": 1}
    assert "[100]" in lines(run)["h01"] and "WM108" in lines(run)["h04"]


@pytest.mark.parametrize("core", ["2.18", "2.19", "2.21"])
def test_the_wave_of_the_first_failure_is_finished_and_is_the_last(world: World, core: str) -> None:
    world.sim.fault("graph_error", {"path": f"/{number_id(1)}/register$"}, code=100)
    environment = {"ANSIBLE_ANY_ERRORS_FATAL": "True"}
    wording = ("-l", "h00,h01,h02,h03", "-e", "wa_migrate_waves=3,100%")
    run = world.run(MIGRATE, *wording, environment=environment, python=python_of(core))
    assert run.exit_code == 2, run.transcript
    wave = {"h00": "moved", "h01": "failed", "h02": "moved", "h03": "not started"}
    assert [states(table) for table in tables(run)][1:] == [wave], run.transcript
    assert world.moved == compared(world) == ids(0, 2)


@pytest.mark.slow
def test_a_wait_of_the_wave_is_no_task_that_takes_too_long(world: World) -> None:
    """A task that runs once for the wave takes all of its hosts along when it is cut off."""
    wording = ("-l", "h00,h01,h02", "-e", "wa_migrate_waves=2,100% wa_migrate_soak=9")
    run = world.run(MIGRATE, *wording, environment={"ANSIBLE_TASK_TIMEOUT": "8"})
    assert run.exit_code == 0, run.transcript
    assert world.moved == compared(world) == ids(0, 1, 2)


# --- ansible-core 2.18 only


def test_an_undefined_secret_is_not_its_own_expression(world: World) -> None:
    """A backup must not be encrypted with the text of an expression that nobody has a value for."""
    inventory = world.inventory(h00={"stored_away": "{{ vault_nobody_has }}"})
    inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_backup_password"] = "{{ stored_away }}"
    environment = SETTINGS["error_on_undefined_vars"]
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory, environment=environment, python=python_of("2.18"))
    assert run.exit_code == 2, run.transcript
    assert world.requests == [] and "vault_nobody_has" in "".join(input_errors(run)["h00"])


def test_names_of_hosts_that_look_like_values(world: World) -> None:
    """Jinja's native types make an integer of a name such as 1001."""
    inventory = world.inventory()
    made = inventory["all"]["children"]["wa_onprem"]["hosts"]
    names = {"h00": "1001", "h01": "0123", "h02": "1_0"}
    inventory["all"]["children"]["wa_onprem"]["hosts"] = {new: made[old] for old, new in names.items()}
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    wording = ("-e", "wa_migrate_waves=1,100% wa_migrate_soak=1 wa_migrate_on_blocker=continue")
    environment = SETTINGS["jinja2_native"]
    run = world.run(MIGRATE, *wording, inventory=inventory, environment=environment, python=python_of("2.18"))
    assert run.exit_code == 2, run.transcript
    assert states(tables(run)[-1]) == {"1001": "moved", "0123": "blocked", "1_0": "moved"}


# --- the role in a play of one's own


def own_play(world: World, action: str, **play: Any) -> Path:
    """Write a play that has the role among its tasks, and a task after it."""
    role = {"name": "Move", f"ansible.builtin.{action}": {"name": "wabiz.migration.wa_migrate"}}
    after = {"name": "After", "ansible.builtin.debug": {"msg": "after the role"}}
    book = {"name": "Own", "hosts": "wa_onprem", "gather_facts": False, **play, "tasks": [role, after]}
    path = world.where / "own.yml"
    path.write_text(yaml.safe_dump([book], sort_keys=False))
    return path


PLAYS: dict[str, Mapping[str, Any]] = {
    "nothing": {},
    "any_errors_fatal": {"any_errors_fatal": True},
    "max_fail_percentage": {"max_fail_percentage": 0},
    "ignore_errors": {"ignore_errors": True, "ignore_unreachable": True},
}
OWN = [
    *(("2.19", "include_role", name) for name in PLAYS),
    ("2.19", "import_role", "any_errors_fatal"),
    *((core, "include_role", name) for core in ("2.18", "2.21") for name in PLAYS if name != "nothing"),
]


@pytest.mark.parametrize(("core", "action", "name"), OWN, ids=["-".join(one) for one in OWN])
def test_a_play_of_ones_own_changes_no_outcome(world: World, core: str, action: str, name: str) -> None:
    """The first host has moved before, so that no task of the others may hang on it."""
    one_refused_one_blocked(world)
    done = world.sim.admin("GET", f"/numbers/{number_id(0)}")
    assert done["location"] != "cloud"
    assert world.run(MIGRATE, "-l", "h00").exit_code == 0
    world.mark()
    book = own_play(world, action, **PLAYS[name])
    run = world.run(book, "-l", FIVE, "-e", "wa_migrate_on_blocker=continue", python=python_of(core))
    assert run.exit_code == 2, run.transcript
    first = {"h00": "unchanged", "h01": "ready", "h02": "ready", "h03": "ready", "h04": "blocked"}
    last = {"h00": "unchanged", "h01": "failed", "h02": "moved", "h03": "moved", "h04": "blocked"}
    assert [states(table) for table in tables(run)] == [first, last], run.transcript
    assert sorted(world.registers) == sorted(ids(1, 2, 3)) and compared(world) == ids(2, 3)
    after = [event["host"] for event in run.results(task="After")]
    assert sorted(after) == ([] if name == "max_fail_percentage" else ["h00", "h02", "h03"]), "what the play sees"
    assert "[100]" in lines(run)["h01"] and "WM108" in lines(run)["h04"]
