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

from .._core.approval import approved as approved_rules
from .._core.approval import catalogue, waiver
from .._core.approval import plan as plan_rules
from .._core.conditions import failure_limit
from .._core.fleet import summary as summary_rules
from .._core.fleet import table as table_rules
from .._core.fleet import waves
from .._failure import Failure, RefusedError, counted
from . import plan_file, report_files, run_events
from .context import Context, Outcome
from .module import Module, never
from .options import FailureLimit, Waivers, declare, handed_over, option

Results = Mapping[str, Mapping[str, Any]]


@declare
class Options(FailureLimit, Waivers, report_files.ReportFiles):
    """The options of wa_report."""

    title: str = option("str", "WhatsApp numbers")
    hosts: List[str] = option("list", required=True, elements="str")
    phase: str = option("str", required=True, choices=["preflight", "move", "report"])
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
    groups: Mapping[str, List[str]] = handed_over()
    results: Mapping[str, Mapping[str, Any]] = handed_over()


def perform(options: Options, context: Context) -> Outcome:
    """Judge every listed host by ``results`` (host to phase results), which the action has collected."""
    if options.phase == "report":
        return report_files.again(options, context, str(options.title), options.results)
    results: Results = {host: table_rules.with_traffic(found) for host, found in options.results.items()}
    unapproved: Optional[Mapping[str, Any]] = None
    if options.phase == "preflight":
        unapproved = _reported_before(options, results) if options.verdict else _by_fleet_digest(options, results)
    if unapproved is not None:
        results = {host: _kept_out(results[host], unapproved) for host in options.hosts}
    moving = options.phase == "move"
    moves = moving or bool(options.moves)
    lines = [table_rules.row_of(host, results[host], moving, context.check_mode) for host in options.hosts]
    if options.plan_dest:
        return _written(options, context, results, lines)
    if options.verdict:
        return _verdict(options, results, lines)
    states = table_rules.counts(lines)
    table = [str(options.title), *table_rules.table(lines)]
    found: Dict[str, Any] = {
        "table": table,
        "states": states,
        "lines": {line.host: line.text() for line in lines},
        "bad": [line.host for line in lines if line.bad],
        "stop": "",
        "waves": {},
        "max_parallel_cutovers": 0,
        "hosts": list(options.hosts),
    }
    handed_on: Dict[str, Any] = {}
    if moving:
        found["stop"] = stopped = _failure_limit(options, lines) or table_rules.codes_first(lines)
        table += ["No further wave starts: %s" % found["stop"]] if found["stop"] else []
    else:
        found["plan"] = _plan(results)
        found["unapproved"] = unapproved
        found["waves"], wording = _waves(options, results, lines)
        stopped = "" if found["waves"] or table_rules.READY not in states else wording[0]
        # Only a preflight hands its plan on, for the jobs behind an approval: an approved one stays what was approved,
        # and that of a migration would take its place.
        wanted = options.plan_artifact and not options.plan and not moves
        handed_on = {str(options.plan_artifact): found["plan"]} if wanted else {}
        if options.max_parallel_cutovers_per_waba:
            accounts = {host: _account(results[host]) for host in found["waves"]}
            found["waves"] = waves.spread(found["waves"], accounts)
        found["max_parallel_cutovers"] = _runners(options, results, found["waves"])
        table += wording
    table += summary_rules.waived([(line.name, row) for line in lines for row in _findings(results[line.host])])
    if not moving:
        table += summary_rules.idle_waivers(
            waiver.read(options.waivers)[0], _known(results, lines), context.clock.now()
        )
        table.append("Plan: %s (%s)" % (found["plan"]["digest"], counted(len(found["plan"]["numbers"]), "number")))
    # Ansible takes these as it takes those of set_stats, and AWX makes artifacts of them. No input has this name.
    handed_on["wabiz_migration"] = table_rules.artifact(lines, moves, stopped)
    found["ansible_stats"] = {"data": handed_on, "per_host": False, "aggregate": False}
    run_events.fleet(context, lines, results, found, moves and not moving)
    facts = report_files.Facts(str(options.title), "migrate" if moves else "preflight", lines, stopped)
    written, warnings = report_files.write(options, context, facts, results)
    if written:
        found["report"] = written
        handed_on["wabiz_migration"]["report"] = written["summary"]
        # After a preflight the digest stays the last line: it is what a person approves.
        table.insert(len(table) if moving else -1, "Report: %s" % written["page"])
    return Outcome(False, found, warnings=warnings)


def _verdict(options: Options, results: Results, lines: List[table_rules.Row]) -> Outcome:
    bad = [line for line in lines if line.bad]
    failure = None
    found: Dict[str, Any] = {"msg": " ".join(line.text() for line in lines)}
    sent: Optional[str] = None
    if bad:
        failed = table_rules.failed_result(results[bad[0].host])
        failure = _why(bad[0], results[bad[0].host])
        if bad[0].state == table_rules.WOULD_BE_REFUSED:
            failure = replace(failure, title="Would be refused: %s" % failure.title)
        # A message that is quoted whole says it already.
        sent = table_rules.sent_of(bad[0]) if isinstance(failed.get("failure"), Mapping) else ""
        if isinstance(failed.get("sent"), list):
            found["sent"] = failed["sent"]
    before, after = _before_and_after(results, lines) if options.phase == "preflight" else ({}, {})
    if after:
        found["plan_lines"] = summary_rules.plan_lines(before, after)
    label = "Number %s" % bad[0].name if bad else ""
    return Outcome(False, found, before, after, failure=failure, label=label, sent=sent)


def _why(line: table_rules.Row, results: Mapping[str, Any]) -> Failure:
    """Return why a number is not well: the failure of its task, else the findings that keep it out."""
    failed = table_rules.failed_result(results)
    structured = failed.get("failure")
    if isinstance(structured, Mapping):
        return Failure(**structured)
    blockers = catalogue.blockers(tuple(_findings(results)))
    if blockers and not failed:
        return catalogue.failure(line.state, line.state.capitalize(), blockers)
    return Failure(
        line.state,
        line.state.capitalize(),
        line.wording,
        next_step="fix the cause, then run the same command again",
    )


# ---------------------------------------------------------------------------------------------------------------------
# The plan


def _preflight(results: Mapping[str, Any]) -> Mapping[str, Any]:
    value = results.get("preflight")
    return value if isinstance(value, Mapping) and isinstance(value.get("plan"), Mapping) else {}


def _wants(preflight: Mapping[str, Any]) -> bool:
    """Tell whether something of the number would want an approval."""
    return bool(preflight) and approved_rules.needs_approval(
        str(preflight["location"]),
        bool(preflight["work"]),
        preflight["plan"]["requests"],
        bool(preflight["blocked"]),
    )


def _findings(results: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    return list(_preflight(results).get("findings") or [])


def _plan(results: Results) -> Dict[str, Any]:
    """Return the digest of the fleet and of each number, small enough to be handed from job to job."""
    numbers: Dict[str, str] = {}
    for found in results.values():
        plan = _preflight(found).get("plan")
        if isinstance(plan, Mapping):
            numbers[str(plan["situation"]["phone_number_id"])] = str(plan["digest"])
    return {
        "digest": plan_rules.fleet_digest(list(numbers.values())),
        "numbers": {name: numbers[name] for name in sorted(numbers)},
    }


def _by_fleet_digest(options: Options, results: Results) -> Optional[Mapping[str, Any]]:
    """Return why no number may move where a fleet's digest is all that was approved, and it is another one."""
    approved = options.plan
    if not approved_rules.is_fleet_digest(approved):
        return None
    present = _plan(results)["digest"]
    if approved == present or not any(_wants(_preflight(found)) for found in results.values()):
        return None
    return approved_rules.fleet_changed(approved, present).as_dict()


def _reported_before(options: Options, results: Results) -> Optional[Mapping[str, Any]]:
    """Return what the evaluation of the fleet found about the approved plan: a number by itself cannot know."""
    fleet = results[options.hosts[0]].get("fleet") if options.hosts else None
    reported = fleet.get("unapproved") if isinstance(fleet, Mapping) else None
    return reported if isinstance(reported, Mapping) else None


def _kept_out(found: Mapping[str, Any], unapproved: Mapping[str, Any]) -> Mapping[str, Any]:
    preflight = _preflight(found)
    if not _wants(preflight):
        return found
    label = str((preflight.get("number") or {}).get("display_phone_number") or "")
    finding = catalogue.finding(Failure(**dict(unapproved)), label)
    return {**found, "preflight": {**preflight, "blocked": True, "findings": [*preflight["findings"], finding]}}


def _before_and_after(results: Results, lines: List[table_rules.Row]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Return the plan of the one number that a verdict is about as a difference; empty where nothing is to be done."""
    preflight = _preflight(results[lines[0].host]) if len(lines) == 1 else {}
    if not preflight.get("work"):
        return {}, {}
    plan = preflight["plan"]
    stays = bool(preflight.get("blocked"))
    return {"location": preflight["location"]}, {
        "location": preflight["location"] if stays else plan["target"],
        "requests": [] if stays else list(plan["requests"]),
        "register budget": plan["budget"],
        "wrong PIN": plan["wrong_pin"],
        "downtime": plan["downtime"],
        "findings": [catalogue.text(found) for found in preflight["findings"]],
        "digest": plan["digest"],
    }


def _written(options: Options, context: Context, results: Results, lines: List[table_rules.Row]) -> Outcome:
    """Write the plan of the fleet to the controller; an approved plan is not replaced while it is compared with."""
    path = os.path.abspath(os.path.expanduser(str(options.plan_dest)))
    entries = {}
    for line in lines:
        preflight = _preflight(results[line.host])
        if preflight:
            plan = {name: value for name, value in preflight["plan"].items() if name != "requests"}
            known = {"host": line.host, "state": line.state, "findings": list(preflight["findings"])}
            entries[str(plan["situation"]["phone_number_id"])] = {**plan, **known}
    document = plan_rules.document(entries)
    order, wording = _waves(options, results, lines)
    document["summary"] = {
        "states": table_rules.counts(lines),
        "waves": summary_rules.wave_sizes(order),
        "text": wording,
    }
    reported = "the plan %s of %s" % (document["digest"], counted(len(entries), "number"))
    if options.plan:
        return Outcome(False, {"msg": "O(plan) is stated, so %s was not written to %s" % (reported, path)})
    if context.check_mode:
        return Outcome(False, {"msg": "Check mode: %s was not written to %s" % (reported, path)})
    changed = plan_file.write(path, plan_rules.dump(document))
    return Outcome(changed, {"msg": "%s is in %s" % (reported[0].upper() + reported[1:], path)})


# ---------------------------------------------------------------------------------------------------------------------
# The summary


def _failure_limit(options: Options, lines: List[table_rules.Row]) -> str:
    """Return why no further number may move, "" where it may."""
    most = failure_limit.limits(options.max_failed, options.max_failed_percent)
    return failure_limit.why(table_rules.failed(lines, most.stated), len(lines), most)


def _waves(options: Options, results: Results, lines: List[table_rules.Row]) -> Tuple[Dict[str, int], List[str]]:
    """Return the wave of each host that is ready, in the order of the inventory, and words about them.

    A number that is not as the approved plan has it keeps out only itself, whatever else is wrong with it: the others
    are as they were approved.
    """
    ready = [line.host for line in lines if line.state == table_rules.READY]
    stops = [line for line in lines if line.bad and not summary_rules.not_as_approved(_findings(results[line.host]))]
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
    how = "in waves: %d (%s)" % (len(sizes), summary_rules.shortened(sizes))
    if not options.waved:
        order = dict.fromkeys(ready, 1)
        how = "all at once: a play that uses the role by itself has no waves (wabiz.migration.migrate has)"
    return order, [
        "Ready to move: %d, %s" % (len(ready), how),
        *summary_rules.summary([_preflight(results[host]) for host in ready]),
        "Downtime of each: %s" % plan_rules.DOWNTIME,
        "Waves and limits hold within this run. Across runs only the attempt logs and the change freeze hold",
    ]


def _account(found: Mapping[str, Any]) -> str:
    return str(_preflight(found)["plan"]["situation"]["waba_id"])


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
        preflight = _preflight(found)
        number = preflight["plan"]["situation"]["phone_number_id"] if preflight else found.get("phone_number_id")
        whole = preflight.get("location", table_rules.UNKNOWN_LOCATION) != table_rules.UNKNOWN_LOCATION
        known[str(number)] = summary_rules.Known(line.name, _findings(found), whole)
    return known


MODULE = Module(
    name="wa_report",
    options=Options,
    run=perform,
    changes=never,
    step=False,
    controller_only=True,
)
