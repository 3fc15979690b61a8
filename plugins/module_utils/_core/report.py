# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what is said of each number at the end: one line, and the fleet as a table. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from .._failure import Failure, counted
from . import catalogue, identity

FAILED = "failed"
BLOCKED = "blocked"
UNKNOWN = "unknown"
UNREACHABLE = "unreachable"
MOVED = "moved"
WOULD_MOVE = "would move"
UNCHANGED = "unchanged"
READY = "ready"
CHANGED = "changed"
NOT_STARTED = "not started"
PIN_MISMATCH = 133005
UNKNOWN_PLACE = "UNKNOWN"
# The tasks in their order, and of a task with several steps each of these too.
_PHASES = (
    "preflight",
    "cutover",
    "two_step",
    "subscribe",
    "snapshot",
    "backup",
    "register",
    "verify",
    "health",
    "compare",
)
# The findings on a node's traffic.
_TRAFFIC = tuple(catalogue.CATALOGUE[code].id for code in ("busy", "traffic_unknown"))
# What makes a wave a failed one.
BAD = (FAILED, BLOCKED, UNKNOWN, UNREACHABLE)


class Line(NamedTuple):
    """One number's row: the inventory host, its number, the state word, and what is to be known of it."""

    host: str
    number: str
    state: str
    place: str
    words: str

    @property
    def bad(self) -> bool:
        return self.state in BAD

    @property
    def name(self) -> str:
        """Return what the number is called."""
        return identity.name(self.number, self.host)

    def text(self) -> str:
        """Return the row as one sentence."""
        return "%s: %s%s. %s" % (
            self.name,
            self.state,
            ", on %s" % self.place if self.place else "",
            self.words,
        )


def failed(lines: Sequence[Line], with_unread: bool) -> int:
    """Count the numbers that the brake goes by.

    One that the preflight keeps out was left alone by decision; ``with_unread`` counts it where nobody knows its place.
    """
    return sum(
        1 for line in lines if line.bad and (line.state != BLOCKED or (with_unread and line.place == UNKNOWN_PLACE))
    )


def _got(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = results.get(name)
    return value if isinstance(value, Mapping) and not value.get("skipped") else {}


def with_traffic(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the results of a host with what a later look at its traffic found in the place of the first look's."""
    preflight, later = _got(results, "preflight"), _got(results, "traffic").get("findings")
    if later is None or not isinstance(preflight.get("findings"), list):
        return results
    found = [one for one in preflight["findings"] if one["id"] not in _TRAFFIC]
    return {**results, "preflight": {**preflight, "findings": [*found, *later]}}


def failed_result(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result that failed, which a rescue has kept, or not, as after a connection that broke off."""
    if _got(results, "failure"):
        return _got(results, "failure")
    for name in _PHASES:
        result = _got(results, name)
        if result.get("failed") or result.get("unreachable"):
            return result
    return {}


def line(host: str, results: Mapping[str, Any], moving: bool) -> Line:
    """Judge one host by the results of its phases.

    ``results`` maps preflight, subscribe, snapshot, backup, register, health, compare and failure to task results,
    whichever exist;
    ``moving`` tells whether the cutover was this play's business at all.
    """
    preflight, register, health = (_got(results, name) for name in ("preflight", "register", "health"))
    failure = failed_result(results)
    number = _number(results, preflight)
    place = str(register.get("place") or preflight.get("place") or "")
    if failure:
        if _got(failure, "failure").get("code") == PIN_MISMATCH and not register.get("place"):
            # The node may be down now, so what the preflight read of the place is over.
            place = ""
        return _bad(host, number, place, preflight, failure)
    if preflight.get("blocked"):
        return Line(
            host,
            number,
            BLOCKED,
            place,
            " ".join(catalogue.text(found) for found in catalogue.blockers(tuple(preflight["findings"]))),
        )
    if register and not register.get("waiting"):
        registration = _got(register, "registration")
        if not register.get("changed"):
            changed = any(_got(results, name).get("changed") for name in ("two_step", "subscribe", "backup", "compare"))
            words = _told("It was on the Cloud API already", _got(results, "compare"))
            return Line(host, number, CHANGED if changed else UNCHANGED, place, words)
        if str(registration.get("outcome", "")).startswith("would"):
            return Line(
                host,
                number,
                WOULD_MOVE,
                place,
                "Check mode: nothing was sent. Attempts left: %s" % registration.get("attempts_left"),
            )
        words = "Registered after %s s, health %s, attempts left %s" % (
            registration.get("settled_after"),
            health.get("verdict", "not read"),
            registration.get("attempts_left"),
        )
        past = ["%s (%s, until %s)" % (row["id"], row["who"], row["until"]) for row in registration.get("waived") or []]
        words += "; waived: %s" % ", ".join(past) if past else ""
        return Line(host, number, MOVED, place, _told(words, _got(results, "compare")))
    if not preflight:
        return Line(host, number, NOT_STARTED, place, "Nothing was read")
    if not preflight.get("work"):
        return Line(host, number, UNCHANGED, place, "It is on the Cloud API, and the app is subscribed")
    worth = [found for found in preflight.get("findings") or [] if found["severity"] != catalogue.NOTE]
    words = " ".join(catalogue.text(found) for found in worth) or "Nothing stands in the way"
    return Line(host, number, NOT_STARTED if moving else READY, place, words)


def _told(words: str, compared: Mapping[str, Any]) -> str:
    """Add to ``words`` what the comparison with the snapshot says; a loss goes first, because a table cuts the end."""
    if not compared:
        return words
    findings = tuple(compared.get("differences") or [])
    if compared.get("restored"):
        words += ". Put back into the profile: %s" % ", ".join(compared["restored"])
    if not compared.get("compared"):
        why = [found["seen"] for found in findings if found["id"] == catalogue.CATALOGUE["no_snapshot"].id]
        return "%s. %s" % (words, why[0] if why else "Nothing could be compared")
    lost = catalogue.blockers(findings)
    if lost:
        return "Lost: %s %s" % (" ".join(catalogue.text(found) for found in lost), words)
    warned = [found["id"] for found in findings if found["severity"] == catalogue.WARNING]
    return "%s. Nothing was lost (%s compared%s)" % (
        words,
        counted(compared["compared"], "fact"),
        "; to look at: %s" % ", ".join(sorted(set(warned))) if warned else "",
    )


def _bad(host: str, number: str, place: str, preflight: Mapping[str, Any], failed: Mapping[str, Any]) -> Line:
    structured = _got(failed, "failure")
    code = structured.get("code")
    # The row names the number already, and the message of a task does too.
    said = Failure(**structured).sentence() if structured.get("title") else failed.get("msg")
    words = " ".join(str(said or "no message").split())
    if code == "unsettled":
        return Line(host, number, UNKNOWN, UNKNOWN_PLACE, words)
    if code == "unreachable" or failed.get("unreachable"):
        return Line(host, number, UNREACHABLE, place, words)
    if not preflight or preflight.get("failed"):
        return Line(host, number, BLOCKED, place, words)
    return Line(host, number, FAILED, place, words)


def _number(results: Mapping[str, Any], preflight: Mapping[str, Any]) -> str:
    display = str(_got(preflight, "number").get("display_phone_number") or "")
    return display or str(results.get("phone_number_id") or "no number")


def table(lines: Sequence[Line], width: int = 100) -> List[str]:
    """Return the fleet as lines of text, and a count of each state at the end."""
    heads = ("NUMBER", "HOST", "STATE", "PLACE")
    columns = [
        [head] + [row[index] for row in ((entry.number, entry.host, entry.state, entry.place) for entry in lines)]
        for index, head in enumerate(heads)
    ]
    widths = [max(len(cell) for cell in column) for column in columns]
    rows = ["  ".join(head.ljust(size) for head, size in zip(heads, widths)) + "  WHAT"]
    for entry in lines:
        cells = (entry.number, entry.host, entry.state, entry.place)
        words = entry.words if len(entry.words) <= width else entry.words[: width - 3] + "..."
        rows.append("  ".join(cell.ljust(size) for cell, size in zip(cells, widths)) + "  " + words)
    rows.append(
        "Numbers: %d (%s)" % (len(lines), ", ".join("%d %s" % (count, state) for state, count in counts(lines).items()))
    )
    return rows


def counts(lines: Sequence[Line]) -> Dict[str, int]:
    """Return how many numbers are in each state, in the order of first appearance."""
    found: Dict[str, int] = {}
    for entry in lines:
        found[entry.state] = found.get(entry.state, 0) + 1
    return found


def not_as_approved(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a number is not as an approved plan has it."""
    return any(found["id"] == catalogue.CATALOGUE["plan_changed"].id for found in findings)


def waived(findings: Sequence[Tuple[str, Mapping[str, Any]]]) -> List[str]:
    """Return one sentence for each waiver that is in force, with the numbers that it lets pass.

    ``findings`` holds each finding behind what its number is called.
    """
    numbers: Dict[Tuple[str, str, str, str], List[str]] = {}
    for number, found in findings:
        if found.get("waived"):
            by = found["waived"]
            numbers.setdefault((found["id"], by["who"], by["until"], by["why"]), []).append(number)
    return [
        "Waived: %s until %s by %s (%s), for %d: %s" % (name, until, who, why, len(passed), shortened(passed))
        for (name, who, until, why), passed in sorted(numbers.items())
    ]


def wave_sizes(order: Mapping[str, int]) -> List[int]:
    """Return how many hosts each wave has; ``order`` maps a host to its wave, from 1."""
    sizes = [0] * max(order.values(), default=0)
    for wave in order.values():
        sizes[wave - 1] += 1
    return sizes


def shortened(entries: Sequence[Any], most: int = 10) -> str:
    """Return entries as one phrase that stays short."""
    words = ", ".join(str(entry) for entry in entries[:most])
    return words if len(entries) <= most else "%s and %d more" % (words, len(entries) - most)


def plan_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> List[str]:
    """Return a number's plan as lines of text: where it is, where it would be, and what lies between."""
    lines = ["place: %s -> %s" % (before["place"], after["place"])]
    for name, value in after.items():
        if isinstance(value, list):
            lines += ["%s %d: %s" % (name, at, entry) for at, entry in enumerate(value, 1)] or ["%s: none" % name]
        elif name != "place":
            lines.append("%s: %s" % (name, value))
    return lines
