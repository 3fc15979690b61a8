# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the table and the report of the playbooks recover, retire and rollback, and the verdict on a number."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from .._core.fleet import artifact, exit_table, recovery_table, table
from .._failure import Failure
from . import report_files, run_events
from .context import Context, Outcome

RECOVER, RETIRE, ROLLBACK = "recover", "retire", "rollback"
PHASES = (RECOVER, RETIRE, ROLLBACK)
Results = Mapping[str, Mapping[str, Any]]


def perform(options: Any, context: Context, results: Results) -> Outcome:
    """Return the table of the listed hosts, and write their report; with ``verdict`` fail where one needs somebody."""
    if options.phase == RECOVER:
        return _recovery(options, context, results)
    judge = exit_table.retired if options.phase == RETIRE else exit_table.rolled_back
    rows = [judge(host, results[host], context.check_mode) for host in options.hosts]
    # One number after the other: what was said of the earlier ones is on the screen already.
    now = [row for row in rows if row.host in options.batch or options.whole]
    return _reported(options, context, results, rows, exit_table.lines(str(options.title), now, rows))


def _recovery(options: Any, context: Context, results: Results) -> Outcome:
    rows = [recovery_table.row_of(host, results[host], context.check_mode) for host in options.hosts]
    if options.verdict:
        bad = [row for row in rows if row.bad]
        found = {"msg": " ".join(row.text() for row in rows)}
        if not bad:
            return Outcome(False, found)
        failure = Failure(bad[0].step, "Needs somebody: %s" % bad[0].cause, next_step=bad[0].does)
        return Outcome(False, found, failure=failure, label="Number %s" % bad[0].name)
    read = {row.host: {**results[row.host], "state": recovery_table.logged(results[row.host])} for row in rows}
    applied = bool(options.moves) and not context.check_mode
    return _reported(
        options,
        context,
        read,
        recovery_table.for_report(rows),
        recovery_table.lines(str(options.title), rows, applied),
        {row.host: row.text() for row in rows},
    )


def _reported(
    options: Any,
    context: Context,
    results: Results,
    rows: List[table.Row],
    lines: List[str],
    texts: Optional[Mapping[str, str]] = None,
) -> Outcome:
    """Record how the run ends, write its report, and hand both on."""
    phase, states = str(options.phase), table.counts(rows)
    run_events.ended(context, str(options.title), rows, results, states)
    written, warnings = report_files.write(
        options, context, report_files.Facts(str(options.title), phase, rows, ""), results
    )
    handed_on = artifact.of(rows, phase, "")
    if written:
        handed_on["report"] = written["summary"]
        lines = [*lines, "Report: %s" % written["page"]]
    found: Dict[str, Any] = {
        "states": states,
        "lines": texts or {row.host: row.text() for row in rows},
        "bad": [row.host for row in rows if row.bad],
        "hosts": list(options.hosts),
        "waiting_for_code": [row.host for row in rows if row.state == table.WAITING_FOR_CODE],
        "table": lines,
        "ansible_stats": {"data": {"wabiz_migration": handed_on}, "per_host": False, "aggregate": False},
    }
    if written:
        found["report"] = written
    return Outcome(False, found, warnings=warnings)
