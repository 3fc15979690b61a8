# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: the messaging health of a number or a WABA (guide, step 4). Changes nothing."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional

from .._api.errors import GraphError
from .._api.graph import Graph
from .._core.events.event import VERIFY
from .._core.facts import health as health_rules
from .._core.facts import location as location_rules
from .._failure import Failure
from .._meta_api import MAINTENANCE
from . import waba_reads
from .context import Context, Outcome, Params
from .module import Contradiction, Module, always_in, never
from .options import Batch, Details, GraphConnection, declare, option, wait_too_short
from .poll import Poll


@declare
class Options(GraphConnection, Batch, Details):
    """The options of wa_health."""

    phone_number_id: Optional[str] = option("str")
    waba_id: Optional[str] = option("str")
    require: str = option("str", "available", choices=["none", "limited", "available"])
    wait: float = option("float", 0.0)
    wait_interval: float = option("float", 2.0)


def perform(options: Options, context: Context) -> Outcome:
    """Judge; a number that is still settling is read again for ``wait`` seconds."""
    number = options.phone_number_id or ""
    graph = context.clients.graph(number)
    poll = Poll(context, options.wait_interval, options.wait)
    verdict = _shared(options, context)
    while verdict is None or not (verdict.stable and verdict.satisfies(options.require)):
        context.recent.pop(number, None)  # it is not stable yet, so what is read of it later counts
        verdict = _verdict(graph, number, options.waba_id)
        text = "waiting up to %d s until the number is stable (%s)" % (poll.left, "; ".join(verdict.reasons))
        if verdict.stable or not poll.wait(text):
            break
    good = verdict.stable and verdict.satisfies(options.require)
    result = {
        "verdict": verdict.verdict,
        "entities": [dict(entity) for entity in verdict.entities],
        "reasons": list(verdict.reasons),
        "stable": verdict.stable,
    }
    failure = None
    if options.require != "none" and not good:
        failure = Failure(
            "health",
            "Messaging health is %s%s, required is %s"
            % (verdict.verdict, "" if verdict.stable else " and not stable", options.require.upper()),
            "; ".join(verdict.reasons),
            next_step="fix what the entities name (possible_solution stands beside each error), then read again",
        )
    warnings = tuple(verdict.reasons) if verdict.verdict != health_rules.AVAILABLE and failure is None else ()
    return Outcome(False, result, warnings=warnings, failure=failure)


def _shared(options: Options, context: Context) -> Optional[health_rules.Verdict]:
    """Return the verdict by the list of the WABA, None where the number has to be read by itself."""
    row = (
        waba_reads.row(context, options.batch, options.phone_number_id, options.waba_id, waba_reads.AFTER)
        if options.phone_number_id
        else None
    )
    if row is None or not location_rules.registered(row.number):
        return None
    return health_rules.verdict(row.number.get("health_status"), str(row.number.get("status")))


def _verdict(graph: Graph, number: str, waba_id: Optional[str]) -> health_rules.Verdict:
    try:
        if not number:
            return health_rules.verdict(graph.waba(waba_id or "", ["id", "health_status"]).get("health_status"))
        body = graph.phone_number(number, ["id", "status", "health_status"])
    except GraphError as error:
        if error.code != MAINTENANCE:
            raise
        return health_rules.Verdict(health_rules.UNKNOWN, (), ("%s [%s]" % (error.title, error.code),), stable=False)
    return health_rules.verdict(body.get("health_status"), str(body.get("status")))


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    both = "phone_number_id" in stated and "waba_id" in stated and "batch" not in stated
    none = "phone_number_id" not in stated and "waba_id" not in stated
    if both or none:
        yield "phone_number_id waba_id", "give exactly one of the two, or both with a batch"
    yield from wait_too_short(params, stated)


MODULE = Module(
    name="wa_health",
    options=Options,
    run=perform,
    contradictions=_contradictions,
    changes=never,
    phase=always_in(VERIFY),
)
