# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker runner: an operation inside of the Ansible worker, or shipped to where the task's connection leads.

Every module has an action of a few lines, which names its operation. A file for each is what C(ansible-test sanity)
wants, and a redirect in C(meta/runtime.yml) cannot replace it: its target must have a module of its own name. What is
different for a module stands in the table of hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils import _option_names, _runner, _spec
from ..module_utils._modules import MODULES
from ..module_utils._operations.module import Module
from . import _events, _hook_table, _inputs, _shipping
from ._context import context
from ._hooks import brief
from ._worker import Step, Worker

# From this verbosity on Ansible shows how a module was called. Below it, the run would keep for each of thousands of
# hosts what nobody sees.
_INVOCATION = 3


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
        if params.get("batch"):
            # What one task has read for its hosts is not taken for what another one would.
            params["batch"] = "%s %s" % (params["batch"], worker.task._uuid)
        hooks.prepare(worker, step)
        result = _runner.carry_out(step.module.run, step.module.typed(params), context(worker, step), worker.diff)
    result = _finished(worker, step, result)
    _events.ended(worker, step, result, began)
    return result


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
        return result

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Pipeline wherever the connection can, whatever the configuration says.

        A file on the host would hold the options.
        """
        become = self._connection.become.name if self._connection.become else ""
        return bool(module_style == "new" and not wrap_async and self._connection.has_pipelining and become != "su")
