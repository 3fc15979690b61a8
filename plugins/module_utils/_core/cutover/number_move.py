# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: Meta's conditions for the move of a number to another WABA, and what the inventory says after it. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure
from ..checks import waba as waba_rules
from ..facts import country_code, phone_number
from ..facts.location import on_biz_app
from ..findings.finding import BLOCKER, NOTE, WARNING, Finding
from . import gate_findings

_GUIDE = "Migrating phone numbers between WABAs"
# What the conditions are judged by, beside what the gate goes by.
FIELDS = ("new_name_status", "is_pin_enabled", "account_mode")
_OF_TARGET = (
    (waba_rules.REVIEW, "APPROVED", "The account review"),
    (waba_rules.VERIFICATION, "VERIFIED", "The verification of the business"),
)
CHANGES = (
    "Its phone number ID changes. It is verified by a code and registered anew there, and serves where it is until "
    "then. Display name, quality, limit and the status of an Official Business Account stay. Only templates that are "
    "APPROVED and GREEN are copied, with the quality UNKNOWN for 24 hours. The app is subscribed for each WABA, and "
    "each has its own payment method. The profile is not copied"
)

ANOTHER_WABA = Finding(
    "WM225",
    "another_waba",
    WARNING,
    _GUIDE,
    title="The number moves to another WABA",
    why=CHANGES + ". A number that was moved can only be registered on the Cloud API.",
    fix="Move one number first (-l canary). The run ends with the new phone number ID and the lines of the inventory "
    "to change. With these the same command goes on in lane code.",
)
MOVE_NAME = Finding(
    "WM226",
    "move_name",
    BLOCKER,
    _GUIDE,
    title="The display name does not allow a move to another WABA",
    why="Meta moves a number only if its name_status is APPROVED and no change of its name is pending.",
    fix="Have the display name approved in WhatsApp Manager, or wait for the review of the new one. Then run again.",
)
MOVE_TWO_STEP = Finding(
    "WM227",
    "move_two_step",
    BLOCKER,
    _GUIDE,
    title="Two-step verification is on, which does not allow a move to another WABA",
    why="Meta moves a number only while its two-step verification is off. No request turns it off.",
    fix="Turn it off in WhatsApp Manager (Phone numbers, Settings, Two-step verification): the owner gets a link by "
    "e-mail. Then run again. The PIN of the inventory becomes the new one when the number is registered.",
)
MOVE_TEST_NUMBER = Finding(
    "WM228",
    "move_test_number",
    BLOCKER,
    _GUIDE,
    title="A test number cannot move to another WABA",
    why="Its account mode is SANDBOX, and Meta moves no number of that kind.",
    fix="Correct O(phone_number_id) of this host in the inventory.",
)
MOVE_TARGET = Finding(
    "WM229",
    "move_target",
    BLOCKER,
    _GUIDE,
    title="The target WABA cannot take the number",
    why="Meta moves a number only to a WABA that is approved, of a business that is verified. The access token must "
    "have access to it.",
    fix="Check O(target_waba_id), and give the token's system user access to that WABA. For a review that is pending "
    "see Account Quality in WhatsApp Manager, for the business the Security Center of Meta Business Suite.",
)
MOVE_UNTOLD = Finding(
    "WM237",
    "move_untold",
    NOTE,
    _GUIDE,
    title="A condition of the move to another WABA cannot be read",
    why="Graph does not tell it with this version or this token. Meta judges it when the number is moved, and refuses "
    "the request with 2388103 if it is not met.",
    fix="Look at it in WhatsApp Manager before the number is moved.",
)
IN_TARGET = Finding(
    "WM238",
    "in_target_waba",
    WARNING,
    _GUIDE,
    title="The number is in the target WABA already, and the inventory has its old phone number ID",
    why="Nothing is asked for any more. It is verified and registered with its new phone number ID.",
    fix="Change the lines of the inventory that the finding names, then run the same command again.",
)


class Target(NamedTuple):
    """What was read of the target WABA: its fields and those that this version does not know, or why nothing was."""

    waba: Optional[Mapping[str, Any]]
    unknown: Tuple[str, ...] = ()
    trouble: str = ""


def find(rows: Sequence[Mapping[str, Any]], number: str) -> str:
    """Return the ID that a number has in the list of a WABA, "" where it is not there."""
    return next(
        (str(row.get("id")) for row in rows if phone_number.same(str(row.get("display_phone_number") or ""), number)),
        "",
    )


def body(number: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the body of the request for a number.

    The Graph API reference of phone_numbers wants the number without its country code and plus sign. Meta's OpenAPI
    description requires the display name.
    """
    code, rest = country_code.split(str(number.get("display_phone_number") or ""))
    found: Dict[str, Any] = {"cc": code, "phone_number": rest, "migrate_phone_number": True}
    name = str(number.get("verified_name") or "")
    return {**found, "verified_name": name} if name else found


class Judged(NamedTuple):
    """The conditions that are not met, and what there is to say beside: what Graph does not tell is no condition."""

    refusing: List[Failure]
    notes: List[Failure]


def judge(number: Mapping[str, Any], target: Target) -> Judged:
    """Judge a number and its target WABA by Meta's conditions, all at once."""
    refusing: List[Failure] = []
    untold: List[str] = []
    if on_biz_app(number):
        refusing.append(gate_findings.BIZ_APP.failure("Graph says is_on_biz_app true"))
    status, new, mode = (_text(number, name) for name in ("name_status", "new_name_status", "account_mode"))
    if status not in ("", "APPROVED"):
        refusing.append(MOVE_NAME.failure("Its name_status is %s" % status))
    elif new == "PENDING_REVIEW":
        refusing.append(MOVE_NAME.failure("A change of its name is pending (new_name_status %s)" % new))
    if number.get("is_pin_enabled") is True:
        refusing.append(MOVE_TWO_STEP.failure("Graph says is_pin_enabled true"))
    if mode == "SANDBOX":
        refusing.append(MOVE_TEST_NUMBER.failure("Its account_mode is %s" % mode))
    untold += [name for name in ("name_status", *FIELDS) if number.get(name) in (None, "")]
    notes = []
    if target.waba is None:
        refusing.append(MOVE_TARGET.failure(target.trouble))
    else:
        name = waba_rules.name_of(target.waba)
        for field, good, what in _OF_TARGET:
            value = _text(target.waba, field)
            if value not in ("", good):
                refusing.append(MOVE_TARGET.failure("%s of WABA %s is %s" % (what, name, value)))
            untold += [] if value else ["%s of WABA %s" % (field, name)]
        notes += waba_rules.payment(target.waba, name, target.unknown)
    if untold:
        notes.append(MOVE_UNTOLD.failure("Not told: %s" % ", ".join(untold)))
    return Judged(refusing, notes)


def _text(facts: Mapping[str, Any], name: str) -> str:
    return str(facts.get(name) or "").upper()


def inventory(new_phone_number_id: str, target_waba_id: str) -> List[str]:
    """Return the lines of the inventory that change once the number has a new ID."""
    return [
        'O(phone_number_id): "%s"' % new_phone_number_id,
        'O(waba_id): "%s"' % target_waba_id,
        "O(lane): code",
    ]


def there(new_phone_number_id: str, target_waba_id: str) -> Failure:
    """Report that the number has its new ID, with the lines to change."""
    lines = ", ".join(inventory(new_phone_number_id, target_waba_id))
    seen = "It is in WABA %s with the phone number ID %s. In the inventory: %s, and no O(target_waba_id)"
    return IN_TARGET.failure(seen % (target_waba_id, new_phone_number_id, lines))


def another_waba(number: Mapping[str, Any], waba_id: str, target_waba_id: str) -> Failure:
    """Report what the move changes."""
    shown = number.get("display_phone_number") or "The number"
    return ANOTHER_WABA.failure("%s moves from WABA %s to WABA %s. %s" % (shown, waba_id, target_waba_id, CHANGES))
