# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a run, as docs/reliability.md shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .invariants import END_STATES

_BLOCK = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def table(report: Mapping[str, Any]) -> str:
    """Return the figures of build/faults.json as Markdown."""
    ends = report["end_states"]
    rows = [["cases", *END_STATES, "violations"]]
    for kind in sorted(report["cases_by_kind"]):
        bad = sum(1 for case in report["violations"] if case["kind"] == kind)
        counts = [ends[kind].get(state, 0) for state in END_STATES]
        rows.append([f"{kind}: {report['cases_by_kind'][kind]}", *map(str, counts), str(bad)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "| --- |" + " ---: |" * (len(rows[0]) - 1))
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


def write(report: Mapping[str, Any], page: Path) -> None:
    """Put the figures between their marks in the page."""
    text = page.read_text()
    changed, count = _BLOCK.subn(lambda found: f"{found[1]}\n{table(report)}\n\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"{page} has {count} pairs of marks for the figures, not one")
    page.write_text(changed)
