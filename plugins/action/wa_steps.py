# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker door of wa_steps: knows the doors of the modules that can be a step, so that no worker has to load them."""

from __future__ import annotations

from typing import ClassVar

from ..plugin_utils._steps import StepsRunner
from ..plugin_utils._worker_runner import WorkerRunner
from . import (
    wa_backup,
    wa_compare,
    wa_health,
    wa_number_info,
    wa_onprem_info,
    wa_register,
    wa_snapshot,
    wa_subscribe,
    wa_traffic,
    wa_two_step,
    wa_webhook_check,
)


class ActionModule(StepsRunner):
    """Take the steps; see the module of the same name for its options."""

    RUNNERS: ClassVar[tuple[type[WorkerRunner], ...]] = (
        wa_backup.ActionModule,
        wa_compare.ActionModule,
        wa_health.ActionModule,
        wa_number_info.ActionModule,
        wa_onprem_info.ActionModule,
        wa_register.ActionModule,
        wa_snapshot.ActionModule,
        wa_subscribe.ActionModule,
        wa_traffic.ActionModule,
        wa_two_step.ActionModule,
        wa_webhook_check.ActionModule,
    )
