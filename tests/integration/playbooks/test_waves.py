# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves and hosts: from wherever they are stated, the same; a wave that was not well is the last one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    PREFLIGHT,
    World,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run


def waves(run: Run) -> list[list[str]]:
    """Return the hosts of each wave, as the preflight judged them."""
    (event,) = [event for event in run.results() if event["task"] == "Preflight | Judge the fleet"]
    order: dict[str, int] = event["result"]["waves"]
    return [[host for host in order if order[host] == wave] for wave in sorted(set(order.values()))]


def sizes(run: Run) -> list[int]:
    return [len(wave) for wave in waves(run)]


def test_default_waves_and_hosts_from_group_vars(world: World) -> None:
    inventory = world.group_vars(world.inventory(), hosts="some")
    inventory["all"]["children"]["some"] = {"hosts": {f"h{at:02d}": {} for at in range(1, 10)}}
    run = world.run(PREFLIGHT, inventory=inventory)
    assert run.exit_code == 0, run.told
    assert sizes(run) == [1, 1, 7]
    assert "h00" not in waves(run)[0] + states(tables(run)[0]).__str__().split()
    assert set(states(tables(run)[0])) == {f"h{at:02d}" for at in range(1, 10)}
    assert world.changes == []


@pytest.mark.parametrize(
    "stated,words,expected",
    [
        ({"waves": [2, "50%"]}, (), [2, 5, 3]),
        ({}, ("-e", "wa_migrate_waves=1,30%"), [1, 3, 3, 3]),
        ({}, ("-e", '{"wa_migrate_waves": "4"}', "-e", "wa_migrate_hosts=wa_onprem:!h05:!h06"), [4, 4]),
        (
            {"waves": [5]},
            ("-e", '{"wa_migrate_waves": ["100%"], "wa_migrate_hosts": "h00,h01,h02,h03"}', "-l", "!h01"),
            [3],
        ),
    ],
    ids=["group_vars", "survey text", "extra vars and a pattern", "extra vars win, and -l"],
)
def test_stated_anywhere(world: World, stated: dict[str, Any], words: tuple[str, ...], expected: list[int]) -> None:
    run = world.run(PREFLIGHT, *words, inventory=world.group_vars(world.inventory(), **stated))
    assert run.exit_code == 0, run.told
    assert sizes(run) == expected


def test_waves_of_one_host_stop_every_host(world: World) -> None:
    inventory = world.group_vars(world.inventory(h04={"wa_migrate_waves": [5]}), waves=[1])
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.told
    assert world.requests == []
    for host, line in lines(run).items():
        assert "wa_migrate_waves differs between hosts" in line and "-e" in line, (host, line)
    assert len(lines(run)) == 10


def test_a_failed_canary_is_the_last_wave(world: World) -> None:
    run = world.run(MIGRATE, inventory=world.inventory(h00={"wa_migrate_pin": "099999"}))
    assert run.exit_code not in (0, 250), run.told
    assert world.registers == [number_id(0)], "a wrong PIN is never tried again, and no later wave starts"
    assert world.moved == set()
    judged = states(tables(run)[-1])
    assert judged == {"h00": "failed", **{f"h{at:02d}": "not started" for at in range(1, 10)}}
    assert "133005" in lines(run)["h00"] and "NOT safe to run again" in lines(run)["h00"]


def test_a_wave_with_one_unknown_is_the_last_one(world: World) -> None:
    """The second of four waves has a number whose register can't be settled; the rest of its wave is finished."""
    world.sim.fault("reset_before", {"method": "POST", "path": "/register$", "phone_number_id": number_id(3)})
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=2")
    assert run.exit_code not in (0, 250), run.told
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    judged = states(tables(run)[-1])
    expected = ["moved"] * 3 + ["unknown"] + ["not started"] * 6
    assert judged == {f"h{at:02d}": state for at, state in enumerate(expected)}
    assert "unsettled" in lines(run)["h03"]


def test_a_whole_wave_and_every_host_fails(world: World) -> None:
    world.sim.fault("graph_error", {"method": "POST", "path": "/register$"}, code=133015)
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=100%")
    assert run.exit_code not in (0, 250), run.told
    assert len(world.registers) == 10
    assert set(states(tables(run)[-1]).values()) == {"failed"}
    assert len(lines(run)) == 10 and all("133015" in line for line in lines(run).values())


def test_a_wrong_pin_stops_the_other_pins_of_its_wave(world: World) -> None:
    """Where PINs come from one place, one wrong PIN makes the others doubtful."""
    wrong = {f"h{at:02d}": {"wa_migrate_pin": "099999"} for at in range(10)}
    run = world.run(
        MIGRATE, "-e", "wa_migrate_waves=100%", inventory=world.inventory(**wrong), environment={"ANSIBLE_FORKS": "1"}
    )
    assert run.exit_code not in (0, 250), run.told
    assert len(world.registers) == 1
    assert sum("wrong_pin_elsewhere" in line for line in lines(run).values()) == 9
