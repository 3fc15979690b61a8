# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_preflight: also judges what only the controller can, an approved plan and change windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..module_utils._operations import preflight
from ..plugin_utils import _approval, _other_runs, _schedule, _shared
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_preflight; see the module of the same name for its options."""

    MODULE = preflight.MODULE
    DETAILS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "number": ("id", "display_phone_number", "platform_type", "status"),
        "plan": (
            "digest",
            "target",
            "requests",
            "attempts_left",
            "budget",
            "wrong_pin",
            "downtime",
            "situation.phone_number_id",
            "situation.waba_id",
        ),
        "node": ("traffic.taken_at", "traffic.counters"),  # what a later sample is compared with
    }

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        faults = faults + _approval.confirm(params)
        return faults + _schedule.confirm(params, self.stated)

    def hand_over(self, params: dict[str, Any]) -> dict[str, Any] | None:
        _schedule.switch(params, self.session.sent, _shared.once)
        return None

    def finish(self, result: dict[str, Any]) -> None:
        _other_runs.note_found(self.stated.get("phone_number_id"), result.get("findings"))
