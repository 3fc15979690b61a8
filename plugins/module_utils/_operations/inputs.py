# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: say what is wrong with the inputs of a run, before anything is requested. Sends nothing."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from .._failure import Failure
from .context import Context, Outcome
from .module import Module, never
from .options import Recorded, declare, handed_over, option

_WIDTH = 10


@declare
class Options(Recorded):
    """The options of wa_inputs."""

    hosts: List[str] = option("list", required=True, elements="str")
    prefix: str = option("str", required=True)
    selected_by: Mapping[str, str] = option("dict", {})
    moves: bool = option("bool", False)
    waved: bool = option("bool", True)
    argument_spec: Mapping[str, Any] = option("dict", required=True)
    same_on_all_hosts: List[str] = option("list", [], elements="str")
    renamed: Mapping[str, str] = option("dict", {})
    seconds: Mapping[str, List[float]] = option("dict", {})
    found: Mapping[str, Any] = handed_over()


def perform(options: Options, _context: Context) -> Outcome:
    """Report the errors that the action has collected.

    ``found`` holds ``run`` (errors of the whole run), ``hosts`` (host to its own errors), ``unchecked`` (sentences on
    what could not be checked), ``go_on`` (whether a host with errors keeps only itself out) and ``inputs`` (those
    of the whole run, by their short names). ``selected`` are the hosts that were checked, ``none`` says why none was,
    and ``known`` whether the inventory has what was to be selected.
    """
    found: Mapping[str, Any] = options.found
    if found["none"]:
        return _none_selected(str(found["none"]), bool(found["known"]))
    bad: Dict[str, List[str]] = {host: list(errors) for host, errors in found["hosts"].items() if errors}
    result: Dict[str, Any] = {"inputs": dict(found["inputs"]), "bad": bad, "hosts": list(found["selected"])}
    warnings = tuple(
        "%s. The run goes on, and each task checks its own options. Report this line" % reported
        for reported in found["unchecked"]
    )
    everyone = len(bad) == len(found["selected"])
    if not found["run"] and (not bad or (found["go_on"] and not everyone)):
        return Outcome(False, result, warnings=warnings)
    failure = Failure(
        "bad_input",
        "The inputs of this run are wrong",
        _summary(found["run"], bad),
        next_step="correct what is listed under errors, then run the same command again",
    )
    return Outcome(False, {"errors": report(found["run"], bad)}, warnings=warnings, failure=failure)


def _none_selected(why: str, known: bool) -> Outcome:
    """Return that there is nothing to do; names that the inventory does not have are an error, as if misspelt."""
    if known:
        return Outcome(False, {"inputs": {}, "bad": {}, "hosts": [], "msg": why})
    failure = Failure("bad_input", why, next_step="correct the names, then run the same command again")
    return Outcome(False, {"errors": [why]}, failure=failure)


def report(run: List[str], bad: Mapping[str, List[str]]) -> List[str]:
    """Return the lines of the report: errors of the whole run first, then those of hosts.

    Hosts that have the same errors share their lines.
    """
    lines = list(run)
    alike: Dict[tuple[str, ...], List[str]] = {}
    for host, errors in bad.items():
        alike.setdefault(tuple(errors), []).append(host)
    for reported, hosts in alike.items():
        for at in range(0, len(hosts), _WIDTH):
            names = ", ".join(hosts[at : at + _WIDTH])
            if at:
                lines.append("%s: the same" % names)
            else:
                lines += ["%s: %s" % (names, error) for error in reported]
    return lines


def _summary(run: List[str], bad: Mapping[str, List[str]]) -> str:
    parts = []
    if run:
        parts.append("%d validation error%s for the whole run" % (len(run), "" if len(run) == 1 else "s"))
    if bad:
        parts.append(
            "%d host%s with validation errors of %s own"
            % (len(bad), *(("", "its") if len(bad) == 1 else ("s", "their")))
        )
    return " and ".join(parts)


MODULE = Module(
    name="wa_inputs",
    options=Options,
    run=perform,
    changes=never,
    step=False,
    controller_only=True,
)
