# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change windows in the time of this run, by the controller's zone data, and a freeze for a task that is shipped."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from ..module_utils._api.sent import Sent
from ..module_utils._core.conditions import change_freeze as change_freeze_rules
from ..module_utils._core.conditions import window
from ..module_utils._core.conditions.window import Rule, Span
from ..module_utils._core.facts.text_list import unpacked
from ..module_utils._operations import change_freeze
from ..module_utils._operations.options import Freeze, typed

# A window comes back within a week; the clocks change at most once in two.
_AHEAD = 15


def confirm(params: dict[str, Any], stated: Mapping[str, Any]) -> list[str]:
    """Put the windows into time, and return every error of their zones.

    ``stated`` are the options as they were written.
    """
    errors = ["window: " + error for error in _zone_errors(unpacked(stated.get("window")))]
    if errors:
        return errors
    if params["window"] and not window.is_data(params["window"]):
        rules, _errors = window.read(params["window"])
        params["window"] = window.as_data(spans(rules, time.time()))
    return []


def switch(params: dict[str, Any], sent: Sent, once: Callable[[str, Any], Any] | None = None) -> None:
    """Ask for a freeze on behalf of a task that is shipped, because its file lies on the controller.

    ``once`` lets one of the workers of a run ask for all.
    """
    if not params["freeze"]:
        return

    def ask() -> dict[str, str]:
        return change_freeze.ask(typed(Freeze, params), time.monotonic, sent)

    reported = ask() if once is None else once("freeze %s" % params["freeze"], ask)
    message = "%s: %s" % (reported["where"], reported["why"]) if reported["where"] else reported["why"]
    mark = change_freeze_rules.PAUSED if change_freeze_rules.is_pause(reported["why"]) else change_freeze_rules.STATED
    params["freeze"] = mark + message if reported["why"] else None


def _zone_errors(value: Any) -> Iterator[str]:
    for at, row in enumerate(value if isinstance(value, (list, tuple)) else (), 1):
        name = row.get("timezone") if isinstance(row, Mapping) else None
        if not isinstance(name, str) or not name.strip() or "opens" in row:
            continue
        try:
            zoneinfo.ZoneInfo(str(name).strip())
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            yield (
                "window %d: timezone: the controller does not know %r. Names are like Europe/Paris; where it knows "
                "none, install the Python package tzdata" % (at, str(name)[:60])
            )


def spans(rules: Iterable[Rule], now: float) -> list[Span]:
    """Return every opening of the windows from two days ago on, for two weeks, in their order.

    By the clock on the wall: a time that comes twice, as in autumn, means its first; one that does not come, as in
    spring, means the moment in which the clock jumps over it.
    """
    found = []
    for rule in rules:
        zone = zoneinfo.ZoneInfo(rule.timezone)
        today = datetime.fromtimestamp(now, zone).date()
        for ahead in range(-2, _AHEAD + 1):
            day = today + timedelta(days=ahead)
            if day.weekday() not in rule.days:
                continue
            opens, closes = (instant(day, minutes, zone) for minutes in (rule.begins, rule.ends))
            if closes > opens:
                found.append(Span(opens, closes, _local(opens, zone), _local(closes, zone), rule.timezone))
    return sorted(found)


def _local(moment: float, zone: zoneinfo.ZoneInfo) -> str:
    shown = datetime.fromtimestamp(moment, zone)
    return "%s %s" % (window.DAYS[shown.weekday()].capitalize(), shown.strftime("%Y-%m-%d %H:%M %Z"))


def instant(day: date, minutes: int, zone: zoneinfo.ZoneInfo) -> float:
    """Return UTC in seconds since the epoch of a time by the clock, ``minutes`` after the midnight of ``day``."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - the clock on the wall
    first = wall.replace(tzinfo=zone).timestamp()
    if datetime.fromtimestamp(first, zone).replace(tzinfo=None) == wall:
        return first
    # The time does not come: look for the moment of the jump between the two readings of it.
    late, early = first, wall.replace(tzinfo=zone, fold=1).timestamp()
    before = datetime.fromtimestamp(early, zone).utcoffset()
    while late - early > 0.5:
        middle = (early + late) / 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return float(round(late))
