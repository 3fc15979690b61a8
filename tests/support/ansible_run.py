# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook as tests use it: a subprocess with a home, an inventory and a configuration of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLLECTIONS = ROOT / "build" / "collections"
LONGEST = 180.0


def _steps(line: dict[str, Any]) -> list[dict[str, Any]]:
    if line.get("action") != "wabiz.migration.wa_steps" or "result" not in line:
        return []
    return [
        {
            **line,
            "task": module_name,
            "action": "wabiz.migration." + module_name,
            "event": "failed" if result.get("failed") else "ok",
            "result": result,
        }
        for module_name, result in line["result"].get("steps", {}).items()
    ]


@dataclass(frozen=True)
class Run:
    """What one run of ansible-playbook left: its exit code, what it printed, and one event per task and host."""

    exit_code: int
    stdout: str
    stderr: str
    seconds: float
    events: list[dict[str, Any]] = field(repr=False)

    def results(self, **want: Any) -> list[dict[str, Any]]:
        """Return the events of tasks whose keys (event, host, task, action, play) have the wanted values.

        A step of wa_steps counts as a task of its own.
        """
        lines = [one for line in self.events if "task" in line for one in (line, *_steps(line))]
        return [line for line in lines if all(line[key] == value for key, value in want.items())]

    def result(self, host: str, task: str) -> dict[str, Any]:
        """Return the result of the one task of this name on this host."""
        found = self.results(host=host, task=task)
        assert len(found) == 1, f"{len(found)} results of {task!r} on {host}\n{self.transcript}"
        return dict(found[0]["result"])

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """Return ok, changed, failures, unreachable ... for each host."""
        return next((line["hosts"] for line in self.events if line["event"] == "stats"), {})

    @property
    def artifacts(self) -> dict[str, Any]:
        """Return what AWX would keep of the job, and hand to the next ones of a workflow as extra variables."""
        return next((line["artifacts"] for line in self.events if line["event"] == "stats"), {})

    @property
    def transcript(self) -> str:
        return f"exit code {self.exit_code}\n{self.stdout}\n{self.stderr}"

    @property
    def output(self) -> str:
        """Return everything that anybody could have read."""
        return "\n".join([self.stdout, self.stderr, *map(json.dumps, self.events)])

    @classmethod
    def load(cls, path: Path) -> Run:
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path) -> None:
        facts = {name: getattr(self, name) for name in ("exit_code", "stdout", "stderr", "seconds", "events")}
        path.write_text(json.dumps(facts), encoding="utf-8")


def playbook(
    where: Path,
    book: str | Path,
    inventory: str | Path | Mapping[str, Any],
    *arguments: str,
    variables: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    python: Path | None = None,
    longest: float = LONGEST,
) -> Run:
    """Run a playbook (path, FQCN, or a mapping's file) below the directory ``where``.

    inventory: a path, or the content of one; variables: handed over with -e as a file; environment: on top of a clean
    one; python: the interpreter whose ansible-playbook is used, this one's by default; longest: seconds.
    """
    where.mkdir(parents=True, exist_ok=True)
    at = len(list(where.glob("run-*")))
    own = where / f"run-{at}"
    own.mkdir()
    if isinstance(inventory, Mapping):
        inventory = as_yaml(own / "inventory.yml", inventory)
    interpreter = python or Path(sys.executable)
    command = [str(interpreter), "-m", "ansible", "playbook", "-i", str(inventory), *arguments]
    if variables:
        command += ["-e", f"@{as_yaml(own / 'extra.yml', variables)}"]
    events = own / "events.jsonl"
    began = time.monotonic()
    with (own / "stdout").open("wb") as out, (own / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [*command, str(book)],
            cwd=own,
            env={**clean_environment(own), "EVENTS_FILE": str(events), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            code = process.wait(longest)
        except BaseException:
            _end(process)
            raise
    out_text, err_text = ((own / name).read_text(errors="replace") for name in ("stdout", "stderr"))
    # A runner writes the name that the user knows in the place of each O(option). Ansible itself prints the argument
    # spec of a role that it refuses, with O(...) of the role's own inputs.
    left = re.findall(r".{0,80}\bO\((?!wa_migrate_|webhook_bridge_)[a-z_]+\)", out_text + err_text)
    if left:
        raise AssertionError(f"a message has a mark of an option: {left[0]}")
    return Run(
        code,
        out_text,
        err_text,
        round(time.monotonic() - began, 2),
        list(_lines(events)),
    )


def clean_environment(own: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's changes how Ansible or the modules work."""
    home = own / "home"
    home.mkdir(exist_ok=True)
    (own / "ansible.cfg").touch()
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "PYENV_ROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        # A start of ansible-playbook compiles for seconds where the bytecode is not kept.
        "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache"),
        "ANSIBLE_CONFIG": str(own / "ansible.cfg"),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_LOCAL_TEMP": str(own / "local"),
        "ANSIBLE_REMOTE_TEMP": str(own / "remote"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"),
        "ANSIBLE_FORKS": "8",
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }


def as_yaml(path: Path, content: Any) -> Path:
    """Write a private YAML file and return its path."""
    path.write_text(yaml.safe_dump(content, sort_keys=False, width=4096), encoding="utf-8")
    path.chmod(0o600)
    return path


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run that took too long, with the workers that it has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    process.wait()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
