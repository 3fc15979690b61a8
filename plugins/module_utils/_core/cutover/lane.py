# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which lane a number takes, with the node's backup or by a one-time code without one, and why. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure, counted
from ..._meta_api import BACKUP_REFUSED, DATABASE_ERROR, FIRST_LOGIN
from ..facts import node as node_rules
from ..facts.location import NEITHER
from ..facts.times import instant, utc
from ..findings.finding import BLOCKER, GUIDE, WARNING, Finding
from . import attempt_log

AUTO = "auto"
BACKUP = "backup"
CODE = "code"
WABA = "waba"  # the number is added to another WABA, and goes on there in lane CODE
LANES = (AUTO, BACKUP, CODE, WABA)
OTHER_WAY = (
    " The other way out is a move to another WABA (O(lane): waba with O(target_waba_id)): the number gets a new phone "
    "number ID there."
)
PROFILE = "profile"
OFFICIAL = "official_business_account"
_LOSSES = {
    PROFILE: "the profile (about, description, address, email, websites, photo)",
    OFFICIAL: "the status of an Official Business Account",
}
# No connection to the node at all. A refused login or a strange certificate says nothing of its backup.
_NO_NODE = ("connect_failed", "connect_timeout", "unknown_host")
# Refusals of a backup by Meta after which no further one is made: the first may have been of an old or altered one.
_REFUSALS = 2

NO_BACKUP = Finding(
    "WM220",
    "no_backup_possible",
    BLOCKER,
    GUIDE + ", Official Business Accounts",
    title="No backup of the number can be had",
    why="A number without a backup moves by a one-time code, and loses its profile; an Official Business Account also "
    "loses that status. Nobody decides that but a person who is responsible for the number.",
    fix="Bring the node back, so that it makes a backup. Or set O(accept_loss) to the losses that the finding names: "
    "then the number is verified by a code and registered without a backup. Try one number first (-l canary)."
    + OTHER_WAY,
)
CODE_LANE = Finding(
    "WM221",
    "code_lane",
    WARNING,
    GUIDE + "; Business phone numbers: registration",
    title="The number moves by a one-time code, without a backup",
    why="The number is verified by a code (request_code, verify_code) and registered without a backup. It loses its "
    "profile, and an Official Business Account that status. No public source says whether a number of an On-Premises "
    "node that is gone can be registered in this way within its own WABA.",
    fix="Move one number first (-l canary), and look at it before the others follow. Somebody has to be able to read "
    "the message, or to answer the call, on this number. A snapshot of the profile is restored in the same run; where "
    "there is none, O(profile) states what the profile shall be. If Meta refuses, the other way out is O(lane): waba.",
)


def without_node(name: Any) -> bool:
    """Tell whether a lane asks nothing of the node."""
    return name in (CODE, WABA)


class Lane(NamedTuple):
    """The lane of a number, and the reason as a phrase.

    ``missing`` are the losses that nobody has accepted: without any of them the number takes the lane ``name``.
    """

    name: str
    why: str
    missing: Tuple[str, ...] = ()


def losses(number: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return what a number stands to lose without a backup."""
    official = number.get("is_official_business_account") is True
    return (PROFILE, OFFICIAL) if official else (PROFILE,)


def choose(
    wanted: str,
    accepted: Sequence[str],
    number: Mapping[str, Any],
    reason: str,
    has_backup: bool,
) -> Lane:
    """Return the lane of a number that is not on the Cloud API.

    ``wanted`` is AUTO, BACKUP or CODE, ``reason`` why its node can make no backup ("" where it may), ``has_backup``
    tells that a usable one is stored. AUTO leaves the backup only where none can be had, and only for losses that were
    ``accepted``.
    """
    if wanted == BACKUP:
        return Lane(BACKUP, "O(lane) says so")
    if wanted == AUTO and not reason:
        return Lane(BACKUP, "the node may still make a backup")
    if wanted == AUTO and has_backup:
        return Lane(BACKUP, "a usable backup is stored, although %s" % reason)
    missing = tuple(loss for loss in losses(number) if loss not in accepted)
    why = reason if wanted == AUTO else "O(lane) says so"
    return Lane(BACKUP if missing and wanted == AUTO else CODE, why, missing)


def no_backup(
    location: str,
    node: Optional[Mapping[str, Any]],
    failure: Optional[Failure],
    log: Mapping[str, Any],
    now: float,
) -> str:
    """Return why no backup can be had from the node, "" where one may.

    ``failure`` is why the node could not be read. Doubt counts for the backup: a node that is disconnected, or does not
    let the user in, may be brought back.
    """
    if failure is not None:
        if failure.code in _NO_NODE:
            return "no node answers (%s)" % failure.title
        if failure.code == FIRST_LOGIN:
            return "the node has a new database (it asks for a first login), and a number cannot be registered on it"
        if failure.code == DATABASE_ERROR:
            return "the database of the node is lost (%s)" % failure.title
        return "the client of the node has expired" if "has expired" in failure.title else ""
    refused = [one for one in log["attempts"] if one.get("code") in BACKUP_REFUSED]
    if len(refused) >= _REFUSALS and refused[-1].get("outcome") == attempt_log.REFUSED:
        times = counted(len(refused), "backup")
        return "Meta has refused %s of the number (%s)" % (times, refused[-1]["code"])
    if node is None or node.get("serving") != node_rules.NOT_SERVING:
        return ""
    if node.get("registered") is False:
        return "the node has no registered number, and none can be registered on it any more"
    expires = instant(node.get("expires_at"))
    if expires is not None and expires <= now:
        return "the client of the node has expired on %s" % utc(expires)
    return "the number is on neither API" if location == NEITHER else ""


def findings(lane: Lane, number: Mapping[str, Any]) -> List[Failure]:
    """Return what a preflight says of the lane; nothing where the number takes the one with a backup."""
    if lane.missing:
        wanted = "O(accept_loss): [%s]" % ", ".join(losses(number))
        return [NO_BACKUP.failure("%s. It would lose %s. Set %s" % (_why(lane), lost(lane.missing), wanted))]
    if lane.name != CODE:
        return []
    return [
        CODE_LANE.failure(
            "%s. It loses %s. No public source says whether a number of a node that is gone can be registered by a "
            "code within its own WABA" % (_why(lane), lost(losses(number)))
        )
    ]


def lost(names: Sequence[str]) -> str:
    """Return losses as a phrase."""
    return " and ".join(_LOSSES[name] for name in names)


def _why(lane: Lane) -> str:
    return lane.why[:1].upper() + lane.why[1:]
