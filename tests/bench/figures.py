# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures of a benchmark say: medians, ratios, and the tables in README.md. Pure, but for write()."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .plan import OWN

BEGIN = "<!-- bench: make bench ARGS=--docs -->"
END = "<!-- end of bench -->"
_HEAD = (
    "| who, numbers | runs | CPU ms per number | wall s | largest process MiB | all processes MiB "
    "| requests per number: Graph, node | executions on the host per number "
    "| dropped beyond register s: p50, p99, max | undelivered s: max |\n|---|---|---|---|---|---|---|---|---|---|"
)
_COMPARED_HEAD = (
    "| setting | CPU to uri | CPU to threads | wall to uri | wall to threads | executions on the host per number: "
    "first, second run | second run: CPU ms per number |\n|---|---|---|---|---|---|---|"
)
_ID = re.compile(r"[0-9]{6,}")
# Rows with the same values of these keys are compared with each other.
_SAME = ("numbers", "latency_ms", "register_seconds", "ssh", "forks")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, 99th percentile and maximum of sorted values, seconds."""
    if not values:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}

    def at(part: float) -> float:
        return round(values[min(len(values) - 1, int(part * len(values)))], 3)

    return {"p50": at(0.5), "p99": at(0.99), "max": round(values[-1], 3)}


def median(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one row for several runs of a setting: the median of each figure, and every fault."""
    result = {name: _median([row[name] for row in rows]) for name in rows[0]}
    result["runs"] = len(rows)
    result["faults"] = [fault for row in rows for fault in row["faults"]]
    if "differs" in rows[0]:
        result["differs"] = next((row["differs"] for row in rows if row["differs"]), "")
    return result


def _median(values: Sequence[Any]) -> Any:
    first = values[0]
    if isinstance(first, Mapping):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: _median([value.get(name, 0) for value in values]) for name in names}
    if isinstance(first, (int, float)) and not isinstance(first, bool):
        return round(statistics.median(values), 3)
    return first


def difference(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> str:
    """Return the endpoints that two ledgers have in other counts for any number or WABA; "" where all are the same."""
    left, right = _counts(one), _counts(other)
    unequal = sorted({endpoint for _subject, endpoint in (left - right) + (right - left)})

    def total(counts: Counter[tuple[str, str]], endpoint: str) -> int:
        return sum(count for (_subject, name), count in counts.items() if name == endpoint)

    return "; ".join(f"{endpoint} {total(left, endpoint)} to {total(right, endpoint)}" for endpoint in unequal)


def _counts(ledger: Sequence[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    """Return how often each number or WABA has each endpoint, in whose path its ID is left out."""
    return Counter(
        (str(line["phone_number_id"] or line["waba_id"]), f"{line['method']} {_ID.sub('ID', line['path'])}")
        for line in ledger
    )


def line(row: Mapping[str, Any]) -> str:
    """Return one row as a line for the screen."""
    apis = row["requests_per_number"]
    executions = f"host {row['executions_per_number']:5.2f}  " if "executions_per_number" in row else ""
    reported = (
        f"{row['name']:40} {row['runs']} x {row['cpu_ms_per_number']:8.1f} ms  {row['wall_seconds']:7.1f} s  "
        f"{row['largest_process_mib']:6.0f} MiB  graph {apis.get('graph', 0):6.2f}  node {apis.get('onprem', 0):6.2f}  "
        f"{executions}dropped {row['dropped_beyond_register']['p99']:.3f} s"
    )
    notes = [*row["faults"], *([_differs(row)] if row.get("differs") else [])]
    return reported + ("  " + "; ".join(notes) if notes else "")


def _differs(row: Mapping[str, Any]) -> str:
    return f"not the requests of wabiz.migration: {row['differs']}"


def compared(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return for each row of wabiz.migration its ratios to the others in the same run, and its second run.

    A ratio above 1 says that wabiz.migration takes more. What was not measured is None.
    """
    found = []
    for own in (row for row in rows if row["who"] == OWN):
        others = {row["who"]: row for row in rows if all(row[name] == own[name] for name in _SAME)}
        uri, threads, again = (others.get(who, {}) for who in ("uri", "threads", "again"))
        found.append(
            {
                "name": own["name"],
                "cpu_to_uri": _ratio(own, uri, "cpu_ms_per_number"),
                "cpu_to_threads": _ratio(own, threads, "cpu_ms_per_number"),
                "wall_to_uri": _ratio(own, uri, "wall_seconds"),
                "wall_to_threads": _ratio(own, threads, "wall_seconds"),
                "executions_first": own.get("executions_per_number"),
                "executions_second": again.get("executions_per_number"),
                "second_cpu_ms": again.get("cpu_ms_per_number"),
                "threads_differ": threads.get("differs", ""),
            }
        )
    return found


def _ratio(own: Mapping[str, Any], other: Mapping[str, Any], name: str) -> float | None:
    return round(own[name] / other[name], 3) if other.get(name) else None


def _shown(value: Any) -> str:
    return "-" if value is None else f"{value:g}"


def reported(report: Mapping[str, Any]) -> list[str]:
    """Return the ratios and the goals as lines for the screen."""
    lines = [f"{'ratios in this run, and the second run':40} CPU to uri, threads   wall to uri, threads   second run"]
    for one in report["compared"]:
        ratios = [_shown(one[name]) for name in ("cpu_to_uri", "cpu_to_threads", "wall_to_uri", "wall_to_threads")]
        second = f"{one['second_cpu_ms']:.1f} ms" if one["second_cpu_ms"] is not None else "-"
        hosts = ""
        if one["executions_first"] is not None:
            hosts = (
                f", executions on the host {one['executions_first']:g} first, {_shown(one['executions_second'])} second"
            )
        note = ", threads with other requests" if one["threads_differ"] else ""
        lines.append(
            f"{one['name']:40} {ratios[0]:>10} {ratios[1]:>10} {ratios[2]:>12} {ratios[3]:>10}   {second}{hosts}{note}"
        )
    for one in report["goals"]:
        judged = "met" if one["met"] else "MISSED"
        lines.append(f"{one['goal']:80} {one['reached']:8g}  {judged} (at most {one['at_most']:.3g})")
    return lines


def table(report: Mapping[str, Any]) -> str:
    """Return the rows and the goals as Markdown."""
    lines = [_HEAD]
    for row in report["rows"]:
        apis, dropped = row["requests_per_number"], row["dropped_beyond_register"]
        lines.append(
            f"| {row['name']}{', ' + _differs(row) if row.get('differs') else ''} | {row['runs']} "
            f"| {row['cpu_ms_per_number']:g} | {row['wall_seconds']:g} "
            f"| {row['largest_process_mib']:g} | {row['tree_mib']:g} "
            f"| {apis.get('graph', 0):g}, {apis.get('onprem', 0):g} | {_shown(row.get('executions_per_number'))} "
            f"| {dropped['p50']:g}, {dropped['p99']:g}, {dropped['max']:g} | {row['undelivered']['max']:g} |"
        )
    lines += ["", _COMPARED_HEAD]
    for one in report["compared"]:
        ratios = " | ".join(
            _shown(one[name]) for name in ("cpu_to_uri", "cpu_to_threads", "wall_to_uri", "wall_to_threads")
        )
        lines.append(
            f"| {one['name']} | {ratios} | {_shown(one['executions_first'])}, {_shown(one['executions_second'])} "
            f"| {_shown(one['second_cpu_ms'])} |"
        )
    lines += ["", "| goal | at most | reached |", "|---|---|---|"]
    for one in report["goals"]:
        missed = "" if one["met"] else ", missed"
        lines.append(f"| {one['goal']} | {one['at_most']:.3g} | {one['reached']:g}{missed} |")
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
