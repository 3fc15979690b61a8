# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the failure limit of a fleet is reached."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import failure_limit
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions.failure_limit import Limits
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.integers(0, 6000)


@pytest.mark.parametrize(
    ("bad", "total", "most", "wording"),
    [
        (0, 10, Limits(), ""),
        (1, 10, Limits(), "1 of 10 numbers did not succeed"),
        (2, 10, Limits(2), ""),
        (3, 10, Limits(2), "3 of 10 numbers did not succeed, and O(max_failed) allows 2"),
        (0, 10, Limits(0), ""),
        (1, 10, Limits(0), "allows 0"),
        (1, 10, Limits(None, 10.0), ""),
        (2, 10, Limits(None, 10.0), "O(max_failed_percent) allows 10 %"),
        (1, 10, Limits(None, 0.0), "allows 0 %"),
        (3, 100, Limits(5, 2.5), "O(max_failed_percent) allows 2.5 %"),
        (6, 1000, Limits(5, 50.0), "O(max_failed) allows 5"),
    ],
)
def test_why(bad, total, most, wording):
    found = failure_limit.why(bad, total, most)
    assert wording in found and bool(found) == bool(wording)


@given(COUNTS, COUNTS, st.none() | COUNTS, st.none() | st.floats(0, 100))
def test_a_limit_that_is_reached_stays_reached(bad, total, count, percent):
    total = max(bad, total)
    if failure_limit.why(bad, total, Limits(count, percent)):
        assert bad and failure_limit.why(min(bad + 1, total), total, Limits(count, percent))


@given(COUNTS, COUNTS, COUNTS, st.floats(0, 100))
def test_two_limits_are_not_looser_than_either(bad, total, count, percent):
    total = max(bad, total)
    both = failure_limit.why(bad, total, Limits(count, percent))
    assert bool(both) == bool(
        failure_limit.why(bad, total, Limits(count)) or failure_limit.why(bad, total, Limits(None, percent))
    )


def test_the_failure_says_that_nothing_is_lost():
    reported = failure_limit.failure("3 of 10 numbers did not succeed").sentence("15550000000")
    assert "3 of 10" in reported and "safe to run again" in reported and "same command" in reported
