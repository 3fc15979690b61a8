# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker runner: an operation inside of the Ansible worker, or shipped to where the task's connection leads.

Every module has an action of a few lines, which names its operation. A file for each is what C(ansible-test sanity)
wants, and a redirect in C(meta/runtime.yml) cannot replace it: its target must have a module of its own name. What is
different for a module stands in the table of hooks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils import _option_names, _runner, _spec, _values
from ..module_utils._api import connection
from ..module_utils._modules import MODULES
from ..module_utils._operations.context import Context, Outcome
from ..module_utils._operations.module import Asked, Module
from . import _events, _hook_table, _inputs, _remote, _shipping
from ._context import context
from ._hooks import brief
from ._worker import Step, Worker

# From this verbosity on Ansible shows how a module was called. Below it, the run would keep for each of thousands of
# hosts what nobody sees.
_INVOCATION = 3

# Ansible imports this file before it forks the workers, so none of them reads the CAs and the configuration of OpenSSL
# again.
connection.preload()


def check(worker: Worker, module: Module, written: Mapping[str, Any]) -> tuple[Step, list[str]]:
    """Return the step that a task's options make, and every error of them. Nothing is sent for it."""
    options = _inputs.options(module, written, worker.variables, worker.templar)
    params, errors = _spec.check(module, options, here=worker.local)
    errors += _inputs.errors(written, worker.variables)
    errors += _spec.file_errors(module, options, params, worker.local)
    step = Step(module, written, options, params, _runner.masked(params, module.secrets))
    return step, _inputs.as_written(module, written, _hook_table.of(module).errors(worker, step, errors))


def take(worker: Worker, step: Step, earlier: Mapping[str, Mapping[str, Any]], moved: bool = False) -> dict[str, Any]:
    """Take a step that may begin; ``earlier`` are the results of the steps before it, by module name."""
    hooks, params = _hook_table.of(step.module), step.params
    began = _events.started(worker, step)
    hooks.follow(params, earlier)
    if worker.ships(step):
        result = hooks.before_shipping(worker, step, moved)
        if result is None:
            result = _shipping.ship(worker, step.module, params, step.name)
            _events.replay(worker, step, result.pop(_runner.EVENTS, ()))
    else:
        _before(worker, step)
        result = _runner.carry_out(step.module.run, step.module.typed(params), context(worker, step), worker.diff)
    result = _finished(worker, step, result)
    _events.ended(worker, step, result, began)
    return result


def joins(worker: Worker, step: Step) -> bool:
    """Tell whether a step can share an execution on the host with those beside it."""
    return worker.ships(step) or (not worker.local and step.module.ask is not None)


def take_together(
    worker: Worker, steps: Sequence[Step], earlier: Mapping[str, Mapping[str, Any]], moved: bool
) -> Iterator[tuple[Step, dict[str, Any]]]:
    """Take steps in one execution on the host; yields the result of each up to the first that fails."""
    parts: list[_Part] = []
    for step in steps:
        began = _events.started(worker, step)
        hooks = _hook_table.of(step.module)
        hooks.follow(step.params, earlier)
        ask = step.module.ask
        part = _shipped(worker, step, moved) if ask is None or worker.ships(step) else _asking(worker, step, ask)
        parts.append(part._replace(began=began))
        if parts[-1].result is not None:
            break
    requests = [request for part in parts for request in part.requests]
    answers: list[dict[str, Any]] = []
    trouble: _remote.HostError | None = None
    try:
        answers = _remote.ask(worker, requests) if requests else []
    except _remote.HostError as error:
        trouble = error
    for part in parts:
        own, answers = answers[: len(part.requests)], answers[len(part.requests) :]
        result = part.result if part.result is not None else part.conclude(own, trouble)
        _events.replay(worker, part.step, result.pop(_runner.EVENTS, ()))
        result = _finished(worker, part.step, result)
        _events.ended(worker, part.step, result, part.began)
        yield part.step, result
        if result.get("failed"):
            return


class _Part(NamedTuple):
    """What a step wants of the host, and how it ends with the answers; ``result`` where it has ended already.

    ``began`` is by the monotonic clock.
    """

    step: Step
    requests: Sequence[Mapping[str, Any]] = ()
    conclude: Callable[[Sequence[Mapping[str, Any]], _remote.HostError | None], dict[str, Any]] = lambda *_args: {}
    result: dict[str, Any] | None = None
    began: float = 0.0


def _shipped(worker: Worker, step: Step, moved: bool) -> _Part:
    """Return the part of a step that runs on the host."""
    module, params = step.module, step.params
    result = _hook_table.of(module).before_shipping(worker, step, moved)
    if result is not None:
        return _Part(step, result=result)

    def conclude(answers: Sequence[Mapping[str, Any]], trouble: _remote.HostError | None) -> dict[str, Any]:
        if trouble is not None:
            return _shipping.unshipped(worker, trouble, step.name, _shipping.may_change(worker, module, params))
        return _shipping.result_of(worker, answers[0], step.name)

    return _Part(step, [_shipping.request(worker, module, params)], conclude)


def _asking(worker: Worker, step: Step, ask: Callable[[Any, Context], Asked]) -> _Part:
    """Return the part of a step that runs here and asks the host once."""
    _before(worker, step)
    options, surroundings = step.module.typed(step.params), context(worker, step)
    asked: list[Asked] = []

    def first(options: Any, surroundings: Context) -> Outcome:
        asked.append(ask(options, surroundings))
        return Outcome(False, {})

    result = _runner.carry_out(first, options, surroundings, worker.diff)
    if not asked:
        return _Part(step, result=result)

    def conclude(answers: Sequence[Mapping[str, Any]], trouble: _remote.HostError | None) -> dict[str, Any]:
        told = _shipping.completed(asked[0].requests, answers, trouble)
        return _runner.carry_out(lambda *_args: asked[0].conclude(told), options, surroundings, worker.diff)

    return _Part(step, _shipping.with_connection(step.params, asked[0].requests), conclude)


def _before(worker: Worker, step: Step) -> None:
    """Prepare the parameters of an operation that runs here."""
    if step.params.get("batch"):
        # What one task has read for its hosts is not taken for what another one would.
        step.params["batch"] = "%s %s" % (step.params["batch"], worker.task._uuid)
    _hook_table.of(step.module).prepare(worker, step)


def _finished(worker: Worker, step: Step, result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a step as it is shown."""
    hooks = _hook_table.of(step.module)
    if not step.params.get("details", True) and not (worker.wordy or result.get("failed")):
        for name in hooks.details.keys() & result.keys():
            result[name] = brief(result[name], hooks.details[name])
    if Display().verbosity >= _INVOCATION:
        result["invocation"] = {"module_args": step.shown}
    hooks.finish(worker, step, result)
    return dict(_option_names.written(result, _inputs.naming(step.written)))


def one_module(worker: Worker, module: Module) -> dict[str, Any]:
    """Carry out a task of one module."""
    step, errors = check(worker, module, worker.task.args)
    step = worker.named(step)
    if errors:
        return _finished(worker, step, _runner.refused(errors))
    admission = _hook_table.of(module).must_wait(worker, step, ())
    if admission.result is not None:
        _events.ended(worker, step, admission.result)
        return _finished(worker, step, admission.result)
    return take(worker, step, {}, admission.moved)


class WorkerRunner(ActionBase):
    """The action of a module, as Ansible calls it."""

    MODULE = ""
    # What carries out the task.
    WORK: Callable[[Worker, Module], dict[str, Any]] = staticmethod(one_module)

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        worker = Worker(self, task_vars or {})
        with worker.kept:
            result.update(self.WORK(worker, MODULES[self.MODULE]))
        if result.get("failed"):
            # Later cores show where the task stands in the role with each failure: ten lines that tell a user nothing.
            self._task._ds = None
            with contextlib.suppress(ValueError):
                if _values.bool_of(self._task.args.get("keep_failure", False)):
                    result.update(_runner.kept(result))
        return result
