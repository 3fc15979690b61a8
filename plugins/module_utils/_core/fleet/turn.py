# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: whether a number may begin, by what has become of the waves before its own. Pure."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Sequence

from ..._failure import counted
from ..conditions import failure_limit
from . import persons

# What has become of a number in its wave. SOAKED: it was well, and still is after the soak time.
STARTED = "started"
WAITING = "waiting"
WELL = "well"
BAD = "bad"
SOAKED = "soaked"
CODE = "code"  # it waits for a one-time code that somebody has to hand in
INVENTORY = "inventory"  # it waits for lines of the inventory that somebody has to change
STATES = (STARTED, WAITING, WELL, BAD, SOAKED, CODE, INVENTORY)

# What a number does now.
BEGIN = "begin"
HOLD = "hold"  # look again soon: numbers of an earlier wave are under way
RETURN = "return"  # an earlier wave waits for something, so the worker is better used for another number
STOP = "stop"  # it is not moved in this run

# Seconds after which a number of an earlier wave that never began counts as failed: workers begin in the order of
# the waves, so its worker ended before it could report anything.
GRACE = 30.0
# Seconds that a number holds before it gives its worker back: one that waits may just be beginning again.
PATIENCE = 2.0


class Wave(NamedTuple):
    """A wave before the number's own: its size, its numbers by state, and the seconds since the last change of it."""

    size: int
    states: Mapping[str, int]
    idle: float


class Turn(NamedTuple):
    """What a number does now, why it does not begin, and the seconds until the earliest useful next look."""

    word: str
    why: str = ""
    after: float = 0.0


def turn(
    earlier: Sequence[Wave], most: failure_limit.Limits, total: int, failed: int, soak: float, waited: float
) -> Turn:
    """Return whether a number may begin.

    ``earlier`` are the waves before its own, ``most`` the failure limit, ``total`` the numbers of the run, ``failed``
    those that failed before the first wave. ``soak`` is how many seconds a wave works before the next one begins,
    ``waited`` for how many seconds the number has waited for its turn.
    """
    bad, codes, inventory, well = failed, 0, 0, 0
    for at, wave in enumerate(earlier, 1):
        reported = {state: wave.states.get(state, 0) for state in STATES}
        missing = max(0, wave.size - sum(reported.values()))
        if reported[STARTED]:
            return Turn(HOLD, _waits_for(at, reported[STARTED], "is under way", "are under way"))
        if reported[WAITING]:
            word = RETURN if waited >= PATIENCE else HOLD
            return Turn(word, _waits_for(at, reported[WAITING], "waits", "wait"))
        if missing and min(waited, wave.idle) < GRACE:
            return Turn(HOLD, _waits_for(at, missing, "has not begun", "have not begun"))
        bad += reported[BAD] + missing
        codes += reported[CODE]
        inventory += reported[INVENTORY]
        well += reported[WELL] + reported[SOAKED]
        stopped = failure_limit.why(bad, total, most)
        if stopped:
            return Turn(STOP, stopped)
        if soak > 0 and reported[WELL]:
            return Turn(RETURN, "soak of wave %d, for %g s" % (at, soak), max(0.0, soak - wave.idle))
    # The first numbers show whether any can move in their lane at all.
    person = "" if well else persons.stopped_for(bool(codes), bool(inventory))
    return Turn(STOP, person) if person else Turn(BEGIN)


def _waits_for(at: int, count: int, one: str, many: str) -> str:
    return "%s of wave %d %s" % (counted(count, "number"), at, one if count == 1 else many)


def complete(wave: Wave) -> bool:
    """Tell whether every number of a wave has come to an end."""
    ended = sum(wave.states.get(state, 0) for state in (WELL, BAD, SOAKED, CODE, INVENTORY))
    return ended >= wave.size


def soaks(waves: Sequence[Wave]) -> Optional[int]:
    """Return the first wave, from 1, whose numbers are to be looked at again after the soak; None where none is.

    The last wave does not soak, because none follows.
    """
    for at, wave in enumerate(waves[:-1], 1):
        if not complete(wave):
            return None
        if wave.states.get(WELL, 0):
            return at
    return None
