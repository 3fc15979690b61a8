# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as tests use it: a subprocess on free ports that dies with the test run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

PACKAGE_DIR = Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files"
START_SECONDS = 60.0


class Simulator:
    """Hold one running simulator; use start(), then stop() or a with block."""

    # A Python that has what roles/simulator/files/requirements.txt names.
    python = sys.executable

    def __init__(self, process: subprocess.Popen[bytes], run_dir: Path, ready: dict[str, Any]) -> None:
        self.process = process
        self.run_dir = run_dir
        self.pid: int = ready["pid"]
        self.graph_url: str = ready["graph_url"]
        self.admin_url: str = ready["admin_url"]
        self.ca_path: str = ready["ca_path"]
        self.ledger_path = Path(ready["ledger"])
        self.events_path = self.ledger_path.with_name("events.jsonl")
        self.nodes: dict[str, str] = ready["nodes"]
        self._admin = requests.Session()
        self._admin.trust_env = False
        self._admin.headers["X-Admin-Token"] = ready["admin_token"]

    @classmethod
    def start(cls, run_dir: Path, fleet: Any, faults: Any = None, **cli: Any) -> Simulator:
        """Start with a fleet (mapping or path) and faults (list or path); cli: onprem_port=9090, graph_tls=False...

        Raises RuntimeError with the log of the simulator when it does not get ready.
        """
        run_dir.mkdir(parents=True, exist_ok=True)
        command = [cls.python, "-m", "wabiz_simulator", "--run-dir", str(run_dir), "--parent-pid", str(os.getpid())]
        command += ["--fleet", str(_as_file(run_dir / "fleet.json", fleet))]
        if faults is not None:
            command += ["--faults", str(_as_file(run_dir / "faults.json", faults))]
        for name, value in cli.items():
            option = "--" + name.replace("_", "-")
            if value is False:
                command.append(option.replace("--", "--no-", 1))
            else:
                command += [option] if value is True else [option, str(value)]
        log = run_dir / "simulator.log"
        (run_dir / "ready.json").unlink(missing_ok=True)
        environment = {**os.environ, "PYTHONPATH": str(PACKAGE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
            )
        ready = run_dir / "ready.json"
        deadline = time.monotonic() + START_SECONDS
        try:
            while not ready.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the simulator did not get ready:\n{log.read_text(errors='replace')}")
                time.sleep(0.02)
        except BaseException:
            process.kill()
            process.wait()
            raise
        return cls(process, run_dir, json.loads(ready.read_text()))

    def stop(self) -> int:
        """Stop it by its own pid and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._admin.close()
        return self.process.returncode

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> str:
        return (self.run_dir / "simulator.log").read_text(errors="replace")

    def ledger(self, **want: Any) -> list[dict[str, Any]]:
        """Return the lines of the ledger, or those whose keys have the wanted values."""
        return [line for line in _lines(self.ledger_path) if all(line.get(key) == value for key, value in want.items())]

    def changes(self) -> list[dict[str, Any]]:
        """Return the requests that asked for a change, accepted or not; logins and reads are none."""
        return self.ledger(kind="change")

    def events(self, **want: Any) -> list[dict[str, Any]]:
        """Return the moments of the requests: arrived, decided, answered or lost."""
        return [line for line in _lines(self.events_path) if all(line.get(key) == value for key, value in want.items())]

    def outcome(self, seq: int, seconds: float = 5.0) -> str:
        """Wait until the answer of a request went out whole (answered) or not (lost); the client may be first."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            last = self.events(seq=seq)[-1]["event"]
            if last in ("answered", "lost"):
                return str(last)
            time.sleep(0.02)
        raise AssertionError(f"request {seq} has neither been answered nor lost after {seconds} s")

    def admin(self, method: str, path: str, json: Any = None) -> Any:
        """Call the admin endpoint; raises AssertionError with its words when it refuses."""
        answer = self._admin.request(method, self.admin_url + path, json=json, timeout=30)
        if not answer.ok:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def number(self, phone_number_id: str) -> dict[str, Any]:
        return dict(self.admin("GET", f"/numbers/{phone_number_id}"))

    def patch(self, phone_number_id: str, **state: Any) -> dict[str, Any]:
        """Change the state of a number behind the back of everybody."""
        return dict(self.admin("POST", f"/numbers/{phone_number_id}", json=state))

    def fault(self, kind: str, match: dict[str, Any] | None = None, **settings: Any) -> None:
        """Add one fault rule."""
        self.admin("POST", "/faults", json=[{"match": match or {}, "fault": {"kind": kind, **settings}}])

    def clear_faults(self) -> None:
        self.admin("DELETE", "/faults")

    def meters(self) -> dict[str, dict[str, Any]]:
        return {meter["phone_number_id"]: meter for meter in self.admin("GET", "/meters")}


def _as_file(path: Path, content: Any) -> Path:
    if isinstance(content, (str, Path)):
        return Path(content)
    path.write_text(json.dumps(content))
    path.chmod(0o600)
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]
