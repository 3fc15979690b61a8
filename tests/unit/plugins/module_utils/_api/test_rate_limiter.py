# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limiter of a run: the share of a limit that slows it down, its reports, and how long it keeps a limit."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.rate_limiter import (
    MAX_AGE,
    MAX_DELAY,
    SLOW_FROM,
    RateLimiter,
    delay,
)
from ansible_collections.wabiz.migration.plugins.module_utils._api.usage import Usage
from hypothesis import given
from hypothesis import strategies as st


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_below_the_mark_nothing_is_kept_and_nothing_waits(clock: Clock) -> None:
    kept: list[str] = []
    rate_limiter = RateLimiter(lambda: None, kept.append, clock)
    assert rate_limiter.learn(Usage(SLOW_FROM - 1)) == "" and rate_limiter.learn(Usage()) == ""
    assert (kept, rate_limiter.delay(), rate_limiter.left()) == ([], 0.0, 0.0)


def test_it_slows_down_and_says_so_at_each_step_only(clock: Clock) -> None:
    rate_limiter = RateLimiter.alone(clock)
    assert (
        rate_limiter.learn(Usage(80))
        == "80 % of the rate limit is used; this run delays each request by 0.4 s from now on"
    )
    assert rate_limiter.learn(Usage(82)) == ""
    assert rate_limiter.delay() == pytest.approx(0.56)
    assert "90 %" in rate_limiter.learn(Usage(90))
    assert (
        rate_limiter.learn(Usage(40)) == "40 % of the rate limit is used; this run sends requests without delay again"
    )
    assert rate_limiter.delay() == 0.0


def test_an_answer_without_a_figure_changes_nothing(clock: Clock) -> None:
    rate_limiter = RateLimiter.alone(clock)
    rate_limiter.learn(Usage(100))
    assert rate_limiter.learn(Usage()) == "" and rate_limiter.delay() == MAX_DELAY


def test_an_old_figure_does_not_count(clock: Clock) -> None:
    rate_limiter = RateLimiter.alone(clock)
    rate_limiter.learn(Usage(100))
    clock.now += MAX_AGE + 1
    assert rate_limiter.delay() == 0.0
    assert "100 %" in rate_limiter.learn(Usage(100)), "it is news again"


def test_a_limit_is_kept_until_it_is_over_and_told_once(clock: Clock) -> None:
    rate_limiter = RateLimiter.alone(clock)
    assert "for 300 s" in rate_limiter.learn(Usage(100, 300.0))
    assert rate_limiter.wait(299) == "" and rate_limiter.wait(60) == ""
    clock.now += 100
    assert rate_limiter.left() == 200
    assert "for 500 s" in rate_limiter.wait(500) and rate_limiter.left() == 500
    clock.now += 501
    assert rate_limiter.left() == 0


@given(st.floats(min_value=0, max_value=1000), st.floats(min_value=0, max_value=1000))
def test_more_use_never_means_less_wait(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= delay(low) <= delay(high) <= MAX_DELAY
    assert (delay(low) == 0) == (low <= SLOW_FROM)
