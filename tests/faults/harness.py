# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-playbook that are stopped at points and lose processes: start, victims by process tree, end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support.ansible_run import COLLECTIONS, ROOT, as_yaml
from ansible_collections.wabiz.migration.tests.support.sshd import Sshd

from .processes import acts, masters, until
from .world import BACKUP_PASSWORD, INJECT, NODE_PASSWORD, Number, TestEnvironment, environment

LOCAL, SSH, HOST = "local", "ssh", "ssh, Graph from the host"
PATIENCE = 300.0
# Machines behind SSH; each takes so many sessions over one connection, so a batch is spread over some.
MACHINES = ("far-0", "far-1", "far-2", "far-3")


class StuckError(AssertionError):
    """A batch did not come to the point at which the case was to happen."""


@dataclass
class Setting:
    """What a run is made with; the injection reads it."""

    flavour: str
    numbers: list[Number]
    state: Path
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    guards: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    of_host: dict[str, dict[str, Any]] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    task_timeout: int = 0
    collections: Path = COLLECTIONS
    book: Path = ROOT / "playbooks" / "migrate.yml"


class Run:
    """One ansible-playbook with all that it has started."""

    def __init__(self, env: TestEnvironment, own: Path, setting: Setting, ssh: Sshd | None) -> None:
        own.mkdir(mode=0o700)
        self.own = own
        self.setting = setting
        self.faults = own / "faults"
        self.faults.mkdir()
        script = {
            "holds": setting.reasons,
            "settings": setting.settings,
            "guards": setting.guards,
            "state": {one.host: str(setting.state / one.host / one.id) for one in setting.numbers},
        }
        (self.faults / "script.json").write_text(json.dumps(script))
        # ssh's socket must have a short name
        self._control = Path(tempfile.mkdtemp(prefix="wf-"))
        inventory = as_yaml(own / "inventory.yml", self._inventory(env, ssh))
        environ = {**environment(own, self.faults), "EVENTS_FILE": str(own / "events.jsonl")}
        environ["ANSIBLE_COLLECTIONS_PATH"] = str(setting.collections)
        if setting.task_timeout:
            environ["ANSIBLE_TASK_TIMEOUT"] = str(setting.task_timeout)
        self.known: set[int] = set()
        with (own / "stdout").open("wb") as out, (own / "stderr").open("wb") as err:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "ansible",
                    "playbook",
                    "-i",
                    str(inventory),
                    *setting.arguments,
                    str(setting.book),
                ],
                cwd=own,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def _inventory(self, env: TestEnvironment, ssh: Sshd | None) -> dict[str, Any]:
        setting = self.setting
        hosts = {}
        for one in setting.numbers:
            hosts[one.host] = {
                "wa_migrate_phone_number_id": one.id,
                "wa_migrate_waba_id": one.waba,
                "wa_migrate_onprem_url": env.sim.nodes[one.id],
                "wa_migrate_pin": one.pin,
                "wa_migrate_access_token": one.token,
                "wa_migrate_state_dir": str(setting.state / one.host),
                **setting.of_host.get(one.host, {}),
            }
            if setting.flavour != LOCAL:
                if ssh is None:
                    raise ValueError("this flavour needs an sshd")
                hosts[one.host].update(ssh.variables(MACHINES[one.at % len(MACHINES)]))
                hosts[one.host]["ansible_python_interpreter"] = self._interpreter(one)
                hosts[one.host]["ansible_control_path_dir"] = str(self._control)
        shared: dict[str, Any] = {
            "ansible_python_interpreter": sys.executable,
            "ansible_connection": "local",
            "wa_migrate_onprem_password": NODE_PASSWORD,
            "wa_migrate_onprem_ca_path": env.sim.ca_path,
            "wa_migrate_graph_url": env.sim.graph_url,
            "wa_migrate_graph_ca_path": env.sim.ca_path,
            "wa_migrate_backup_password": BACKUP_PASSWORD,
            "wa_migrate_clear_two_step": True,
            "wa_migrate_waves": ["100%"],
            "wa_migrate_on_blocker": "continue",
            "wa_migrate_state_durable": True,
            "wa_migrate_confirm_timeout": 4,
            "wa_migrate_health_wait": 0,
            **setting.variables,
        }
        if setting.flavour == HOST:
            shared["wa_migrate_graph_via"] = "host"
        return {"wa_onprem": {"hosts": hosts, "vars": shared}}

    def _interpreter(self, one: Number) -> str:
        """Return a Python of this host's own: what a host starts does not inherit the controller's environment."""
        path = self.own / f"python-{one.host}"
        path.write_text(
            "#!/bin/sh\n"
            f'WABIZ_FAULTS="{self.faults}" WABIZ_FAULT_HOST="{one.host}" PYTHONPATH="{INJECT}" '
            f'PYTHONDONTWRITEBYTECODE=1 exec "{sys.executable}" "$@"\n'
        )
        path.chmod(0o700)
        return str(path)

    # --- what is known of it

    def trace(self, host: str) -> list[dict[str, Any]]:
        path = self.faults / f"trace-{host}"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]

    def witnesses(self, host: str) -> list[dict[str, Any]]:
        """Return what lay on disk at the first byte of each register request of this run."""
        path = self.faults / f"witness-{host}"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def stopped_in(self, host: str) -> int | None:
        """Return the process that stands at the point of this host."""
        try:
            return int((self.faults / f"stopped-{host}").read_text())
        except FileNotFoundError:
            return None

    def go_on(self, hosts: Iterable[str]) -> None:
        for host in hosts:
            (self.faults / f"go-{host}").touch()

    def running(self) -> bool:
        return self.process.poll() is None

    def tree(self) -> set[int]:
        """Return the processes below ansible-playbook; a worker has a session of its own, so only parents tell."""
        parents: dict[int, list[int]] = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError):
                    reported = Path(f"/proc/{entry}/stat").read_text()
                    parents.setdefault(int(reported.rpartition(")")[2].split()[1]), []).append(int(entry))
        found: set[int] = set()
        unseen = [self.process.pid]
        while unseen:
            pid = unseen.pop()
            if pid not in found:
                found.add(pid)
                unseen += parents.get(pid, [])
        return found

    def remember(self) -> None:
        """Note every process of the run before some are killed: a surviving worker has no parent to be found by."""
        self.known |= self.tree()
        for one in self.setting.numbers:
            pid = self.stopped_in(one.host)
            self.known |= {pid} if pid else set()

    def worker_of(self, host: str) -> int:
        """Return the worker that works for this host, a child of ansible-playbook."""
        tree = self.tree()
        for line in reversed(self.trace(host)):
            if line["event"] == "begin" and line["kind"].startswith("worker ") and line["pid"] in tree:
                return int(line["pid"])
        raise StuckError(f"{host} has no worker")

    def events(self) -> list[dict[str, Any]]:
        path = self.own / "events.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]

    def verdicts(self) -> dict[str, dict[str, Any]]:
        """Return what the run said of each number in the end: done, failed with its failure, or nothing."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.events():
            task, result = line.get("task", ""), line.get("result", {})
            if result.get("failure_kept"):
                found[line["host"]] = {"ok": False, "failure": result.get("failure"), "text": str(result["msg"])}
            if task.endswith("| Evaluate the fleet") and line["event"] == "ok":
                for host, text in result["lines"].items():
                    if host not in result["bad"]:
                        found[host] = {"ok": True, "failure": None, "text": text}
                    elif found.get(host, {}).get("ok", True):
                        found[host] = {"ok": False, "failure": None, "text": text}
            if task.endswith("| Fail the numbers that need attention") and line["event"] == "failed":
                known = found.setdefault(line["host"], {"ok": False, "failure": None, "text": ""})
                known["failure"] = known["failure"] or result.get("failure")
        return found

    @property
    def transcript(self) -> str:
        parts = [(self.own / name).read_text(errors="replace")[-6000:] for name in ("stdout", "stderr")]
        return "\n".join(parts)

    # --- ends

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait for ansible-playbook itself."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise StuckError(f"{self.own} is not over after {patience} s\n{self.transcript}") from None

    def wait_for_survivors(self, patience: float = PATIENCE) -> bool:
        """Wait until nothing of the run is left that could still act; returns whether that is so.

        A surviving worker may repeat a call for as long as its time budget lasts: the node of a number that has moved
        meanwhile says that it is not ready.
        """
        return until(lambda: not self.acting(), patience)

    def acting(self) -> list[int]:
        """Return the processes of the run that may still do something.

        A worker that has come to the end of its last step only waits to hand its result to a run that is gone; it can
        wait for ever.
        """
        over = set()
        for one in self.setting.numbers:
            last = {line["pid"]: line["event"] for line in self.trace(one.host)}
            over |= {
                pid
                for pid, event in last.items()
                if event == "end" and (self.stopped_in(one.host) != pid or self._went_on(one.host))
            }
        return sorted(pid for pid in self.known - over if acts(pid))

    def _went_on(self, host: str) -> bool:
        return (self.faults / f"go-{host}").exists()

    def left(self) -> list[str]:
        """Return in words which processes of the run still act."""
        reported = []
        for pid in self.acting():
            steps = [
                f"{one.host} {line['step']} {line['event']}"
                for one in self.setting.numbers
                for line in self.trace(one.host)[-30:]
                if line["pid"] == pid
            ]
            reported.append(f"{pid} ({steps[-1] if steps else 'no step'})")
        return reported

    def clean_up(self) -> None:
        """End what a case has left; only processes of this run, by their numbers."""
        self.remember()
        for pid in [*self.known, *masters(self._control)]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if self.running():
            self.process.kill()
        self.process.wait()
        for path in self._control.iterdir():
            path.unlink(missing_ok=True)
        self._control.rmdir()


def group(run: Run, number: int) -> None:
    """Signal the foreground process group of the run, as a terminal does on Ctrl-C."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run.process.pid, number)


def plain(env: TestEnvironment, folder: Path, name: str, setting: Setting, ssh: Sshd | None) -> Run:
    """Run to the end without a fault."""
    run = Run(env, folder / name, setting, ssh)
    try:
        run.wait()
    finally:
        run.clean_up()
    return run


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}
