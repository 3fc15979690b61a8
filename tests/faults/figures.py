# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a run, as docs/reliability.md shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .invariants import END_STATES
from .journey_rules import ENDS

_BLOCK = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def table(report: Mapping[str, Any]) -> str:
    """Return the figures of build/faults.json as Markdown."""
    kinds = sorted(report["cases_by_kind"])
    on_journeys = [kind for kind in kinds if kind.startswith("journey")]
    lines = _rows(report, [kind for kind in kinds if kind not in on_journeys], END_STATES)
    if on_journeys:
        lines += ["", *_rows(report, on_journeys, ENDS)]
    proven = len(report["guards"]) - len(report["guards_unproven"])
    minutes = round(report["seconds"] / 60)
    part = "" if report["share"] == 1 else f"A share of {report['share']:.0%} of the kill cases, all others whole: "
    reported = (
        f"{part}"
        f"{report['cases']} cases, {len(report['violations'])} violations, {proven} of {len(report['guards'])} guards "
        f"proven, {minutes} minutes on {report['processors']} processors, ansible-core {report['ansible_core']}, "
        f"{report['began'][:10]}."
    )
    return "\n".join([reported, "", *lines])


def _rows(report: Mapping[str, Any], kinds: Sequence[str], states: Sequence[str]) -> list[str]:
    """Return a table of kinds of cases by the states in which they ended."""
    rows = [["cases", *states, "violations"]]
    for kind in kinds:
        bad = sum(1 for case in report["violations"] if case["kind"] == kind)
        counts = [report["end_states"][kind].get(state, 0) for state in states]
        rows.append([f"{kind}: {report['cases_by_kind'][kind]}", *map(str, counts), str(bad)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "| --- |" + " ---: |" * (len(rows[0]) - 1))
    return lines


def write(report: Mapping[str, Any], page: Path) -> None:
    """Put the figures between their marks in the page."""
    text = page.read_text()
    changed, count = _BLOCK.subn(lambda found: f"{found[1]}\n{table(report)}\n\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"{page} has {count} pairs of marks for the figures, not one")
    page.write_text(changed)
