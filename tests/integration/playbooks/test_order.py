# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refuses a number is judged before anything is prepared for it, and a message tells what was sent until then.

The ledger says what was sent. All numbers have two-step verification cleared first, which nobody can put back for them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_failure_limit import (
    has_printed,
    meanwhile,
    until,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_wait import hours, when
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run, faultserver
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

CUTOVER = "Cutover | Prepare and register the number"
CLEARED = "DELETE two-step verification on the node"
BACKED_UP = "POST backup on the node"
ONE_WORKER = {"ANSIBLE_FORKS": "1"}


def own_changes(world: World, at: int) -> list[str]:
    """Return the changes that were asked for on a number or its node, by the ends of their paths."""
    lines_ = [line for line in world.changes if line["phone_number_id"] == number_id(at)]
    return [line["path"].rpartition("/")[2] for line in lines_]


def untouched(world: World, run: Run, at: int, code: str) -> None:
    """Check that a number was refused with this code and nothing of it, or of its files, has changed."""
    host = f"h{at:02d}"
    assert f"[{code}]" in lines(run)[host] or "blockers" in lines(run)[host], lines(run)[host]
    assert own_changes(world, at) == [], lines(run)[host]
    assert not (world.state / number_id(at)).exists()
    reported = run.result(host, CUTOVER)
    assert (reported["sent"], reported["steps"]) == ([], {})
    assert reported["msg"].count(" was sent") <= 1 and "Sent before this" not in reported["msg"]


def fleet(world: World, **hosts: Mapping[str, Any]) -> dict[str, Any]:
    return world.group_vars(world.inventory(**hosts), waves="100%", clear_two_step=True, purpose="customer_support")


# --- before anything is prepared


@pytest.mark.parametrize(
    ("ahead", "long", "text"),
    [
        (5, 2, "The number is outside its change window [outside_window]. It is not open"),
        (-1, 1.08, "The number is outside its change window [outside_window]. It closes too soon"),
    ],
    ids=["closed", "closes too soon"],
)
def test_outside_of_its_window_nothing_of_a_number_is_touched(
    world: World, ahead: float, long: float, text: str
) -> None:
    stated = {"wa_migrate_window": hours(ahead, long), "wa_migrate_register_timeout": 600}
    inventory = fleet(world, h01=stated)
    reported = world.run(MIGRATE, "--check", "-l", "h01,h02", inventory=inventory)
    assert reported.exit_code not in (0, 250), reported.transcript
    assert states(tables(reported)[-1]) == {"h01": "would be refused", "h02": "would move"}
    assert text in lines(reported)["h01"] and "The next window opens" in lines(reported)["h01"]
    assert "Only reads were sent." in lines(reported)["h01"]
    assert world.changes == []
    run = world.run(MIGRATE, "-l", "h01,h02", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert states(tables(run)[-1]) == {"h01": "failed", "h02": "moved"}
    untouched(world, run, 1, "outside_window")
    assert text in lines(run)["h01"] and "Nothing was sent." in lines(run)["h01"]
    assert any(row.endswith("Nothing was sent.") for row in tables(run)[-1]), tables(run)[-1]
    assert own_changes(world, 2) == ["two-step", "backup", "register"]
    assert {line["waba_id"] for line in world.changes if line["effect"] == "subscribed"} == {
        world.content["numbers"][2]["waba_id"]
    }


def test_a_number_that_has_moved_is_looked_after_whenever_it_is(world: World) -> None:
    """Nothing of it is registered, so neither its window nor the others of the run have a say."""
    assert world.run(MIGRATE, "-l", "h00", inventory=fleet(world)).exit_code == 0
    world.sim.admin("POST", f"/wabas/{world.content['numbers'][0]['waba_id']}", {"subscribed_apps": []})
    world.mark()
    inventory = fleet(world, h00={"wa_migrate_window": hours(5, 2)})
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert states(tables(run)[-1]) == {"h00": "changed"}
    assert [line["effect"] for line in world.changes] == ["subscribed"]
    paused = {"location": "CLOUD", "freeze": "paused:ask Ada"}
    own = steps(world, **paused)["wabiz.migration.wa_steps"]["steps"][1::2]
    result = by_hand(world, [{"name": "Steps", "wabiz.migration.wa_steps": {"steps": own}}]).result("h00", "Steps")
    assert result["steps"]["wa_register"]["registration"]["outcome"] == "already on the Cloud API"


def test_a_freeze_that_comes_after_the_preflight(world: World) -> None:
    """The first wave has moved by then, and the switch is asked before the second one is prepared."""
    file = world.where / "freeze"
    inventory = world.group_vars(fleet(world), freeze=str(file), waves=[1])
    with when(lambda: world.registers, lambda: file.write_text("stop: ask Ada")):
        run = world.run(MIGRATE, "-l", "h00,h01", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0)]
    untouched(world, run, 1, "frozen")
    assert "Nothing was sent." in lines(run)["h01"]


@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
def test_an_address_that_says_stop_after_the_preflight(world: World, check: bool) -> None:
    """To ask it is a read."""
    answers = [faultserver.answer(text, content_type="text/plain") for text in (b"no", b"frozen by Ada")]
    with faultserver.FaultServer(answers) as server:
        inventory = world.group_vars(fleet(world), freeze=server.url + "/switch?key=s3cret")
        run = world.run(MIGRATE, *(["--check"] if check else []), "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert states(tables(run)[-1]) == {"h00": "would be refused" if check else "failed"}
    assert "[frozen]" in lines(run)["h00"] and "frozen by Ada" in lines(run)["h00"] and "s3cret" not in run.stdout
    assert "Only reads were sent." in lines(run)["h00"]
    assert world.changes == []
    assert len(server.requests) == 2


@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
def test_the_failure_limit_is_reached_while_a_wave_is_under_way(world: World, check: bool) -> None:
    """One worker, so that the numbers come in their order. In check mode a closed window makes the first one fail."""
    inventory = fleet(world, h00={"wa_migrate_window": hours(5, 2)})
    arguments = ["--check"] if check else []
    run = world.run(
        MIGRATE,
        "-l",
        "h00,h01,h02",
        "-e",
        "wa_migrate_max_failed=0",
        *arguments,
        inventory=inventory,
        environment=ONE_WORKER,
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == []
    assert set(states(tables(run)[-1]).values()) == {"would be refused" if check else "failed"}
    for at in (1, 2):
        assert "[too_many_failed]" in lines(run)[f"h{at:02d}"] and "did not succeed" in lines(run)[f"h{at:02d}"]
        if not check:
            untouched(world, run, at, "too_many_failed")


def test_what_passes_by_itself_is_a_word_in_check_mode(world: World) -> None:
    """A real run would wait for the end of the pause and for a quiet node."""
    file = world.where / "freeze"
    file.write_text("pause: the hotline is busy")
    world.sim.patch(number_id(0), node={"queues": {"callback_queue_size": 450}})
    inventory = world.group_vars(fleet(world), freeze=str(file), quiet_wait=600)
    run = world.run(MIGRATE, "--check", "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert states(tables(run)[-1]) == {"h00": "would move"}
    warned = str(run.result("h00", CUTOVER)["warnings"])
    assert "Changes are paused" in warned and "The node is busy" in warned
    assert world.changes == []


def test_a_wrong_pin_of_another_number(world: World) -> None:
    """Only a number whose two-step verification is cleared on the way goes on; nothing of the others is touched."""
    cleared = {"wa_migrate_clear_two_step": True}
    inventory = world.group_vars(world.inventory(h00={"wa_migrate_pin": "099999"}, h03=cleared), waves="100%")
    run = world.run(MIGRATE, "-l", "h00,h01,h02,h03", inventory=inventory, environment=ONE_WORKER)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0), number_id(3)] and world.moved == {number_id(3)}
    for at in (1, 2):
        untouched(world, run, at, "wrong_pin_elsewhere")
        assert "Nothing was sent." in lines(run)[f"h{at:02d}"]


def test_a_waiver_that_ends_between_the_preflight_and_the_wave(world: World) -> None:
    """The wave is kept waiting by a pause until then. The finding is none that the register call would look for."""
    file = world.where / "freeze"
    file.write_text("pause: the hotline is busy")
    ends = datetime.now(UTC) + timedelta(seconds=14)
    waiver = {"id": "WM170", "who": "ada", "why": "ticket", "until": ends.isoformat(timespec="seconds")}
    inventory = world.group_vars(fleet(world), purpose="general_purpose_assistant", waivers=[waiver], freeze=str(file))
    with meanwhile(
        lambda: until(lambda: has_printed(world, "1 number waits: ")),
        lambda: time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 1),
        file.unlink,
    ):
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert states(tables(run)[0]) == {"h00": "ready"}, tables(run)
    assert world.changes == []
    assert "WM170 is not waived any more [not_waived]" in lines(run)["h00"] and "ended on 20" in lines(run)["h00"]
    assert "Number +1 555-000-0000" in lines(run)["h00"] and "Nothing was sent." in lines(run)["h00"]


# --- by hand


CONNECTIONS = {
    name: "{{ wa_migrate_%s }}" % name
    for name in ("onprem_url", "onprem_password", "onprem_ca_path", "access_token", "graph_url", "graph_ca_path")
}


def by_hand(world: World, tasks: list[dict[str, Any]], hosts: str = "h00", **more: Any) -> Run:
    """Run tasks of one's own, with both connections for all of them."""
    play = {
        "hosts": hosts,
        "gather_facts": False,
        "module_defaults": {"group/wabiz.migration.wabiz": CONNECTIONS},
        "tasks": tasks,
    }
    return world.run(ansible_run.as_yaml(world.where / "own.yml", [play]), **more)


def registering(world: World, **options: Any) -> dict[str, Any]:
    number = "{{ wa_migrate_phone_number_id }}"
    return {
        "wabiz.migration.wa_register": {
            "phone_number_id": number,
            "pin": "{{ wa_migrate_pin }}",
            "backup_file": f"{world.state}/{number}/backup.json",
            "backup_password": BACKUP_PASSWORD,
            "state_dir": str(world.state),
            "state_durable": True,
            "confirm_timeout": 3,
            **options,
        }
    }


def preparing(world: World) -> list[dict[str, Any]]:
    dest = f"{world.state}/{{{{ wa_migrate_phone_number_id }}}}/backup.json"
    return [
        {"wabiz.migration.wa_two_step": {"state": "absent"}},
        {"wabiz.migration.wa_subscribe": {"waba_id": "{{ wa_migrate_waba_id }}"}},
        {"wabiz.migration.wa_backup": {"dest": dest, "backup_password": BACKUP_PASSWORD}},
    ]


def steps(world: World, name: str = "Steps", **options: Any) -> dict[str, Any]:
    return {"name": name, "wabiz.migration.wa_steps": {"steps": [*preparing(world), registering(world, **options)]}}


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


# --- what was sent


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
    assert f"Sent before this: {CLEARED}; {subscribed}; {BACKED_UP}." in lines(run)["h00"]
    assert own_changes(world, 0) == ["two-step", "backup"]


@pytest.mark.parametrize("via", ["local", "ssh", "host"])
def test_a_step_that_fails_tells_of_the_steps_before_it(world: World, via: str) -> None:
    """Wherever they ran: two-step verification and the backup are the node's host's, where one is."""
    world.sim.fault("graph_error", {"path": "/subscribed_apps$", "method": "POST"}, code=200)
    inventory = fleet(world)
    shared = inventory["all"]["children"]["wa_onprem"]["vars"]
    if via != "local":
        shared["ansible_connection"] = "elsewhere"
        shared["wa_migrate_graph_via"] = "host" if via == "host" else "controller"
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    subscribing = "POST subscribed_apps of WABA %s" % world.content["numbers"][0]["waba_id"]
    reported = run.result("h00", CUTOVER)
    assert reported["sent"] == [CLEARED, subscribing]
    assert f"Sent before this: {CLEARED}; {subscribing}. It is" in lines(run)["h00"], lines(run)["h00"]
    assert own_changes(world, 0) == ["two-step"]


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
