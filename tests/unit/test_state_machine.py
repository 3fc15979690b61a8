# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The register call as a state machine: any order of runs, faults, kills and clock jumps keeps the promises.

The operation and the rules are the shipped ones; both APIs, the host's disk and every clock are played. A run does
something at every touch of that world, and at every touch it can be killed, or stand still while others go on.
"""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.tests.support.register_world import (
    ANSWERS,
    AT_META,
    BACKUP,
    BUDGET,
    FAULTS,
    START,
    TOUCHES,
    WINDOW,
    Plan,
    Run,
    Touch,
    World,
)
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

PLANS = st.builds(
    Plan,
    answer=st.sampled_from(ANSWERS),
    late=st.floats(0.1, AT_META - 0.5),
    slow=st.sampled_from((0.0, 0.0, 100.0)),
    failing=st.frozensets(st.integers(1, 12), max_size=2),
    kill_at=st.none() | st.sampled_from(TOUCHES) | st.just(("before the answer", 1)),
    at_once=st.booleans(),
)
CONTROLLERS = st.sampled_from(("one", "two"))


class Runner(RuleBasedStateMachine):
    """Runs in any order, against a world that loses, delays and refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(backup=BACKUP)
        self.living: set[int] = set()
        self.count = 0

    def _run(self, controller: str, plan: Plan, alone: bool = True) -> dict[str, Any] | None:
        """Run; where another one stands still meanwhile, whoever has to wait for it comes back later."""
        self.count += 1
        return Run(self.world, f"run-{self.count}", controller, self.count, plan, self.living, alone).go()

    @rule(controller=CONTROLLERS, plan=PLANS)
    def run(self, controller: str, plan: Plan) -> None:
        result = self._run(controller, plan)
        if result is not None:
            assert result.get("failed") or self.world.cloud, "the run says that it is done, and it is not"
            assert not result.get("failed") or result["failure"]["next_step"], "a failure without a next step"

    @rule(
        controllers=st.tuples(CONTROLLERS, CONTROLLERS),
        plans=st.tuples(PLANS, PLANS),
        pause_at=st.sampled_from(TOUCHES),
        wait=st.floats(0, 14),
    )
    def two_at_once(self, controllers: tuple[str, str], plans: tuple[Plan, Plan], pause_at: Touch, wait: float) -> None:
        """One run stands still at some point while another one goes from end to end."""

        def meanwhile() -> None:
            self.world.pass_time(wait)
            self._run(controllers[1], plans[1], alone=False)

        plan = replace(plans[0], pause_at=pause_at, meanwhile=meanwhile)
        self._run(controllers[0], plan)

    @rule(controller=CONTROLLERS, plan=PLANS, pause_at=st.sampled_from(TOUCHES), pause=st.floats(0, 3000))
    def long_standstill(self, controller: str, plan: Plan, pause_at: Touch, pause: float) -> None:
        """A run is suspended for long before its intent is on disk, or while it writes it, and another one goes on.

        Between the last check of the lease and the first byte nothing can be promised: see the operation.
        """

        runs: list[Run] = []

        def meanwhile() -> None:
            if runs[0].at != "before the first byte":
                self.world.pass_time(pause)
                self._run("two" if controller == "one" else "one", Plan())

        self.count += 1
        changed = replace(plan, pause_at=pause_at, meanwhile=meanwhile)
        runs.append(Run(self.world, f"run-{self.count}", controller, self.count, changed, self.living))
        runs[0].go()

    @rule(times=st.integers(2, 12))
    def refused_again_and_again(self, times: int) -> None:
        for _unused in range(times):
            self._run("one", Plan("refused"))
            self.world.pass_time(600.0)

    @rule(seconds=st.sampled_from((0.5, 5.0, 20.0, 60.0, 300.0, 3600.0, WINDOW)))
    def time_passes(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule(seconds=st.floats(-3600, 25))
    def clock_of_the_host_jumps(self, seconds: float) -> None:
        """Backwards by any time; forwards by more than the reserve only when nothing is under way."""
        self.world.skew += min(seconds, 0.0) if self.world.under_way else seconds
        self.world.pass_time(60.0)

    @rule(backup=st.sampled_from((BACKUP, BACKUP, None, "{}", BACKUP.replace("QUJDRA", "QUJDRE"))))
    def backup_changes(self, backup: str | None) -> None:
        self.world.backup = backup

    @precondition(lambda self: self.world.cloud or len(self.world.posts) >= BUDGET)
    @rule()
    def next_number(self) -> None:
        """Nothing more can happen to this one: judge it, and go on with another."""
        self.registered_once()
        self._finish()
        self.world = World(backup=BACKUP)

    @rule()
    def node_goes_down(self) -> None:
        self.world.serving = False

    @rule()
    def node_comes_back(self) -> None:
        self.world.serving = not self.world.cloud

    @invariant()
    def registered_once(self) -> None:
        assert len(self.world.accepted) <= 1, "two accepted registrations"

    @invariant()
    def nothing_broken(self) -> None:
        assert not self.world.broken, self.world.broken

    @invariant()
    def within_the_budget(self) -> None:
        posts = self.world.posts
        most = max((sum(1 for one in posts if 0 <= one - first < WINDOW) for first in posts), default=0)
        assert most <= BUDGET, f"{most} register requests in 72 hours"

    def teardown(self) -> None:
        self._finish()

    def _finish(self) -> None:
        """Whatever has happened: hours later one clean run ends it, or says why not."""
        self.world.pass_time(2 * WINDOW)
        self.world.serving, self.world.backup = not self.world.cloud, BACKUP
        result = self._run("three", Plan())
        assert result is not None
        assert not result.get("failed"), result["msg"]
        assert len(self.world.accepted) == 1, self.world.accepted


def test_every_answer_comes_to_an_end() -> None:
    for answer in ANSWERS:
        machine = Runner()
        machine._run("one", Plan(answer))
        machine.registered_once()
        machine.nothing_broken()
        machine.teardown()


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("slow", [0.0, 100.0])
@pytest.mark.parametrize("answer", ANSWERS)
def test_kill_at_every_touch_and_again_at_once(answer: str, slow: float, at_once: bool) -> None:
    for kill_at in TOUCHES:
        machine = Runner()
        machine._run("one", Plan(answer, 14.0, slow, kill_at=kill_at, at_once=at_once))
        machine._run("one", Plan())
        machine._run("two", Plan())
        machine.registered_once()
        machine.nothing_broken()
        machine.teardown()


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("other", ["one", "two"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_another_run_at_every_touch(answer: str, other: str, stays: bool, at_once: bool) -> None:
    for pause_at in TOUCHES:
        machine = Runner()
        machine.world.stays = stays
        meanwhile = functools.partial(machine._run, other, Plan(late=1.0, at_once=at_once), alone=False)
        machine._run("one", Plan(answer, 14.0, pause_at=pause_at, meanwhile=meanwhile, at_once=at_once))
        machine.registered_once()
        machine.nothing_broken()
        machine.teardown()


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_run_on_another_controller_waits_for_one_that_was_killed_and_then_decides(answer: str) -> None:
    """Whether that one lives cannot be seen from there, so what frees the number is time, or its move."""
    for kill_at in TOUCHES:
        machine = Runner()
        machine._run("one", Plan(answer, 14.0, kill_at=kill_at))
        lease = (json.loads(machine.world.log or "{}").get("lease") or {}).get("until")
        shown = machine.world.number()["platform_type"] == "CLOUD_API"
        free = times.instant(lease) if lease and not shown else START
        came_again = machine._run("two", Plan(), alone=False)
        assert came_again is not None
        assert bool(came_again.get("waiting")) == (free > machine.world.time), "the caller waits for it"
        if came_again.get("waiting"):
            assert 0 < came_again["wait_until"] - machine.world.time <= 30.0 and lease in came_again["why"]
        machine.world.pass_time(20.0)
        result = machine._run("two", Plan())
        assert result is not None and not result.get("failed"), (kill_at, result)
        assert machine.world.time >= free or machine.world.posts[1:] == [], "nothing is sent while the lease holds"
        machine.registered_once()
        machine.nothing_broken()


def test_a_living_run_of_the_same_machine_is_not_waited_for() -> None:
    machine = Runner()
    message: list[dict[str, Any] | None] = []

    def meanwhile() -> None:
        message.append(machine._run("one", Plan(), alone=False))

    machine._run("one", Plan(pause_at=("before the first byte", 1), meanwhile=meanwhile))
    assert message[0] is not None and message[0]["failure"]["code"] == "other_run"
    machine.registered_once()


def test_a_backup_that_only_looks_like_the_wanted_one_is_refused_after_the_intent() -> None:
    """The host goes by the digest that stands on it; the gate goes by its data, and the attempt never left."""
    machine = Runner()
    machine.world.backup = json.dumps({**json.loads(BACKUP), "data": "QUJDRQ=="})
    result = machine._run("one", Plan(at_once=True))
    assert result is not None and result["failed"] and machine.world.posts == []
    log = json.loads(str(machine.world.log))
    assert [attempt["outcome"] for attempt in log["attempts"]] == ["not sent"] and log["lease"] is None
    machine.world.backup = BACKUP
    assert not (machine._run("one", Plan(at_once=True)) or {"failed": True}).get("failed")


def test_an_open_attempt_whose_time_cannot_be_read_is_waited_for_once() -> None:
    machine = Runner()
    machine._run("one", Plan("lost before acting", kill_at=("before the answer", 1)))
    document = json.loads(str(machine.world.log))
    document["attempts"][0]["answer_by"] = "soon"
    document["lease"] = None
    machine.world.log, began = json.dumps(document), machine.world.time
    assert not (machine._run("two", Plan()) or {"failed": True}).get("failed")
    assert attempt_log.LONGEST_WAIT <= machine.world.time - began < 2 * attempt_log.LONGEST_WAIT
    assert len(machine.world.accepted) == 1


def test_a_lease_that_holds_for_longer_than_any_run_asks_for_is_for_a_person() -> None:
    """The clock of the host has been set back by an hour since."""
    machine = Runner()
    machine._run("one", Plan("lost before acting", kill_at=("before the answer", 1)))
    machine.world.skew = -3600.0
    result = machine._run("two", Plan(), alone=False)
    assert result is not None and result["failure"]["code"] == "other_run"
    assert len(machine.world.posts) == 1


Runner.TestCase.settings = settings(max_examples=250, stateful_step_count=30, deadline=None)
TestRunner = Runner.TestCase


def test_the_options_of_these_runs_are_valid():
    assert FAULTS == []
