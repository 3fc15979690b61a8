# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves of a generated fleet on the simulator, as the benchmark and the profile run them."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.wabiz.migration.tests.support import sshd
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT, clean_environment
from ansible_collections.wabiz.migration.tests.support.output import own_lines
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

from . import figures, measure
from .plan import OWN, SILENT, Setting

HERE = Path(__file__).parent
BOOKS = {
    "uri": HERE / "uri.yml",
    "empty": HERE / "empty.yml",
    OWN: ROOT / "playbooks" / "migrate.yml",
    SILENT: ROOT / "playbooks" / "migrate.yml",
    "again": ROOT / "playbooks" / "migrate.yml",
}
# The addresses of the managed hosts are in one /24.
MOST_HOSTS = 200
BACKUP_PASSWORD = "any text"
WABAS = 8
THREADS = 50
ANSIBLE = (sys.executable, "-m", "ansible")

Row = dict[str, Any]


def managed_hosts(where: Path, setting: Setting) -> sshd.Sshd | None:
    """Start a managed host for each number, as each has a deployment of its own; None for a local connection."""
    if not setting.ssh:
        return None
    return sshd.Sshd.start(where, {f"far-{at}": {} for at in range(min(setting.numbers, MOST_HOSTS))})


def simulator(where: Path, setting: Setting) -> Simulator:
    """Start a simulator with the numbers of a setting."""
    switches = {"register_seconds": setting.register_seconds, "latency_ms": setting.latency_ms}
    return Simulator.start(where, fleet.generate(setting.numbers, min(WABAS, setting.numbers), **switches))


def play(
    where: Path,
    sim: Simulator,
    setting: Setting,
    hosts: sshd.Sshd | None,
    ansible: Sequence[str] = ANSIBLE,
    more: Mapping[str, str] | None = None,
) -> tuple[measure.Cost, Row]:
    """Run the playbook of a setting with ``more`` in its environment, and return its cost and its row."""
    where.mkdir()
    if hosts is not None:
        hosts.new_controller()  # a second run that follows at once would find the connections of the first one open
    # JSON is YAML too, and PyYAML takes minutes for five thousand hosts where json takes a second.
    inventory = where / "inventory.json"
    inventory.write_text(json.dumps(_inventory(where.parent / "state", sim, setting, hosts)))
    environ = {
        **clean_environment(where),
        "ANSIBLE_FORKS": str(setting.forks),
        "ANSIBLE_PIPELINING": "1",
        **(more or {}),
    }
    del environ["ANSIBLE_CALLBACK_PLUGINS"]
    before, executed = len(sim.ledger()), hosts.executions() if hosts is not None else 0
    command = [*ansible, "playbook", "-i", str(inventory), str(BOOKS[setting.who])]
    cost = measure.run(command, environ, where, where / "output")
    row = {**_row(sim, setting, cost, sim.ledger()[before:]), **_printed((where / "output").read_text())}
    if hosts is not None:
        row["executions_per_number"] = round((hosts.executions() - executed) / setting.numbers, 2)
    return cost, row


def _printed(output: str) -> dict[str, int]:
    """Return how many lines a run printed beside Ansible's own for a host, and how many waves it had."""
    waves = re.findall(r"in waves: (\d+)", output)
    return {"own_lines": len(own_lines(output)), "waves": max([1, *map(int, waves)])}


def threads(where: Path, sim: Simulator, setting: Setting, sent: Sequence[Mapping[str, Any]]) -> Row:
    """Send the requests of another run's ledger from plain threads, and return the row."""
    where.mkdir()
    pins = {number["phone_number_id"]: number["pin"] for number in _numbers(sim)}
    job = {
        "threads": min(THREADS, setting.numbers),
        "ca_path": sim.ca_path,
        "graph_url": sim.graph_url,
        "token": fleet.TOKEN,
        "node_password": fleet.PASSWORD,
        "backup_password": BACKUP_PASSWORD,
        "numbers": [
            {"id": name, "pin": pins.get(name, ""), "node": sim.nodes.get(name, ""), "calls": calls}
            for name, calls in _calls(sent).items()
        ],
    }
    path = where / "job.json"
    path.write_text(json.dumps(job))
    cost = measure.run([sys.executable, str(HERE / "threads.py"), str(path)], os.environ, where, where / "output")
    ledger = sim.ledger()
    return {**_row(sim, setting, cost, ledger), "differs": figures.difference(sent, ledger)}


def _calls(ledger: Sequence[Mapping[str, Any]]) -> dict[str, list[list[str]]]:
    """Return the calls of each number in their order; what is asked for a whole WABA comes first, as one more."""
    found: dict[str, list[list[str]]] = {"": []}
    for line in ledger:
        found.setdefault(line["phone_number_id"] or "", []).append([line["method"], line["path"], line["query"]])
    return found


def _numbers(sim: Simulator) -> list[dict[str, Any]]:
    content = yaml.safe_load((sim.run_dir / "fleet.json").read_text())
    return list(content["numbers"])


def _inventory(state: Path, sim: Simulator, setting: Setting, far: sshd.Sshd | None) -> dict[str, Any]:
    hosts: dict[str, Any] = {}
    for at, number in enumerate(fleet.generate(setting.numbers, min(WABAS, setting.numbers))["numbers"]):
        facts: dict[str, Any] = {
            "wa_migrate_phone_number_id": number["phone_number_id"],
            "wa_migrate_waba_id": number["waba_id"],
            "wa_migrate_pin": number["pin"],
            "wa_migrate_onprem_url": sim.nodes[number["phone_number_id"]],
            "wa_migrate_state_dir": str(state / f"n{at}"),
        }
        if far is not None:
            facts.update(far.variables(f"far-{at % MOST_HOSTS}"))
        hosts[f"n{at:04d}"] = facts
    shared: dict[str, Any] = {
        "ansible_python_interpreter": sys.executable,
        "wa_migrate_access_token": fleet.TOKEN,
        "wa_migrate_onprem_password": fleet.PASSWORD,
        "wa_migrate_onprem_ca_path": sim.ca_path,
        "wa_migrate_graph_url": sim.graph_url,
        "wa_migrate_graph_ca_path": sim.ca_path,
        "wa_migrate_backup_password": BACKUP_PASSWORD,
        "wa_migrate_purpose": "customer_support",
        "wa_migrate_state_durable": True,
    }
    if far is None:
        shared["ansible_connection"] = "local"
    if setting.who == SILENT:
        shared["wa_migrate_report_dir"] = ""
    return {"wa_onprem": {"hosts": hosts, "vars": shared}}


def _row(sim: Simulator, setting: Setting, cost: measure.Cost, ledger: Sequence[Mapping[str, Any]]) -> Row:
    count = setting.numbers
    meters = list(sim.meters().values())
    moved = [meter for meter in meters if meter["registered_at"] is not None]
    beyond = sorted(max(0.0, meter["dropped_seconds"] - (meter["register_seconds"] or 0.0)) for meter in moved)
    apis = Counter(str(line["api"]) for line in ledger)
    faults = [f"exit code {cost.exit_code}"] if cost.exit_code else []
    if setting.who in ("uri", OWN, SILENT, "threads") and len(moved) != count:
        faults.append(f"{len(moved)} of {count} numbers moved")
    return {
        "name": setting.name,
        **asdict(setting),
        "faults": faults,
        "cpu_ms_per_number": round(1000 * cost.cpu / count, 1),
        "cpu_seconds": round(cost.cpu, 2),
        "wall_seconds": round(cost.wall, 2),
        "largest_process_mib": round(cost.largest, 1),
        "tree_mib": round(cost.tree, 1),
        "requests_per_number": {api: round(number / count, 3) for api, number in sorted(apis.items())},
        "dropped_beyond_register": figures.spread(beyond),
        "undelivered": figures.spread(sorted(meter["undelivered_seconds"] for meter in meters)),
    }
