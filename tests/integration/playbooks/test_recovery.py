# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a wrong PIN: the next run tells of it and sends nothing, and the ways that docs/safety.md names lead on."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import (
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

WRONG = "099999"
ONE = number_id(0)
READ = "Preflight | Read both APIs and list findings"


def go(world: World, *arguments: str, book: Any = MIGRATE, **inputs: Any) -> Run:
    """Run for the first number; ``inputs`` are of its host."""
    stated = {f"wa_migrate_{name}": value for name, value in inputs.items()}
    inventory = world.group_vars(world.inventory(h00=stated), retry_for=0.2, purpose="customer_support")
    return world.run(book, *arguments, "-l", "h00", inventory=inventory)


def wrong_pin_seen(world: World, **switches: Any) -> str:
    """Let the first number be refused for a wrong PIN, and return when that was, by the attempt log."""
    world.sim.patch(ONE, switches=switches)
    run = go(world, pin=WRONG)
    assert run.exit_code not in (0, 250), run.transcript
    assert "[133005]" in lines(run)["h00"] and "wa_migrate_pin_changed_at" in lines(run)["h00"]
    (attempt,) = attempts(world)
    assert (attempt["outcome"], attempt["code"]) == ("refused", 133005)
    time.sleep(1.1)  # the attempt log counts seconds, and what is stated later has to be later
    return str(attempt["at"])


def attempts(world: World) -> list[dict[str, Any]]:
    return list(json.loads((world.state / ONE / "attempt_log.json").read_text())["attempts"])


def findings(run: Run, host: str = "h00") -> dict[str, Mapping[str, Any]]:
    found = {one["id"]: one for one in run.result(host, READ)["findings"]}
    return {name: one for name, one in found.items() if one["severity"] != "note"}


def now() -> str:
    return times.utc(time.time())


def recovered(world: World, run: Run) -> None:
    """The number is on the Cloud API by one accepted registration, with the backup from before, and listened to."""
    assert run.exit_code == 0, run.transcript
    assert states(tables(run)[-1]) == {"h00": "moved"}
    registers = [line for line in world.requests if line["path"].endswith("/register")]
    assert [line["accepted"] for line in registers] == [False, True]
    made = [line["backup_sha256"] for line in world.requests if line["effect"] == "backup"]
    assert registers[-1]["backup_sha256"] == made[-1]
    state = world.sim.number(ONE)
    assert (state["location"], state["accepted_registrations"]) == ("cloud", 1)
    assert state["cloud_profile"]["about"] == "Open all day, desk 0"
    assert [attempt["outcome"] for attempt in attempts(world)] == ["refused", "registered"]
    assert "Nothing was lost" in lines(run)["h00"]
    assert not re.search(r"(?<![\d.])(%s|%s)(?!\d)" % (WRONG, pin(0)), run.output)


def test_the_next_run_tells_of_the_refusal_and_sends_nothing(world: World) -> None:
    at = wrong_pin_seen(world)
    world.mark()
    # whatever PIN is stated: nobody has stated that it is another one
    for stated in (WRONG, pin(0)):
        run = go(world, pin=stated)
        assert run.exit_code not in (0, 250), run.transcript
        assert world.changes == []
        assert set(findings(run)) == {"WM207"}, findings(run)
        for text in (f"of {at} was refused with 133005", "The PIN was wrong", "7 attempts left", "WhatsApp Manager"):
            assert text in lines(run)["h00"], (text, lines(run)["h00"])
        assert run.result("h00", READ)["location"] == "NEITHER"


def test_a_pin_that_was_reset_leads_on_from_neither_api(world: World) -> None:
    wrong_pin_seen(world)
    world.sim.patch(ONE, pin=pin(0))
    reported = go(world, "--check", "--diff", pin_changed_at=now())
    assert reported.exit_code == 0, reported.transcript
    assert states(tables(reported)[-1]) == {"h00": "would move"} and len(world.registers) == 1
    plan = reported.result("h00", READ)["plan"]
    assert [request.split(" ")[1].rsplit("/", 1)[-1] for request in plan["requests"]] == ["register"]
    assert "7 register requests left" in plan["budget"] and "neither API" in plan["downtime"]

    run = go(world, pin_changed_at=now())
    assert set(findings(run)) == {"WM208"} and "133005" in findings(run)["WM208"]["seen"]
    recovered(world, run)
    effects = [line["effect"] for line in world.changes]
    assert effects == ["subscribed", "backup", "node_down", "registered"]
    world.mark()
    again = go(world)
    assert again.exit_code == 0 and world.changes == [], again.transcript
    assert states(tables(again)[-1]) == {"h00": "unchanged"}


def test_two_step_verification_that_the_node_clears_leads_on(world: World) -> None:
    wrong_pin_seen(world, down_node_clears_two_step=True)
    run = go(world, pin=WRONG, clear_two_step=True)
    recovered(world, run)
    effects = [line["effect"] for line in world.changes]
    assert effects == ["subscribed", "backup", "node_down", "two_step_cleared", "registered"]


def test_a_node_that_still_serves_is_asked_for_a_new_backup(world: World) -> None:
    wrong_pin_seen(world, wrong_pin_takes_node_down=False)
    world.sim.admin("POST", "/clock", json={"advance": 60})
    run = go(world, pin=WRONG)
    assert set(findings(run)) == {"WM207"} and len(world.registers) == 1, run.transcript
    run = go(world, pin=WRONG, clear_two_step=True, backup_max_age=0)
    recovered(world, run)
    assert [line["effect"] for line in world.changes].count("backup") == 2


def test_a_node_that_is_down_and_clears_nothing_leaves_the_other_way(world: World) -> None:
    wrong_pin_seen(world)
    run = go(world, clear_two_step=True)
    assert run.exit_code not in (0, 250), run.transcript
    assert len(world.registers) == 1
    assert "[1011]" in lines(run)["h00"] and "turn two-step verification off in WhatsApp Manager" in lines(run)["h00"]
    world.sim.patch(ONE, pin=None)
    recovered(world, go(world, pin_changed_at=now()))


def test_the_nodes_word_counts_only_where_graph_does_not_contradict_it(world: World) -> None:
    wrong_pin_seen(world)
    cleared = {"success": True}
    match = {"api": "onprem", "method": "DELETE", "path": "/two-step$"}
    world.sim.fault("status", {**match, "phone_number_id": ONE}, status=200, body=cleared)
    run = go(world, clear_two_step=True)
    assert run.exit_code not in (0, 250), run.transcript
    assert "pin_not_cleared" in lines(run)["h00"] and len(world.registers) == 1


@pytest.mark.parametrize("stated", ["same", "before", "future"])
def test_a_word_that_does_not_fit_the_refusal_opens_nothing(world: World, stated: str) -> None:
    at = wrong_pin_seen(world)
    moment = {"same": at, "before": times.utc(time.time() - 3600), "future": times.utc(time.time() + 3600)}[stated]
    run = go(world, pin_changed_at=moment)
    assert set(findings(run)) == {"WM207"} and len(world.registers) == 1, run.transcript
    assert ("in the future" if stated == "future" else "not later than that request") in lines(run)["h00"]


def test_another_wrong_pin_wants_another_word(world: World) -> None:
    wrong_pin_seen(world)
    word = now()
    run = go(world, pin="088888", pin_changed_at=word)
    assert "[133005]" in lines(run)["h00"] and len(world.registers) == 2, run.transcript
    run = go(world, pin_changed_at=word)
    assert set(findings(run)) == {"WM207"} and len(world.registers) == 2, run.transcript
    assert "6 attempts left" in lines(run)["h00"]


# What keeps a number from being registered although somebody has stated that the PIN is another one: the code of
# another refusal after that one, what is changed in the simulator, and all findings.
GUARDS: tuple[tuple[int, dict[str, Any], set[str]], ...] = (
    (133006, {}, {"WM104"}),
    (0, {"node": {"connected": True}}, {"WM103"}),
    (0, {"node": {"listening": False}}, {"WM102", "WM103"}),
    (0, {"node": {"wa_id": "15550009999"}}, {"WM106", "WM208"}),
    (0, {"node": {"registered": False}}, {"WM106", "WM208"}),
    (0, {"code_verification_status": "EXPIRED"}, {"WM108", "WM208"}),
    (0, {"is_on_biz_app": True}, {"WM201", "WM208"}),
    (0, {"name_status": "EXPIRED"}, {"WM203", "WM208"}),
)


def test_all_other_guards_stay(world: World) -> None:
    hosts = [f"h{at:02d}" for at in range(len(GUARDS))]
    wrong = {host: {"wa_migrate_pin": WRONG} for host in hosts}
    arguments = ("-l", ",".join(hosts), "-e", "wa_migrate_waves=100%")
    stated = {"retry_for": 0.2, "purpose": "customer_support", "continue_after_wrong_pin": True, "max_failed": 10}
    run = world.run(MIGRATE, *arguments, inventory=world.group_vars(world.inventory(**wrong), **stated))
    assert len(world.registers) == len(GUARDS) and world.moved == set(), run.transcript
    time.sleep(1.1)
    for at, (code, patch, _expected) in enumerate(GUARDS):
        if patch:
            world.sim.patch(number_id(at), **patch)
        if code:
            path = world.state / number_id(at) / "attempt_log.json"
            document = json.loads(path.read_text())
            document["attempts"].append({**document["attempts"][-1], "code": code})
            path.write_text(attempt_log.dump(document))
    inventory = world.group_vars(world.inventory(), **stated, pin_changed_at=now())
    run = world.run(MIGRATE, *arguments, "-e", "wa_migrate_on_blocker=continue", inventory=inventory)
    found = [set(findings(run, host)) for host in hosts]
    assert found == [expected for _code, _patch, expected in GUARDS]
    assert len(world.registers) == len(GUARDS) and world.moved == set(), run.transcript


def test_without_a_usable_backup_nothing_is_sent_unless_it_is_said(world: World) -> None:
    wrong_pin_seen(world)
    stored = world.state / ONE / "backup.json"
    kept = stored.read_text()
    stored.unlink()
    run = go(world, pin_changed_at=now())
    assert {"WM209", "WM208"} <= set(findings(run)) and "There is no backup" in lines(run)["h00"], run.transcript
    stored.write_text(json.dumps({**json.loads(kept), "created_at": "2026-01-01T00:00:00Z"}))
    stored.chmod(0o600)
    run = go(world, pin_changed_at=now())
    assert {"WM209", "WM208"} <= set(findings(run)) and "wa_migrate_backup_max_age" in lines(run)["h00"], run.transcript
    assert len(world.registers) == 1
    run = go(world, pin_changed_at=now(), backup_max_age=31_449_600)
    recovered(world, run)


def test_a_used_up_budget_is_reported_and_nothing_is_sent(world: World) -> None:
    wrong_pin_seen(world)
    run = go(world, pin_changed_at=now(), attempts_limit=3)
    assert {"WM114", "WM208"} == set(findings(run)) and len(world.registers) == 1, run.transcript


def test_the_plan_that_was_approved_before_does_not_cover_it(world: World) -> None:
    first = go(world, book=PREFLIGHT)
    approved = first.result("h00", READ)["plan"]["digest"]
    wrong_pin_seen(world)
    run = go(world, pin_changed_at=now(), plan=approved)
    assert {"WM174", "WM208"} == set(findings(run)) and len(world.registers) == 1, run.transcript
    anew = go(world, book=PREFLIGHT, pin_changed_at=now()).result("h00", READ)["plan"]["digest"]
    recovered(world, go(world, pin_changed_at=now(), plan=anew))


def test_a_word_that_is_no_time_is_refused_before_any_request(world: World) -> None:
    run = go(world, pin_changed_at="yesterday")
    assert run.exit_code not in (0, 250) and world.requests == [], run.transcript
    assert any(
        fault.startswith("wa_migrate_pin_changed_at: expected a time like") for fault in input_errors(run)["h00"]
    )
