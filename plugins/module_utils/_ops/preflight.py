# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read both sides of a number and say what stands in the way, all of it at once. Changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._api.errors import ApiError
from .._core import catalogue, gate, subscription
from .._core import place as place_rule
from .._core import preflight as rule
from .._core import record as record_rule
from .._failure import Failure, WabizError
from . import journal, survey
from .context import Context, Outcome, Params
from .journal import Files
from .number_info import EVERYTHING as FIELDS
from .number_info import facts, read
from .onprem_info import EVERYTHING as GATHER
from .subscribe import app_of_token


def perform(params: Params, context: Context) -> Outcome:
    """Read, judge by the gate's own rules, and plan.

    A number that is well on the Cloud API costs no read of the node.
    """
    number_id = str(params["phone_number_id"])
    reasons: List[Failure] = []
    number: Optional[Mapping[str, Any]] = None
    warnings: Tuple[str, ...] = ()
    try:
        number, unknown = read(context.graph(number_id), number_id, FIELDS)
        warnings = tuple("Graph %s does not know the field %s" % (params["graph_version"], name) for name in unknown)
    except WabizError as error:
        reasons.append(_unreadable("graph_unreadable", "Graph could not be read", error))
    steps, trouble = _subscription(params, context) if number is not None else ((), None)
    if trouble is not None:
        reasons.append(trouble)
    if number is not None and place_rule.registered(number):
        # The app's subscription is repaired too, so a number is only finished when both hold.
        return _outcome(params, number_id, number, None, place_rule.CLOUD, bool(steps), reasons, list(steps), warnings)
    return _before_the_door(params, context, number_id, number, steps, reasons, warnings)


def _before_the_door(
    params: Params,
    context: Context,
    number_id: str,
    number: Optional[Mapping[str, Any]],
    steps: Tuple[str, ...],
    reasons: List[Failure],
    warnings: Tuple[str, ...],
) -> Outcome:
    files = _files(params, context, reasons)
    if number is None:
        node, _word, trouble = survey.node_facts(params, context, GATHER)
        if trouble:
            reasons.append(Failure("node_unreadable", "The On-Premises node could not be read", trouble))
        return _outcome(params, number_id, None, node, place_rule.UNKNOWN, True, reasons, [], warnings)
    sight = survey.sight(params, context, number, files, GATHER)
    wish = survey.wish(params, bool(params["clear_two_step"]), needs_backup=False)
    if sight.place.name == place_rule.CLOUD:
        if not place_rule.settling(number):
            reasons.append(gate.cloud_failure(number))
    else:
        if sight.node_trouble:
            reasons.append(Failure("node_unreadable", "The On-Premises node could not be read", sight.node_trouble))
        reasons += gate.failures(replace(sight, node_trouble=""), wish)
        if not wish.without_backup and not wish.backup_password:
            reasons += gate.backup_failures(sight, survey.wish(params, False))
    notes = rule.notes(sight, wish, context.now(), bool(steps))
    left = record_rule.attempts_left(sight.record, sight.now, params["attempts_limit"], params["attempts_reserve"])
    plan = rule.plan(params, steps, left) if sight.place.name == place_rule.ON_PREMISES else list(steps)
    return _outcome(params, sight.label, number, sight.node, sight.place.name, True, reasons + notes, plan, warnings)


def _files(params: Params, context: Context, reasons: List[Failure]) -> Files:
    try:
        return journal.look(params, context)
    except WabizError as error:
        reasons.append(error.failure)
        return Files(record_rule.fresh(str(params["phone_number_id"])), None, None, (), context.now())


def _subscription(params: Params, context: Context) -> Tuple[Tuple[str, ...], Optional[Failure]]:
    """Return what the WABA's subscription still needs; its rows are read once per run."""
    waba_id = str(params["waba_id"])
    try:
        app_id = app_of_token(context)
        rows = context.shared("waba-%s-apps" % waba_id, lambda: list(context.graph("").subscribed_apps(waba_id)))
    except WabizError as error:
        return (), _unreadable("subscription_unreadable", "The WABA's subscription could not be read", error)
    return subscription.steps(
        subscription.of_app(rows, app_id), "present", params["override_callback_uri"] or "", False
    ), None


def _unreadable(code: str, title: str, error: WabizError) -> Failure:
    told = "%s [%s]" % (error.failure.title, error.failure.code)
    trace = (
        " (fbtrace_id %s)" % error.failure.fbtrace_id
        if isinstance(error, ApiError) and error.failure.fbtrace_id
        else ""
    )
    details = ". %s" % error.failure.details if error.failure.details else ""
    return Failure(code, title, told + trace + details, next_step=error.failure.next_step)


def _outcome(
    params: Params,
    label: str,
    number: Optional[Mapping[str, Any]],
    node: Optional[Mapping[str, Any]],
    place: str,
    work: bool,
    reasons: List[Failure],
    plan: List[str],
    warnings: Tuple[str, ...],
) -> Outcome:
    found = tuple(catalogue.finding(reason, label) for reason in reasons)
    blockers = catalogue.blockers(found)
    result: Dict[str, Any] = {
        "place": place,
        "work": work,
        "blocked": bool(blockers),
        "findings": list(found),
        "number": None if number is None else facts(number),
        "node": None if node is None else dict(node),
        "plan": plan if not blockers else [],
    }
    before = {"place": place}
    after = {"place": place_rule.CLOUD, "requests": plan} if work and not blockers else before
    return Outcome(False, result, before, after, warnings)
