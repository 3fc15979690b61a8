# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make profile: where the CPU of the parent process and of the workers goes in a run of the shipped playbook.

Runs the playbook twice against the simulator, on fleets of the same size: once only with what ``resource`` says of each
process, once with a profile of each process. Over SSH the CPU of the managed hosts is not part of it.
"""

from __future__ import annotations

import argparse
import marshal
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.wabiz.migration.tests.support import sshd
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

from . import moves, plan, profile_figures

WHERE = ROOT / "build" / "profile"
_HOOK = Path(__file__).with_name("profile_hook.py")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make profile", description="Show where the CPU of a run goes.")
    parser.add_argument("--numbers", type=int, default=50)
    parser.add_argument("--ssh", action="store_true", help="over SSH, with a managed host for each number")
    parser.add_argument("--forks", type=int, default=10)
    parser.add_argument("--second", action="store_true", help="profile a second run, which finds all numbers moved")
    parser.add_argument("--top", type=int, default=25, help="how many functions to show")
    given = parser.parse_args(arguments)
    reason = sshd.missing()
    if given.ssh and reason:
        sys.stdout.write(f"{reason}\n")
        return 1
    setting = plan.Setting("again" if given.second else plan.OWN, given.numbers, forks=given.forks, ssh=given.ssh)
    shutil.rmtree(WHERE, ignore_errors=True)
    WHERE.mkdir(parents=True)
    runs = [_run(WHERE / mode, mode, setting) for mode in ("plain", "profile")]
    for role in ("parent", "worker"):
        stats = profile_figures.merged(one for process in runs[1][1] if process.role == role for one in process.stats)
        (WHERE / f"{role}.pstats").write_bytes(marshal.dumps(stats))
    (plain_cpu, plain), (profiled_cpu, profiled) = runs
    lines = profile_figures.report(given.numbers, plain, profiled, (plain_cpu, profiled_cpu), given.top)
    over = "SSH" if given.ssh else "a local connection"
    sys.stdout.write(f"{setting.name}: the playbook over {over}, {given.forks} forks\n")
    sys.stdout.write("\n".join(lines) + f"\n\nfor python -m pstats: {WHERE}/parent.pstats, {WHERE}/worker.pstats\n")
    return 0


def _run(where: Path, mode: str, setting: plan.Setting) -> tuple[float, list[profile_figures.Process]]:
    """Run the playbook, and return its CPU seconds and what each process left. Raises RuntimeError where it fails."""
    left = where / "processes"
    left.mkdir(parents=True)
    hosts = moves.managed_hosts(where / "sshd", setting)
    try:
        with moves.simulator(where / "simulator", setting) as sim:
            if setting.who == "again":
                first = plan.Setting(plan.OWN, setting.numbers, forks=setting.forks, ssh=setting.ssh)
                _check(moves.play(where / "first", sim, first, hosts)[1], where / "first")
            hooked = [sys.executable, str(_HOOK), str(left), mode]
            cost, row = moves.play(where / "run", sim, setting, hosts, hooked)
            _check(row, where / "run")
    finally:
        if hosts is not None:
            hosts.stop()
    return cost.cpu, [profile_figures.Process(**marshal.loads(path.read_bytes())) for path in sorted(left.iterdir())]


def _check(row: moves.Row, where: Path) -> None:
    if row["faults"]:
        raise RuntimeError(f"the run to profile failed: {'; '.join(row['faults'])}, see {where / 'output'}")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
