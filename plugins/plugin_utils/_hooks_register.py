# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hooks of wa_register: what the other workers of the run are doing, and the steps before it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils._core.cutover import gate
from ..module_utils._core.events.event import WAITING
from ..module_utils._meta_api import PIN_MISMATCH
from ..module_utils._operations import conditions, lease
from ..module_utils._operations.context import Params
from . import _events, _other_runs, _schedule, _shared
from ._context import context
from ._hooks import Admission, Hooks
from ._worker import Step, Worker

# Seconds that may lie between two steps.
_STEP = 600
# Seconds that a worker waits for something that its caller could wait for, and between two looks.
_PATIENCE = 2.0
_LOOK = 0.05


class Register(Hooks):
    """Hold the register call back until it may be sent, and hand over what the steps before it have found out."""

    def errors(self, worker: Worker, step: Step, errors: list[str]) -> list[str]:
        return errors + _schedule.confirm(step.params, step.options)

    def must_wait(self, worker: Worker, step: Step, before: Sequence[Step]) -> Admission:
        # Check mode changes nothing before the register call, which then tells all reasons at once.
        if worker.check_mode or step.params["state"] != "registered":
            return Admission()
        moved = False
        if step.params["return_when_waiting"]:
            ends, moved = _other_runs.look(worker, step)
            if ends is not None:
                return Admission(ends)
        # What has moved is left to be confirmed: none of the reasons to send nothing counts for it.
        result = None if moved else _judged(worker, step, before)
        began = time.monotonic()
        result = result or _rate_limited(worker, step.params) or _without_slot(worker, step)
        if result is None and time.monotonic() - began > _PATIENCE and not moved:
            result = _judged(worker, step, before)
        return Admission(result, moved)

    def follow(self, params: dict[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> None:
        if earlier.get("wa_two_step", {}).get("two_step") == "absent":
            params["pin_cleared"] = True
        traffic = earlier.get("wa_traffic")
        if traffic is not None:
            params["traffic"] = traffic.get("sample") or params["traffic"]
        backup = earlier.get("wa_backup")
        if backup is not None:
            params["backup_digest"] = params["backup_digest"] or backup.get("digest")
            # The step before has judged its age; the seconds from there to here must not make it stale.
            params["backup_max_age"] = max(params["backup_max_age"], _STEP)

    def before_shipping(self, worker: Worker, step: Step, moved: bool) -> dict[str, Any] | None:
        """Ask here for what a module on the host can't see: the freeze, and the other numbers of the run."""
        if step.params["state"] != "registered":
            return None
        _schedule.switch(step.params, worker.session.sent)
        found = [] if moved else conditions.of_the_run(step.module.typed(step.params), context(worker, step).shared)
        return worker.refused(step.name, found) if found else None

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        worker.give_back()
        shipped = step.params["state"] == "registered" and worker.ships(step)
        # A module on the host can't tell the other workers.
        if shipped and result.get("failed") and result["failure"]["code"] == PIN_MISMATCH:
            _shared.raise_flag(gate.WRONG_PIN, str(step.name))
        if result.get("waiting"):
            _other_runs.note(step.params["phone_number_id"])


def _judged(worker: Worker, step: Step, before: Sequence[Step]) -> dict[str, Any] | None:
    """Judge the number by all that needs no read, before a step of the task changes anything for it.

    Where there is no step before the register call, it is judged there, with what reading tells, and a number that is
    on the Cloud API is not registered at all. A caller that waits learns of a pause all the same.
    """
    params = step.params
    if not before and not params["return_when_waiting"]:
        return None
    clears = any(one.module.name == "wa_two_step" and one.params["state"] == "absent" for one in before)
    stated = {**params, "pin_cleared": params["pin_cleared"] or clears}
    refusing, passing = conditions.before_the_steps(step.module.typed(stated), context(worker, step))
    moves = params["location"] != "CLOUD"
    found = [*refusing, *passing] if moves else passing
    if conditions.is_pause(found) and params["return_when_waiting"]:
        return _later(found[0].sentence(), 0.0)
    return worker.refused(step.name, found) if found and before and moves else None


def _rate_limited(worker: Worker, params: Params) -> dict[str, Any] | None:
    """Return that the number has to wait for Graph's rate limit, where its caller can wait."""
    left = worker.rate_limiter(params).left() if params["return_when_waiting"] else 0.0
    if left <= _PATIENCE:
        return None
    return _later("Graph's rate limit is reached; it asks for %.0f s" % left, time.time() + left)


def _without_slot(worker: Worker, step: Step) -> dict[str, Any] | None:
    """Take one of the slots of the WABA for parallel cutovers; return that the number has to wait where none is free.

    It is waited for here where the caller can't wait.
    """
    most, waba_id = step.params["max_parallel_cutovers_per_waba"], step.params["waba_id"]
    if not most or not waba_id:
        return None

    def taken() -> bool:
        return worker.hold(_shared.slot("cutover of WABA %s" % waba_id, most))

    if _within(_PATIENCE, taken):
        return None
    why = conditions.no_free_slot(most, waba_id)
    if step.params["return_when_waiting"]:
        return _later(why, 0.0)
    worker.announce(step.name, "Waiting: %s" % why)
    _events.of(worker, step)(WAITING, text=why)
    _within(math.inf, taken)
    return None


def _within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Try until ``reached`` is true, at least once and for so long; return whether it was."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() >= end:
            return False
        time.sleep(_LOOK)
    return True


def _later(why: str, wait_until: float) -> dict[str, Any]:
    return {**lease.waiting(why, wait_until).result, "changed": False}
