# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The register call as a state machine: any order of runs, faults, kills and clock jumps keeps the promises.

The operation and the rules are the shipped ones; both APIs, the host's disk and every clock are played. A run does
something at every touch of that world, and at every touch it can be killed, or stand still while others go on.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _runner, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._api.envelope import answer_error
from ansible_collections.wabiz.migration.plugins.module_utils._api.errors import ConnectError, ReadError, Where
from ansible_collections.wabiz.migration.plugins.module_utils._api.options import GRAPH
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import backup as backup_rules
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations import register
from ansible_collections.wabiz.migration.plugins.module_utils._operations.context import (
    Clients,
    Clock,
    Context,
    Process,
    Shared,
)
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

ID, WABA, DISPLAY, PIN, PASSWORD = "100000000000001", "200000000000001", "+1 555 012 0001", "123456", "tacocat"
START = 1763769600.0
AT_META = 15.0  # a register request is carried out within this time, or never
BUDGET = 8
WINDOW = 72 * 3600.0
# What can become of one register request: whether it is carried out, after how long, and what the client gets to see.
ANSWERS = (
    "success",
    "success, slow to show",
    "lost before acting",
    "lost after acting",
    "acts late",
    "unclear, not acted",
    "unclear, acted",
    "refused",
    "no connection",
)


class KilledError(BaseException):
    """The process is gone."""


@dataclass
class World:
    """Both APIs, the disk of the host, and time."""

    time: float = START
    skew: float = 0.0
    cloud: bool = False
    serving: bool = True
    stays: bool = False  # the node says after the move too that it serves the number: no source tells what it does
    accepted: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    under_way: list[float] = field(default_factory=list)  # when each request that was sent will be carried out
    hidden_until: float = 0.0  # until then Graph shows the number where it was
    log: str | None = None
    backup: str | None = None
    broken: list[str] = field(default_factory=list)

    def pass_time(self, seconds: float) -> None:
        self.time += seconds
        for moment in sorted(self.under_way):
            if moment <= self.time:
                self.under_way.remove(moment)
                self.carry_out(moment)

    def carry_out(self, moment: float) -> None:
        self.accepted.append(moment)
        self.cloud, self.serving = True, self.stays

    def number(self) -> dict[str, Any]:
        cloud = self.cloud and self.time >= self.hidden_until
        return {
            "id": ID,
            "display_phone_number": DISPLAY,
            "platform_type": "CLOUD_API" if cloud else "ON_PREMISE",
            "status": "CONNECTED",
            "code_verification_status": "VERIFIED",
        }

    def host(self, request: Mapping[str, Any]) -> dict[str, Any]:
        now = self.time + self.skew
        if request["op"] == "look":
            encrypted = (
                _encryption.encrypt(request["key"], self.backup) if self.backup and request["backup_file"] else None
            )
            return {"faults": [], "attempt_log": self.log, "backup": encrypted, "now": now}
        if request["expected"] != self.log:
            return {"committed": False, "attempt_log": self.log, "now": now}
        self.log = request["attempt_log"]
        return {"committed": True, "attempt_log": self.log, "now": now}


# A contact with the world, and which one of its name.
Touch = tuple[str, int]
TOUCHES: tuple[Touch, ...] = (
    ("read", 1),
    ("look", 1),
    ("node", 1),
    ("commit", 1),
    ("committed", 1),
    ("before the first byte", 1),
    ("before the answer", 1),
    ("answered", 1),
    ("read", 2),
    ("read", 3),
    ("sleep", 1),
    ("sleep", 3),
    ("commit", 2),
    ("committed", 2),
)


@dataclass(frozen=True)
class Plan:
    """What happens to one run: how register is answered, which reads fail, and what happens at which touch."""

    answer: str = "success"
    late: float = 5.0
    slow: float = 0.0  # seconds that reading the node takes
    failing: frozenset[int] = frozenset()
    kill_at: Touch | None = None
    pause_at: Touch | None = None
    meanwhile: Callable[[], Any] = lambda: None


class Run:
    """One run of wa_register in the world, on some controller."""

    def __init__(
        self, world: World, name: str, controller: str, process: int, plan: Plan, living: set[int], alone: bool = True
    ) -> None:
        self.world, self.name, self.controller, self.process = world, name, controller, process
        self.plan, self.living = plan, living
        self.params = {**PARAMS, "return_when_waiting": not alone}
        self.touches: Counter[str] = Counter()
        self.at = ""

    def go(self) -> dict[str, Any] | None:
        """Return the task's result, None when the run was killed."""
        self.living.add(self.process)
        try:
            return _runner.carry_out(register.perform, register.MODULE.typed(self.params), self._context(), False)
        except KilledError:
            return None
        finally:
            self.living.discard(self.process)

    def touch(self, what: str) -> None:
        """Count one contact with the world; a kill or a standstill happens here."""
        self.touches[what] += 1
        self.at = what
        self.world.pass_time(0.05)
        here = what, self.touches[what]
        if here == self.plan.pause_at:
            self.plan.meanwhile()
        if here == self.plan.kill_at:
            raise KilledError

    def _context(self) -> Context:
        world = self.world

        def host(request: dict[str, Any]) -> dict[str, Any]:
            self.touch(request["op"])
            answer = world.host(request)
            if request["op"] == "commit":
                self.touch("committed")
            return answer

        def sleep(seconds: float) -> None:
            self.touch("sleep")
            world.pass_time(seconds)
            if self.touches["sleep"] > 5000:
                raise AssertionError("the run never ends")

        def node(number: str, gather: Sequence[str]) -> dict[str, Any]:
            self.touch("node")
            world.pass_time(self.plan.slow)
            word = "serving" if world.serving else "not serving"
            return {"serving": word, "gateway": word, "wa_id": "15550120001", "refused": []}

        return Context(
            check_mode=False,
            clients=Clients(
                graph=lambda number: FakeGraph(self),  # type: ignore[arg-type, return-value]
                onprem=lambda number: None,  # type: ignore[arg-type, return-value]
                node=node,
                host=host,
            ),
            clock=Clock(lambda: world.time, lambda: world.time, sleep),
            shared=Shared(
                once=lambda name, read: read(),
                entry=lambda name, entry, read: read().get(entry),
                exclusive=lambda name: contextlib.nullcontext(),
                raise_flag=lambda name, text: None,
                raised=lambda name: None,
            ),
            process=Process(
                run=self.name,
                controller=self.controller,
                number=self.process,
                parent=0,
                namespace=self.controller,
                started=1,
                holder=self._holder,
                run_is_gone=lambda process, parent: False,
            ),
            announce=lambda text: None,
            undisturbed=contextlib.nullcontext,
        )

    def _holder(self, lease: Mapping[str, Any]) -> str:
        """Judge as the shipped rule does: only its own controller's processes are seen."""
        living = {process: attempt_log.Process(1, 0) for process in self.living}
        return attempt_log.holder(lease, self.controller, self.controller, living.get)


class FakeGraph:
    """The Graph API as one run sees it."""

    def __init__(self, run: Run) -> None:
        self.run, self.world = run, run.world

    def phone_number(self, number_id: str, fields: Sequence[str]) -> dict[str, Any]:
        self.run.touch("read")
        if self.run.touches["read"] in self.run.plan.failing:
            raise ReadError(
                Failure("read_timeout", "No answer", next_step="run again"), DISPLAY, api=GRAPH, method="GET", path="/"
            )
        return self.world.number()

    def phone_numbers(self, waba_id: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        self.run.touch("members")
        return [{"id": ID}]

    def register(self, number_id: str, pin: str, backup: Any, region: Any, timeout: float) -> None:
        """Send: judge what is on disk at this moment, then answer as the plan has it."""
        world, plan, where = self.world, self.run.plan, Where(GRAPH, DISPLAY, "POST", "/register")
        self.run.touch("before the first byte")
        if plan.answer == "no connection":
            raise ConnectError(
                Failure("connect_failed", "No connection", next_step="run again"),
                DISPLAY,
                api=GRAPH,
                method="POST",
                path="/",
            )
        self._judge(backup)
        world.posts.append(world.time)
        if plan.answer == "refused":
            raise answer_error(where, 400, {"error": {"code": 133015, "message": "wait"}})
        acts = plan.answer not in ("lost before acting", "unclear, not acted")
        if plan.answer == "acts late":
            world.under_way.append(world.time + plan.late)
        elif acts:
            world.carry_out(world.time)
            world.hidden_until = world.time + (plan.late if plan.answer == "success, slow to show" else 0.0)
        self.run.touch("before the answer")
        if plan.answer.startswith("lost") or plan.answer == "acts late":
            world.pass_time(timeout)
            raise ReadError(
                Failure("read_timeout", "No answer", next_step="run again"), DISPLAY, api=GRAPH, method="POST", path="/"
            )
        if plan.answer.startswith("unclear"):
            raise answer_error(where, 500, {"error": {"code": 2, "message": "later"}})
        self.run.touch("answered")

    def _judge(self, backup: Any) -> None:
        world = self.world
        say = world.broken.append
        if world.cloud or world.under_way:
            say("register was sent although the number was on the Cloud API, or on its way there")
        attempts = json.loads(world.log or "{}").get("attempts", [])
        if not attempts or attempts[-1]["outcome"] != "intent":
            say("register was sent without an intent on disk")
        if world.backup != _BACKUP or backup["data"] != json.loads(_BACKUP)["data"]:
            say("register was sent without the backup, or with another one than the node's")
        if not world.serving:
            say("register was sent although the node did not serve the number")


_STATED: dict[str, Any] = {
    "phone_number_id": ID,
    "waba_id": WABA,
    "pin": PIN,
    "backup_file": "/state/backup.json",
    "backup_password": PASSWORD,
    "backup_max_age": 10**7,
    "state_dir": "/state",
    "state_durable": True,
    "register_timeout": 60.0,
    "confirm_timeout": 30.0,
    "access_token": "token",
    "onprem_password": "Passw0rd!",
}
PARAMS, FAULTS = _spec.check(MODULES["wa_register"], _STATED, environ={})
# The password's check costs as little as it may: it is read at every register call.
_CHEAP = {"n": 2, "r": 8, "p": 1}
_BACKUP = json.dumps(backup_rules.document("15550120001", "QUJDRA==", "v2", PASSWORD, START, b"0" * 16, _CHEAP))

PLANS = st.builds(
    Plan,
    answer=st.sampled_from(ANSWERS),
    late=st.floats(0.1, AT_META - 0.5),
    slow=st.sampled_from((0.0, 0.0, 100.0)),
    failing=st.frozensets(st.integers(1, 12), max_size=2),
    kill_at=st.none() | st.sampled_from(TOUCHES) | st.just(("before the answer", 1)),
)
CONTROLLERS = st.sampled_from(("one", "two"))


class Runner(RuleBasedStateMachine):
    """Runs in any order, against a world that loses, delays and refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(backup=_BACKUP)
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

    @rule(backup=st.sampled_from((_BACKUP, _BACKUP, None, "{}", _BACKUP.replace("QUJDRA", "QUJDRE"))))
    def backup_changes(self, backup: str | None) -> None:
        self.world.backup = backup

    @precondition(lambda self: self.world.cloud or len(self.world.posts) >= BUDGET)
    @rule()
    def next_number(self) -> None:
        """Nothing more can happen to this one: judge it, and go on with another."""
        self.registered_once()
        self._finish()
        self.world = World(backup=_BACKUP)

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
        self.world.serving, self.world.backup = not self.world.cloud, _BACKUP
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


@pytest.mark.parametrize("slow", [0.0, 100.0])
@pytest.mark.parametrize("answer", ANSWERS)
def test_kill_at_every_touch_and_again_at_once(answer: str, slow: float) -> None:
    for kill_at in TOUCHES:
        machine = Runner()
        machine._run("one", Plan(answer, 14.0, slow, kill_at=kill_at))
        machine._run("one", Plan())
        machine._run("two", Plan())
        machine.registered_once()
        machine.nothing_broken()
        machine.teardown()


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("other", ["one", "two"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_another_run_at_every_touch(answer: str, other: str, stays: bool) -> None:
    for pause_at in TOUCHES:
        machine = Runner()
        machine.world.stays = stays
        meanwhile = functools.partial(machine._run, other, Plan(late=1.0), alone=False)
        machine._run("one", Plan(answer, 14.0, pause_at=pause_at, meanwhile=meanwhile))
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
