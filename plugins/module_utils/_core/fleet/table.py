# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the state of each number at the end as one row, and how many numbers are in each state. Pure."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure, counted
from ..._meta_api import PIN_MISMATCH
from ..checks import echo, traffic
from ..comparison.difference_findings import NO_SNAPSHOT
from ..cutover.preflight import COEXISTENCE
from ..facts import phone_number
from ..facts import sent as sent_rules
from ..findings import results as findings
from ..findings.finding import NOTE, WARNING
from . import persons
from .action import Action

FAILED = "failed"
BLOCKED = "blocked"
UNKNOWN = "unknown"
UNREACHABLE = "unreachable"
MOVED = "moved"
WOULD_MOVE = "would move"
WOULD_BE_REFUSED = "would be refused"
UNCHANGED = "unchanged"
READY = "ready"
CHANGED = "changed"
NOT_STARTED = "not started"
WAITING = "waiting"
WAITING_FOR_CODE = "waiting for code"
WAITING_FOR_INVENTORY = "waiting for inventory"
FOR_A_PERSON = (WAITING_FOR_CODE, WAITING_FOR_INVENTORY)  # neither a success nor a failure
NO_EVENT = "no event"
UNKNOWN_LOCATION = "UNKNOWN"
NO_NUMBER = "no number"
# The sentences of the rows, which have their parts filled in.
NOTHING_READ = "Nothing was read"
NO_FINDINGS = "No blockers and no warnings"
WRONG_INPUTS = "Correct the inputs: %s"
SUBSCRIBED = "It is on the Cloud API, and the app is subscribed"
COMPARISON_UNKNOWN = "It is unknown whether it was compared after its move: its host does not answer"
NOT_COMPARED = "An earlier run registered it and did not compare it; migrate does that."
ALREADY = "It was on the Cloud API already"
CHECKED = "Check mode. Attempts left: %s"
CONFIRMED = "Registered by an earlier run, confirmed by this one, health %s"
HEALTH_NOT_READ = "not read"
REGISTERED = "Registered after %s s, health %s, attempts left %s"
WAIVED = "; waived: %s"
RESTORED = "Put back into the profile: %s"
WOULD_RESTORE = "Would be put back into the profile: %s"
NOTHING_COMPARED = "Nothing could be compared"
NOTHING_LOST = "Nothing was lost (%s compared%s)"
TO_LOOK_AT = "; to look at: %s"
LOST = "Lost: %s %s"
ECHOED = "%s. An event came in at %s"
# The tasks in their order, and the steps of a task that has several.
_PHASES = (
    "preflight",
    "move",
    "number_move",
    "traffic",
    "subscribe",
    "two_step",
    "snapshot",
    "backup",
    "register",
    "health",
    "compare",
    "echo",
    "soak",
    # Those of the playbooks retire and rollback.
    "read",
    "predicted",
    "last_of_waba",
    "export",
    "notice",
    "asked",
    "deregister",
    "unsubscribe",
    "restore",
    "node",
)
# The findings on a node's traffic.
_TRAFFIC = (traffic.BUSY_NODE.id, traffic.TRAFFIC_UNKNOWN.id)
# The states that make a wave fail.
BAD = (FAILED, BLOCKED, UNKNOWN, UNREACHABLE, WOULD_BE_REFUSED)
# The same in the order of attention, and three that need somebody without a failure.
ATTENTION = (
    *(UNKNOWN, FAILED, UNREACHABLE, BLOCKED, WOULD_BE_REFUSED),
    *(WAITING_FOR_INVENTORY, WAITING_FOR_CODE, NO_EVENT),
)


class Cause(NamedTuple):
    """Why a number needs somebody: what it is called, in short and in full, and the next step, which others share."""

    key: str
    title: str
    text: str
    fix: str


class Row(NamedTuple):
    """One number's row: the inventory host, its number, its state and location, the text about it, and its causes."""

    host: str
    number: str
    state: str
    location: str
    wording: str
    causes: Tuple[Cause, ...] = ()
    action: Optional[Action] = None  # of a playbook other than migrate

    @property
    def told(self) -> bool:
        """Tell whether its causes are told."""
        return self.bad or self.state in (WAITING_FOR_INVENTORY, NO_EVENT)

    @property
    def bad(self) -> bool:
        return self.state in BAD if self.action is None else self.action.needs_you

    @property
    def name(self) -> str:
        """Return the name of the number in messages."""
        return phone_number.name(self.number, self.host)

    def text(self) -> str:
        """Return the row as one sentence."""
        return "%s: %s%s. %s" % (
            self.name,
            self.state,
            ", on %s" % self.location if self.location else "",
            self.wording,
        )


def failed(rows: Sequence[Row], with_unread: bool) -> int:
    """Count the numbers that the failure limit counts.

    A number that the preflight keeps out does not count; with ``with_unread`` it does where its location is unknown.
    """
    return sum(
        1 for row in rows if row.bad and (row.state != BLOCKED or (with_unread and row.location == UNKNOWN_LOCATION))
    )


def got(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what a task has registered, empty where it has not run."""
    value = results.get(name)
    return value if isinstance(value, Mapping) and not value.get("skipped") else {}


def with_traffic(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the results of a host in which a later look at its traffic replaces the findings of the first one."""
    preflight, later = got(results, "preflight"), got(results, "traffic").get("findings")
    if later is None or not isinstance(preflight.get("findings"), list):
        return results
    found = [one for one in preflight["findings"] if one["id"] not in _TRAFFIC]
    return {**results, "preflight": {**preflight, "findings": [*found, *later]}}


def failed_result(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the failed result: the one that a rescue has kept, otherwise the first of the tasks that failed."""
    if got(results, "failure"):
        return got(results, "failure")
    for name in _PHASES:
        result = got(results, name)
        if result.get("failed") or result.get("unreachable"):
            return result
    return {}


def row_of(host: str, results: Mapping[str, Any], moving: bool, check_mode: bool = False) -> Row:
    """Judge one host by the results of its phases, and by whether a real event of its number has come in."""
    row = _row_of(host, results, moving, check_mode)
    looked = got(results, "echo")
    if row.state not in (MOVED, CHANGED, UNCHANGED):
        return row
    if got(looked, "echo").get("seen"):
        return row._replace(wording=ECHOED % (row.wording.rstrip("."), looked["echo"]["at"]))
    # A number that an earlier run has moved is looked at by the preflight only.
    reported = (looked or got(results, "preflight")).get("findings") or []
    found = next((one for one in reported if one["id"] == echo.NO_EVENT.id), None)
    if found is None:
        return row
    wording = "%s %s" % (findings.text(found), row.wording)
    return row._replace(state=NO_EVENT, wording=wording, causes=(_of_finding(found),))


def _row_of(host: str, results: Mapping[str, Any], moving: bool, check_mode: bool) -> Row:
    """Judge one host by the results of its phases.

    ``results`` maps preflight, subscribe, snapshot, backup, register, health, compare and failure to task results,
    whichever exist; ``moving`` tells whether this play has a cutover, ``check_mode`` that it changes nothing.
    """
    preflight, register, health = (got(results, name) for name in ("preflight", "register", "health"))
    failure = failed_result(results)
    number = _number(results, preflight)
    location = str(register.get("location") or preflight.get("location") or "")
    if results.get("inputs"):
        wording = WRONG_INPUTS % "; ".join(results["inputs"])
        return Row(host, number, BLOCKED, location, wording, (Cause("inputs", "Wrong inputs", wording, wording),))
    if failure:
        if got(failure, "failure").get("code") == PIN_MISMATCH and not register.get("location"):
            # The node may be down now, so the location of the preflight is outdated.
            location = ""
        return failed_row(host, number, location, preflight, failure)
    if preflight.get("blocked"):
        blocking = findings.blockers(tuple(preflight["findings"]))
        wording = " ".join(findings.text(found) for found in blocking)
        return Row(host, number, BLOCKED, location, wording, tuple(map(_of_finding, blocking)))
    moved = got(results, "number_move") or preflight
    if moved.get("waiting_for_inventory"):
        wording = persons.for_inventory(moved)
        cause = Cause("inventory", "Change its lines in the inventory", wording, wording)
        causes = (cause,) if moved.get("new_phone_number_id") else ()
        return Row(host, number, WAITING_FOR_INVENTORY, location, wording, causes)
    if register.get("waiting") or got(results, "move").get("waiting"):
        why = str(register.get("why") or got(results, "move").get("why") or "")
        return Row(host, number, WAITING, location, why)
    if register:
        registration = got(register, "registration")
        if registration.get("confirmed"):
            wording = CONFIRMED % health.get("verdict", HEALTH_NOT_READ)
            return Row(host, number, MOVED, location, _reported(wording, got(results, "compare"), check_mode))
        if not register.get("changed"):
            changed = any(got(results, name).get("changed") for name in ("two_step", "subscribe", "backup", "compare"))
            wording = _reported(ALREADY, got(results, "compare"), check_mode)
            return Row(host, number, CHANGED if changed else UNCHANGED, location, wording)
        if str(registration.get("outcome", "")).startswith("would"):
            return Row(
                host,
                number,
                WOULD_MOVE,
                location,
                CHECKED % registration.get("attempts_left"),
            )
        wording = REGISTERED % (
            registration.get("confirmed_after"),
            health.get("verdict", HEALTH_NOT_READ),
            registration.get("attempts_left"),
        )
        past = ["%s (%s, until %s)" % (one["id"], one["who"], one["until"]) for one in registration.get("waived") or []]
        wording += WAIVED % ", ".join(past) if past else ""
        return Row(host, number, MOVED, location, _reported(wording, got(results, "compare"), check_mode))
    if got(results, "verify").get("waiting_for_code"):
        return Row(host, number, WAITING_FOR_CODE, location, persons.for_code(got(results, "verify"), check_mode))
    if not preflight:
        return Row(host, number, NOT_STARTED, location, NOTHING_READ)
    if not preflight.get("work"):
        alone = [findings.text(found) for found in preflight.get("findings") or [] if found["id"] == COEXISTENCE.id]
        wording = alone[0] if alone else SUBSCRIBED
        if preflight.get("unverified", False) is None:
            wording = "%s. %s" % (wording, COMPARISON_UNKNOWN)
        return Row(host, number, UNCHANGED, location, wording)
    worth = [found for found in preflight.get("findings") or [] if found["severity"] != NOTE]
    wording = " ".join(findings.text(found) for found in worth) or NO_FINDINGS
    if preflight.get("unverified"):
        wording = "%s %s" % (NOT_COMPARED, wording)
    return Row(host, number, NOT_STARTED if moving else READY, location, wording)


def _reported(wording: str, compared: Mapping[str, Any], check_mode: bool) -> str:
    """Add the comparison with the snapshot to ``wording``; a loss goes first, because a table cuts the end."""
    if not compared:
        return wording
    differences = tuple(compared.get("differences") or [])
    if compared.get("restored"):
        done = WOULD_RESTORE if check_mode else RESTORED
        wording = "%s. %s" % (wording, done % ", ".join(compared["restored"]))
    if not compared.get("compared"):
        why = [found["seen"] for found in differences if found["id"] == NO_SNAPSHOT.id]
        return "%s. %s" % (wording, why[0] if why else NOTHING_COMPARED)
    lost = findings.blockers(differences)
    if lost:
        return LOST % (" ".join(findings.text(found) for found in lost), wording)
    warned = [found["id"] for found in differences if found["severity"] == WARNING]
    look_at = TO_LOOK_AT % ", ".join(sorted(set(warned))) if warned else ""
    return "%s. %s" % (wording, NOTHING_LOST % (counted(compared["compared"], "fact"), look_at))


def failed_row(host: str, number: str, location: str, preflight: Mapping[str, Any], failed: Mapping[str, Any]) -> Row:
    """Return the row of a number one of whose tasks has ``failed``."""
    structured = got(failed, "failure")
    code = structured.get("code")
    # The row names the number already, as the message of a task does.
    message = failed.get("msg")
    if structured.get("title"):
        message = Failure(**structured).sentence(sent=sent_rules.of(str(message or "")))
    wording = " ".join(str(message or "no message").split())
    state = FAILED
    if code == "unconfirmed":
        state, location = UNKNOWN, UNKNOWN_LOCATION
    elif code == "unreachable" or failed.get("unreachable"):
        state = UNREACHABLE
    elif not preflight or preflight.get("failed"):
        state = BLOCKED
    elif failed.get("would_be_refused"):
        state = WOULD_BE_REFUSED
    title = str(structured.get("title") or wording)
    key = str(state if code is None else code)
    return Row(
        host,
        number,
        state,
        location,
        wording,
        (Cause(key, title, wording, "%s %s" % (title, structured.get("next_step") or wording)),),
    )


def _of_finding(found: Mapping[str, Any]) -> Cause:
    title = str(found["seen"]).split(". ", maxsplit=1)[0]
    return Cause(str(found["id"]), title, findings.text(found), str(found["fix"]))


def _number(results: Mapping[str, Any], preflight: Mapping[str, Any]) -> str:
    display = str(got(preflight, "number").get("display_phone_number") or "")
    return display or str(results.get("phone_number_id") or NO_NUMBER)


def sent_of(row: Row) -> str:
    """Return the sentence of a row on what was sent, "" where it has none."""
    return sent_rules.of(row.wording)


def counts(rows: Sequence[Row]) -> Dict[str, int]:
    """Return how many numbers are in each state, in the order of first appearance."""
    found: Dict[str, int] = {}
    for row in rows:
        found[row.state] = found.get(row.state, 0) + 1
    return found


def persons_first(rows: Sequence[Row]) -> str:
    """Return that no further wave starts, where numbers wait for a person and none of the run is on the Cloud API yet.

    The first ones show whether numbers can move in their lane at all. "" where further waves may start.
    """
    states = {row.state for row in rows}
    if states & {MOVED, CHANGED, UNCHANGED}:
        return ""
    return persons.stopped_for(WAITING_FOR_CODE in states, WAITING_FOR_INVENTORY in states)
