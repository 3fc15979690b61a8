# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that another run has, or has left open: this run looks at one again before it prepares anything of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils import _runner
from ..module_utils._core.approval import catalogue
from ..module_utils._operations import lease, number_info
from ..module_utils._operations.context import Context, Outcome
from . import _shared, _shipping
from ._context import context
from ._worker import Step, Worker

_FOUND = {catalogue.CATALOGUE[code].id for code in ("other_run", "open_attempt")}


def note(phone_number_id: Any) -> None:
    """Remember a number for the rest of this run."""
    _shared.raise_flag(_name(phone_number_id), "")


def note_found(phone_number_id: Any, findings: Any) -> None:
    """Remember a number whose preflight has found that another run is at it, or was."""
    if any(isinstance(found, Mapping) and found.get("id") in _FOUND for found in findings or ()):
        note(phone_number_id)


def look(worker: Worker, step: Step) -> tuple[dict[str, Any] | None, bool]:
    """Return what a step ends with because of another run, None where it goes on, and whether the number has moved.

    A number that is not noted costs no request and no access to its host.
    """
    if _shared.raised(_name(step.params["phone_number_id"])) is None:
        return None, False

    def beforehand(options: Any, context: Context) -> Outcome:
        return lease.beforehand(options, context, lambda: _number(worker, step, context))

    message = _runner.carry_out(beforehand, step.module.typed(step.params), context(worker, step), False)
    moved = bool(message.pop("moved", False))
    return (message, False) if message.get("failed") or message.get("waiting") else (None, moved)


def _number(worker: Worker, step: Step, context: Context) -> Mapping[str, Any]:
    """Read the number from where the step calls Graph."""
    number_id = str(step.params["phone_number_id"])
    if not worker.ships(step):
        return number_info.read(context.clients.graph(number_id), number_id, number_info.DECISIVE)[0]
    stated = {name: value for name, value in step.params.items() if name != "waba_id"}
    return dict(_shipping.read(worker, number_info.MODULE, stated, step.name, number_id)["number"])


def _name(phone_number_id: Any) -> str:
    return "another run at %s" % phone_number_id
