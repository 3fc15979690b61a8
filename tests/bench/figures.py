# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures of a benchmark say: ratios, goals, and the table in README.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN = "<!-- bench: make bench ARGS=--docs -->"
END = "<!-- end of bench -->"
_HEAD = (
    "| who, numbers | CPU ms per number | wall s | largest process MiB | all processes MiB "
    "| requests per number: Graph, node "
    "| dropped beyond register s: p50, p99, max | undelivered s: max |\n|---|---|---|---|---|---|---|---|"
)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, 99th percentile and maximum of sorted values, seconds."""
    if not values:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}

    def at(part: float) -> float:
        return round(values[min(len(values) - 1, int(part * len(values)))], 3)

    return {"p50": at(0.5), "p99": at(0.99), "max": round(values[-1], 3)}


def line(row: Mapping[str, Any]) -> str:
    """Return one row as a line for the screen."""
    apis = row["requests_per_number"]
    reported = (
        f"{row['name']:40} {row['cpu_ms_per_number']:8.1f} ms  {row['wall_seconds']:7.1f} s  "
        f"{row['largest_process_mib']:6.0f} MiB  graph {apis.get('graph', 0):6.2f}  node {apis.get('onprem', 0):6.2f}  "
        f"dropped {row['dropped_beyond_register']['p99']:.3f} s"
    )
    return reported + ("  " + "; ".join(row["faults"]) if row["faults"] else "")


def _row(rows: Sequence[Mapping[str, Any]], who: str, numbers: int, **more: Any) -> Mapping[str, Any] | None:
    wanted = {"who": who, "numbers": numbers, "latency_ms": 0, "register_seconds": 0.0, "ssh": False, **more}
    return next((row for row in rows if all(row[name] == value for name, value in wanted.items())), None)


def goals(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each goal with what was reached; one whose rows were not measured is left out."""
    found: list[dict[str, Any]] = []

    def cpu(row: Mapping[str, Any] | None) -> float | None:
        return None if row is None else float(row["cpu_ms_per_number"])

    def goal(what: str, reached: float | None, most: float) -> None:
        if reached is not None:
            found.append({"goal": what, "reached": round(reached, 3), "at_most": most, "met": reached <= most})

    def ratio(one: float | None, other: float | None) -> float | None:
        return None if one is None or not other else one / other

    uri, own = cpu(_row(rows, "uri", 50)), cpu(_row(rows, "wabiz.migration", 50))
    goal("CPU of wabiz.migration to the uri playbook, 50 numbers", ratio(own, uri), 1 / 8)
    growth = ratio(cpu(_row(rows, "wabiz.migration", 1000)), cpu(_row(rows, "wabiz.migration", 100)))
    empty = ratio(cpu(_row(rows, "empty", 1000)), cpu(_row(rows, "empty", 100)))
    goal("growth of CPU per number from 100 to 1000, to that of six empty tasks", ratio(growth, empty), 1.10)
    for numbers in (1000, 5000):
        row = _row(rows, "wabiz.migration", numbers)
        if row is not None:
            goal(f"largest process, {numbers} numbers, MiB", row["largest_process_mib"], 400)
            goal(f"dropped beyond register, {numbers} numbers, p99, s", row["dropped_beyond_register"]["p99"], 0.05)
            goal(f"undelivered, {numbers} numbers, max, s", row["undelivered"]["max"], 0.0)
    row = _row(rows, "wabiz.migration", 200)
    if row is not None:
        goal("Graph requests per number, 200 numbers in 8 WABAs", row["requests_per_number"].get("graph", 0), 5)
    for numbers in (200, 1000):
        row = _row(rows, "again", numbers)
        if row is not None:
            apis = row["requests_per_number"]
            goal(f"second run, {numbers} numbers: Graph requests per number", apis.get("graph", 0), 1)
            goal(f"second run, {numbers} numbers: node requests per number", apis.get("onprem", 0), 0)
            share = ratio(cpu(row), cpu(_row(rows, "wabiz.migration", numbers)))
            if (cpu(row) or 0) <= 45 or share is None:
                goal(f"second run, {numbers} numbers: CPU ms per number", cpu(row), 45)
            else:
                goal(f"second run, {numbers} numbers: share of the first run's CPU", share, 1 / 3)
    for numbers in (20, 50, 200, 1000):
        reached = ratio(cpu(_row(rows, "wabiz.migration", numbers)), cpu(_row(rows, "threads", numbers)))
        if reached is not None:
            found.append(
                {"goal": f"CPU of wabiz.migration to plain threads, {numbers} numbers", "reached": round(reached, 1)}
            )
    return found


def reported(report: Mapping[str, Any]) -> list[str]:
    """Return the goals as lines for the screen."""
    lines = []
    for one in report["goals"]:
        judged = "" if "met" not in one else ("  met" if one["met"] else "  MISSED") + f" (at most {one['at_most']:g})"
        lines.append(f"{one['goal']:80} {one['reached']:8g}{judged}")
    return lines


def table(report: Mapping[str, Any]) -> str:
    """Return the rows and the goals as Markdown."""
    lines = [_HEAD]
    for row in report["rows"]:
        apis, dropped = row["requests_per_number"], row["dropped_beyond_register"]
        lines.append(
            f"| {row['name']} | {row['cpu_ms_per_number']:g} | {row['wall_seconds']:g} "
            f"| {row['largest_process_mib']:g} | {row['tree_mib']:g} "
            f"| {apis.get('graph', 0):g}, {apis.get('onprem', 0):g} "
            f"| {dropped['p50']:g}, {dropped['p99']:g}, {dropped['max']:g} | {row['undelivered']['max']:g} |"
        )
    lines += ["", "| goal | at most | reached |", "|---|---|---|"]
    for one in report["goals"]:
        missed = "" if one.get("met", True) else ", missed"
        most = f"{one['at_most']:.3g}" if "at_most" in one else "-"
        lines.append(f"| {one['goal']} | {most} | {one['reached']:g}{missed} |")
    made = f"{report['made'][:10]}, {report['processors']} processors, ansible-core {report['ansible_core']}"
    part = f" Only the settings whose name holds `{report['only']}`." if report["only"] else ""
    return "\n".join([f"Made {made}, Python {report['python']}, in {report['seconds']:.0f} s.{part}", "", *lines])


def write(report: Mapping[str, Any], path: Path) -> None:
    """Put the table between its marks in a Markdown file."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no marks for the figures")
    path.write_text(f"{before}{BEGIN}\n{table(report)}\n{END}{after}")
