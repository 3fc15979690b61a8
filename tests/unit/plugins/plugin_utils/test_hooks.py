# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the hooks: their table, those of wa_register, and what is left of a result that nobody looks at."""

from __future__ import annotations

from typing import Any

import pytest
from ansible import constants
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.plugin_utils import _hook_table, _hooks_register, _shared
from ansible_collections.wabiz.migration.plugins.plugin_utils._hooks import brief
from ansible_collections.wabiz.migration.plugins.plugin_utils._worker import Step, Worker

from .actions import action

NODE = {"wa_id": "1", "traffic": {"taken_at": 5, "counters": {"a": 1}, "gauges": {"b": 2}}, "photo": None}


@pytest.mark.parametrize(
    ("value", "kept", "left"),
    [
        (NODE, ("wa_id", "not there"), {"wa_id": "1"}),
        (NODE, ("traffic.taken_at", "traffic.counters"), {"traffic": {"taken_at": 5, "counters": {"a": 1}}}),
        (NODE, ("traffic",), {"traffic": NODE["traffic"]}),
        (NODE, (), {}),
        ({"photo": None}, ("photo.there",), {"photo": None}),
        ([1, 2], (), []),
        (None, ("a",), None),
        ("text", (), "text"),
    ],
)
def test_only_what_is_named_stays(value: Any, kept: tuple[str, ...], left: Any) -> None:
    assert brief(value, kept) == left


# --- the table


def test_the_table_names_modules_and_its_hooks_keep_no_state():
    assert set(_hook_table._HOOKS) <= set(MODULES)
    for hooks in _hook_table._HOOKS.values():
        assert set(vars(hooks)) == {"details"}


def test_a_module_that_is_not_in_the_table_only_runs_its_operation():
    hooks, step = _hook_table.of(MODULES["wa_backup"]), Step(MODULES["wa_backup"])
    worker = Worker(action(), {})
    assert hooks.errors(worker, step, ["one"]) == ["one"]
    assert hooks.must_wait(worker, step, ()) == (None, False)
    assert hooks.before_shipping(worker, step, False) is None


# --- wa_preflight


def test_the_linter_runs_once_for_all_numbers_of_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    ran: list[list[str]] = []

    def rows(paths: list[str]) -> list[dict[str, Any]]:
        ran.append(paths)
        return [{"code": "app_not_ready", "title": "one"}]

    monkeypatch.setattr(_hook_table.lint_findings, "rows", rows)
    hooks, worker = _hook_table.of(MODULES["wa_preflight"]), Worker(action(), {})
    for number in range(3):
        step = Step(MODULES["wa_preflight"], params={"lint_paths": ["src"], "freeze": None})
        if number == 2:  # a task that is shipped cannot ask, so it is told
            assert hooks.before_shipping(worker, step, False) is None
            assert step.params["linted"] == [{"code": "app_not_ready", "title": "one"}]
            continue
        hooks.prepare(worker, step)
        assert len(ran) == number  # a number that has moved needs no linter
        assert step.params["linted"]() == [{"code": "app_not_ready", "title": "one"}]
    assert ran == [["src"]]


# --- wa_register

REGISTER = MODULES["wa_register"]


def test_the_register_call_takes_over_what_the_steps_before_have_found_out():
    params: dict[str, Any] = {"pin_cleared": False, "backup_digest": None, "backup_max_age": 60}
    earlier = {"wa_two_step": {"two_step": "absent"}, "wa_backup": {"digest": "abc"}}
    _hook_table.of(REGISTER).follow(params, earlier)
    assert params == {"pin_cleared": True, "backup_digest": "abc", "backup_max_age": 600}


@pytest.fixture
def slots(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(_hooks_register, "_PATIENCE", 0.0)
    monkeypatch.setattr(_hooks_register, "_LOOK", 0.0)


def waiting(returns: bool, waba_id: str = "1", most: int = 1) -> tuple[Worker, Step]:
    params = {"max_parallel_cutovers_per_waba": most, "waba_id": waba_id, "return_when_waiting": returns}
    return Worker(action(), {"inventory_hostname": "h1"}), Step(REGISTER, params=params)


def test_a_number_without_a_free_slot_waits_until_there_is_one(slots):
    (first, step), (second, _step) = waiting(True), waiting(True)
    assert _hooks_register._without_slot(first, step) is None
    result = _hooks_register._without_slot(second, step)
    assert result is not None and result["waiting"] is True and "being registered already" in result["why"]
    first.kept.close()
    assert _hooks_register._without_slot(second, step) is None
    second.kept.close()


def test_a_caller_that_cannot_wait_is_told_and_waited_for(slots, monkeypatch):
    (first, step), (second, patient) = waiting(True), waiting(False)
    assert _hooks_register._without_slot(first, step) is None
    reported = []
    monkeypatch.setattr(Worker, "announce", lambda _worker, _name, text: (reported.append(text), first.kept.close()))
    assert _hooks_register._without_slot(second, patient) is None
    assert reported == ["Waiting: 1 number of WABA 1 is being registered already"]
    second.kept.close()


@pytest.mark.parametrize(("waba_id", "most"), [("", 1), ("1", 0)])
def test_without_a_limit_or_a_waba_there_is_no_slot(slots, waba_id, most, monkeypatch):
    monkeypatch.setattr(_shared, "slot", None)
    assert _hooks_register._without_slot(*waiting(True, waba_id, most)) is None
