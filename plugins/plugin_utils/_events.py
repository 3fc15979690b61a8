# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of a step: when it begins and ends, what its number waits for, and what its operation reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..module_utils import _option_names
from ..module_utils._core.events import event as rules
from ..module_utils._core.events import outcome
from ..module_utils._operations.context import no_event
from . import _inputs, _shared, _waves
from ._event_log import run_id
from ._worker import Step, Worker

_ENDED = "numbers ended"


class StepEvents:
    """What records the events of one step; called with an event and its fields, it appends one."""

    def __init__(self, worker: Worker, step: Step, stated: str) -> None:
        self._worker = worker
        self._step = step
        self._log = worker.event_log(stated)
        # A task that looks at many hosts is about none of them.
        self._fleet = step.module.controller_only

    def __call__(self, event: str, at: float | None = None, **fields: Any) -> None:
        """Append an event; ``fields`` are those of the rule, and may name another host with its number."""
        about: dict[str, Any] = {
            name: fields.pop(name) for name in ("host", "number", "phone_number_id", "waba_id") if name in fields
        }
        if about:
            about["wave"] = self._waves.get(about.get("host", ""))
        if event == rules.NUMBER_ENDED and self._ended_before("%s\t%s" % (about["host"], fields["outcome"])):
            return
        if fields.get("text"):
            fields["text"] = _option_names.written(fields["text"], _inputs.naming(self._step.written))
        self._log.append(self._subject._replace(**about), event, at, **fields)

    @property
    def _subject(self) -> rules.Subject:
        worker, step, name = self._worker, self._step, self._step.name
        run = rules.Subject(
            run_id(),
            phase=step.module.phase(step.params),
            step=step.module.name,
            check_mode=worker.check_mode,
        )
        if self._fleet:
            return run
        return run._replace(
            host=worker.host,
            phone_number_id=name.phone_number_id,
            number=self._number,
            waba_id=self._waba_id,
            wave=worker.wave,
        )

    @property
    def _number(self) -> str:
        """Return the number as Graph shows it, as soon as an earlier step or this one has read it."""
        name = self._step.name
        stated = self._step.params.get("phone_number")
        if stated and name.shown == str(stated):
            return _shared.raised("number %s" % name.phone_number_id) or name.shown
        return name.shown

    @cached_property
    def _waba_id(self) -> str:
        stated = self._step.params.get("waba_id")
        return str(stated or _by_prefix(self._step, self._worker.variables, self._worker.templar, "waba_id"))

    @cached_property
    def _waves(self) -> dict[str, int]:
        """Return the wave of each host."""
        plan = _waves.published()
        return {} if plan is None else _waves.order(plan)

    @cached_property
    def _ended(self) -> set[str]:
        return set(_shared.noted(_ENDED))

    def _ended_before(self, number: str) -> bool:
        """Tell whether an earlier wave has recorded this end; note it for later ones."""
        if number in self._ended:
            return True
        self._ended.add(number)
        _shared.note(_ENDED, [number])
        return False

    def waits_ended(self, result: Mapping[str, Any]) -> None:
        """Record that hosts go on that a task has waited for."""
        hostvars = self._worker.variables.get("hostvars") or {}
        for host in result.get("hosts") or []:
            known: Mapping[str, Any] = hostvars.get(host) or {}
            ids: dict[str, Any] = {
                name: _by_prefix(self._step, known, self._worker.templar, name)
                for name in ("phone_number_id", "waba_id")
            }
            self(rules.WAIT_ENDED, host=host, seconds=result.get("waited"), **ids)


def _by_prefix(step: Step, variables: Mapping[str, Any], templar: Any, option: str) -> str:
    """Return the variable that an option of the step's task would come from, "" where it has no such."""
    prefix = str(step.written.get("vars_prefix") or "")
    return str(_inputs.plain(variables.get(prefix + option), templar) or "") if prefix else ""


def of(worker: Worker, step: Step) -> Callable[..., None]:
    """Return what records the events of a step: nothing where no folder is stated."""
    stated = step.params.get("report_dir")
    return StepEvents(worker, step, str(stated)) if stated else no_event


def started(worker: Worker, step: Step) -> float:
    """Record that a step begins; return when, for :func:`ended`."""
    event = of(worker, step)
    if step.module.name == "wa_inputs":
        event(rules.RUN_STARTED, data={"numbers": len(step.params["hosts"])})
    event(rules.STEP_STARTED)
    return time.monotonic()


def ended(worker: Worker, step: Step, result: Mapping[str, Any], began: float | None = None) -> None:
    """Record what a step came to, and what that means for its number.

    ``began`` is missing for a step that may not begin.
    """
    event = of(worker, step)
    if event is no_event:
        return
    seconds = None if began is None else time.monotonic() - began
    came_to, text = outcome.of_step(result), outcome.text_of(result)
    if came_to == outcome.WAITING:
        until = result.get("wait_until")
        event(rules.WAITING, outcome=came_to, text=text, data={"until": rules.written(until)} if until else None)
        return
    code = outcome.code_of(result)
    event(rules.STEP_ENDED, seconds=seconds, outcome=came_to, code=code, text=text)
    if step.module.controller_only:
        if isinstance(event, StepEvents) and step.module.name == "wa_wait":
            event.waits_ended(result)
        if step.module.name == "wa_inputs" and result.get("failed"):
            event(rules.RUN_ENDED, outcome=came_to, code=code, text=text)
        return
    word = outcome.of_number(step.module.name, result, worker.check_mode)
    if word not in ("", outcome.OK):
        event(rules.OUTCOME, outcome=word, code=code, text=text)


def replay(worker: Worker, step: Step, reported: Any) -> None:
    """Record what a shipped module has reported: a list of events, their fields, and how many seconds ago they were."""
    event = of(worker, step)
    for name, fields, ago in reported or ():
        event(str(name), at=time.time() - float(ago), **dict(fields))
