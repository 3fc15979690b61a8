# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of hooks by module, with the short ones; importing it imports all before the workers are forked."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..module_utils._operations import lint_findings
from ..module_utils._operations.module import Module
from . import _approval, _metrics, _other_runs, _schedule, _shared
from ._context import context
from ._hooks import Hooks
from ._hooks_fleet import Inputs, Report, Wait
from ._hooks_register import Register
from ._hooks_verify import Verify
from ._worker import Step, Worker


class _Preflight(Hooks):
    """Judge what only the controller can see: an approved plan, change windows and a change freeze."""

    def errors(self, worker: Worker, step: Step, errors: list[str]) -> list[str]:
        errors = errors + _approval.confirm(step.params)
        return errors + _schedule.confirm(step.params, step.options)

    def prepare(self, worker: Worker, step: Step) -> None:
        step.params["linted"] = partial(self._linted, step.params["lint_paths"])

    def before_shipping(self, worker: Worker, step: Step, moved: bool) -> dict[str, Any] | None:
        _schedule.switch(step.params, worker.session.sent, _shared.once)
        # The files are the controller's.
        step.params["linted"] = self._linted(step.params["lint_paths"])
        return None

    @staticmethod
    def _linted(paths: list[str]) -> list[dict[str, Any]]:
        """Return what the linter has found, once for the run, whatever tokens its numbers have."""
        found = _shared.once(lint_findings.name(paths), partial(lint_findings.rows, paths)) if paths else []
        return list(found)

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        _other_runs.note_found(step.params.get("phone_number_id"), result.get("findings"))


# Names of what the run remembers of a host: the last sample of its traffic, and when it was first asked for.
_SAMPLE, _SINCE = "traffic of ", "quiet since "
# A run looks at most this often at a number that waits: each round of a role nests inside the one before.
_MOST_LOOKS = 100


class _Traffic(Hooks):
    """Read the text of the Webapp's metrics, which a managed host has no library for, and remember earlier samples."""

    def prepare(self, worker: Worker, step: Step) -> None:
        sample = _shared.raised(_SAMPLE + worker.host)
        if sample is not None:
            step.params["first"] = json.loads(sample)
        if step.params["quiet_wait"] > 0:
            since = float(_shared.once(_SINCE + worker.host, time.time))
            step.params["wait_until"] = max(step.params["wait_until"], since + step.params["quiet_wait"])

    def before_shipping(self, worker: Worker, step: Step, moved: bool) -> dict[str, Any] | None:
        self.prepare(worker, step)
        return None

    def finish(self, worker: Worker, step: Step, result: dict[str, Any]) -> None:
        self._judge(worker, step, result)
        if step.params["quiet_wait"] > 0 and result.get("sample"):
            _shared.raise_flag(_SAMPLE + worker.host, json.dumps(result["sample"]))
        if result.get("waiting") and step.params["quiet_wait"] > 0:
            look = time.time() + max(step.params["quiet_interval"], step.params["quiet_wait"] / _MOST_LOOKS)
            result["wait_until"] = min(look, max(step.params["wait_until"], time.time()))

    @staticmethod
    def _judge(worker: Worker, step: Step, result: dict[str, Any]) -> None:
        taken = result.get("sample")
        if taken is None:
            if not result.get("failed") or result["failure"]["code"] == "bad_input":
                return
            # The host could not be asked. That is no verdict, as with a node that does not tell.
            taken = {"taken_at": None, "gauges": {}, "counters": {}, "unread": [result["failure"]["title"]]}
        for reported in ("failed", "msg", "failure", "sent", "would_be_refused"):
            result.pop(reported, None)
        result.update(_metrics.judged(step.params, context(worker, step), taken))


class _Echo(Hooks):
    """Take only events from after the register request of this task for proof."""

    def follow(self, params: dict[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> None:
        registration = earlier.get("wa_register", {}).get("registration") or {}
        params["since"] = params["since"] or registration.get("attempted_at")


_PLAN = ("digest", "target", "requests", "attempts_left", "budget", "wrong_pin", "downtime")
_SITUATION = ("situation.phone_number_id", "situation.waba_id")
_HOOKS: Mapping[str, Hooks] = {
    "wa_echo": _Echo(),
    "wa_health": Hooks(details={"entities": ()}),
    "wa_inputs": Inputs(),
    "wa_preflight": _Preflight(
        details={
            "number": ("id", "display_phone_number", "platform_type", "status"),
            "plan": (*_PLAN, *_SITUATION),
            "node": ("traffic.taken_at", "traffic.counters"),  # what a later sample is compared with
        }
    ),
    "wa_recover": Verify(),
    "wa_register": Register(),
    "wa_report": Report(),
    "wa_snapshot": Hooks(details={"facts": ()}),
    "wa_traffic": _Traffic(),
    "wa_verify": Verify(),
    "wa_wait": Wait(),
}


def of(module: Module) -> Hooks:
    """Return the hooks of a module; one that is not in the table only runs its operation."""
    return _HOOKS.get(module.name) or Hooks()
