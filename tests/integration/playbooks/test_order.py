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
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.integration.playbooks.own_tasks import by_hand, steps
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_failure_limit import (
    has_printed,
    meanwhile,
    until,
)
from ansible_collections.wabiz.migration.tests.integration.playbooks.test_wait import hours, when
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
    MIGRATE,
    World,
    lines,
    number_id,
    states,
    tables,
)
from ansible_collections.wabiz.migration.tests.support import faultserver
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

CUTOVER = "Move | Prepare, register and verify the number"
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
    assert "+1 555-000-0000" in lines(run)["h00"] and "Nothing was sent." in lines(run)["h00"]
