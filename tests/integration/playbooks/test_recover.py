# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook recover: each stuck state is explained, brought on one step at a time, and left alone once it is well.

Its finding is new_pin_tried.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.recover_world import (
    CODE,
    FLEET,
    NEW,
    ONE,
    effects,
    log_of,
    lost,
    on,
    read,
    recover,
    subscribe,
    well,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import MIGRATE, World, number_id
from ansible_collections.wabiz.migration.tests.support import ansible_run
from wabiz_simulator import photo

__all__ = ("FLEET",)


def test_nothing_wrong_is_said_and_nothing_is_changed(world: World) -> None:
    run = recover(world, limit="h00,h01")
    assert run.exit_code == 0, run.transcript
    assert read(run)["state"] == "on its node" and read(run, "h01")["step"] == "nothing"
    assert "Nothing is wrong with any of them" in run.output
    assert world.changes == [] and not world.state.exists()


def test_it_only_proposes_without_the_word_to_apply(world: World) -> None:
    lost(world, code_verification_status="NOT_VERIFIED")
    run = recover(world, apply=False)
    assert run.exit_code == 0 and world.changes == [], run.transcript
    found = read(run)
    assert (found["location"], found["step"]) == ("NEITHER", "ask_code") and found["safe"], found
    assert "wa_recover_apply: true" in run.output


def test_neither_api_and_not_verified(world: World) -> None:
    lost(world, code_verification_status="NOT_VERIFIED")
    world.sim.admin("POST", "/wabas/%s" % world.sim.number(ONE)["waba_id"], {"subscribed_apps": []})
    assert on(world, 3) == ["subscribe", "ask_code", "wait"]
    assert effects(world) == ["subscribed", "code_requested"]
    assert on(world, 3, wa_migrate_code="012-345") == ["hand_in", "register", "compare"]
    assert effects(world) == ["subscribed", "code_requested", "code_verified", "registered"]
    well(world)


def test_the_code_comes_from_a_file_that_names_the_number(world: World) -> None:
    lost(world, code_verification_status="NOT_VERIFIED")
    assert on(world, 1) == ["ask_code"]
    path = world.where / "codes.yml"
    path.write_text(f'"{world.sim.number(ONE)["display_phone_number"]}": 012-345\n')
    path.chmod(0o600)
    run = recover(world, wa_migrate_codes_file=str(path))
    assert run.exit_code == 0 and effects(world) == ["code_requested", "code_verified"], run.transcript


def test_a_stored_backup_is_used_and_keeps_the_profile(world: World) -> None:
    assert world.run(MIGRATE, "-l", "h00", "--tags", "all").exit_code == 0
    world.sim.patch(ONE, location="none", accepted_registrations=0)
    (world.state / ONE / "attempt_log.json").unlink()
    run = recover(world)
    assert run.exit_code == 0 and read(run)["register"]["lane"] == "backup", run.transcript
    assert world.sim.number(ONE)["cloud_profile"]["about"] == "Open all day, desk 0"
    assert on(world, 1) == ["compare"]
    well(world)


def test_a_profile_that_nothing_has_kept_is_put_back_as_stated(world: World) -> None:
    world.sim.patch(ONE, location="cloud", cloud_profile={"about": "", "description": "", "email": "a@example.com"})
    log_of(world, {"outcome": "registered"})
    subscribe(world)
    path = world.where / "logo.png"
    path.write_bytes(photo.image("of recover"))
    profile = {"about": "Open all day", "email": "other@example.com", "photo": str(path)}
    run = recover(world, wa_migrate_profile=profile, wa_migrate_accept_loss=[])
    assert run.exit_code == 0 and read(run)["state"] == "without profile", run.transcript
    shown = world.sim.number(ONE)["cloud_profile"]
    assert shown["about"] == "Open all day" and shown["photo_sha256"]
    assert shown["email"] == "a@example.com", "only what is empty is put back"
    world.mark()
    run = recover(world, wa_migrate_profile=profile, wa_migrate_accept_loss=[])
    assert world.changes == [] and read(run)["step"] == "nothing", run.transcript


def test_a_lost_profile_is_put_back(world: World) -> None:
    assert world.run(MIGRATE, "-l", "h00").exit_code == 0
    world.sim.patch(ONE, cloud_profile={"about": "", "description": "", "email": ""})
    run = recover(world)
    assert run.exit_code == 0 and read(run)["state"] == "without profile", run.transcript
    assert world.sim.number(ONE)["cloud_profile"]["about"] == "Open all day, desk 0"
    well(world)


def test_a_moved_number_that_is_not_subscribed(world: World) -> None:
    assert world.run(MIGRATE, "-l", "h00").exit_code == 0
    world.sim.admin("POST", "/wabas/%s" % world.sim.number(ONE)["waba_id"], {"subscribed_apps": []})
    assert on(world, 1) == ["subscribe"]
    well(world)


def test_pending_is_read_and_left_alone(world: World) -> None:
    lost(world)
    world.sim.patch(ONE, location="cloud", status="PENDING", accepted_registrations=1)
    run = recover(world)
    assert run.exit_code == 0 and read(run)["step"] == "read" and world.changes == [], run.transcript
    world.sim.patch(ONE, status=None)
    well(world)


@pytest.mark.parametrize("status", ["BANNED", "DISCONNECTED"])
def test_on_the_cloud_api_and_not_connected_needs_somebody(world: World, status: str) -> None:
    world.sim.patch(ONE, location="cloud", status=status)
    run = recover(world)
    assert run.exit_code == 2 and read(run)["person"] and world.changes == [], run.transcript


# ---------------------------------------------------------------------------------------------------------------------
# Refusals of the register call


def test_133000_finishes_the_deregistration_first(world: World) -> None:
    lost(world, switches={"incomplete_deregistration": True})
    run = recover(world)
    assert run.exit_code == 2 and "133000" in run.output, run.transcript
    assert on(world, 3) == ["finish", "register", "compare"]
    assert effects(world) == ["none", "deregistration_finished", "registered"]
    well(world)


def test_133005_is_never_guessed_twice(world: World) -> None:
    lost(world, pin="000000")
    assert recover(world).exit_code == 2
    for _again in range(2):
        run = recover(world)
        assert run.exit_code == 2 and read(run)["state"] == "wrong PIN", run.transcript
    assert len(world.registers) == 1
    world.sim.patch(ONE, pin=None)
    time.sleep(1.1)
    assert on(world, 2, wa_migrate_pin_changed_at=times.utc(time.time())) == ["register", "compare"]
    assert len(world.registers) == 2
    well(world)


def test_a_pin_that_nobody_knows_is_set_anew_once(world: World) -> None:
    lost(world, pin="000000", switches={"pin_while_unregistered": True})
    assert recover(world).exit_code == 2
    time.sleep(1.1)
    run = recover(world, "-vvvv", wa_recover_new_pin=NEW)
    assert run.exit_code == 0 and read(run)["step"] == "new_pin", run.transcript
    assert NEW not in run.output.replace('wa_recover_new_pin": "' + NEW, "")
    assert NEW not in (world.state / ONE / "exit_log.json").read_text()
    other = recover(world, wa_recover_new_pin="011111")
    assert other.exit_code == 2 and "not this one" in read(other)["why"], other.transcript
    assert len(world.registers) == 1
    time.sleep(1.1)
    assert on(world, 2, wa_recover_new_pin=NEW) == ["register", "compare"]
    assert effects(world) == ["none", "pin_set", "registered"]
    well(world, wa_recover_new_pin=NEW)


@pytest.mark.parametrize("fault", ["refused", "lost"])
def test_a_new_pin_that_is_not_confirmed_is_not_tried_again(world: World, fault: str) -> None:
    lost(world, pin="000000", switches={"pin_while_unregistered": fault == "lost"})
    assert recover(world).exit_code == 2
    if fault == "lost":
        world.sim.fault("reset_after", {"path": f"/{ONE}$", "method": "POST", "nth": 1})
    run = recover(world, wa_recover_new_pin=NEW)
    world.sim.clear_faults()
    assert run.exit_code == 2 and "e-mail" in run.output, run.transcript
    sent = len(world.changes)
    for _again in range(2):
        run = recover(world, wa_recover_new_pin=NEW)
        assert len(world.changes) == sent, run.transcript
    task = {
        "wabiz.migration.wa_two_step": {
            "vars_prefix": "wa_migrate_",
            "side": "cloud",
            "state": "present",
            "once": True,
            "pin": NEW,
        }
    }
    book = ansible_run.as_yaml(world.where / "t.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    run = world.run(book)
    (event,) = [one for one in run.events if one["event"] == "failed"]
    assert event["result"]["failure"]["code"] == "new_pin_tried" and len(world.changes) == sent


def test_133006_verifies_first(world: World) -> None:
    lost(world, code_verification_status="EXPIRED")
    log_of(world, {"code": 133006})
    assert on(world, 1) == ["ask_code"]
    assert on(world, 3, wa_migrate_code=CODE) == ["hand_in", "register", "compare"]
    assert len(world.registers) == 1
    well(world)


def test_133010_registers(world: World) -> None:
    lost(world)
    log_of(world, {"code": 133010})
    assert on(world, 2) == ["register", "compare"]
    well(world)


@pytest.mark.parametrize(("code", "ago", "waits"), [(133015, 60, True), (133015, 400, False), (133016, 600, True)])
def test_a_lock_is_waited_for(world: World, code: int, ago: float, waits: bool) -> None:
    lost(world)
    log_of(world, {"code": code, "ago": ago})
    run = recover(world)
    assert run.exit_code == 0 and read(run)["state"] == ("locked" if waits else "neither API"), run.transcript
    assert len(world.registers) == (0 if waits else 1)
    if waits:
        assert read(run)["wait_until"] in run.output


def test_a_used_up_budget_is_waited_for(world: World) -> None:
    lost(world)
    log_of(world, *({"code": 133010, "ago": 9000.0 - at} for at in range(8)))
    run = recover(world)
    assert run.exit_code == 0 and read(run)["step"] == "wait" and world.changes == [], run.transcript


def test_the_same_refusal_twice_needs_somebody_who_says_that_its_cause_is_gone(world: World) -> None:
    lost(world)
    log_of(world, {"code": 133010, "ago": 900.0}, {"code": 133010})
    run = recover(world)
    assert run.exit_code == 2 and "wa_recover_again" in run.output and world.changes == [], run.transcript
    assert on(world, 2, wa_recover_again=True) == ["register", "compare"]
    well(world)


# ---------------------------------------------------------------------------------------------------------------------
# What keeps a number from being registered


def test_an_answer_that_may_still_come_is_waited_for(world: World) -> None:
    lost(world)
    log_of(world, {"outcome": attempt_log.INTENT, "by": time.time() + 60})
    run = recover(world)
    assert run.exit_code == 0 and read(run)["step"] == "read" and world.changes == [], run.transcript


@pytest.mark.parametrize(
    "patch",
    [{"node": {"connected": True}}, {"is_on_biz_app": True}, {"name_status": "EXPIRED"}],
    ids=["node still serves", "phone app", "no certificate"],
)
def test_no_such_number_is_registered(world: World, patch: Mapping[str, Any]) -> None:
    lost(world)
    world.sim.patch(ONE, **patch)
    run = recover(world)
    assert run.exit_code == 2 and read(run)["person"] and world.changes == [], run.transcript


def test_a_dead_node_is_no_reason_to_wait_for_it(world: World) -> None:
    lost(world)
    world.sim.patch(ONE, node={"listening": False})
    assert on(world, 2) == ["register", "compare"]
    well(world)


def test_losses_are_decided_by_a_person(world: World) -> None:
    lost(world)
    run = recover(world, wa_migrate_accept_loss=[])
    assert run.exit_code == 2 and "wa_migrate_accept_loss: [profile]" in run.output, run.transcript
    assert world.changes == []


def test_a_number_that_was_taken_off_stays_off_without_a_word(world: World) -> None:
    subscribe(world)
    world.sim.patch(ONE, location="cloud", node={"connected": False})
    task = {"wabiz.migration.wa_deregister": {"vars_prefix": "wa_migrate_"}}
    book = ansible_run.as_yaml(world.where / "d.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    assert world.run(book).exit_code == 0
    run = recover(world)
    assert run.exit_code == 2 and read(run)["state"] == "taken off", run.transcript
    assert effects(world) == ["deregistered"]
    assert on(world, 2, wa_recover_bring_back=True) == ["register", "compare"]


def test_a_damaged_log_stops_everything(world: World) -> None:
    lost(world)
    log_of(world, {"code": 133010})
    (world.state / ONE / "attempt_log.json").write_text("{")
    run = recover(world)
    assert run.exit_code == 2 and read(run)["state"] == "unknown" and world.changes == [], run.transcript


def test_check_mode_changes_nothing(world: World) -> None:
    lost(world)
    run = recover(world, "--check", "--diff")
    assert run.exit_code == 0 and world.changes == [] and not world.state.exists(), run.transcript
    assert "done: " not in run.output


def test_many_numbers_one_table_and_each_cause_once(world: World) -> None:
    for at in (0, 1, 2):
        lost(world, at, code_verification_status="NOT_VERIFIED")
    for at in (3, 4):
        world.sim.patch(number_id(at), location="cloud", status="BANNED")
    run = recover(world, apply=False, limit="h00,h01,h02,h03,h04,h05")
    assert run.exit_code == 2, run.transcript
    (table,) = [one["result"]["table"] for one in run.results(task="Report | Show the table and write the report")]
    states = [line.split("  ") for line in table]
    assert table[0].startswith("NUMBER") and "h03" in table[1] and "h04" in table[2]
    assert [line for line in table if "its status is BANNED" in line and "h03" in line and "h04" in line]
    assert sum("its status is BANNED" in line for line in table) == 1, table
    assert not any("h05" in line for line in table) and states
    assert table[-1].startswith("Report: ") and "/ansible-local-" in table[-1], "by default there is a report"
    assert table[-3].startswith("Recovery: 6 numbers (3 not verified, 2 not connected, 1 on its node)"), table
