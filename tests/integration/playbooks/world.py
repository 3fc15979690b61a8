# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator with a fleet, its inventory, and runs of the collection's playbooks against it."""

from __future__ import annotations

import copy
import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

MIGRATE = ansible_run.ROOT / "playbooks" / "migrate.yml"
PREFLIGHT = ansible_run.ROOT / "playbooks" / "preflight.yml"
BACKUP_PASSWORD = "taco cat backwards"


def number_id(at: int) -> str:
    return str(100000000000000 + at)


def pin(at: int) -> str:
    """Return a PIN that no process, time or id looks like."""
    return f"07{at:04d}"


def fleet_of(count: int, wabas: int = 2, **changes: Any) -> dict[str, Any]:
    """Return a fleet as the simulator's own, with PINs that are found nowhere else."""
    content = fleet.generate(count, wabas, **changes)
    for at, number in enumerate(content["numbers"]):
        number["pin"] = pin(at)
    return content


class World:
    """One simulator, reset for each test; every test has a state directory and requests of its own."""

    def __init__(self, sim: Simulator, content: Mapping[str, Any], where: Path) -> None:
        self.sim = sim
        self.content = content
        self.where = where
        self.state = where / "state"
        self.count = len(content["numbers"])
        self.began = len(sim.ledger())

    def inventory(self, **hosts: Mapping[str, Any]) -> dict[str, Any]:
        """Return an inventory of the whole fleet as h00, h01 ...

        ``hosts`` changes the variables of some; the value "-" takes one away.
        """
        made = {}
        for at, number in enumerate(self.content["numbers"]):
            stated: dict[str, Any] = {
                "wa_migrate_phone_number_id": number["phone_number_id"],
                "wa_migrate_waba_id": number["waba_id"],
                "wa_migrate_pin": number["pin"],
                "wa_migrate_onprem_url": self.sim.nodes[number["phone_number_id"]],
            }
            stated.update(hosts.get(f"h{at:02d}", {}))
            made[f"h{at:02d}"] = {name: value for name, value in stated.items() if value != "-"}
        shared = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "wa_migrate_access_token": fleet.TOKEN,
            "wa_migrate_onprem_password": fleet.PASSWORD,
            "wa_migrate_backup_password": BACKUP_PASSWORD,
            "wa_migrate_graph_url": self.sim.graph_url,
            "wa_migrate_graph_ca_path": self.sim.ca_path,
            "wa_migrate_onprem_ca_path": self.sim.ca_path,
            "wa_migrate_state_dir": str(self.state),
            "wa_migrate_state_durable": True,
            "wa_migrate_confirm_timeout": 3,
            "wa_migrate_health_wait": 5,
        }
        return {"all": {"children": {"wa_onprem": {"hosts": made, "vars": shared}}}}

    def group_vars(self, inventory: Mapping[str, Any], **variables: Any) -> dict[str, Any]:
        changed = copy.deepcopy(dict(inventory))
        stated = changed["all"]["children"]["wa_onprem"]["vars"]
        for name, value in variables.items():
            stated["wa_migrate_" + name] = value
        return changed

    def run(self, book: str | Path, *arguments: str, inventory: Mapping[str, Any] | None = None, **options: Any) -> Run:
        return ansible_run.playbook(self.where / "ansible", book, inventory or self.inventory(), *arguments, **options)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Return the requests since this test began."""
        return self.sim.ledger()[self.began :]

    @property
    def changes(self) -> list[dict[str, Any]]:
        return [line for line in self.requests if line["kind"] == "change"]

    @property
    def registers(self) -> list[str]:
        """Return the numbers of all register requests, in their order."""
        return [line["phone_number_id"] for line in self.requests if line["path"].endswith("/register")]

    @property
    def moved(self) -> set[str]:
        state = self.sim.admin("GET", "/state")["numbers"]
        return {name for name, number in state.items() if number["location"] == "cloud"}

    def mark(self) -> None:
        """Forget the requests until now."""
        self.began = len(self.sim.ledger())


def lines(run: Run) -> dict[str, str]:
    """Return the line that each number got last: what the evaluation of the fleet says of it."""
    found: dict[str, str] = {}
    for event in run.results(action="wabiz.migration.wa_report"):
        found.update(event["result"].get("lines", {}))
    return found


def tables(run: Run) -> list[list[str]]:
    """Return what each evaluation of the fleet found: a row for each number, and below the lines that were shown."""
    found = []
    for event in run.results(action="wabiz.migration.wa_report"):
        result = event["result"]
        if "table" in result:
            rows = [_cells(host, text) for host, text in result["lines"].items()]
            found.append(["", _ROW % ("HOST", "STATE", "LOCATION"), *rows, "Numbers: ", *result["table"]])
    return found


_ROW = "%-40s %-20s %s"


def _cells(host: str, text: str) -> str:
    match = re.match(r".*?: ([a-z][a-z ]*?)(?:, on ([A-Z_]+))?\. ", text)
    assert match is not None, text
    return _ROW % (host, match[1], match[2] or "")


def input_errors(run: Run) -> dict[str, list[str]]:
    """Return what the check of the inputs reported: the faults of each host, and under "" those of the whole run."""
    found: dict[str, list[str]] = {}
    hosts: list[str] = []
    for line in (
        line for event in run.results(action="wabiz.migration.wa_inputs") for line in event["result"]["errors"]
    ):
        heads, _colon, rest = line.partition(": ")
        if not re.fullmatch(r"h\d+(, h\d+)*", heads):
            found.setdefault("", []).append(line)
        elif rest == "the same":
            found.update(dict.fromkeys(heads.split(", "), found[hosts[0]]))
        else:
            hosts = heads.split(", ")
            for host in hosts:
                found.setdefault(host, []).append(rest)
    return found


def states(table: list[str]) -> dict[str, str]:
    """Return the state of each host in a table."""
    rows = list(itertools.takewhile(lambda row: not row.startswith("Numbers: "), table[2:]))
    heads = table[1]
    at = {name: heads.index(name) for name in ("HOST", "STATE", "LOCATION")}
    return {row[at["HOST"] : at["STATE"]].strip(): row[at["STATE"] : at["LOCATION"]].strip() for row in rows}


def impatient() -> dict[str, Any]:
    """Return what leaves hardly any time for repeated reads, as an extra variable."""
    return {"wa_migrate_retry_for": 0.2}


@contextmanager
def when(condition: Callable[[], Any], then: Callable[[], Any]) -> Iterator[None]:
    """Do something as soon as something else has happened, while the block runs."""
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            if condition():
                then()
                return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)
