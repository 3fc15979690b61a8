# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world of one register call, played: both APIs, the disk of the host, every clock, and runs that are killed."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _host_runner, _runner, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._api.envelope import answer_error
from ansible_collections.wabiz.migration.plugins.module_utils._api.errors import ConnectError, ReadError, Where
from ansible_collections.wabiz.migration.plugins.module_utils._api.options import GRAPH
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import backup as backup_rules
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
    at_once: bool = False  # the last look and the intent share one execution on the host
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
        if plan.at_once:
            self.params["backup_digest"] = json.loads(BACKUP)["digest"]
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

        def files(request: dict[str, Any]) -> dict[str, Any]:
            self.touch(request["op"])
            answer = world.host(request)
            if request["op"] == "commit":
                self.touch("committed")
            return answer

        def host(requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
            here = _host_runner.HostProcess(
                lambda request: FakeNode(self),
                lambda: world.time + world.skew,
                lambda: world.time,
                world.time,
                files=files,
            )
            return _host_runner.answer(requests, here)

        def sleep(seconds: float) -> None:
            self.touch("sleep")
            world.pass_time(seconds)
            if self.touches["sleep"] > 5000:
                raise AssertionError("the run never ends")

        graph: Any = FakeGraph(self)  # as much of a client as the register call needs
        no_node: Any = None  # the node is read through the host
        return Context(
            check_mode=False,
            clients=Clients(
                graph=lambda number: graph,
                onprem=lambda number: no_node,
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


class FakeNode:
    """The On-Premises node as one run sees it: as much of a client as the register call needs."""

    def __init__(self, run: Run) -> None:
        self.run, self.world = run, run.world

    def health(self) -> dict[str, str]:
        self.run.touch("node")
        self.world.pass_time(self.run.plan.slow)
        return {"gateway_status": "connected" if self.world.serving else "unregistered"}

    def application(self) -> dict[str, str]:
        return {"wa_id": "15550120001"}


class FakeGraph:
    """The Graph API as one run sees it."""

    def __init__(self, run: Run) -> None:
        self.run, self.world = run, run.world
        self.served = ""

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
        if world.backup != BACKUP or backup["data"] != json.loads(BACKUP)["data"]:
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
BACKUP = json.dumps(backup_rules.document("15550120001", "QUJDRA==", "v2", PASSWORD, START, b"0" * 16, _CHEAP))
