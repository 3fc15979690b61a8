# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures of a command, and what its goals say of the figures."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.bench import figures, measure


def test_a_command_is_not_charged_with_the_size_of_who_started_it(tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1024)) * (200 * 1024)
    code = "x = bytearray(40 << 20); x[::4096] = b'1' * len(x[::4096]); import time; time.sleep(1)"
    cost = measure.run([sys.executable, "-S", "-c", code], os.environ, tmp_path, tmp_path / "output")
    assert cost.exit_code == 0 and len(ballast) == 200 << 20
    assert 40 < cost.largest < 100
    assert 1.0 <= cost.wall < 10 and cost.cpu < 5


def row(who: str, numbers: int, cpu: float, **more: Any) -> dict[str, Any]:
    facts = {"latency_ms": 0, "register_seconds": 0.0, "ssh": False, "requests_per_number": {"graph": 4.5}}
    return {"who": who, "numbers": numbers, "cpu_ms_per_number": cpu, **facts, **more}


def test_a_goal_is_missed_by_the_figures() -> None:
    by_goal = {one["goal"]: one for one in figures.goals([row("uri", 50, 800.0), row("wabiz.migration", 50, 101.0)])}
    assert by_goal["CPU of wabiz.migration to the uri playbook, 50 numbers"]["met"] is False
    by_goal = {one["goal"]: one for one in figures.goals([row("uri", 50, 800.0), row("wabiz.migration", 50, 100.0)])}
    assert by_goal["CPU of wabiz.migration to the uri playbook, 50 numbers"]["met"] is True


def test_a_second_run_may_be_cheap_in_itself_or_beside_the_first() -> None:
    for first, second, met in ((300.0, 45.0, True), (300.0, 99.0, True), (300.0, 101.0, False), (60.0, 44.0, True)):
        goals = figures.goals([row("wabiz.migration", 200, first), row("again", 200, second, requests_per_number={})])
        (cpu,) = [one for one in goals if one["goal"].startswith("second run") and "CPU" in one["goal"]]
        assert cpu["met"] is met, (first, second, cpu)
