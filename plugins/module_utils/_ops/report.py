# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: one line for each number and one table for the fleet.

Reads nothing but what it is handed, sends nothing.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from .._core import report as rule
from .._core import waves
from .._failure import Failure
from .context import Context, Outcome, Params


def perform(params: Params, _context: Context) -> Outcome:
    """Judge every listed host by ``results`` (host to phase results), which the action has collected."""
    moving = params["phase"] == "move"
    results: Mapping[str, Mapping[str, Any]] = params["results"]
    lines = [rule.line(host, results[host], moving) for host in params["hosts"]]
    bad = [line for line in lines if line.bad]
    order, note = ({}, "") if moving else _waves(params, lines, bool(bad))
    if not params["verdict"]:
        table = [str(params["title"])] + rule.table(lines) + ([note] if note else [])
        states = rule.counts(lines)
        return Outcome(False, {"table": table, "states": states, "waves": order, "hosts": list(params["hosts"])})
    failure = None
    if bad:
        failed = results[bad[0].host].get("failure")
        structured = failed.get("failure") if isinstance(failed, Mapping) else None
        failure = (
            Failure(**structured)
            if isinstance(structured, Mapping)
            else Failure(
                bad[0].state,
                bad[0].state.capitalize(),
                bad[0].words,
                next_step="mend the cause, then run the same command again",
            )
        )
    text = " ".join(line.text() for line in lines)
    return Outcome(False, {"msg": text}, failure=failure, label=bad[0].number if bad else "")


def _waves(params: Params, lines: List[rule.Line], any_bad: bool) -> Tuple[Dict[str, int], str]:
    """Return the wave of each host that is ready, in the order of the inventory, and a word about it."""
    ready = [line.host for line in lines if line.state == rule.READY]
    if any_bad and params["on_blocker"] == "stop":
        return {}, "A number is kept out, so none moves (wa_migrate_on_blocker: stop)"
    if not ready:
        return {}, "Nothing is to be moved"
    order = waves.plan(ready, params["waves"])
    return order, "Ready to move: %d, in waves: %d" % (len(ready), max(order.values()))
