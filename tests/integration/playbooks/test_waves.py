# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves and hosts: from wherever they are stated, the same; a wave that was not well is the last one."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
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


def waves(run: Run) -> list[list[str]]:
    """Return the hosts of each wave, as the preflight judged them."""
    (event,) = [event for event in run.results() if event["task"] == "Preflight | Evaluate the fleet"]
    order: dict[str, int] = event["result"]["waves"]
    return [[host for host in order if order[host] == wave] for wave in sorted(set(order.values()))]


def sizes(run: Run) -> list[int]:
    return [len(wave) for wave in waves(run)]


def test_default_waves_and_hosts_from_group_vars(world: World) -> None:
    inventory = world.group_vars(world.inventory(), hosts="some")
    inventory["all"]["children"]["some"] = {"hosts": {f"h{at:02d}": {} for at in range(1, 10)}}
    run = world.run(PREFLIGHT, inventory=inventory)
    assert run.exit_code == 0, run.transcript
    assert sizes(run) == [1, 1, 7]
    assert "h00" not in waves(run)[0] + states(tables(run)[0]).__str__().split()
    assert set(states(tables(run)[0])) == {f"h{at:02d}" for at in range(1, 10)}
    assert world.changes == []


@pytest.mark.parametrize(
    "stated,wording,expected",
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
def test_stated_anywhere(world: World, stated: dict[str, Any], wording: tuple[str, ...], expected: list[int]) -> None:
    run = world.run(PREFLIGHT, *wording, inventory=world.group_vars(world.inventory(), **stated))
    assert run.exit_code == 0, run.transcript
    assert sizes(run) == expected


def test_waves_of_one_host_stop_every_host(world: World) -> None:
    inventory = world.group_vars(world.inventory(h04={"wa_migrate_waves": [5]}), waves=[1])
    run = world.run(MIGRATE, inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert world.requests == []
    (fault,) = input_errors(run)[""]
    assert fault.startswith("wa_migrate_waves: differs between hosts ([1] on h00, h01, h02 and 6 more; [5] on h04)")
    assert "-e" in fault


def test_a_failed_canary_is_the_last_wave(world: World) -> None:
    run = world.run(MIGRATE, inventory=world.inventory(h00={"wa_migrate_pin": "099999"}))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0)], "a wrong PIN is never tried again, and no later wave starts"
    assert world.moved == set()
    judged = states(tables(run)[-1])
    assert judged == {"h00": "failed", **{f"h{at:02d}": "not started" for at in range(1, 10)}}
    assert "133005" in lines(run)["h00"] and "NOT safe to run again" in lines(run)["h00"]


def test_a_wave_with_one_unknown_is_the_last_one(world: World) -> None:
    """The second of four waves has a number whose register call can't be confirmed; the rest of its wave finishes."""
    world.sim.fault("reset_before", {"method": "POST", "path": "/register$", "phone_number_id": number_id(3)})
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=2")
    assert run.exit_code not in (0, 250), run.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    judged = states(tables(run)[-1])
    expected = ["moved"] * 3 + ["unknown"] + ["not started"] * 6
    assert judged == {f"h{at:02d}": state for at, state in enumerate(expected)}
    assert "unconfirmed" in lines(run)["h03"]


def test_a_whole_wave_and_every_host_fails(world: World) -> None:
    world.sim.fault("graph_error", {"method": "POST", "path": "/register$"}, code=133015)
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=100%")
    assert run.exit_code not in (0, 250), run.transcript
    assert len(world.registers) == 10
    assert set(states(tables(run)[-1]).values()) == {"failed"}
    assert len(lines(run)) == 10 and all("133015" in line for line in lines(run).values())


def test_a_wrong_pin_stops_the_other_pins_of_its_wave(world: World) -> None:
    """Where PINs come from one place, one wrong PIN makes the others doubtful."""
    wrong = {f"h{at:02d}": {"wa_migrate_pin": "099999"} for at in range(10)}
    run = world.run(
        MIGRATE, "-e", "wa_migrate_waves=100%", inventory=world.inventory(**wrong), environment={"ANSIBLE_FORKS": "1"}
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert len(world.registers) == 1
    assert sum("wrong_pin_elsewhere" in line for line in lines(run).values()) == 9


# --- groups


def test_a_cleared_pin_goes_on_after_a_wrong_one(world: World) -> None:
    world.sim.patch(number_id(0), pin="555555")
    inventory = world.inventory(h01={"wa_migrate_clear_two_step": True})
    run = world.run(
        MIGRATE,
        "-l",
        "h00,h01,h02",
        "-e",
        "wa_migrate_waves=100% wa_migrate_max_parallel_cutovers=1",
        inventory=inventory,
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0), number_id(1)]
    assert world.moved == {number_id(1)} and "[133005]" in lines(run)["h00"]
    assert "no further" in lines(run)["h02"] or "PIN" in lines(run)["h02"]


def grouped(world: World, **groups: str) -> dict[str, Any]:
    """Return the inventory with groups, each of the hosts whose last digits are named."""
    inventory = world.inventory()
    for name, members in groups.items():
        inventory["all"]["children"][name] = {"hosts": {f"h0{at}": {} for at in members}}
    return inventory


def test_a_wave_for_each_site(world: World) -> None:
    inventory = grouped(world, canary="7", berlin="0247", madrid="1368")
    run = world.run(PREFLIGHT, "-e", "wa_migrate_waves=canary,berlin,madrid,100%", inventory=inventory)
    assert run.exit_code == 0, run.transcript
    expected = [["h07"], ["h00", "h02", "h04"], ["h01", "h03", "h06", "h08"], ["h05", "h09"]]
    assert [sorted(wave) for wave in waves(run)] == expected


def test_a_failed_site_is_the_last_one(world: World) -> None:
    inventory = grouped(world, berlin="024", madrid="1356789")
    world.sim.fault("graph_error", {"path": "/register$", "phone_number_id": number_id(2)}, code=133015)
    run = world.run(MIGRATE, "-e", '{"wa_migrate_waves": ["berlin", "madrid"]}', inventory=inventory)
    assert run.exit_code not in (0, 250), run.transcript
    assert sorted(world.registers) == [number_id(at) for at in (0, 2, 4)]


@pytest.mark.parametrize(
    ("stated", "wording"),
    [("canray,100%", "'canray' is neither a count"), ("canary", "9 hosts are in none of its waves: h01, ")],
)
def test_groups_that_cannot_be_waves_stop_all(world: World, stated: str, wording: str) -> None:
    run = world.run(MIGRATE, "-e", f"wa_migrate_waves={stated}", inventory=grouped(world, canary="0"))
    assert run.exit_code not in (0, 250), run.transcript
    assert world.changes == [] and wording in run.stdout


# --- the failure limit


def refused(world: World, *numbers: int) -> None:
    for at in numbers:
        world.sim.fault("graph_error", {"path": "/register$", "phone_number_id": number_id(at)}, code=133015)


@pytest.mark.parametrize(
    ("limits", "failing", "moved"),
    [
        ("wa_migrate_max_failed=1", (1,), 9),
        ("wa_migrate_max_failed=1", (1, 3), 2),  # the second wave is the last: two of four have failed by then
        ("wa_migrate_max_failed_percent=10", (1,), 9),
        ("wa_migrate_max_failed_percent=10", (1, 2), 1),  # and h03 of the same wave stays where it is
        ("wa_migrate_max_failed=5 wa_migrate_max_failed_percent=10", (1, 3), 2),
    ],
)
def test_so_many_may_fail(world: World, limits: str, failing: tuple[int, ...], moved: int) -> None:
    """Two at a time, and one worker, so that the numbers register in their order."""
    refused(world, *failing)
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=2", "-e", limits, environment={"ANSIBLE_FORKS": "1"})
    assert run.exit_code not in (0, 250), run.transcript
    judged = list(states(tables(run)[-1]).values())
    assert (len(world.moved), judged.count("moved")) == (moved, moved), run.transcript
    assert ("No further wave starts" in run.stdout) == (moved < 9)


def test_the_failure_limit_stops_register_calls_inside_of_a_wave(world: World) -> None:
    refused(world, 0, 1)
    run = world.run(
        MIGRATE, "-e", "wa_migrate_waves=100%", "-e", "wa_migrate_max_failed=1", environment={"ANSIBLE_FORKS": "1"}
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert world.registers == [number_id(0), number_id(1)] and world.moved == set()
    assert sum("too_many_failed" in line and "safe to run again" in line for line in lines(run).values()) == 8

    world.sim.clear_faults()
    world.mark()
    again = world.run(MIGRATE, "-e", "wa_migrate_waves=100%", "-e", "wa_migrate_max_failed=1")
    assert again.exit_code == 0, again.transcript
    assert len(world.moved) == 10 and len(world.registers) == 10


def test_without_a_limit_the_wave_goes_on_and_is_the_last(world: World) -> None:
    refused(world, 0)
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=5", environment={"ANSIBLE_FORKS": "1"})
    assert run.exit_code not in (0, 250), run.transcript
    assert world.moved == {number_id(at) for at in range(1, 5)}


@pytest.mark.parametrize(("allowed", "moved"), [(0, 0), (1, 9)])
def test_a_host_that_cannot_be_reached_counts(world: World, allowed: int, moved: int) -> None:
    inventory = world.inventory(
        h04={"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_retries": 0}
    )
    run = world.run(
        MIGRATE,
        "-e",
        f"wa_migrate_max_failed={allowed} wa_migrate_on_blocker=continue wa_migrate_waves=3",
        inventory=inventory,
    )
    assert run.exit_code not in (0, 250), run.transcript
    assert len(world.moved) == moved, run.transcript
    assert ("None moves: 1 of 10 numbers did not succeed" in run.stdout) == (moved == 0)


def test_what_is_finished_costs_no_request_of_its_own(world: World) -> None:
    """After a stop the same command goes on where it stopped."""
    refused(world, 3)
    world.run(MIGRATE, "-e", "wa_migrate_waves=2")
    assert len(world.moved) == 3
    world.sim.clear_faults()
    finished = set(world.moved)
    world.mark()
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=2")
    assert run.exit_code == 0, run.transcript
    assert len(world.moved) == 10
    own = [line for line in world.requests if line["phone_number_id"] in finished]
    assert own == []


def test_few_requests_and_few_tasks_for_each_number(world: World) -> None:
    """Two WABAs of five numbers: what one request answers for many is asked once; a second run asks nothing else."""
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=100%")
    assert run.exit_code == 0, run.transcript
    for at in range(10):
        sent = [line for line in world.requests if line["phone_number_id"] == number_id(at)]
        paths = [line["path"] for line in sent]
        graph = [line["path"] for line in sent if line["api"] == "graph"]
        # the gate, the register call, its confirmation, and the profile afterwards
        assert len(graph) <= 5, graph
        # one for each of the three tasks, whatever a task does on the node
        assert paths.count("/v1/users/login") <= 3, paths
    tasks = {(line["host"], line["task"]) for line in run.results() if line["host"] == "h05"}
    own = {task for _host, task in tasks if not task.startswith("wa_")}
    assert len(own) <= 4, "the three, and the gate at the head of the play"
    world.mark()
    again = world.run(MIGRATE, "-e", "wa_migrate_waves=100%")
    assert again.exit_code == 0, again.transcript
    assert {line["api"] for line in world.requests} == {"graph"}
    assert len(world.requests) <= 10 and not [line for line in world.requests if line["phone_number_id"]]


def test_a_slice_without_a_number_is_a_success_and_says_so(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00,h01", inventory=world.group_vars(world.inventory(), hosts="h05:h06"))
    assert run.exit_code == 0, run.transcript
    assert world.requests == []
    assert "None of these hosts is one of wa_migrate_hosts (h05:h06): nothing to do" in run.stdout


def test_two_slices_at_once(world: World) -> None:
    """Slices see only their own hosts, and share nothing but the WABAs."""
    hosts = [",".join(f"h{at:02d}" for at in range(begin, 10, 2)) for begin in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        slices = [
            pool.submit(ansible_run.playbook, world.where / f"slice-{at}", MIGRATE, world.inventory(), "-l", limit)
            for at, limit in enumerate(hosts)
        ]
        runs = [one.result() for one in slices]
    for run in runs:
        assert run.exit_code == 0, run.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(10)]


@pytest.mark.parametrize("limit", [0, 2])
def test_max_parallel_cutovers(world: World, limit: int) -> None:
    world.sim.fault("delay", {"path": "/register$"}, seconds=0.6, when="after")
    run = world.run(MIGRATE, "-e", f"wa_migrate_waves=100% wa_migrate_max_parallel_cutovers={limit}")
    assert run.exit_code == 0, run.transcript
    own = {line["seq"] for line in world.requests if line["path"].endswith("/register")}
    inside = most = 0
    for event in world.sim.events():
        if event["seq"] in own:
            inside += {"arrived": 1, "answered": -1}.get(event["event"], 0)
            most = max(most, inside)
    assert most == 2 if limit else most > 2


# --- soak


def test_what_falls_ill_while_a_wave_soaks_stops_the_next_one(world: World) -> None:
    """The WABA of h00 is rejected after that number has moved and was found well."""
    profile = f"/{number_id(0)}/whatsapp_business_profile"

    def reject() -> None:
        while not [line for line in world.requests if line["path"].endswith(profile)]:
            time.sleep(0.05)
        world.sim.admin(
            "POST", f"/wabas/{world.content['numbers'][0]['waba_id']}", {"account_review_status": "REJECTED"}
        )

    meanwhile = threading.Thread(target=reject, daemon=True)
    meanwhile.start()
    run = world.run(MIGRATE, "-e", "wa_migrate_waves=2 wa_migrate_soak=4 wa_migrate_health_wait=1")
    assert run.exit_code not in (0, 250), run.transcript
    assert not meanwhile.is_alive(), run.transcript
    assert sorted(world.registers) == [number_id(0), number_id(1)]
    judged = states(tables(run)[-1])
    assert judged == {"h00": "failed", "h01": "moved", **{f"h{at:02d}": "not started" for at in range(2, 10)}}
    assert "141001" in lines(run)["h00"] or "not approved" in lines(run)["h00"], lines(run)["h00"]


def test_the_last_wave_does_not_soak(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00,h01,h02", "-e", "wa_migrate_waves=1,100% wa_migrate_soak=2")
    assert run.exit_code == 0, run.transcript
    assert {event["host"] for event in run.results(task="Soak | Check the messaging health again")} == {"h00"}
    (soaked,) = [event for event in run.results(action="wabiz.migration.wa_wait") if event["result"]["soaked"]]
    assert soaked["result"]["soaked"] == ["h00"] and soaked["result"]["waited"] > 0.5
