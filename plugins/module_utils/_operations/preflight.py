# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read both sides of a number and say what stands in the way, all of it at once. Changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Collection, Dict, Iterator, List, Mapping, Optional, Tuple

from .._api import onprem
from .._core.approval import catalogue
from .._core.approval import plan as plan_rules
from .._core.checks import deployment, purpose, reads, versions
from .._core.checks import number as number_rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import gate, lane, recovery
from .._core.cutover import preflight as preflight_rules
from .._core.facts import location as location_rules
from .._core.findings.finding import Finding
from .._failure import Failure, WabizError
from .._meta_api import FIRST_LOGIN
from . import (
    account,
    another_waba,
    approval,
    attempt_log,
    collect,
    conditions,
    echo,
    lanes,
    lint_findings,
    onprem_info,
    traffic,
    waba_reads,
    webhook_check,
)
from .attempt_log import Files
from .context import Context, Outcome, Params
from .module import BOTH, GRAPH, Contradiction, Module
from .number_info import facts
from .onprem_info import PREFLIGHT as GATHER
from .options import (
    Batch,
    Details,
    GraphConnection,
    KeepFailure,
    OnPremConnection,
    Override,
    Preflight,
    Queues,
    Webhook,
    declare,
    limits_that_disagree,
    option,
    token_without_override,
    webhook_needs,
)


@declare
class Options(OnPremConnection, GraphConnection, Preflight, Override, Queues, Webhook, Batch, Details, KeepFailure):
    """The options of wa_preflight."""

    restore_profile: bool = option("bool", False)
    language: str = option("str", "en_US")
    purpose: Optional[str] = option("str")
    purpose_rules: Optional[List[Dict[str, Any]]] = option("list", elements="dict")


def perform(options: Options, context: Context) -> Outcome:
    """Read, judge by the gate's own rules, and plan.

    A number that is well on the Cloud API costs no read of the node, and of its host only that of its record.
    """
    number_id = str(options.phone_number_id)
    approval.stated(options, options.plan)
    reasons: List[Failure] = []
    number: Optional[Mapping[str, Any]] = None
    warnings: Tuple[str, ...] = ()
    served = ""
    listed = waba_reads.row(context, options.batch, options.phone_number_id, options.waba_id, waba_reads.PREFLIGHT)
    try:
        seen = listed or waba_reads.own(context.clients, options.phone_number_id, options.waba_id)
        number, served = seen.number, seen.served
        warnings = tuple("Graph %s does not know the field %s" % (options.graph_version, name) for name in seen.unknown)
    except WabizError as error:
        reasons.append(_unreadable(reads.GRAPH_UNREADABLE, error.failure))
    if number is not None and location_rules.coexists(number):
        reasons.append(preflight_rules.coexistence(number))
        return _outcome(
            options, context, number_id, number, None, location_rules.CLOUD, False, reasons, approval.NOT_READ, warnings
        )
    if number is not None and options.lane == lane.WABA and not location_rules.registered(number):
        options, found = another_waba.look(options, context, number, listed is not None)
        reasons += [*found.reasons, *_beside(options, context, number), *conditions.findings(options, context)]
        here, wanted = found.location, approval.NOT_READ
        ended = _outcome(options, context, found.label, number, None, here, found.work, reasons, wanted, warnings)
        return another_waba.ended(ended, options, found)
    wanted, trouble = (
        approval.wanted(options, context, options.override_callback_uri or "")
        if number is not None
        else (approval.NOT_READ, None)
    )
    if trouble is not None:
        reasons.append(trouble)
    if number is not None and location_rules.registered(number):
        # A number is only finished when nothing of it is left to do: the app's subscription is repaired too, and a run
        # may have been cut off between the cutover and the comparison. Whether its profile has to be put back is seen
        # by the comparison only.
        log = attempt_log.readable(options, context)
        unverified = None if log is None else attempt_log_rules.unverified(log)
        work = bool(wanted.steps) or bool(options.restore_profile) or bool(unverified)
        there = location_rules.CLOUD
        reasons += echo.findings(options, context, log)
        ended = _outcome(
            lanes.accepted(options), context, number_id, number, None, there, work, reasons, wanted, warnings
        )
        return replace(ended, result={**ended.result, "unverified": unverified})
    reasons += _beside(options, context, number)
    reasons += versions.failures(str(options.graph_version), served, context.clock.now())
    return _before_register(options, context, number_id, number, listed is not None, wanted, reasons, warnings)


def _before_register(
    options: Options,
    context: Context,
    number_id: str,
    number: Optional[Mapping[str, Any]],
    listed: bool,
    wanted: approval.Wanted,
    reasons: List[Failure],
    warnings: Tuple[str, ...],
) -> Outcome:
    asks_node = not lane.without_node(options.lane) and (number is None or number.get("platform_type") != "CLOUD_API")
    files, told = _look(options, context, reasons, asks_node)
    if number is None:
        node = told.facts
        if told.error is not None:
            reasons.append(_node_unreadable(told.error.failure))
        reasons += account.failures(options, context, False)
        reasons += deployment.failures(node, files.now, False) if node is not None else []
        return _outcome(
            options, context, number_id, None, node, location_rules.UNKNOWN, True, reasons, wanted, warnings
        )
    options, told, found = lanes.lane_of(options, context, number, files, told)
    reasons += found
    observed = collect.observed(options, context, number, files, told, listed)
    desired = collect.desired(
        options, bool(options.clear_two_step), needs_backup=False, verifies=options.lane == lane.CODE
    )
    if observed.location.name == location_rules.CLOUD:
        if not location_rules.pending(number):
            reasons.append(gate.cloud_failure(number))
    else:
        if observed.node_failure is not None:
            reasons.append(_node_unreadable(observed.node_failure))
        reasons += gate.failures(replace(observed, node_trouble=""), desired)
        if not desired.without_backup and not desired.backup_password:
            reasons += gate.backup_failures(observed, collect.desired(options, False))
        elif recovery.took_it_down(observed.log, observed.location.name, observed.node):
            faults = gate.backup_failures(observed, collect.desired(options, False))
            reasons += [recovery.no_backup(faults)] if faults else []
        reasons += _further(options, context, observed, desired, bool(wanted.steps))
    notes = preflight_rules.notes(observed, desired, context.clock.now(), bool(wanted.steps))
    left = attempt_log_rules.attempts_left(observed.log, observed.now, options.attempts_limit, options.attempts_reserve)
    wanted = wanted._replace(attempts_left=left)
    return _outcome(
        options,
        context,
        observed.label,
        number,
        observed.node,
        observed.location.name,
        True,
        reasons + notes,
        wanted,
        warnings,
    )


def _beside(options: Options, context: Context, number: Optional[Mapping[str, Any]]) -> List[Failure]:
    """Return what neither of Meta's APIs nor the node tells: the webhook endpoint, the application and the purpose."""
    found = [*webhook_check.findings(options, context, number), *lint_findings.findings(options, context)]
    reported = purpose.judge(
        options.purpose or "",
        options.purpose_rules or purpose.DEFAULT,
        str((number or {}).get("display_phone_number") or ""),
        context.clock.now(),
    )
    return found if reported is None else [*found, reported]


def _further(
    options: Options, context: Context, observed: gate.ObservedState, desired: gate.DesiredState, subscribes: bool
) -> List[Failure]:
    """Return the findings beyond the gate's on a number that would move, one call for each subject."""
    found = conditions.findings(options, context)
    found += account.failures(options, context, subscribes)
    found += number_rules.failures(observed.number, desired.without_backup)
    if observed.node is not None:
        serves = observed.number.get("platform_type") == "ON_PREMISE"
        found += traffic.first_look(options, observed.node)
        found += deployment.failures(observed.node, observed.now, serves)
    return found


def _node_unreadable(error: Failure) -> Failure:
    """Return what keeps a node from being read; a login that is refused has a code, and so a fix, of its own."""
    if error.code == FIRST_LOGIN:
        return _unreadable(reads.NODE_FIRST_LOGIN, error)
    refused = {onprem.LOGIN_REFUSED: reads.NODE_LOGIN, onprem.TOKEN_REFUSED: reads.NODE_TOKEN}
    return _unreadable(refused.get(error.title, reads.NODE_UNREADABLE), error)


def _look(options: Options, context: Context, reasons: List[Failure], asks_node: bool) -> Tuple[Files, collect.Node]:
    """Read the files on the host and the node; what kept the files from being read is added to the reasons."""
    told = collect.NOT_ASKED
    try:
        if asks_node:
            seen, told = collect.look(options, context, GATHER)
            if isinstance(seen, WabizError):
                raise seen
            found = seen
        else:
            found = attempt_log.look(options, context)
        if told.facts is not None:
            onprem_info.note_deployment(context.shared, str(options.phone_number_id), told.facts)
        # A node that a wrong PIN has taken down makes no backup any more, so the stored one counts.
        if recovery.refused_pin(found.log) is not None and not options.without_backup:
            found = attempt_log.look(options, context, attempt_log.backup_path(options))
        return found, told
    except WabizError as error:
        reasons.append(error.failure)
        lost = Files(attempt_log_rules.fresh(str(options.phone_number_id)), None, None, (), context.clock.now())
        return lost, told


def _unreadable(finding: Finding, error: Failure) -> Failure:
    return finding.failure(error.cause(), error.next_step)


def _outcome(
    options: Options,
    context: Context,
    label: str,
    number: Optional[Mapping[str, Any]],
    node: Optional[Mapping[str, Any]],
    location: str,
    work: bool,
    reasons: List[Failure],
    wanted: approval.Wanted,
    warnings: Tuple[str, ...],
) -> Outcome:
    found, plan = approval.conclude(options, context.clock.now(), label, number, node, location, work, reasons, wanted)
    blockers = catalogue.blockers(tuple(found))
    moved, recovers, waits = (
        location == location_rules.CLOUD,
        plan_rules.recovers(location, found),
        options.quiet_wait > 0,
    )
    code = options.lane == lane.CODE and not moved
    # A number that has moved is only read, so what was registered without a backup needs none afterwards.
    bare = code or (moved and (options.lane == lane.CODE or bool(options.without_backup)))
    result: Dict[str, Any] = {
        "location": location,
        "lane": lane.CODE if bare else lane.BACKUP,
        "check_node": not lane.without_node(options.lane),
        "without_backup": bool(options.without_backup),
        "waits_for_quiet": waits and location == location_rules.ON_PREMISES and not code,
        "work": work,
        "blocked": bool(blockers),
        "profile": dict(options.profile or {}),
        "restores_profile": bare or bool(options.restore_profile),
        "takes": lanes.takes(options, location, recovers, context.check_mode, code, waits),
        "backup_file": None if options.without_backup else attempt_log.backup_path(options),
        "findings": found,
        "unverified": False,
        "number": None if number is None else facts(number),
        "node": None if node is None else dict(node),
        "plan": plan,
    }
    before = {"location": location}
    after = {"location": location_rules.CLOUD, "requests": plan["requests"]} if work and not blockers else before
    return Outcome(False, result, before, after, warnings)


def _side(params: Params) -> str:
    return GRAPH if lane.without_node(params.get("lane")) else BOTH


def _needed(params: Params) -> Collection[str]:
    found = ["pin", *webhook_needs(params)]
    found += another_waba.needed(params)
    if not params["without_backup"] and not lane.without_node(params["lane"]):
        found.append("backup_password")
    if params["override_callback_uri"] is not None:
        found.append("verify_token")
    return found


def _unused(params: Params) -> Collection[str]:
    found = [] if params["webhook_url"] is not None else ["webhook_verify_token", "app_secret"]
    if params["without_backup"] or lane.without_node(params["lane"]):
        found.append("backup_password")
    if params["override_callback_uri"] is None:
        found.append("verify_token")
    return found


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    yield from limits_that_disagree(params, stated)
    yield from token_without_override(stated)
    yield from another_waba.contradictions(params, stated)
    for name in ("webhook_verify_token", "app_secret"):
        if name in stated and "webhook_url" not in stated:
            yield "%s webhook_url" % name, "what the webhook endpoint is tried with does nothing without its address"
    if "purpose_rules" in stated and params["purpose_rules"] is None:
        return  # they are wrong themselves
    names = purpose.choices(params["purpose_rules"] or purpose.DEFAULT)
    if params["purpose"] and params["purpose"] not in names:
        yield "purpose", "must be one of %s, got %r" % (", ".join(names), str(params["purpose"])[:60])


def _changes(params: Params) -> bool:
    return bool(params.get("webhook_url"))


MODULE = Module(
    name="wa_preflight",
    options=Options,
    run=perform,
    narrowed=_side,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    changes=_changes,
    step=False,
)
