# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: made of the results of a run, its events and the reports before it, and sent where they stay.

A report never fails a run: what goes wrong with it comes back as a warning.
"""

from __future__ import annotations

import json
import os
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .. import _hostfiles
from .._api.codes_graph import GRAPH_CODES
from .._api.codes_onprem import ONPREM_CODES
from .._core.facts.times import instant
from .._core.fleet import table as table_rules
from .._core.report import causes, csv_table, document, history, junit, log_digests, markdown, numbers
from .._failure import Failure, RefusedError, failure_of
from . import report_copies
from .context import Context, Outcome
from .options import Recorded, declare, handed_over, option

EVENTS = "events.jsonl"
JSON = "report.json"
# How many earlier runs are looked at for one that was killed before its report.
_MOST_RUNS = 50
# The step that only one of the other playbooks takes, with the title and the phase of its run.
_OTHERS = {
    "wa_recover": ("Recovery", "recover"),
    "wa_export": ("Out of service", "retire"),
    "wa_restore": ("Rollback", "rollback"),
}
MEANINGS: causes.Meanings = {
    code: causes.Meaning(entry.title, entry.meaning, entry.safe_to_rerun, entry.next_step)
    for code, entry in {**ONPREM_CODES, **GRAPH_CODES}.items()
}
Document = Dict[str, Any]


@declare
class ReportFiles(Recorded):
    """Where the report goes. An action hands over how the page is made, and how its user calls options and commands."""

    report_to: Optional[str] = option("str", no_log=True)
    report_to_header: Optional[str] = option("str", no_log=True)
    report_to_ca_path: Optional[str] = option("path")
    page: Callable[[Mapping[str, Any]], str] = handed_over()
    wording: Callable[[Any], Any] = handed_over()
    command: str = handed_over()
    recover_command: str = handed_over()
    assigned: Mapping[str, int] = handed_over()


class Facts(NamedTuple):
    """What the operation knows of its run: title, phase, the row of each number, why no further number moves."""

    title: str
    phase: str
    rows: Sequence[table_rules.Row]
    stopped: str


def write(
    options: ReportFiles, context: Context, facts: Facts, results: Mapping[str, Mapping[str, Any]]
) -> Tuple[Dict[str, Any], Tuple[str, ...]]:
    """Write the report of this run, and those of runs that were killed before theirs; return where it is, and warnings.

    ``results`` are those of each host, by what they are (see the rule of the table).
    """
    if not options.report_dir:
        return {}, ()
    root = _root(options)
    try:
        known = read_events(os.path.join(root, context.process.run, EVENTS))
        by_host, waves = history.by_number(known.events), options.assigned or {}
        entries = (
            numbers.of_results(
                numbers.Sources(row.host, results[row.host], by_host.get(row.host, ()), _state(results[row.host])),
                row,
                waves.get(row.host),
            )
            for row in facts.rows
        )
        run = _run(options, context, facts.title, facts.phase)._replace(stopped=facts.stopped, damaged=known.damaged)
        made = document.build(run, entries, known.events, MEANINGS, options.wording)
        # A worker shares what its run keeps of a large fleet; its own memory should stay small beside that.
        del known, by_host, entries
        found, warnings = _put_down(options, context, made, context.process.run)
        del made
        _finish_lost(options, context, root)
    except (_hostfiles.HostFileError, OSError) as error:
        return {}, ("The report could not be written to %s: %s" % (root, error),)
    except Exception as error:  # noqa: BLE001 - numbers move, whatever is wrong with the report on them
        return {}, ("The report could not be made: %s" % failure_of(error).details,)
    return found, warnings


def _state(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a task has read of the logs of a number."""
    found = results.get("state")
    return found if isinstance(found, Mapping) else {}


def again(options: ReportFiles, context: Context, title: str, results: Mapping[str, Mapping[str, Any]]) -> Outcome:
    """Make one report of all runs in the folder, and of what the hosts say now (``state`` of each host's results).

    Raises RefusedError where the folder cannot be read or written.
    """
    if not options.report_dir:
        raise RefusedError(_refused("O(report_dir) names no folder", "", "name one"))
    root = _root(options)
    fresh: Dict[str, Mapping[str, Any]] = {}
    for host, known in results.items():
        entry = numbers.of_state(numbers.Sources(host, known, (), _state(known)))
        fresh[document.key_of(entry)] = entry
    run = _run(options, context, title, "report")
    try:
        # What this run has recorded so far is of the report itself.
        earlier = [name for name in runs_of(root) if name != context.process.run]
        documents = [one for name in earlier for one in documents_of(root, name, options)]
        # The inventory's limit is what the report is about: numbers of other hosts are left to their own report.
        documents = [_only(one, fresh) for one in documents]
        log_digests.verify(documents, fresh, results)
        wanted = [one for one in documents if one["numbers"]]
        made = document.together(wanted, title, run, MEANINGS, fresh, options.wording)
        found, warnings = _put_down(options, context, made, context.process.run)
    except (_hostfiles.HostFileError, OSError) as error:
        raise RefusedError(
            _refused("The report could not be written", str(error), "name a folder of yours (O(report_dir))")
        ) from None
    states = made["states"]
    stats = {"data": {"wabiz_migration": {"phase": "report", "states": states, "report": compact(found, made)}}}
    result: Dict[str, Any] = {
        "report": found,
        "states": states,
        "runs": made["run"]["ids"],
        "hosts": list(results),
        "table": [title, *_lines(made), "Report: %s" % found["page"]],
        "ansible_stats": {**stats, "per_host": False, "aggregate": False},
    }
    return Outcome(False, result, warnings=warnings)


def compact(found: Mapping[str, Any], made: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the report as small data for the job after this one: where it is, and the four answers as figures."""
    answers = made["answers"]
    return {
        "page": found.get("page", ""),
        "sent_to": found.get("sent_to", ""),
        "counts": answers["counts"],
        "longest_interruption": answers["interrupted"]["longest_seconds"],
        "open_interruptions": len(answers["interrupted"]["open"]),
        "go_on": answers["go_on"]["answer"],
        "tickets": len(made["tickets"]),
    }


def runs_of(root: str) -> List[str]:
    """Return the names of the folders of runs, the latest first; none where there is no such folder yet."""
    try:
        entries = [entry for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return [entry.name for entry in sorted(entries, key=lambda one: -one.stat().st_mtime)]


def documents_of(root: str, name: str, options: ReportFiles) -> List[Document]:
    """Return what a run has left: its report, and what its events say of the time after it.

    One that joins other runs is left out: these are there themselves.
    """
    folder = os.path.join(root, name)
    found: List[Document] = []
    try:
        with open(os.path.join(folder, JSON), encoding="utf-8") as stream:
            stored = json.load(stream)
    except (OSError, ValueError):
        stored = None
    if document.is_document(stored):
        if stored["run"].get("phase") == "report":
            return []
        found.append(stored)
    known = read_events(os.path.join(folder, EVENTS))
    made_at = instant(found[0]["made_at"]) or 0.0 if found else -1.0
    entries = [
        numbers.of_state(numbers.Sources(host, {}, of_host))
        for host, of_host in history.by_number(known.events).items()
        # The time of a report is to the second.
        if (instant(of_host[-1]["at"]) or 0.0) >= made_at + 1.0
    ]
    if entries:
        last = instant(known.events[-1]["at"]) or 0.0
        dry = any(event["check_mode"] for event in known.events)
        cutover = any(event["phase"] == "cutover" for event in known.events)
        other = next((_OTHERS[event["step"]] for event in known.events if event["step"] in _OTHERS), None)
        title, phase = other or ("Migration", "migrate" if cutover else "preflight")
        # The command of this run goes on with a migration only.
        command = "" if other else options.command or ""
        run = document.Run(name, title, phase, dry, last, "", command, options.recover_command or "", known.damaged)
        found.append(document.build(run, entries, known.events, MEANINGS, options.wording))
    return found


def read_events(path: str) -> history.Read:
    """Return the events of a file, none where there is no file."""
    try:
        with open(path, "rb") as stream:
            return history.read(stream)
    except OSError:
        return history.Read((), 0)


def makers(options: ReportFiles, made: Mapping[str, Any]) -> Dict[str, Callable[[], str]]:
    """Return what makes the text of each file of a report, by its name below the folder of the run."""
    found: Dict[str, Callable[[], str]] = {
        report_copies.PAGE: lambda: options.page(made),
        JSON: lambda: document.dump(made),
        "report.csv": lambda: csv_table.render(made),
        "report.xml": lambda: junit.render(made),
        "summary.md": lambda: markdown.render(made),
    }
    for one in made["tickets"]:
        found["%s/%s" % (report_copies.TICKETS, one["file"])] = partial(str, one["text"])
    return found


def _finish_lost(options: ReportFiles, context: Context, root: str) -> None:
    """Write the reports of earlier runs whose events go on after their report: they were killed, or are under way.

    One that is under way writes its own again when it ends.
    """
    for name in runs_of(root)[:_MOST_RUNS]:
        folder = os.path.join(root, name)
        if name == context.process.run or _changed_at(folder, EVENTS) <= _changed_at(folder, JSON):
            continue
        found = documents_of(root, name, options)
        if len(found) == 1 and _changed_at(folder, JSON):
            os.utime(os.path.join(folder, JSON))  # nothing is missing: the next run need not look again
        elif found:
            run = _run(options, context, str(found[0]["title"]), str(found[0]["run"]["phase"]))._replace(id=name)
            made = found[0]
            if len(found) > 1:
                made = document.together(found, run.title, run, MEANINGS, wording=options.wording)
            report_copies.store(os.path.join(root, name), makers(options, made))


def _changed_at(folder: str, name: str) -> float:
    try:
        return os.stat(os.path.join(folder, name)).st_mtime
    except OSError:
        return 0.0


def _run(options: ReportFiles, context: Context, title: str, phase: str) -> document.Run:
    made_at, commands = context.clock.now(), (options.command or "", options.recover_command or "")
    return document.Run(context.process.run, title, phase, context.check_mode, made_at, "", *commands)


def _root(options: ReportFiles) -> str:
    return os.path.abspath(os.path.expanduser(str(options.report_dir)))


def _put_down(
    options: ReportFiles, context: Context, made: Document, name: str
) -> Tuple[Dict[str, Any], Tuple[str, ...]]:
    """Write the files of a report, and send them on; return where they are, and what went wrong on the way."""
    files = makers(options, made)
    folder = os.path.join(_root(options), name)
    report_copies.store(folder, files)
    sent_to, warnings = report_copies.send(options, context, folder, sorted(files)) if options.report_to else ("", ())
    found: Dict[str, Any] = {"dir": folder, "page": os.path.join(folder, report_copies.PAGE), "files": sorted(files)}
    found["sent_to"] = sent_to
    return {**found, "summary": compact(found, made)}, warnings


def _only(stored: Document, wanted: Mapping[str, Any]) -> Document:
    return {**stored, "numbers": [one for one in stored["numbers"] if document.key_of(one) in wanted]}


def _lines(made: Mapping[str, Any]) -> List[str]:
    wrong = [(one, fault) for one in made["numbers"] for fault in one["log"]["faults"]]
    states = ", ".join("%d %s" % (count, state) for state, count in made["states"].items())
    return [
        "Numbers: %d (%s)" % (len(made["numbers"]), states),
        "May I go on? %s: %s" % (made["answers"]["go_on"]["answer"], made["answers"]["go_on"]["why"]),
        *("Attempt log of %s (%s): %s" % (one["number"], one["host"], fault) for one, fault in wrong),
    ]


def _refused(title: str, details: str, next_step: str) -> Failure:
    return Failure("report_not_written", title, details, next_step=next_step + ", then run again")
