# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_report has the worker runner only: the module says so, and the worker reports bad options like all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run, module_runner


def test_the_module_says_where_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = module_runner.call("wa_report", {"hosts": ["a"], "phase": "move"}, False, str(tmp_path))
    assert result["failed"] is True
    assert result["failure"]["code"] == "controller_only"


def test_the_worker(tmp_path: Path) -> None:
    tasks = [
        {
            "name": "all faults",
            "wabiz.migration.wa_report": {"phase": "later", "verdict": "perhaps", "on_blocker": "x"},
        },
        {
            "name": "table",
            "wabiz.migration.wa_report": {
                "hosts": ["a", "b"],
                "phase": "move",
                "result_vars": {"phone_number_id": "wa_migrate_phone_number_id"},
            },
            "check_mode": True,
        },
        {"name": "line", "wabiz.migration.wa_report": {"hosts": ["a"], "phase": "move", "verdict": True}},
    ]
    book = ansible_run.as_yaml(
        tmp_path / "book.yml",
        [{"name": "Report", "hosts": "a", "gather_facts": False, "ignore_errors": True, "tasks": tasks}],
    )
    inventory = {
        "all": {
            "hosts": {"a": {"wa_migrate_phone_number_id": "123"}, "b": {}},
            "vars": {"ansible_connection": "elsewhere"},
        }
    }
    run = ansible_run.playbook(tmp_path, book, inventory)
    errors = run.result("a", "all faults")["errors"]
    assert sorted(error.partition(":")[0] for error in errors) == ["hosts", "on_blocker", "phase", "verdict"]
    table = run.result("a", "table")
    assert table["states"] == {"not started": 2} and table["changed"] is False
    assert table["lines"]["a"].startswith("123 (a): ")
    assert "not started" in run.result("a", "line")["msg"]
