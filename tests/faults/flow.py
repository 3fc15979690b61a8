# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's flow without ansible-playbook: its steps through the same operations and runner code, in 0.2 s each.

Which step runs when, and with which options, is read from the role's task files. Sleeping costs no time here: the clock
of the operations is put forward instead, and the host's clock with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.wabiz.migration.plugins.module_utils import _host_runner, _hostfiles, _runner, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._api import transport
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import attempt_log as attempt_log_rules
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations import context
from ansible_collections.wabiz.migration.plugins.module_utils._operations.context import (
    Clients,
    Context,
    Process,
    Shared,
)
from ansible_collections.wabiz.migration.plugins.plugin_utils import _hook_table
from ansible_collections.wabiz.migration.plugins.plugin_utils._steps import FOR_A_PERSON

from . import invariants, role_steps
from .clock import Clock
from .processes import until
from .world import BACKUP_PASSWORD, NODE_PASSWORD, Number, TestEnvironment

# Seconds on the wire: short, because a server that hangs is waited for in earnest.
WIRE = 0.3
OPERATIONS: dict[str, Any] = {name: module.run for name, module in MODULES.items()}
# A number that waits comes again; more often than this it does not get on at all.
_MOST_ROUNDS = 500
_runs = itertools.count(1)
_current = threading.local()


class KilledError(BaseException):
    """Stands for a kill of the process: nothing of the operation runs on."""


@dataclass
class Player:
    """One number with all that its runs need; a run is one call of :meth:`run`."""

    env: TestEnvironment
    number: Number
    folder: Path
    clock: Clock = field(default_factory=Clock)
    settings: dict[str, Any] = field(default_factory=dict)
    clear_two_step: bool = False
    check_mode: bool = False
    throwaway: str = ""
    controller: str = "controller"
    process: int = field(default_factory=os.getpid)
    parent: int | None = None  # another one than the process has: its run was killed
    namespace: str = "this machine since its boot"
    flags: dict[str, str] = field(default_factory=dict)
    witnesses: list[dict[str, Any]] = field(default_factory=list)
    # Called with the request before its first byte: where another run comes in between.
    before_request: Callable[[str, str], None] = lambda method, path: None
    before_commit: Callable[[], None] = lambda: None
    before_module: Callable[[str], None] = lambda module_name: None
    killed_at: Callable[[str, str], bool] | None = None
    host: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    announced: list[str] = field(default_factory=list)
    tasks: Path = field(default_factory=lambda: role_steps.TASKS)
    stops_before: str = ""  # the module before which the runs end

    @property
    def state_dir(self) -> Path:
        return self.folder / self.number.host

    @property
    def number_dir(self) -> Path:
        return self.state_dir / self.number.id

    # --- a run

    def run(self, **changes: Any) -> dict[str, Any]:
        """Go through the role's phases; returns what the report says: ok, failure, module_name."""
        run = self.new_run(self.inputs(), changes)
        result = self.take(role_steps.Step("wa_preflight"), run)
        if result.get("failed"):
            return verdict_of(result, "wa_preflight")
        if result["blocked"]:
            blockers = [finding for finding in result["findings"] if finding["severity"] == "blocker"]
            failure = {
                "code": "blocked",
                "title": "blocked",
                "details": json.dumps(blockers),
                "next_step": "see the findings",
            }
            return {"ok": False, "failure": failure, "module_name": "wa_preflight"}
        if not result["work"]:
            return {"ok": True, "failure": None, "module_name": "wa_preflight"}
        run.variables["__wa_migrate_preflight"] = result
        verdict = self._task(role_steps.read(role_steps.MOVE, self.tasks), run)
        if verdict is not None:
            return verdict
        return {"ok": True, "failure": None, "module_name": run.last}

    def new_run(self, variables: dict[str, Any], changes: Mapping[str, Any]) -> PlayedRun:
        return PlayedRun(f"run-{next(_runs)}", variables, dict(changes))

    def _task(self, steps: list[role_steps.Step], run: PlayedRun) -> dict[str, Any] | None:
        """Take the steps of one task, again for as long as the number has to wait; returns how the run ends here."""
        for _unused in range(_MOST_ROUNDS):
            run.earlier, run.recent = {}, {}
            for step in steps:
                if step.module_name == self.stops_before:
                    return {"ok": True, "failure": None, "module_name": run.last}
                if not step.is_taken(run.variables):
                    continue
                result = self.take(step, run)
                if result.get("failed"):
                    return verdict_of(result, step.module_name)
                if any(result.get(word) for word in FOR_A_PERSON):
                    return {"ok": True, "failure": None, "module_name": run.last}
                if result.get("waiting"):
                    break
            else:
                return None
            self.announced.append(f"Waiting: {result['why']}")
            self.clock.sleep(max(1.0, result["wait_until"] - self.clock.now()))
        raise AssertionError(f"the number still waits after {_MOST_ROUNDS} rounds: {result['why']}")

    def register_only(self) -> dict[str, Any]:
        """Run wa_register by itself, as a task of somebody's own does, without the role and its preflight."""
        stated = {"backup_file": str(self.number_dir / "backup.json")}
        if self.settings.get("without_backup"):
            stated = {}
        result = self.take(
            role_steps.Step("wa_register", stated), PlayedRun(f"direct-{self.number.at}", self.inputs(), {})
        )
        if result.get("failed"):
            return verdict_of(result, "wa_register")
        return {"ok": True, "failure": None, "module_name": "wa_register"}

    def take(self, step: role_steps.Step, run: PlayedRun) -> dict[str, Any]:
        """Run a step as a task does; returns the result."""
        name = run.last = step.module_name
        params, faults = _spec.check(MODULES[name], step.options(MODULES[name].every_option, run.variables), environ={})
        if faults:
            return _runner.refused(faults)
        # The role has no inputs for these.
        params.update({option: WIRE for option in ("onprem_timeout", "graph_timeout") if option in params})
        # Behind the check, whose least values protect users and would make a case wait.
        params.update({option: value for option, value in {**self.settings, **run.changes}.items() if option in params})
        # What the steps before have found out, by the runner's own rule.
        _hook_table.of(MODULES[name]).follow(params, run.earlier)
        self.before_module(name)
        before = getattr(_current, "player", None)
        _current.player = self
        try:
            result = _runner.carry_out(OPERATIONS[name], MODULES[name].typed(params), self._context(params, run), False)
        finally:
            _current.player = before
        run.earlier[name] = result
        return result

    def inputs(self) -> dict[str, Any]:
        """Return the variables that the role goes by: its inputs, and those of the play."""
        return {**role_steps.defaults(), **self.stated(), "ansible_play_batch": [self.number.host]}

    def stated(self) -> dict[str, Any]:
        """Return what an inventory says of the number."""
        number, sim = self.number, self.env.sim
        stated: dict[str, Any] = {
            "phone_number_id": number.id,
            "waba_id": number.waba,
            "pin": number.pin,
            "clear_two_step": self.clear_two_step,
            "backup_password": BACKUP_PASSWORD,
            "state_dir": str(self.state_dir),
            "onprem_url": sim.nodes[number.id],
            "onprem_password": NODE_PASSWORD,
            "onprem_ca_path": sim.ca_path,
            "access_token": number.token,
            "graph_url": sim.graph_url,
            "graph_ca_path": sim.ca_path,
            **{name: value for name, value in self.settings.items() if name not in _BEHIND_THE_CHECK},
        }
        return {role_steps.PREFIX + name: value for name, value in stated.items()}

    def _context(self, params: dict[str, Any], run: PlayedRun) -> Context:
        clock, shared = self.clock, run.shared

        session = _runner.Session(clock=clock)
        name = _runner.name_of(params, self.number.id, host=self.number.host)
        onprem = _runner.onprem_client(params, self.announced.append, session)

        def files(request: dict[str, Any]) -> dict[str, Any]:
            if request["op"] == "commit":
                self.before_commit()
            answer = (self.host or _hostfiles.handle)(request)
            return {**answer, "now": clock.now()} if "now" in answer else answer

        def host(requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
            here = _host_runner.HostProcess(
                lambda request: onprem(request["number"]), clock.now, clock.monotonic, clock.monotonic(), files=files
            )
            return _host_runner.answer(requests, here)

        def once(name: str, read: Callable[[], Any]) -> Any:
            if name not in shared:
                shared[name] = read()
            return shared[name]

        return Context(
            check_mode=self.check_mode,
            clients=Clients(
                graph=_runner.graph_client(params, self.announced.append, session, name),
                onprem=onprem,
                host=host,
            ),
            clock=context.Clock(clock.now, clock.monotonic, clock.sleep),
            shared=Shared(
                once=once,
                entry=lambda name, entry, read: once(name, read).get(entry),
                exclusive=lambda _name: contextlib.nullcontext(),
                raise_flag=self.flags.__setitem__,
                raised=self.flags.get,
            ),
            process=Process(
                run=run.name,
                controller=self.controller,
                number=self.process,
                parent=os.getppid() if self.parent is None else self.parent,
                namespace=self.namespace,
                started=_runner.started(),
                holder=lambda lease: attempt_log_rules.holder(lease, self.controller, self.namespace, _runner.process),
                run_is_gone=_runner.run_is_gone,
                throwaway=self.throwaway,
            ),
            announce=self.announced.append,
            undisturbed=contextlib.nullcontext,
            sent=session.sent,
            name=name,
            recent=run.recent,
        )

    def wait_until_sent(self, path: str) -> None:
        """Wait until the simulator has this request."""

        def there() -> bool:
            under_way = [call["path"] for call in self.env.sim.admin("GET", "/state")["in_flight"]]
            return path in under_way or any(line["path"] == path for line in self.env.ledger(self.number)[-1:])

        if not until(there, 10, 0.01):
            raise AssertionError(f"{path} was never sent")

    # --- what it left

    def log(self) -> dict[str, Any] | None:
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads((self.number_dir / "attempt_log.json").read_text()))
        return None

    def witness(self) -> None:
        """Write down what is on disk at the first byte of a register request."""
        snapshot = (self.number_dir / "snapshot.json").is_file()
        seen: dict[str, Any] = {"backup_sha256": None, "attempt_log": self.log(), "snapshot": snapshot}
        with contextlib.suppress(OSError, ValueError, KeyError):
            data = json.loads((self.number_dir / "backup.json").read_text())["data"]
            seen["backup_sha256"] = hashlib.sha256(data.encode()).hexdigest()
        self.witnesses.append(seen)

    def facts(self, verdict: dict[str, Any] | None, **more: Any) -> invariants.Facts:
        return invariants.Facts(
            ledger=self.env.ledger(self.number),
            state=self.env.sim.number(self.number.id),
            witnesses=self.witnesses,
            verdict=verdict,
            log=self.log(),
            **more,
        )


@dataclass
class PlayedRun:
    """What one run knows: the variables, what was read for several numbers, and the results of the task's steps."""

    name: str
    variables: dict[str, Any]
    changes: dict[str, Any]
    shared: dict[str, Any] = field(default_factory=dict)
    earlier: dict[str, Any] = field(default_factory=dict)
    recent: dict[str, Any] = field(default_factory=dict)
    last: str = ""


# Options whose least value protects users, and would make a case wait.
_BEHIND_THE_CHECK = ("register_timeout",)


def verdict_of(result: dict[str, Any], module_name: str) -> dict[str, Any]:
    return {"ok": False, "failure": result["failure"], "text": result["msg"], "module_name": module_name}


def player(env: TestEnvironment, **more: Any) -> Player:
    """Return a player with a number and a state directory of its own."""
    made = Player(env, env.take(), env.states, **more)
    made.settings = {"register_timeout": WIRE, **made.settings}
    return made


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Let every request of a player's thread be seen before its first byte."""
    send = transport.Transport._attempt

    def attempt(self: Any, where: Any, *args: Any, **kwargs: Any) -> Any:
        playing = getattr(_current, "player", None)
        if playing is not None:
            if where.method == "POST" and where.path.endswith("/register"):
                playing.witness()
            playing.before_request(where.method, where.path)
            if playing.killed_at is not None and playing.killed_at(where.method, where.path):
                # The request leaves, and nobody is there any more to see what becomes of it.
                threading.Thread(target=send, args=(self, where, *args), kwargs=kwargs, daemon=True).start()
                playing.wait_until_sent(where.path)
                raise KilledError
        return send(self, where, *args, **kwargs)

    with mock.patch.object(transport.Transport, "_attempt", attempt):
        yield
