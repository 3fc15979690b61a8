# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read both sides of a number and say what stands in the way, all of it at once. Changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._api import onprem
from .._core import catalogue, deployment, gate, purpose, recovery, subscription, versions
from .._core import number as number_rule
from .._core import place as place_rule
from .._core import plan as plan_rule
from .._core import preflight as rule
from .._core import record as record_rule
from .._failure import Failure, WabizError
from . import account, approval, fleet, hold, journal, survey, traffic, webhook
from .context import Context, Outcome, Params
from .journal import Files
from .number_info import facts
from .onprem_info import PREFLIGHT as GATHER


def perform(params: Params, context: Context) -> Outcome:
    """Read, judge by the gate's own rules, and plan.

    A number that is well on the Cloud API costs no read of the node, and of its host only that of its record.
    """
    number_id = str(params["phone_number_id"])
    approval.stated(params)
    reasons: List[Failure] = []
    number: Optional[Mapping[str, Any]] = None
    warnings: Tuple[str, ...] = ()
    served = ""
    listed = fleet.row(params, context, str(params["waba_id"]), fleet.PREFLIGHT)
    try:
        seen = listed or fleet.own(params, context)
        number, served = seen.number, seen.served
        warnings = tuple(
            "Graph %s does not know the field %s" % (params["graph_version"], name) for name in seen.unknown
        )
    except WabizError as error:
        reasons.append(_unreadable("graph_unreadable", "Graph could not be read", error))
    if number is not None and place_rule.coexists(number):
        reasons.append(rule.coexistence(number))
        return _outcome(
            params, context, number_id, number, None, place_rule.CLOUD, False, reasons, approval.NOT_READ, warnings
        )
    wanted, trouble = _subscription(params, context) if number is not None else (approval.NOT_READ, None)
    if trouble is not None:
        reasons.append(trouble)
    if number is not None and place_rule.registered(number):
        # A number is only finished when nothing of it is left to do: the app's subscription is repaired too, and a run
        # may have been cut off between the cutover and the comparison. Whether its profile has to be put back is seen
        # by the comparison only.
        unverified = _unverified(params, context)
        work = bool(wanted.steps) or bool(params["restore_profile"]) or bool(unverified)
        there = place_rule.CLOUD
        ended = _outcome(params, context, number_id, number, None, there, work, reasons, wanted, warnings)
        return replace(ended, result={**ended.result, "unverified": unverified})
    reasons += _beside(params, context, number)
    reasons += versions.failures(str(params["graph_version"]), served, context.now())
    return _before_the_door(params, context, number_id, number, listed is not None, wanted, reasons, warnings)


def _before_the_door(
    params: Params,
    context: Context,
    number_id: str,
    number: Optional[Mapping[str, Any]],
    listed: bool,
    wanted: approval.Wanted,
    reasons: List[Failure],
    warnings: Tuple[str, ...],
) -> Outcome:
    files = _files(params, context, reasons)
    if number is None:
        node, _word, trouble = survey.node_facts(params, context, GATHER)
        if trouble is not None:
            reasons.append(_node_unreadable(trouble.failure))
        reasons += account.failures(params, context, False)
        reasons += deployment.failures(node, files.now, False) if node is not None else []
        return _outcome(params, context, number_id, None, node, place_rule.UNKNOWN, True, reasons, wanted, warnings)
    sight = survey.sight(params, context, number, files, GATHER, listed=listed)
    wish = survey.wish(params, bool(params["clear_two_step"]), needs_backup=False)
    if sight.place.name == place_rule.CLOUD:
        if not place_rule.settling(number):
            reasons.append(gate.cloud_failure(number))
    else:
        if sight.node_failure is not None:
            reasons.append(_node_unreadable(sight.node_failure))
        reasons += gate.failures(replace(sight, node_trouble=""), wish)
        if not wish.without_backup and not wish.backup_password:
            reasons += gate.backup_failures(sight, survey.wish(params, False))
        elif recovery.took_it_down(sight.record, sight.place.name, sight.node):
            faults = gate.backup_failures(sight, survey.wish(params, False))
            reasons += [recovery.no_backup(faults)] if faults else []
        reasons += _further(params, context, sight, wish, bool(wanted.steps))
    notes = rule.notes(sight, wish, context.now(), bool(wanted.steps))
    left = record_rule.attempts_left(sight.record, sight.now, params["attempts_limit"], params["attempts_reserve"])
    wanted = wanted._replace(attempts_left=left)
    return _outcome(
        params,
        context,
        sight.label,
        number,
        sight.node,
        sight.place.name,
        True,
        reasons + notes,
        wanted,
        warnings,
    )


def _unverified(params: Params, context: Context) -> Optional[bool]:
    """Tell whether a run has registered the number and none has compared it since; None where nobody can tell.

    The host of a number that has moved may be switched off for good, so that is no fault.
    """
    try:
        files = journal.look(params, context)
    except WabizError:
        return None
    return record_rule.unverified(files.record)


def _takes(params: Params, place: str, recovers: bool, check_mode: bool) -> Dict[str, bool]:
    """Return which steps a migration takes; in check mode nothing has moved that could be judged after the door.

    A number that a wrong PIN has put on neither API has its snapshot from before that.
    """
    there = place == place_rule.ON_PREMISES
    return {
        "wa_two_step": (there or recovers) and bool(params["clear_two_step"]),
        "wa_snapshot": there,
        "wa_backup": (there or recovers) and not params["without_backup"],
        "wa_health": not check_mode,
        "wa_compare": not check_mode or place == place_rule.CLOUD,
    }


def _beside(params: Params, context: Context, number: Optional[Mapping[str, Any]]) -> List[Failure]:
    """Return what neither of Meta's APIs nor the node tells: the new webhook endpoint and the purpose of the number."""
    found = webhook.findings(params, context, number)
    told = purpose.judge(
        params["purpose"] or "",
        params["purpose_rules"] or purpose.DEFAULT,
        str((number or {}).get("display_phone_number") or ""),
        context.now(),
    )
    return found if told is None else [*found, told]


def _further(params: Params, context: Context, sight: gate.Sight, wish: gate.Wish, subscribes: bool) -> List[Failure]:
    """Return the findings beyond the gate's on a number that would move, one call for each subject."""
    found = hold.findings(params, context)
    found += account.failures(params, context, subscribes)
    found += number_rule.failures(sight.number, wish.without_backup)
    if sight.node is not None:
        serves = sight.number.get("platform_type") == "ON_PREMISE"
        found += traffic.first_look(params, sight.node)
        found += deployment.failures(sight.node, sight.now, serves)
    return found


def _node_unreadable(error: Failure) -> Failure:
    """Return what keeps a node from being read; a login that is refused has a code, and so a fix, of its own."""
    code, title = "node_unreadable", "The On-Premises node could not be read"
    if error.code == onprem.FIRST_LOGIN:
        code, title = "node_first_login", "Nobody has logged in to the node yet"
    elif error.title == onprem.LOGIN_REFUSED:
        code = "node_login"
    elif error.title == onprem.TOKEN_REFUSED:
        code = "node_token"
    return Failure(code, title, error.cause(), next_step=error.next_step)


def _files(params: Params, context: Context, reasons: List[Failure]) -> Files:
    try:
        files = journal.look(params, context)
        # A node that a wrong PIN has taken down makes no backup any more, so the stored one counts.
        if recovery.refused_pin(files.record) is not None and not params["without_backup"]:
            files = journal.look(params, context, journal.backup_path(params))
        return files
    except WabizError as error:
        reasons.append(error.failure)
        return Files(record_rule.fresh(str(params["phone_number_id"])), None, None, (), context.now())


def _subscription(params: Params, context: Context) -> Tuple[approval.Wanted, Optional[Failure]]:
    """Return what the WABA's subscription still needs; its rows are read once per run."""
    waba_id = str(params["waba_id"])
    try:
        app_id = account.app_of_token(params, context)
        rows = context.shared("waba-%s-apps" % waba_id, lambda: list(context.graph("").subscribed_apps(waba_id)))
    except account.UntoldError as error:
        return approval.NOT_READ, error.failure
    except WabizError as error:
        return approval.NOT_READ, _unreadable(
            "subscription_unreadable", "The WABA's subscription could not be read", error
        )
    mine = subscription.of_app(rows, app_id)
    steps = subscription.steps(mine, "present", params["override_callback_uri"] or "", False)
    return approval.Wanted(steps, mine.override_callback_uri), None


def _unreadable(code: str, title: str, error: WabizError) -> Failure:
    return Failure(code, title, error.failure.cause(), next_step=error.failure.next_step)


def _outcome(
    params: Params,
    context: Context,
    label: str,
    number: Optional[Mapping[str, Any]],
    node: Optional[Mapping[str, Any]],
    place: str,
    work: bool,
    reasons: List[Failure],
    wanted: approval.Wanted,
    warnings: Tuple[str, ...],
) -> Outcome:
    found, plan = approval.conclude(params, context.now(), label, number, node, place, work, reasons, wanted)
    blockers = catalogue.blockers(tuple(found))
    result: Dict[str, Any] = {
        "place": place,
        "work": work,
        "blocked": bool(blockers),
        "takes": _takes(params, place, plan_rule.recovers(place, found), context.check_mode),
        "backup_file": None if params["without_backup"] else journal.backup_path(params),
        "findings": found,
        "unverified": False,
        "number": None if number is None else facts(number),
        "node": None if node is None else dict(node),
        "plan": plan,
    }
    before = {"place": place}
    after = {"place": place_rule.CLOUD, "requests": plan["requests"]} if work and not blockers else before
    return Outcome(False, result, before, after, warnings)
