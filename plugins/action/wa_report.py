# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_report: collects what the role registered for each host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._operations import report
from ..plugin_utils._worker_runner import WorkerRunner

# What the role registers: the results of one task each, and those that hold the results of several steps.
_TASKS = ("preflight", "traffic", "failure")
_STEPS = ("cutover", "verify")


class ActionModule(WorkerRunner):
    """Run the operation of wa_report; see the module of the same name for its options."""

    MODULE = report.MODULE
    _requires_connection = False

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults or self.unknown_hosts(params)

    def prepare(self, params: dict[str, Any]) -> None:
        hostvars = self._vars["hostvars"]
        params["moves"] = bool(self._vars.get("__wa_migrate_moves"))
        params["groups"] = self._vars["groups"]
        params["results"] = {host: self._results(host, hostvars[host]) for host in params["hosts"]}
        if params["verdict"]:
            # The judgement of the whole fleet is as large as that, so only a task on few of it looks at it.
            for host, found in params["results"].items():
                found["fleet"] = hostvars[host].get("__wa_migrate_fleet")

    def finish(self, result: dict[str, Any]) -> None:
        # The line of one number is what the task is for; the table is shown by the caller.
        result["_ansible_verbose_always"] = "table" not in result
        # The screen shows a diff of what changed only; a plan is of what has not changed yet.
        if not self.wordy:
            result.pop("plan_lines", None)

    @staticmethod
    def _results(host: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        found = {task: variables.get("__wa_migrate_" + task) for task in (*_TASKS, *_STEPS)}
        for task in _STEPS:
            taken = (found[task] or {}).get("steps") or {}
            found.update({module_name.removeprefix("wa_"): result for module_name, result in taken.items()})
        found["inputs"] = ((variables.get("__wa_migrate_inputs") or {}).get("bad") or {}).get(host)
        found["phone_number_id"] = variables.get("wa_migrate_phone_number_id")
        return found
