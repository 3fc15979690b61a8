# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: made by preflight, approved, and compared; a number that has changed since stops, and only that one."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    pin,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from wabiz_simulator import fleet

FOUR = "h00,h01,h02,h03"
LIMIT = ("-l", FOUR)
WAVES = {"wa_migrate_waves": [2]}
JUDGE = "Preflight | Evaluate the fleet"
SAY = "Report | Fail the numbers that need attention"


def made(world: World, *arguments: str, inventory: Mapping[str, Any] | None = None) -> tuple[Path, Run]:
    """Return the plan file of four numbers and the run that made it."""
    path = world.where / "plan.json"
    run = world.run(PREFLIGHT, *LIMIT, *arguments, inventory=inventory, variables={"wa_migrate_plan_dest": str(path)})
    assert run.exit_code == 0, run.transcript
    return path, run


def move(world: World, plan: Any, *arguments: str, inventory: Mapping[str, Any] | None = None) -> Run:
    return world.run(MIGRATE, *LIMIT, *arguments, inventory=inventory, variables={**WAVES, "wa_migrate_plan": plan})


def mapping(path: Path) -> dict[str, Any]:
    """Return what preflight hands to AWX."""
    plan = json.loads(path.read_text())
    return {"digest": plan["digest"], "numbers": {name: entry["digest"] for name, entry in plan["numbers"].items()}}


def test_the_plan_of_a_fleet(world: World) -> None:
    path, run = made(world)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    plan = json.loads(path.read_text())
    assert sorted(plan["numbers"]) == [number_id(at) for at in range(4)]
    entry = plan["numbers"][number_id(0)]
    assert (entry["host"], entry["state"], entry["target"]) == ("h00", "ready", "CLOUD")
    assert [request["method"] for request in entry["situation"]["requests"]] == ["POST"] * 3
    assert "15 s" in entry["downtime"] and "133005" in entry["wrong_pin"] and "by others" in entry["budget"]
    table = tables(run)[-1]
    assert table[-1] == f"Plan: {plan['digest']} (4 numbers)"
    assert [row for row in table if row.startswith("Downtime of each: a few seconds")]
    assert [row for row in table if row.startswith("Ready to move: 4, in waves: 3 (1, 1, 2)")]
    assert run.result("h00", JUDGE)["plan"] == mapping(path)
    assert f"The plan {plan['digest']} of 4 numbers is in {path}" in table
    for secret in (fleet.TOKEN, fleet.PASSWORD, BACKUP_PASSWORD, *map(pin, range(10))):
        assert secret not in path.read_text()
    before = path.read_bytes(), path.stat().st_mtime_ns
    _path, again = made(world)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before, "the same plan is the same file"
    assert all(recap["changed"] == 0 for recap in again.recap.values())
    assert world.changes == []


def test_a_plan_is_handed_to_the_jobs_that_follow(world: World) -> None:
    run = world.run(PREFLIGHT, "-l", "h00")
    assert run.artifacts["wa_migrate_plan"] == run.result("h00", JUDGE)["plan"]


def test_check_mode_shows_the_plan_and_writes_none(world: World) -> None:
    path = world.where / "plan.json"
    run = world.run(MIGRATE, "-l", "h00", "--check", "--diff", variables={"wa_migrate_plan_dest": str(path)})
    assert run.exit_code == 0, run.transcript
    assert not path.exists() and world.changes == []
    table = tables(run)[0]
    assert [row for row in table if row.startswith("Check mode: the plan f")]
    shown = [row.partition(", ")[2] for row in table if row.startswith("+1 555-000-0000 (h00), ")]
    assert shown[0] == "location: ON_PREMISES -> CLOUD"
    assert [line for line in shown if line.startswith("requests 3: POST ") and "/register {" in line]
    for line in shown:
        assert line in run.stdout, "a person sees it"


def test_without_diff_a_number_that_is_well_is_only_in_the_table(world: World) -> None:
    run = world.run(PREFLIGHT, "-l", "h00")
    assert run.results(host="h00", task=SAY) == []
    assert "ready" in lines(run)["h00"] and "plan_lines" not in run.result("h00", JUDGE)


@pytest.mark.parametrize("form", ["file", "mapping", "digests"])
def test_numbers_that_changed_behind_the_plan_stop_and_the_others_move(world: World, form: str) -> None:
    """wa_migrate_on_blocker is stop: what an approval does not cover keeps only itself out, whatever is wrong there."""
    path, _run = made(world)
    plan: Any = {"file": str(path), "mapping": mapping(path), "digests": None}[form]
    hosts = {f"h{at:02d}": {"wa_migrate_plan": mapping(path)["numbers"][number_id(at)]} for at in range(4)}
    inventory = world.inventory(**hosts) if form == "digests" else world.inventory()
    world.sim.patch(number_id(1), node={"wa_id": "491700000001"})
    world.sim.patch(number_id(2), code_verification_status="EXPIRED")
    run = world.run(
        MIGRATE, *LIMIT, inventory=inventory, variables=WAVES if plan is None else {**WAVES, "wa_migrate_plan": plan}
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert sorted(world.registers) == [number_id(0), number_id(3)]
    judged = states(tables(run)[-1])
    assert judged == {"h00": "moved", "h01": "blocked", "h02": "blocked", "h03": "moved"}
    for host in ("h01", "h02"):
        assert "WM174" in lines(run)[host], lines(run)[host]
    if form == "file":
        assert "number that the node serves: 15550000001 in the plan, 491700000001 now" in lines(run)["h01"]
        assert "code verification: yes in the plan, no now" in lines(run)["h02"]


def test_a_subscription_that_changed_behind_the_plan_stops_its_numbers(world: World) -> None:
    """h00 and h02 share a WABA; somebody has sent its webhooks elsewhere since."""
    path, _run = made(world)
    waba = world.content["numbers"][0]["waba_id"]
    rows = [{"id": world.content["app"]["id"], "override_callback_uri": "https://other.example/"}]
    world.sim.admin("POST", f"/wabas/{waba}", {"subscribed_apps": rows})
    run = move(world, str(path))
    mine = {f"h{at:02d}" for at in range(4) if world.content["numbers"][at]["waba_id"] == waba}
    judged = states(tables(run)[-1])
    assert {host for host, state in judged.items() if state == "blocked"} == mine
    assert {host for host, state in judged.items() if state == "moved"} == set(FOUR.split(",")) - mine
    assert "callback override: nothing in the plan, https://other.example/ now" in lines(run)[sorted(mine)[0]]


def test_a_number_that_the_plan_does_not_have(world: World) -> None:
    path, _run = made(world)
    plan = mapping(path)
    del plan["numbers"][number_id(1)]
    run = move(world, plan)
    assert sorted(world.registers) == [number_id(0), number_id(2), number_id(3)]
    assert "does not have this number" in lines(run)["h01"]


def test_the_digest_of_a_fleet(world: World) -> None:
    path, _run = made(world)
    digest = json.loads(path.read_text())["digest"]
    run = move(world, digest, "-l", "h00,h01")
    assert run.exit_code not in (0, 250), "it covers exactly the hosts that it was made for"
    assert world.registers == []
    assert [row for row in tables(run)[0] if row.startswith("Plan: f") and digest not in row]
    for host in ("h00", "h01"):
        assert digest in lines(run)[host] and "give the plan file" in lines(run)[host]
    moved = move(world, digest)
    assert moved.exit_code == 0, moved.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    world.mark()
    again = move(world, digest)
    assert again.exit_code == 0 and world.changes == [], "nothing is left that would need an approval"


@pytest.mark.parametrize("form", ["file", "mapping"])
def test_a_run_that_was_stopped_goes_on_with_the_same_plan(world: World, form: str) -> None:
    """The first run has subscribed the app for the numbers of the second too: no change behind anybody's back."""
    path, _run = made(world)
    plan: Any = str(path) if form == "file" else mapping(path)
    assert move(world, plan, "-l", "h00,h01").exit_code == 0
    run = move(world, plan)
    assert run.exit_code == 0, run.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    world.mark()
    again = move(world, plan)
    assert again.exit_code == 0 and world.changes == []
    assert all(recap["changed"] == 0 for recap in again.recap.values())


def test_an_approved_plan_is_not_replaced_while_it_is_compared_with(world: World) -> None:
    path, _run = made(world)
    before = path.read_bytes()
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    run = world.run(PREFLIGHT, *LIMIT, variables={"wa_migrate_plan": str(path), "wa_migrate_plan_dest": str(path)})
    assert path.read_bytes() == before
    assert [row for row in tables(run)[-1] if "was not written" in row]
    assert "WM174" in lines(run)["h01"] and "WM174" not in lines(run)["h00"]
    assert "wa_migrate_plan" not in run.artifacts


@pytest.mark.parametrize("what", ["missing", "spoilt", "type", "short"])
def test_a_plan_that_is_none_is_reported_before_anything(world: World, what: str) -> None:
    path = world.where / "none.json"
    if what == "spoilt":
        path.write_text('{"format": "wabiz.plan/2"}')
    plan = {"missing": str(path), "spoilt": str(path), "type": [1], "short": "p0123"}[what]
    run = world.run(MIGRATE, *LIMIT, variables={"wa_migrate_plan": plan, "wa_migrate_retry_for": "soon"})
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == [] and not world.state.exists()
    reported = input_errors(run)[""]
    assert {error.partition(":")[0] for error in reported} == {"wa_migrate_retry_for", "wa_migrate_plan"}


def test_a_file_that_cannot_be_written_is_reported(world: World) -> None:
    path = world.where / "no such folder" / "plan.json"
    run = world.run(MIGRATE, *LIMIT, variables={"wa_migrate_plan_dest": str(path)})
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    (fault,) = input_errors(run)[""]
    assert fault.startswith("wa_migrate_plan_dest: the directory ") and "is not there on the controller" in fault
