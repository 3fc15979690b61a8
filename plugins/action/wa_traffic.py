# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_traffic: reads the text of the Webapp's metrics, which a managed host has no library for."""

from __future__ import annotations

from typing import Any

from ..module_utils._operations import traffic
from ..plugin_utils import _metrics
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_traffic; see the module of the same name for its options."""

    MODULE = traffic.MODULE

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        self._params = params
        return faults

    def finish(self, result: dict[str, Any]) -> None:
        taken = result.get("sample")
        if taken is None:
            if not result.get("failed") or result["failure"]["code"] == "bad_input":
                return
            # The host could not be asked. That is no verdict, as with a node that does not tell.
            taken = {"taken_at": None, "gauges": {}, "counters": {}, "unread": [result["failure"]["title"]]}
        for reported in ("failed", "msg", "failure", "sent", "would_be_refused"):
            result.pop(reported, None)
        result.update(_metrics.judged(self._params, self._context(self._params), taken))
