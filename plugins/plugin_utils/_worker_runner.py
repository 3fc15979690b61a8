# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker runner: an operation inside of the Ansible worker, or shipped to where the task's connection leads."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils import _hostfiles, _option_names, _runner, _spec
from ..module_utils._api.rate_limiter import RateLimiter
from ..module_utils._failure import Failure, WabizError, combine
from ..module_utils._operations import onprem_info
from ..module_utils._operations.context import Clients, Context, Name, Params, Shared
from ..module_utils._operations.module import CONTROLLER, ONPREM, Module
from . import _brief, _inputs, _remote, _session, _shared

COLLECTION = "wabiz.migration"
# From this verbosity on Ansible shows how a module was called. Below it, the run would keep for each of thousands of
# hosts what nobody sees.
_INVOCATION = 3


class NodeError(WabizError):
    """The node was read on its host, and the module there failed."""


def _last_text(done: Mapping[str, Any]) -> str:
    """Return what a module that did not run left behind: Ansible's message, and the last line of its error output."""
    lines = str(done.get("module_stderr") or done.get("module_stdout") or "").strip().splitlines()
    wording = [str(done.get("msg") or "").strip(), lines[-1] if lines else ""]
    return ". ".join(word.rstrip(".") for word in wording if word) or "no message"


class MaskedArguments(dict):
    """Arguments of a shipped module: what prints the mapping (ANSIBLE_DEBUG does) prints no value."""

    def __repr__(self) -> str:
        return "{%d arguments, values not shown}" % len(self)

    __str__ = __repr__


class WorkerRunner(ActionBase):
    """One module's action: check the options, decide where the operation runs, return its result as data."""

    MODULE: ClassVar[Module]
    # What of the result is left out without C(details): the names, and the keys that stay.
    DETAILS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._vars: dict[str, Any] = {}
        self.session = _session.session(self._host)  # wa_steps hands one and the same to all of its steps
        self.earlier: Mapping[str, Mapping[str, Any]] = {}  # what the steps before this one have returned
        # The modules and parameters of the steps before this one; None where the task is none of wa_steps.
        self.before: Sequence[tuple[str, Mapping[str, Any]]] | None = None
        self.stated: Mapping[str, Any] = {}  # the options as they were written
        self.checked: tuple[dict[str, Any], list[str]] | None = None  # parameters and faults, where wa_steps has them
        self.kept = contextlib.ExitStack()  # what the task holds until it has ended
        self._run = os.getppid()
        self.admitted = False  # whether wa_steps has asked what holds the task back
        self.moved = False  # whether that has shown that the number is on the Cloud API by now
        self.name = Name()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self.variables(task_vars or {})
        params, faults = self.checked or self._checked()
        if self.checked is None:
            self.called(params)  # else wa_steps has, which knows the number of all steps
        if not faults:
            self.follow(params)
        with self.kept:
            try:
                waiting_result = None if faults or self.admitted else self.must_wait(params)
                self._answer(result, params, faults, waiting_result)
            finally:
                if not self.admitted:  # else wa_steps does it
                    _session.keep(self._host(), self.session, self._run)
        if not params.get("details", True) and not (self.wordy or result.get("failed")):
            for name, kept in ((name, kept) for name, kept in self.DETAILS.items() if name in result):
                result[name] = _brief.brief(result[name], kept)
        if Display().verbosity >= _INVOCATION:
            result["invocation"] = {"module_args": self._shown}
        self.finish(result)
        return dict(_option_names.written(result, self._naming))

    @property
    def _naming(self) -> _option_names.Naming:
        return _inputs.naming(self._task.args)

    def _checked(self) -> tuple[dict[str, Any], list[str]]:
        """Return the parameters of a task that is none of wa_steps, and every fault of its options."""
        self.stated = _inputs.options(self.MODULE, self._task.args, self._vars, self._templar)
        params, faults = _spec.check(self.MODULE, self.stated, here=self._local)
        faults += _inputs.faults(self._task.args, self._vars)
        faults += _spec.file_faults(self.MODULE, self.stated, params, self._local)
        return params, _inputs.as_written(self.MODULE, self._task.args, self.examine(params, faults))

    def examine(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        """Return all faults of the options, before anything is sent."""
        self._shown = _runner.masked(params, self.MODULE.secrets)
        return self.faults(params, faults)

    def _host(self) -> str:
        return str(self._vars.get("inventory_hostname", ""))

    def _answer(
        self, result: dict[str, Any], params: dict[str, Any], faults: list[str], waiting_result: dict[str, Any] | None
    ) -> None:
        """Add to the result what the operation, or what stands before it, says."""
        if faults:
            result.update(_runner.refused(faults))
        elif waiting_result is not None:
            result.update(waiting_result)
        elif self._ships(params):
            stopped = self.hand_over(params)
            result.update(self._ship(self.MODULE, params) if stopped is None else stopped)
        else:
            if params.get("batch"):
                # What one task has read for its hosts is not taken for what another one would.
                params["batch"] = "%s %s" % (params["batch"], self._task._uuid)
            self.prepare(params)
            result.update(
                _runner.carry_out(
                    self.MODULE.run, self.MODULE.typed(params), self._context(params), bool(self._task.diff)
                )
            )

    def variables(self, found: dict[str, Any]) -> None:
        """Take the variables of the host that the task is for."""
        self._vars = found

    def called(self, params: Mapping[str, Any], phone_number_id: str = "") -> None:
        """Note what the task's number is called in texts, by its own options or by the ID that the caller knows."""
        number_id = str(params.get("phone_number_id") or "") or phone_number_id
        prefix = str(self._task.args.get("vars_prefix") or "")
        if prefix and not number_id:
            variable = prefix + "phone_number_id"
            number_id = str(_inputs.plain(self._vars.get(variable), self._templar) or "")
        flag = "number %s" % number_id
        self.name = _runner.name_of(
            params,
            number_id,
            host=str(self._vars.get("inventory_hostname") or ""),
            recall=lambda: (_shared.raised(flag) if number_id else None) or "",
            keep=lambda shown: _shared.raise_flag(flag, shown),
        )

    def follow(self, params: dict[str, Any]) -> None:
        """Take over from the steps before this one what they have found out."""

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        """Return the faults of the options with those that only the action can see, such as those between hosts."""
        return faults

    def unknown_hosts(self, params: Mapping[str, Any]) -> list[str]:
        """Return a fault where ``hosts`` names any that the inventory does not have."""
        unknown = [str(host) for host in params.get("hosts") or [] if host not in self._vars["hostvars"]]
        return ["hosts: no host of the inventory is called %s" % " or ".join(unknown)] if unknown else []

    def must_wait(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the result of a task that has to come again later, None where nothing holds it back."""
        return None

    def rate_limiter(self, params: Mapping[str, Any]) -> RateLimiter:
        """Return what all workers of this run know of Graph's limits for the credential of ``params``."""
        source = "%s\0%s" % (params["graph_url"], params["access_token"])
        name = "rate limiter " + hashlib.sha256(source.encode()).hexdigest()
        return RateLimiter(lambda: _shared.raised(name), lambda text: _shared.raise_flag(name, text), time.monotonic)

    def announce(self, text: str) -> None:
        """Tell a person at once: what is printed to stdout is shown when the next task starts."""
        if os.getppid() == self._run:
            Display().display("[%s] %s" % (self.name, _option_names.written(text, self._naming)), stderr=True)
        # Else the run was killed: nobody empties its queue, and a full one would hold this worker for ever.

    def prepare(self, params: dict[str, Any]) -> None:
        """Add to the parameters what only the action can see."""

    def hand_over(self, params: dict[str, Any]) -> dict[str, Any] | None:
        """Add to the parameters of a module that is shipped what it can't see from there.

        Returns the result of a task that must not be shipped, None where it may be.
        """

    def refused(self, found: Sequence[Failure]) -> dict[str, Any]:
        """Return the result of a task that the rules refuse."""
        return _runner.failed(
            combine(found), self.name, self.session.sent, would_be_refused=bool(self._task.check_mode)
        )

    def finish(self, result: dict[str, Any]) -> None:
        """Add to the result how it is shown."""

    @property
    def wordy(self) -> bool:
        """Whether somebody looks at what the screen does not show as a rule: Ansible's -v, or a diff."""
        return bool(Display().verbosity or self._task.diff)

    @property
    def _ping(self) -> str:
        return "ansible %s -m ansible.builtin.ping" % self._vars.get("inventory_hostname", "HOST")

    @property
    def _local(self) -> bool:
        """Whether the worker itself is where the connection leads, as the user that the task wants."""
        return bool(self._connection.transport == "local" and not self._connection.become)

    def _ships(self, params: Mapping[str, Any]) -> bool:
        side = self.MODULE.side(params)
        if side == ONPREM:
            return not self._local
        return side != CONTROLLER and params["graph_via"] == "host"

    def _ship(self, module: Module, params: Mapping[str, Any]) -> dict[str, Any]:
        """Run the module on the host with the options as they were resolved here; secrets travel on stdin only."""
        if not self._is_pipelining_enabled("new"):
            failure = Failure(
                "no_pipelining",
                "This connection cannot hand the module its options on stdin",
                "Connection %s%s would write them to a file on the host"
                % (self._connection.transport, " with become method su" if self._connection.become else ""),
                next_step="use the ssh connection (and sudo where become is needed)",
            )
            return _runner.failed(failure, self.name, self.session.sent)
        arguments = MaskedArguments({name: value for name, value in params.items() if value is not None})
        try:
            done: dict[str, Any] = self._execute_module(
                "%s.%s" % (COLLECTION, module.name), arguments, task_vars=self._vars
            )
        except AnsibleConnectionFailure as error:
            self.session.sent.add_unreported(self._may_change(module, params))
            return self._unreachable(error)
        done.pop("invocation", None)
        sent = done.pop(_runner.SENT, None)
        if isinstance(sent, dict):
            self.session.sent.merge(sent)
        else:
            self.session.sent.add_unreported(self._may_change(module, params))
        if done.get("failed") and "failure" not in done:
            failure = Failure(
                "module_failed",
                "The module did not run on the host",
                _last_text(done),
                next_step="check Python 3 on the host and ansible_python_interpreter (%s)" % self._ping,
            )
            done.update(_runner.failed(failure, self.name, self.session.sent))
            for noise in ("module_stdout", "module_stderr", "exception"):
                done.pop(noise, None)
        return _runner.reported_again(done, self.name, self.session.sent) if done.get("failed") else done

    def _may_change(self, module: Module, params: Mapping[str, Any]) -> bool:
        """Tell whether a module that is shipped may send more than reads."""
        return not self._task.check_mode and module.changes(params)

    def _unreachable(self, error: AnsibleConnectionFailure) -> dict[str, Any]:
        """Say that the host did not answer, as a failure: a rescue sees it, and so does every threshold of Ansible."""
        failure = Failure(
            "unreachable",
            "The host cannot be reached over %s" % self._connection.transport,
            str(error),
            next_step="check ansible_host, the key and the network (%s), then run again" % self._ping,
        )
        return _runner.failed(failure, self.name, self.session.sent)

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Pipeline wherever the connection can, whatever the configuration says.

        A file on the host would hold the options.
        """
        become = self._connection.become.name if self._connection.become else ""
        return bool(module_style == "new" and not wrap_async and self._connection.has_pipelining and become != "su")

    def _context(self, params: Params) -> Context:
        onprem = _runner.onprem_client(params, self.announce, self.session)

        def node(number: str, gather: Sequence[str]) -> dict[str, Any]:
            if self._local:
                return onprem_info.read(onprem(number), gather, time.time)
            names = onprem_info.MODULE.every_option
            done = self._ship(
                onprem_info.MODULE, {name: params[name] for name in names if name in params} | {"gather": list(gather)}
            )
            if done.get("failed"):
                raise NodeError(Failure(**done["failure"]), number)
            return dict(done["node"])

        def host(request: dict[str, Any]) -> dict[str, Any]:
            if self._local:
                return _hostfiles.handle(request)
            try:
                return _remote.handle(self, self._vars, request)
            except AnsibleConnectionFailure as error:
                return {"error": str(error), "unreachable": True}

        # Two plays of one run may use two apps: what a token read is kept for that token only.
        source = "\0".join(str(params.get(key)) for key in ("access_token", "graph_url", "graph_version"))
        mark = hashlib.sha256(source.encode()).hexdigest()

        limiter = self.rate_limiter(params) if "access_token" in params else None
        throwaway = _runner.throwaway(params["state_dir"]) if self._local and "state_dir" in params else ""
        return Context(
            check_mode=bool(self._task.check_mode),
            clients=Clients(
                _runner.graph_client(params, self.announce, self.session, self.name, limiter), onprem, node, host
            ),
            clock=_runner.CLOCK,
            shared=Shared(
                once=lambda name, read: _shared.once("%s %s" % (name, mark), read),
                entry=lambda name, entry, read: _shared.entry("%s %s" % (name, mark), entry, read),
                exclusive=_shared.exclusive,
                raise_flag=_shared.raise_flag,
                raised=_shared.raised,
            ),
            process=_runner.this_process(os.path.basename(constants.DEFAULT_LOCAL_TMP), self._run, throwaway),
            announce=self.announce,
            undisturbed=_runner.undisturbed,
            sent=self.session.sent,
            name=self.name,
        )
