# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message tells what was sent to the number until then, by this task and by those before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.own_tasks import (
    by_hand,
    preparing,
    registering,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_failure_limit import (
    has_printed,
    meanwhile,
    until,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_order import (
    BACKED_UP,
    CLEARED,
    CUTOVER,
    ONE_WORKER,
    fleet,
    own_changes,
    untouched,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_wait import hours
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)


def test_tasks_of_ones_own_tell_what_those_before_them_have_sent(world: World) -> None:
    """A task knows nothing of the ones that follow, so only the last one can refuse, and says what is done by then."""
    tasks = [{**task, "name": f"Prepare {at}"} for at, task in enumerate(preparing(world)[::2])]
    run = by_hand(world, [*tasks, {**registering(world, window=hours(5, 2)), "name": "Register"}])
    result = run.result("h00", "Register")
    assert result["sent"] == [CLEARED, BACKED_UP]
    assert f"Sent before this: {CLEARED}; {BACKED_UP}. It is safe to run again." in result["msg"]
    assert own_changes(world, 0) == ["two-step", "backup"]


def test_a_number_that_comes_again_tells_what_was_sent_before_it_had_to_wait(world: World) -> None:
    """A pause meets it at the register call, and becomes a stop while the wave waits."""
    file = world.where / "freeze"
    inventory = world.group_vars(fleet(world), freeze=str(file))
    world.sim.fault("delay", {"path": "/settings/backup$"}, seconds=1.5, when="before")

    def preparing_now() -> bool:
        return "two-step" in own_changes(world, 0)

    with meanwhile(
        lambda: until(preparing_now),
        lambda: file.write_text("pause"),
        lambda: until(lambda: has_printed(world, "1 number waits: ")),
        lambda: file.write_text("stop"),
    ):
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert "[frozen]" in lines(run)["h00"]
    subscribed = "POST subscribed_apps of WABA %s" % world.content["numbers"][0]["waba_id"]
    assert f"Sent before this: {subscribed}; {CLEARED}; {BACKED_UP}." in lines(run)["h00"]
    assert own_changes(world, 0) == ["two-step", "backup"]


@pytest.mark.parametrize("via", ["local", "ssh", "host"])
def test_a_step_that_fails_tells_of_the_steps_before_it(world: World, via: str) -> None:
    """Wherever they ran: two-step verification and the backup are the node's host's, where one is."""
    world.sim.fault("onprem_error", {"path": "/settings/backup$"}, code=1005)
    inventory = fleet(world)
    shared = inventory["all"]["children"]["wa_onprem"]["vars"]
    if via != "local":
        shared["ansible_connection"] = "elsewhere"
        shared["wa_migrate_graph_via"] = "host" if via == "host" else "controller"
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    subscribing = "POST subscribed_apps of WABA %s" % world.content["numbers"][0]["waba_id"]
    reported = run.result("h00", CUTOVER)
    assert reported["sent"] == [subscribing, CLEARED, BACKED_UP]
    assert f"Sent before this: {subscribing}; {CLEARED}; {BACKED_UP}. It is" in lines(run)["h00"], lines(run)["h00"]
    assert own_changes(world, 0) == ["two-step", "backup"]


def test_a_number_that_has_moved_and_lost_something_tells_that_it_was_registered(world: World) -> None:
    """Its comparison, which is a task of its own, has sent reads only."""
    run = world.run(MIGRATE, "-l", "h06", inventory=world.group_vars(fleet(world), without_backup=True))
    assert world.moved == {number_id(6)}, run.transcript
    assert states(tables(run)[-1]) == {"h06": "failed"}
    assert "[lost]" in lines(run)["h06"] and "POST register. It is" in lines(run)["h06"], lines(run)["h06"]
    assert "Only reads" not in lines(run)["h06"]


def test_what_a_host_was_sent_is_not_known_where_it_does_not_say(world: World, tmp_path: Path) -> None:
    inventory = fleet(world)
    gone = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_retries": 0}
    inventory["all"]["children"]["wa_onprem"]["vars"].update(gone)
    tasks = [
        {"name": "Read", "wabiz.migration.wa_onprem_info": {}, "ignore_errors": True},
        {"name": "Clear", "wabiz.migration.wa_two_step": {"state": "absent"}, "ignore_errors": True},
        {
            "name": "Predict",
            "wabiz.migration.wa_two_step": {"state": "absent"},
            "check_mode": True,
            "ignore_errors": True,
        },
        {"name": "Look", "wabiz.migration.wa_traffic": {}},
    ]
    run = by_hand(world, tasks, inventory=inventory)
    assert "At most reads were sent." in run.result("h00", "Read")["msg"]
    assert "What was sent is not known." in run.result("h00", "Clear")["msg"]
    assert "At most reads were sent." in run.result("h00", "Predict")["msg"]
    assert not {"failed", "msg", "failure", "sent"} & set(run.result("h00", "Look")), "that is no failure"


def test_a_module_on_the_host_stops_for_a_wrong_pin_and_tells_of_its_own(world: World) -> None:
    """Where Graph is called from the hosts, numbers share what they know on the controller."""
    inventory = world.group_vars(world.inventory(h00={"wa_migrate_pin": "099999"}), waves="100%", graph_via="host")
    inventory["all"]["children"]["wa_onprem"]["vars"]["ansible_connection"] = "elsewhere"
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory, environment=ONE_WORKER)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0)]
    untouched(world, run, 1, "wrong_pin_elsewhere")
    assert "POST register. It is NOT safe" in lines(run)["h00"], lines(run)["h00"]


def test_a_module_on_the_host_that_is_no_step_is_stopped_as_well(world: World) -> None:
    """It can't see what numbers tell each other, and is the only one to judge where the tasks are one's own."""
    inventory = world.inventory(h00={"wa_migrate_pin": "099999"})
    inventory["all"]["children"]["wa_onprem"]["vars"]["ansible_connection"] = "elsewhere"
    without = {"without_backup": True, "backup_file": "", "backup_password": "", "graph_via": "host"}
    tasks = [{**registering(world, **without), "name": "Register", "throttle": 1, "ignore_errors": True}]
    tasks.append({**tasks[0], "name": "Predict", "check_mode": True})
    run = by_hand(world, tasks, "h00,h01", inventory=inventory)
    assert run.result("h00", "Register")["failure"]["code"] == 133005, run.transcript
    for task in ("Register", "Predict"):
        result = run.result("h01", task)
        assert result["failure"]["code"] == "wrong_pin_elsewhere", result
        assert result.get("would_be_refused", False) == (task == "Predict")
        assert "Nothing was sent." in result["msg"]
    assert world.registers == [number_id(0)]


def test_a_connection_that_does_not_come_about_has_sent_nothing(world: World) -> None:
    task = {"name": "Clear", "wabiz.migration.wa_two_step": {"state": "absent", "onprem_url": "https://127.0.0.1:1"}}
    task["wabiz.migration.wa_two_step"]["onprem_retry_for"] = 0
    result = by_hand(world, [task]).result("h00", "Clear")
    assert (result["sent"], "Nothing was sent." in result["msg"]) == ([], True), result["msg"]
