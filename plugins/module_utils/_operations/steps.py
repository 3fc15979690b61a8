# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of wa_steps; its action checks each step by the options of the step's own module."""

from __future__ import annotations

from typing import Any, List, Mapping

from .module import Module, task_only
from .options import FailureLimit, GraphConnection, KeepFailure, OnPremConnection, declare, option


@declare
class Options(OnPremConnection, GraphConnection, FailureLimit, KeepFailure):
    """The options of wa_steps."""

    steps: List[Mapping[str, Any]] = option("list", required=True, elements="dict")
    fleet_size: int = option("int", 0)
    waved: bool = option("bool", False)
    soaked: bool = option("bool", False)


MODULE = Module(
    name="wa_steps",
    options=Options,
    run=task_only("wa_steps"),
    step=False,
    controller_only=True,
)
