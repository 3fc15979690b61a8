# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a register request that was refused for a wrong PIN means for the next one. Pure."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

from ..._failure import Failure
from ..._meta_api import PIN_MISMATCH, REFUSALS, VERIFICATION_NEEDED
from ..facts import node as node_rules
from ..facts.location import NEITHER, ON_PREMISES, UNKNOWN
from ..facts.times import instant, utc
from ..findings.finding import BLOCKER, COLLECTION, WARNING, Finding
from . import attempt_log as attempt_log_rules
from .gate_findings import NEITHER_API

# Seconds by which the clocks of a person and of the inventory host may differ.
_AHEAD = 300.0

WRONG_PIN_SEEN = Finding(
    "WM207",
    "wrong_pin",
    BLOCKER,
    "this collection; account migration reference",
    title="The PIN of the last attempt was wrong",
    why="The attempt log has a register request that was refused with 133005. Meta takes the On-Premises node down for "
    "a wrong PIN, so the number may be on neither API now. The same PIN is never sent a second time: somebody has to "
    "state that it has been changed. The finding names the time of the request and the number of attempts left.",
    fix="Turn two-step verification off in WhatsApp Manager, or reset the PIN there, or correct O(pin). Then "
    "set O(pin_changed_at) to the time of that and run again. Or set O(clear_two_step): true, so that "
    "the node clears it; a node that is down may refuse that. Then a number on neither API is registered again with "
    "the stored backup, if the node reports that it does not serve it.",
)
AFTER_WRONG_PIN = Finding(
    "WM208",
    "after_wrong_pin",
    WARNING,
    COLLECTION,
    title="The number is registered again after a wrong PIN",
    why="The attempt log has a register request that was refused with 133005. Somebody has stated that the PIN has "
    "been changed (O(pin_changed_at)), or has it cleared on the node (O(clear_two_step)). All other "
    "conditions of a register call are met.",
    fix="Make sure of the PIN: another wrong one uses up one more attempt.",
)
RECOVERY_BACKUP = Finding(
    "WM209",
    "recovery_backup",
    BLOCKER,
    COLLECTION,
    title="The node makes no backup any more, and the stored one cannot be used",
    why="Only a connected node makes a backup. Without one the number loses its profile, and an Official Business "
    "Account that status. The stored backup is of another number, damaged, made with another password, or older than "
    "O(backup_max_age).",
    fix="Bring the node back, so that it makes a new one. Where nothing has changed on the node since, set "
    "O(backup_max_age) to more than the age of the stored backup. Or set O(without_backup): true, "
    "which loses the profile and an Official Business Account.",
)


# ---------------------------------------------------------------------------------------------------------------------
# What the attempt log says


def latest(log: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Return the last attempt that left, None where none did."""
    for attempt in reversed(log["attempts"]):
        if attempt.get("outcome") != attempt_log_rules.NOT_SENT:
            found: Mapping[str, Any] = attempt
            return found
    return None


def refused_pin(log: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Return the last attempt whose PIN was refused, None where none was since the number was registered.

    Another answer to a later attempt does not tell whether the PIN is right.
    """
    for attempt in reversed(log["attempts"]):
        if attempt.get("outcome") == attempt_log_rules.REGISTERED:
            return None
        if attempt.get("outcome") == attempt_log_rules.REFUSED and attempt.get("code") == PIN_MISMATCH:
            found: Mapping[str, Any] = attempt
            return found
    return None


def took_it_down(log: Mapping[str, Any], location: str, node: Optional[Mapping[str, Any]]) -> bool:
    """Tell whether a wrong PIN is why the number is on neither API.

    It is the last event of the number, and the node reports that it does not serve the number.
    """
    attempt = refused_pin(log)
    down = node is not None and node.get("serving") == node_rules.NOT_SERVING
    return location == NEITHER and down and attempt is not None and attempt is latest(log)


def answered(attempt: Mapping[str, Any], pin_cleared: bool, pin_changed_at: Optional[float], now: float) -> bool:
    """Tell whether the PIN of the next request is another one.

    Either two-step verification was cleared on the node, or the PIN was changed after the attempt. A statement that is
    older than the last wrong PIN does not count again, and neither does one about the future.
    """
    if pin_cleared:
        return True
    refused_at = instant(attempt.get("at"))
    if pin_changed_at is None or refused_at is None:
        return False
    return refused_at < pin_changed_at <= now + _AHEAD


def reported(attempt: Mapping[str, Any]) -> str:
    """Return a refused attempt as a phrase: its time, the answer and its meaning."""
    trace = " (fbtrace_id %s)" % attempt["fbtrace_id"] if attempt.get("fbtrace_id") else ""
    meaning = REFUSALS.get(attempt.get("code") or 0)
    return "the register request of %s was refused with %s%s%s" % (
        attempt.get("at"),
        attempt.get("code"),
        trace,
        ": %s" % meaning if meaning else "",
    )


def moment(value: Any) -> str:
    """Return the time of an option as the attempt log writes it; raises ValueError for anything else."""
    found = None if isinstance(value, (bool, int, float)) else instant(str(value))
    if found is None:
        raise ValueError("expected a time like 2026-11-26T14:03:00Z, in quotes")
    return utc(found)


# ---------------------------------------------------------------------------------------------------------------------
# The findings


def wrong_pin(
    attempt: Mapping[str, Any], location: str, left: int, pin_changed_at: Optional[float], now: float
) -> Failure:
    """Report that the PIN was wrong, and that nobody has stated a new one yet."""
    details = "%s. %s by the attempt log, the reserve not included" % (_capital(reported(attempt)), _attempts(left))
    if pin_changed_at is not None:
        when = "in the future" if pin_changed_at > now + _AHEAD else "not later than that request"
        details += ". O(pin_changed_at) says %s, which is %s" % (utc(pin_changed_at), when)
    first = ""
    if location == UNKNOWN:
        first = "start the node first, so that its health can be read (it need not be connected); then "
    return WRONG_PIN_SEEN.failure(
        "%s. The same PIN is not sent a second time" % details, first + _way(attempt), safe_to_rerun=False
    )


def after_wrong_pin(attempt: Mapping[str, Any], location: str, left: int, pin_cleared: bool) -> Failure:
    """Report that a number is registered again although its last request was refused for a wrong PIN, and why."""
    changed = (
        "Two-step verification is cleared on the node first (O(clear_two_step)); a node that is down may "
        "refuse that, and then the number is not registered"
        if pin_cleared
        else "By O(pin_changed_at) the PIN has been changed since"
    )
    where = "" if location == ON_PREMISES else ". It is on neither API now, and the stored backup goes along"
    return AFTER_WRONG_PIN.failure("%s%s. %s. %s" % (_capital(reported(attempt)), where, changed, _attempts(left)))


def no_backup(faults: Sequence[Failure]) -> Failure:
    """Report that a node that is down has left no usable backup."""
    return RECOVERY_BACKUP.failure("; ".join(": ".join(filter(None, (fault.title, fault.details))) for fault in faults))


def still_on() -> Failure:
    """Report that Graph does not show yet that the node has cleared two-step verification."""
    return Failure(
        "pin_not_cleared",
        "The node has cleared two-step verification, but Graph says that it is still on",
        "The stated PIN would be one more guess, so the number was not registered",
        next_step="run again in some minutes; where Graph still says so, turn two-step verification off in WhatsApp "
        "Manager, and set O(pin_changed_at) to the time of that, without O(clear_two_step)",
    )


def next_step(code: Any, at: str, location: str) -> str:
    """Return the next step after a refusal with ``code`` at ``at``; "" where that of the code is right."""
    if code == PIN_MISMATCH:
        return "do not guess again: %s" % _way({"at": at})
    if code == VERIFICATION_NEEDED and location == NEITHER:
        return NEITHER_API.next_step
    if code == VERIFICATION_NEEDED:
        return (
            "verify the number by a code in WhatsApp Manager (or request_code, verify_code), then run the same command "
            "again; where it is VERIFIED already, the backup was rejected: set O(backup_max_age): 0 for one "
            "run, so that the node makes a new one"
        )
    return ""


def _way(attempt: Mapping[str, Any]) -> str:
    return (
        "turn two-step verification off in WhatsApp Manager, or reset the PIN there, or correct O(pin); set "
        "O(pin_changed_at) to the time of that, which is later than %s, and run again. Or set "
        "O(clear_two_step): true and run again, so that the node clears it; a node that is down may refuse that. If "
        "nobody knows the PIN, the playbook wabiz.migration.recover sets a new one" % attempt.get("at")
    )


def _attempts(left: int) -> str:
    return "%d attempt%s left" % (max(left, 0), "" if left == 1 else "s")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
