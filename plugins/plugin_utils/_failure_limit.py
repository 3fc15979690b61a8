# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failure limit inside of a wave: what a worker whose number fails lets all workers of the run know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.conditions import failure_limit
from ..module_utils._core.cutover import gate
from ..module_utils._meta_api import PIN_MISMATCH
from ..module_utils._operations.context import Params
from . import _shared


def failed(params: Params, host: str) -> None:
    """Count a host as failed, and let no further number of the run be registered where that is one too many.

    ``params`` hold the limits and the size of the fleet. Without a limit that somebody has stated nothing is counted:
    the wave goes on and is the last one.
    """
    most = failure_limit.limits(params["max_failed"], params["max_failed_percent"])
    if not most.stated:
        return
    reason = failure_limit.why(_shared.collect("failed", host), params["fleet_size"], most)
    if reason:
        _shared.raise_flag(failure_limit.FLAG, reason)


def wrong_pin(result: Mapping[str, Any], number: str) -> None:
    """Let every worker know of a PIN that was wrong, where the task ran on a host, which can't tell them."""
    if result.get("failed") and result["failure"]["code"] == PIN_MISMATCH:
        _shared.raise_flag(gate.WRONG_PIN, number)
