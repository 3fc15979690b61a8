# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md as a new user takes it: its inventory, and its commands as they are written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import BACKUP_PASSWORD, World, pin
from ansible_collections.wabiz.migration.tests.support import ansible_run
from wabiz_simulator import fleet

README = (ansible_run.ROOT / "README.md").read_text(encoding="utf-8")
HOSTS = ("berlin", "madrid")


def block(head: str) -> dict[str, Any]:
    """Return the YAML of the block that begins with this comment."""
    (text,) = re.findall(r"```yaml\n# %s\n(.*?)```" % re.escape(head), README, re.DOTALL)
    return dict(yaml.safe_load(text))


def commands(program: str) -> list[list[str]]:
    """Return the words of every indented command of a program."""
    text = README.replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^    (%s .*)$" % program, text, re.MULTILINE)]


@pytest.fixture
def inventory(world: World) -> Path:
    """Write the inventory of README.md as its three files, with the simulator's addresses, ids and secrets in it."""
    hosts = block("inventory/hosts.yml")
    stated = block("inventory/group_vars/wa_onprem/main.yml")
    found = hosts["wa_onprem"]["hosts"]
    assert list(found) == list(HOSTS) and "wa_migrate_onprem_url" not in found["berlin"]
    for at, (name, host) in enumerate(found.items()):
        number = world.content["numbers"][at]
        host["wa_migrate_phone_number_id"] = number["phone_number_id"]
        host["wa_migrate_waba_id"] = number["waba_id"]
        if "ansible_host" in host:
            # no SSH here, but a machine of its own all the same
            host["ansible_connection"] = "elsewhere"
        # on its own machine each node is at localhost:9090; here only their addresses differ
        host["wa_migrate_onprem_url"] = world.sim.nodes[number["phone_number_id"]]
        assert name in HOSTS
    del stated["wa_migrate_waba_id"]
    stated.update(
        wa_migrate_onprem_ca_path=world.sim.ca_path,
        wa_migrate_graph_url=world.sim.graph_url,
        wa_migrate_graph_ca_path=world.sim.ca_path,
        wa_migrate_state_dir=str(world.state),
        wa_migrate_state_durable=True,
    )
    vault = {
        "vault_access_token": fleet.TOKEN,
        "vault_onprem_password": fleet.PASSWORD,
        "vault_backup_password": BACKUP_PASSWORD,
        "vault_pins": {name: pin(at) for at, name in enumerate(HOSTS)},
    }
    folder = world.where / "inventory"
    group = folder / "group_vars" / "wa_onprem"
    group.mkdir(parents=True)
    ansible_run.as_yaml(folder / "hosts.yml", hosts)
    ansible_run.as_yaml(group / "main.yml", stated)
    ansible_run.as_yaml(group / "vault.yml", vault)
    return folder


AD_HOC = commands("ansible")


def test_the_commands_are_there() -> None:
    assert [command[command.index("-m") + 1] for command in AD_HOC] == [
        "wabiz.migration.wa_number_info",
        "wabiz.migration.wa_onprem_info",
    ]
    assert all(command[1] in HOSTS for command in AD_HOC)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("command", AD_HOC, ids=[command[command.index("-m") + 1] for command in AD_HOC])
def test_a_look_at_one_number(world: World, inventory: Path, command: list[str], host: str) -> None:
    own = world.where / "run"
    own.mkdir()
    command = [host if word in HOSTS else str(inventory) if word == "inventory" else word for word in command]
    command.remove("--ask-vault-pass")
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "adhoc", *command[1:]],
        cwd=own,
        env=ansible_run.clean_environment(own),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    number = world.content["numbers"][HOSTS.index(host)]
    assert f"{host} | SUCCESS" in done.stdout
    side = "graph" if "wabiz.migration.wa_number_info" in command else "onprem"
    assert {line["api"] for line in world.requests} == {side}, "what the command is for, and nothing else"
    assert {line["kind"] for line in world.requests} <= {"read", "login"}
    assert {line["status"] for line in world.requests} == {200}
    assert number["phone_number_id"] in {line["phone_number_id"] for line in world.requests}
    shown = number["display_phone_number"] if side == "graph" else '"serving": "serving"'
    assert shown in done.stdout, done.stdout


def test_the_inventory_is_good_for_a_preflight(world: World, inventory: Path) -> None:
    (command,) = [command for command in commands("ansible-playbook") if command[1] == "wabiz.migration.preflight"]
    assert command[2:] == ["-i", "inventory", "--ask-vault-pass"]
    run = ansible_run.playbook(world.where / "ansible", command[1], inventory)
    assert run.exit_code == 0, run.transcript
    assert world.changes == [] and {line["phone_number_id"] for line in world.requests} > {
        world.content["numbers"][at]["phone_number_id"] for at in range(len(HOSTS))
    }
