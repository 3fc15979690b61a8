# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read all of a number that may be stuck, and say what its one next step is. Changes nothing."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional

from .._core.cutover import lane as lane_rules
from .._core.cutover import next_step
from .._core.cutover.situation import READ, REGISTER
from .._core.facts import times
from . import attempt_log, recover_facts
from .context import Context, Outcome, Params
from .module import BOTH, GRAPH, Contradiction, Module, never
from .options import (
    App,
    Codes,
    GraphConnection,
    MoveLost,
    OnPremConnection,
    State,
    declare,
    limits_of_attempts,
    option,
    wait_too_short,
)
from .poll import Poll


@declare
class Options(OnPremConnection, GraphConnection, State, App, Codes, MoveLost):
    """The options of wa_recover."""

    waba_id: str = option("str", required=True)
    profile: Optional[Mapping[str, Any]] = option("dict")
    pin: Optional[str] = option("str", no_log=True)
    new_pin: Optional[str] = option("str", no_log=True)
    # no_log false: it says when a PIN was changed, not which one.
    pin_changed_at: Optional[str] = option("str", no_log=False)
    lane: str = option("str", lane_rules.AUTO, choices=list(lane_rules.LANES))
    accept_loss: List[str] = option("list", [], elements="str", choices=[lane_rules.PROFILE, lane_rules.OFFICIAL])
    backup_password: Optional[str] = option("str", no_log=True)
    backup_max_age: int = option("int", 86400)
    code: Optional[str] = option("str", no_log=True)
    codes_file: Optional[str] = option("path")
    phone_number: Optional[str] = option("str")
    state_durable: Optional[bool] = option("bool")
    attempts_limit: int = option("int", 10)
    attempts_reserve: int = option("int", 2)
    bring_back: bool = option("bool", False)
    again: bool = option("bool", False)
    wait: float = option("float", 0.0)
    wait_interval: float = option("float", 2.0)


def perform(options: Options, context: Context) -> Outcome:
    """Read, decide, and for ``wait`` seconds read again where only that can tell."""
    poll = Poll(context, options.wait_interval, options.wait)
    while True:
        found = recover_facts.read(options, context)
        verdict = next_step.decide(found.facts)
        if verdict.step != READ or not poll.wait("waiting up to %d s: %s" % (poll.left, verdict.why)):
            break
    facts = found.facts
    number = dict(found.number)
    result: Dict[str, Any] = {
        "phone_number_id": str(options.phone_number_id),
        "number": str(number.get("display_phone_number") or ""),
        "location": found.location,
        "platform_type": number.get("platform_type"),
        "status": number.get("status"),
        "state": verdict.state,
        "why": verdict.why,
        "step": verdict.step,
        "does": verdict.does,
        "safe": verdict.safe,
        "person": verdict.person,
        "wait_until": times.utc(verdict.until) if verdict.until else None,
        "attempts_left": None if facts.trouble else max(facts.attempts_left, 0),
        "refused": facts.refused,
        "asked": found.asked,
        "attempts": found.attempts,
        "profile": {name: value for name, value in (options.profile or {}).items() if name in facts.lost},
    }
    if verdict.step == REGISTER:
        result["register"] = {
            "lane": next_step.lane_of(facts),
            "check_node": found.node_read,
            "pin_changed_at": found.pin_changed_at,
            "backup_file": attempt_log.backup_path(options) if facts.backup else None,
        }
    return Outcome(False, result)


def _side(params: Params) -> str:
    return GRAPH if lane_rules.without_node(params.get("lane")) else BOTH


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    yield from limits_of_attempts(params)
    yield from wait_too_short(params, stated)


MODULE = Module(
    name="wa_recover",
    options=Options,
    run=perform,
    narrowed=_side,
    contradictions=_contradictions,
    changes=never,
)
