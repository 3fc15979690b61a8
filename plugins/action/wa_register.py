# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_register: also knows what the other workers of the run are doing, and the steps before it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from ..module_utils._operations import conditions, lease, register
from ..plugin_utils import _failure_limit, _other_runs, _schedule, _shared
from ..plugin_utils._worker_runner import WorkerRunner

# Seconds that may lie between two steps.
_STEP = 600
# Seconds that a worker waits for something that its caller could wait for, and between two looks.
_PATIENCE = 2.0
_LOOK = 0.05


class ActionModule(WorkerRunner):
    """Run the operation of wa_register; see the module of the same name for its options."""

    MODULE = register.MODULE

    _sent_as = ""  # what the number is called, where the module was shipped

    def follow(self, params: dict[str, Any]) -> None:
        if self.earlier.get("wa_two_step", {}).get("two_step") == "absent":
            params["pin_cleared"] = True
        backup = self.earlier.get("wa_backup")
        if backup is not None:
            params["backup_digest"] = params["backup_digest"] or backup.get("digest")
            # The step before has judged its age; the seconds from there to here must not make it stale.
            params["backup_max_age"] = max(params["backup_max_age"], _STEP)

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults + _schedule.confirm(params, self.stated)

    def must_wait(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        # Check mode changes nothing before the register call, which then tells all reasons at once.
        if self._task.check_mode or params["state"] != "registered":
            return None
        returns = params["return_when_waiting"]
        if returns:
            ends, self.moved = _other_runs.look(self, params)
            if ends is not None:
                return ends
        # What has moved is left to be confirmed: none of the reasons to send nothing counts for it.
        waiting_result = None if self.moved else self._judged(params)
        if waiting_result is not None:
            return waiting_result
        if returns:
            left = self.rate_limiter(params).left()
            if left > _PATIENCE:
                return _later("Graph's rate limit is reached; it asks for %.0f s" % left, time.time() + left)
        began = time.monotonic()
        waiting_result = self._enter(params, returns)
        if waiting_result is None and time.monotonic() - began > _PATIENCE and not self.moved:
            waiting_result = self._judged(params)
        return waiting_result

    def _judged(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """Judge the number by all that needs no read, before a step of the task changes anything for it.

        Where there is no step before the register call, it is judged there, with what reading tells, and a number that
        is on the Cloud API is not registered at all. A caller that waits learns of a pause all the same.
        """
        if not self.before and not params["return_when_waiting"]:
            return None
        clears = any(
            module_name == "wa_two_step" and step["state"] == "absent" for module_name, step in self.before or ()
        )
        stated = {**params, "pin_cleared": params["pin_cleared"] or clears}
        refusing, passing = conditions.before_the_steps(self.MODULE.typed(stated), self._context(stated))
        moves = params["location"] != "CLOUD"
        found = [*refusing, *passing] if moves else passing
        if conditions.is_pause(found) and params["return_when_waiting"]:
            return _later(found[0].sentence(), 0.0)
        return self.refused(found) if found and self.before and moves else None

    def hand_over(self, params: dict[str, Any]) -> dict[str, Any] | None:
        """Ask here for what a module on the host can't see: the switch, and the other numbers of the run."""
        if params["state"] != "registered":
            return None
        self._sent_as = str(self.name)
        _schedule.switch(params, self.session.sent)
        found = [] if self.moved else conditions.of_the_run(self.MODULE.typed(params), self._context(params))
        return self.refused(found) if found else None

    def _enter(self, params: Mapping[str, Any], returns: bool) -> dict[str, Any] | None:
        """Take one of the slots of the WABA for parallel cutovers."""
        most, waba_id = params["max_parallel_cutovers_per_waba"], params["waba_id"]
        if not most or not waba_id:
            return None
        end = time.monotonic() + _PATIENCE
        wording = conditions.no_free_slot(most, waba_id)
        reported = False
        while True:
            with contextlib.ExitStack() as stack:
                if stack.enter_context(_shared.slot("cutover of WABA %s" % waba_id, most)):
                    self.kept.push(stack.pop_all())
                    return None
            if time.monotonic() >= end:
                if returns:
                    return _later(wording, 0.0)
                if not reported:
                    self.announce("Waiting: %s" % wording)
                    reported = True
            time.sleep(_LOOK)

    def finish(self, result: dict[str, Any]) -> None:
        if self._sent_as:
            _failure_limit.wrong_pin(result, self._sent_as)
        if result.get("waiting"):
            _other_runs.note(self.stated["phone_number_id"])


def _later(why: str, wait_until: float) -> dict[str, Any]:
    return {**lease.waiting(why, wait_until).result, "changed": False}
