# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of several steps in one worker: it checks all of them before it takes the first, and joins their results."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..module_utils import _option_names, _runner, _spec, _values
from ..module_utils._api import codes
from ..module_utils._api.codes_graph import GRAPH_CODES
from ..module_utils._core.conditions import failure_limit
from ..module_utils._core.fleet import turn as rules
from ..module_utils._failure import Failure
from ..module_utils._modules import MODULES
from ..module_utils._operations.context import Name, Params
from ..module_utils._operations.module import GRAPH, Module
from . import _events, _hook_table, _inputs, _shared, _waves, _worker_runner
from ._hooks import Admission
from ._worker import Step, Worker

PREFIX = "wabiz.migration."
_NO_PLAN = Failure(
    "no_plan",
    "No preflight of this run has planned the waves, so the number is left alone",
    next_step="run the preflight of all numbers first, as the playbook wabiz.migration.migrate does",
)
_WAVES = "waves"
# What a result has that waits for something that passes by itself.
WAITING = ("waiting", "why", "wait_until")
# What a result has that ends here until somebody does something: neither a success nor a failure.
FOR_A_PERSON = {"waiting_for_code": rules.CODE, "waiting_for_inventory": rules.INVENTORY}
# What a result has that failed.
FAILED = ("failed", "msg", "failure", "errors", "sent", "would_be_refused")


def all_steps(worker: Worker, module: Module) -> dict[str, Any]:
    """Carry out a task of several steps, in the wave of its host where the task says so."""
    own, wrong = limits(worker, module)
    if not own["waved"]:
        return _checked(worker, module, own, wrong)
    plan = _waves.published()
    if plan is None:
        return _runner.failed(_NO_PLAN, Name(host=worker.host), worker.session.sent)
    if worker.wave is None:
        return {"changed": False, "steps": {}}
    if not own["soaked"]:
        turn = _waves.await_turn(plan, worker.wave, lambda: worker.run_is_alive, partial(worker.announce, _WAVES))
        if turn.word == rules.RETURN:
            return {**_later(turn.why, time.time() + turn.after), "steps": {}}
        if turn.word != rules.BEGIN:
            return {"changed": False, "skipped": True, "skip_reason": turn.why, "steps": {}}
        _waves.record(plan, worker.host, rules.STARTED)
    # Whatever ends the task, the waves after this one learn of it.
    state = rules.BAD
    try:
        result = _checked(worker, module, own, wrong)
        if not result.get("failed"):
            state = rules.SOAKED if own["soaked"] else _state_of(result)
        return result
    finally:
        if worker.run_is_alive:
            _waves.record(plan, worker.host, state)


def _state_of(result: Mapping[str, Any]) -> str:
    """Return what a result that has not failed means for the waves after that of its host."""
    if result.get("waiting"):
        return rules.WAITING
    return next((state for word, state in FOR_A_PERSON.items() if result.get(word)), rules.WELL)


def _checked(worker: Worker, module: Module, own: Params, wrong: list[str]) -> dict[str, Any]:
    """Check the options of all steps, take the steps, and count the host where one of them failed."""
    steps, errors = read(worker, module)
    if errors or wrong:
        return dict(_option_names.written(_runner.refused(errors + wrong), worker.naming))
    result = _taken(worker, steps)
    if result.get("failed"):
        _count_failure(own, worker.host)
    return result


def _later(why: str, wait_until: float) -> dict[str, Any]:
    return {"changed": False, "waiting": True, "why": why, "wait_until": wait_until}


def read(worker: Worker, module: Module) -> tuple[list[Step], list[str]]:
    """Return the steps to be taken, and everything that is wrong with any of them.

    What the task has beside the options of ``module`` are options of every step; a step's own go before them.
    """
    args = worker.task.args
    stated = args.get("steps")
    if not isinstance(stated, (list, tuple)) or not stated:
        return [], ["steps: a list is wanted, of one module with its options each"]
    shared = {name: value for name, value in args.items() if name not in module.own_options}
    found: list[Step] = []
    errors: list[str] = []
    for at, one in enumerate(stated):
        label = "steps[%d]" % at
        try:
            name, own = _module_of(one)
            label += " " + name
            if own is not None and not isinstance(own, Mapping):
                raise ValueError("the options are no mapping")
            wanted = _is_wanted(one, worker.variables)
            if MODULES[name] in [earlier.module for earlier in found]:
                raise ValueError("each module can be a step once")
        except ValueError as reason:
            errors.append("%s: %s" % (label, reason))
            continue
        if wanted:
            step, wrong = _worker_runner.check(worker, MODULES[name], {**shared, **(own or {})})
            errors += ["%s: %s" % (label, error) for error in wrong]
            found.append(step)
    # A step that has no option for it, such as the subscription, is about the number of the others.
    number_ids = (str(step.params.get("phone_number_id") or "") for step in found)
    number_id = next(filter(None, number_ids), "")
    return [worker.named(step, number_id) for step in found], errors


def limits(worker: Worker, module: Module) -> tuple[dict[str, Any], list[str]]:
    """Return the options of the task itself, which are none of a step, and everything that is wrong with them."""
    args = worker.task.args
    taken = {name: value for name, value in args.items() if name in module.own_options or name == "vars_prefix"}
    found = _inputs.options(module, taken, worker.variables, worker.templar)
    params: dict[str, Any] = {name: module.every_option[name].get("default") for name in module.own_options}
    wrong = []
    for name, value in found.items():
        try:
            if name in module.own_options and name != "steps" and not _spec.is_missing(value):
                params[name] = _spec.value_of(module, name, value)
        except ValueError as reason:
            wrong.append("%s: %s" % (name, reason))
    return params, _inputs.as_written(module, taken, wrong)


def _module_of(one: Any) -> tuple[str, Any]:
    """Return the name of a step's module and its options as they stand there; raises ValueError with what is wrong."""
    if not isinstance(one, Mapping):
        raise ValueError("a module with its options is wanted")
    names = [str(name) for name in one if name != "when"]
    if len(names) != 1:
        raise ValueError("exactly one module is wanted, beside when")
    name = names[0].removeprefix(PREFIX)
    if name not in MODULES or not MODULES[name].step:
        raise ValueError("%s is no module that can be a step" % names[0])
    return name, one[names[0]]


def _is_wanted(one: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    """Tell whether a step is to be taken: ``when`` is true or false, or the name of a variable that is."""
    condition = one.get("when", True)
    if isinstance(condition, str):
        with contextlib.suppress(LookupError):
            condition = _inputs.named(condition.strip(), variables)
    try:
        return _values.bool_of(condition)
    except ValueError as reason:
        raise ValueError("when: %s" % reason) from None


def _taken(worker: Worker, steps: Sequence[Step]) -> dict[str, Any]:
    """Take one step after another, until one fails, has to wait, or nobody waits for the result any more.

    Whatever would refuse or hold back a later step is asked before the first one: nothing is left half done. Where
    that shows that another run has moved the number, nothing of its node is prepared any more.
    """
    result: dict[str, Any] = {"changed": False, "steps": {}}
    admissions = []
    for at, step in enumerate(steps):
        admission = _hook_table.of(step.module).must_wait(worker, step, steps[:at])
        if admission.result is not None:
            _events.ended(worker, step, admission.result)
            return {**result, **_option_names.written(admission.result, _inputs.naming(step.written))}
        admissions.append(admission)
    moved = next((at for at, admission in enumerate(admissions) if admission.moved), 0)
    taken = [
        (step, admission)
        for at, (step, admission) in enumerate(zip(steps, admissions, strict=True))
        if at >= moved or step.module.side(step.params) == GRAPH
    ]
    while taken and worker.run_is_alive:
        group = list(itertools.takewhile(lambda one: _worker_runner.joins(worker, one[0]), taken)) or taken[:1]
        alone = next((at for at, one in enumerate(group, 1) if one[0].module.gates), len(group))
        group = group[:alone]
        taken = taken[len(group) :]
        following = [step for step, _admission in taken]
        for step, done in _results(worker, group, result["steps"]):
            limit = later(worker, step, done, following)
            if limit is not None:
                _events.ended(worker, step, limit)
            join(result, step.module.name, done if limit is None else limit)
            if any(result.get(word) for word in ("failed", "waiting", *FOR_A_PERSON)):
                return result
    return result


def _results(
    worker: Worker, group: Sequence[tuple[Step, Admission]], earlier: Mapping[str, Any]
) -> Iterator[tuple[Step, dict[str, Any]]]:
    """Take steps that share an execution on the host, or a single one, and yield their results."""
    if len(group) > 1:
        moved = any(admission.moved for _step, admission in group)
        yield from _worker_runner.take_together(worker, [step for step, _admission in group], earlier, moved)
        return
    ((step, admission),) = group
    yield step, _worker_runner.take(worker, step, earlier, admission.moved)


def join(result: dict[str, Any], module_name: str, done: dict[str, Any]) -> None:
    """Add what a step came to: a failure becomes the task's own, warnings and diffs stand side by side."""
    warnings = result.get("warnings", [])
    # One action ships all modules of the task, and older cores add the warnings about the host's Python to each.
    result["warnings"] = [*warnings, *(one for one in done.pop("warnings", []) if one not in warnings)]
    diff = done.pop("diff", None)
    if diff is not None:
        heads = {"before_header": module_name, "after_header": module_name}
        parts = diff if isinstance(diff, list) else [diff]
        result["diff"] = [*result.get("diff", []), *({**heads, **one} for one in parts)]
    invocation = done.pop("invocation", None)
    if invocation is not None:
        shown = result.setdefault("invocation", {}).setdefault("module_args", {}).setdefault("steps", [])
        shown.append({PREFIX + module_name: invocation["module_args"]})
    for word, names in (("failed", FAILED), ("waiting", WAITING), *((word, (word,)) for word in FOR_A_PERSON)):
        if done.get(word):
            result.update({name: done[name] for name in names if name in done})
    result["changed"] = bool(result.get("changed") or done.get("changed"))
    result["steps"][module_name] = {name: value for name, value in done.items() if not name.startswith("_ansible_")}


def later(worker: Worker, step: Step, done: Mapping[str, Any], following: Sequence[Step]) -> dict[str, Any] | None:
    """Return a step that has met a rate limit as one that waits, where a step after it lets its caller wait."""
    if not done.get("failed") or not any(one.params.get("return_when_waiting") for one in following):
        return None
    code = done.get("failure", {}).get("code")
    entry = GRAPH_CODES.get(code) if isinstance(code, int) else None
    left = worker.rate_limiter(step.params).left() if "access_token" in step.params else 0.0
    if entry is None or entry.retry != codes.RATE or not left:
        return None
    why = Failure(**done["failure"]).sentence()
    return _later(why, time.time() + left)


def _count_failure(params: Params, host: str) -> None:
    """Count a host as failed, and let no further number of the run be registered where that is one too many.

    ``params`` hold the limits and the size of the fleet. Without a limit that somebody has stated nothing is counted:
    the wave goes on and is the last one.
    """
    most = failure_limit.limits(params["max_failed"], params["max_failed_percent"])
    if most.stated:
        reason = failure_limit.why(_shared.collect("failed", host), params["fleet_size"], most)
        if reason:
            _shared.raise_flag(failure_limit.FLAG, reason)
