# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what must hold right before the one-way door; the same code decides in preflight and at the door. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

from ..._failure import Failure
from ..checks import number as number_rules
from ..facts import phone_number
from ..facts.location import CLOUD, NEITHER, ON_PREMISES, Location, on_biz_app
from . import attempt_log, pin, recovery
from . import backup as backup_rules

# What the workers of a run tell each other of a PIN that was wrong.
WRONG_PIN = "wrong pin"
_READ_AGAIN = "run preflight again; it changes nothing"


@dataclass(frozen=True)
class ObservedState:
    """All that was read and stated about one number.

    ``number`` is Graph's answer, ``node`` the node's facts (None where it was not or could not be read,
    ``node_trouble`` says why, ``node_failure`` as data), ``backup`` the stored document, ``record`` the parsed record,
    ``file_faults`` what is wrong with the files on the inventory host, ``now`` that host's clock in UTC seconds,
    ``state_lost`` why they vanish with a container, ``waba_trouble`` why the WABA's numbers could not be read.
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
    """What the operator stated for the door."""

    pin: Optional[str]
    pin_cleared: bool
    backup_password: Optional[str]
    backup_max_age: float
    without_backup: bool
    needs_backup: bool
    allow_unverified: bool
    attempts_limit: int
    attempts_reserve: int
    backup_fits: str = ""  # the digest of a backup that is known to fit the password
    pin_changed_at: Optional[float] = None  # UTC seconds: when somebody made the PIN another one


def cloud_failure(number: Mapping[str, Any]) -> Failure:
    """Say that a number on the Cloud API is not well there: it is never registered again on its own."""
    return Failure(
        "cloud_not_connected",
        "The number is on the Cloud API, but its status is %s" % number.get("status"),
        "A number on the Cloud API is never registered again without a person's decision",
        next_step="look at the number in WhatsApp Manager; ask Meta's support where its status does not explain itself",
    )


def wrong_pin_elsewhere(number: str) -> Failure:
    """Say that a PIN of this run was wrong: one wrong source of PINs takes down every node whose PIN it states."""
    return Failure(
        "wrong_pin_elsewhere",
        "The PIN of another number of this run was wrong",
        "Number %s was refused with 133005, and its node may be down" % number,
        next_step="check where the PINs come from; then clear two-step verification (wa_migrate_clear_two_step: true), "
        "or say that the other PINs are right (wa_migrate_continue_after_wrong_pin: true)",
    )


def attempts_left(observed: ObservedState, desired: DesiredState) -> int:
    """Return how many register requests the budget still allows."""
    return attempt_log.attempts_left(observed.log, observed.now, desired.attempts_limit, desired.attempts_reserve)


def after_wrong_pin(observed: ObservedState, desired: DesiredState) -> Optional[Mapping[str, Any]]:
    """Return the attempt with a wrong PIN that somebody has answered by another PIN, None where there is none."""
    attempt = recovery.refused_pin(observed.log)
    if attempt is None or not recovery.answered(attempt, desired.pin_cleared, desired.pin_changed_at, observed.now):
        return None
    return attempt


def in_recovery(observed: ObservedState, desired: DesiredState) -> bool:
    """Tell whether a number on neither API may be registered: a wrong PIN put it there, and the PIN is another now."""
    down = recovery.took_it_down(observed.log, observed.location.name, observed.node)
    return down and after_wrong_pin(observed, desired) is not None


def location_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Register only on a definite ON_PREMISES, or on a definite NEITHER in recovery; anything else is never guessed.

    A PIN that was refused is not sent a second time, wherever the number is.
    """
    where = observed.location
    if where.name == CLOUD:
        return [cloud_failure(observed.number)]
    found: List[Failure] = []
    why = where.why + (". The node: %s" % observed.node_trouble if observed.node_trouble else "")
    if where.name == NEITHER and not recovery.took_it_down(observed.log, where.name, observed.node):
        last = recovery.latest(observed.log)
        if last is not None and last.get("outcome") == attempt_log.REFUSED:
            why += ". By the attempt log %s" % recovery.reported(last)
        found.append(
            Failure(
                "neither",
                "The number is registered on neither API",
                why,
                next_step="reading and making backups stay safe; %s" % recovery.BY_HAND,
            )
        )
    if where.name not in (ON_PREMISES, NEITHER):
        found.append(_unknown_location(why))
    refused = recovery.refused_pin(observed.log)
    if refused is not None and after_wrong_pin(observed, desired) is None:
        left = attempts_left(observed, desired)
        found.append(recovery.wrong_pin(refused, where.name, left, desired.pin_changed_at, observed.now))
    return found


def _unknown_location(why: str) -> Failure:
    return Failure(
        "unknown_location",
        "Where the number is cannot be said for certain",
        why,
        next_step="mend the side that did not answer, then " + _READ_AGAIN,
    )


def app_failures(observed: ObservedState) -> List[Failure]:
    """Refuse a number that lives in the phone app: platform_type ON_PREMISE alone does not tell it from a node's."""
    if observed.location.name == CLOUD or not on_biz_app(observed.number):
        return []
    return [
        Failure(
            "biz_app",
            "The number lives in the WhatsApp Business app, not on an On-Premises node",
            "Graph says is_on_biz_app true and platform_type %s. Register refuses such a number (100: Register "
            "endpoint is not available for SMB businesses, or Missing Permission), and each try costs one of ten "
            "attempts" % (observed.number.get("platform_type") or "nothing"),
            next_step="connect the number to the business platform in the app (Migrate customers), "
            "or onboard it with Embedded Signup (coexistence). Do not delete the account in the app lightly: in one "
            "report the WABA was lost with it. Where the inventory means another number, correct "
            "wa_migrate_phone_number_id",
        )
    ]


def name_failures(observed: ObservedState) -> List[Failure]:
    """Refuse a display name without a valid certificate: register cannot work with it (page: phone numbers)."""
    status = str(observed.number.get("name_status") or "").upper()
    if observed.location.name == CLOUD or status not in number_rules.NO_CERTIFICATE:
        return []
    return [
        Failure(
            "name_unusable",
            "The display name cannot be registered: its name_status is %s" % status,
            "%s. Register would answer 100 (Cannot Create Certificate), and each try costs one of ten attempts"
            % number_rules.NO_CERTIFICATE[status],
            next_step="request the display name in WhatsApp Manager, Phone numbers, Profile; wait for its approval "
            "(webhook phone_number_name_update), then " + _READ_AGAIN,
        )
    ]


def identity_failures(observed: ObservedState) -> List[Failure]:
    """The node serves the number that the inventory says, and the number belongs to the stated WABA."""
    found: List[Failure] = []
    display = str(observed.number.get("display_phone_number") or "")
    if observed.node is not None:
        wa_id = str(observed.node.get("wa_id") or "")
        if not phone_number.same(wa_id, display):
            found.append(
                Failure(
                    "wrong_node",
                    "The node serves another number",
                    "The node says wa_id %s, Graph says %s for %s"
                    % (wa_id or "nothing", display or "nothing", observed.phone_number_id),
                    next_step="correct wa_migrate_onprem_url or wa_migrate_phone_number_id of this host",
                )
            )
    if observed.waba_trouble:
        found.append(
            Failure(
                "waba_unreadable",
                "Whether the number belongs to the stated WABA could not be read",
                observed.waba_trouble,
                next_step="check wa_migrate_waba_id and the access token's rights on that WABA",
            )
        )
    if observed.belongs_to_waba is False:
        found.append(
            Failure(
                "wrong_waba",
                "The number does not belong to the stated WABA",
                next_step="correct wa_migrate_waba_id or wa_migrate_phone_number_id of this host",
            )
        )
    return found


def verification_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Graph registers a number only when its code verification is VERIFIED (else 133006, and an attempt is gone)."""
    status = observed.number.get("code_verification_status")
    if status in (None, "VERIFIED") or desired.allow_unverified:
        return []
    return [
        Failure(
            "not_verified",
            "The number's code verification is %s" % status,
            "Register would most likely answer 133006 and use up one of ten attempts",
            next_step="verify it in WhatsApp Manager (request_code, verify_code), "
            "or set wa_migrate_allow_unverified: true",
        )
    ]


def log_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """The files are ours, and the budget of register requests is not used up."""
    found = [
        Failure(
            "state_directory",
            "The state directory cannot be used",
            fault,
            next_step="mend it, or choose another wa_migrate_state_dir",
        )
        for fault in observed.file_faults
    ]
    if observed.state_lost is not None:
        found.append(observed.state_lost)
    if attempts_left(observed, desired) <= 0:
        found.append(
            Failure(
                "budget",
                "The budget of register requests is used up",
                "%d in the last 72 hours, limit %d, %d kept in reserve; one too many locks it for 72 hours (133016)"
                % (
                    len(attempt_log.attempts_in_window(observed.log, observed.now)),
                    desired.attempts_limit,
                    desired.attempts_reserve,
                ),
                next_step="find the cause of the failed attempts and wait until the oldest is 72 hours old",
            )
        )
    return found


def backup_failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """A fresh backup of this number, made with this password, unless the operator said without."""
    if desired.without_backup or not desired.needs_backup:
        return []
    if not desired.backup_password:
        return [
            Failure(
                "no_backup_password",
                "No backup password is stated",
                next_step="set wa_migrate_backup_password or WABIZ_BACKUP_PASSWORD (any text; it encrypts the backup)",
            )
        ]
    return backup_rules.faults(
        observed.backup,
        str(observed.number.get("display_phone_number") or ""),
        desired.backup_password,
        observed.now,
        desired.backup_max_age,
        desired.backup_fits,
    )


def failures(observed: ObservedState, desired: DesiredState) -> List[Failure]:
    """Return every reason why no register may be sent now, all at once; an empty list opens the door."""
    pin_failure = pin.judge(desired.pin, desired.pin_cleared)
    return (
        (app_failures(observed) or location_failures(observed, desired))
        + identity_failures(observed)
        + name_failures(observed)
        + verification_failures(observed, desired)
        + ([pin_failure] if pin_failure is not None else [])
        + backup_failures(observed, desired)
        + log_failures(observed, desired)
    )
