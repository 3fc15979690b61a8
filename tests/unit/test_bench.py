# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures of a command, and what its rows, ratios and goals say of the figures."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.bench import (
    cpu_profile,
    figures,
    goals,
    measure,
    plan,
    profile_figures,
    run,
)


def test_a_command_is_not_charged_with_the_size_of_who_started_it(tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1024)) * (200 * 1024)
    code = "x = bytearray(40 << 20); x[::4096] = b'1' * len(x[::4096]); import time; time.sleep(1)"
    cost = measure.run([sys.executable, "-S", "-c", code], os.environ, tmp_path, tmp_path / "output")
    assert cost.exit_code == 0 and len(ballast) == 200 << 20
    assert 40 < cost.largest < 100
    assert 1.0 <= cost.wall < 10 and cost.cpu < 5


def row(who: str, numbers: int, cpu: float, **more: Any) -> dict[str, Any]:
    facts = {
        "latency_ms": 0,
        "register_seconds": 0.0,
        "ssh": False,
        "forks": 10,
        "wall_seconds": 1.0,
        "faults": [],
        "requests_per_number": {"graph": 4.5},
    }
    return {"who": who, "numbers": numbers, "cpu_ms_per_number": cpu, **facts, **more}


def reached(*rows: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    return {one["goal"]: (one["reached"], one["met"]) for one in goals.goals(rows)}


def test_a_goal_is_missed_by_the_figures() -> None:
    goal = "CPU to the uri playbook, 50 numbers"
    assert reached(row("uri", 50, 1500.0), row(plan.OWN, 50, 101.0))[goal] == (0.067, False)
    assert reached(row("uri", 50, 1500.0), row(plan.OWN, 50, 100.0))[goal] == (0.067, True)


def test_what_was_not_measured_has_no_goal() -> None:
    assert goals.goals([row("uri", 50, 1500.0)]) == []


def test_goals_over_ssh_are_those_of_the_rows_over_ssh() -> None:
    own = row(plan.OWN, 20, 100.0, ssh=True, executions_per_number=5.0, wall_seconds=6.0, own_lines=20, waves=3)
    uri = row("uri", 20, 1000.0, ssh=True, wall_seconds=10.0)
    again = row("again", 20, 10.0, ssh=True, executions_per_number=1.05)
    found = reached(own, uri, again, row("uri", 20, 1.0), row(plan.OWN, 20, 50.0, own_lines=20, waves=3))
    assert found["wall over SSH to the uri playbook, 20 numbers"] == (0.6, True)
    assert found["CPU of the controller over SSH to the uri playbook, 20 numbers"] == (0.1, True)
    assert found["executions on the host per number, first run"] == (5.0, True)
    assert found["executions on the host per number, second run"] == (1.05, False)


def test_the_share_of_events_is_what_a_run_without_them_saves() -> None:
    own = row(plan.OWN, 200, 100.0, own_lines=31, waves=3)
    goal = "share of events, status and report in the CPU, 200 numbers"
    assert reached(own, row(plan.SILENT, 200, 98.5))[goal] == (0.015, True)
    assert reached(own, row(plan.SILENT, 200, 97.0))[goal] == (0.03, False)


def test_lines_may_be_as_many_as_the_waves_allow() -> None:
    goal = "lines printed beside Ansible's own for a host, 200 numbers"
    for lines, waves, met in ((31, 3, True), (32, 3, False), (32, 4, True)):
        assert reached(row(plan.OWN, 200, 100.0, own_lines=lines, waves=waves))[goal] == (lines, met)


def test_an_endpoint_that_a_second_run_does_not_ask_counts_as_none() -> None:
    found = reached(row("again", 1000, 41.0, requests_per_number={"graph": 1.1}))
    assert found["requests to the node per number, second run, 1000 numbers"] == (0, True)
    assert found["requests to the Graph API per number, second run, 1000 numbers"] == (1.1, False)
    assert found["second run, 1000 numbers: CPU ms per number"] == (41.0, False)


def test_the_row_of_several_runs_has_the_median_of_each_figure_and_every_fault() -> None:
    runs = [
        row("uri", 20, 30.0, wall_seconds=1.0, requests_per_number={"graph": 4.0, "onprem": 2.0}),
        row("uri", 20, 10.0, wall_seconds=3.0, requests_per_number={"graph": 6.0}, faults=["exit code 2"]),
        row("uri", 20, 20.0, wall_seconds=2.5, requests_per_number={"graph": 5.0, "onprem": 2.0}),
    ]
    shown = figures.median(runs)
    assert (shown["runs"], shown["cpu_ms_per_number"], shown["wall_seconds"]) == (3, 20.0, 2.5)
    assert shown["requests_per_number"] == {"graph": 5.0, "onprem": 2.0}
    assert shown["faults"] == ["exit code 2"] and shown["ssh"] is False and shown["who"] == "uri"


def request(path: str, number: str | None = "100000000000001", method: str = "GET") -> dict[str, Any]:
    return {"method": method, "path": path, "phone_number_id": number, "waba_id": "200000000000001"}


def test_ledgers_are_the_same_whatever_the_order_and_differ_by_the_counts_of_any_number() -> None:
    health, number = request("/v1/health"), request("/v26.0/100000000000001")
    of_another = request("/v1/health", "100000000000002")
    assert figures.difference([health, number, of_another], [of_another, number, health]) == ""
    assert figures.difference([health, health, number], [health, number]) == "GET /v1/health 2 to 1"
    assert figures.difference([number], []) == "GET /v26.0/ID 1 to 0"
    assert figures.difference([health, of_another], [health, health]) == "GET /v1/health 2 to 2"
    assert figures.difference([request("/v26.0/debug_token", None)], [request("/v26.0/debug_token", None)]) == ""


def test_ratios_are_to_the_rows_of_the_same_setting_only() -> None:
    own = row("wabiz.migration", 20, 100.0, ssh=True, wall_seconds=4.0, name="own", executions_per_number=13.0)
    rows = [
        row("uri", 20, 400.0, ssh=True, wall_seconds=16.0),
        row("uri", 20, 1.0),
        row("threads", 20, 50.0, ssh=True, wall_seconds=8.0, differs=""),
        row("again", 20, 30.0, ssh=True, executions_per_number=1.0),
    ]
    (one,) = figures.compared([own, *rows])
    assert (one["cpu_to_uri"], one["cpu_to_threads"]) == (0.25, 2.0)
    assert (one["wall_to_uri"], one["wall_to_threads"]) == (0.25, 0.5)
    assert (one["executions_first"], one["executions_second"], one["second_cpu_ms"]) == (13.0, 1.0, 30.0)
    (alone,) = figures.compared([own])
    assert alone["cpu_to_uri"] is None and alone["second_cpu_ms"] is None


def test_the_plan_compares_over_ssh_with_and_without_more_forks() -> None:
    over_ssh = {(one.who, one.numbers, one.forks) for group in plan.PLAN for one in group if one.ssh}
    for who in ("uri", "wabiz.migration", "again", "threads"):
        assert {(who, 20, 10), (who, 100, 20)} <= over_ssh
    names = [one.name for group in plan.PLAN for one in group]
    assert len(names) == len(set(names))
    assert not any(one.ssh for group in plan.without_ssh(plan.PLAN) for one in group)


def test_only_short_settings_are_repeated() -> None:
    assert plan.passes(5.0) == 3 and plan.passes(60.0) == 1


def test_a_machine_without_sshd_is_told_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sshd, "missing", lambda: "there is no sshd")
    assert run.main(["--numbers", "2", "--ssh"]) == 1
    assert capsys.readouterr().out == (
        "there is no sshd. The settings with ssh are left out.\nNo setting to measure.\n"
    )


def test_the_smallest_benchmark_compares_the_playbook_with_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "WHERE", tmp_path / "bench")
    assert run.main(["--numbers", "2", "--once", "--out", str(tmp_path / "bench.json")]) == 0
    report = json.loads((tmp_path / "bench.json").read_text())
    assert [one["who"] for one in report["rows"]] == ["wabiz.migration", "again", "threads"]
    threads = report["rows"][-1]
    assert threads["differs"] == "" and threads["requests_per_number"]["onprem"] > 0
    (compared,) = report["compared"]
    assert compared["cpu_to_threads"] > 0 and compared["second_cpu_ms"] > 0
    assert "wabiz.migration, 2" in capsys.readouterr().out
    assert "| wabiz.migration, 2 | 1 |" in figures.table(report)


FILE = ("/c/ansible_collections/wabiz/migration/plugins/module_utils/_spec.py", 5, "check")
CORE = ("/v/lib/python3.11/site-packages/ansible/executor/task_executor.py", 81, "run")
LENGTH = ("~", 0, "<built-in method builtins.len>")


def test_functions_belong_to_the_packages_of_their_files() -> None:
    lib = "/p/lib/python3.11/"
    for file, name, package, part in (
        (FILE[0], "check", "wabiz.migration", "plugins/module_utils/_spec.py"),
        (FILE[0], "<module>", "import", "module bodies"),
        (CORE[0], "run", "ansible core", "executor/task_executor.py"),
        (lib + "site-packages/jinja2/compiler.py", "generate", "jinja2", "jinja2"),
        ("<template>", "root", "jinja2", "compiled templates"),
        (lib + "site-packages/urllib3/connection.py", "connect", "requests, urllib3, ssl", "urllib3"),
        (lib + "ssl.py", "read", "requests, urllib3, ssl", "ssl"),
        (lib + "multiprocessing/queues.py", "_feed", "fork, pickle", "multiprocessing"),
        (lib + "re/_parser.py", "parse", "standard library", "re"),
        ("<frozen posixpath>", "join", "standard library", "posixpath"),
        ("<frozen importlib._bootstrap>", "_find_spec", "import", "finding and loading"),
        ("<string>", "__init__", "generated code", "<string>"),
    ):
        assert profile_figures.place((file, 1, name)) == (package, part), file


def test_a_builtin_counts_for_the_package_that_calls_it() -> None:
    stats: profile_figures.Stats = {
        CORE: (1, 1, 1.0, 4.0, {}),
        FILE: (2, 2, 2.0, 2.5, {CORE: (2, 2, 2.0, 2.5)}),
        LENGTH: (5, 5, 1.0, 1.0, {CORE: (1, 1, 0.25, 0.25), FILE: (4, 4, 0.5, 0.5)}),
        ("~", 0, "<built-in method posix.fork>"): (1, 1, 3.0, 3.0, {CORE: (1, 1, 3.0, 3.0)}),
    }
    found = profile_figures.by_package(stats)
    assert found[("ansible core", "executor/task_executor.py")] == 1.25
    assert found[("wabiz.migration", "plugins/module_utils/_spec.py")] == 2.5
    assert found[("fork, pickle", "<built-in method posix.fork>")] == 3.0
    assert found[("other builtins", "")] == 0.25
    assert sum(found.values()) == profile_figures.seconds(stats)


def test_what_the_profile_costs_is_taken_off_by_the_calls() -> None:
    stats: profile_figures.Stats = {
        CORE: (1, 1, 4.0, 10.0, {}),
        LENGTH: (100, 100, 6.0, 6.0, {CORE: (100, 100, 6.0, 6.0)}),
    }
    found = profile_figures.corrected(stats, 5.0)
    assert profile_figures.seconds(found) == pytest.approx(5.0)
    assert found[CORE][2] < 4.0 and found[LENGTH][2] < 6.0
    assert found[CORE][3] == pytest.approx(5.0)
    same = profile_figures.corrected(stats, 10.0)
    assert same[LENGTH][2] == pytest.approx(6.0) and same[CORE][2] == pytest.approx(4.0)


def test_statistics_of_many_workers_add_up() -> None:
    one: profile_figures.Stats = {LENGTH: (1, 2, 0.5, 0.5, {CORE: (2, 1, 0.5, 0.5)})}
    assert profile_figures.merged([one, one]) == {LENGTH: (2, 4, 1.0, 1.0, {CORE: (4, 2, 1.0, 1.0)})}
    assert one == {LENGTH: (1, 2, 0.5, 0.5, {CORE: (2, 1, 0.5, 0.5)})}


def test_the_smallest_profile_adds_up_to_what_resource_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cpu_profile, "WHERE", tmp_path / "profile")
    assert cpu_profile.main(["--numbers", "2", "--top", "5"]) == 0
    shown = capsys.readouterr().out
    assert "Move | Prepare, register and verify the number" in shown
    for part in ("PARENT, by package", "WORKERS, by package", "wabiz.migration", "WORKERS, imports"):
        assert part in shown
    lines = {
        line[:34].strip(): [float(word) for word in line[34:].replace("-", "").split()]
        for line in shown.splitlines()[2:6]
    }
    profiled, functions = lines["resource, with the profile"], lines["functions in the profile"]
    assert functions[0] == pytest.approx(profiled[0], rel=0.1)
    assert functions[1] == pytest.approx(profiled[1], rel=0.15)
