# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the warnings and notes of a preflight on the cutover, beside the gate's blockers. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure
from ..facts.location import CLOUD, ON_PREMISES
from ..findings.finding import COLLECTION, GUIDE, NOTE, PHONE_NUMBER, WARNING, Finding
from . import attempt_log, gate, recovery
from .pin import consequence

_SKEW = 300.0

OPEN_ATTEMPT = Finding(
    "WM131",
    "open_attempt",
    WARNING,
    COLLECTION,
    title="The outcome of an earlier register request is unknown",
    why="A run was killed, or its answer was lost, between the request and its outcome.",
    fix="Nothing to do: the next cutover reads the number until no answer can come any more, and only then decides.",
    passing=True,
)
CLOCK_SKEW = Finding(
    "WM132",
    "clock_skew",
    WARNING,
    COLLECTION,
    title="The clocks of the inventory host and the controller differ",
    why="The budget of 72 hours is counted by the inventory host's clock.",
    fix="Set the host's clock (chronyc makestep).",
    passing=True,
)
WITHOUT_BACKUP = Finding(
    "WM134",
    "without_backup",
    WARNING,
    GUIDE + ", Official Business Accounts",
    title="The number will be registered without a backup",
    why="The number loses its profile (about, description, address, email, websites, photo), and an Official Business "
    "Account loses that status. Neither comes back by itself.",
    fix="Remove O(without_backup) where the node can still make a backup.",
)
ONE_WAY = Finding(
    "WM149",
    "one_way",
    NOTE,
    GUIDE,
    title="Moving a number cannot be taken back",
    why="Known: On-Premises registration has been closed since 2025-10-23, so nobody can bring a number back to a "
    "node. Messages that arrive during the few seconds of the register call are dropped. Not known: whether a client "
    "past its expiry can still make a backup, and whether the Cloud API accepts it.",
    fix="Move a number with little traffic first (-l canary), and look at it before the others follow.",
)
PIN_MAY_BE_WRONG = Finding(
    "WM150",
    "pin_may_be_wrong",
    NOTE,
    GUIDE + ", step 1",
    title="The PIN cannot be checked before it is used",
    why="Only the register call shows whether the PIN is right, and a wrong one takes the node down. Graph shows at "
    "most whether two-step verification is on; the node has no way to read it.",
    fix="Make sure that the PIN is right. If nobody knows it, set O(clear_two_step): true, so that it becomes "
    "the new one.",
)
NOT_SUBSCRIBED = Finding(
    "WM151",
    "not_subscribed",
    NOTE,
    GUIDE + ", webhooks",
    title="The WABA's subscription is not set yet",
    why="Without it no message of a moved number arrives.",
    fix="Nothing to do: prepare sets it before the cutover, so that no message waits for it.",
)
COEXISTENCE = Finding(
    "WM202",
    "coexistence",
    NOTE,
    PHONE_NUMBER,
    title="The number is on the Cloud API and in the WhatsApp Business app",
    why="With is_on_biz_app true and platform_type CLOUD_API the app and the Cloud API serve the number together "
    "(coexistence). It is not registered, and nothing else of it is changed.",
    fix="Nothing to do here. Manage such a number in the app and in WhatsApp Manager.",
)


def notes(
    observed: gate.ObservedState, desired: gate.DesiredState, now: float, subscribes: bool = False
) -> List[Failure]:
    """Return what a person should know; none of it keeps the number from moving.

    ``now`` is the controller's clock.
    """
    found: List[Failure] = []
    lease = attempt_log.lease_holder(observed.log, observed.now, "")
    if lease is not None:
        found.append(attempt_log.other_run(lease))
    attempt = attempt_log.open_attempt(observed.log)
    if attempt is not None:
        found.append(OPEN_ATTEMPT.failure("It was sent at %s" % attempt.get("at")))
    refused = gate.after_wrong_pin(observed, desired)
    if refused is not None and (observed.location.name == ON_PREMISES or gate.in_recovery(observed, desired)):
        left = gate.attempts_left(observed, desired)
        found.append(recovery.after_wrong_pin(refused, observed.location.name, left, desired.pin_cleared))
    if abs(observed.now - now) > _SKEW:
        found.append(CLOCK_SKEW.failure("They differ by %d s. %s" % (abs(observed.now - now), CLOCK_SKEW.why)))
    if subscribes:
        found.append(NOT_SUBSCRIBED.failure())
    if desired.without_backup and not desired.code_lane:
        official = observed.number.get("is_official_business_account") is True
        seen = "It is an Official Business Account, and loses that status. " if official else ""
        found.append(WITHOUT_BACKUP.failure(seen + WITHOUT_BACKUP.why))
    # A number that is on the Cloud API already is not registered again, and its PIN stays as it is.
    if not desired.pin_cleared and desired.pin and observed.location.name != CLOUD:
        two_step = _two_step(observed.number.get("is_pin_enabled"))
        found.append(PIN_MAY_BE_WRONG.failure("%s; %s" % (two_step, consequence(False, desired.code_lane))))
    if observed.location.name == ON_PREMISES or desired.code_lane:
        found.append(ONE_WAY.failure())
    return found


def coexistence(number: Mapping[str, Any]) -> Failure:
    """Report that the phone app and the Cloud API serve a number together, and that it is left alone."""
    return COEXISTENCE.failure(
        "Graph says is_on_biz_app true, platform_type CLOUD_API and status %s (coexistence). It is not registered, and "
        "nothing else of it is changed" % number.get("status")
    )


def _two_step(enabled: Any) -> str:
    """Return what Graph's field on two-step verification means for the stated PIN; the node has no way to read it."""
    if enabled is True:
        return "Graph says that two-step verification is on, so it must be the number's own PIN"
    if enabled is False:
        return "Graph says that two-step verification is off, so it becomes the new PIN when the number is registered"
    return "Graph does not show whether two-step verification is on"
