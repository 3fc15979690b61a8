# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of `make faults` for every run of the tests: all scenes and guards, some kills and faults by chance.

The seed is fixed, so that a failure comes again; FAULTS_SEED takes another one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from ansible_collections.wabiz.migration.tests.faults import cases, faults, flow, guards, kill, scenes
from ansible_collections.wabiz.migration.tests.faults.harness import LOCAL, MACHINES, SSH
from ansible_collections.wabiz.migration.tests.faults.kill import Result
from ansible_collections.wabiz.migration.tests.faults.world import Lane
from ansible_collections.wabiz.migration.tests.support.sshd import Sshd

SEED = int(os.environ.get("FAULTS_SEED", "1"))
FAULTS = 60
NUMBERS = 400

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    made = Lane(tmp_path_factory.mktemp("faults") / "lane", NUMBERS)
    yield made
    scenes.tidy(made)
    made.close()


@pytest.fixture
def watched() -> Iterator[None]:
    with flow.watched():
        yield


def good(results: list[Result]) -> None:
    broken = {result.name: result.violations for result in results if result.violations}
    assert not broken, broken


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("name", sorted(scenes.SCENES))
def test_scene(lane: Lane, name: str) -> None:
    good([scenes.play(lane, name)])


@pytest.mark.usefixtures("watched")
def test_the_server_acts_late(lane: Lane) -> None:
    good(list(faults.late(lane)))


@pytest.mark.usefixtures("watched")
def test_faults_by_chance(lane: Lane) -> None:
    every = faults.generate(faults.calls(lane))
    at_the_door = [case for case in every if case.call.register]
    chance = random.Random(SEED)
    chosen = chance.sample(at_the_door, FAULTS // 3) + chance.sample(every, FAULTS - FAULTS // 3)
    good([faults.play(lane, case) for case in chosen])


@pytest.mark.usefixtures("watched")
def test_every_guard_is_seen(lane: Lane) -> None:
    unproven = [proof.guard for proof in guards.in_process(lane) if not proof.proven]
    assert not unproven


def test_the_order_of_the_role_is_seen(lane: Lane) -> None:
    assert guards.order(lane).proven


@pytest.mark.parametrize(
    ("kind", "again"), [(cases.KILL_RUN, cases.AT_ONCE), (cases.KILL_ALL, cases.AFTER), (cases.TERMINATE, cases.AFTER)]
)
def test_kills_of_local_runs(lane: Lane, kind: str, again: str) -> None:
    good(kill.play(lane, None, _chosen(lane, None, LOCAL, kind, again, 6)))


@pytest.mark.parametrize("kind", [cases.KILL_MODULE])
def test_kills_over_ssh(lane: Lane, tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    with Sshd.start(tmp_path_factory.mktemp("sshd"), {name: {} for name in MACHINES}) as ssh:
        good(kill.play(lane, ssh, _chosen(lane, ssh, SSH, kind, cases.AFTER, 4)))


def _chosen(lane: Lane, ssh: Sshd | None, flavour: str, kind: str, again: str, count: int) -> list[cases.Case]:
    """Return some cases of the door's task that happen in one run."""
    generated = cases.generate({flavour: kill.clean(lane, ssh, flavour)})
    fitting = [case for case in generated if (case.point.task, case.kind, case.again) == (cases.REGISTER, kind, again)]
    in_door = [case for case in fitting if case.point.in_door]
    return random.Random(SEED).sample(in_door, min(count, len(in_door)))
