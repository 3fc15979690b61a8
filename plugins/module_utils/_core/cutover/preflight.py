# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight has to say beyond the gate's own reasons. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure
from ..facts.location import CLOUD, ON_PREMISES
from . import attempt_log, gate, recovery
from .pin import consequence

_SKEW = 300.0


def notes(
    observed: gate.ObservedState, desired: gate.DesiredState, now: float, subscribes: bool = False
) -> List[Failure]:
    """Return what a person should know: nothing of it keeps the number from moving.

    ``now`` is the controller's clock.
    """
    found: List[Failure] = []
    lease = attempt_log.lease_holder(observed.log, observed.now, "")
    if lease is not None:
        found.append(attempt_log.other_run(lease))
    attempt = attempt_log.open_attempt(observed.log)
    if attempt is not None:
        found.append(
            Failure(
                "open_attempt",
                "An earlier register of %s was never settled" % attempt.get("at"),
                next_step="nothing to do: the cutover waits it out by reading before it decides",
            )
        )
    refused = gate.after_wrong_pin(observed, desired)
    if refused is not None and (observed.location.name == ON_PREMISES or gate.in_recovery(observed, desired)):
        left = gate.attempts_left(observed, desired)
        found.append(recovery.after_wrong_pin(refused, observed.location.name, left, desired.pin_cleared))
    if abs(observed.now - now) > _SKEW:
        found.append(
            Failure(
                "clock_skew",
                "The clocks of the inventory host and the controller differ by %d s" % abs(observed.now - now),
                "The budget of 72 hours is counted by the inventory host's clock",
                next_step="set the host's clock (chronyc makestep)",
            )
        )
    if subscribes:
        found.append(
            Failure(
                "not_subscribed",
                "The WABA's subscription is not as it is wanted",
                next_step="nothing to do: prepare brings it about before the cutover",
            )
        )
    if desired.without_backup:
        official = observed.number.get("is_official_business_account") is True
        found.append(
            Failure(
                "without_backup",
                "This number is an Official Business Account, and registering without a backup loses that status"
                if official
                else "Registering without a backup loses the profile, and an Official Business Account its status",
                "The profile (about, description, address, email, websites, photo) is lost too" if official else "",
                next_step="leave out wa_migrate_without_backup where the node can still make a backup",
            )
        )
    # A number that is on the Cloud API already is not registered again, and its PIN stays as it is.
    if not desired.pin_cleared and desired.pin and observed.location.name != CLOUD:
        found.append(
            Failure(
                "pin_may_be_wrong",
                "The stated PIN counts as known",
                "%s; %s" % (_two_step(observed.number.get("is_pin_enabled")), consequence(False)),
                next_step="make sure of it; where nobody is, set wa_migrate_clear_two_step: true",
            )
        )
    if observed.location.name == ON_PREMISES:
        found.append(
            Failure(
                "one_way",
                "Moving this number cannot be taken back",
                "Known: On-Premises registration has been closed since 2025-10-23, and messages that arrive during the "
                "few seconds of register are dropped. Not known: whether a client past its expiry can still make a "
                "backup, and whether the Cloud API accepts it",
                next_step="move a number with little traffic first (-l canary); look at it before the others follow",
            )
        )
    return found


def coexistence(number: Mapping[str, Any]) -> Failure:
    """Say that a number is served by the phone app and the Cloud API together, and what is done with it: nothing."""
    return Failure(
        "coexistence",
        "The number is on the Cloud API and in the WhatsApp Business app (coexistence)",
        "Graph says is_on_biz_app true, platform_type CLOUD_API and status %s. It is not registered, and nothing else "
        "of it is changed" % number.get("status"),
        next_step="nothing to do here; manage such a number in the app and in WhatsApp Manager",
    )


def _two_step(enabled: Any) -> str:
    """Say what Graph's word on two-step verification means for the stated PIN; the node has no way to read it."""
    if enabled is True:
        return "Graph says that two-step verification is on, so it must be the number's own PIN"
    if enabled is False:
        return "Graph says that two-step verification is off, so it becomes the new PIN when the number is registered"
    return "Graph does not say whether two-step verification is on"
