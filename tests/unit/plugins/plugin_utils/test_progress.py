# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what follows the events of a run: on a pipe and on a terminal, with 1, 20 and 1,000 numbers."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
import time

import pytest
from ansible import constants
from ansible.utils.display import Display
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event
from ansible_collections.wabiz.migration.plugins.plugin_utils import _event_log, _progress, _shared
from ansible_collections.wabiz.migration.plugins.plugin_utils._progress import Follower, Progress
from ansible_collections.wabiz.migration.plugins.plugin_utils._terminal import Terminal
from ansible_collections.wabiz.migration.tests.support import smalldisk
from ansible_collections.wabiz.migration.tests.support.terminal import PseudoTerminal
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.events.script import Script


class Run:
    """A run whose events are appended as its workers would, on a clock of its own."""

    def __init__(self, tmp_path, numbers):
        self.folder = tmp_path / "reports" / "run-1"
        self.folder.mkdir(0o700, parents=True)
        self.path = self.folder / "events.jsonl"
        self.path.touch(0o600)
        _shared.raise_flag(_event_log.FLAG, str(self.path))
        self.script = Script(numbers)
        self.written = 0
        self.printed = []
        self.faults = []
        self.terminal = None
        self.metrics = ""

    def now(self):
        return self.script.now

    def write(self):
        with self.path.open("ab") as lines:
            lines.writelines(event.line(one) for one in self.script.events[self.written :])
        self.written = len(self.script.events)

    def progress(self):
        follower = Follower(self.metrics, self.now)
        return Progress(follower, self.printed.append, self.faults.append, self.terminal, self.now)

    @property
    def status(self):
        return json.loads((self.folder / "status.json").read_text())


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    (tmp_path / "run-1").mkdir(0o700)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "run-1"))


@pytest.fixture
def warnings(monkeypatch):
    found = []
    monkeypatch.setattr(Display, "warning", lambda self, text, *more: found.append(text))
    return found


def moves(run, numbers, tick, seconds=0.3, waves=(1, 0.1, 1)):
    """Move numbers one after another, in waves; look at the events after each."""
    hosts = [f"h{at}" for at in range(numbers)]
    run.script.read(*hosts, seconds=0.01)
    sizes = []
    for share in waves:
        left = numbers - sum(sizes)
        sizes += [min(left, share if share == 1 and not sizes else max(1, int(left * share)))] if left else []
    run.script.planned(*sizes)
    at = 0
    for wave, size in enumerate(sizes, 1):
        for host in hosts[at : at + size]:
            run.script.moved(host, wave, seconds)
            run.write()
            tick()
        at += size
    return sizes


@pytest.mark.parametrize("numbers", [1, 20, 1000])
def test_a_pipe_gets_few_lines_and_every_wave(tmp_path, numbers):
    run = Run(tmp_path, numbers)
    progress = run.progress()
    sizes = moves(run, numbers, progress.tick)
    last = progress.stop()
    assert run.faults == []
    assert all(re.match(r"[0-9:]{8}Z ", line) for line in run.printed)
    for wave in range(1, len(sizes) + 1):
        assert [line for line in run.printed if f"Wave {wave} of {len(sizes)}: " in line], wave
    assert last[0].startswith(f"Migration: {numbers} of {numbers} moved in ")
    assert len(run.printed) + len(last) <= 25 + 2 * len(sizes)
    gaps = [_at(b) - _at(a) for a, b in zip(run.printed, run.printed[1:], strict=False)]
    assert len([gap for gap in gaps if gap < 10]) <= 2 * len(sizes) + 2, "what does not matter waits for ten seconds"
    assert run.status["numbers"]["moved"] == numbers and run.status["ended"]


def _at(line):
    hours, minutes, seconds = map(int, line[:8].split(":"))
    return hours * 3600 + minutes * 60 + seconds


def test_what_matters_is_shown_at_once_and_the_rest_after_ten_seconds(tmp_path):
    run = Run(tmp_path, 9)
    progress = run.progress()
    run.script.read("h1", "h2", "h3").planned(1, 8).moved("h1")
    run.write()
    progress.tick()
    assert len(run.printed) == 1
    for change, shown in (
        (lambda: run.script.wait(1).cutover("h2"), False),
        (lambda: run.script.wait(1).cutover("h2", event.WAITING, text="paused"), True),
        (lambda: run.script.wait(1).cutover("h3", event.WAITING, text="paused"), False),
        (lambda: run.script.wait(1).cutover("h3", event.OUTCOME, outcome="failed"), True),
        (lambda: run.script.wait(9), False),
        (lambda: run.script.wait(2), True),
        (lambda: run.script.wait(1).moved("h4", wave=2), True),
    ):
        before = len(run.printed)
        change()
        run.write()
        progress.tick()
        assert (len(run.printed) > before) == shown, run.printed


@pytest.mark.parametrize("columns", [40, 120])
@pytest.mark.parametrize("numbers", [1, 20, 1000])
def test_a_terminal_has_one_view_that_fits(tmp_path, numbers, columns):
    terminal = PseudoTerminal(columns)
    run = Run(tmp_path, numbers)
    run.terminal = Terminal(terminal.slave)
    progress = run.progress()
    count = [0]

    def tick():
        count[0] += 1
        if count[0] % (1 + numbers // 20) == 0:
            progress.tick()
            heading = f"{numbers} moved"
            assert terminal.wait_for(lambda: any(heading in line for line in terminal.screen.text)), (
                terminal.screen.text
            )
            assert 2 <= len([line for line in terminal.screen.text if line]) <= 14

    moves(run, numbers, tick)
    last = progress.stop()
    assert terminal.wait_for(lambda: not any(terminal.screen.text)), "the view is taken away at the end"
    assert terminal.screen.unknown == [] and run.printed == [] and run.faults == []
    assert f"{numbers} of {numbers} moved" in last[0]
    terminal.close()


# --- the files


def test_status_and_metrics_are_private_unless_node_exporter_reads_them(tmp_path):
    run = Run(tmp_path, 1)
    run.script.moved("h1")
    run.write()
    run.progress().stop()
    for name in ("status.json", "metrics.prom"):
        assert stat.S_IMODE((run.folder / name).stat().st_mode) == 0o600
    run.metrics = str(tmp_path / "wabiz.prom")
    run.progress().stop()
    assert stat.S_IMODE((tmp_path / "wabiz.prom").stat().st_mode) == 0o644
    assert 'wabiz_migration_numbers{state="moved"} 1.0' in (tmp_path / "wabiz.prom").read_text()


def test_who_reads_the_status_meanwhile_reads_a_whole_one(tmp_path):
    run = Run(tmp_path, 300)
    progress = run.progress()
    follower = progress.follower
    run.script.read("h1")
    run.write()
    follower.read()
    follower.write(force=True)
    end = threading.Event()
    broken, reads = [], [0]

    def read():
        while not end.is_set():
            try:
                assert run.status["schema"] == "wabiz.status/1"
            except (AssertionError, OSError, ValueError) as error:
                broken.append(error)
            reads[0] += 1

    reader = threading.Thread(target=read)
    reader.start()
    for _unused in range(300):
        follower.write(force=True)
    end.set()
    reader.join()
    assert broken == [] and reads[0] > 10
    assert sorted(os.listdir(run.folder)) == ["events.jsonl", "metrics.prom", "status.json"]


def test_a_run_that_nobody_ended_ends_with_its_display(tmp_path):
    run = Run(tmp_path, 1)
    run.script.cutover("h1", event.REGISTER_SENT).wait(2)
    run.write()
    last = run.progress().stop()
    assert any("no answer is noted" in line for line in last)
    events = event.Reader().feed(run.path.read_bytes())
    assert (events[-1]["event"], events[-1]["run"]) == ("run_ended", "run-1")
    assert run.progress().stop() and len(event.Reader().feed(run.path.read_bytes())) == len(events), "once"


# --- faults


def test_a_full_disk_is_one_warning_and_the_display_goes_on(tmp_path, warnings):
    with smalldisk.mounted(tmp_path / "reports", "64k") as disk:
        run = Run(tmp_path, 3)
        progress = run.progress()
        run.script.read("h1", "h2", "h3").planned(3)
        run.write()
        progress.tick()
        disk.fill()
        for _unused in range(4):
            run.script.wait(3)
            progress.follower.write(force=True)
        progress.tick()
        assert len(warnings) == 1 and "No space left" in warnings[0]
        assert progress.stop() and run.faults == [] and len(warnings) == 1
        assert run.status["schema"] == "wabiz.status/1", "the version before is still whole"


def test_a_fault_ends_the_display_once(tmp_path, monkeypatch):
    run = Run(tmp_path, 1)

    def broken(_state, _now):
        raise ZeroDivisionError

    monkeypatch.setattr(_progress.display, "pipe", broken)
    monkeypatch.setattr(_progress, "_LOOK", 0.01)
    run.script.read("h1")
    run.write()
    progress = run.progress()
    progress.start()
    deadline = time.monotonic() + 10
    while not run.faults and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    assert [type(fault) for fault in run.faults] == [ZeroDivisionError]
    assert progress.stop() == []


def test_a_run_without_events_says_nothing(tmp_path):
    printed = []
    progress = Progress(Follower(), printed.append, printed.append)
    progress.tick()
    assert progress.stop() == [] and printed == []
