# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the table rule: what a run leaves for the job after it."""

from __future__ import annotations

import json

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import artifact, table
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.fleet.results import (
    PREFLIGHT,
    line,
    rows,
)
from hypothesis import given
from hypothesis import strategies as st


def test_the_artifact_of_a_job():
    lines = rows("moved", "failed", "ready", "not started", "blocked", "moved")
    assert artifact.of(lines, "migrate", "one of 6") == {
        "phase": "migrate",
        "numbers": 6,
        "states": {"moved": 2, "failed": 1, "not started": 2, "blocked": 1},
        "attention": {"failed": ["node1"], "blocked": ["node4"]},
        "attention_left_out": 0,
        "stopped": "one of 6",
    }
    assert artifact.of(lines, "preflight", "")["states"]["ready"] == 1
    assert artifact.of([], "preflight", "")["states"] == {}


@given(
    st.lists(st.tuples(st.sampled_from(table.BAD), st.integers(1, 253)), max_size=60), st.integers(0, 5000), st.text()
)
def test_the_artifact_stays_small_and_loses_nobody(bad, more, stopped):
    lines = [table.Row(f"{at:03d}" + "h" * size, "1", state, "", "") for at, (state, size) in enumerate(bad)]
    lines += [table.Row("h" * 253, "1", table.FAILED, "", "")] * more
    found = artifact.of(lines, "migrate", stopped)
    assert len(json.dumps(found, ensure_ascii=False)) < 4000 + len(json.dumps(stopped[:500], ensure_ascii=False))
    named = sum(map(len, found["attention"].values()))
    assert named + found["attention_left_out"] == sum(line.bad for line in lines)
    assert sum(found["states"].values()) == found["numbers"] == len(lines)


def test_a_row_names_its_number_once():
    failure = Failure("health", "Messaging health is BLOCKED", "BUSINESS is BLOCKED", next_step="look at it")
    failed = {"failed": True, "msg": failure.sentence("Number 106540352242922 (h)"), "failure": failure.as_dict()}
    for results in ({"preflight": PREFLIGHT, "failure": failed}, {"preflight": PREFLIGHT, "move": failed}):
        row = line(**results)
        assert row.wording == failure.sentence()
        assert row.text() == "%s: failed, on %s. %s" % (row.name, row.location, row.wording)
        assert row.name == "+1 555-012-0001 (node1)"
