# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the steps of one task, and putting their results together."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.plugin_utils import _hook_table, _steps, _worker_runner
from ansible_collections.wabiz.migration.plugins.plugin_utils._hooks import Admission, Hooks
from ansible_collections.wabiz.migration.plugins.plugin_utils._worker import Step, Worker

from .actions import action

TOKEN = {"access_token": "EAAB", "onprem_password": "secret"}
STEPS = MODULES["wa_steps"]
BACKUP = {"wa_backup": {"dest": "/srv/b.json", "backup_password": "any text"}}
SUBSCRIBE = {"wabiz.migration.wa_subscribe": {"waba_id": "102290129340398"}}


def read(*steps: Any, variables: dict[str, Any] | None = None, **shared: Any) -> tuple[list[Step], list[str]]:
    return _steps.read(Worker(action(steps=list(steps), **TOKEN, **shared), variables or {}), STEPS)


def names(steps: list[Step]) -> list[str]:
    return [step.module.name for step in steps]


def test_steps_are_taken_in_their_order_with_the_connections():
    steps, faults = read(SUBSCRIBE, BACKUP)
    assert faults == []
    assert names(steps) == ["wa_subscribe", "wa_backup"]
    assert steps[0].options == {**TOKEN, "waba_id": "102290129340398"}


def test_a_steps_own_option_goes_first():
    (step,), faults = read({"wa_subscribe": {"waba_id": "102290129340398", "access_token": "own"}})
    assert (step.options["access_token"], faults) == ("own", [])


@pytest.mark.parametrize("no", [False, "False", "no"])
def test_a_step_with_when_false_is_left_out_and_not_checked(no):
    steps, faults = read({"wa_subscribe": None, "when": no}, BACKUP)
    assert (names(steps), faults) == (["wa_backup"], [])


@pytest.mark.parametrize(("name", "taken"), [("there.yes", True), ("there.no", False), ("no", False), ("true", True)])
def test_when_may_name_a_variable(name, taken):
    variables = {"there": {"yes": True, "no": False}}
    steps, faults = read({**SUBSCRIBE, "when": name}, BACKUP, variables=variables)
    assert ("wa_subscribe" in names(steps), faults) == (taken, [])


def test_when_names_a_variable_that_is_not_there():
    _steps_found, faults = read({**SUBSCRIBE, "when": "there.maybe"})
    assert len(faults) == 1 and "steps[0] wa_subscribe: when: expected true or false" in faults[0]


def test_the_faults_of_all_steps_are_reported_at_once():
    _found, faults = read({"wa_subscribe": {}}, {"wa_backup": {"dest": "b.json", "forse": True}}, {"wa_health": {}})
    assert len(faults) == 5
    for location, wording in (
        ("steps[0] wa_subscribe: waba_id: missing", ""),
        ("steps[1] wa_backup: dest", "absolute"),
        ("steps[1] wa_backup: forse", "is force meant"),
        ("steps[1] wa_backup: backup_password: missing", ""),
        ("steps[2] wa_health: phone_number_id and waba_id", "exactly one"),
    ):
        assert [fault for fault in faults if fault.startswith(location) and wording in fault], (location, faults)


@pytest.mark.parametrize(
    ("step", "wording"),
    [
        ("wa_backup", "a module with its options is wanted"),
        ({}, "exactly one module"),
        ({**BACKUP, **SUBSCRIBE}, "exactly one module"),
        ({"when": True}, "exactly one module"),
        ({"wa_report": {}}, "no module that can be a step"),
        ({"ansible.builtin.command": "rm"}, "no module that can be a step"),
        ({"wa_backup": "dest"}, "no mapping"),
        ({**BACKUP, "when": "perhaps"}, "when: expected true or false"),
    ],
)
def test_a_step_that_is_none(step, wording):
    _found, faults = read(step)
    assert len(faults) == 1 and faults[0].startswith("steps[0]") and wording in faults[0]


def test_a_module_can_be_a_step_once():
    _found, faults = read(BACKUP, BACKUP)
    assert faults == ["steps[1] wa_backup: each module can be a step once"]


@pytest.mark.parametrize("steps", [None, [], "wa_backup", {}])
def test_without_steps_there_is_nothing_to_do(steps):
    assert _steps.read(Worker(action(steps=steps, **TOKEN), {}), STEPS)[1] == [
        "steps: a list is wanted, of one module with its options each"
    ]


def test_a_step_is_called_by_its_place_among_all_that_are_stated():
    _found, faults = read(
        {"wa_subscribe": {"waba_id": "1"}, "when": False}, {"wa_backup": {**BACKUP["wa_backup"], "forse": 1}}
    )
    assert len(faults) == 1 and faults[0].startswith("steps[1] wa_backup: forse")


def test_results_stand_side_by_side():
    result: dict[str, Any] = {"changed": False, "steps": {}}
    _steps.join(
        result,
        "wa_backup",
        {
            "changed": True,
            "path": "/srv/b.json",
            "warnings": ["one"],
            "diff": {"before": {"backup": "none"}, "after": {"backup": "a"}},
            "invocation": {"module_args": {"dest": "/srv/b.json"}},
            "_ansible_verbose_always": True,
        },
    )
    _steps.join(result, "wa_subscribe", {"changed": False, "subscribed": True, "warnings": ["two", "one"]})
    assert result["changed"] is True and result["warnings"] == ["one", "two"]
    assert [one["before_header"] for one in result["diff"]] == ["wa_backup"]
    assert result["steps"] == {
        "wa_backup": {"changed": True, "path": "/srv/b.json"},
        "wa_subscribe": {"changed": False, "subscribed": True},
    }
    assert result["invocation"]["module_args"]["steps"][0] == {"wabiz.migration.wa_backup": {"dest": "/srv/b.json"}}
    assert "failed" not in result


class Paced:
    """As much of a worker as is looked at where a step has met a rate limit."""

    def rate_limiter(self, _params: Any) -> Any:
        return self

    def left(self) -> float:
        return 30.0


def test_a_step_that_met_a_rate_limit_waits_and_says_why():
    """Whoever waits learns what it waits for, and numbers that wait for the same are reported together."""
    done = {
        "failed": True,
        "msg": "Number 1: The rate limit is reached [80007]. Sent before this: POST a. It is safe to run again.",
        "failure": {"code": 80007, "title": "The rate limit is reached"},
    }
    step = Step(MODULES["wa_subscribe"], params={"access_token": "EAAB"})
    waits, fails = (Step(MODULES["wa_register"], params={"return_when_waiting": returns}) for returns in (True, False))
    found = _steps.later(Paced(), step, done, [waits])
    assert found["waiting"] and found["why"] == ("The rate limit is reached [80007]. It is safe to run again.")
    assert _steps.later(Paced(), step, done, [fails]) is None
    assert _steps.later(Paced(), step, {**done, "failure": {"code": 190}}, [waits]) is None


def test_the_failure_of_a_step_is_the_failure_of_the_task():
    result: dict[str, Any] = {"changed": False, "steps": {}}
    failed = {
        "failed": True,
        "msg": "no",
        "failure": {"code": "other_run", "title": "Another run"},
        "sent": ["POST backup on the node"],
        "would_be_refused": True,
    }
    _steps.join(result, "wa_backup", {"changed": False, **failed})
    assert {name: result[name] for name in failed} == failed
    assert result["steps"]["wa_backup"]["failed"] is True


# --- taking them


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let steps return what is written here by the module's name, and write down which were asked and taken."""
    given: dict[str, Any] = {"admissions": {}, "results": {}, "log": []}

    class Asked(Hooks):
        def must_wait(self, worker: Worker, step: Step, before: Any) -> Admission:
            given["log"].append("ask %s after %d" % (step.module.name, len(before)))
            return given["admissions"].get(step.module.name, Admission())

    def take(_worker: Worker, step: Step, earlier: Any, moved: bool) -> dict[str, Any]:
        given["log"].append("take %s after %s%s" % (step.module.name, ",".join(earlier) or "none", " moved" * moved))
        return {"changed": True, **given["results"].get(step.module.name, {})}

    monkeypatch.setattr(_hook_table, "of", lambda _module: Asked())
    monkeypatch.setattr(_worker_runner, "take", take)
    return given


def run(**variables: Any) -> dict[str, Any]:
    return _steps.all_steps(Worker(action(steps=[SUBSCRIBE, BACKUP], **TOKEN), variables), STEPS)


def test_every_step_is_asked_before_the_first_is_taken(taken):
    result = run()
    assert taken["log"] == [
        "ask wa_subscribe after 0",
        "ask wa_backup after 1",
        "take wa_subscribe after none",
        "take wa_backup after wa_subscribe",
    ]
    assert result["changed"] is True and list(result["steps"]) == ["wa_subscribe", "wa_backup"]


def test_what_holds_back_a_later_step_lets_none_begin(taken):
    taken["admissions"]["wa_backup"] = Admission({"changed": False, "waiting": True, "why": "a pause"})
    assert run() == {"changed": False, "steps": {}, "waiting": True, "why": "a pause"}
    assert taken["log"] == ["ask wa_subscribe after 0", "ask wa_backup after 1"]


@pytest.mark.parametrize("ends", [{"failed": True}, {"waiting": True}])
def test_the_first_step_that_fails_or_waits_is_the_last(taken, ends):
    taken["results"]["wa_subscribe"] = ends
    assert list(run()["steps"]) == ["wa_subscribe"]


def test_a_killed_run_takes_no_further_step(taken, monkeypatch):
    monkeypatch.setattr(Worker, "run_is_alive", property(lambda _worker: len(taken["log"]) < 3))
    run()
    assert taken["log"][2:] == ["take wa_subscribe after none"]


def test_nothing_is_prepared_on_the_node_of_a_number_that_has_moved(taken):
    taken["admissions"]["wa_subscribe"] = Admission(moved=True)
    _steps.all_steps(Worker(action(steps=[BACKUP, SUBSCRIBE], **TOKEN), {}), STEPS)
    assert taken["log"][2:] == ["take wa_subscribe after none moved"], "what follows the move is taken"


def test_no_step_begins_where_one_has_a_fault(taken):
    worker = Worker(action(steps=[SUBSCRIBE, {"wa_backup": {"dest": "b"}}], **TOKEN), {})
    result = _steps.all_steps(worker, STEPS)
    assert result["failed"] and taken["log"] == [] and "steps" not in result
