# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start in the background and wait until it listens; stop by process id. Standard library only."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STOP_SECONDS = 15.0


class NotReadyError(Exception):
    """Tell that the simulator did not get ready; the text has its log."""


def running(run_dir: Path) -> int | None:
    """Return the process id of the simulator of this directory, or None."""
    try:
        pid = int(json.loads((run_dir / "ready.json").read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return None
    return pid if _is_simulator(pid) else None


def _is_simulator(pid: int) -> bool:
    """A number alone may belong to somebody else by now: a process is stopped only when it is a simulator."""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return "wabiz_simulator" in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def start(run_dir: Path, arguments: list[str], seconds: float) -> int:
    """Run the command line in a session of its own until ready.json is there; raises NotReadyError."""
    log = run_dir / "simulator.log"
    (run_dir / "ready.json").unlink(missing_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "wabiz_simulator", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + seconds
    while not (run_dir / "ready.json").exists():
        ended = process.poll()
        if ended is None and time.monotonic() < deadline:
            time.sleep(0.05)
            continue
        if ended is None:
            process.kill()
            process.wait()
        why = f"was not ready after {seconds:g} s" if ended is None else f"ended with exit code {ended}"
        raise NotReadyError(f"the simulator {why}; its log {log}:\n{log.read_text(encoding='utf-8', errors='replace')}")
    return process.pid


def stop(run_dir: Path) -> bool:
    """End the simulator of this directory and wait for it; False when none runs."""
    pid = running(run_dir)
    if pid is None:
        (run_dir / "ready.json").unlink(missing_ok=True)
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_simulator(pid):
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            (run_dir / "ready.json").unlink(missing_ok=True)
            break
        time.sleep(0.05)
    return True


def main(arguments: list[str]) -> int:
    """Answer status, or stop with --stop, in one JSON object; runs as a file of its own, without any package."""
    ending = "--stop" in arguments
    run_dir = Path(arguments[-1])
    answer = {"stopped": stop(run_dir)} if ending else {"pid": running(run_dir)}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
