# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: take a sample of a node's traffic and judge it, by itself and with an earlier one. Changes nothing."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from .._core.approval import catalogue
from .._core.checks import traffic as traffic_rules
from .._core.events.event import PREFLIGHT, PREPARE
from .._failure import Failure
from .context import Context, Name, Outcome, Params
from .module import Module, never
from .options import OnPremConnection, Queues, Quiet, declare, option
from .traffic_sample import sample


@declare
class Options(OnPremConnection, Quiet):
    """The options of wa_traffic."""

    phone_number: Optional[str] = option("str")
    first: Optional[Mapping[str, Any]] = option("dict")
    wait_until: float = option("float", 0.0)
    quiet_interval: float = option("float", 10.0)


def limits(options: Quiet) -> traffic_rules.Limits:
    """Return what counts as busy; metrics that are not named are the rule's own."""
    own = traffic_rules.Limits(0, 0)
    return traffic_rules.Limits(
        float(options.quiet_queue),
        float(options.quiet_rate),
        tuple(options.quiet_queues or own.queues),
        tuple(options.quiet_counters or own.counters),
        (*options.quiet_queues, *options.quiet_counters),
    )


def judge(options: Options, taken: Mapping[str, Any], now: float, name: Name) -> Outcome:
    """Judge a sample against ``first``; with ``require_quiet`` a busy node is a failure, from ``wait_until`` on."""
    label = str(options.phone_number or "")
    judged = traffic_rules.verdict(options.first, taken, limits(options))
    found: List[Failure] = []
    if judged.busy:
        found.append(traffic_rules.busy_failure(judged))
    if judged.unknown:
        found.append(traffic_rules.unknown_failure(judged))
    waiting = bool(judged.busy and options.require_quiet and now < float(options.wait_until))
    result = {
        "waiting": waiting,
        "why": ": ".join(part for part in (name.subject or str(name), "; ".join(judged.busy)) if part)
        if judged.busy
        else "",
        "verdict": judged.word,
        "busy": list(judged.busy),
        "unknown": list(judged.unknown),
        "queues": dict(judged.queues),
        "rates": dict(judged.rates),
        "findings": [catalogue.finding(failure, label) for failure in found],
        "sample": dict(taken),
    }
    failure = found[0] if judged.busy and options.require_quiet and not waiting else None
    return Outcome(False, result, failure=failure)


def first_look(options: Queues, node: Mapping[str, Any]) -> List[Failure]:
    """Return what one sample alone tells: ``node`` are the facts of a node that was read with its statistics."""
    names = tuple(options.quiet_queues) or traffic_rules.Limits(0, 0).queues
    judged = traffic_rules.verdict(
        {}, node.get("traffic"), traffic_rules.Limits(float(options.quiet_queue), 0, names, ())
    )
    found = [traffic_rules.busy_failure(judged)] if judged.busy else []
    return [*found, traffic_rules.unknown_failure(judged)] if judged.unknown else found


def perform(options: Options, context: Context) -> Outcome:
    """Take a sample and judge it."""
    taken = sample(context.clients.onprem(str(options.phone_number or "")), context.clock.now, metrics=True)
    return judge(options, taken, context.clock.now(), context.name)


def _phase(params: Params) -> str:
    return PREPARE if params.get("require_quiet") else PREFLIGHT


MODULE = Module(
    name="wa_traffic",
    options=Options,
    run=perform,
    changes=never,
    phase=_phase,
)
