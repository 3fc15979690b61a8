# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the attempt log rule: who holds the number, as far as that can be seen."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover.backup import utc
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.cutover.attempts import (
    NOW,
    begun,
    of,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("lease", "holder"),
    [
        (None, False),
        ({"run": "two", "until": utc(NOW + 60)}, True),
        ({"run": "two", "until": utc(NOW)}, False),
        ({"run": "two", "until": utc(NOW - 60)}, False),
        ({"run": "one", "until": utc(NOW + 60)}, False),
        ({"until": utc(NOW + 60)}, True),
    ],
)
def test_lease_holder(lease, holder):
    found = attempt_log.lease_holder(of(lease=lease), NOW, "one")
    assert found == (lease if holder else None)


def test_held_names_the_other_run():
    lease = begun(run="ansible-local-77")["lease"]
    sentence = attempt_log.other_run(lease).sentence("15550120001")
    for part in ("15550120001", "ansible-local-77", "controller", "4711", utc(NOW + 120)):
        assert part in sentence


HERE = "boot 1 pid:[4026531836]"
MINE = {"controller": "awx-1", "namespace": HERE, "process": 77, "parent": 70, "started": 1234}


def hidden(_number):
    raise PermissionError


@pytest.mark.parametrize(
    ("lease", "seen", "word"),
    [
        (MINE, attempt_log.Process(1234, 70), attempt_log.ALIVE),
        (MINE, attempt_log.Process(1234, 1), attempt_log.SURVIVING),
        ({**MINE, "parent": 0}, attempt_log.Process(1234, 1), attempt_log.ALIVE),
        (MINE, None, attempt_log.GONE),
        # the number belongs to another process by now
        (MINE, attempt_log.Process(1235, 70), attempt_log.GONE),
        # another container of the same host name, another boot, another host
        ({**MINE, "namespace": "boot 1 pid:[4026532999]"}, attempt_log.Process(1234, 70), attempt_log.UNKNOWN),
        ({**MINE, "namespace": "boot 2 pid:[4026531836]"}, None, attempt_log.UNKNOWN),
        ({**MINE, "controller": "awx-2"}, attempt_log.Process(1234, 70), attempt_log.UNKNOWN),
        # a record that was written before these were kept
        ({"controller": "awx-1", "process": 77, "parent": 70}, attempt_log.Process(1234, 70), attempt_log.UNKNOWN),
        ({**MINE, "namespace": ""}, attempt_log.Process(1234, 70), attempt_log.UNKNOWN),
        ({**MINE, "started": 0}, None, attempt_log.UNKNOWN),
        ({**MINE, "process": True}, None, attempt_log.UNKNOWN),
        ({**MINE, "process": "77"}, None, attempt_log.UNKNOWN),
        ({**MINE, "process": -1}, None, attempt_log.UNKNOWN),
    ],
)
def test_who_holds_a_lease(lease, seen, word):
    assert attempt_log.holder(lease, "awx-1", HERE, lambda number: seen) == word


def test_a_holder_that_cannot_be_seen():
    assert attempt_log.holder(MINE, "awx-1", HERE, hidden) == attempt_log.UNKNOWN
    assert attempt_log.holder({**MINE, "namespace": ""}, "awx-1", "", lambda number: None) == attempt_log.UNKNOWN


@given(
    st.fixed_dictionaries(
        {},
        optional={name: st.one_of(st.just(value), st.integers(), st.text(), st.none()) for name, value in MINE.items()},
    )
)
def test_only_who_is_seen_from_the_same_place_is_judged(lease):
    """Whatever a record says: of another place, or of one that does not tell its own, nothing is concluded."""
    word = attempt_log.holder(lease, "awx-1", HERE, lambda number: attempt_log.Process(1234, 70))
    if (lease.get("controller"), lease.get("namespace")) != ("awx-1", HERE):
        assert word == attempt_log.UNKNOWN
    if word in (attempt_log.ALIVE, attempt_log.SURVIVING):
        assert lease["started"] == 1234
