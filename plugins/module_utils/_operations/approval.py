# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a preflight ends: findings with their waivers, the plan, and whether the approved one still holds."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._core.approval import approved as approved_rules
from .._core.approval import catalogue, waiver
from .._core.approval import plan as plan_rules
from .._core.checks import subscription
from .._core.checks.reads import SUBSCRIPTION_UNREADABLE
from .._failure import Failure, RefusedError, WabizError, combine
from . import account
from .context import Context
from .options import Cutover, Preflight


class Wanted(NamedTuple):
    """What the WABA's subscription still needs, its callback override as it was read, and the budget that is left.

    ``attempts_left`` is None where the record was not read.
    """

    steps: Tuple[str, ...]
    override: str
    attempts_left: Optional[int] = None


NOT_READ = Wanted((), "")


def stated(options: Cutover, plan: Any = None) -> List[waiver.Waiver]:
    """Return the waivers of a task; raises RefusedError where they, or the approved plan, cannot be understood."""
    waivers, faults = waiver.read(options.waivers)
    faults = ["waivers: %s" % fault for fault in faults]
    try:
        approved_rules.approval(plan, options.phone_number_id)
    except ValueError as reason:
        faults.append("plan: %s" % reason)
    if faults:
        raise RefusedError(
            combine([Failure("bad_input", "An option is wrong", fault, next_step="correct it") for fault in faults])
        )
    return waivers


def wanted(options: Preflight, context: Context, override: str) -> Tuple[Wanted, Optional[Failure]]:
    """Return what the WABA's subscription still needs, or why it is not known; its rows are read once per run."""
    waba_id = str(options.waba_id)
    try:
        app_id = account.app_of_token(options, context)
        rows = context.shared.once(
            "waba-%s-apps" % waba_id, lambda: list(context.clients.graph("").subscribed_apps(waba_id))
        )
    except account.UnknownAppError as error:
        return NOT_READ, error.failure
    except WabizError as error:
        return NOT_READ, SUBSCRIPTION_UNREADABLE.failure(error.failure.cause(), error.failure.next_step)
    mine = subscription.of_app(rows, app_id)
    steps = subscription.steps(mine, "present", override, False)
    return Wanted(steps, mine.override_callback_uri), None


def conclude(
    options: Preflight,
    now: float,
    label: str,
    number: Optional[Mapping[str, Any]],
    node: Optional[Mapping[str, Any]],
    location: str,
    work: bool,
    reasons: Sequence[Failure],
    left: Wanted,
) -> Tuple[List[Dict[str, Any]], Dict[str, Any]]:
    """Return the findings of a number and its plan.

    A number that has nothing to do is compared with no approved plan: nothing of it needs an approval.
    """
    number_id = str(options.phone_number_id)
    found = waiver.apply(
        [catalogue.finding(reason, label) for reason in reasons], stated(options, options.plan), number_id, now
    )
    facts = plan_rules.situation(vars(options), number, node, location, left.steps, left.override, found)
    plan = plan_rules.of_number(
        facts,
        left.attempts_left,
        int(options.attempts_limit),
        int(options.attempts_reserve),
        bool(options.clear_two_step),
    )
    approved = approved_rules.approval(options.plan, number_id)
    blocked = bool(catalogue.blockers(tuple(found)))
    change = None
    if approved_rules.needs_approval(location, work, facts["requests"], blocked):
        change = approved_rules.changed(approved, plan_rules.earlier(vars(options), facts, location, left.steps))
    if change is not None:
        found.append(catalogue.finding(change, label))
    return found, plan
