# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the approval of a plan, and whether an approved plan still fits. Pure."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.location import CLOUD
from .approval_findings import PLAN_CHANGED
from .plan import digest, line

# A digest starts with a letter: a survey turns an answer of digits alone into a number.
_NUMBER = re.compile(r"p[0-9a-f]{24}\Z")
_FLEET = re.compile(r"f[0-9a-f]{24}\Z")


class Approval(NamedTuple):
    """What was approved for one number.

    ``fleet`` is a fleet's digest, where only that was given. Otherwise ``digest`` is the number's, empty where the plan
    does not have the number. ``situation`` is known from a plan file only.
    """

    fleet: str
    digest: str
    situation: Optional[Mapping[str, Any]]


def approval(value: Any, phone_number_id: str) -> Optional[Approval]:
    """Return what ``value`` approves for a number, None where nothing is stated.

    ``value`` is a digest of a fleet or of a number, the content of a plan file, or the mapping
    ``{digest, numbers: {phone_number_id: digest}}``. Raises ValueError for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if _FLEET.match(value):
            return Approval(value, "", None)
        if _NUMBER.match(value):
            return Approval("", value, None)
        raise ValueError("it is neither a digest (p... of a number, f... of a fleet) nor a file that can be read here")
    numbers = value.get("numbers") if isinstance(value, Mapping) else None
    if not isinstance(numbers, Mapping):
        raise ValueError("expected a plan file, a digest, or a mapping with digest and numbers")
    if "digest" in value and not _FLEET.match(str(value["digest"])):
        raise ValueError("its digest is not that of a fleet (f...)")
    entry = {str(name): content for name, content in numbers.items()}.get(phone_number_id)
    if entry is None:
        return Approval("", "", None)
    if isinstance(entry, str) and _NUMBER.match(entry):
        return Approval("", entry, None)
    if isinstance(entry, Mapping) and isinstance(entry.get("situation"), Mapping):
        return Approval("", digest(entry["situation"]), entry["situation"])
    raise ValueError("its entry of phone number ID %s is not a digest (p...)" % phone_number_id)


def is_fleet_digest(value: Any) -> bool:
    """Tell whether ``value`` is the digest of a whole fleet."""
    return isinstance(value, str) and bool(_FLEET.match(value))


def is_path(value: Any) -> bool:
    """Tell whether ``value`` can only be meant as the path of a plan file."""
    return isinstance(value, str) and bool(value) and not _FLEET.match(value) and not _NUMBER.match(value)


def needs_approval(location: str, work: bool, requests_to_send: Sequence[Any], blocked: bool) -> bool:
    """Tell whether a number needs an approval: one that is connected on the Cloud API does not."""
    return work and (location != CLOUD or bool(requests_to_send) or blocked)


def changed(approved: Optional[Approval], situations: Sequence[Mapping[str, Any]]) -> Optional[Failure]:
    """Return why the approved plan no longer fits a number, None where it does.

    ``situations`` is the present one, then those that lead to it (:func:`.plan.earlier`). A fleet's digest is not
    judged.
    """
    if approved is None or approved.fleet:
        return None
    if not approved.digest:
        return PLAN_CHANGED.failure("It does not have this number")
    if approved.digest in [digest(facts) for facts in situations]:
        return None
    if approved.situation is not None:
        return PLAN_CHANGED.failure("; ".join(differences(approved.situation, situations[0])))
    seen = "Approved is %s, the number is %s now. With a plan file this message names the differences"
    return PLAN_CHANGED.failure(seen % (approved.digest, digest(situations[0])))


def fleet_changed(approved: str, present: str) -> Failure:
    """Report that a fleet's digest does not fit; it does not tell which number has changed."""
    return PLAN_CHANGED.failure(
        "Approved is %s, the fleet is %s now. A fleet's digest covers exactly the hosts that it was made for, as they "
        "were, and cannot tell which number differs" % (approved, present),
        "give the plan file, or the mapping of digests, as O(plan), so that each number is compared by itself; "
        "or run preflight for the same hosts and have the new plan approved",
    )


_NAMES: Tuple[Tuple[str, str], ...] = (
    ("location", "location"),
    ("number", "phone number"),
    ("waba_id", "WABA"),
    ("verified", "code verification"),
    ("node_url", "address of the node"),
    ("node_wa_id", "number that the node serves"),
    ("override_callback_uri", "callback override"),
    ("purpose", "purpose"),
    ("backup", "backup"),
)


def differences(approved: Mapping[str, Any], present: Mapping[str, Any]) -> List[str]:
    """Return the differences between two situations as phrases."""
    found = [
        "%s: %s in the plan, %s now" % (label, _shown(approved.get(name)), _shown(present.get(name)))
        for name, label in _NAMES
        if approved.get(name) != present.get(name)
    ]
    for name in ("findings", "waivers", "requests"):
        before, after = _entries(approved, name), _entries(present, name)
        new = [_text(entry) for entry in after if entry not in before]
        gone = [_text(entry) for entry in before if entry not in after]
        found += ["%s: new %s" % (name, ", ".join(new))] if new else []
        found += ["%s: gone %s" % (name, ", ".join(gone))] if gone else []
        if before != after and not new and not gone:
            found.append("%s: in another order" % name)
    return found or ["a fact of a kind that this version does not know"]


def _entries(facts: Mapping[str, Any], name: str) -> List[Any]:
    value = facts.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _text(entry: Any) -> str:
    known = isinstance(entry, Mapping) and all(key in entry for key in ("method", "url", "body"))
    return line(entry) if known else str(entry)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "nothing"
