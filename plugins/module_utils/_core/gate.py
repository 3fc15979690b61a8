# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what must hold right before the one-way door; the same code decides in preflight and at the door. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

from .._failure import Failure
from . import backup as backup_rule
from . import identity, pin, record, recovery
from .place import CLOUD, NEITHER, ON_PREMISES, Place, on_biz_app

# What the workers of a run tell each other of a PIN that was wrong.
WRONG_PIN = "wrong pin"
_READ_AGAIN = "run preflight again; it changes nothing"
# Why a display name of this status has no certificate to register with.
NO_CERTIFICATE = {"EXPIRED": "The certificate of the name has expired", "NONE": "The name has no certificate"}


@dataclass(frozen=True)
class Sight:
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
    place: Place
    belongs_to_waba: Optional[bool]
    record: Mapping[str, Any]
    backup: Optional[Mapping[str, Any]]
    now: float
    file_faults: Tuple[str, ...] = ()
    state_lost: Optional[Failure] = None
    waba_trouble: str = ""
    node_failure: Optional[Failure] = None

    @property
    def label(self) -> str:
        """Return the number as errors name it."""
        return identity.digits(str(self.number.get("display_phone_number") or "")) or self.phone_number_id


@dataclass(frozen=True)
class Wish:
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


def attempts_left(sight: Sight, wish: Wish) -> int:
    """Return how many register requests the budget still allows."""
    return record.attempts_left(sight.record, sight.now, wish.attempts_limit, wish.attempts_reserve)


def after_wrong_pin(sight: Sight, wish: Wish) -> Optional[Mapping[str, Any]]:
    """Return the attempt with a wrong PIN that somebody has answered by another PIN, None where there is none."""
    attempt = recovery.refused_pin(sight.record)
    if attempt is None or not recovery.answered(attempt, wish.pin_cleared, wish.pin_changed_at, sight.now):
        return None
    return attempt


def in_recovery(sight: Sight, wish: Wish) -> bool:
    """Tell whether a number on neither API may be registered: a wrong PIN put it there, and the PIN is another now."""
    down = recovery.took_it_down(sight.record, sight.place.name, sight.node)
    return down and after_wrong_pin(sight, wish) is not None


def place_failures(sight: Sight, wish: Wish) -> List[Failure]:
    """Register only on a definite ON_PREMISES, or on a definite NEITHER in recovery; anything else is never guessed.

    A PIN that was refused is not sent a second time, wherever the number is.
    """
    where = sight.place
    if where.name == CLOUD:
        return [cloud_failure(sight.number)]
    found: List[Failure] = []
    why = where.why + (". The node: %s" % sight.node_trouble if sight.node_trouble else "")
    if where.name == NEITHER and not recovery.took_it_down(sight.record, where.name, sight.node):
        last = recovery.latest(sight.record)
        if last is not None and last.get("outcome") == record.REFUSED:
            why += ". By the attempt log %s" % recovery.told(last)
        found.append(
            Failure(
                "neither",
                "The number is registered on neither API",
                why,
                next_step="reading and making backups stay safe; %s" % recovery.BY_HAND,
            )
        )
    if where.name not in (ON_PREMISES, NEITHER):
        found.append(_unknown_place(why))
    refused = recovery.refused_pin(sight.record)
    if refused is not None and after_wrong_pin(sight, wish) is None:
        left = attempts_left(sight, wish)
        found.append(recovery.wrong_pin(refused, where.name, left, wish.pin_changed_at, sight.now))
    return found


def _unknown_place(why: str) -> Failure:
    return Failure(
        "unknown_place",
        "Where the number is cannot be said for certain",
        why,
        next_step="mend the side that did not answer, then " + _READ_AGAIN,
    )


def app_failures(sight: Sight) -> List[Failure]:
    """Refuse a number that lives in the phone app: platform_type ON_PREMISE alone does not tell it from a node's."""
    if sight.place.name == CLOUD or not on_biz_app(sight.number):
        return []
    return [
        Failure(
            "biz_app",
            "The number lives in the WhatsApp Business app, not on an On-Premises node",
            "Graph says is_on_biz_app true and platform_type %s. Register refuses such a number (100: Register "
            "endpoint is not available for SMB businesses, or Missing Permission), and each try costs one of ten "
            "attempts" % (sight.number.get("platform_type") or "nothing"),
            next_step="connect the number to the business platform in the app (Migrate customers), "
            "or onboard it with Embedded Signup (coexistence). Do not delete the account in the app lightly: in one "
            "report the WABA was lost with it. Where the inventory means another number, correct "
            "wa_migrate_phone_number_id",
        )
    ]


def name_failures(sight: Sight) -> List[Failure]:
    """Refuse a display name without a valid certificate: register cannot work with it (page: phone numbers)."""
    status = str(sight.number.get("name_status") or "").upper()
    if sight.place.name == CLOUD or status not in NO_CERTIFICATE:
        return []
    return [
        Failure(
            "name_unusable",
            "The display name cannot be registered: its name_status is %s" % status,
            "%s. Register would answer 100 (Cannot Create Certificate), and each try costs one of ten attempts"
            % NO_CERTIFICATE[status],
            next_step="request the display name in WhatsApp Manager, Phone numbers, Profile; wait for its approval "
            "(webhook phone_number_name_update), then " + _READ_AGAIN,
        )
    ]


def identity_failures(sight: Sight) -> List[Failure]:
    """The node serves the number that the inventory says, and the number belongs to the stated WABA."""
    found: List[Failure] = []
    display = str(sight.number.get("display_phone_number") or "")
    if sight.node is not None:
        wa_id = str(sight.node.get("wa_id") or "")
        if not identity.same(wa_id, display):
            found.append(
                Failure(
                    "wrong_node",
                    "The node serves another number",
                    "The node says wa_id %s, Graph says %s for %s"
                    % (wa_id or "nothing", display or "nothing", sight.phone_number_id),
                    next_step="correct wa_migrate_onprem_url or wa_migrate_phone_number_id of this host",
                )
            )
    if sight.waba_trouble:
        found.append(
            Failure(
                "waba_unreadable",
                "Whether the number belongs to the stated WABA could not be read",
                sight.waba_trouble,
                next_step="check wa_migrate_waba_id and the access token's rights on that WABA",
            )
        )
    if sight.belongs_to_waba is False:
        found.append(
            Failure(
                "wrong_waba",
                "The number does not belong to the stated WABA",
                next_step="correct wa_migrate_waba_id or wa_migrate_phone_number_id of this host",
            )
        )
    return found


def verification_failures(sight: Sight, wish: Wish) -> List[Failure]:
    """Graph registers a number only when its code verification is VERIFIED (else 133006, and an attempt is gone)."""
    status = sight.number.get("code_verification_status")
    if status in (None, "VERIFIED") or wish.allow_unverified:
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


def record_failures(sight: Sight, wish: Wish) -> List[Failure]:
    """The files are ours, and the budget of register requests is not used up."""
    found = [
        Failure(
            "state_directory",
            "The state directory cannot be used",
            fault,
            next_step="mend it, or choose another wa_migrate_state_dir",
        )
        for fault in sight.file_faults
    ]
    if sight.state_lost is not None:
        found.append(sight.state_lost)
    if attempts_left(sight, wish) <= 0:
        found.append(
            Failure(
                "budget",
                "The budget of register requests is used up",
                "%d in the last 72 hours, limit %d, %d kept in reserve; one too many locks it for 72 hours (133016)"
                % (len(record.attempts_in_window(sight.record, sight.now)), wish.attempts_limit, wish.attempts_reserve),
                next_step="find the cause of the failed attempts and wait until the oldest is 72 hours old",
            )
        )
    return found


def backup_failures(sight: Sight, wish: Wish) -> List[Failure]:
    """A fresh backup of this number, made with this password, unless the operator said without."""
    if wish.without_backup or not wish.needs_backup:
        return []
    if not wish.backup_password:
        return [
            Failure(
                "no_backup_password",
                "No backup password is stated",
                next_step="set wa_migrate_backup_password or WABIZ_BACKUP_PASSWORD (any text; it encrypts the backup)",
            )
        ]
    return backup_rule.faults(
        sight.backup,
        str(sight.number.get("display_phone_number") or ""),
        wish.backup_password,
        sight.now,
        wish.backup_max_age,
        wish.backup_fits,
    )


def failures(sight: Sight, wish: Wish) -> List[Failure]:
    """Return every reason why no register may be sent now, all at once; an empty list opens the door."""
    pin_failure = pin.judge(wish.pin, wish.pin_cleared)
    return (
        (app_failures(sight) or place_failures(sight, wish))
        + identity_failures(sight)
        + name_failures(sight)
        + verification_failures(sight, wish)
        + ([pin_failure] if pin_failure is not None else [])
        + backup_failures(sight, wish)
        + record_failures(sight, wish)
    )
