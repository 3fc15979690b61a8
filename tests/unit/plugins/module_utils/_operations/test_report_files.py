# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the files of a report: what is written, replaced and left alone, and that a fault is only a warning."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event as kinds
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table
from ansible_collections.wabiz.migration.plugins.module_utils._failure import RefusedError
from ansible_collections.wabiz.migration.plugins.module_utils._operations import report_files
from ansible_collections.wabiz.migration.plugins.module_utils._operations.report import Options
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples

RUN = "ansible-local-9run"


def context(run: str = RUN, check_mode: bool = False) -> Any:
    clock = SimpleNamespace(now=lambda: samples.BEGIN.timestamp() + 900, monotonic=time.monotonic)
    return SimpleNamespace(check_mode=check_mode, clock=clock, process=SimpleNamespace(run=run))


def options(root: Path, **more: Any) -> Any:
    facts = {
        "page": lambda made: f"page of {len(made['numbers'])}",
        "wording": lambda value: value,
        "command": "ansible x",
    }
    return Options(hosts=[], phase="move", **{"report_dir": str(root), **facts, **more})


def written(root: Path, count: int = 8, run: str = RUN, **more: Any) -> tuple[Any, Any]:
    numbers = [samples.Number(index, count) for index in range(count)]
    results = {number.host: number.results() for number in numbers}
    rows = [table.row_of(host, found, True) for host, found in results.items()]
    facts = report_files.Facts("Migration", "migrate", rows, "")
    return report_files.write(options(root, **more), context(run), facts, results)


def test_every_file_is_there_and_private(tmp_path: Path) -> None:
    found, warnings = written(tmp_path / "reports")
    folder = tmp_path / "reports" / RUN
    assert warnings == () and found["dir"] == str(folder)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == found["files"]
    assert (folder / "report.html").read_text() == "page of 8"
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]} == {0}


def test_the_events_of_the_run_are_in_its_report(tmp_path: Path) -> None:
    folder = tmp_path / RUN
    folder.mkdir(mode=0o700)
    (folder / "events.jsonl").write_text(samples.lines(8) + "cut")
    written(tmp_path)
    made = json.loads((folder / "report.json").read_text())
    assert made["run"]["damaged_events"] == 1 and made["run"]["started_at"] == samples.at(0)
    assert made["numbers"][2]["spans"][0]["kind"] == "wait" and made["numbers"][2]["wave"] == 1


def test_a_ticket_whose_cause_is_gone_is_removed(tmp_path: Path) -> None:
    written(tmp_path)
    tickets = tmp_path / RUN / "tickets"
    assert len(list(tickets.iterdir())) == 2
    (tickets / "notes.md").write_text("mine")
    written(tmp_path, count=2)
    assert [path.name for path in tickets.iterdir()] == ["notes.md"]


def test_no_folder_means_no_report(tmp_path: Path) -> None:
    assert written(tmp_path, report_dir=None) == ({}, ()) and list(tmp_path.iterdir()) == []


def fail(_made: Any) -> str:
    raise ValueError("token EAAB1234567890abcdefghij")


def test_a_fault_of_the_report_is_a_warning_that_quotes_nothing(tmp_path: Path) -> None:
    found, (warning,) = written(tmp_path, page=fail)
    place = r"The report could not be made: ValueError at test_report_files\.py:\d+( < [a-z_]+\.py:\d+)+"
    assert found == {} and re.fullmatch(place, warning), warning
    (tmp_path / "file").write_text("")
    found, (warning,) = written(tmp_path / "file" / "below")
    assert found == {} and "could not be written" in warning


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / RUN).mkdir()
    (tmp_path / RUN).chmod(0o777)
    found, (warning,) = written(tmp_path)
    assert found == {} and "writable by others" in warning and list((tmp_path / RUN).iterdir()) == []


def killed(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir(mode=0o700)
    events = [event for event in samples.Number(3, 8).events() if event["event"] != "number_ended"]
    (folder / "events.jsonl").write_text("".join(kinds.line({**event, "run": name}).decode() for event in events))
    return folder


def test_the_next_run_writes_the_report_of_one_that_was_killed(tmp_path: Path) -> None:
    folder = killed(tmp_path, "ansible-local-1old")
    written(tmp_path)
    made = json.loads((folder / "report.json").read_text())
    assert made["run"]["id"] == folder.name and [entry["state"] for entry in made["numbers"]] == ["unknown"]
    before = (folder / "report.json").stat().st_mtime_ns
    written(tmp_path, run="ansible-local-10later")
    assert (folder / "report.json").stat().st_mtime_ns == before, "it is written once"


def test_what_happened_after_a_report_is_added_to_it(tmp_path: Path) -> None:
    """Killed in the second wave: the report of the first one does not know of the request that was sent then."""
    name = "ansible-local-1old"
    folder = killed(tmp_path, name)
    events = (folder / "events.jsonl").read_text()
    (folder / "events.jsonl").unlink()
    numbers = [samples.Number(index, 8) for index in (1, 3)]
    results = {number.host: {**number.results(), "register": {}} for number in numbers}
    rows = [table.row_of(host, found, True) for host, found in results.items()]
    early = context(name)
    early.clock.now = lambda: samples.BEGIN.timestamp() + 1
    report_files.write(options(tmp_path), early, report_files.Facts("Migration", "migrate", rows, ""), results)
    (folder / "events.jsonl").write_text(events)
    os.utime(folder / "events.jsonl", (time.time() + 5, time.time() + 5))
    written(tmp_path)
    made = json.loads((folder / "report.json").read_text())
    states = {entry["host"]: (entry["state"], bool(entry["plan"])) for entry in made["numbers"]}
    assert states == {"madrid-0001": ("not started", True), "oslo-0003": ("unknown", True)}
    assert made["run"]["ids"] == [name]


def test_a_run_whose_report_lacks_nothing_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, run="ansible-local-1old")
    folder = tmp_path / "ansible-local-1old"
    (folder / "events.jsonl").write_bytes(kinds.line(samples.event_of(900, "run_ended", run=folder.name)))
    for name, ago in (("report.json", 20), ("events.jsonl", 10)):
        os.utime(folder / name, (time.time() - ago, time.time() - ago))
    before = (folder / "report.html").stat().st_ino
    written(tmp_path)
    assert (folder / "report.html").stat().st_ino == before
    later = (folder / "report.json").stat().st_mtime - (folder / "events.jsonl").stat().st_mtime
    assert later > 0, "the next run need not read its events again"


def again(root: Path, **states: Any) -> Any:
    results = {host: {"phone_number_id": number_id, "state": state} for host, (number_id, state) in states.items()}
    return report_files.again(options(root), context("ansible-local-11all"), "All", results)


STATE = {"attempts": [], "attempts_left": 8, "number": "", "snapshot": {}, "error": ""}


def test_runs_together_are_those_of_the_hosts_that_were_asked(tmp_path: Path) -> None:
    written(tmp_path)
    numbers = [samples.Number(index, 8) for index in (1, 3)]
    outcome = again(tmp_path, **{number.host: (number.id, STATE) for number in numbers})
    assert outcome.changed is False and outcome.result["runs"] == [RUN]
    assert outcome.result["states"] == {"moved": 1, "unknown": 1}
    made = json.loads(Path(outcome.result["report"]["dir"], "report.json").read_text())
    assert {entry["host"] for entry in made["numbers"]} == {number.host for number in numbers}
    assert again(tmp_path, **{number.host: (number.id, STATE) for number in numbers}).result["runs"] == [RUN]
    assert report_files.documents_of(str(tmp_path), "ansible-local-11all", options(tmp_path)) == [], (
        "these runs are there"
    )


def test_runs_together_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file" / "below", None):
        with pytest.raises(RefusedError):
            report_files.again(options(tmp_path, report_dir=root and str(root)), context(), "All", {})
    assert again(tmp_path / "new").result["states"] == {}
