# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark's figures have to reach, and what was reached. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.wabiz.migration.tests.support import output

from .plan import OWN, SILENT

Rows = Sequence[Mapping[str, Any]]
Reached = tuple[str, float | None, float]


def row(rows: Rows, who: str, numbers: int, **more: Any) -> Mapping[str, Any]:
    """Return the row of a setting; an empty one where it was not measured."""
    wanted = {"who": who, "numbers": numbers, "latency_ms": 0, "register_seconds": 0.0, "ssh": False, **more}
    return next((one for one in rows if all(one[name] == value for name, value in wanted.items())), {})


def goals(rows: Rows) -> list[dict[str, Any]]:
    """Return each goal with what was reached; one whose rows were not measured is left out."""
    return [
        {"goal": what, "reached": round(reached, 3), "at_most": most, "met": reached <= most}
        for what, reached, most in (*_over_ssh(rows), *_local(rows), *_requests(rows), *_large(rows), *_printed(rows))
        if reached is not None
    ]


def _ratio(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> float | None:
    return one[name] / other[name] if one and other.get(name) else None


def _over_ssh(rows: Rows) -> Iterator[Reached]:
    own, uri, again = (row(rows, who, 20, ssh=True) for who in (OWN, "uri", "again"))
    yield "wall over SSH to the uri playbook, 20 numbers", _ratio(own, uri, "wall_seconds"), 0.6
    yield "CPU of the controller over SSH to the uri playbook, 20 numbers", _ratio(own, uri, "cpu_ms_per_number"), 0.15
    yield "executions on the host per number, first run", own.get("executions_per_number"), 5
    yield "executions on the host per number, second run", again.get("executions_per_number"), 1


def _local(rows: Rows) -> Iterator[Reached]:
    cpu = "cpu_ms_per_number"
    own, silent = row(rows, OWN, 200), row(rows, SILENT, 200)
    yield "CPU to the uri playbook, 50 numbers", _ratio(row(rows, OWN, 50), row(rows, "uri", 50), cpu), 1 / 15
    yield "CPU to plain threads, 200 numbers", _ratio(own, row(rows, "threads", 200), cpu), 4.5
    yield "second run, 1000 numbers: CPU ms per number", row(rows, "again", 1000).get(cpu), 40
    growth = _ratio(row(rows, OWN, 1000), row(rows, OWN, 100), cpu)
    empty = _ratio(row(rows, "empty", 1000), row(rows, "empty", 100), cpu)
    relative = growth / empty if growth and empty else None
    yield "growth of CPU per number from 100 to 1000, to that of six empty tasks", relative, 1.1
    share = 1 - silent[cpu] / own[cpu] if own and silent else None
    yield "share of events, status and report in the CPU, 200 numbers", share, 0.02


def _requests(rows: Rows) -> Iterator[Reached]:
    for name, api, most in (("the node", "onprem", 18), ("the Graph API", "graph", 4.5)):
        asked = row(rows, OWN, 200).get("requests_per_number", {}).get(api)
        yield f"requests to {name} per number, first run, 200 numbers in 8 WABAs", asked, most
    for numbers in (200, 1000):
        again = row(rows, "again", numbers).get("requests_per_number")
        for name, api, most in (("the node", "onprem", 0), ("the Graph API", "graph", 1)):
            asked = None if again is None else again.get(api, 0)
            yield f"requests to {name} per number, second run, {numbers} numbers", asked, most


def _large(rows: Rows) -> Iterator[Reached]:
    for numbers in (1000, 5000):
        own = row(rows, OWN, numbers)
        if own:
            yield f"largest process, {numbers} numbers, MiB", own["largest_process_mib"], 400
            yield f"dropped beyond register, {numbers} numbers, p99, s", own["dropped_beyond_register"]["p99"], 0.05
            yield f"undelivered, {numbers} numbers, max, s", own["undelivered"]["max"], 0.0
    yield "wall, 5000 numbers, minutes", _minutes(row(rows, OWN, 5000)), 12


def _minutes(own: Mapping[str, Any]) -> float | None:
    return own["wall_seconds"] / 60 if own else None


def _printed(rows: Rows) -> Iterator[Reached]:
    for numbers in (1, 20, 200, 1000, 5000):
        own = row(rows, OWN, numbers)
        if own:
            most = output.FIXED + output.OF_A_WAVE * own["waves"]
            yield f"lines printed beside Ansible's own for a host, {numbers} numbers", own["own_lines"], most
