# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker runner of wa_inputs: reads the variables of every host of the play, as Ansible itself would for its tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._operations import inputs
from ..plugin_utils import _run_inputs
from ..plugin_utils._contract import Contract
from ..plugin_utils._worker_runner import WorkerRunner


class ActionModule(WorkerRunner):
    """Run the operation of wa_inputs; see the module of the same name for its options."""

    MODULE = inputs.MODULE
    _requires_connection = False

    def prepare(self, params: dict[str, Any]) -> None:
        play = self._task.get_play()
        contract = Contract(
            params["names_prefix"] or "",
            params["argument_spec"],
            params["same_on_all_hosts"],
            params["renamed"],
            params["seconds"],
        )
        run = _run_inputs.Run(
            contract=contract,
            groups=self._vars["groups"],
            moves=params["moves"],
            waved=params["waved"],
            batched=bool(play.serial),
            skipped=_skipped(self._task.tags, self._vars),
        )
        params["found"] = _run_inputs.check(params["hosts"], self._loader_of_hosts(play, contract), run)

    def finish(self, result: dict[str, Any]) -> None:
        result["_ansible_verbose_always"] = bool(result.get("failed"))

    def _loader_of_hosts(self, play: Any, contract: Contract) -> Callable[[str], _run_inputs.Host]:
        hostvars = self._vars["hostvars"]
        transport = str(play.connection or self._connection.transport)

        def load(name: str) -> _run_inputs.Host:
            # What hostvars shows lacks the variables of the play, which are the user's inputs too.
            found: Mapping[str, Any] = hostvars._variable_manager.get_vars(
                play=play, host=hostvars._inventory.get_host(name), task=self._task, include_hostvars=False
            )
            templar = self._templar.copy_with_new_env(available_variables=found)
            return _run_inputs.host(contract, name, found, templar, transport)

        return load


def _skipped(tags: Any, variables: Mapping[str, Any]) -> str:
    """Return the option of the command line that leaves out the tasks that move a number, "" where none does.

    They have the tags of this task without "always".
    """
    own = {str(tag) for tag in tags or ()} - {"always"}
    chosen = {str(tag) for tag in variables.get("ansible_run_tags") or ("all",)}
    left_out = {str(tag) for tag in variables.get("ansible_skip_tags") or ()}
    if not ("all" in chosen or own & chosen or ("tagged" if own else "untagged") in chosen):
        return "--tags %s" % ",".join(sorted(chosen))
    if left_out & {"all"} or own & left_out or ("tagged" if own else "untagged") in left_out:
        return "--skip-tags %s" % ",".join(sorted(left_out))
    return ""
