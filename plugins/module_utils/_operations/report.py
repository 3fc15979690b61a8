# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: one line for each number, one table for the fleet, and the fleet's plan as a file.

Reads nothing but what it is handed, sends nothing.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._core.approval import catalogue, waiver
from .._core.approval import plan as plan_rules
from .._core.conditions import failure_limit
from .._core.events.event import REPORT
from .._core.fleet import artifact as artifact_rules
from .._core.fleet import overview, waves
from .._core.fleet import summary as summary_rules
from .._core.fleet import table as table_rules
from .._failure import Failure, RefusedError, counted
from . import action_report, fleet_plan, report_files, run_events
from .context import Context, Outcome
from .module import Module, always_in, never
from .options import FailureLimit, Waivers, declare, handed_over, option

Results = Mapping[str, Mapping[str, Any]]


@declare
class Options(FailureLimit, Waivers, report_files.ReportFiles):
    """The options of wa_report."""

    title: str = option("str", "WhatsApp numbers")
    hosts: List[str] = option("list", required=True, elements="str")
    phase: str = option("str", required=True, choices=["preflight", "move", "report", *action_report.PHASES])
    result_vars: Mapping[str, str] = option("dict", {})
    verdict: bool = option("bool", False)
    moves: bool = option("bool", False)
    waves: Any = option("raw", [1, "10%", "100%"])
    waved: bool = option("bool", True)
    on_blocker: str = option("str", "stop", choices=["stop", "continue"])
    max_parallel_cutovers: int = option("int", 0)
    max_parallel_cutovers_per_waba: int = option("int", 0)
    plan: Any = option("raw")
    plan_dest: Optional[str] = option("str")
    plan_artifact: Optional[str] = option("str")
    show: bool = option("bool", False)
    soak: float = option("float", 0.0)
    whole: bool = handed_over()
    unapproved: Optional[Mapping[str, Any]] = handed_over()
    stopped_before: str = handed_over()
    batch: List[str] = handed_over()
    groups: Mapping[str, List[str]] = handed_over()
    results: Mapping[str, Mapping[str, Any]] = handed_over()


def perform(options: Options, context: Context) -> Outcome:
    """Judge every listed host by ``results`` (host to phase results), which the action has collected."""
    if options.phase == "report":
        return report_files.again(options, context, str(options.title), options.results)
    if options.phase in action_report.PHASES:
        return action_report.perform(options, context, options.results)
    results: Results = {host: table_rules.with_traffic(found) for host, found in options.results.items()}
    unapproved: Optional[Mapping[str, Any]] = None
    if options.phase == "preflight" and not options.verdict:
        unapproved = fleet_plan.by_fleet_digest(options.plan, results)
    else:
        unapproved = options.unapproved
    if unapproved is not None:
        results = {host: fleet_plan.kept_out(results[host], unapproved) for host in options.hosts}
    moving = options.phase == "move"
    rows = [table_rules.row_of(host, results[host], moving, context.check_mode) for host in options.hosts]
    if options.verdict:
        return _verdict(options, results, rows)
    found: Dict[str, Any] = {
        "states": table_rules.counts(rows),
        "lines": {row.host: row.text() for row in rows},
        "bad": [row.host for row in rows if row.bad],
        "waiting": [row.host for row in rows if row.state == table_rules.WAITING],
        "waiting_for_code": [row.host for row in rows if row.state == table_rules.WAITING_FOR_CODE],
        "waiting_for_inventory": [row.host for row in rows if row.state == table_rules.WAITING_FOR_INVENTORY],
        "stop": "",
        "waves": {},
        "max_parallel_cutovers": 0,
        "hosts": list(options.hosts),
    }
    below, changed, handed_on = (
        _after_moves(options, results, rows, found)
        if moving
        else _after_preflight(options, context, results, rows, found, unapproved)
    )
    stopped = found["stop"]
    # Ansible takes these as it takes those of set_stats, and AWX makes artifacts of them. No input has this name.
    goes_on = not moving and options.moves and bool(found["waves"])
    phase = artifact_rules.MIGRATE if moving or options.moves else artifact_rules.PREFLIGHT
    artifact = artifact_rules.of(rows, phase, stopped)
    found["stop"], found["stopped"] = stopped if moving else "", stopped
    handed_on["wabiz_migration"] = artifact
    found["ansible_stats"] = {"data": handed_on, "per_host": False, "aggregate": False}
    run_events.fleet(context, rows, results, found, not moving and options.moves)
    facts = report_files.Facts(str(options.title), phase, rows, stopped)
    written, warnings = report_files.write(options, context, facts, results)
    shown = overview.lines(str(options.title), rows, options.whole, (table_rules.BLOCKED,) if moving else ())
    table = [*shown, *below]
    if (goes_on or moving) and len(shown) == 1 and len(found["states"]) == 1:
        # What is well is one line.
        table = [". ".join(table[:2]), *table[2:]]
    if written:
        found["report"] = written
        artifact["report"] = written["summary"]
        # After a preflight the digest stays the last line: it is what a person approves.
        if not goes_on or options.whole:
            table.insert(-1 if table[-1].startswith(_PLAN) else len(table), "Report: %s" % written["page"])
    found["table"] = table
    return Outcome(changed, found, warnings=warnings)


_PLAN = "Plan: "


def _after_moves(
    options: Options, results: Results, rows: List[table_rules.Row], found: Dict[str, Any]
) -> Tuple[List[str], bool, Dict[str, Any]]:
    """Judge a fleet that has moved; return the lines below its numbers, that no file changed, and no artifact."""
    stopped = _failure_limit(options, rows) or table_rules.persons_first(rows) or options.stopped_before
    found["stop"] = stopped
    below = ["No further wave starts: %s" % stopped] if stopped else []
    longest = max((_interruption(results[row.host]), row.name) for row in rows) if rows else (0.0, "")
    below += ["Longest register call: %g s (%s)" % longest] if longest[0] else []
    return below + summary_rules.waived(_named_findings(results, rows)), False, {}


def _after_preflight(
    options: Options,
    context: Context,
    results: Results,
    rows: List[table_rules.Row],
    found: Dict[str, Any],
    unapproved: Optional[Mapping[str, Any]],
) -> Tuple[List[str], bool, Dict[str, Any]]:
    """Plan the waves of a fleet; return the lines below its numbers, whether the plan file changed, and artifacts."""
    found["plan"] = plan = fleet_plan.of_fleet(results)
    found["unapproved"] = unapproved
    found["waves"], wording = _waves(options, results, rows)
    found["counted"] = _counted(options, rows)
    found["stop"] = "" if found["waves"] or table_rules.READY not in found["states"] else wording[0]
    # Only a preflight hands its plan on, for the jobs behind an approval: an approved one stays what was approved,
    # and that of a migration would take its place.
    wanted = options.plan_artifact and not options.plan and not options.moves
    handed_on = {str(options.plan_artifact): plan} if wanted else {}
    changed = False
    # A run that moves the numbers at once shows only their waves of its plan.
    below = wording if options.whole or not options.moves else wording[:1]
    below += summary_rules.warnings([fleet_plan.preflight_of(results[row.host]) for row in rows if not row.bad])
    if options.plan_dest:
        summary = {
            "states": found["states"],
            "waves": summary_rules.wave_sizes(found["waves"]),
            "text": wording,
        }
        path = os.path.abspath(os.path.expanduser(str(options.plan_dest)))
        entries = fleet_plan.entries(results, rows)
        changed, reported = fleet_plan.write(path, entries, summary, options.plan, context.check_mode)
        below.append(reported)
    if options.max_parallel_cutovers_per_waba:
        accounts = {host: _account(results[host]) for host in found["waves"]}
        found["waves"] = waves.spread(found["waves"], accounts)
    found["max_parallel_cutovers"] = _runners(options, results, found["waves"])
    below += summary_rules.waived(_named_findings(results, rows))
    below += summary_rules.idle_waivers(waiver.read(options.waivers)[0], _known(results, rows), context.clock.now())
    if options.whole and options.moves:
        below += [line for row in rows for line in _plan_of(results, row)]
    if options.whole or not options.moves or unapproved is not None:
        below.append(_PLAN + "%s (%s)" % (plan["digest"], counted(len(plan["numbers"]), "number")))
    return below, changed, handed_on


def _plan_of(results: Results, row: table_rules.Row) -> List[str]:
    before, after = fleet_plan.before_and_after(results, [row])
    return ["%s, %s" % (row.name, line) for line in summary_rules.plan_lines(before, after)] if after else []


def _named_findings(results: Results, rows: List[table_rules.Row]) -> List[Tuple[str, Mapping[str, Any]]]:
    return [(row.name, found) for row in rows for found in fleet_plan.findings_of(results[row.host])]


def _interruption(results: Mapping[str, Any]) -> float:
    """Return how long the register call of a number took until it was confirmed, in seconds."""
    register = results.get("register")
    registration = register.get("registration") if isinstance(register, Mapping) else None
    return float((registration or {}).get("confirmed_after") or 0.0)


def _verdict(options: Options, results: Results, rows: List[table_rules.Row]) -> Outcome:
    """Fail for a number that needs somebody. The table has told its cause in full."""
    bad = [row for row in rows if row.bad]
    failure = None
    found: Dict[str, Any] = {"msg": " ".join(row.text() for row in rows)}
    sent: Optional[str] = None
    if bad:
        failed = table_rules.failed_result(results[bad[0].host])
        failure = replace(_why(bad[0], results[bad[0].host]), details="", next_step=_SEE_ABOVE)
        if bad[0].state == table_rules.WOULD_BE_REFUSED:
            failure = replace(failure, title="Would be refused: %s" % failure.title)
        # A message that is quoted whole says it already.
        sent = table_rules.sent_of(bad[0]) if isinstance(failed.get("failure"), Mapping) else ""
        if isinstance(failed.get("sent"), list):
            found["sent"] = failed["sent"]
    before, after = fleet_plan.before_and_after(results, rows) if options.phase == "preflight" else ({}, {})
    if after:
        found["plan_lines"] = summary_rules.plan_lines(before, after)
    label = "Number %s" % bad[0].name if bad else ""
    return Outcome(False, found, before, after, failure=failure, label=label, sent=sent)


_SEE_ABOVE = "read its cause in the table above, or in the report"


def _why(line: table_rules.Row, results: Mapping[str, Any]) -> Failure:
    """Return why a number is not well: the failure of its task, else the findings that keep it out."""
    failed = table_rules.failed_result(results)
    structured = failed.get("failure")
    if isinstance(structured, Mapping):
        return Failure(**structured)
    blockers = catalogue.blockers(tuple(fleet_plan.findings_of(results)))
    if blockers and not failed:
        names = ", ".join(str(found["id"]) for found in blockers)
        return Failure(line.state, "%s by %s" % (line.state.capitalize(), names))
    return Failure(
        line.state,
        line.state.capitalize(),
        line.wording,
        next_step="fix the cause, then run the same command again",
    )


# ---------------------------------------------------------------------------------------------------------------------
# The summary


def _failure_limit(options: Options, lines: List[table_rules.Row]) -> str:
    """Return why no further number may move, "" where it may."""
    most = failure_limit.limits(options.max_failed, options.max_failed_percent)
    return failure_limit.why(_counted(options, lines), len(lines), most)


def _counted(options: Options, lines: List[table_rules.Row]) -> int:
    """Return how many numbers count for the failure limit."""
    most = failure_limit.limits(options.max_failed, options.max_failed_percent)
    return table_rules.failed(lines, most.stated)


def _waves(options: Options, results: Results, lines: List[table_rules.Row]) -> Tuple[Dict[str, int], List[str]]:
    """Return the wave of each host that is ready, in the order of the inventory, and words about them.

    A number that is not as the approved plan has it keeps out only itself, whatever else is wrong with it: the others
    are as they were approved.
    """
    unread = [line for line in lines if line.state == table_rules.NOT_STARTED and line.host in options.batch]
    if unread and options.moves:
        raise RefusedError(
            Failure(
                "not_read",
                "%s not read yet, so no number moves" % counted(len(unread), "number was", "numbers were"),
                next_step="use Ansible's strategy linear, in which the fleet is read before the first number moves",
            )
        )
    ready = [line.host for line in lines if line.state == table_rules.READY]
    stops = [line for line in lines if line.bad and not _differs(results[line.host])]
    if stops and options.on_blocker == "stop":
        return {}, ["A number is kept out, so none moves (O(on_blocker): stop)"]
    if not ready:
        return {}, ["Nothing to move"]
    stopped = _failure_limit(options, lines)
    if stopped:
        return {}, ["None moves: %s" % stopped]
    try:
        order = waves.plan(ready, options.waves, options.groups)
    except ValueError as reason:
        raise RefusedError(
            Failure("bad_input", "The waves are wrong", str(reason), next_step="correct them, then run again")
        ) from None
    sizes = summary_rules.wave_sizes(order)
    how = "in waves: %d (%s)" % (len(sizes), overview.shortened(sizes))
    if not options.waved:
        order = dict.fromkeys(ready, 1)
        how = "all at once: a play that uses the role by itself has no waves (wabiz.migration.migrate has)"
    return order, [
        "Ready to move: %d, %s" % (len(ready), how),
        *summary_rules.summary([fleet_plan.preflight_of(results[host]) for host in ready]),
        "Downtime of each: %s" % plan_rules.DOWNTIME,
        "Waves and limits hold within this run. Across runs only the attempt logs and the change freeze hold",
    ]


def _differs(found: Mapping[str, Any]) -> bool:
    """Tell whether the approved plan no longer fits a number."""
    return summary_rules.not_as_approved(fleet_plan.findings_of(found))


def _account(found: Mapping[str, Any]) -> str:
    return str(fleet_plan.preflight_of(found)["plan"]["situation"]["waba_id"])


def _runners(options: Options, results: Results, order: Mapping[str, int]) -> int:
    """Return how many numbers may be registered at the same time, 0 where nothing limits it.

    A worker that could only wait for a slot of its WABA is better used for another number.
    """
    accounts = {_account(results[host]) for host in order}
    limits = (options.max_parallel_cutovers, options.max_parallel_cutovers_per_waba * len(accounts))
    return min([limit for limit in limits if limit], default=0)


def _known(results: Results, lines: List[table_rules.Row]) -> Dict[str, summary_rules.Known]:
    """Return what is known of each phone number ID of the run."""
    known: Dict[str, summary_rules.Known] = {}
    for line in lines:
        found = results[line.host]
        preflight = fleet_plan.preflight_of(found)
        number = preflight["plan"]["situation"]["phone_number_id"] if preflight else found.get("phone_number_id")
        whole = preflight.get("location", table_rules.UNKNOWN_LOCATION) != table_rules.UNKNOWN_LOCATION
        known[str(number)] = summary_rules.Known(line.name, fleet_plan.findings_of(found), whole)
    return known


MODULE = Module(
    name="wa_report",
    options=Options,
    run=perform,
    changes=never,
    step=False,
    controller_only=True,
    phase=always_in(REPORT),
)
