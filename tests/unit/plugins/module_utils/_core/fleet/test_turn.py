# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for waves: no number begins before the waves before its own have ended well enough."""

from __future__ import annotations

from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions.failure_limit import Limits
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import turn as rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet.turn import Turn, Wave
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.dictionaries(st.sampled_from(rules.STATES), st.integers(1, 3), max_size=4)
WAVES = st.lists(
    st.builds(
        lambda states, missing, idle: Wave(sum(states.values()) + missing, states, idle),
        COUNTS,
        st.integers(0, 2),
        st.floats(0, 100),
    ),
    max_size=3,
)
LIMITS = st.builds(Limits, st.none() | st.integers(0, 5), st.none() | st.floats(0, 100))


def turn(*earlier: Wave, **changes: Any) -> Turn:
    stated: dict[str, Any] = {"most": Limits(), "total": 10, "failed": 0, "soak": 0.0, "waited": 0.0, **changes}
    return rules.turn(earlier, **stated)


def wave(size: int, idle: float = 0.0, **states: int) -> Wave:
    return Wave(size, states, idle)


def test_the_first_wave_begins_at_once() -> None:
    assert turn() == Turn(rules.BEGIN)


def test_a_number_holds_while_one_before_it_is_under_way() -> None:
    assert turn(wave(2, well=1, started=1)) == Turn(rules.HOLD, "1 number of wave 1 is under way")
    assert turn(wave(1, well=1), wave(3, started=2, waiting=1)).why == "2 numbers of wave 2 are under way"


def test_a_number_gives_its_worker_back_while_one_before_it_waits() -> None:
    waits = wave(2, well=1, waiting=1)
    assert turn(waits, waited=rules.PATIENCE) == Turn(rules.RETURN, "1 number of wave 1 waits")
    assert turn(waits).word == rules.HOLD, "it may just be beginning again"


def test_a_failed_number_stops_the_waves_after_it() -> None:
    assert turn(wave(2, well=1, bad=1)) == Turn(rules.STOP, "1 of 10 numbers did not succeed")
    assert turn(wave(2, well=1, bad=1), most=Limits(1)).word == rules.BEGIN
    assert turn(wave(2, well=1, bad=1), most=Limits(1), failed=1).word == rules.STOP
    assert turn(wave(2, well=1, bad=1), wave(2, well=1, bad=1), most=Limits(1)).word == rules.STOP


def test_a_number_that_never_began_counts_as_failed_after_a_while() -> None:
    """Its worker ended before it could report anything."""
    lost = wave(2, well=1, idle=40)
    assert turn(lost, waited=rules.GRACE - 1).word == rules.HOLD
    assert turn(lost, waited=rules.GRACE + 1).word == rules.STOP
    assert turn(lost._replace(idle=1.0), waited=1000).word == rules.HOLD


def test_a_wave_soaks_before_the_next_one() -> None:
    assert turn(wave(2, 5.0, well=2), soak=60) == Turn(rules.RETURN, "soak of wave 1, for 60 s", 55.0)
    assert turn(wave(2, 70.0, well=2), soak=60) == Turn(rules.RETURN, "soak of wave 1, for 60 s", 0.0)
    assert turn(wave(2, 70.0, soaked=2), soak=60) == Turn(rules.BEGIN)
    assert turn(wave(2, 70.0, soaked=1, bad=1), soak=60).word == rules.STOP


def test_which_wave_is_looked_at_again() -> None:
    assert rules.soaks([wave(1, well=1), wave(2)]) == 1
    assert rules.soaks([wave(1, soaked=1), wave(2, well=1, started=1), wave(3)]) is None
    assert rules.soaks([wave(1, soaked=1), wave(2, well=1, bad=1), wave(3)]) == 2
    assert rules.soaks([wave(1, soaked=1), wave(2, well=2)]) is None, "no wave follows the last one"


@given(WAVES, LIMITS, st.integers(10, 20), st.integers(0, 3), st.sampled_from([0.0, 30.0]), st.floats(0, 100))
def test_no_number_begins_beside_or_after_what_must_hold_it(
    earlier: list[Wave], most: Limits, total: int, failed: int, soak: float, waited: float
) -> None:
    found = rules.turn(earlier, most, total, failed, soak, waited)
    if found.word != rules.BEGIN:
        assert found.why
        return
    for one in earlier:
        assert not one.states.get(rules.STARTED) and not one.states.get(rules.WAITING)
        assert not soak or not one.states.get(rules.WELL)
    bad = failed + sum(one.states.get(rules.BAD, 0) for one in earlier)
    if earlier:
        assert most.stated or not bad
        assert most.number is None or bad <= most.number
