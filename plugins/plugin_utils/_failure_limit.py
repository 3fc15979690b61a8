# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The brake inside of a wave: what a worker that fails a number lets all workers of the run know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..module_utils import _spec
from ..module_utils._core.conditions import failure_limit
from ..module_utils._core.cutover import gate
from ..module_utils._core.fleet import table
from . import _inputs, _role, _shared

_WAVE = re.compile(r"wa_wave_[0-9]+\Z")


def failed(variables: Mapping[str, Any], templar: Any) -> None:
    """Count the host of ``variables`` as failed, and shut the door for the run where that is one too many.

    Only limits that somebody has stated count here: without any, the wave goes on and is the last one.
    """
    inputs = _inputs.options("wa_report", {"vars_prefix": _role.PREFIX}, variables, templar)
    params, _faults = _spec.check("wa_report", inputs)
    most = failure_limit.limits(params["max_failed"], params["max_failed_percent"])
    if not most.stated:
        return
    count = _shared.collect("failed", str(variables["inventory_hostname"]))
    groups: Mapping[str, Any] = variables["groups"]
    total = sum(len(hosts) for name, hosts in groups.items() if _WAVE.match(name)) or len(groups["all"])
    reported = failure_limit.why(count, total, most)
    if reported:
        _shared.raise_flag(failure_limit.FLAG, reported)


def wrong_pin(result: Mapping[str, Any], number: str) -> None:
    """Let every worker know of a PIN that was wrong, where the task ran on a host, which can't tell them."""
    if result.get("failed") and result["failure"]["code"] == table.PIN_MISMATCH:
        _shared.raise_flag(gate.WRONG_PIN, number)
