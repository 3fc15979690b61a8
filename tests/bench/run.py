# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: the shipped playbook beside a hand-written uri playbook and beside plain threads, on one simulator.

All in one go, because only ratios within one run say something: CPU of the simulator is not counted, but it takes part
of the two processors. Over SSH the CPU of the managed hosts and of the SSH masters in the background is not counted
either. A short setting is measured three times, and its row shows the median of each figure. build/bench.json has
every figure; --docs puts the table into README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import ansible.release
from ansible_collections.wabiz.migration.tests.support import sshd
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

from . import figures, goals, moves, plan

WHERE = ROOT / "build" / "bench"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the playbook beside others.")
    parser.add_argument("--numbers", type=int, default=0, help="measure the shipped playbook with so many numbers only")
    parser.add_argument("--ssh", action="store_true", help="with --numbers: over SSH")
    parser.add_argument("--only", default="", help="settings whose name holds this; for trying out")
    parser.add_argument("--once", action="store_true", help="measure each setting once; for trying out")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--docs", action="store_true", help="also write the table into README.md")
    given = parser.parse_args(arguments)
    groups = plan.select(given.numbers, given.only, given.ssh)
    left_out = sshd.missing() or ""
    if left_out and any(one.ssh for group in groups for one in group):
        sys.stdout.write(f"{left_out}. The settings with ssh are left out.\n")
        groups = plan.without_ssh(groups)
    if not groups:
        sys.stdout.write("No setting to measure.\n")
        return 1
    shutil.rmtree(WHERE, ignore_errors=True)
    WHERE.mkdir(parents=True)
    began = time.monotonic()
    rows: list[moves.Row] = []
    for at, group in enumerate(groups):
        for row in _repeated(WHERE / str(at), group, given.once):
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
        "compared": figures.compared(rows),
        "goals": goals.goals(rows),
    }
    given.out.write_text(json.dumps(report, indent=1) + "\n")
    sys.stdout.write("\n".join(figures.reported(report)) + f"\n{given.out}\n")
    if given.docs:
        figures.write(report, ROOT / "README.md")
    broken = [row["name"] for row in rows if row["faults"]]
    return 1 if broken else 0


def _repeated(where: Path, group: plan.Group, once: bool) -> list[moves.Row]:
    """Measure a group as often as its length allows, and return the row of each setting."""
    where.mkdir()
    runs = [_measured(where / "0", group)]
    wanted = 1 if once else plan.passes(sum(row["wall_seconds"] for row in runs[0]))
    runs += [_measured(where / str(at), group) for at in range(1, wanted)]
    return [figures.median(rows) for rows in zip(*runs, strict=True)]


def _measured(where: Path, group: plan.Group) -> list[moves.Row]:
    """Measure the settings of a group once."""
    rows: list[moves.Row] = []
    first = group[0]
    where.mkdir()
    hosts = moves.managed_hosts(where / "sshd", first)
    try:
        with moves.simulator(where / "simulator", first) as sim:
            for setting in group:
                if setting.who == "threads":
                    continue
                before = len(sim.ledger())
                _cost, row = moves.play(where / setting.who, sim, setting, hosts)
                rows.append(row)
                if setting.who == plan.OWN:
                    sent = sim.ledger()[before:]
        for setting in group:
            if setting.who == "threads":
                with moves.simulator(where / "simulator-of-threads", setting) as sim:
                    rows.append(moves.threads(where / "threads", sim, setting, sent))
    finally:
        if hosts is not None:
            hosts.stop()
    return rows


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
