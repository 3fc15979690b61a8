# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_wait: has the worker runner only; it waits until the latest time that a waiting host has named."""

from __future__ import annotations

import time
from pathlib import Path

from ansible_collections.wabiz.migration.tests.support import ansible_run, module_runner


def test_the_module_says_where_it_runs(tmp_path: Path) -> None:
    result = module_runner.call("wa_wait", {"hosts": ["a"], "result_var": "cutover"}, False, str(tmp_path))
    assert result["failed"] is True
    assert result["failure"]["code"] == "controller_only"


def test_the_worker(tmp_path: Path) -> None:
    began = "{{ lookup('ansible.builtin.pipe', 'date +%s.%N') | float }}"
    tasks = [
        {"name": "all faults", "wabiz.migration.wa_wait": {"interval": "often"}, "ignore_errors": True},
        {
            "name": "start",
            "ansible.builtin.set_fact": {"began": began},
            "loop": ["a", "b", "e"],
            "delegate_to": "{{ item }}",
            "delegate_facts": True,
        },
        {"name": "nobody", "wabiz.migration.wa_wait": {"hosts": ["b", "c"], "result_var": "cutover"}},
        {
            "name": "two",
            "wabiz.migration.wa_wait": {"hosts": ["a", "b", "d"], "interval": 0.1, "result_var": "cutover"},
        },
        {
            "name": "stopped",
            "wabiz.migration.wa_wait": {"hosts": ["e"], "result_var": "cutover", "vars_prefix": "acme_"},
        },
    ]
    book = ansible_run.as_yaml(
        tmp_path / "book.yml", [{"name": "Hold", "hosts": "a", "gather_facts": False, "tasks": tasks}]
    )
    stop = tmp_path / "switch"
    stop.write_text("enough")
    waiting = {"waiting": True, "why": "the limit is reached", "wait_until": "{{ began | float + 5 }}"}
    inventory = {
        "all": {
            "hosts": {
                "a": {"cutover": waiting},
                "b": {"cutover": {"changed": True}},
                "c": {},
                "e": {
                    "cutover": {
                        "waiting": True,
                        "why": "a limit",
                        "wait_until": "{{ began | float + 605 }}",
                    },
                    "acme_freeze": str(stop),
                },
                "d": {"cutover": {"waiting": True, "why": "a pause", "wait_until": 0}},
            },
            "vars": {"ansible_connection": "elsewhere", "acme_freeze": ""},
        }
    }
    run = ansible_run.playbook(tmp_path, book, inventory)
    errors = run.result("a", "all faults")["errors"]
    assert sorted(error.partition(":")[0] for error in errors) == ["hosts", "interval", "result_var"]
    nobody = run.result("a", "nobody")
    assert (nobody["hosts"], nobody["why"], nobody["changed"]) == ([], [], False) and nobody["waited"] < 1
    two = run.result("a", "two")
    assert two["hosts"] == ["a", "d"] and two["why"] == ["a pause", "the limit is reached"]
    assert time.time() >= float(run.result("a", "start")["results"][0]["ansible_facts"]["began"]) + 5
    stopped = run.result("a", "stopped")
    assert stopped["hosts"] == ["e"] and stopped["waited"] < 5, "it tries to register again, which says so"
    assert "2 numbers wait: a pause; the limit is reached" in run.stderr
