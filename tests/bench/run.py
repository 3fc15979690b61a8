# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: the shipped playbook beside a hand-written uri playbook and beside plain threads, on one simulator.

All in one go, because only ratios within one run say something: CPU of the simulator is not counted, but it takes part
of the two processors. build/bench.json has every figure; --docs puts the table into README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ansible.release
import yaml
from ansible_collections.wabiz.migration.tests.support import sshd
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT, clean_environment
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

from . import figures, measure

HERE = Path(__file__).parent
BOOKS = {
    "uri": HERE / "uri.yml",
    "empty": HERE / "empty.yml",
    "wabiz.migration": ROOT / "playbooks" / "migrate.yml",
    "again": ROOT / "playbooks" / "migrate.yml",
}
BACKUP_PASSWORD = "any text"
WABAS = 8
THREADS = 50


@dataclass(frozen=True)
class Setting:
    """One thing that is measured: who moves how many numbers, and in what surroundings."""

    who: str
    numbers: int
    latency_ms: int = 0
    register_seconds: float = 0.0
    forks: int = 10
    ssh: bool = False

    @property
    def name(self) -> str:
        parts = [self.who, str(self.numbers)]
        parts += [f"{self.latency_ms} ms"] if self.latency_ms else []
        parts += [f"register {self.register_seconds:g} s, forks {self.forks}"] if self.register_seconds else []
        parts += ["ssh"] if self.ssh else []
        return ", ".join(parts)


# What is run one after another on one simulator shares a line: what is moved first is read again by "again".
PLAN: tuple[tuple[Setting, ...], ...] = (
    (Setting("uri", 50),),
    (Setting("wabiz.migration", 50), Setting("again", 50), Setting("threads", 50)),
    (Setting("wabiz.migration", 20), Setting("again", 20), Setting("threads", 20)),
    (Setting("wabiz.migration", 200), Setting("again", 200), Setting("threads", 200)),
    (Setting("empty", 100), Setting("wabiz.migration", 100)),
    (Setting("empty", 1000), Setting("wabiz.migration", 1000), Setting("again", 1000), Setting("threads", 1000)),
    (Setting("uri", 20, latency_ms=50),),
    (Setting("wabiz.migration", 20, latency_ms=50), Setting("threads", 20, latency_ms=50)),
    (Setting("wabiz.migration", 200, latency_ms=50), Setting("threads", 200, latency_ms=50)),
    (Setting("uri", 20, ssh=True),),
    (Setting("wabiz.migration", 20, ssh=True), Setting("again", 20, ssh=True)),
    (Setting("wabiz.migration", 200, register_seconds=3.0, forks=10),),
    (Setting("wabiz.migration", 200, register_seconds=3.0, forks=50),),
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=0, help="measure the shipped playbook with so many numbers only")
    parser.add_argument("--only", default="", help="settings whose name holds this; for trying out")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--docs", action="store_true", help="also write the table into README.md")
    given = parser.parse_args(arguments)
    where = ROOT / "build" / "bench"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    plan = (
        PLAN if not given.numbers else ((Setting("wabiz.migration", given.numbers), Setting("again", given.numbers)),)
    )
    plan = tuple(line for line in plan if any(given.only in one.name for one in line))
    began = time.monotonic()
    rows: list[dict[str, Any]] = []
    for at, line in enumerate(plan):
        for row in _line(where / str(at), line):
            rows.append(row)
            sys.stdout.write(figures.line(row) + "\n")
            sys.stdout.flush()
    report = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 1),
        "ansible_core": ansible.release.__version__,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "only": given.only,
        "rows": rows,
        "goals": figures.goals(rows),
    }
    given.out.write_text(json.dumps(report, indent=1) + "\n")
    sys.stdout.write("\n".join(figures.reported(report)) + f"\n{given.out}\n")
    if given.docs:
        figures.write(report, ROOT / "README.md")
    broken = [row["name"] for row in rows if row["faults"]]
    return 1 if broken else 0


def _line(where: Path, settings: Sequence[Setting]) -> list[dict[str, Any]]:
    """Measure settings that share their numbers: "again" finds them moved, "threads" gets a fleet of its own."""
    rows: list[dict[str, Any]] = []
    first = settings[0]
    where.mkdir()
    hosts = sshd.Sshd.start(where / "sshd", {f"far-{at}": {} for at in range(4)}) if first.ssh else None
    calls: list[dict[str, Any]] = []
    try:
        with _simulator(where / "simulator", first) as sim:
            for setting in settings:
                if setting.who == "threads":
                    continue
                rows.append(_played(where / setting.who, sim, setting, hosts))
                if setting.who == "wabiz.migration":
                    calls = _calls(sim)
        for setting in settings:
            if setting.who == "threads":
                with _simulator(where / "simulator-of-threads", setting) as sim:
                    rows.append(_threads(where / "threads", sim, setting, calls))
    finally:
        if hosts is not None:
            hosts.stop()
    return rows


def _simulator(where: Path, setting: Setting) -> Simulator:
    switches = {"register_seconds": setting.register_seconds, "latency_ms": setting.latency_ms}
    return Simulator.start(where, fleet.generate(setting.numbers, min(WABAS, setting.numbers), **switches))


def _played(where: Path, sim: Simulator, setting: Setting, hosts: sshd.Sshd | None) -> dict[str, Any]:
    where.mkdir()
    # JSON is YAML too, and PyYAML takes minutes for five thousand hosts where json takes a second.
    inventory = where / "inventory.json"
    inventory.write_text(json.dumps(_inventory(where.parent / "state", sim, setting, hosts)))
    environ = {**clean_environment(where), "ANSIBLE_FORKS": str(setting.forks), "ANSIBLE_PIPELINING": "1"}
    del environ["ANSIBLE_CALLBACK_PLUGINS"]
    before = len(sim.ledger())
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(inventory), str(BOOKS[setting.who])]
    cost = measure.run(command, environ, where, where / "output")
    return _row(sim, setting, cost, sim.ledger()[before:])


def _threads(where: Path, sim: Simulator, setting: Setting, calls: list[dict[str, Any]]) -> dict[str, Any]:
    where.mkdir()
    job = {
        "threads": min(THREADS, setting.numbers),
        "ca_path": sim.ca_path,
        "graph_url": sim.graph_url,
        "token": fleet.TOKEN,
        "node_password": fleet.PASSWORD,
        "backup_password": BACKUP_PASSWORD,
        "numbers": [{**one, "node": sim.nodes.get(one["id"], "")} for one in calls],
    }
    path = where / "job.json"
    path.write_text(json.dumps(job))
    cost = measure.run([sys.executable, str(HERE / "threads.py"), str(path)], os.environ, where, where / "output")
    return _row(sim, setting, cost, sim.ledger())


def _calls(sim: Simulator) -> list[dict[str, Any]]:
    """Return the calls of each number in their order; what is asked for a whole WABA comes first, as one more."""
    found: dict[str, list[list[str]]] = {"": []}
    for line in sim.ledger():
        found.setdefault(line["phone_number_id"] or "", []).append([line["method"], line["path"], line["query"]])
    pins = {number["phone_number_id"]: number["pin"] for number in _numbers(sim)}
    return [{"id": name, "pin": pins.get(name, ""), "calls": calls} for name, calls in found.items()]


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
            facts.update(far.variables(f"far-{at % 4}"))
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
    return {"wa_onprem": {"hosts": hosts, "vars": shared}}


def _row(sim: Simulator, setting: Setting, cost: measure.Cost, ledger: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    count = setting.numbers
    meters = list(sim.meters().values())
    moved = [meter for meter in meters if meter["registered_at"] is not None]
    beyond = sorted(max(0.0, meter["dropped_seconds"] - (meter["register_seconds"] or 0.0)) for meter in moved)
    apis = Counter(str(line["api"]) for line in ledger)
    faults = [f"exit code {cost.exit_code}"] if cost.exit_code else []
    if setting.who in ("uri", "wabiz.migration", "threads") and len(moved) != count:
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


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
