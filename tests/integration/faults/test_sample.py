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
from ansible_collections.wabiz.migration.tests.faults import (
    cases,
    faults,
    flow,
    guards,
    journey_faults,
    journey_kills,
    journeys,
    kill,
    scenes,
)
from ansible_collections.wabiz.migration.tests.faults.harness import LOCAL, MACHINES, SSH
from ansible_collections.wabiz.migration.tests.faults.kill import Result
from ansible_collections.wabiz.migration.tests.faults.world import TestEnvironment
from ansible_collections.wabiz.migration.tests.support.sshd import Sshd

SEED = int(os.environ.get("FAULTS_SEED", "1"))
FAULTS = 60
ON_JOURNEYS = 10
NUMBERS = 460

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestEnvironment]:
    made = TestEnvironment(tmp_path_factory.mktemp("faults") / "env", NUMBERS)
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
def test_scene(env: TestEnvironment, name: str) -> None:
    good([scenes.play(env, name)])


@pytest.mark.usefixtures("watched")
def test_the_server_acts_late(env: TestEnvironment) -> None:
    good(list(faults.late(env)))


@pytest.mark.usefixtures("watched")
def test_faults_by_chance(env: TestEnvironment) -> None:
    every = faults.generate(faults.calls(env))
    before_register = [case for case in every if case.call.register]
    chance = random.Random(SEED)
    chosen = chance.sample(before_register, FAULTS // 3) + chance.sample(every, FAULTS - FAULTS // 3)
    good([faults.play(env, case) for case in chosen])


@pytest.mark.usefixtures("watched")
def test_faults_on_journeys_by_chance(env: TestEnvironment) -> None:
    chance = random.Random(SEED)
    every = journey_faults.cases(env, [chance.choice(journeys.JOURNEYS)])
    good([journey_faults.play(env, case) for case in chance.sample(every, ON_JOURNEYS)])


def test_kills_on_a_journey(env: TestEnvironment) -> None:
    chance = random.Random(SEED)
    every = journey_kills.cases(env, [journeys.BY_NAME[name] for name in ("rollback by a code", "retire")])
    batch = chance.choice(journey_kills.batches(every))
    good(journey_kills.play(env, None, batch[:4]))


@pytest.mark.usefixtures("watched")
def test_every_guard_is_seen(env: TestEnvironment) -> None:
    unproven = [proof.guard for proof in guards.in_process(env) if not proof.proven]
    assert not unproven


def test_the_order_of_the_role_is_seen(env: TestEnvironment) -> None:
    assert guards.order(env).proven


@pytest.mark.parametrize(
    ("kind", "again"), [(cases.KILL_RUN, cases.AT_ONCE), (cases.KILL_ALL, cases.AFTER), (cases.TERMINATE, cases.AFTER)]
)
def test_kills_of_local_runs(env: TestEnvironment, kind: str, again: str) -> None:
    good(kill.play(env, None, _chosen(env, None, LOCAL, kind, again, 6)))


@pytest.mark.parametrize("kind", [cases.KILL_MODULE])
def test_kills_over_ssh(env: TestEnvironment, tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    with Sshd.start(tmp_path_factory.mktemp("sshd"), {name: {} for name in MACHINES}) as ssh:
        good(kill.play(env, ssh, _chosen(env, ssh, SSH, kind, cases.AFTER, 4)))


def _chosen(
    env: TestEnvironment, ssh: Sshd | None, flavour: str, kind: str, again: str, count: int
) -> list[cases.Case]:
    """Return some cases of wa_register that happen in one run."""
    generated = cases.generate({flavour: kill.clean(env, ssh, flavour)})
    fitting = [case for case in generated if (case.point.task, case.kind, case.again) == (cases.REGISTER, kind, again)]
    in_runner = [case for case in fitting if case.point.in_runner]
    return random.Random(SEED).sample(in_runner, min(count, len(in_runner)))
