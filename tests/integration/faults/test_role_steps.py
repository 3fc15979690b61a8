# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix runs the role's declaration of steps: it notices a step that is taken out of it, or moved."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible_collections.wabiz.migration.tests.faults import flow, role_steps, scenes
from ansible_collections.wabiz.migration.tests.faults.world import TestEnvironment

Steps = list[dict[str, Any]]
# Between them they need every step of the role.
SCENES = (
    "no fault",
    "a PIN that was cleared cannot be wrong",
    "the account cannot send after the move",
    "a busy node is not prepared",
    "a dead node moves by a code",
    "a number moves to another WABA",
    "a number waits for its event",
)
STEPS = [step.module_name for step in role_steps.read(role_steps.MOVE)]
# All scenes are played once as they are, once with a late subscription and twice for each step; one step is added.
NUMBERS = len(SCENES) * (2 + 2 * len(STEPS)) + 1

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestEnvironment]:
    made = TestEnvironment(tmp_path_factory.mktemp("role_steps") / "env", NUMBERS)
    with flow.watched():
        yield made
    made.close()


def broken(env: TestEnvironment, tasks: Path) -> dict[str, list[str]]:
    """Play the scenes by these task files; returns what is broken in each."""
    with mock.patch.object(role_steps, "TASKS", tasks):
        played = [scenes.play(env, name) for name in SCENES]
    return {result.name: result.violations for result in played if result.violations}


def edited(folder: Path, edit: Callable[[Steps], None]) -> Path:
    """Return a copy of the role's task files in which the steps are edited."""
    tasks = folder / "tasks"
    if not tasks.exists():
        shutil.copytree(role_steps.TASKS, tasks)
    listed = yaml.safe_load((tasks / role_steps.MOVE).read_text())
    (task,) = (entry for entry in listed if "wabiz.migration.wa_steps" in entry)
    edit(task["wabiz.migration.wa_steps"]["steps"])
    (tasks / role_steps.MOVE).write_text(yaml.safe_dump(listed, sort_keys=False))
    return tasks


def at(steps: Steps, module_name: str) -> int:
    return next(index for index, step in enumerate(steps) if f"wabiz.migration.{module_name}" in step)


def test_an_unchanged_copy_is_sound(env: TestEnvironment, tmp_path: Path) -> None:
    assert not broken(env, edited(tmp_path, lambda steps: None))


@pytest.mark.parametrize("module_name", STEPS)
def test_a_missing_step_is_noticed(env: TestEnvironment, tmp_path: Path, module_name: str) -> None:
    assert broken(env, edited(tmp_path, lambda steps: steps.__delitem__(at(steps, module_name))))


@pytest.mark.parametrize("module_name", STEPS)
def test_a_condition_that_never_holds_is_noticed(env: TestEnvironment, tmp_path: Path, module_name: str) -> None:
    def never(steps: Steps) -> None:
        steps[at(steps, module_name)]["when"] = "__wa_migrate_preflight.blocked"

    assert broken(env, edited(tmp_path, never))


def test_a_late_subscription_is_noticed(env: TestEnvironment, tmp_path: Path) -> None:
    tasks = edited(tmp_path, lambda steps: steps.append(steps.pop(at(steps, "wa_subscribe"))))
    assert "not subscribed to the WABA before the register request" in str(broken(env, tasks)["no fault"])


def test_an_added_step_is_played(env: TestEnvironment, tmp_path: Path) -> None:
    step = {"wabiz.migration.wa_onprem_info": {"gather": ["stickerpacks"]}}
    player = flow.player(env, tasks=edited(tmp_path, lambda steps: steps.insert(0, step)))
    begun: list[str] = []
    player.before_module = begun.append
    assert player.run()["ok"]
    assert begun[:2] == ["wa_preflight", "wa_onprem_info"]
