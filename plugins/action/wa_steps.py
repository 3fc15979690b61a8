# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_steps: imports the actions of all modules that can be a step before the workers are forked."""

from __future__ import annotations

import importlib
from typing import ClassVar

from ..module_utils._modules import MODULES
from ..plugin_utils._steps import StepsRunner
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(StepsRunner):
    """Take the steps; see the module of the same name for its options."""

    RUNNERS: ClassVar[tuple[type[WorkerRunner], ...]] = tuple(
        importlib.import_module(".%s" % name, __package__).ActionModule
        for name, module in MODULES.items()
        if module.step
    )
