# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of several steps: it checks all of them before it takes the first, and joins their results."""

from __future__ import annotations

import contextlib
import copy
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from ansible.plugins.action import ActionBase

from ..module_utils import _option_names, _runner, _spec, _values
from ..module_utils._api import codes
from ..module_utils._api.codes_graph import GRAPH_CODES
from ..module_utils._failure import Failure
from ..module_utils._operations import steps as steps_operation
from ..module_utils._operations.module import GRAPH, Module
from . import _failure_limit, _inputs, _session
from ._worker_runner import WorkerRunner

PREFIX = "wabiz.migration."
WORDING = ("when",)
# What a result has that waits for something that passes by itself.
WAITING = ("waiting", "why", "wait_until")
# What a result has that failed.
FAILED = ("failed", "msg", "failure", "faults", "sent", "would_be_refused")


class Step(NamedTuple):
    """One module with its options, those of the connections among them, and what the check made of them.

    ``at`` is its place among the steps that the task states, ``stated`` are the options as they were written there.
    """

    module_name: str
    options: dict[str, Any]
    params: dict[str, Any]
    at: int = 0
    stated: Mapping[str, Any] = {}

    @property
    def label(self) -> str:
        return "steps[%d]%s" % (self.at, " " + self.module_name if self.module_name else "")


def read(
    args: Mapping[str, Any], modules: Mapping[str, Module], variables: Mapping[str, Any], templar: Any, local: bool
) -> tuple[list[Step], list[str]]:
    """Return the steps to be taken, and everything that is wrong with any of them.

    What ``args`` hold beside the steps are options of every step; a step's own go before them.
    """
    steps = args.get("steps")
    if not isinstance(steps, (list, tuple)) or not steps:
        return [], ["steps: a list is wanted, of one module with its options each"]
    shared = {name: value for name, value in args.items() if name not in steps_operation.MODULE.own_options}
    found: list[Step] = []
    faults: list[str] = []
    for at, step in enumerate(steps):
        module_name, options, wanted, wrong = _parts(step, shared, modules, variables)
        if not wrong and module_name in [earlier.module_name for earlier in found]:
            wrong = ["each module can be a step once"]
        params: dict[str, Any] = {}
        stated = options
        if not wrong and wanted:
            options = _inputs.options(modules[module_name], options, variables, templar)
            params, wrong = _spec.check(modules[module_name], options, here=local)
            wrong += _inputs.faults(stated, variables) + _spec.file_faults(modules[module_name], options, params, local)
            wrong = _inputs.as_written(modules[module_name], stated, wrong)
        taken = Step(module_name, options, params, at, stated)
        faults += ["%s: %s" % (taken.label, fault) for fault in wrong]
        if wanted:
            found.append(taken)
    return found, faults


def limits(args: Mapping[str, Any], variables: Mapping[str, Any], templar: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the options of the task itself, which are none of a step, and everything that is wrong with them."""
    module = steps_operation.MODULE
    taken = {name: value for name, value in args.items() if name in module.own_options or name == "vars_prefix"}
    found = _inputs.options(module, taken, variables, templar)
    options = {name: value for name, value in found.items() if name in module.own_options}
    params: dict[str, Any] = {name: module.every_option[name].get("default") for name in module.own_options}
    wrong = []
    for name, value in options.items():
        try:
            if name != "steps" and not _spec.is_missing(value):
                params[name] = _spec.value_of(module, name, value)
        except ValueError as reason:
            wrong.append("%s: %s" % (name, reason))
    return params, _inputs.as_written(module, taken, wrong)


def _parts(
    step: Any, shared: Mapping[str, Any], modules: Collection[str], variables: Mapping[str, Any]
) -> tuple[str, dict[str, Any], bool, list[str]]:
    """Return module, options, whether the step is to be taken, and what is wrong with its form."""
    if not isinstance(step, Mapping):
        return "", {}, True, ["a module with its options is wanted"]
    names = [str(name) for name in step if name not in WORDING]
    if len(names) != 1:
        return "", {}, True, ["exactly one module is wanted, beside %s" % " and ".join(WORDING)]
    module_name = names[0].removeprefix(PREFIX)
    if module_name not in modules:
        return "", {}, True, ["%s is no module that can be a step" % names[0]]
    options = step[names[0]]
    if options is not None and not isinstance(options, Mapping):
        return module_name, {}, True, ["the options are no mapping"]
    condition = step.get("when", True)
    if isinstance(condition, str):
        with contextlib.suppress(LookupError):
            condition = _inputs.named(condition.strip(), variables)
    try:
        wanted = _values.bool_of(condition)
    except ValueError as reason:
        return module_name, {}, True, ["when: %s" % reason]
    return module_name, {**shared, **(options or {})}, wanted, []


def join(result: dict[str, Any], step: Step, done: dict[str, Any]) -> None:
    """Add what a step came to: a failure becomes the task's own, warnings and diffs stand side by side."""
    result["warnings"] = [*result.get("warnings", []), *done.pop("warnings", [])]
    diff = done.pop("diff", None)
    if diff is not None:
        result["diff"] = [*result.get("diff", []), *(_headed(diff, step.module_name))]
    invocation = done.pop("invocation", None)
    if invocation is not None:
        shown = result.setdefault("invocation", {}).setdefault("module_args", {}).setdefault("steps", [])
        shown.append({PREFIX + step.module_name: invocation["module_args"]})
    for word, names in (("failed", FAILED), ("waiting", WAITING)):
        if done.get(word):
            result.update({name: done[name] for name in names if name in done})
    result["changed"] = bool(result.get("changed") or done.get("changed"))
    result["steps"][step.module_name] = {
        name: value for name, value in done.items() if not name.startswith("_ansible_")
    }


def _headed(diff: Any, module_name: str) -> Iterator[dict[str, Any]]:
    for one in diff if isinstance(diff, list) else [diff]:
        yield {"before_header": module_name, "after_header": module_name, **one}


def later(done: Mapping[str, Any], action: WorkerRunner, following: Sequence[Step]) -> dict[str, Any] | None:
    """Return a step that has met a rate limit as one that waits, where a step after it lets its caller wait."""
    if not done.get("failed") or not any(step.params.get("return_when_waiting") for step in following):
        return None
    code = done.get("failure", {}).get("code")
    entry = GRAPH_CODES.get(code) if isinstance(code, int) else None
    left = (
        action.rate_limiter(action.checked[0]).left() if action.checked and "access_token" in action.checked[0] else 0.0
    )
    if entry is None or entry.retry != codes.RATE or not left:
        return None
    why = Failure(**done["failure"]).sentence()
    return {"changed": False, "waiting": True, "why": why, "wait_until": time.time() + left}


class StepsRunner(ActionBase):
    """Take the steps that the options name, in one worker and one session."""

    RUNNERS: ClassVar[tuple[type[WorkerRunner], ...]] = ()

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = self._all(super().run(tmp, task_vars), task_vars)
        return dict(_option_names.written(result, _inputs.naming(self._task.args)))

    def _all(self, result: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        runners = {runner.MODULE.name: runner for runner in self.RUNNERS}
        modules = {name: runner.MODULE for name, runner in runners.items()}
        local = bool(self._connection.transport == "local" and not self._connection.become)
        steps, faults = read(self._task.args, modules, task_vars or {}, self._templar, local)
        host = str((task_vars or {}).get("inventory_hostname", ""))
        own, wrong = limits(self._task.args, task_vars or {}, self._templar)
        faults += wrong
        session = _session.session(lambda: host)
        taken: dict[str, Any] = {}
        actions = []
        named = (step.params.get("phone_number_id") for step in steps)
        self._number_id = next((str(number_id) for number_id in named if number_id), "")
        for at, step in enumerate(steps if not faults else ()):
            action = self._action(runners[step.module_name], steps[:at], step, session, taken, task_vars)
            found = _inputs.as_written(action.MODULE, step.stated, action.examine(step.params, []))
            faults += ["%s: %s" % (step.label, fault) for fault in found]
            actions.append(action)
        if faults:
            result.update(_runner.refused(faults))
            return result
        result.update(changed=False, steps=taken)
        with contextlib.ExitStack() as kept:
            kept.callback(_session.keep, host, session, os.getppid())
            for action in actions:
                kept.push(action.kept)
            self._take(steps, actions, result, task_vars)
        if result.get("failed"):
            _failure_limit.failed(own, host)
        return result

    def _take(
        self,
        steps: Sequence[Step],
        actions: Sequence[WorkerRunner],
        result: dict[str, Any],
        task_vars: dict[str, Any] | None,
    ) -> None:
        """Take one step after another, until one fails, has to wait, or nobody waits for the result any more.

        Whatever would refuse or hold back a later step is asked before the first one: nothing is left half done. Where
        that shows that another run has moved the number, nothing of its node is prepared any more.
        """
        waiting_result = next(
            filter(None, (action.must_wait(step.params) for action, step in zip(actions, steps, strict=True))), None
        )
        if waiting_result is not None:
            result.update(waiting_result)
            return
        has_moved = any(action.moved for action in actions)
        run = os.getppid()
        for at, (action, step) in enumerate(zip(actions, steps, strict=True)):
            if has_moved and not action.moved and action.MODULE.side(step.params) != GRAPH:
                continue
            if os.getppid() != run:
                return  # the run was killed, and the next one may be under way
            done = action.run(task_vars=task_vars)
            limit = later(done, action, steps[at + 1 :])
            join(result, step, done if limit is None else limit)
            if result.get("failed") or result.get("waiting"):
                return

    def _action(
        self,
        runner: type[WorkerRunner],
        before: Sequence[Step],
        step: Step,
        session: _runner.Session,
        earlier: Mapping[str, Mapping[str, Any]],
        task_vars: dict[str, Any] | None,
    ) -> WorkerRunner:
        task = copy.copy(self._task)  # its own copy() copies every block around it too
        task.args = step.options
        action = runner(
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        action.session, action.earlier, action.stated = session, earlier, step.options
        action.before = [(one.module_name, one.params) for one in before]
        action.checked, action.admitted = (step.params, []), True
        action.variables(task_vars or {})
        # A step that has no option for it, such as the subscription, is about the number of the others.
        action.called(step.params, self._number_id)
        return action
