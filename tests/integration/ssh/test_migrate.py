# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/migrate.yml on hosts that are reached by real SSH: two runs of two controllers, read by each test.

Between the runs the first controller's file system is lost, as it is where a job runs in a container.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, sshd
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

from . import parts
from .relay import Relay

NOGROUP = 65534
WELL = ("plain", "via_host", "became", "became_here")
LOST = "lost"  # the register call of this one is accepted, and no read tells for a long time
NAMES = (*WELL, LOST)
SUDO = f"""\
#!{sys.executable}
# Does what sudo does for the tests: another group, where it may, and a line that says for whom.
import os, sys
words = sys.argv[1:]
with open({{log!r}}, "a") as lines:
    lines.write(words[words.index("-u") + 1] + " " + os.environ.get("WA_HOST", "here") + "\\n")
while words[0].startswith("-"):
    del words[: 2 if words[0] == "-u" else 1]
if os.geteuid() == 0:
    os.setgid({NOGROUP})
os.execvp(words[0], words)
"""
PYTHON = """\
#!/bin/sh
# The Python that the configuration names for hosts that name none.
echo "$WA_HOST" >> {log}
exec {python} "$@"
"""


class Migration:
    """What both runs left."""

    def __init__(self, where: Path, hosts: sshd.Sshd, sim: Simulator, relays: Mapping[str, Relay]) -> None:
        self.where = where
        self.hosts = hosts
        self.sim = sim
        self.relays = relays
        self.runs: list[ansible_run.Run] = []
        self.ledgers: list[list[dict[str, Any]]] = []
        self.left_on_controller: list[list[str]] = []

    def state(self, host: str) -> Path:
        home = self.where / "state-here" if host == "became_here" else self.hosts.home(host) / "state"
        return home / "wabiz"

    def number_dir(self, host: str) -> Path:
        return self.state(host) / phone_number_id(host)

    def run(self, inventory: Mapping[str, Any], python: Path) -> None:
        """Run on a controller that is new, and lose it afterwards."""
        seen = len(self.sim.ledger())
        own = self.where / f"controller-{len(self.runs)}"
        environment = {**parts.controller(), "ANSIBLE_PYTHON_INTERPRETER": str(python)}
        self.runs.append(
            ansible_run.playbook(
                own, ansible_run.ROOT / "playbooks" / "migrate.yml", inventory, environment=environment, longest=120
            )
        )
        self.ledgers.append(self.sim.ledger()[seen:])
        self.left_on_controller.append(
            [path.name for path in own.rglob("*") if path.name in ("attempt_log.json", "backup.json", "snapshot.json")]
        )
        self.hosts.new_controller()
        parts.forget(own)

    def requests(self, at: int, host: str, **want: Any) -> list[dict[str, Any]]:
        mine = [line for line in self.ledgers[at] if line["phone_number_id"] == phone_number_id(host)]
        return [line for line in mine if all(line[key] == value for key, value in want.items())]

    def registrations(self, at: int, host: str) -> list[dict[str, Any]]:
        return [line for line in self.requests(at, host, method="POST") if line["path"].endswith("/register")]


def phone_number_id(host: str) -> str:
    return str(100000000000000 + NAMES.index(host))


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migration]:
    where = tmp_path_factory.mktemp("ssh-migrate")
    (where / "state-here").mkdir()
    sudo = _script(where / "sudo", SUDO.format(log=str(where / "sudo.log")))
    python = _script(where / "python", PYTHON.format(log=where / "python.log", python=sys.executable))
    content = fleet.generate(len(NAMES))
    # Each side of the lost one looks as if nothing had happened.
    content["numbers"][NAMES.index(LOST)]["switches"] = {"stale_reads": 100000, "old_node": "connected"}
    content["wabas"].append({"id": "200000000000001", "name": "Called from the host"})
    content["numbers"][NAMES.index("via_host")]["waba_id"] = "200000000000001"
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    environments: dict[str, dict[str, str]] = {name: dict(parts.FOREIGN) for name in NAMES if name != "became_here"}
    environments[LOST]["PATH"] = path
    with (
        sshd.Sshd.start(where / "sshd", environments) as hosts,
        Simulator.start(where / "simulator", content) as sim,
        Relay(int(sim.graph_url.rpartition(":")[2]), hosts.pids) as seen_by_host,
        Relay(int(sim.graph_url.rpartition(":")[2]), hosts.pids) as seen_by_controller,
    ):
        made = Migration(where, hosts, sim, {"via_host": seen_by_host, "plain": seen_by_controller})
        made.run(_inventory(made, sudo), python)
        sim.patch(phone_number_id(LOST), stale_reads=4)
        made.run(_inventory(made, sudo), python)
        yield made


def _script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def _inventory(made: Migration, sudo: Path) -> dict[str, Any]:
    # Ansible does not even ask sudo for the user that it is logged in as.
    become = {
        "ansible_become": True,
        "ansible_become_exe": str(sudo),
        "ansible_become_user": "wabiz",
        "ansible_python_interpreter": sys.executable,
    }
    own: dict[str, dict[str, Any]] = {
        "via_host": {"wa_migrate_graph_via": "host", "wa_migrate_waba_id": "200000000000001"},
        "became": become,
        "became_here": {**become, "ansible_connection": "local"},
        # Its Python is found on the host: by Ansible for the modules, and before that by the script on stdin.
        LOST: {
            "ansible_python_interpreter": "auto_silent",
            "ansible_interpreter_python_fallback": ["python3"],
        },
    }
    hosts = {
        name: {
            **parts.number(made.sim, at),
            **({} if name == "became_here" else made.hosts.variables(name)),
            "wa_migrate_pin": parts.pin(at),
            "wa_migrate_state_dir": str(made.state(name)),
            **({"wa_migrate_graph_url": made.relays[name].url} if name in made.relays else {}),
            **own.get(name, {}),
        }
        for at, name in enumerate(NAMES)
    }
    shared = {
        **parts.shared(made.sim),
        "wa_migrate_waves": ["100%"],
        "wa_migrate_state_durable": True,
        "wa_migrate_confirm_timeout": 2,
    }
    return {"wa_onprem": {"hosts": hosts, "vars": shared}}


@pytest.mark.parametrize("host", WELL)
def test_number_moves_once(migration: Migration, host: str) -> None:
    assert migration.sim.number(phone_number_id(host))["platform_type"] == "CLOUD_API", migration.runs[0].transcript
    assert [line["accepted"] for line in migration.registrations(0, host)] == [True]
    assert migration.runs[0].recap[host]["failures"] == 0


@pytest.mark.parametrize("host", NAMES)
def test_record_and_backup_lie_on_the_host(migration: Migration, host: str) -> None:
    folder = migration.number_dir(host)
    assert sorted(path.name for path in folder.iterdir()) == [
        ".lock",
        "attempt_log.json",
        "backup.json",
        "snapshot.json",
    ]
    assert {parts.mode(path) for path in folder.iterdir()} == {0o600}
    assert [parts.mode(folder), parts.mode(folder.parent)] == [0o700, 0o700]
    assert json.loads((folder / "attempt_log.json").read_text())["phone_number_id"] == phone_number_id(host)
    assert migration.left_on_controller == [[], []]


@pytest.mark.parametrize("host", WELL)
def test_snapshot_of_the_host_proves_that_nothing_was_lost(migration: Migration, host: str) -> None:
    kept = json.loads((migration.number_dir(host) / "snapshot.json").read_text())
    assert kept["phone_number_id"] == phone_number_id(host)
    assert kept["facts"]["profile_about"] == "Open all day, desk %d" % NAMES.index(host)
    (taken,) = migration.runs[0].results(host=host, action="wabiz.migration.wa_snapshot")
    assert taken["result"]["taken_at"] == kept["taken_at"] and taken["result"]["changed"] is True
    (compared,) = migration.runs[0].results(host=host, action="wabiz.migration.wa_compare")
    assert compared["result"]["unchanged"] is True and compared["result"]["compared"] > 15, compared
    assert compared["result"]["snapshot"]["taken_at"] == kept["taken_at"]


def test_snapshot_is_not_taken_anew_while_a_register_call_is_open(migration: Migration) -> None:
    (taken,) = migration.runs[0].results(host=LOST, action="wabiz.migration.wa_snapshot")
    (again,) = migration.runs[1].results(host=LOST, action="wabiz.migration.wa_snapshot")
    assert (taken["result"]["taken"], again["result"]["taken"]) == (True, False)
    assert "outcome of a register request is unknown" in again["result"]["reason"]
    (compared,) = migration.runs[1].results(host=LOST, action="wabiz.migration.wa_compare")
    assert compared["result"]["unchanged"] is True
    assert compared["result"]["snapshot"]["taken_at"] == taken["result"]["taken_at"]


@pytest.mark.parametrize("host", WELL)
def test_second_controller_changes_nothing(migration: Migration, host: str) -> None:
    assert migration.requests(1, host, kind="change") == []
    recap = migration.runs[1].recap[host]
    assert (recap["changed"], recap["failures"]) == (0, 0), migration.runs[1].transcript


def test_lost_answer_is_confirmed_by_another_controller_without_a_second_post(migration: Migration) -> None:
    failed = migration.runs[0].results(host=LOST, event="failed", action="wabiz.migration.wa_register")
    assert [event["result"]["failure"]["code"] for event in failed] == ["unconfirmed"], migration.runs[0].transcript
    assert [line["accepted"] for line in migration.registrations(0, LOST)] == [True]
    # The second run has read "on-premises" from both sides; only the host's attempt log says that a call was sent.
    (found,) = migration.runs[1].results(host=LOST, action="wabiz.migration.wa_preflight")
    assert found["result"]["location"] == "ON_PREMISES"
    assert migration.registrations(1, LOST) == []
    assert migration.sim.number(LOST_ID)["platform_type"] == "CLOUD_API"
    assert (migration.runs[1].exit_code, migration.runs[1].recap[LOST]["failures"]) == (0, 0), migration.runs[
        1
    ].transcript
    log = json.loads((migration.number_dir(LOST) / "attempt_log.json").read_text())
    assert [attempt["outcome"] for attempt in log["attempts"]] == ["registered"]


LOST_ID = phone_number_id(LOST)


@pytest.mark.parametrize("host", ["became", "became_here"])
def test_become_owns_state_and_backup(migration: Migration, host: str) -> None:
    message = (migration.where / "sudo.log").read_text().splitlines()
    assert "wabiz " + ("here" if host == "became_here" else host) in message
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: the owner of the files after become (only root can change its group)")
    folder = migration.number_dir(host)
    assert {path.stat().st_gid for path in (folder.parent, folder, *folder.iterdir())} == {NOGROUP}


def test_graph_is_called_from_the_host_where_that_is_said(migration: Migration) -> None:
    for host, on_host in (("via_host", True), ("plain", False)):
        callers = migration.relays[host].from_hosts
        assert len(callers) > 3
        assert set(callers) == {on_host}


def test_python_of_the_configuration_runs_what_the_inventory_says_nothing_about(migration: Migration) -> None:
    used = (migration.where / "python.log").read_text().splitlines()
    # The first run: preflight, preparation, the last look with the intent, the outcome, comparison. The second: a look.
    assert used.count("plain") == 5 + 1
    assert LOST not in used
