# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the numbers of a recovery as a short table: who needs somebody first, and each cause once. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure, counted
from ..cutover.situation import CONFIRM, NOTHING, PERSON, READ, REFUSED, REGISTER, SENDS, WAIT
from ..facts import phone_number
from ..facts.location import CLOUD
from . import table
from .action import Action
from .overview import shortened
from .table import got

FAILED = "failed"
NOT_READ = "not read"
TAKEN = "done: %s"
ALL_WELL = "Nothing is wrong with any of them: no step to take"
APPLY = "To take these steps, run the same command with O(apply): true"
GO_ON = "Run the same command again for the next step of each"
# Who needs somebody first, and at the end the numbers that need nothing.
_ORDER = (FAILED, NOT_READ, PERSON, WAIT, READ, *SENDS, NOTHING)
_NAMES = 5


class Row(NamedTuple):
    """One number: its host, its number, its state and location, its step, and the cause in full."""

    host: str
    number: str
    state: str
    location: str
    step: str
    does: str
    cause: str
    done: str = ""
    moved: bool = False
    safe: str = ""
    until: str = ""
    code: Optional[int] = None

    @property
    def bad(self) -> bool:
        return self.step in (FAILED, NOT_READ, PERSON)

    @property
    def name(self) -> str:
        """Return the name of the number in messages."""
        return phone_number.name(self.number, self.host)

    def text(self) -> str:
        """Return the row as one sentence."""
        done = "" if not self.done else "%s. " % (TAKEN % self.done)
        return "%s: %s. %s%s. Next: %s" % (self.name, self.state, done, self.cause.rstrip("."), self.does)


def row_of(host: str, results: Mapping[str, Any], check_mode: bool = False) -> Row:
    """Return the row of a host by what its tasks have registered: before and after a step, and the failure of one."""
    before, after, failure = (got(results, name) for name in ("recover", "after", "failure"))
    now = after if after.get("step") else before
    number = str(now.get("number") or now.get("phone_number_id") or results.get("phone_number_id") or "no number")
    if failure:
        message = " ".join(str(failure.get("msg") or "no message").split())
        structured = failure.get("failure")
        title, does = message, "read the message, then run the same command again"
        if isinstance(structured, Mapping) and structured.get("title"):
            found = Failure(**structured)
            title, does = found.cause(), found.next_step or does
        step = FAILED if before.get("step") else NOT_READ
        return Row(host, number, step, str(now.get("location") or ""), step, does, title)
    if not now.get("step"):
        return Row(host, number, NOT_READ, "", NOT_READ, "run the same command again", "Nothing was read")
    taken = after.get("step") and before.get("step") in SENDS and not check_mode
    return Row(
        host,
        number,
        state=str(now["state"]),
        location=str(now["location"]),
        step=str(now["step"]),
        does=str(now["does"]),
        cause=str(now["why"]),
        done=str(before["does"]) if taken else "",
        moved=bool(taken) and before["step"] in (CONFIRM, REGISTER) and now["location"] == CLOUD,
        safe=str(now.get("safe") or ""),
        until=str(now.get("wait_until") or ""),
        code=now.get("refused") if now["state"] == REFUSED else None,
    )


def for_report(rows: Sequence[Row]) -> List[table.Row]:
    """Return rows as a report takes them."""
    causes: Dict[str, List[Tuple[str, str]]] = {}
    return [_for_report(row, causes.setdefault(row.state, [])) for row in rows]


def _for_report(row: Row, causes: List[Tuple[str, str]]) -> table.Row:
    """Return one row; ``causes`` are those of other numbers in the same state, and it adds its own."""
    if row.bad and (row.cause, row.does) not in causes:
        causes.append((row.cause, row.does))
    at = causes.index((row.cause, row.does)) if row.bad else 0
    sends = row.step in SENDS
    action = Action(
        row.does,
        step=row.step,
        done=row.done,
        safe=row.safe,
        until=row.until,
        arguments="-e O(apply)=true" if sends else "",
        needs_you=row.bad,
        left=sends,
        moved=row.moved,
        cause=row.state if not at else "%s %d" % (row.state, at + 1),
        code=row.code,
    )
    return table.Row(row.host, row.number, row.state, row.location, row.cause, action=action)


def logged(results: Mapping[str, Any]) -> Dict[str, Any]:
    """Return what the last look at a number has read of its attempt log."""
    found = next((one for one in (got(results, "after"), got(results, "recover")) if one.get("step")), {})
    return {name: found[name] for name in ("attempts", "attempts_left") if name in found}


def lines(title: str, rows: Sequence[Row], applied: bool) -> List[str]:
    """Return the fleet as lines of text: a row for each number that is not well, then each cause once."""
    shown = sorted((row for row in rows if row.step != NOTHING or row.done), key=lambda row: _ORDER.index(row.step))
    heads = ("NUMBER", "HOST", "STATE", "LOCATION", "NEXT STEP")
    cells = [heads, *((row.number, row.host, row.state, row.location, _short(row)) for row in shown)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(heads) - 1)]
    listed = ["  ".join([*map(str.ljust, line[:-1], widths), line[-1]]) for line in cells] if shown else []
    states = ", ".join("%d %s" % (count, state) for state, count in counts(rows).items())
    below = ["%s: %s (%s)" % (title, counted(len(rows), "number"), states or "none")]
    if not shown:
        below.append(ALL_WELL)
    elif any(row.step in SENDS for row in rows):
        below.append(GO_ON if applied else APPLY)
    return [*listed, *_causes(shown), *below]


def counts(rows: Sequence[Row]) -> Dict[str, int]:
    """Return how many numbers are in each state, in the order of first appearance."""
    found: Dict[str, int] = {}
    for row in rows:
        found[row.state] = found.get(row.state, 0) + 1
    return found


def _short(row: Row) -> str:
    who = "somebody: " if row.bad else ""
    text = "%s%s" % (who, row.does)
    text = text if len(text) <= 100 else text[:97] + "..."
    return "%s. Then: %s" % (TAKEN % row.done, text) if row.done else text


def _causes(rows: Sequence[Row]) -> List[str]:
    """Return each cause with its step, and the numbers that have it; those of most urgency first."""
    found: Dict[Tuple[str, str], List[Row]] = {}
    for row in rows:
        if row.step != NOTHING:
            found.setdefault((row.cause, row.does), []).append(row)
    return [
        "%s: %s. Next: %s" % (shortened([row.name for row in hit], _NAMES), cause.rstrip("."), does)
        for (cause, does), hit in found.items()
    ]
