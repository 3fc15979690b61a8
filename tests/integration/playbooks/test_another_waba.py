# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that move to another WABA: two commands, the lines of the inventory between them, and a code."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import log_chain
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks import kills
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    fleet_of,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)

CODE = {entry.id: code for code, entry in catalogue.CATALOGUE.items()}
TARGET = "200000000000009"
NEW = "180000000000003"  # the first ID that the simulator gives to a number of another WABA, after three numbers
CODES = ("012345", "223344", "334455")
ADD = {"method": "POST", "path": "/phone_numbers$"}
LANE = {"lane": "waba", "target_waba_id": TARGET}


def of_another_waba() -> dict[str, Any]:
    """Return three numbers whose two-step verification is off, in two WABAs, and a third WABA without a number."""
    content = fleet_of(3, wabas=2)
    for at, number in enumerate(content["numbers"]):
        number.update(code_verification_status="NOT_VERIFIED", codes=[CODES[at]], oba=False, pin=None)
    content["wabas"].append({"id": TARGET, "name": "The new business"})
    return content


FLEET = of_another_waba()


def inventory(world: World, host: str = "h00", **inputs: Any) -> dict[str, Any]:
    stated = {f"wa_migrate_{name}": value for name, value in {"pin": "070000", **LANE, **inputs}.items()}
    return world.inventory(**{host: stated})


def effects(world: World) -> list[str]:
    return [line["effect"] for line in world.changes]


def adds(world: World) -> list[dict[str, Any]]:
    return [line for line in world.changes if line["path"].endswith("/phone_numbers")]


def table(run: Any) -> dict[str, str]:
    return states(tables(run)[-1])


def log_of(world: World, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((world.state / number / "attempt_log.json").read_text())
    return found


def codes_of(run: Any) -> set[str]:
    (event,) = run.results(host="h00", action="wabiz.migration.wa_preflight")
    return {CODE[one["id"]] for one in event["result"]["findings"]}


def test_a_number_moves_by_two_commands_the_lines_and_a_code(world: World) -> None:
    first = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert first.exit_code == 0, first.transcript
    assert table(first) == {"h00": "waiting for inventory"}
    shown = "\n".join(tables(first)[-1])
    for wanted in (f'wa_migrate_phone_number_id: "{NEW}"', f'wa_migrate_waba_id: "{TARGET}"', "wa_migrate_lane: code"):
        assert wanted in shown
    assert effects(world) == ["number_added"]
    assert (adds(world)[0]["waba_id"], adds(world)[0]["phone_number_id"]) == (TARGET, number_id(0))
    assert adds(world)[0]["body_keys"] == ["cc", "migrate_phone_number", "phone_number", "verified_name"]
    log = log_of(world, number_id(0))
    assert [(one["outcome"], one["new_phone_number_id"]) for one in log["moves"]] == [("moved", NEW)]
    assert log_chain.faults(log) == []

    again = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert again.exit_code == 0, again.transcript
    assert table(again) == {"h00": "waiting for inventory"}
    assert codes_of(again) == {"in_target_waba", "purpose_undeclared"}
    assert f'wa_migrate_phone_number_id: "{NEW}"' in "\n".join(tables(again)[-1])
    assert effects(world) == ["number_added"]

    changed = {"lane": "code", "target_waba_id": "-", "phone_number_id": NEW, "waba_id": TARGET}
    there = inventory(world, **changed, accept_loss=["profile"])
    asks = world.run(MIGRATE, "-l", "h00", inventory=there)
    assert asks.exit_code == 0, asks.transcript
    assert table(asks) == {"h00": "waiting for code"}
    done = world.run(MIGRATE, "-l", "h00", "-e", '{"wa_migrate_code": "012-345"}', inventory=there)
    assert done.exit_code == 0, done.transcript
    assert table(done) == {"h00": "moved"}
    assert effects(world) == ["number_added", "subscribed", "code_requested", "code_verified", "registered"]
    assert world.registers == [NEW]
    assert world.changes[1]["waba_id"] == TARGET
    assert world.sim.number(number_id(0))["status"] == "MIGRATED"
    assert log_chain.faults(log_of(world, NEW)) == []

    world.mark()
    last = world.run(MIGRATE, "-l", "h00", inventory=there)
    assert (last.exit_code, table(last)) == (0, {"h00": "unchanged"})
    late = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert (late.exit_code, table(late)) == (0, {"h00": "waiting for inventory"})
    assert world.changes == []


def test_check_mode_and_the_plan_show_what_would_be_sent(world: World) -> None:
    plan = world.run(PREFLIGHT, "-l", "h00", "--diff", "-v", inventory=inventory(world))
    assert plan.exit_code == 0, plan.transcript
    assert codes_of(plan) - {"purpose_undeclared"} == {"another_waba"}
    (event,) = plan.results(host="h00", action="wabiz.migration.wa_preflight")
    (request,) = event["result"]["plan"]["requests"]
    assert f"/{TARGET}/phone_numbers" in request
    assert '"cc": "1"' in request and '"phone_number": "5550000000"' in request
    assert '"migrate_phone_number": true' in request
    for wanted in ("phone number ID changes", "GREEN are copied", "UNKNOWN for 24 hours", "subscribed for each WABA"):
        assert wanted in plan.output
    check = world.run(MIGRATE, "-l", "h00", "--check", inventory=inventory(world))
    assert check.exit_code == 0, check.transcript
    assert table(check) == {"h00": "waiting for inventory"}
    assert f"It would be added to WABA {TARGET}" in lines(check)["h00"]
    assert world.changes == []
    assert not world.state.exists()


CONDITIONS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    ({"pin": "070000"}, {}, "move_two_step"),
    ({"name_status": "PENDING_REVIEW"}, {}, "move_name"),
    ({"account_mode": "SANDBOX"}, {}, "move_test_number"),
    ({"is_on_biz_app": True}, {}, "biz_app"),
    ({}, {"account_review_status": "PENDING"}, "move_target"),
    ({}, {"business_verification_status": "not_verified"}, "move_target"),
)


def test_every_condition_is_told_before_anything_is_sent(world: World) -> None:
    for number, waba, code in CONDITIONS:
        world.sim.admin("POST", "/reset")
        world.sim.patch(number_id(0), **number)
        world.sim.admin("POST", f"/wabas/{TARGET}", json=waba)
        run = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
        assert (run.exit_code, table(run)) == (2, {"h00": "blocked"}), run.transcript
        assert code in codes_of(run)
    assert world.changes == []


def test_what_graph_does_not_tell_is_a_note(world: World) -> None:
    match = {"method": "GET", "path": f"/{number_id(0)}$"}
    error = {"message": "(#100) Tried accessing nonexisting field (new_name_status) on node type (X)", "code": 100}
    world.sim.fault("status", {**match, "nth": 1, "times": 1}, status=400, body={"error": error})
    run = world.run(PREFLIGHT, "-l", "h00", inventory=inventory(world))
    assert run.exit_code == 0, run.transcript
    assert codes_of(run) - {"purpose_undeclared"} == {"another_waba", "move_untold"}


@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
def test_a_run_that_is_killed_at_the_request_sends_no_second_one(world: World, acted: bool) -> None:
    kills.killed_at(world, "POST", "/phone_numbers$", acted, MIGRATE, "-l", "h00", inventory=inventory(world))
    assert [one["outcome"] for one in log_of(world, number_id(0))["moves"]] == ["intent"]
    again = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    if acted:
        assert (again.exit_code, table(again)) == (0, {"h00": "waiting for inventory"}), again.transcript
        assert f'wa_migrate_phone_number_id: "{NEW}"' in lines(again)["h00"]
        log = log_of(world, number_id(0))
        assert [(one["outcome"], one["new_phone_number_id"]) for one in log["moves"]] == [("moved", NEW)]
        assert log_chain.faults(log) == []
        assert effects(world) == ["number_added"]
        return
    assert (again.exit_code, table(again)) == (2, {"h00": "blocked"}), again.transcript
    assert "move_unconfirmed" in codes_of(again)
    assert len(adds(world)) == 1
    told = inventory(world, move_lost_at=times.utc(time.time() + 1))
    once = world.run(MIGRATE, "-l", "h00", inventory=told)
    assert (once.exit_code, table(once)) == (0, {"h00": "waiting for inventory"}), once.transcript
    assert effects(world).count("number_added") == 1
    assert world.registers == []


def test_the_old_id_is_never_registered_once_the_number_has_a_new_one(world: World) -> None:
    for at in (0, 1):
        world.sim.patch(number_id(at), code_verification_status="VERIFIED")
    world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    world.mark()
    for lane in ("code", "auto", "backup"):
        stated = inventory(world, lane=lane, target_waba_id="-", accept_loss=["profile"])
        run = world.run(MIGRATE, "-l", "h00", inventory=stated)
        assert (run.exit_code, table(run)) == (2, {"h00": "blocked"}), run.transcript
        assert "moved_away" in codes_of(run)
        assert f'wa_migrate_phone_number_id: "{NEW}"' in lines(run)["h00"]
    assert world.changes == []


def test_the_first_number_shows_whether_the_lane_works(world: World) -> None:
    stated = world.group_vars(world.inventory(), **LANE, pin="070000", waves=[1, "100%"], max_failed=0)
    for host in stated["all"]["children"]["wa_onprem"]["hosts"].values():
        host["wa_migrate_pin"] = "070000"
    run = world.run(MIGRATE, inventory=stated)
    assert run.exit_code == 0, run.transcript
    assert table(run) == {"h00": "waiting for inventory", "h01": "not started", "h02": "not started"}
    assert any(
        "No further wave starts: the first numbers have new phone number IDs" in line for line in tables(run)[-1]
    )
    assert len(adds(world)) == 1
    artifact = run.artifacts["wabiz_migration"]
    assert artifact["attention"] == {"waiting for inventory": ["h00"]}
    assert artifact["stopped"]


def test_a_refusal_is_told_with_what_to_do_next(world: World) -> None:
    body = {"error": {"message": "x", "code": 100, "error_subcode": 2388103, "fbtrace_id": "TraceOfMeta"}}
    world.sim.fault("status", {**ADD, "nth": 1, "times": 1}, status=400, body=body)
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert (run.exit_code, table(run)) == (2, {"h00": "failed"}), run.transcript
    assert "not eligible for a move to another WABA" in lines(run)["h00"]
    after = world.run(MIGRATE, "-l", "h00", inventory=inventory(world))
    assert table(after) == {"h00": "waiting for inventory"}
    assert [one["outcome"] for one in log_of(world, number_id(0))["moves"]] == ["refused", "moved"]


@pytest.mark.parametrize(
    ("inputs", "name", "why"),
    [
        ({"target_waba_id": "-"}, "wa_migrate_target_waba_id", "missing"),
        ({"target_waba_id": "200000000000000"}, "wa_migrate_target_waba_id", "same WABA"),
        ({"target_waba_id": "next"}, "wa_migrate_target_waba_id", "digits"),
        ({"lane": "auto"}, "wa_migrate_target_waba_id", "does nothing without lane=waba"),
        ({"target_waba": TARGET}, "wa_migrate_target_waba", "no such input"),
        ({"lane": "wabas"}, "wa_migrate_lane", "waba"),
        ({"move_lost_at": "yesterday"}, "wa_migrate_move_lost_at", ""),
    ],
)
def test_a_wrong_input_ends_the_run_before_its_first_request(
    world: World, inputs: dict[str, Any], name: str, why: str
) -> None:
    stated = inventory(world, **inputs)
    run = world.run(MIGRATE, "-l", "h00", inventory=stated)
    assert run.exit_code != 0
    errors = [error for found in input_errors(run).values() for error in found]
    assert any(name in error.partition(":")[0].split(" ") and why in error for error in errors), errors
    assert world.requests == []
