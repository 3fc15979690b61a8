# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the steps of one task, and putting their results together."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.plugin_utils import _steps

TOKEN = {"access_token": "EAAB", "onprem_password": "secret"}
STEPS = {name: MODULES[name] for name in ("wa_subscribe", "wa_backup", "wa_health")}
BACKUP = {"wa_backup": {"dest": "/srv/b.json", "backup_password": "any text"}}
SUBSCRIBE = {"wabiz.migration.wa_subscribe": {"waba_id": "102290129340398"}}


def read(*steps: Any, **shared: Any) -> tuple[list[_steps.Step], list[str]]:
    return _steps.read({"steps": list(steps), **TOKEN, **shared}, STEPS, {}, None, True)


def test_steps_are_taken_in_their_order_with_the_connections():
    steps, faults = read(SUBSCRIBE, BACKUP)
    assert faults == []
    assert [step.module_name for step in steps] == ["wa_subscribe", "wa_backup"]
    assert steps[0].options == {**TOKEN, "waba_id": "102290129340398"}


def test_a_steps_own_option_goes_first():
    (step,), faults = read({"wa_subscribe": {"waba_id": "102290129340398", "access_token": "own"}})
    assert (step.options["access_token"], faults) == ("own", [])


@pytest.mark.parametrize("no", [False, "False", "no"])
def test_a_step_with_when_false_is_left_out_and_not_checked(no):
    steps, faults = read({"wa_subscribe": None, "when": no}, BACKUP)
    assert ([step.module_name for step in steps], faults) == (["wa_backup"], [])


@pytest.mark.parametrize(("name", "taken"), [("there.yes", True), ("there.no", False), ("no", False), ("true", True)])
def test_when_may_name_a_variable(name, taken):
    variables = {"there": {"yes": True, "no": False}}
    stated = {"steps": [{**SUBSCRIBE, "when": name}, BACKUP], **TOKEN}
    steps, faults = _steps.read(stated, STEPS, variables, None, True)
    assert ("wa_subscribe" in [step.module_name for step in steps], faults) == (taken, [])


def test_when_names_a_variable_that_is_not_there():
    _steps_found, faults = _steps.read({"steps": [{**SUBSCRIBE, "when": "there.maybe"}]}, STEPS, {}, None, True)
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
    assert _steps.read({"steps": steps, **TOKEN}, STEPS, {}, None, True)[1] == [
        "steps: a list is wanted, of one module with its options each"
    ]


def test_a_step_is_called_by_its_place_among_all_that_are_stated():
    steps, _faults = read({"wa_subscribe": {"waba_id": "1"}, "when": False}, BACKUP)
    assert [step.label for step in steps] == ["steps[1] wa_backup"]


def test_results_stand_side_by_side():
    result: dict[str, Any] = {"changed": False, "steps": {}}
    first, second = _steps.Step("wa_backup", {}, {}), _steps.Step("wa_subscribe", {}, {})
    _steps.join(
        result,
        first,
        {
            "changed": True,
            "path": "/srv/b.json",
            "warnings": ["one"],
            "diff": {"before": {"backup": "none"}, "after": {"backup": "a"}},
            "invocation": {"module_args": {"dest": "/srv/b.json"}},
            "_ansible_verbose_always": True,
        },
    )
    _steps.join(result, second, {"changed": False, "subscribed": True, "warnings": ["two"]})
    assert result["changed"] is True and result["warnings"] == ["one", "two"]
    assert [one["before_header"] for one in result["diff"]] == ["wa_backup"]
    assert result["steps"] == {
        "wa_backup": {"changed": True, "path": "/srv/b.json"},
        "wa_subscribe": {"changed": False, "subscribed": True},
    }
    assert result["invocation"]["module_args"]["steps"][0] == {"wabiz.migration.wa_backup": {"dest": "/srv/b.json"}}
    assert "failed" not in result


class Paced:
    """As much of an action as is looked at where a step has met a rate limit."""

    checked = ({"access_token": "EAAB"}, [])

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
    waits, fails = _steps.Step("wa_register", {}, {"return_when_waiting": True}), _steps.Step("wa_register", {}, {})
    found = _steps.later(done, Paced(), [waits])
    assert found["waiting"] and found["why"] == ("The rate limit is reached [80007]. It is safe to run again.")
    assert _steps.later(done, Paced(), [fails]) is None
    assert _steps.later({**done, "failure": {"code": 190}}, Paced(), [waits]) is None


def test_the_failure_of_a_step_is_the_failure_of_the_task():
    result: dict[str, Any] = {"changed": False, "steps": {}}
    failed = {
        "failed": True,
        "msg": "no",
        "failure": {"code": "other_run", "title": "Another run"},
        "sent": ["POST backup on the node"],
        "would_be_refused": True,
    }
    _steps.join(result, _steps.Step("wa_backup", {}, {}), {"changed": False, **failed})
    assert {name: result[name] for name in failed} == failed
    assert result["steps"]["wa_backup"]["failed"] is True
