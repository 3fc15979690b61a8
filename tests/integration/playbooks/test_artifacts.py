# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job hands on: the plan to the jobs behind an approval, and what became of the fleet.

As AWX does it, the artifacts of a job become extra variables of all jobs behind it in the workflow.
"""

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
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run

FOUR = ("-l", "h00,h01,h02,h03")
NAME = "wabiz_migration"


class Workflow:
    """Jobs one behind the other, each with what those before it have left."""

    def __init__(self, world: World, core: str = "") -> None:
        self.world = world
        self.artifacts: dict[str, Any] = {}
        self.python = ansible_run.ROOT / "build" / "venvs" / f"core-{core}" / "bin" / "python" if core else None
        if self.python is not None and not self.python.exists():
            pytest.skip(f"ansible-core {core} was NOT tested: {self.python} is not there (make test makes it)")

    def job(self, book: Any, *arguments: str, **variables: Any) -> Run:
        stated = {"wa_migrate_waves": [2], **variables, **self.artifacts}
        run = self.world.run(book, *arguments, variables=stated, python=self.python)
        self.artifacts.update(run.artifacts)
        return run


@pytest.mark.parametrize("core", ["", "2.18", "2.21"])
def test_a_plan_serves_the_canary_and_then_the_fleet(world: World, core: str) -> None:
    flow = Workflow(world, core)
    assert flow.job(PREFLIGHT, *FOUR).exit_code == 0
    plan = flow.artifacts["wa_migrate_plan"]
    assert sorted(plan["numbers"]) == [number_id(at) for at in range(4)]
    canary = flow.job(MIGRATE, "-l", "h00")
    assert canary.exit_code == 0, canary.transcript
    assert set(canary.artifacts) == {NAME} and flow.artifacts["wa_migrate_plan"] == plan
    assert world.registers == [number_id(0)]
    run = flow.job(MIGRATE, *FOUR)
    assert run.exit_code == 0, run.transcript
    assert sorted(world.registers) == [number_id(at) for at in range(4)]
    assert run.artifacts[NAME]["states"] == {"unchanged": 1, "moved": 3}


def test_a_migration_without_a_plan_hands_none_on(world: World) -> None:
    """The rest of the fleet must not be held against the plan of the canary alone."""
    flow = Workflow(world)
    assert flow.job(MIGRATE, "-l", "h00").exit_code == 0
    assert set(flow.artifacts) == {NAME}
    run = flow.job(MIGRATE, *FOUR)
    assert run.exit_code == 0, run.transcript
    assert world.moved == {number_id(at) for at in range(4)}


def test_what_changed_after_the_approval_is_kept_out_behind_the_canary_too(world: World) -> None:
    flow = Workflow(world)
    flow.job(PREFLIGHT, *FOUR)
    assert flow.job(MIGRATE, "-l", "h00").exit_code == 0
    world.sim.patch(number_id(2), code_verification_status="EXPIRED")
    run = flow.job(MIGRATE, *FOUR)
    assert run.exit_code not in (0, 250), run.transcript
    assert "WM174" in lines(run)["h02"]
    assert world.moved == {number_id(at) for at in (0, 1, 3)}
    assert run.artifacts[NAME]["attention"] == {"blocked": ["h02"]}


def test_a_preflight_tells_how_many_are_ready_and_who_wants_a_look(world: World) -> None:
    world.sim.patch(number_id(1), code_verification_status="EXPIRED")
    run = world.run(PREFLIGHT, *FOUR)
    report = run.artifacts[NAME].pop("report")
    assert report["go_on"] == "no" and report["counts"]["needs_you"] == 1 and report["page"].endswith("/report.html")
    assert run.artifacts[NAME] == {
        "phase": "preflight",
        "numbers": 4,
        "states": {"ready": 3, "blocked": 1},
        "attention": {"blocked": ["h01"]},
        "attention_left_out": 0,
        "stopped": "A number is kept out, so none moves (wa_migrate_on_blocker: stop)",
    }
    assert run.artifacts["wa_migrate_plan"] == {
        "digest": run.artifacts["wa_migrate_plan"]["digest"],
        "numbers": run.artifacts["wa_migrate_plan"]["numbers"],
    }
    moved = world.run(MIGRATE, *FOUR)
    assert moved.exit_code not in (0, 250) and world.changes == []
    assert moved.artifacts[NAME]["phase"] == "migrate"
    assert moved.artifacts[NAME]["states"] == {"not started": 3, "blocked": 1}, "what was only ready was not started"
    assert moved.artifacts[NAME]["stopped"].startswith("A number is kept out")


def test_after_a_wave_that_failed_the_whole_fleet_is_reported(world: World) -> None:
    """h00 moves in the first wave, h01 fails in the second, h02 and h03 are in the third."""
    world.sim.fault("graph_error", {"path": "/register$", "phone_number_id": number_id(1)}, code=133015)
    run = world.run(MIGRATE, *FOUR, variables={"wa_migrate_waves": [1, 1, 2]})
    assert run.exit_code not in (0, 250), run.transcript
    reported = run.artifacts[NAME]
    assert reported["states"] == {"moved": 1, "failed": 1, "not started": 2} and reported["numbers"] == 4
    assert reported["attention"] == {"failed": ["h01"]} and "1 of 4 numbers did not succeed" in reported["stopped"]
    assert reported["states"] == {
        state: list(states(tables(run)[-1]).values()).count(state) for state in reported["states"]
    }


def test_check_mode_tells_what_would_move(world: World) -> None:
    run = world.run(MIGRATE, "-l", "h00,h01", "--check")
    assert run.artifacts[NAME]["states"] == {"would move": 2} and set(run.artifacts) == {NAME}


# --- what a person reads before an approval


def test_the_plan_is_there_to_read_without_a_diff(world: World) -> None:
    world.sim.patch(number_id(0), node={"stickerpacks": 2})
    run = world.run(PREFLIGHT, *FOUR, variables={"wa_migrate_waves": [1, "100%"]})
    assert run.exit_code == 0, run.transcript
    table = tables(run)[-1]
    rows = table[[row.startswith("Preflight: ") for row in table].index(True) :]
    assert rows[:2] == ["Preflight: 4 numbers (4 ready)", "Ready to move: 4, in waves: 2 (1, 3)"]
    assert rows[2] == (
        "Requests that change something: 2 POST /subscribed_apps, 4 POST /v1/settings/backup, 4 POST /register"
    )
    assert rows[3] == "Register requests left for each, by the collection's own count: 8"
    assert rows[4] == (
        "Lost with the move, beside the messages of the downtime: stickerpacks (1 number); "
        "callbacks of the node (4 numbers)"
    )
    assert any(" warning: " in row for row in rows) and "Downtime of each" in "".join(rows)
    assert rows[-1].startswith("Plan: f") and len(rows) <= 10
    for row in rows:
        assert row in run.stdout, "a person sees it"
    assert run.results(task="Report | Fail the numbers that need attention") == []


def test_each_numbers_own_plan_is_shown_by_v(world: World) -> None:
    run = world.run(PREFLIGHT, "-l", "h00", "-v")
    shown = run.result("h00", "Report | Fail the numbers that need attention")["plan_lines"]
    assert shown[0] == "location: ON_PREMISES -> CLOUD" and [line for line in shown if "/register {" in line]
