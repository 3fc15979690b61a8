# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: with one, a number moves in spite of a blocker until the waiver ends, and the report names it."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    input_errors,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

TODAY = datetime.datetime.now(datetime.UTC).date()


def days(count: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=count)


def waiver(**changes: Any) -> dict[str, Any]:
    return {"id": "WM170", "who": "ada@example.com", "why": "ticket 4711", "until": days(10), **changes}


def stated(world: World, *waivers: Any) -> dict[str, Any]:
    """Return an inventory with a purpose that Meta forbids, and these waivers."""
    inventory = world.inventory(h01={"wa_migrate_purpose": "customer_support"})
    return world.group_vars(inventory, purpose="general_purpose_assistant", waivers=list(waivers))


def test_a_waived_blocker_moves_the_number_and_stands_in_the_report(world: World) -> None:
    inventory = stated(world, waiver(), waiver(id="WM108", who="bob"))
    run = world.run(MIGRATE, "-l", "h00", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert world.registers == [number_id(0)]
    until = days(10).isoformat()
    for table in tables(run):
        (row,) = [row for row in table if row.startswith("Waived: ")]
        assert row == f"Waived: WM170 until {until} by ada@example.com (ticket 4711), for 1: +1 555-000-0000 (h00)"
    assert f"Waiver not needed: WM108 by bob until {until}: no number of this run has WM108" in tables(run)[0]


@pytest.mark.parametrize("form", ["date", "text", "json", "time"])
def test_forms_of_a_waiver(world: World, form: str) -> None:
    made: Any = {
        "date": [waiver()],
        "text": [waiver(until=days(10).isoformat())],
        "json": json.dumps([waiver(until=days(10).isoformat())]),
        "time": [waiver(until=datetime.datetime.combine(days(10), datetime.time(12)))],
    }[form]
    run = world.run(PREFLIGHT, "-l", "h00", inventory=world.group_vars(stated(world), waivers=made))
    assert run.exit_code == 0, run.transcript
    assert states(tables(run)[-1]) == {"h00": "ready"}


def test_a_waiver_that_has_ended_blocks_again(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00", inventory=stated(world, waiver(until=days(-1))))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == []
    assert "WM170" in lines(run)["h00"]
    assert f"Its waiver (ada@example.com: ticket 4711) ended on {days(-1)}" in lines(run)["h00"]
    assert (
        f"Waiver ended on {days(-1)}: WM170 by ada@example.com. WM170 blocks 1: +1 555-000-0000 (h00)" in tables(run)[0]
    )
    assert "not needed" not in run.stdout


def test_with_a_limit_waivers_for_other_numbers_are_reported_once_and_last(world: World) -> None:
    """A fleet's list, and a canary of it: one that has ended for the canary itself is what somebody has to look at."""
    inventory = stated(
        world,
        waiver(numbers=[number_id(5)]),
        waiver(id="WM108", who="eve", until=days(-3), numbers=[number_id(6), number_id(7)]),
        waiver(who="bob", numbers=[number_id(8)]),
        waiver(until=days(-1), numbers=[number_id(0), number_id(5)]),
    )
    run = world.run(PREFLIGHT, "-l", "h00", inventory=inventory)
    reported = [row for row in tables(run)[0] if row.startswith("Waiver")]
    elsewhere = [f"WM170 by ada@example.com until {days(10)}", f"WM108 by eve until {days(-3)}"]
    assert reported == [
        f"Waiver ended on {days(-1)}: WM170 by ada@example.com. WM170 blocks 1: +1 555-000-0000 (h00)",
        f"Waivers whose numbers match no host of this run: {', '.join(elsewhere)}, WM170 by bob until {days(10)}",
    ]
    assert run.stdout.count("match no host of this run") == 1


def test_what_a_number_that_cannot_be_read_would_need_is_not_known(world: World) -> None:
    world.sim.fault("graph_error", {"path": f"/{number_id(0)}$"}, code=100)
    world.sim.fault("graph_error", {"path": "/phone_numbers$"}, code=190)
    run = world.run(PREFLIGHT, "-l", "h00", inventory=stated(world, waiver(id="WM108")))
    assert states(tables(run)[0]) == {"h00": "blocked"}
    assert [row for row in tables(run)[0] if row.startswith("Waiver")] == []


def test_a_waiver_is_for_the_numbers_that_it_names(world: World) -> None:
    inventory = stated(world, waiver(numbers=[number_id(2), number_id(1)]))
    run = world.run(PREFLIGHT, "-l", "h00,h01,h02", inventory=inventory)
    assert states(tables(run)[-1]) == {"h00": "blocked", "h01": "ready", "h02": "ready"}
    found = run.result("h01", "Preflight | Read both APIs and list findings")["findings"]
    assert "WM177" in [row["id"] for row in found], "it names h01, which does not need it"


def test_what_is_to_be_known_of_a_waiver_is_reported_to_the_numbers_that_it_is_for(world: World) -> None:
    """One that lasts for too long, one that ends soon, one that nobody needs, a good one, and none."""
    allowed = {"wa_migrate_purpose": "customer_support"}
    inventory = world.inventory(
        h00={"wa_migrate_waivers": [waiver(until=days(120))]},
        h01={"wa_migrate_waivers": [waiver(until=days(1))]},
        h02={"wa_migrate_waivers": [waiver(numbers=[number_id(2)])], **allowed},
        h03={"wa_migrate_waivers": [waiver()]},
        h04=allowed,
    )
    inventory = world.group_vars(inventory, purpose="general_purpose_assistant")
    run = world.run(PREFLIGHT, "-l", "h00,h01,h02,h03,h04", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    found = {}
    for at in range(5):
        result = run.result(f"h{at:02d}", "Preflight | Read both APIs and list findings")
        found[at] = [row["id"] for row in result["findings"] if "WM170" <= row["id"] <= "WM177"]
    assert found == {0: ["WM170", "WM175"], 1: ["WM170", "WM176"], 2: ["WM177"], 3: ["WM170"], 4: []}
    until = f"The waiver of WM170 by ada@example.com lasts until {days(120)}"
    assert f"WM175 warning: A waiver lasts for more than 90 days. {until}" in lines(run)["h00"]
    assert set(states(tables(run)[-1]).values()) == {"ready"}


def test_every_fault_of_the_waivers_is_reported_before_anything(world: World) -> None:
    inventory = stated(world, waiver(id="WM104"), waiver(id="WM999"), waiver(why=""), waiver(until="soon"))
    run = world.run(MIGRATE, inventory=world.group_vars(inventory, health_wait="long"))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    for piece in (
        "wa_migrate_waivers: waiver 1 (WM104): this blocker cannot be waived",
        "waiver 2 (WM999): there is no finding with this id",
        "waiver 3 (WM170): why is missing",
        "waiver 4 (WM170): until must be a date",
        "wa_migrate_health_wait",
    ):
        assert piece in "\n".join(input_errors(run)[""]), run.transcript


def by_hand(world: World, *waivers: Any) -> Run:
    """Run wa_register alone, in a play that has no preflight."""
    options = "pin waba_id onprem_url onprem_password onprem_ca_path access_token graph_url graph_ca_path state_dir"
    task = {
        "name": "Register",
        "wabiz.migration.wa_register": {
            **{name: "{{ wa_migrate_%s }}" % name for name in ["phone_number_id", *options.split()]},
            "state_durable": True,
            "without_backup": True,
            "waivers": list(waivers),
        },
    }
    book = ansible_run.as_yaml(world.where / "register.yml", [{"hosts": "h00", "gather_facts": False, "tasks": [task]}])
    return world.run(book)


def test_the_gate_itself_goes_by_the_waivers(world: World) -> None:
    """The Graph API has its own opinion of a number that is not verified, so what counts is whether it was asked."""
    world.sim.patch(number_id(0), code_verification_status="EXPIRED")
    for waivers in ([], [waiver(id="WM108", until=days(-1))], [waiver(id="WM108", numbers=["1"])]):
        run = by_hand(world, *waivers)
        assert run.result("h00", "Register")["failure"]["code"] == "not_verified", run.transcript
    run = by_hand(world, waiver(id="WM104"))
    assert "cannot be waived" in run.result("h00", "Register")["msg"]
    assert world.registers == []
    run = by_hand(world, waiver(id="WM108", until=days(0)))
    assert run.result("h00", "Register")["failure"]["code"] == 133006, run.transcript
    assert world.registers == [number_id(0)]


def test_a_waiver_takes_nothing_of_what_must_hold_away(world: World) -> None:
    world.sim.patch(number_id(0), node={"wa_id": "491700000001"})
    run = world.run(MIGRATE, "-l", "h00", inventory=stated(world, waiver()))
    assert run.exit_code not in (0, 250)
    assert world.changes == [] and "WM106" in lines(run)["h00"]


def test_an_approved_waiver_is_part_of_the_plan(world: World) -> None:
    path = world.where / "plan.json"
    inventory = stated(world, waiver())
    world.run(PREFLIGHT, "-l", "h00,h02", inventory=inventory, variables={"wa_migrate_plan_dest": str(path)})
    assert json.loads(path.read_text())["numbers"][number_id(0)]["situation"]["waivers"] == ["WM170"]
    less = stated(world, waiver(numbers=[number_id(2)]))
    run = world.run(MIGRATE, "-l", "h00,h02", inventory=less, variables={"wa_migrate_plan": str(path)})
    assert world.registers == [number_id(2)]
    assert "waivers: gone WM170" in lines(run)["h00"]
