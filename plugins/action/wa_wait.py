# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_wait: collects which hosts a task has kept waiting, and where their changes may be paused."""

from __future__ import annotations

from typing import Any

from ..module_utils._operations import wait
from ..plugin_utils._worker_runner import WorkerRunner

_SWITCH = ("freeze", "freeze_ca_path")


class ActionModule(WorkerRunner):
    """Run the operation of wa_wait; see the module of the same name for its options."""

    MODULE = wait.MODULE
    _requires_connection = False

    def faults(self, params: dict[str, Any], faults: list[str]) -> list[str]:
        return faults or self.unknown_hosts(params)

    def prepare(self, params: dict[str, Any]) -> None:
        hostvars = self._vars["hostvars"]
        taken = {host: hostvars[host].get(params["result_var"]) or {} for host in params["hosts"]}
        params["waiting"] = {host: result for host, result in taken.items() if result.get("waiting")}
        prefix = str(self._task.args.get("vars_prefix") or "")
        switches = {tuple(hostvars[host].get(prefix + name) for name in _SWITCH) for host in params["waiting"]}
        params["switches"] = [dict(zip(_SWITCH, switch, strict=True)) for switch in switches if switch[0]]
