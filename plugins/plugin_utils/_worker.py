# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task of the collection has in its worker, and the steps that go through it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils import _option_names, _runner
from ..module_utils._api.rate_limiter import RateLimiter
from ..module_utils._api.sent import Sent
from ..module_utils._failure import Failure, combine
from ..module_utils._operations.context import Name, Params
from ..module_utils._operations.module import CONTROLLER, HOST, ONPREM, Module
from . import _inputs, _shared, _waves
from ._event_log import EventLog

_PROGRESS = "wabiz.migration.progress"


@dataclass(frozen=True)
class Step:
    """One module with its options.

    written: the options as the user wrote them, with names of variables. options: with the values of these variables.
    params: what the check made of them; the hooks of the module complete it. shown: the checked ones without secrets.
    name: what its number is called in texts.
    """

    module: Module
    written: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)
    name: Name = field(default_factory=Name)


class Worker:
    """The connection, the variables and the session of one task, for all of its steps.

    ``kept`` is closed when the task ends: what it holds is given back, and later tasks of the host learn what this one
    has sent.
    """

    def __init__(self, action: ActionBase, variables: dict[str, Any]) -> None:
        self.action = action  # the way to the host
        self.task, self.connection, self.templar = action._task, action._connection, action._templar
        self.variables = variables
        self.naming = _inputs.naming(self.task.args)
        self.host = str(variables.get("inventory_hostname") or "")
        self.run = os.getppid()  # the process that waits for the result
        self._note = "sent for %s" % self.host
        self.session = _runner.Session(Sent(lambda: _shared.noted(self._note)))
        self.check_mode, self.diff = bool(self.task.check_mode), bool(self.task.diff)
        # Whether the worker itself is where the connection leads, as the user that the task wants.
        self.local = bool(self.connection.transport == "local" and not self.connection.become)
        self.kept = contextlib.ExitStack()
        self.kept.callback(self._leave_note)
        self._event_logs: dict[str, EventLog] = {}
        self._held = contextlib.ExitStack()
        self.kept.push(self._held)

    def hold(self, place: contextlib.AbstractContextManager[bool]) -> bool:
        """Enter ``place``, and where it yields true, leave it with :meth:`give_back` or at the end of the task.

        Returns what it yields.
        """
        with contextlib.ExitStack() as entered:
            if entered.enter_context(place):
                self._held.push(entered.pop_all())
                return True
        return False

    def give_back(self) -> None:
        """Leave whatever this task holds, for the numbers that wait for it."""
        self._held.close()

    def event_log(self, stated: str) -> EventLog:
        """Return the file of the events below a folder as this worker has it open."""
        if stated not in self._event_logs:
            self._event_logs[stated] = EventLog(stated, lambda: self.run_is_alive)
            self.kept.callback(self._event_logs[stated].close)
        return self._event_logs[stated]

    def _leave_note(self) -> None:
        """Let later tasks know what this one has sent. A failure to share it must not fail what has been done."""
        if self.session.sent.changes and self.run_is_alive:
            with contextlib.suppress(OSError):
                _shared.note(self._note, self.session.sent.changes)

    @property
    def run_is_alive(self) -> bool:
        """Whether somebody waits for the result; if not, the run was killed and the next one may be under way."""
        return os.getppid() == self.run

    @cached_property
    def wave(self) -> int | None:
        """The wave in which the host moves, None where it has none."""
        plan = _waves.published()
        return None if plan is None else _waves.wave_of(plan, self.host)

    @property
    def wordy(self) -> bool:
        """Whether somebody looks at what the screen does not show as a rule: Ansible's -v, or a diff."""
        return bool(Display().verbosity or self.diff)

    def named(self, step: Step, phone_number_id: str = "") -> Step:
        """Return the step with the name of its number, by its own options or by the ID that the caller knows."""
        number_id = str(step.params.get("phone_number_id") or "") or phone_number_id
        prefix = str(step.written.get("vars_prefix") or "")
        if prefix and not number_id:
            number_id = str(_inputs.plain(self.variables.get(prefix + "phone_number_id"), self.templar) or "")
        flag = "number %s" % number_id
        name = _runner.name_of(
            step.params,
            number_id,
            host=self.host,
            recall=lambda: (_shared.raised(flag) if number_id else None) or "",
            keep=lambda shown: _shared.raise_flag(flag, shown),
        )
        return replace(step, name=name)

    def show(self, lines: Sequence[str]) -> None:
        """Print lines for a person, unless the output is data, or the display of this collection shows them itself."""
        display = str(constants.DEFAULT_STDOUT_CALLBACK)
        if display != _PROGRESS and self.run_is_alive:
            Display().display("\n".join(lines), stderr="json" in display)

    def announce(self, name: Name | str, text: str) -> None:
        """Tell a person at once: what is printed to stdout is shown when the next task starts."""
        # Nobody empties the queue of a run that was killed, and a full one would hold this worker for ever.
        if self.run_is_alive:
            Display().display("[%s] %s" % (name, _option_names.written(text, self.naming)), stderr=True)

    def rate_limiter(self, params: Params) -> RateLimiter:
        """Return what all workers of this run know of Graph's limits for the credential of ``params``."""
        source = "%s\0%s" % (params["graph_url"], params["access_token"])
        name = "rate limiter " + hashlib.sha256(source.encode()).hexdigest()
        return RateLimiter(lambda: _shared.raised(name), lambda text: _shared.raise_flag(name, text), time.monotonic)

    def ships(self, step: Step) -> bool:
        """Tell whether a step runs on the host."""
        side = step.module.side(step.params)
        if side in (ONPREM, HOST):
            return not self.local
        return bool(side != CONTROLLER and step.params["graph_via"] == "host")

    def refused(self, name: Name, found: Sequence[Failure]) -> dict[str, Any]:
        """Return the result of a step that the rules refuse."""
        return _runner.failed(combine(found), name, self.session.sent, would_be_refused=self.check_mode)
