# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts for a person: one name for a number in the whole run, one next step for each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    impatient,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run


def shown(world: World, at: int) -> str:
    return str(world.content["numbers"][at]["display_phone_number"])


def message(run: Run) -> Iterator[str]:
    """Yield every text of a run that a person reads: messages, warnings, waits, tables, lines."""
    yield from run.stderr.splitlines()
    for event in run.results():
        result: dict[str, Any] = event.get("result") or {}
        reported = result.get("msg")
        yield from map(str, reported) if isinstance(reported, list) else [str(reported or "")]
        yield from map(str, result.get("warnings") or [])
        yield str(result.get("why") or "")
        yield from map(str, result.get("table") or [])
    yield from lines(run).values()


def names(run: Run, world: World, at: int) -> set[str]:
    """Return what one number is called in a run, of its three writings."""
    display = shown(world, at)
    digits = re.sub("[^0-9]", "", display)
    found = set()
    for text in message(run):
        # addresses, files and what the two APIs call the number are no names for a person
        text_only = re.sub(r"\S*/\S*|wa_id \S+|ID '\d+'", "", text)
        for name in (display, digits, number_id(at)):
            if re.search(r"(?<!\d)%s(?!\d)" % re.escape(name), text_only):
                found.add(name)
    return found


def test_a_number_has_one_name_in_a_run(world: World) -> None:
    """Refused, never confirmed, stopped by a wrong PIN elsewhere, waiting, and kept out before that."""
    world.sim.fault("graph_error", {"path": f"/{number_id(1)}/register$"}, code=131031)
    world.sim.fault("reset_before", {"method": "POST", "path": f"/{number_id(2)}/register$"})
    world.sim.patch(number_id(4), code_verification_status="EXPIRED")
    inventory = world.inventory(h03={"wa_migrate_pin": "099999"}, h05={"wa_migrate_onprem_password": "Wrong-Passw0rd"})
    waived = {"id": "WM108", "who": "ada", "why": "known", "until": "2027-12-31"}
    arguments = (
        "-l",
        "h00,h01,h02,h03,h04,h05",
        "-e",
        "wa_migrate_waves=3,100% wa_migrate_max_failed=9 wa_migrate_max_parallel_cutovers=1",
    )
    more = {**impatient(), "wa_migrate_on_blocker": "continue", "wa_migrate_waivers": [waived]}
    run = world.run(MIGRATE, *arguments, inventory=inventory, variables=more)
    assert run.exit_code == 2, run.transcript
    judged = {"h00": "moved", "h01": "failed", "h02": "unknown", "h03": "failed", "h04": "failed", "h05": "blocked"}
    assert states(tables(run)[-1]) == judged
    for at in range(6):
        assert names(run, world, at) <= {shown(world, at)}, (at, names(run, world, at))
    for host, code in (("h01", 131031), ("h02", "unconfirmed"), ("h03", 133005), ("h04", "wrong_pin_elsewhere")):
        (failed,) = run.results(host=host, action="wabiz.migration.wa_steps")
        assert failed["result"]["failure"]["code"] == code
        assert failed["result"]["msg"].startswith(f"Number {shown(world, int(host[1:]))} ({host}): ")
    assert f"Number {shown(world, 3)} (h03) was refused with 133005" in lines(run)["h04"]
    assert any(
        row == f"Waived: WM108 until 2027-12-31 by ada (known), for 1: {shown(world, 4)} (h04)" for row in message(run)
    )


def test_a_task_that_reads_nothing_of_the_number_knows_its_name(world: World) -> None:
    """The subscription is the first step of a task, and Graph refuses it before the number is read in that task."""
    world.sim.fault("graph_error", {"method": "POST", "path": "/subscribed_apps$"}, code=200)
    run = world.run(MIGRATE, "-l", "h00", variables=impatient())
    assert run.exit_code == 2, run.transcript
    (failed,) = run.results(host="h00", action="wabiz.migration.wa_steps")
    assert failed["result"]["msg"].startswith(f"Number {shown(world, 0)} (h00): ")


def test_a_number_that_nothing_was_read_of_has_its_id(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00", inventory=world.inventory(h00={"wa_migrate_access_token": "not-the-token"}))
    assert run.exit_code == 2, run.transcript
    assert lines(run)["h00"].startswith(f"{number_id(0)} (h00): blocked, on UNKNOWN. WM101 blocker: ")


@pytest.mark.parametrize(
    ("at", "host", "code"),
    [
        (1, {"wa_migrate_onprem_url": "https://127.0.0.1:1"}, "WM102"),
        (2, {"wa_migrate_onprem_password": "Wrong-Passw0rd"}, "WM126"),
        (3, {"wa_migrate_onprem_password": "-", "wa_migrate_onprem_token": "of-last-year"}, "WM127"),
    ],
)
def test_a_finding_that_quotes_a_failure_has_one_next_step(
    world: World, at: int, host: dict[str, Any], code: str
) -> None:
    name = f"h{at:02d}"
    inventory = world.inventory(**{name: host})
    if "wa_migrate_onprem_token" in host:
        del inventory["all"]["children"]["wa_onprem"]["vars"]["wa_migrate_onprem_password"]
    run = world.run(MIGRATE, "-l", name, inventory=inventory, variables=impatient())
    assert run.exit_code == 2, run.transcript
    (found,) = [
        one for one in run.result(name, "Preflight | Read both APIs and list findings")["findings"] if one["id"] == code
    ]
    assert "Next:" not in found["seen"] and "safe to run again" not in found["seen"] and found["fix"]
    reported = lines(run)[name]
    assert reported.startswith(f"{shown(world, at)} ({name}): ") and "Fix:" not in reported
    assert reported.count(found["fix"]) == 1
    assert reported.count("Next:") == reported.count(" blocker: "), reported


def test_a_host_that_the_inventory_does_not_have(world: World) -> None:
    tasks = [
        {
            "name": "a report",
            "wabiz.migration.wa_report": {"phase": "move", "hosts": ["h00", "nobody", "h99"]},
            "ignore_errors": True,
        },
        {
            "name": "a wait",
            "wabiz.migration.wa_wait": {"hosts": ["h99"], "result_var": "cutover"},
            "ignore_errors": True,
        },
        {"name": "no list", "wabiz.migration.wa_report": {"hosts": "nobody"}, "ignore_errors": True},
    ]
    book = ansible_run.as_yaml(
        world.where / "book.yml", [{"name": "Own", "hosts": "h00", "gather_facts": False, "tasks": tasks}]
    )
    run = world.run(book)
    assert run.result("h00", "a report")["errors"] == ["hosts: no host of the inventory is called nobody or h99"]
    assert run.result("h00", "a wait")["errors"] == ["hosts: no host of the inventory is called h99"]
    assert run.result("h00", "no list")["errors"]
