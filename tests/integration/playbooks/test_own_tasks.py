# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps in tasks of one's own are judged before the first of them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.own_tasks import (
    by_hand,
    registering,
    steps,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_order import (
    own_changes,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_wait import hours, when
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    World,
    number_id,
)

FORBIDDEN = {"id": "WM170", "severity": "blocker", "seen": "It is forbidden", "number": "15550000000", "fix": ""}
ENDED = {"id": "WM170", "who": "ada", "why": "ticket", "until": "2026-01-31"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"window": hours(5, 2)}, "outside_window"),
        ({"freeze": "frozen:ask Ada"}, "frozen"),
        ({"freeze": "paused:ask Ada"}, "paused"),
        ({"findings": [FORBIDDEN], "waivers": [ENDED]}, "not_waived"),
    ],
)
def test_steps_of_ones_own_are_judged_before_the_first_one(world: World, options: dict[str, Any], code: str) -> None:
    reported = by_hand(world, [{**steps(world, **options), "check_mode": True}])
    predicted = reported.result("h00", "Steps")
    if code == "paused":
        assert "failed" not in predicted and "Changes are paused" in str(predicted["warnings"])
    else:
        assert (predicted["failure"]["code"], predicted["would_be_refused"]) == (code, True), predicted
        assert "Only reads were sent." in predicted["msg"]
    world.mark()
    result = by_hand(world, [steps(world, **options)]).result("h00", "Steps")
    assert (result["failure"]["code"], result["steps"], result["sent"]) == (code, {}, [])
    assert "Nothing was sent." in result["msg"] and "would_be_refused" not in result
    assert world.requests == [] and not world.state.exists()


def test_every_option_is_checked_before_the_first_step(world: World) -> None:
    """Whether a time zone exists, only the controller knows."""
    window = [{"hours": "22:00-04:00", "timezone": "Europe/Nowhere"}]
    result = by_hand(world, [steps(world, window=window)]).result("h00", "Steps")
    assert result["failure"]["code"] == "bad_input"
    assert "steps[3] wa_register: window: window 1: timezone" in result["msg"], result["msg"]
    assert world.requests == []


@pytest.mark.parametrize(("prefix", "called"), [({}, "onprem_token"), ({"names_prefix": "acme_"}, "acme_onprem_token")])
def test_a_refused_step_names_options_as_its_task_does(world: World, prefix: dict[str, str], called: str) -> None:
    backup = {"dest": str(world.state / "backup.json"), "backup_password": "any text", "onprem_password": ""}
    task = {"name": "Steps", "wabiz.migration.wa_steps": {"steps": [{"wabiz.migration.wa_backup": backup}], **prefix}}
    result = by_hand(world, [task]).result("h00", "Steps")
    assert f"there is no {called} either" in result["errors"][0] and f"no {called} either" in result["msg"], result
    assert world.requests == []


def test_a_number_that_waited_for_a_slot_is_judged_again(world: World) -> None:
    """Two numbers of one WABA, one slot for register calls: while the second one waits for it, changes are frozen."""
    file = world.where / "freeze"
    world.sim.fault("delay", {"path": "/register$"}, seconds=4.0, when="after")
    limits = {"freeze": str(file), "waba_id": "{{ wa_migrate_waba_id }}", "max_parallel_cutovers_per_waba": 1}
    with when(lambda: world.registers, lambda: file.write_text("stop")):
        run = by_hand(world, [{**steps(world, **limits), "ignore_errors": True}], "h00,h02")
    results = [run.result(host, "Steps") for host in ("h00", "h02")]
    (stopped,) = [result for result in results if result.get("failure")]
    assert len(world.registers) == 1 and len(world.moved) == 1, run.transcript
    assert (stopped["failure"]["code"], stopped["steps"]) == ("frozen", {})
    (left,) = {number_id(0), number_id(2)} - world.moved
    assert not [line for line in world.changes if line["phone_number_id"] == left]


def test_check_mode_tells_of_a_wrong_pin_and_of_too_many_failures(world: World) -> None:
    """A number is registered with a wrong PIN for real, and others are looked at in check mode after that."""
    tasks = [
        {**steps(world, pin="099999"), "when": "inventory_hostname == 'h00'", "ignore_errors": True},
        {**registering(world), "name": "Without", "check_mode": True, "ignore_errors": True},
        {**steps(world, "Cleared"), "check_mode": True},
    ]
    tasks[0]["wabiz.migration.wa_steps"]["steps"] = tasks[0]["wabiz.migration.wa_steps"]["steps"][1:]
    run = by_hand(world, tasks, "h00,h01")
    assert run.result("h00", "Steps")["failure"]["code"] == 133005, run.transcript
    without = run.result("h01", "Without")
    assert without["would_be_refused"] and "wrong_pin_elsewhere" in without["msg"], without
    assert run.result("h01", "Cleared")["steps"]["wa_register"]["registration"]["outcome"] == "would be registered"
    assert world.registers == [number_id(0)] and own_changes(world, 1) == []


def test_a_role_of_ones_own_has_its_inputs_checked(world: World) -> None:
    """wa_inputs knows no role: it goes by the argument spec that the task states, and refuses one that is wrong."""
    task: dict[str, Any] = {
        "hosts": ["h00"],
        "prefix": "acme_",
        "argument_spec": {"acme_pin": {"type": "raw"}, "acme_patience": {"type": "float"}},
        "renamed": {"patience": "wa_health.wiat"},
    }
    good = {**task, "renamed": {"patience": "wa_health.wait"}}
    tasks = [
        {"name": "wrong", "wabiz.migration.wa_inputs": task, "ignore_errors": True},
        {"name": "missing", "wabiz.migration.wa_inputs": {"hosts": ["h00"]}, "ignore_errors": True},
        {"name": "good", "wabiz.migration.wa_inputs": good, "vars": {"acme_patience": "soon", "acme_pinn": 1}},
    ]
    run = by_hand(world, tasks)
    assert run.result("h00", "wrong")["errors"] == [
        "renamed: patience: no module of this collection has the option wa_health.wiat"
    ]
    assert {error.partition(":")[0] for error in run.result("h00", "missing")["errors"]} == {"prefix", "argument_spec"}
    reported = "\n".join(run.result("h00", "good")["errors"])
    assert "acme_pinn: the role has no such input; is acme_pin meant?" in reported
    assert "acme_patience: expected a number of seconds" in reported
    assert world.requests == []
