# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of 50 in one run: 30 move by backup, 15 by a code, 5 are stuck. One report has the right state of each."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.integration.playbooks.recover_world import RECOVER, log_of, lost
from ansible_collections.wabiz.migration.tests.integration.playbooks.world import MIGRATE, World, fleet_of, number_id
from ansible_collections.wabiz.migration.tests.support.ansible_run import Run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

BY_BACKUP = range(30)
BY_CODE = range(30, 45)
STUCK = range(45, 50)
REFUSED, WRONG_PIN, OPEN, UNFINISHED, UNVERIFIED = STUCK
WAVES = [2, "100%"]


def code(at: int) -> str:
    return f"{314159 + 7 * at:06d}"


def _fleet() -> dict[str, Any]:
    content = fleet_of(50, wabas=3)
    for at, number in enumerate(content["numbers"]):
        number["oba"] = False
        if at in (*BY_CODE, UNVERIFIED):
            number.update(code_verification_status="NOT_VERIFIED", codes=[code(at)])
    return content


FLEET = _fleet()


def host(at: int) -> str:
    return f"h{at:02d}"


class Story(NamedTuple):
    """One world, and the runs over it in their order: migrate, migrate with the codes, recover, and recover again."""

    world: World
    first: Run
    second: Run
    proposed: Run
    applied: list[Run]
    after: Run


@pytest.fixture(scope="module")
def story(running: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    running.admin("POST", "/reset")
    world = World(running, FLEET, tmp_path_factory.mktemp("fleet"))
    for at in BY_CODE:
        world.sim.patch(number_id(at), node={"listening": False})
    for at in STUCK:
        lost(world, at)
    log_of(world, {"code": 133010}, at=REFUSED)
    log_of(world, {"code": 133005}, at=WRONG_PIN)
    log_of(world, {"outcome": attempt_log.INTENT, "by": time.time() - 60}, at=OPEN)
    log_of(world, {"code": 133000}, at=UNFINISHED)
    world.sim.patch(number_id(UNFINISHED), switches={"incomplete_deregistration": True})
    stated: dict[str, Any] = {
        "retry_for": 0.2,
        "waves": WAVES,
        "on_blocker": "continue",
        "report_dir": str(world.where / "reports"),
    }
    codes = world.where / "codes.yml"
    codes.touch(mode=0o600)
    codes.write_text("".join(f'{host(at)}: "{code(at)}"\n' for at in BY_CODE))
    # Only for these somebody has decided that the profile may be lost.
    words = {host(at): {"wa_migrate_accept_loss": ["profile"]} for at in BY_CODE}
    without = world.group_vars(world.inventory(**words), **stated)
    with_codes = world.group_vars(without, codes_file=str(codes))
    decided = {"wa_migrate_accept_loss": ["profile"], "wa_recover_wait": 1}
    first = world.run(MIGRATE, inventory=without)
    second = world.run(MIGRATE, inventory=with_codes)
    proposed = world.run(RECOVER, inventory=with_codes, variables=decided)
    applied = []
    for changed in ("", "", "", times.utc(time.time())):
        pin = {"wa_migrate_pin_changed_at": changed} if changed else {}
        variables = {**decided, **pin, "wa_recover_apply": True}
        applied.append(world.run(RECOVER, "-l", ",".join(map(host, STUCK)), inventory=with_codes, variables=variables))
        if len(applied) == 1:
            # The code that this run has asked for.
            with codes.open("a") as file:
                file.write(f'{host(UNVERIFIED)}: "{code(UNVERIFIED)}"\n')
    yield Story(world, first, second, proposed, applied, after=world.run(MIGRATE, inventory=with_codes))


def report(story: Story, at: int) -> dict[str, Any]:
    """Return the report of a run, in the order of the story."""
    folders = sorted((story.world.where / "reports").iterdir(), key=lambda path: path.stat().st_mtime)
    made: dict[str, Any] = json.loads((folders[at] / "report.json").read_text())
    assert len(made["run"]["ids"]) == 1
    return made


def states(made: dict[str, Any]) -> dict[str, str]:
    return {entry["host"]: entry["state"] for entry in made["numbers"]}


def of(numbers: range, state: str) -> dict[str, str]:
    return {host(at): state for at in numbers}


def test_one_run_moves_what_it_can_and_names_the_rest(story: Story) -> None:
    made = report(story, 0)
    assert states(made) == {**of(BY_BACKUP, "moved"), **of(BY_CODE, "waiting for code"), **of(STUCK, "blocked")}
    assert story.first.exit_code == 2, "five need somebody"
    assert {name for name, counts in story.first.recap.items() if counts["failures"]} == set(of(STUCK, ""))
    counts = {"numbers": 50, "moved": 30, "untouched": 15, "needs_you": 5}
    assert counts.items() <= made["answers"]["counts"].items()
    stats = story.first.artifacts["wabiz_migration"]
    assert stats["states"] == {"moved": 30, "waiting for code": 15, "blocked": 5}
    assert stats["attention"] == {"blocked": list(of(STUCK, "")), "waiting for code": list(of(BY_CODE, ""))}
    assert "Migration: 50 numbers (30 moved, 15 waiting for code, 5 blocked)" in story.first.stdout


def test_each_stuck_number_is_sent_to_the_playbook_recover(story: Story) -> None:
    entries = {entry["host"]: entry for entry in report(story, 0)["numbers"]}
    for at in STUCK:
        entry = entries[host(at)]
        assert ("WM207" if at == WRONG_PIN else "WM104") in entry["causes"], entry
        assert "wabiz.migration.recover" in entry["next_step"]
        assert entry["next_command"].startswith("ansible-playbook wabiz.migration.recover -i ")
        assert entry["next_command"].endswith(f" -l {host(at)}") and not entry["safe"]
    for at in BY_CODE:
        assert "wa_migrate_codes_file" in entries[host(at)]["next_step"] and entries[host(at)]["safe"]
        assert entries[host(at)]["next_command"].endswith(f"migrate.yml -i inventory.yml -l {host(at)}")


def test_the_same_command_goes_on_with_the_codes(story: Story) -> None:
    made = report(story, 1)
    assert states(made) == {**of(BY_BACKUP, "unchanged"), **of(BY_CODE, "moved"), **of(STUCK, "blocked")}
    assert story.second.exit_code == 2 and story.second.artifacts["wabiz_migration"]["states"]["moved"] == 15
    assert not any(counts["changed"] for name, counts in story.second.recap.items() if name in of(BY_BACKUP, ""))


def test_recover_proposes_one_step_for_each(story: Story) -> None:
    made = report(story, 2)
    assert Counter(states(made).values())["works"] == 45 and story.proposed.exit_code == 2
    entries = {entry["host"]: entry for entry in made["numbers"]}
    assert {host(at): entries[host(at)]["action"]["step"] for at in STUCK} == {
        host(REFUSED): "register",
        host(WRONG_PIN): "person",
        host(OPEN): "register",
        host(UNFINISHED): "finish",
        host(UNVERIFIED): "ask_code",
    }
    for at in STUCK:
        applies = at != WRONG_PIN
        assert entries[host(at)]["next_command"].endswith(" -e wa_recover_apply=true") is applies
    assert "wa_migrate_pin_changed_at" in entries[host(WRONG_PIN)]["next_step"]


def test_recover_brings_on_those_that_it_can(story: Story) -> None:
    assert [run.exit_code for run in story.applied] == [2, 2, 2, 0], "the wrong PIN was changed before the last run"
    last = states(report(story, 6))
    assert last == {**of(STUCK, "works"), host(WRONG_PIN): "not compared"}
    assert story.after.exit_code == 0, story.after.transcript
    final = states(report(story, 7))
    # No recovery has compared this one with its snapshot yet.
    assert final == {**of(range(50), "unchanged"), host(WRONG_PIN): "moved"}


def test_every_number_was_registered_once_and_no_code_was_asked_for_twice(story: Story) -> None:
    world = story.world
    accepted = Counter(line["phone_number_id"] for line in world.requests if line["effect"] == "registered")
    assert accepted == dict.fromkeys((number_id(at) for at in range(50)), 1)
    # What stands in the logs of the stuck numbers was sent before: no further request of theirs was refused.
    assert len(world.registers) == 50
    asked = Counter(line["phone_number_id"] for line in world.requests if line["effect"] == "code_requested")
    assert asked == dict.fromkeys((number_id(at) for at in (*BY_CODE, UNVERIFIED)), 1)
    assert world.moved == {number_id(at) for at in range(50)}
