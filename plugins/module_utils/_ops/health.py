# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the messaging health of a number or a WABA (guide, step 4). Changes nothing."""

from __future__ import annotations

from typing import Optional

from .._api.errors import GraphError
from .._api.graph import Graph
from .._core import health as rule
from .._core import place as place_rule
from .._failure import Failure
from . import fleet
from .context import Context, Outcome, Params


def perform(params: Params, context: Context) -> Outcome:
    """Judge; a number that is still settling is read again for ``wait`` seconds."""
    number = params["phone_number_id"] or ""
    graph = context.graph(number)
    end = context.monotonic() + params["wait"]
    announced = False
    verdict = _shared(params, context)
    while verdict is None or not (verdict.settled and verdict.satisfies(params["require"])):
        verdict = _verdict(graph, number, params["waba_id"])
        left = end - context.monotonic()
        if verdict.settled or left <= 0:
            break
        if not announced:
            context.announce("waiting up to %d s until it has settled (%s)" % (left, "; ".join(verdict.reasons)))
            announced = True
        context.sleep(min(params["wait_interval"], max(left, 0.05)))
    good = verdict.settled and verdict.satisfies(params["require"])
    result = {
        "verdict": verdict.verdict,
        "entities": [dict(entity) for entity in verdict.entities],
        "reasons": list(verdict.reasons),
        "settled": verdict.settled,
    }
    failure = None
    if params["require"] != "none" and not good:
        failure = Failure(
            "health",
            "Messaging health is %s%s, required is %s"
            % (verdict.verdict, "" if verdict.settled else " and not settled", params["require"].upper()),
            "; ".join(verdict.reasons),
            next_step="mend what the entities name (possible_solution stands beside each error), then read again",
        )
    warnings = tuple(verdict.reasons) if verdict.verdict != rule.AVAILABLE and failure is None else ()
    return Outcome(False, result, warnings=warnings, failure=failure)


def _shared(params: Params, context: Context) -> Optional[rule.Verdict]:
    """Return the verdict by the list of the WABA, None where the number has to be read by itself."""
    row = fleet.row(params, context, str(params["waba_id"] or ""), fleet.AFTER) if params["phone_number_id"] else None
    if row is None or not place_rule.registered(row.number):
        return None
    return rule.verdict(row.number.get("health_status"), str(row.number.get("status")))


def _verdict(graph: Graph, number: str, waba_id: str) -> rule.Verdict:
    try:
        if not number:
            return rule.verdict(graph.waba(waba_id, ["id", "health_status"]).get("health_status"))
        body = graph.phone_number(number, ["id", "status", "health_status"])
    except GraphError as error:
        if error.code != rule.MAINTENANCE:
            raise
        return rule.Verdict(rule.UNKNOWN, (), ("%s [%s]" % (error.title, error.code),), settled=False)
    return rule.verdict(body.get("health_status"), str(body.get("status")))
