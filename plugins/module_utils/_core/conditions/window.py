# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the change windows of a number, as people write them and as spans of time. Pure: knows no time zones."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._failure import Failure
from ..facts.text_list import unpacked
from ..facts.times import utc
from ..findings.finding import COLLECTION, WARNING, Finding

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = ("days", "hours", "timezone")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\Z")
_DAY = 24 * 60

OUTSIDE_WINDOW = Finding(
    "WM156",
    "outside_window",
    WARNING,
    COLLECTION,
    title="The number is outside its change window",
    why="O(window) says when the number may move. Outside of it the cutover refuses before it changes "
    "anything, also where the window closes before the register call could end. Check mode refuses too.",
    fix="Run the same command in the window; the finding says when it opens next. Or correct O(window).",
    passing=True,
)


class Rule(NamedTuple):
    """One window by the clock of its zone: ``days`` it begins on (0 is Monday), minutes after that midnight.

    ``ends`` is above 24 hours where the window goes over midnight.
    """

    days: Tuple[int, ...]
    begins: int
    ends: int
    timezone: str


class Span(NamedTuple):
    """One opening: UTC in seconds since the epoch, and both ends as its zone's clock shows them."""

    opens: float
    closes: float
    opens_local: str = ""
    closes_local: str = ""
    timezone: str = ""

    def text(self) -> str:
        return "opens %s (%s) and closes %s (%s), %s" % (
            self.opens_local,
            utc(self.opens),
            self.closes_local,
            utc(self.closes),
            self.timezone,
        )


def read(value: Any) -> Tuple[List[Rule], List[str]]:
    """Return the windows of a list of mappings (or of its JSON text), and all of its errors.

    Whether a time zone exists is not checked here.
    """
    value = unpacked(value)
    if value is None or value == "":
        return [], []
    if isinstance(value, Mapping) or not isinstance(value, (list, tuple)):
        return [], ["expected a list of windows, each with days, hours and timezone"]
    rules: List[Rule] = []
    faults: List[str] = []
    for at, entry in enumerate(value, 1):
        if not isinstance(entry, Mapping):
            faults.append("window %d: expected a mapping with days, hours and timezone" % at)
            continue
        wrong = ["there is no key %s" % key for key in entry if key not in _KEYS]
        days = _part(_days, entry.get("days", "mon-sun"), "days", wrong)
        hours = _part(_hours, entry.get("hours"), "hours", wrong)
        zone = _part(_zone, entry.get("timezone"), "timezone", wrong)
        faults += ["window %d: %s" % (at, text) for text in wrong]
        if not wrong:
            rules.append(Rule(days, hours[0], hours[1], zone))
    return rules, faults


def _part(rule: Any, value: Any, name: str, wrong: List[str]) -> Any:
    try:
        return rule(value)
    except ValueError as reason:
        wrong.append("%s: %s" % (name, reason))
        return None


def _days(value: Any) -> Tuple[int, ...]:
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)) or not entries:
        raise ValueError("expected days such as [mon, tue] or mon-fri")
    found: List[int] = []
    for entry in entries:
        ends = [_day(word) for word in str(entry).split("-")]
        if len(ends) > 2:
            raise ValueError("%s is neither a day nor a range such as mon-fri" % _shown(entry))
        found += [(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)]
    return tuple(sorted(set(found)))


def _day(word: str) -> int:
    name = word.strip().lower()
    for names in (DAYS, _FULL):
        if name in names:
            return names.index(name)
    raise ValueError("%s is not one of %s" % (_shown(word), ", ".join(DAYS)))


def _hours(value: Any) -> Tuple[int, int]:
    match = _HOURS.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('expected hours such as "22:00-04:00", in quotes')
    first, second = [int(match.group(at)) * 60 + int(match.group(at + 1)) for at in (1, 3)]
    if first >= _DAY or second > _DAY or int(match.group(2)) > 59 or int(match.group(4)) > 59:
        raise ValueError("%s is no time of a day (00:00 to 24:00)" % _shown(value))
    if first == second:
        raise ValueError('begins and ends at the same time; a whole day is written "00:00-24:00"')
    return first, second if second > first else second + _DAY


def _zone(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a time zone such as Europe/Paris or UTC")
    return value.strip()


def _shown(value: Any) -> str:
    text = repr(str(value))
    return text if len(text) <= 40 else text[:37] + "..."


# --- spans


def as_data(spans: Sequence[Span]) -> List[Dict[str, Any]]:
    """Return spans as data for a task."""
    return [dict(span._asdict()) for span in spans]


def is_data(value: Any) -> bool:
    """Tell whether this is what :func:`as_data` returned."""
    return isinstance(value, (list, tuple)) and any(isinstance(row, Mapping) and "opens" in row for row in value)


def of_data(value: Sequence[Mapping[str, Any]]) -> List[Span]:
    """Return the spans of :func:`as_data`; raises ValueError for windows that were not converted to times yet."""
    try:
        return [
            Span(
                float(row["opens"]),
                float(row["closes"]),
                *(str(row.get(name) or "") for name in ("opens_local", "closes_local", "timezone")),
            )
            for row in value
        ]
    except (KeyError, TypeError, AttributeError):
        raise ValueError("only the controller converts a change window to times") from None


def closing(spans: Sequence[Span], now: float) -> Optional[Span]:
    """Return the span at whose end the open windows close, None where none is open.

    A span that begins before another has ended extends it.
    """
    last: Optional[Span] = None
    moment = now
    while True:
        longer = (span for span in spans if span.opens <= moment < span.closes)
        best = max(longer, key=lambda span: span.closes, default=None)
        if best is None:
            return last
        last, moment = best, best.closes


def is_open(spans: Sequence[Span], now: float) -> bool:
    """Tell whether a window is open."""
    return any(span.opens <= now < span.closes for span in spans)


def next_opening(spans: Sequence[Span], now: float) -> Optional[Span]:
    """Return the next opening, to the end of all windows that follow without a gap; None where none is known."""
    first = min((span for span in spans if span.opens > now), key=lambda span: span.opens, default=None)
    if first is None:
        return None
    last = closing(spans, first.opens) or first
    return first._replace(closes=last.closes, closes_local=last.closes_local)


def ends(spans: Sequence[Span], now: float) -> Optional[float]:
    """Return when the windows close that are open now, or that open next; None where none is known."""
    span = closing(spans, now) or next_opening(spans, now)
    return None if span is None else span.closes


def failure(spans: Sequence[Span], now: float, needs: float) -> Optional[Failure]:
    """Report that no window is open for the ``needs`` seconds that a register call may take; None where one is.

    Without any window the number may always move.
    """
    if not spans:
        return None
    last = closing(spans, now)
    if last is not None and last.closes - now >= needs:
        return None
    coming = next_opening(spans, now if last is None else last.closes - 1)
    after = "The next window %s" % coming.text() if coming else "No window opens within two weeks"
    if last is None:
        return OUTSIDE_WINDOW.failure("It is not open. %s" % after)
    return OUTSIDE_WINDOW.failure(
        "It closes too soon: %s (%s), in %d s, and the register call may take %d s. %s"
        % (last.closes_local, utc(last.closes), last.closes - now, needs, after)
    )
