# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what is said of each number at the end: one line, and the fleet as a table. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ..._failure import Failure, counted
from ..approval import plan
from ..approval.waiver import Waiver
from ..facts import phone_number
from ..facts import sent as sent_rules
from ..facts.location import CLOUD
from ..findings import catalogue

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
PIN_MISMATCH = 133005
UNKNOWN_LOCATION = "UNKNOWN"
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
# What says of a number on the Cloud API why nothing of it was looked at.
_LEFT_ALONE = catalogue.CATALOGUE["coexistence"].id
# What makes a wave a failed one.
BAD = (FAILED, BLOCKED, UNKNOWN, UNREACHABLE, WOULD_BE_REFUSED)
# The same in the order in which somebody has to look, and how many characters the names of their hosts may take.
_ATTENTION = (UNKNOWN, FAILED, UNREACHABLE, BLOCKED, WOULD_BE_REFUSED)
_ROOM = 2000
# What does not come along with a number, by the code of the finding that tells it.
_LOSSES = (
    ("without_backup", "profile and Official Business Account status, for want of a backup"),
    ("stickerpacks", "stickerpacks"),
    ("node_webhooks", "callbacks of the node"),
)


class Line(NamedTuple):
    """One number's row: the inventory host, its number, the state word, and what is to be known of it."""

    host: str
    number: str
    state: str
    location: str
    wording: str

    @property
    def bad(self) -> bool:
        return self.state in BAD

    @property
    def name(self) -> str:
        """Return what the number is called."""
        return phone_number.name(self.number, self.host)

    def text(self) -> str:
        """Return the row as one sentence."""
        return "%s: %s%s. %s" % (
            self.name,
            self.state,
            ", on %s" % self.location if self.location else "",
            self.wording,
        )


def failed(lines: Sequence[Line], with_unread: bool) -> int:
    """Count the numbers that the brake goes by.

    One that the preflight keeps out was left alone by decision; ``with_unread`` counts it where nobody knows its place.
    """
    return sum(
        1
        for line in lines
        if line.bad and (line.state != BLOCKED or (with_unread and line.location == UNKNOWN_LOCATION))
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


def line(host: str, results: Mapping[str, Any], moving: bool, check_mode: bool = False) -> Line:
    """Judge one host by the results of its phases.

    ``results`` maps preflight, subscribe, snapshot, backup, register, health, compare and failure to task results,
    whichever exist;
    ``moving`` tells whether the cutover was this play's business at all, ``check_mode`` that nothing was done.
    """
    preflight, register, health = (_got(results, name) for name in ("preflight", "register", "health"))
    failure = failed_result(results)
    number = _number(results, preflight)
    location = str(register.get("location") or preflight.get("location") or "")
    if results.get("inputs"):
        return Line(host, number, BLOCKED, location, "Correct the inputs: %s" % "; ".join(results["inputs"]))
    if failure:
        if _got(failure, "failure").get("code") == PIN_MISMATCH and not register.get("location"):
            # The node may be down now, so what the preflight read of the place is over.
            location = ""
        return _bad(host, number, location, preflight, failure)
    if preflight.get("blocked"):
        return Line(
            host,
            number,
            BLOCKED,
            location,
            " ".join(catalogue.text(found) for found in catalogue.blockers(tuple(preflight["findings"]))),
        )
    if register and not register.get("waiting"):
        registration = _got(register, "registration")
        if registration.get("confirmed"):
            wording = "Registered by an earlier run, confirmed by this one, health %s" % health.get(
                "verdict", "not read"
            )
            return Line(host, number, MOVED, location, _reported(wording, _got(results, "compare"), check_mode))
        if not register.get("changed"):
            changed = any(_got(results, name).get("changed") for name in ("two_step", "subscribe", "backup", "compare"))
            wording = _reported("It was on the Cloud API already", _got(results, "compare"), check_mode)
            return Line(host, number, CHANGED if changed else UNCHANGED, location, wording)
        if str(registration.get("outcome", "")).startswith("would"):
            return Line(
                host,
                number,
                WOULD_MOVE,
                location,
                "Check mode. Attempts left: %s" % registration.get("attempts_left"),
            )
        wording = "Registered after %s s, health %s, attempts left %s" % (
            registration.get("confirmed_after"),
            health.get("verdict", "not read"),
            registration.get("attempts_left"),
        )
        past = ["%s (%s, until %s)" % (row["id"], row["who"], row["until"]) for row in registration.get("waived") or []]
        wording += "; waived: %s" % ", ".join(past) if past else ""
        return Line(host, number, MOVED, location, _reported(wording, _got(results, "compare"), check_mode))
    if not preflight:
        return Line(host, number, NOT_STARTED, location, "Nothing was read")
    if not preflight.get("work"):
        alone = [catalogue.text(found) for found in preflight.get("findings") or [] if found["id"] == _LEFT_ALONE]
        wording = alone[0] if alone else "It is on the Cloud API, and the app is subscribed"
        if preflight.get("unverified", False) is None:
            wording += ". Whether it was compared after its move cannot be told: its host does not answer"
        return Line(host, number, UNCHANGED, location, wording)
    worth = [found for found in preflight.get("findings") or [] if found["severity"] != catalogue.NOTE]
    wording = " ".join(catalogue.text(found) for found in worth) or "Nothing stands in the way"
    if preflight.get("unverified"):
        wording = "An earlier run registered it and did not compare it; migrate does that. " + wording
    return Line(host, number, NOT_STARTED if moving else READY, location, wording)


def _reported(wording: str, compared: Mapping[str, Any], check_mode: bool) -> str:
    """Add to ``words`` what the comparison with the snapshot says; a loss goes first, because a table cuts the end."""
    if not compared:
        return wording
    findings = tuple(compared.get("differences") or [])
    if compared.get("restored"):
        done = "Would be put back" if check_mode else "Put back"
        wording += ". %s into the profile: %s" % (done, ", ".join(compared["restored"]))
    if not compared.get("compared"):
        why = [found["seen"] for found in findings if found["id"] == catalogue.CATALOGUE["no_snapshot"].id]
        return "%s. %s" % (wording, why[0] if why else "Nothing could be compared")
    lost = catalogue.blockers(findings)
    if lost:
        return "Lost: %s %s" % (" ".join(catalogue.text(found) for found in lost), wording)
    warned = [found["id"] for found in findings if found["severity"] == catalogue.WARNING]
    return "%s. Nothing was lost (%s compared%s)" % (
        wording,
        counted(compared["compared"], "fact"),
        "; to look at: %s" % ", ".join(sorted(set(warned))) if warned else "",
    )


def _bad(host: str, number: str, location: str, preflight: Mapping[str, Any], failed: Mapping[str, Any]) -> Line:
    structured = _got(failed, "failure")
    code = structured.get("code")
    # The row names the number already, and the message of a task does too.
    message = failed.get("msg")
    if structured.get("title"):
        message = Failure(**structured).sentence(sent=sent_rules.of(str(message or "")))
    wording = " ".join(str(message or "no message").split())
    if code == "unconfirmed":
        return Line(host, number, UNKNOWN, UNKNOWN_LOCATION, wording)
    if code == "unreachable" or failed.get("unreachable"):
        return Line(host, number, UNREACHABLE, location, wording)
    if not preflight or preflight.get("failed"):
        return Line(host, number, BLOCKED, location, wording)
    if failed.get("would_be_refused"):
        return Line(host, number, WOULD_BE_REFUSED, location, wording)
    return Line(host, number, FAILED, location, wording)


def _number(results: Mapping[str, Any], preflight: Mapping[str, Any]) -> str:
    display = str(_got(preflight, "number").get("display_phone_number") or "")
    return display or str(results.get("phone_number_id") or "no number")


def table(lines: Sequence[Line], width: int = 100) -> List[str]:
    """Return the fleet as lines of text, and a count of each state at the end."""
    heads = ("NUMBER", "HOST", "STATE", "PLACE")
    columns = [
        [head] + [row[index] for row in ((entry.number, entry.host, entry.state, entry.location) for entry in lines)]
        for index, head in enumerate(heads)
    ]
    widths = [max(len(cell) for cell in column) for column in columns]
    rows = ["  ".join(head.ljust(size) for head, size in zip(heads, widths)) + "  WHAT"]
    for entry in lines:
        cells = (entry.number, entry.host, entry.state, entry.location)
        rows.append("  ".join(cell.ljust(size) for cell, size in zip(cells, widths)) + "  " + _cut(entry, width))
    rows.append(
        "Numbers: %d (%s)" % (len(lines), ", ".join("%d %s" % (count, state) for state, count in counts(lines).items()))
    )
    return rows


def _cut(entry: Line, width: int) -> str:
    """Return the words of a row as a table has room for them; what was sent is not cut away from a failure."""
    if len(entry.wording) <= width:
        return entry.wording
    wording = entry.wording[: width - 3] + "..."
    reported = sent_of(entry) if entry.bad else ""
    return wording if not reported or reported in wording else "%s %s" % (wording, reported)


def sent_of(entry: Line) -> str:
    """Return what a row says about what was sent, "" where it says nothing."""
    return sent_rules.of(entry.wording)


def counts(lines: Sequence[Line]) -> Dict[str, int]:
    """Return how many numbers are in each state, in the order of first appearance."""
    found: Dict[str, int] = {}
    for entry in lines:
        found[entry.state] = found.get(entry.state, 0) + 1
    return found


def artifact(lines: Sequence[Line], moves: bool, stopped: str) -> Dict[str, Any]:
    """Return what a job hands on about its fleet: how many numbers are in which state, and who wants a look.

    It stays small, whatever the fleet. ``moves`` says that the job was to move the numbers: what is only ready then was
    not started. ``stopped`` is why no further number moves.
    """
    states: Dict[str, int] = {}
    attention: Dict[str, List[str]] = {}
    for line in lines:
        state = NOT_STARTED if moves and line.state == READY else line.state
        states[state] = states.get(state, 0) + 1
    room, left_out = _ROOM, 0
    for state in _ATTENTION:
        for line in lines:
            if line.state == state:
                room -= len(line.host) + 4
                if room < 0:
                    left_out += 1
                else:
                    attention.setdefault(state, []).append(line.host)
    return {
        "phase": "migrate" if moves else "preflight",
        "numbers": len(lines),
        "states": states,
        "attention": attention,
        "attention_left_out": left_out,
        "stopped": stopped if len(stopped) <= 500 else stopped[:497] + "...",
    }


def summary(preflights: Sequence[Mapping[str, Any]]) -> List[str]:
    """Return the plan of the numbers that would move as a few lines, however many there are."""
    plans = [found["plan"] for found in preflights]
    sent = plan.kinds([one["requests"] for one in plans])
    rows = ["Requests that change something: %s" % (", ".join("%d %s" % pair[::-1] for pair in sent.items()) or "none")]
    there = sum(1 for found in preflights if found.get("location") == CLOUD)
    rows += ["On the Cloud API already, to be finished: %s" % counted(there, "number")] if there else []
    left = sorted(one["attempts_left"] for one in plans if one.get("attempts_left") is not None)
    if left:
        span = "%d" % left[0] if left[0] == left[-1] else "%d to %d" % (left[0], left[-1])
        rows.append("Register requests left for each, by the collection's own count: %s" % span)
    reported = _reported_of(preflights)
    losses = [(reported.get(catalogue.CATALOGUE[code].id, 0), wording) for code, wording in _LOSSES]
    lost = ["%s (%s)" % (wording, counted(count, "number")) for count, wording in losses if count]
    rows.append("Ends with the move, beside the messages of the downtime: %s" % ("; ".join(lost) or "nothing seen"))
    warned = {found["id"] for one in preflights for found in one["findings"] if found["severity"] == catalogue.WARNING}
    if warned:
        rows.append(
            "Warnings: %s" % ", ".join("%s (%s)" % (name, counted(reported[name], "number")) for name in sorted(warned))
        )
    return rows


def _reported_of(preflights: Sequence[Mapping[str, Any]]) -> Dict[str, int]:
    """Return of how many numbers each finding is told."""
    reported: Dict[str, int] = {}
    for one in preflights:
        for name in {str(found["id"]) for found in one["findings"]}:
            reported[name] = reported.get(name, 0) + 1
    return reported


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


class Known(NamedTuple):
    """What a number of a run is called, its findings, and whether these are all: what could not be read has none."""

    name: str
    findings: Sequence[Mapping[str, Any]]
    whole: bool


def idle_waivers(waivers: Sequence[Waiver], numbers: Mapping[str, Known], now: float) -> List[str]:
    """Return a sentence for each waiver that lets no number pass: those that somebody waits for first.

    ``numbers`` are the phone number IDs of the run. Waivers for other numbers are told in one sentence, because a limit
    leaves numbers out.
    """
    blocking: List[str] = []
    unneeded: List[str] = []
    elsewhere: List[str] = []
    for waiver in waivers:
        label = "%s by %s" % (waiver.id, waiver.who)
        covered = [known for number, known in numbers.items() if waiver.covers(number)]
        rows = [row for known in covered for row in known.findings if row["id"] == waiver.id]
        blocked = [
            known.name
            for known in covered
            if any(row["id"] == waiver.id for row in catalogue.blockers(tuple(known.findings)))
        ]
        why = ""
        if rows:
            why = ": another one is in force"
        elif all(known.whole for known in covered):
            why = ": no number of this run has %s" % waiver.id
        if not covered:
            elsewhere.append("%s until %s" % (label, waiver.until))
        elif waiver.end <= now and blocked:
            still = "%s blocks %d: %s" % (waiver.id, len(blocked), shortened(blocked))
            blocking.append("Waiver ended on %s: %s. %s" % (waiver.until, label, still))
        elif waiver.end <= now:
            unneeded.append("Waiver ended on %s: %s%s" % (waiver.until, label, why))
        elif why and not any(row.get("waived") == waiver.as_dict() for row in rows):
            unneeded.append("Waiver not needed: %s until %s%s" % (label, waiver.until, why))
    if elsewhere:
        elsewhere = ["Waivers whose numbers match no host of this run: %s" % shortened(elsewhere)]
    return [*blocking, *unneeded, *elsewhere]


def wave_sizes(order: Mapping[str, int]) -> List[int]:
    """Return how many hosts each wave has; ``order`` maps a host to its wave, from 1."""
    sizes = [0] * max(order.values(), default=0)
    for wave in order.values():
        sizes[wave - 1] += 1
    return sizes


def shortened(entries: Sequence[Any], most: int = 10) -> str:
    """Return entries as one phrase that stays short."""
    wording = ", ".join(str(entry) for entry in entries[:most])
    return wording if len(entries) <= most else "%s and %d more" % (wording, len(entries) - most)


def plan_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> List[str]:
    """Return a number's plan as lines of text: where it is, where it would be, and what lies between."""
    lines = ["place: %s -> %s" % (before["location"], after["location"])]
    for name, value in after.items():
        if isinstance(value, list):
            lines += ["%s %d: %s" % (name, at, entry) for at, entry in enumerate(value, 1)] or ["%s: none" % name]
        elif name != "location":
            lines.append("%s: %s" % (name, value))
    return lines
