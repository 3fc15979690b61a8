# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole flow: a check run, the canary, the fleet, and once more without any change."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    BACKUP_PASSWORD,
    MIGRATE,
    World,
    lines,
    number_id,
    pin,
    states,
    tables,
)
from wabiz_simulator import fleet


def test_check_run_then_canary_then_fleet_then_nothing(world: World) -> None:
    inventory = world.inventory()
    inventory["all"]["children"]["canary"] = {"hosts": {"h03": {}}}

    reported = world.run(MIGRATE, "--check", "--diff", inventory=inventory)
    assert reported.exit_code == 0, reported.transcript
    assert world.changes == []
    assert {line["kind"] for line in world.requests} == {"read", "login"}
    assert not world.state.exists()
    assert set(states(tables(reported)[-1]).values()) == {"would move"}
    for shown in ('"platform_type": "CLOUD_API"', '"backup": "a new one"', '"subscribed": true'):
        assert f"+{shown}" in re.sub(r"^\+ +", "+", reported.stdout, flags=re.MULTILINE), shown

    world.mark()
    canary = world.run("wabiz.migration.migrate", "-l", "canary", "-vvvv", inventory=inventory)
    assert canary.exit_code == 0, canary.transcript
    assert world.registers == [number_id(3)]
    assert states(tables(canary)[-1]) == {"h03": "moved"}

    fleet_run = world.run(MIGRATE, "-vvvv", inventory=inventory)
    assert fleet_run.exit_code == 0, fleet_run.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(10)]
    assert world.moved == {number_id(at) for at in range(10)}
    assert all(meter["undelivered_seconds"] == 0 for meter in world.sim.meters().values())
    assert all(number["oba"] == (at % 7 == 6) for at, number in enumerate(map(world.sim.number, sorted(world.moved))))
    assert "moved" in lines(fleet_run)["h00"] and "health AVAILABLE" in lines(fleet_run)["h00"]

    world.mark()
    again = world.run(MIGRATE, inventory=inventory)
    assert again.exit_code == 0, again.transcript
    assert {host: recap["changed"] for host, recap in again.recap.items()} == dict.fromkeys(inventory_hosts(world), 0)
    assert world.changes == []
    assert [line for line in world.requests if line["api"] == "onprem"] == [], (
        "a number that has moved costs its node nothing"
    )
    assert set(states(tables(again)[-1]).values()) == {"unchanged"}

    for run in (reported, canary, fleet_run, again):
        for secret in (fleet.TOKEN, fleet.PASSWORD, BACKUP_PASSWORD, "V0FC"):
            assert secret not in run.output
        for at in range(10):
            assert not re.search(r"(?<![\d.])%s(?!\d)" % pin(at), run.output)


def inventory_hosts(world: World) -> list[str]:
    return [f"h{at:02d}" for at in range(world.count)]


@pytest.mark.parametrize("arguments", [[], ["-v"], ["--diff"]], ids=["plain", "verbose", "diff"])
def test_a_run_keeps_the_details_of_its_hosts_only_where_somebody_looks_at_them(
    world: World, arguments: list[str]
) -> None:
    run = world.run(MIGRATE, "-l", "h00", *arguments)
    assert run.exit_code == 0, run.transcript
    (read,) = (one["result"] for one in run.results(host="h00") if one["task"].startswith("Preflight | Read both"))
    kept = run.result("h00", "wa_snapshot")["facts"], run.result("h00", "wa_health")["entities"]
    if arguments:
        assert read["node"]["wa_id"] and read["number"]["quality_rating"] and all(kept)
        assert read["plan"]["situation"]["requests"]
    else:
        assert set(read["plan"]["situation"]) == {"phone_number_id", "waba_id"} and read["plan"]["requests"]
        assert set(read["node"]) == {"traffic"} and kept == ({}, [])
        assert set(read["number"]) == {"id", "display_phone_number", "platform_type", "status"}
    assert {"invocation" in read} == {False}
