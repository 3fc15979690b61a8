# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of wa_steps; its action checks each step by the options of the step's own module."""

from __future__ import annotations

from .module import BOTH, Module, task_only
from .options import FAILURE_LIMIT

MODULE = Module(
    name="wa_steps",
    speaks_to=BOTH,
    options={
        "steps": {"type": "list", "elements": "dict", "required": True},
        **FAILURE_LIMIT,
        "fleet_size": {"type": "int", "default": 0},
    },
    run=task_only("wa_steps"),
    step=False,
    controller_only=True,
)
