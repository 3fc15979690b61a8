# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demo: what happened, judged and laid out for one screen. Pure: it is handed what the simulator and Ansible say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from . import fleet

WIDTH = 120
PLATFORM = {"ON_PREMISE": "on-prem", "CLOUD_API": "Cloud API", "NOT_APPLICABLE": "nowhere"}


@dataclass(frozen=True)
class Run:
    """One run of the playbook: its exit status, Ansible's recap by host, and what the ledger gained meanwhile."""

    title: str
    status: int
    recap: Mapping[str, Mapping[str, int]]
    ledger: Sequence[Mapping[str, Any]]
    expected: int = 0  # its exit status where all is as it must be

    def requests(self, kind: str) -> int:
        return sum(line["kind"] == kind for line in self.ledger)

    def total(self, count: str) -> int:
        return sum(host[count] for host in self.recap.values())


class Fate(NamedTuple):
    """One number: its host, the simulator's state of it before and after, its meter, its requests in the ledger."""

    host: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    meter: Mapping[str, Any]
    registers: Sequence[Mapping[str, Any]]
    story: str = ""

    @property
    def kept_out(self) -> bool:
        return self.story == fleet.KEPT_OUT

    def oba(self) -> str:
        if not self.before["oba"]:
            return "-"
        return "yes" if self.after["oba"] else "LOST"


def table(rows: Sequence[Sequence[str]], right: frozenset[int]) -> list[str]:
    """Lay out rows in columns; the columns in ``right`` hold numbers."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def numbers(fates: Sequence[Fate], last: Run) -> list[str]:
    """Return the table of the fleet: one line for each number."""
    heads = [
        ("", "", "", "", "MOVED AT", "REGISTER", "DROPPED", "UNDELIVERED", "OBA", "", "CHANGED"),
        (
            "HOST",
            "NUMBER",
            "BEFORE",
            "AFTER",
            "(UTC)",
            "REQUESTS",
            "SECONDS",
            "SECONDS",
            "KEPT",
            "THROUGHPUT",
            "LAST RUN",
        ),
    ]
    rows = [
        (
            fate.host,
            str(fate.after["display_phone_number"]),
            PLATFORM.get(fate.before["platform_type"], "?"),
            PLATFORM.get(fate.after["platform_type"], "?"),
            _clock(fate.meter["registered_at"]),
            str(len(fate.registers)),
            f"{fate.meter['dropped_seconds']:.1f}",
            f"{fate.meter['undelivered_seconds']:.1f}",
            fate.oba(),
            "-" if fate.kept_out else str(fate.after["throughput"]["level"]),
            str(last.recap.get(fate.host, {}).get("changed", "?")),
        )
        for fate in fates
    ]
    return table([*heads, *rows], frozenset({5, 6, 7, 10}))


def runs(all_runs: Sequence[Run]) -> list[str]:
    """Return the table of the runs: Ansible's recap beside the simulator's ledger."""
    rows = [("RUN", "HOSTS", "CHANGED", "FAILED", "READS", "LOGINS", "REQUESTS THAT CHANGE ANYTHING")]
    for run in all_runs:
        effects = Counter(str(line["effect"]) for line in run.ledger if line["kind"] == "change")
        reported = ", ".join(f"{count} {effect}" for effect, count in sorted(effects.items()))
        rows.append(
            (
                run.title,
                str(len(run.recap)),
                str(run.total("changed")),
                str(run.total("failed") + run.total("unreachable")),
                str(run.requests("read")),
                str(run.requests("login")),
                f"{run.requests('change')}{f' ({reported})' if reported else ''}",
            )
        )
    return table(rows, frozenset({1, 2, 3, 4, 5}))


def stories(fates: Sequence[Fate]) -> list[str]:
    """Return what happened to the numbers that did not simply move."""
    return [f"Note: {fate.host} {fate.story}" for fate in fates if fate.story]


def totals(fates: Sequence[Fate], all_runs: Sequence[Run]) -> list[str]:
    """Return the sums of the simulator's meters and ledger."""
    moved = sum(fate.after["platform_type"] == "CLOUD_API" for fate in fates)
    dropped = sum(fate.meter["dropped_seconds"] for fate in fates)
    undelivered = sum(fate.meter["undelivered_seconds"] for fate in fates)
    return [
        f"Meters: {moved} of {len(fates)} numbers are on the Cloud API; messages undelivered for {undelivered:.1f} s,"
        f" dropped for {dropped:.1f} s (while register runs)",
        f"Ledger: {sum(len(fate.registers) for fate in fates)} register requests in all runs;"
        f" requests that change anything in run {all_runs[-1].title}: {all_runs[-1].requests('change')}",
    ]


def faults(fates: Sequence[Fate], all_runs: Sequence[Run]) -> list[str]:
    """Return everything that is not as it must be; an empty list is a success."""
    last = all_runs[-1]
    found = [
        f"run {run.title}: ansible-playbook ended with {run.status}" for run in all_runs if run.status != run.expected
    ]
    for fate in fates:
        where, status = fate.after["platform_type"], fate.after["status"]
        if fate.kept_out:
            found += [f"{fate.host}: moved, although it is to be kept out"] if where != "ON_PREMISE" else []
            found += [f"{fate.host}: {len(fate.registers)} register requests"] if fate.registers else []
            continue
        if (where, status) != ("CLOUD_API", "CONNECTED"):
            found.append(f"{fate.host}: platform_type {where}, status {status}")
        if fate.meter["undelivered_seconds"]:
            found.append(f"{fate.host}: {fate.meter['undelivered_seconds']} s undelivered")
        if len(fate.registers) != 1:
            found.append(f"{fate.host}: {len(fate.registers)} register requests")
        if fate.oba() == "LOST":
            found.append(f"{fate.host}: lost its Official Business Account status")
        counts = last.recap.get(fate.host)
        if counts is None or any(counts[name] for name in ("changed", "failed", "unreachable")):
            found.append(f"{fate.host}: last run {dict(counts) if counts else 'without a recap'}")
    if last.requests("change"):
        found.append(f"the last run sent {last.requests('change')} requests that change something")
    return found


def _clock(at: float | None) -> str:
    return "never" if at is None else datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")
