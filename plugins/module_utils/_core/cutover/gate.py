# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the conditions of the register call; the same code decides in preflight and right before the call. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..._failure import Failure
from ..._meta_api import INCOMPLETE_DEREGISTRATION
from ..checks import number as number_rules
from ..facts import phone_number
from ..facts.location import CLOUD, NEITHER, ON_PREMISES, Location, on_biz_app
from . import attempt_log, move_log, pin, recovery
from . import backup as backup_rules
from . import gate_findings as findings

# The flag by which the workers of a run share that a PIN was wrong.
WRONG_PIN = "wrong pin"


@dataclass(frozen=True)
class ObservedState:
    """All that was read about one number.

    ``number`` is Graph's answer, ``node`` the node's facts (None where it was not or could not be read;
    ``node_trouble`` says why, ``node_failure`` as data), ``backup`` the stored document, ``log`` the attempt log,
    ``file_faults`` the errors of the files on the inventory host, ``now`` that host's clock in UTC seconds,
    ``state_lost`` why these files vanish with a container, ``waba_trouble`` why the WABA's numbers could not be read.
    """

    phone_number_id: str
    number: Mapping[str, Any]
    node: Optional[Mapping[str, Any]]
    node_trouble: str
    location: Location
    belongs_to_waba: Optional[bool]
    log: Mapping[str, Any]
    backup: Optional[Mapping[str, Any]]
    now: float
    file_faults: Tuple[str, ...] = ()
    state_lost: Optional[Failure] = None
    waba_trouble: str = ""
    node_failure: Optional[Failure] = None

    @property
    def label(self) -> str:
        """Return the number as errors name it."""
        return phone_number.digits(str(self.number.get("display_phone_number") or "")) or self.phone_number_id


@dataclass(frozen=True)
class DesiredState:
    """What the operator has set for the register call."""

    pin: Optional[str]
    pin_cleared: bool
    backup_password: Optional[str]
    backup_max_age: float
    without_backup: bool
    needs_backup: bool
    allow_unverified: bool
    attempts_limit: int
    attempts_reserve: int
    backup_fits: str = ""  # the digest of a backup whose password is known to fit
    pin_changed_at: Optional[float] = None  # UTC seconds: when somebody changed the PIN
    code_lane: bool = False  # registered without a backup, by a code, wherever its node is
    verifies: bool = False  # a code is asked for or handed in before the register call
    move_lost_at: Optional[float] = None  # UTC seconds: when a move to another WABA was given up
    recovers: bool = False  # somebody has decided to register a number that is on neither API


def cloud_failure(number: Mapping[str, Any]) -> Failure:
    """Report that a number on the Cloud API has a problem there: nothing but a person registers it again."""
    return findings.CLOUD_NOT_CONNECTED.failure(
        "Its status is %s. A number on the Cloud API is never registered again without a person's decision"
        % number.get("status")
    )


def wrong_pin_elsewhere(number: str) -> Failure:
    """Report that a PIN of this run was wrong: one wrong source of PINs takes down the node of every number."""
    return Failure(
        "wrong_pin_elsewhere",
        "The PIN of another number of this run was wrong",
        "Number %s was refused with 133005, and its node may be down" % number,
        next_step="check where the PINs come from. Then set O(clear_two_step): true to clear two-step "
        "verification, or O(continue_after_wrong_pin): true if the other PINs are right",
    )


def attempts_left(observed: ObservedState, desired: DesiredState) -> int:
    """Return how many register requests the budget still allows."""
    return attempt_log.attempts_left(observed.log, observed.now, desired.attempts_limit, desired.attempts_reserve)


def after_wrong_pin(observed: ObservedState, desired: DesiredState) -> Optional[Mapping[str, Any]]:
    """Return the attempt with a wrong PIN after which somebody has changed the PIN, None where there is none."""
    attempt = recovery.refused_pin(observed.log)
    if attempt is None or not recovery.answered(attempt, desired.pin_cleared, desired.pin_changed_at, observed.now):
        return None
    return attempt


def in_recovery(observed: ObservedState, desired: DesiredState) -> bool:
    """Tell whether a number on neither API may be registered: after a wrong PIN, once the PIN has been changed."""
    down = recovery.took_it_down(observed.log, observed.location.name, observed.node)
    return down and after_wrong_pin(observed, desired) is not None


def location_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Register only on a definite ON_PREMISES, or a definite NEITHER in recovery or by a code; never on a guess.

    A PIN that was refused is not sent a second time, wherever the number is.
    """
    where = observed.location
    if where.name == CLOUD:
        return [cloud_failure(observed.number)]
    found: List[Failure] = []
    why = where.why + (". The node: %s" % observed.node_trouble if observed.node_trouble else "")
    last = recovery.latest(observed.log) or {}
    answered = last.get("outcome") == attempt_log.REFUSED
    # Another request would be refused with that code again, until somebody has finished the deregistration.
    unfinished = answered and last.get("code") == INCOMPLETE_DEREGISTRATION
    if (
        where.name == NEITHER
        and not (desired.recovers or (desired.code_lane and not unfinished))
        and not recovery.took_it_down(observed.log, where.name, observed.node)
    ):
        if answered:
            why += ". By the attempt log %s" % recovery.reported(last)
        found.append(findings.NEITHER_API.failure("%s. Reading and making backups stay safe" % why))
    if where.name not in (ON_PREMISES, NEITHER):
        found.append(findings.UNKNOWN_LOCATION.failure(why))
    refused = recovery.refused_pin(observed.log)
    if refused is not None and after_wrong_pin(observed, desired) is None:
        left = attempts_left(observed, desired)
        found.append(recovery.wrong_pin(refused, where.name, left, desired.pin_changed_at, observed.now))
    return found


def app_failures(observed: ObservedState) -> List[Failure]:
    """Refuse a number of the phone app: its platform_type is ON_PREMISE too."""
    if observed.location.name == CLOUD or not on_biz_app(observed.number):
        return []
    return [
        findings.BIZ_APP.failure(
            "Graph says is_on_biz_app true and platform_type %s. Meta refuses to register such a number (100: Register "
            "endpoint is not available for SMB businesses, or Missing Permission), and each try costs one of ten "
            "attempts" % (observed.number.get("platform_type") or "nothing")
        )
    ]


def name_failures(observed: ObservedState) -> List[Failure]:
    """Refuse a display name without a valid certificate: the register call cannot succeed (page: phone numbers)."""
    status = str(observed.number.get("name_status") or "").upper()
    if observed.location.name == CLOUD or status not in number_rules.NO_CERTIFICATE:
        return []
    return [
        findings.NAME_UNUSABLE.failure(
            "Its name_status is %s. %s. The register call would be refused with 100 (Cannot Create Certificate), and "
            "each try costs one of ten attempts" % (status, number_rules.NO_CERTIFICATE[status])
        )
    ]


def ownership_failures(observed: ObservedState) -> List[Failure]:
    """Judge whether the node serves the number of the inventory, and the number belongs to the stated WABA."""
    found: List[Failure] = []
    display = str(observed.number.get("display_phone_number") or "")
    if observed.node is not None:
        wa_id = str(observed.node.get("wa_id") or "")
        if not phone_number.same(wa_id, display):
            seen = "The node says wa_id %s, Graph says %s for %s"
            found.append(
                findings.WRONG_NODE.failure(seen % (wa_id or "nothing", display or "nothing", observed.phone_number_id))
            )
    if observed.waba_trouble:
        found.append(findings.WABA_UNREADABLE.failure(observed.waba_trouble))
    if observed.belongs_to_waba is False:
        found.append(findings.WRONG_WABA.failure())
    return found


def verification_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Graph registers a number only when its code verification is VERIFIED; otherwise 133006 costs an attempt."""
    status = observed.number.get("code_verification_status")
    if status == "VERIFIED" or desired.verifies or desired.allow_unverified:
        return []
    if status is None and not desired.code_lane:
        return []
    return [
        findings.NOT_VERIFIED.failure(
            "Its code verification is %s. The register call would most likely be refused with 133006 and use up one of "
            "ten attempts" % status
        )
    ]


def file_failures(faults: Sequence[str], lost: Optional[Failure]) -> List[Failure]:
    """Judge the files on the inventory host: what is wrong with them, and that they are ``lost`` with a container."""
    found = [findings.STATE_DIRECTORY.failure(fault) for fault in faults]
    return found if lost is None else [*found, lost]


def log_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Judge the files on the inventory host, and the budget of register requests."""
    found = file_failures(observed.file_faults, observed.state_lost)
    found += move_log.moved_away(observed.log, observed.now, desired.move_lost_at)
    if attempts_left(observed, desired) <= 0:
        used = len(attempt_log.attempts_in_window(observed.log, observed.now))
        seen = "%d in the last 72 hours, limit %d, %d kept in reserve; one too many locks it for 72 hours (133016)"
        found.append(findings.BUDGET.failure(seen % (used, desired.attempts_limit, desired.attempts_reserve)))
    return found


def backup_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Judge the backup: fresh, of this number, made with this password, unless the operator does without."""
    if desired.without_backup or not desired.needs_backup:
        return []
    if not desired.backup_password:
        return [findings.NO_BACKUP_PASSWORD.failure()]
    return backup_rules.faults(
        observed.backup,
        str(observed.number.get("display_phone_number") or ""),
        desired.backup_password,
        observed.now,
        desired.backup_max_age,
        desired.backup_fits,
    )


def failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Return every reason why no register request may be sent now, all at once; an empty list allows it."""
    pin_failure = pin.judge(desired.pin, desired.pin_cleared)
    return (
        (app_failures(observed) or location_failures(observed, desired))
        + ownership_failures(observed)
        + name_failures(observed)
        + verification_failures(observed, desired)
        + ([pin_failure] if pin_failure is not None else [])
        + backup_failures(observed, desired)
        + log_failures(observed, desired)
    )
