# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that cannot be reached: one from the beginning, one in the middle of its wave; what the others do then."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, sshd
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

from . import parts

NAMES = ("absent", "canary", "later")


class Left:
    """What the run left."""

    def __init__(self, run: ansible_run.Run, ledger: list[dict[str, Any]], hosts: sshd.Sshd) -> None:
        self.run = run
        self.ledger = ledger
        self.hosts = hosts

    def changes(self, host: str) -> list[dict[str, Any]]:
        wanted = str(100000000000000 + NAMES.index(host))
        return [line for line in self.ledger if line["phone_number_id"] == wanted and line["kind"] == "change"]


def _cut_after_the_subscription(sim: Simulator, hosts: sshd.Sshd, end: threading.Event) -> None:
    while not end.is_set():
        if any(line["effect"] == "subscribed" for line in sim.ledger()):
            hosts.cut("canary")
            return
        time.sleep(0.01)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    where: Path = tmp_path_factory.mktemp("ssh-unreachable")
    with (
        sshd.Sshd.start(where / "sshd", {name: {} for name in NAMES}) as hosts,
        Simulator.start(where / "simulator", fleet.generate(len(NAMES))) as sim,
    ):
        inventory = {
            "wa_onprem": {
                "hosts": {
                    name: {
                        **parts.number(sim, at),
                        **hosts.variables(name),
                        "wa_migrate_pin": parts.pin(at),
                        "wa_migrate_state_dir": str(hosts.home(name) / "state"),
                        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                    }
                    for at, name in enumerate(NAMES)
                },
                "vars": {**parts.shared(sim), "wa_migrate_on_blocker": "continue", "wa_migrate_waves": [1, "100%"]},
            }
        }
        hosts.cut("absent")
        end = threading.Event()
        watch = threading.Thread(target=_cut_after_the_subscription, args=(sim, hosts, end))
        watch.start()
        try:
            run = ansible_run.playbook(
                where / "run", ansible_run.ROOT / "playbooks" / "migrate.yml", inventory, environment=parts.controller()
            )
        finally:
            end.set()
            watch.join()
        yield Left(run, sim.ledger(), hosts)


def test_host_that_goes_away_in_its_wave_fails_and_says_so(left: Left) -> None:
    (failed,) = left.run.results(host="canary", event="failed", action="wabiz.migration.wa_snapshot")
    failure = failed["result"]["failure"]
    assert failure["code"] == "unreachable", left.run.transcript
    assert "ansible.builtin.ping" in failure["next_step"]
    assert failure["safe_to_rerun"] is True
    # The subscription had been made before the host went away; nothing came after it.
    assert [line["effect"] for line in left.changes("canary")] == []
    assert [line["effect"] for line in left.ledger if line["kind"] == "change"] == ["subscribed"]


def test_no_later_wave_starts(left: Left) -> None:
    assert left.changes("later") == []
    assert not (left.hosts.home("later") / "state").exists()
    assert left.run.exit_code != 0
    assert not left.run.results(host="later", action="wabiz.migration.wa_register")


def test_host_that_never_answered_is_kept_out_and_listed(left: Left) -> None:
    (failed,) = left.run.results(host="absent", event="failed", action="wabiz.migration.wa_report")
    assert "Blocked by WM115" in failed["result"]["msg"], left.run.transcript
    assert "The host cannot be reached over ssh" in left.run.stdout
    assert left.changes("absent") == []
    assert "absent" in left.run.stdout and "absent" in left.run.recap


def test_line_of_each_number_appears_all_the_same(left: Left) -> None:
    tables = [line for line in left.run.stdout.splitlines() if "canary" in line and "unreachable" in line]
    assert tables, left.run.transcript
