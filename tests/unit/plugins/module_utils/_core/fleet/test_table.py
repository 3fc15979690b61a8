# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the table rule: the rows, the counts of a fleet, and what fails a run."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import summary, table
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    rows,
)
from hypothesis import given
from hypothesis import strategies as st


def test_table():
    lines = rows("moved", "failed", "moved")
    lines[1] = lines[1]._replace(wording="w" * 300, host="a-rather-long-host-name")
    shown = table.table(lines)
    assert shown == [
        "NUMBER       HOST                     STATE   LOCATION  WHAT",
        "15550120000  node0                    moved   CLOUD     words",
        "15550120001  a-rather-long-host-name  failed  CLOUD     " + "w" * 97 + "...",
        "15550120002  node2                    moved   CLOUD     words",
        "Numbers: 3 (2 moved, 1 failed)",
    ]


def test_a_table_cuts_away_anything_but_what_was_sent_before_a_failure():
    lines = [
        table.Row("a", "1", "failed", "CLOUD", "w" * 300 + " Sent before this: A; B. It is safe to run again."),
        table.Row("b", "2", "failed", "CLOUD", "short. Nothing was sent. It is safe to run again."),
        table.Row("c", "3", "moved", "CLOUD", "w" * 300 + " Nothing was sent. It is safe to run again."),
    ]
    cells = [row.split("CLOUD     ")[1] for row in table.table(lines)[1:-1]]
    assert cells == ["w" * 97 + "... Sent before this: A; B.", lines[1].wording, "w" * 97 + "..."]
    assert [table.sent_of(one) for one in lines[:2]] == ["Sent before this: A; B.", "Nothing was sent."]


def test_a_number_that_would_be_refused_counts_for_the_failure_limit():
    assert table.failed(rows("would be refused", "would move", "blocked"), False) == 1


def test_table_of_no_host():
    assert table.table([]) == ["NUMBER  HOST  STATE  LOCATION  WHAT", "Numbers: 0 ()"]


@given(st.lists(st.sampled_from(["moved", "failed", "unknown", "ready"]), max_size=8))
def test_counts(states):
    found = table.counts(rows(*states))
    assert list(found) == list(dict.fromkeys(states))
    assert sum(found.values()) == len(states)


def test_what_grows_with_the_fleet_stays_short():
    assert summary.shortened([1, 2]) == "1, 2"
    assert summary.shortened(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert summary.wave_sizes({"a": 1, "b": 2, "c": 2}) == [1, 2]
    assert summary.wave_sizes({}) == []
