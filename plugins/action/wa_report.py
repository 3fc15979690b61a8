# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_report: collects what earlier tasks have registered for each host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._operations import report
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_report; see the module of the same name for its options."""

    MODULE = report.MODULE
    _requires_connection = False

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults or self.unknown_hosts(params)

    def prepare(self, params: dict[str, Any]) -> None:
        hostvars = self._vars["hostvars"]
        params["groups"] = self._vars["groups"]
        params["results"] = {host: self._results(host, hostvars[host], params) for host in params["hosts"]}

    def finish(self, result: dict[str, Any]) -> None:
        # The line of one number is what the task is for; the table is shown by the caller.
        result["_ansible_verbose_always"] = "table" not in result
        # The screen shows a diff of what changed only; a plan is of what has not changed yet.
        if not self.wordy:
            result.pop("plan_lines", None)

    def _results(self, host: str, variables: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the tasks have registered for a host, and each step of them under its module's short name."""
        found = {str(key): variables.get(str(name)) for key, name in params["result_vars"].items()}
        if not params["verdict"]:
            # The judgement of the whole fleet is as large as that, so only a task on few of it looks at it.
            found.pop("fleet", None)
        for result in [value for value in found.values() if isinstance(value, Mapping)]:
            steps = result.get("steps")
            if isinstance(steps, Mapping):
                found.update({str(name).removeprefix("wa_"): step for name, step in steps.items()})
        inputs = found.get("inputs")
        found["inputs"] = (inputs.get("bad") or {}).get(host) if isinstance(inputs, Mapping) else None
        return found
