# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the messaging health verdict of a number or a WABA. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._meta_api import MAINTENANCE

AVAILABLE = "AVAILABLE"
LIMITED = "LIMITED"
BLOCKED = "BLOCKED"
UNKNOWN = "UNKNOWN"
_ORDER = (AVAILABLE, LIMITED, BLOCKED)


@dataclass(frozen=True)
class Verdict:
    """The judgement over all entities, each kept with its errors and additional_info."""

    verdict: str
    entities: Tuple[Mapping[str, Any], ...]
    reasons: Tuple[str, ...]
    stable: bool

    def satisfies(self, require: str) -> bool:
        """Tell whether the verdict is good enough: ``available``, ``limited`` (or better) or ``none``."""
        if require == "none":
            return True
        if self.verdict == UNKNOWN:
            return False
        return _ORDER.index(self.verdict) <= (
            _ORDER.index(AVAILABLE) if require == "available" else _ORDER.index(LIMITED)
        )


def is_sip_noise(error: Mapping[str, Any]) -> bool:
    """Tell whether an error is about calls over SIP (1380xx), which does not concern messages (health page)."""
    return str(error.get("error_code", "")).startswith("1380")


def _items(block: Any, name: str) -> List[Any]:
    """Return the list ``name`` of an answer; anything but a list is empty."""
    found = block.get(name) if isinstance(block, Mapping) else None
    return found if isinstance(found, list) else []


def verdict(health_status: Optional[Mapping[str, Any]], status: Optional[str] = None) -> Verdict:
    """Judge ``health_status`` by every entity's can_send_message, and ``status`` (PENDING means not connected yet).

    The overall can_send_message is not used: Meta's own example shows BLOCKED there while every entity can send.
    Errors and additional_info are kept on any entity, because production answers carry them on LIMITED ones too.
    """
    entities: List[Dict[str, Any]] = []
    reasons: List[str] = []
    worst = UNKNOWN
    stable = str(status) != "PENDING"
    for entry in _items(health_status, "entities"):
        if not isinstance(entry, Mapping):
            continue
        can_send = str(entry.get("can_send_message") or UNKNOWN)
        errors = [
            dict(error) for error in _items(entry, "errors") if isinstance(error, Mapping) and not is_sip_noise(error)
        ]
        infos = [str(info) for info in _items(entry, "additional_info")]
        name = "%s %s" % (entry.get("entity_type", "?"), entry.get("id", "?"))
        entities.append(
            {
                "entity_type": entry.get("entity_type"),
                "id": entry.get("id"),
                "can_send_message": can_send,
                "errors": errors,
                "additional_info": infos,
            }
        )
        for error in errors:
            if str(error.get("error_code")) == str(MAINTENANCE):
                stable = False
            reasons.append("%s: %s %s" % (name, error.get("error_code", "?"), error.get("error_description", "")))
        reasons.extend("%s: %s" % (name, info) for info in infos)
        if can_send not in _ORDER:
            reasons.append("%s: can_send_message %s is not known" % (name, can_send))
            can_send = BLOCKED
        elif can_send != AVAILABLE and not errors and not infos:
            reasons.append("%s: can_send_message %s" % (name, can_send))
        if worst == UNKNOWN or _ORDER.index(can_send) > _ORDER.index(worst):
            worst = can_send
    if not entities:
        reasons.append("the answer names no entity")
    if not stable:
        reasons.append("the number is not connected yet")
    return Verdict(worst, tuple(entities), tuple(reasons), stable)


def limits(health_status: Any, kinds: Sequence[str], expected: Sequence[str] = ()) -> List[str]:
    """Return as phrases what limits the entities of these ``kinds``; one that can send is not limited.

    Errors about calls over SIP and of the codes in ``expected`` do not count; an entity that has only such errors is
    left out, and so is one without can_send_message.
    """
    found: List[str] = []
    for entry in _items(health_status, "entities"):
        if not isinstance(entry, Mapping) or entry.get("entity_type") not in kinds:
            continue
        can_send = str(entry.get("can_send_message") or "")
        if can_send in ("", AVAILABLE):
            continue
        errors = [error for error in _items(entry, "errors") if isinstance(error, Mapping)]
        reported = [
            " ".join(
                str(error[key]) for key in ("error_code", "error_description", "possible_solution") if key in error
            )
            for error in errors
            if not is_sip_noise(error) and str(error.get("error_code")) not in expected
        ]
        reported += [str(info) for info in _items(entry, "additional_info")]
        if reported or not errors:
            name = "%s %s is %s" % (entry.get("entity_type"), entry.get("id", "?"), can_send)
            found.append(": ".join([name, ", ".join(reported)]) if reported else name)
    return found
