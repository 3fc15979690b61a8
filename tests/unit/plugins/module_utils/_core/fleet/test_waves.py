# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the wave rule: every host is in one wave, in the order of the inventory, and bad entries are named."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import waves
from hypothesis import given
from hypothesis import strategies as st


def sizes_of(stated, total):
    order = list(waves.plan([f"host{at}" for at in range(total)], stated, {}).values())
    return [order.count(wave) for wave in sorted(set(order))]


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
    assert sizes_of(stated, total) == sizes


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
    with pytest.raises(ValueError, match=r"O\(waves\)") as caught:
        waves.check([1, entry], {"site": []})
    assert repr(entry) in str(caught.value)
    with pytest.raises(ValueError, match=r"O\(waves\)"):
        waves.plan(["a", "b"], [1, entry], {"site": []})


def test_no_waves_are_no_default():
    for judge in (lambda: waves.check([], {}), lambda: waves.plan(["a"], [], {})):
        with pytest.raises(ValueError, match="empty"):
            judge()


GROUPS = {"canary": ["d"], "berlin": ["b", "d", "e"], "madrid": ["a", "c"], "empty": []}


@pytest.mark.parametrize(
    ("stated", "order"),
    [
        (["canary", "berlin", "madrid"], {"d": 1, "b": 2, "e": 2, "a": 3, "c": 3}),
        (["canary", "100%"], {"d": 1, "a": 2, "b": 2, "c": 2, "e": 2}),
        (["canary", "empty", 1, "100%"], {"d": 1, "a": 2, "b": 3, "c": 3, "e": 3}),
        (["berlin", "40%"], {"b": 1, "d": 1, "e": 1, "a": 2, "c": 2}),
        ("canary, berlin ,madrid", {"d": 1, "b": 2, "e": 2, "a": 3, "c": 3}),
        # who is taken already makes no wave of its own
        (["berlin", "canary", "madrid"], {"b": 1, "d": 1, "e": 1, "a": 2, "c": 2}),
    ],
)
def test_waves_of_groups(stated, order):
    assert waves.plan(list("abcde"), stated, GROUPS) == order


def test_hosts_in_no_wave_are_reported():
    waves.check(["canary", "berlin"], GROUPS)
    with pytest.raises(ValueError, match=r"2 hosts are in none of its waves: a, c\. .*100%"):
        waves.plan(list("abcde"), ["canary", "berlin"], GROUPS)


def test_a_group_that_nobody_knows_is_no_empty_wave():
    with pytest.raises(ValueError, match=r"'canray'.*nor a group"):
        waves.plan(list("abcde"), ["canray", "100%"], GROUPS)


entries = st.lists(st.integers(1, 50) | st.integers(1, 100).map("%d%%".__mod__), min_size=1, max_size=5)


@given(entries, st.integers(0, 200))
def test_every_host_is_in_one_wave_in_order(stated, total):
    hosts = ["host%d" % position for position in range(total)]
    plan = waves.plan(hosts, stated, {})
    order = [plan[host] for host in hosts]
    assert order == sorted(order) and sorted(set(order)) == list(range(1, max(order, default=0) + 1))


@given(
    st.lists(st.sampled_from(["one", "two", 1, "20%"]), max_size=4),
    st.dictionaries(st.sampled_from(["one", "two"]), st.lists(st.sampled_from("abcdefgh"), unique=True)),
)
def test_with_groups_too_every_host_is_in_one_wave(stated, groups):
    groups = {"one": [], "two": [], **groups}
    plan = waves.plan(list("abcdefgh"), [*stated, "100%"], groups)
    assert sorted(plan) == list("abcdefgh")
    assert sorted(set(plan.values())) == list(range(1, max(plan.values()) + 1))


@given(st.integers(1, 100), st.integers(1, 5000))
def test_a_percentage_is_of_all_hosts_rounded_down_and_at_least_one(percent, total):
    assert sizes_of(["%d%%" % percent], total)[0] == max(1, percent * total // 100)


def test_accounts_take_turns_within_a_wave_only():
    order = {"a": 1, "b": 2, "c": 2, "d": 2, "e": 2, "f": 3}
    accounts = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "1", "f": "2"}
    assert list(waves.spread(order, accounts).items()) == [("a", 1), ("b", 2), ("d", 2), ("c", 2), ("e", 2), ("f", 3)]


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("xyz")), max_size=30))
def test_taking_turns_moves_no_host_into_another_wave(rows):
    order = {f"h{at}": wave for at, (wave, _account) in enumerate(sorted(rows))}
    accounts = {f"h{at}": account for at, (_wave, account) in enumerate(sorted(rows))}
    taken = waves.spread(order, accounts)
    assert taken == order and list(taken.values()) == sorted(taken.values())
