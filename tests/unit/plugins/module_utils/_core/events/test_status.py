# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rule for the status of a run as a document and as metrics."""

from __future__ import annotations

import json

from ansible_collections.wabiz.migration.plugins.module_utils._core.events import event, status
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.events.script import Script


def test_the_status_says_what_the_display_says():
    run = Script(4).read("h1", "h2").planned(1, 1).moved("h1", seconds=2.0)
    run.cutover("h2", event.WAITING, 2, text="paused").wait(3)
    run.add(event.NUMBER_ENDED, "h3", event.REPORT, outcome="blocked", text="WM101")
    found = status.document(run.state, run.now, unreadable=2)
    assert json.loads(json.dumps(found)) == found
    assert (found["run"], found["wave"], found["waves"], found["unreadable"]) == ("run-1", 2, [1, 1], 2)
    assert found["numbers"] == {
        "total": 4,
        "moved": 1,
        "would_move": 0,
        "under_way": 0,
        "waiting": 1,
        "failed": 0,
        "blocked": 1,
        "unknown": 0,
        "unchanged": 0,
        "left": 1,
    }
    assert found["progress"] == {"moving": True, "done": 1, "of": 2}
    assert found["longest_interruption"] == {"seconds": 2.0, "host": "h1", "number": "+1 555-1 (h1)"}
    assert found["waits"] == [{"reason": "paused", "numbers": 1, "since": event.written(run.now - 3)}]
    assert found["attention"] == [{"host": "h3", "number": "+1 555-3", "state": "blocked", "text": "WM101"}]
    assert found["ended"] is None and found["began"] == event.written(run.now - 5)


def test_the_document_stays_small():
    run = Script(500)
    for at in range(500):
        run.add(event.NUMBER_ENDED, "h%d" % at, event.REPORT, outcome="failed")
    found = status.document(run.state, run.now)
    assert (len(found["attention"]), found["attention_left_out"]) == (100, 400)


def test_a_run_that_has_just_begun_has_a_status():
    found = status.document(Script(0).state, 1795760000.0)
    assert found["longest_interruption"] is None and found["rate_per_minute"] is None and found["wave"] is None


def test_metrics_have_one_line_for_each_state_and_leave_out_what_is_unknown():
    run = Script(2).moved("h1", seconds=2.0).add(event.RUN_ENDED)
    lines = status.metrics(run.state, run.now).splitlines()
    assert 'wabiz_migration_numbers{state="moved"} 1.0' in lines
    assert 'wabiz_migration_run_info{run="run-1"} 1.0' in lines
    assert "wabiz_migration_longest_interruption_seconds 2.0" in lines
    assert "wabiz_migration_run_ended 1.0" in lines
    assert not [line for line in lines if "estimated_end" in line]


def test_a_reason_with_quotation_marks_is_escaped():
    run = Script(1).cutover("h1", event.WAITING, text='it says "pause" \\ now')
    assert r'wabiz_migration_waiting{reason="it says \"pause\" \\ now"} 1.0' in status.metrics(run.state, run.now)
