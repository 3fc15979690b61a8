# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the summary of a fleet: its plan, its waivers, its waves. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ..._failure import counted
from ..approval import plan
from ..approval.approval_findings import PLAN_CHANGED
from ..approval.waiver import Waiver
from ..checks.deployment import NODE_WEBHOOKS, STICKERPACKS
from ..cutover.lane import CODE_LANE
from ..cutover.number_move import ANOTHER_WABA
from ..cutover.preflight import WITHOUT_BACKUP
from ..facts.location import CLOUD
from ..findings.finding import WARNING
from ..findings.results import blockers, seen
from .overview import shortened

# What a number loses with the move, by the finding that reports it.
_LOSSES = (
    (WITHOUT_BACKUP, "profile and Official Business Account status, without a backup"),
    (CODE_LANE, "profile and Official Business Account status, moved by a code"),
    (ANOTHER_WABA, "profile, and templates that are not APPROVED and GREEN, moved to another WABA"),
    (STICKERPACKS, "stickerpacks"),
    (NODE_WEBHOOKS, "callbacks of the node"),
)


def summary(preflights: Sequence[Mapping[str, Any]]) -> List[str]:
    """Return the plan of the numbers that would move as a few lines, however many numbers there are."""
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
    losses = [(reported.get(kind.id, 0), what) for kind, what in _LOSSES]
    lost = ["%s (%s)" % (what, counted(count, "number")) for count, what in losses if count]
    rows.append("Lost with the move, beside the messages of the downtime: %s" % ("; ".join(lost) or "nothing known"))
    return rows


def warnings(preflights: Sequence[Mapping[str, Any]]) -> List[str]:
    """Return each warning once, with how many numbers have it; details of the first of them stand for the others."""
    hit: Dict[str, List[Mapping[str, Any]]] = {}
    for one in preflights:
        for found in one.get("findings") or []:
            if found["severity"] == WARNING:
                hit.setdefault(str(found["id"]), []).append(found)
    return ["%s (%s)" % (seen(found[0]), counted(len(found), "number")) for _name, found in sorted(hit.items())]


def _reported_of(preflights: Sequence[Mapping[str, Any]]) -> Dict[str, int]:
    """Return how many numbers have each finding."""
    reported: Dict[str, int] = {}
    for one in preflights:
        for name in {str(found["id"]) for found in one["findings"]}:
            reported[name] = reported.get(name, 0) + 1
    return reported


def not_as_approved(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the approved plan no longer fits a number."""
    return any(found["id"] == PLAN_CHANGED.id for found in findings)


def waived(findings: Sequence[Tuple[str, Mapping[str, Any]]]) -> List[str]:
    """Return one sentence for each waiver that is in force, with the numbers that pass by it.

    ``findings`` holds the name of a number and a finding of it.
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
    """The name of a number of a run, its findings, and whether these are all: what could not be read has none."""

    name: str
    findings: Sequence[Mapping[str, Any]]
    whole: bool


def idle_waivers(waivers: Sequence[Waiver], numbers: Mapping[str, Known], now: float) -> List[str]:
    """Return a sentence for each waiver by which no number passes: first those that have ended and are still needed.

    ``numbers`` are the phone number IDs of the run. Waivers for other numbers are reported in one sentence, because a
    limit leaves numbers out.
    """
    blocking: List[str] = []
    unneeded: List[str] = []
    elsewhere: List[str] = []
    for waiver in waivers:
        label = "%s by %s" % (waiver.id, waiver.who)
        covered = [known for number, known in numbers.items() if waiver.covers(number)]
        rows = [row for known in covered for row in known.findings if row["id"] == waiver.id]
        blocked = [
            known.name for known in covered if any(row["id"] == waiver.id for row in blockers(tuple(known.findings)))
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


def plan_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> List[str]:
    """Return a number's plan as lines of text: its location now and then, and the steps between."""
    lines = ["location: %s -> %s" % (before["location"], after["location"])]
    for name, value in after.items():
        if isinstance(value, list):
            lines += ["%s %d: %s" % (name, at, entry) for at, entry in enumerate(value, 1)] or ["%s: none" % name]
        elif name != "location":
            lines.append("%s: %s" % (name, value))
    return lines
