# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_backup on managed hosts that are reached by real SSH: one run for all of them, read by each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, sshd
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

from . import parts

DATA_KEYS = {"data", "backup", "settings"}
BOOK = [
    {
        "name": "Backup",
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {
            "group/wabiz.migration.wabiz": {
                "onprem_url": "{{ wa_migrate_onprem_url }}",
                "onprem_ca_path": "{{ wa_migrate_onprem_ca_path }}",
            }
        },
        "tasks": [
            {"name": name, "wabiz.migration.wa_backup": {"dest": "{{ dest }}"}, "ignore_errors": True}
            for name in ("first", "second")
        ],
    }
]


class Backups:
    """What the run left on the hosts."""

    def __init__(self, run: ansible_run.Run, hosts: sshd.Sshd, ledger: list[dict[str, Any]]) -> None:
        self.run = run
        self.hosts = hosts
        self.ledger = ledger

    def file(self, host: str) -> Path:
        return self.hosts.home(host) / "state" / "number" / "backup.json"

    def requests(self, at: int, **want: Any) -> list[dict[str, Any]]:
        mine = [line for line in self.ledger if line["phone_number_id"] == str(100000000000000 + at)]
        return [line for line in mine if all(line[key] == value for key, value in want.items())]


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backups]:
    where = tmp_path_factory.mktemp("ssh-backup")
    bare = parts.python_without_requests(where / "bare")
    try:
        old: Path | None = parts.python38()
    except pytest.skip.Exception:
        old = None
    names = ["plain", "bare", *(["old"] if old else [])]
    with (
        sshd.Sshd.start(where / "sshd", dict.fromkeys(names, parts.FOREIGN)) as hosts,
        Simulator.start(where / "simulator", fleet.generate(3)) as sim,
    ):
        # As an inventory may have it: a template that needs another variable.
        pythons = {"plain": "{{ python_of_all }}", "bare": str(bare), "old": str(old)}
        inventory = {
            "all": {
                "hosts": {
                    name: {
                        **parts.number(sim, at),
                        **hosts.variables(name),
                        "ansible_python_interpreter": pythons[name],
                        "dest": str(hosts.home(name) / "state" / "number" / "backup.json"),
                    }
                    for at, name in enumerate(names)
                },
                "vars": {**parts.shared(sim), "python_of_all": "{{ ansible_playbook_python }}"},
            }
        }
        book = ansible_run.as_yaml(where / "backup.yml", BOOK)
        run = ansible_run.playbook(where / "run", book, inventory, "-vvv", environment=parts.controller())
        yield Backups(run, hosts, sim.ledger())


def test_file_and_directories_are_private_on_the_host(backups: Backups) -> None:
    path = backups.file("plain")
    first = backups.run.result("plain", "first")
    assert first["changed"] is True, backups.run.transcript
    assert first["path"] == str(path)
    assert [parts.mode(path), parts.mode(path.parent), parts.mode(path.parent.parent)] == [0o600, 0o700, 0o700]
    assert [one.name for one in path.parent.iterdir()] == ["backup.json"]


def test_second_run_keeps_it_and_asks_for_no_new_one(backups: Backups) -> None:
    second = backups.run.result("plain", "second")
    assert second["changed"] is False
    assert second["digest"] == backups.run.result("plain", "first")["digest"]
    assert [line["effect"] for line in backups.requests(0, kind="change")] == ["backup"]


def test_data_stays_on_the_host(backups: Backups) -> None:
    data = json.loads(backups.file("plain").read_text())["data"]
    assert len(data) > 100
    for result in (backups.run.result("plain", task) for task in ("first", "second")):
        assert not DATA_KEYS & set(result)
    windows = {data[at : at + 40] for at in range(0, len(data) - 40, 20)}
    assert not [window for window in windows if window in backups.run.output]


def test_environment_of_the_controller_counts_and_the_hosts_own_does_not(backups: Backups) -> None:
    # The host's own WABIZ_* hold another password, which the node would refuse.
    logins = backups.requests(0, path="/v1/users/login")
    assert logins and {line["status"] for line in logins} == {200}
    assert backups.run.recap["plain"]["failures"] == 0


def test_host_without_requests_says_what_to_install(backups: Backups) -> None:
    failed = backups.run.result("bare", "first")
    assert "python3-requests" in failed["msg"] and "pip install 'requests>=2.20.0'" in failed["msg"], failed
    assert failed["failure"]["safe_to_rerun"] is True
    assert backups.requests(1) == []
    assert not backups.file("bare").exists()
    assert "Traceback" not in backups.run.stdout


def test_python38_with_the_oldest_requests(backups: Backups) -> None:
    parts.python38()
    path = backups.file("old")
    first, second = (backups.run.result("old", task) for task in ("first", "second"))
    assert (first["changed"], second["changed"]) == (True, False), backups.run.transcript
    assert (parts.mode(path), parts.mode(path.parent)) == (0o600, 0o700)
    assert [line["effect"] for line in backups.requests(2, kind="change")] == ["backup"]
