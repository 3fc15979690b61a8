# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: starts the simulator, moves the example fleet with the shipped playbook (canary, fleet, fleet again), shows it.

`make demo` calls it; it writes below build/demo only and leaves nothing running.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "build/collections"))

from ansible_collections.wabiz.migration.tests.demo import fleet, screen
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

# Each run: its title, its limit, and the exit status that it must have: a number that is kept out fails.
RUNS: tuple[tuple[str, list[str], int], ...] = (
    ("1 canary", ["-l", "canary"], 0),
    ("2 fleet", [], 2),
    ("3 fleet again", [], 2),
)
RUN_SECONDS = 300
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(directory: Path = ROOT / "build/demo") -> int:
    """Run the demo in ``directory``; return 0 only if all is as it must be.

    Every number but the one that is kept out has moved, and the last run changed nothing.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    number_of = {fleet.phone_number_id(at): number for at, number in enumerate(fleet.NUMBERS)}
    print(f"{len(fleet.NUMBERS)} numbers of {len(fleet.WABAS)} WhatsApp Business Accounts, a simulator of both APIs")
    addressing = "port" if sys.platform == "darwin" else "ip"
    with Simulator.start(directory / "simulator", fleet.simulated(), addressing=addressing) as simulator:
        inventory = _write_inventory(directory, simulator)
        before = simulator.admin("GET", "/state")["numbers"]
        runs = []
        with _meanwhile(simulator, number_of):
            for title, limit, expected in RUNS:
                run = replace(_run(directory, inventory, title, limit, simulator), expected=expected)
                runs.append(run)
                if run.status != expected:
                    break
        after = simulator.admin("GET", "/state")["numbers"]
        meters, registers = simulator.meters(), simulator.ledger(kind="change", api="graph")
    fates = [
        screen.Fate(number.host, before[at], after[at], meters[at], _registers(registers, at), number.story)
        for at, number in number_of.items()
    ]
    print(
        "",
        *screen.numbers(fates, runs[-1]),
        "",
        *screen.runs(runs),
        "",
        *screen.stories(fates),
        *screen.totals(fates, runs),
        sep="\n",
    )
    faults = screen.faults(fates, runs)
    for fault in faults[:8]:
        print(f"NOT WELL: {fault}")
    for page in _pages(directory):
        print(f"Report, for a browser: {_short(page)}")
    print(f"Logs, inventory, the simulator's ledger and the attempt log of every number: {_short(directory)}")
    return 1 if faults else 0


@contextmanager
def _meanwhile(simulator: Simulator, numbers: Mapping[str, fleet.Number]) -> Iterator[None]:
    """Lose the answer to one register call, and let a busy node get quiet once a run has waited for it."""
    over = threading.Event()
    (waits,) = [at for at, number in numbers.items() if number.story == fleet.WAITED]
    (lost,) = [at for at, number in numbers.items() if number.story == fleet.LOST_ANSWER]
    simulator.fault("reset_after", {"path": f"/{lost}/register$", "times": 1})

    def drain() -> None:
        while not over.wait(0.2):
            looks = [line for line in simulator.ledger() if line["path"] == "/metrics"]
            if sum(line["phone_number_id"] == waits for line in looks) >= 2:
                simulator.patch(waits, node={"queues": {"callback_queue_size": 0}})
                return

    thread = threading.Thread(target=drain)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _pages(directory: Path) -> list[Path]:
    """Return the reports of the runs, in the order of the runs."""
    found = (directory / "ansible/wabiz").glob("*/report.html")
    return sorted(found, key=lambda page: page.stat().st_mtime)


def _registers(lines: list[dict[str, Any]], phone_number_id: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["path"].endswith(f"/{phone_number_id}/register")]


def _write_inventory(directory: Path, simulator: Simulator) -> Path:
    content = fleet.inventory(
        simulator.nodes, simulator.graph_url, simulator.ca_path, str((directory / "state").absolute())
    )
    path = directory / "inventory.yml"
    path.write_text(
        "# The example fleet. Its secrets open nothing but the simulator.\n" + yaml.safe_dump(content, sort_keys=False)
    )
    return path


def _run(directory: Path, inventory: Path, title: str, limit: list[str], simulator: Simulator) -> screen.Run:
    """Run the playbook with the progress display, on the terminal or else into its log; return what came of it."""
    command = ["ansible-playbook", "playbooks/migrate.yml", "-i", _short(inventory), *limit]
    log = directory / f"{title.replace(' ', '-')}.log"
    seen = len(simulator.ledger())
    print("$", *command, flush=True)
    results = log.with_suffix(".results.jsonl")
    environment = {**_environment(directory), "EVENTS_FILE": str(results)}
    began = time.monotonic()
    with log.open("w") as out:
        if sys.stdout.isatty():
            status = _quietly(command, None, {**environment, "ANSIBLE_LOG_PATH": str(log)})
        else:
            status = _quietly(command, out, environment)
    text = log.read_text()
    recap = _recap(results)
    run = screen.Run(title, status, recap, simulator.ledger()[seen:])
    changed = sum(bool(counts["changed"]) for counts in recap.values())
    seconds = time.monotonic() - began
    print(
        f"  {len(recap)} hosts, {changed} changed, exit {status}, {seconds:.1f} s, output in {_short(log)}", flush=True
    )
    if status not in (0, 2):
        print(*text.splitlines()[-12:], sep="\n")
    return run


def _recap(results: Path) -> dict[str, dict[str, int]]:
    """Return Ansible's counts of each host, from the last line that the callback for tests has written."""
    lines = results.read_text().splitlines() if results.exists() else []
    last = json.loads(lines[-1]) if lines else {}
    return {host: {**counts, "failed": counts["failures"]} for host, counts in last.get("hosts", {}).items()}


def _quietly(command: list[str], out: Any, environment: dict[str, str]) -> int:
    """Run a command to its end; an interrupt of this process is handed on, and its end is waited for."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
    )
    try:
        return process.wait(RUN_SECONDS)
    except BaseException:
        # Ansible ends its workers on an interrupt, a kill would leave them behind. A second Ctrl-C does not hasten it.
        heard = {number: signal.signal(number, signal.SIG_IGN) for number in ENDINGS}
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for number, handler in heard.items():
            signal.signal(number, handler)
        raise


def _environment(directory: Path) -> dict[str, str]:
    """Return the user's environment without what would change how Ansible works, and with nothing written elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "WABIZ_"))}
    home = str((directory / "ansible").absolute())
    local = "127.0.0.0/8,localhost"
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}",
        "ANSIBLE_HOME": home,
        "ANSIBLE_REMOTE_TMP": f"{home}/tmp",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_STDOUT_CALLBACK": "wabiz.migration.progress",
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/support/callback_plugins"),
        # A proxy of the user's cannot reach the simulator.
        "NO_PROXY": local,
        "no_proxy": local,
    }


def _short(path: Path) -> str:
    """Return a path as somebody in the repository would type it."""
    return os.path.relpath(path, ROOT) if path.absolute().is_relative_to(ROOT) else str(path)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def command_line(arguments: list[str]) -> int:
    """Run the demo, in build/demo or in the directory that is named; 130 after an interrupt."""
    for ending in ENDINGS:
        signal.signal(ending, _end)
    try:
        return main(*map(Path, arguments))
    except KeyboardInterrupt:
        print("\nInterrupted; the simulator is stopped, nothing is left running.")
        return 130
    except RuntimeError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(command_line(sys.argv[1:]))
