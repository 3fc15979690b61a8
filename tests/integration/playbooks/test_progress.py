# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress display with real runs: on a pipe and a pseudo-terminal, and where something goes wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import MIGRATE, World, fleet_of, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run, smalldisk
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT, Run
from ansible_collections.wabiz.migration.tests.support.terminal import PseudoTerminal
from prometheus_client import parser

FLEET = fleet_of(20)
PROGRESS = {"ANSIBLE_STDOUT_CALLBACK": "wabiz.migration.progress"}
STATUS = json.loads((ROOT / "docs" / "schemas" / "status.schema.json").read_text("utf-8"))
LINE = re.compile(r"\d\d:\d\d:\d\dZ ")


def run(world: World, *arguments: str, book: Any = MIGRATE, **environment: str) -> Run:
    return world.run(book, *arguments, environment={**PROGRESS, **environment})


def folder(world: World) -> Path:
    (found,) = world.where.glob("**/home/.ansible/wabiz/*")
    return found


def status(world: World) -> dict[str, Any]:
    found = json.loads((folder(world) / "status.json").read_text("utf-8"))
    jsonschema.validate(found, STATUS)
    return dict(found)


def gauges(world: World) -> dict[str, float]:
    families = parser.text_string_to_metric_families((folder(world) / "metrics.prom").read_text("utf-8"))
    return {"".join([one.name, *one.labels.values()]): one.value for family in families for one in family.samples}


# --- a pipe


@pytest.mark.parametrize(("hosts", "waves"), [("h00", 1), ("all", 3)])
def test_a_run_that_is_well_is_short_on_a_pipe(world: World, hosts: str, waves: int) -> None:
    done = run(world, "-l", hosts)
    assert done.exit_code == 0, done.transcript
    numbers = 1 if hosts == "h00" else 20
    lines = [line for line in done.stdout.splitlines() if line]
    assert len(lines) <= 25 + 2 * waves, done.stdout
    assert not [line for line in lines if line.startswith(("TASK", "PLAY", "ok:", "changed:", "skipping:"))]
    assert [line for line in lines if LINE.match(line)]
    assert lines[-2].startswith(f"Migration: {numbers} of {numbers} moved in ")
    assert lines[-1].endswith(str(folder(world)))
    found = status(world)
    assert (found["numbers"]["moved"], found["numbers"]["total"], len(found["waves"])) == (numbers, numbers, waves)
    assert found["ended"] and found["longest_interruption"]["seconds"] > 0
    assert gauges(world)["wabiz_migration_numbersmoved"] == numbers
    assert gauges(world)["wabiz_migration_run_ended"] == 1


def test_a_number_that_needs_somebody_is_told_of_once_and_in_full(world: World) -> None:
    world.sim.patch(number_id(0), pin="099999")
    done = run(world, "-l", "h00,h01")
    assert done.exit_code != 0
    told = [line for line in done.stdout.splitlines() if line.startswith("fatal: ")]
    assert len(told) == 1 and "[h00]" in told[0] and "133005" in told[0] and "NOT safe to run again" in told[0]
    assert "1 failed" in done.stdout
    assert [one["host"] for one in status(world)["attention"]] == ["h00"]


def test_wrong_inputs_are_all_shown(world: World) -> None:
    done = world.run(
        MIGRATE, "-l", "h00", environment=PROGRESS, variables={"wa_migrate_pin": "1", "wa_migrate_soak": "x"}
    )
    assert done.exit_code != 0
    assert "wa_migrate_pin: " in done.stdout and "wa_migrate_soak: " in done.stdout


def test_a_dry_run_is_called_one(world: World) -> None:
    done = run(world, "-l", "h00", "--check")
    assert done.exit_code == 0 and "DRY RUN" in done.stdout and "1 of 1 would move" in done.stdout
    assert status(world)["check_mode"] is True


def test_with_v_all_tasks_are_shown_as_the_default_shows_them(world: World) -> None:
    done = run(world, "-l", "h00", "-v")
    assert "TASK [wabiz.migration.wa_migrate : Move | Prepare, register and verify the number]" in done.stdout
    assert "Migration: 1 of 1 moved" in done.stdout and "PLAY RECAP" in done.stdout


def test_other_plays_are_shown_as_the_default_shows_them(world: World) -> None:
    tasks: list[dict[str, Any]] = [
        {"name": "Say", "ansible.builtin.debug": {"msg": "hello"}},
        {"name": "Never", "ansible.builtin.debug": {"msg": "x"}, "when": False},
        {"name": "Loop", "ansible.builtin.set_fact": {"a": "{{ item }}"}, "loop": [1, 2]},
        {"name": "Break", "ansible.builtin.fail": {"msg": "own"}, "ignore_errors": True},
        {"name": "Look", "wabiz.migration.wa_number_info": {"vars_prefix": "wa_migrate_"}},
    ]
    own = {"name": "My own", "hosts": "h00,h01", "gather_facts": False, "tasks": tasks}
    book = ansible_run.as_yaml(world.where / "own.yml", [own])
    shown, default = (world.run(book, environment=more) for more in (PROGRESS, {}))

    def sorted_lines(one: Run) -> list[str]:
        return sorted(re.sub(r" +", " ", line) for line in one.stdout.splitlines())

    assert shown.exit_code == default.exit_code == 0, shown.transcript
    assert sorted_lines(shown) == sorted_lines(default)


def test_a_role_among_the_users_own_tasks_is_shown_in_short(world: World) -> None:
    say = [{"name": "Say", "ansible.builtin.debug": {"msg": "hello"}}]
    mixed: dict[str, Any] = {"name": "My own", "hosts": "h00", "gather_facts": False, "post_tasks": say}
    mixed["roles"] = ["wabiz.migration.wa_migrate"]
    done = run(world, book=ansible_run.as_yaml(world.where / "mixed.yml", [mixed]))
    assert "PLAY [My own]" in done.stdout and "TASK [Say]" in done.stdout and "PLAY RECAP" in done.stdout
    assert "TASK [wabiz.migration.wa_migrate" not in done.stdout
    assert [line for line in done.stdout.splitlines() if LINE.match(line)]


@pytest.mark.parametrize("core", ["core-2.18", "core-2.21"])
def test_other_cores_show_the_same(world: World, core: str) -> None:
    python = ROOT / "build" / "venvs" / core / "bin" / "python"
    if not os.access(python, os.X_OK):
        pytest.skip(f"NOT TESTED: {core} (build/venvs/{core} is not there; make test makes it)")
    world.sim.patch(number_id(1), pin="099999")
    inventory = world.group_vars(world.inventory(), purpose="customer_support")
    environment = {**PROGRESS, "ANSIBLE_PYTHON_INTERPRETER": str(python)}
    done = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory, python=python, environment=environment)
    assert done.exit_code != 0
    lines = [line for line in done.stdout.splitlines() if line]
    assert not [line for line in lines if line.startswith(("TASK", "PLAY", "ok:", "changed:", "skipping:"))]
    assert len([line for line in lines if line.startswith("fatal: [h01]: FAILED! => Number +1 ")]) == 1, done.stdout
    assert "Migration: 1 of 2 moved, 1 failed in " in lines[-2]
    assert "WARNING" not in done.stderr.replace("[WARNING]: Platform", ""), done.stderr


def test_metrics_go_where_node_exporter_reads_them(world: World) -> None:
    path = world.where / "wabiz.prom"
    assert run(world, "-l", "h00", "--check", ANSIBLE_PROGRESS_METRICS_FILE=str(path)).exit_code == 0
    assert 'wabiz_migration_numbers{state="would_move"} 1.0' in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o644 and not (folder(world) / "metrics.prom").exists()


# --- a terminal


class OnTerminal:
    """A run of the migration on a pseudo-terminal."""

    def __init__(self, world: World, terminal: PseudoTerminal, *arguments: str, **environment: str) -> None:
        own = world.where / "terminal"
        own.mkdir()
        inventory = ansible_run.as_yaml(own / "inventory.yml", world.inventory())
        self.terminal = terminal
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ansible", "playbook", "-i", str(inventory), str(MIGRATE), *arguments],
            cwd=own,
            env={**ansible_run.clean_environment(own), **PROGRESS, "TERM": "xterm-256color", **environment},
            stdin=subprocess.DEVNULL,
            stdout=terminal.slave,
            stderr=terminal.slave,
            start_new_session=True,
        )

    def wait_for(self, seen: Callable[[list[str]], bool]) -> list[str]:
        """Wait until the screen shows something; return its lines."""
        assert self.terminal.wait_for(lambda: seen(self.terminal.screen.text), 60), self.terminal.screen.text
        return self.terminal.screen.text

    def end(self) -> int:
        try:
            return self.process.wait(90)
        finally:
            self.process.kill()


@pytest.fixture(params=[40, 100])
def terminal(request: pytest.FixtureRequest) -> Iterator[PseudoTerminal]:
    made = PseudoTerminal(request.param)
    yield made
    made.close()


def slow(world: World, seconds: float = 1.0) -> None:
    for at in range(20):
        world.sim.patch(number_id(at), switches={"register_seconds": seconds})


@pytest.mark.parametrize(("hosts", "numbers"), [("h00", 1), ("all", 20)])
def test_a_terminal_shows_a_live_view(world: World, terminal: PseudoTerminal, hosts: str, numbers: int) -> None:
    slow(world)
    done = OnTerminal(world, terminal, "-l", hosts)
    for part in (r"Wave \d of \d, ", r"\[[#-]+\] +\d+%"):
        done.wait_for(lambda lines, part=part: any(re.match(part, line) for line in lines))
    assert done.end() == 0, terminal.output
    assert terminal.wait_for(lambda: any(str(folder(world))[:30] in "".join(terminal.screen.text) for _once in [1]))
    screen = terminal.screen
    assert screen.unknown == []
    left = [line for line in screen.text if re.match(r"Wave \d of|\[[#-]+\]", line)]
    assert left == [], "the view is gone at the end"
    assert f"Migration: {numbers} of {numbers} moved" in " ".join("".join(screen.text).split())
    assert len(world.registers) == numbers


def test_without_rich_the_view_is_plain(world: World) -> None:
    (world.where / "stub" / "rich").mkdir(parents=True)
    (world.where / "stub" / "rich" / "__init__.py").write_text("raise ImportError\n")
    terminal = PseudoTerminal(80)
    slow(world)
    path = os.pathsep.join([str(world.where / "stub"), str(ansible_run.COLLECTIONS)])
    done = OnTerminal(world, terminal, "-l", "h00", PYTHONPATH=path, ANSIBLE_NOCOLOR="0", NO_COLOR="")
    done.wait_for(lambda lines: any("Wave 1 of 1" in line for line in lines))
    assert done.end() == 0
    assert "\x1b[1m" not in terminal.close()


# --- faults


def test_a_worker_that_is_killed_leaves_a_status_and_a_screen(world: World) -> None:
    """Ansible ends the run; what was sent is named, and the next run reads first."""
    slow(world, 8)
    terminal = PseudoTerminal(100)
    done = OnTerminal(world, terminal, "-l", "h00,h01", "-e", "wa_migrate_waves=2")
    path = world.where / "terminal/home/.ansible/wabiz"

    def sent() -> bool:
        found = [event.Reader().feed(one.read_bytes()) for one in path.glob("*/events.jsonl")]
        return len([one for events in found for one in events if one["event"] == "register_sent"]) == 2

    assert terminal.wait_for(sent, 60), terminal.output
    children = Path(f"/proc/{done.process.pid}/task/{done.process.pid}/children").read_text().split()
    assert len(children) >= 2
    os.kill(int(children[0]), signal.SIGKILL)
    done.end()
    output = terminal.close()
    assert "Traceback" not in output, output
    found = status(world)
    assert found["numbers"]["total"] == 2 and found["open_requests"], found
    assert "the register request was sent, and no answer is noted" in output


def test_a_full_disk_is_one_warning(world: World) -> None:
    with smalldisk.mounted(world.where / "disk", "16k") as disk:
        done = run(world, "-e", f"wa_migrate_report_dir={disk.path}")
        assert done.exit_code == 0, done.transcript
        text = " ".join((done.stdout + done.stderr).split())
        assert text.count("The events of this run are incomplete") == 1, done.transcript
        assert len(world.registers) == 20
        (path,) = disk.path.glob("*/events.jsonl")
        assert len(event.Reader().feed(path.read_bytes())) > 5


def test_a_fault_of_the_display_is_one_warning_and_the_default_goes_on(world: World) -> None:
    stub = world.where / "stub" / "rich"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("")
    (stub / "text.py").write_text("")
    (stub / "console.py").write_text("class Console:\n    def __init__(self, **more): raise RuntimeError('broken')\n")
    path = os.pathsep.join([str(world.where / "stub"), str(ansible_run.COLLECTIONS)])
    terminal = PseudoTerminal(100)
    slow(world)
    done = OnTerminal(world, terminal, "-l", "h00", PYTHONPATH=path, ANSIBLE_NOCOLOR="0", NO_COLOR="")
    assert done.end() == 0, terminal.output
    output = " ".join(terminal.close().split())
    assert output.count("The progress display of wabiz.migration has ended") == 1, output
    assert "PLAY RECAP" in output and len(world.registers) == 1
    assert "broken" not in output
