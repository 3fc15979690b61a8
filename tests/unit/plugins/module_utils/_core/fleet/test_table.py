# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the table rule: the counts of a fleet, and what fails a run."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import overview, summary, table
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    rows,
)
from hypothesis import given
from hypothesis import strategies as st


def test_a_number_that_would_be_refused_counts_for_the_failure_limit():
    assert table.failed(rows("would be refused", "would move", "blocked"), False) == 1


@given(st.lists(st.sampled_from(["moved", "failed", "unknown", "ready"]), max_size=8))
def test_counts(states):
    found = table.counts(rows(*states))
    assert list(found) == list(dict.fromkeys(states))
    assert sum(found.values()) == len(states)


def test_what_grows_with_the_fleet_stays_short():
    assert overview.shortened([1, 2]) == "1, 2"
    assert overview.shortened(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert summary.wave_sizes({"a": 1, "b": 2, "c": 2}) == [1, 2]
    assert summary.wave_sizes({}) == []
