# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the wave rule: every host is in one wave, in the order of the inventory, and bad entries are named."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core import waves
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("stated", "total", "sizes"),
    [
        (waves.DEFAULT, 0, []),
        (waves.DEFAULT, 1, [1]),
        (waves.DEFAULT, 2, [1, 1]),
        (waves.DEFAULT, 5, [1, 1, 3]),
        (waves.DEFAULT, 20, [1, 2, 17]),
        (waves.DEFAULT, 5000, [1, 500, 4499]),
        ([2], 5, [2, 2, 1]),
        (["2"], 5, [2, 2, 1]),
        (3, 5, [3, 2]),
        ("50%", 5, [2, 2, 1]),
        ([1, "100%"], 3, [1, 2]),
        ([" 1 ", "12.5%"], 17, [1, 2, 2, 2, 2, 2, 2, 2, 2]),
        (["1%"], 3, [1, 1, 1]),
        # exact: in floating point these would be 28 and 56
        (["29%", "100%"], 100, [29, 71]),
        (["57%", "100%"], 100, [57, 43]),
        ([10], 3, [3]),
    ],
)
def test_sizes(stated, total, sizes):
    assert waves.sizes(stated, total) == sizes


@pytest.mark.parametrize(
    "entry",
    [
        0,
        -1,
        "0",
        "0%",
        "101%",
        "-5%",
        "%",
        "",
        " ",
        "ten",
        "1 0",
        "10 %",
        1.5,
        "1.5",
        True,
        False,
        None,
        [1],
        {},
        "nan%",
    ],
)
def test_a_bad_entry_is_named(entry):
    with pytest.raises(ValueError, match="wa_migrate_waves") as caught:
        waves.sizes([1, entry], 10)
    assert repr(entry) in str(caught.value)


def test_no_waves_are_no_default():
    with pytest.raises(ValueError, match="empty"):
        waves.sizes([], 10)


def test_bad_entries_are_found_without_hosts():
    with pytest.raises(ValueError, match="wa_migrate_waves"):
        waves.sizes(["x"], 0)


entries = st.lists(st.integers(1, 50) | st.integers(1, 100).map("%d%%".__mod__), min_size=1, max_size=5)


@given(entries, st.integers(0, 200))
def test_every_host_is_in_one_wave_in_order(stated, total):
    sizes = waves.sizes(stated, total)
    assert sum(sizes) == total
    assert all(size >= 1 for size in sizes)
    hosts = ["host%d" % position for position in range(total)]
    plan = waves.plan(hosts, stated)
    order = [plan[host] for host in hosts]
    assert order == sorted(order)
    assert [order.count(wave) for wave in range(1, len(sizes) + 1)] == sizes


@given(st.integers(1, 100), st.integers(1, 5000))
def test_a_percentage_is_of_all_hosts_rounded_down_and_at_least_one(percent, total):
    assert waves.sizes(["%d%%" % percent], total)[0] == max(1, percent * total // 100)
