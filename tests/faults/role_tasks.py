# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of wa_recover, wa_rollback and wa_retire without ansible-playbook, read from the task files of the roles.

What these files use of Ansible is played: modules, blocks with rescue and always, other files of tasks, set_fact,
debug and end_host. A keyword that would change what is done, and that is not played, is an error.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import exit_table
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT

from . import role_steps

ROLES = ROOT / "roles"
_MODULES = "wabiz.migration."
_BUILTIN = "ansible.builtin."
# Keywords beside the module. The last ones change nothing for a number that is played alone.
_PLAYED = {"name", "when", "vars", "register", "check_mode", "block", "rescue", "always", "module_defaults"}
_NO_MATTER = {
    *("changed_when", "any_errors_fatal", "ignore_errors", "ignore_unreachable", "no_log", "run_once", "throttle"),
}
# The table and the report of all numbers; of a number that is played alone only its row is said.
_REPORT = {"name": "wabiz.migration.wa_migrate", "tasks_from": "report_of.yml", "rolespec_validate": False}
_DEFAULTS = {"group/wabiz.migration.wabiz": {"vars_prefix": role_steps.PREFIX}}

# Runs a step with these variables and this check mode (None: that of the run); returns the result of its task.
Take = Callable[[role_steps.Step, Mapping[str, Any], bool | None], dict[str, Any]]


class _EndHostError(Exception):
    """The play has ended for this host."""


class _FailedError(Exception):
    """A task has failed."""

    def __init__(self, result: dict[str, Any], module_name: str) -> None:
        super().__init__(result["msg"])
        self.result = result
        self.module_name = module_name


class RoleRun:
    """One run of a role for one number. ``results`` are what its tasks have registered."""

    def __init__(self, role: str, inputs: Mapping[str, Any], take: Take, say: Callable[[str], None]) -> None:
        self._folder = ROLES / role / "tasks"
        self._take = take
        self._say = say
        self._variables = {**_mapping(ROLES / role / "defaults" / "main.yml"), **inputs}
        self._own = _mapping(ROLES / role / "vars" / "main.yml")
        self.failure: dict[str, Any] | None = None
        self.last = ""

    @property
    def results(self) -> Mapping[str, Any]:
        return self._variables

    def play(self) -> None:
        """Go through the tasks, until one fails or ends the play for this host."""
        try:
            self._all(self._read("main.yml"), self._own)
        except _EndHostError:
            pass
        except _FailedError as failed:
            self.failure = failed.result

    def _read(self, name: str) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = yaml.safe_load((self._folder / name).read_text())
        return tasks

    def _all(self, tasks: list[dict[str, Any]], lazy: Mapping[str, Any]) -> None:
        for task in tasks:
            self._one(task, {**lazy, **task.get("vars", {})})

    def _one(self, task: dict[str, Any], lazy: Mapping[str, Any]) -> None:
        words = [word for word in task if word not in _PLAYED | _NO_MATTER]
        if "block" in task:
            self._block(task, words, lazy)
            return
        (action,) = words
        if action == _MODULES + "wa_report":
            return  # the verdict of all numbers
        if action == _BUILTIN + "import_role" and task[action] == _REPORT:
            self._report(lazy)
            return
        variables = self._known(lazy)
        if not _holds(task.get("when", True), variables):
            self._variables[task.get("register", "_")] = {"skipped": True, "changed": False}
            return
        stated = task[action] or {}
        if action.startswith(_MODULES):
            self._module(task, action.removeprefix(_MODULES), stated, variables)
        elif action == _BUILTIN + "set_fact":
            self._variables.update({name: role_steps.rendered(value, variables) for name, value in stated.items()})
        elif action == _BUILTIN + "debug":
            self._say(str(role_steps.rendered(stated["msg"], variables)))
        elif action in (_BUILTIN + "include_tasks", _BUILTIN + "import_tasks"):
            self._all(self._read(str(stated)), lazy)
        elif action == _BUILTIN + "meta" and stated == "end_host":
            raise _EndHostError
        else:
            raise AssertionError(f"{task['name']}: {action} is not played")

    def _block(self, task: dict[str, Any], words: list[str], lazy: Mapping[str, Any]) -> None:
        if words or "when" in task or task.get("module_defaults", _DEFAULTS) != _DEFAULTS:
            raise AssertionError(f"{task['name']}: a keyword of this block is not played")
        try:
            self._all(task["block"], lazy)
        except _FailedError as failed:
            if "rescue" not in task:
                raise
            self._variables["ansible_failed_result"] = failed.result
            self._all(task["rescue"], lazy)
        finally:
            self._all(task.get("always", []), lazy)

    def _report(self, lazy: Mapping[str, Any]) -> None:
        reported = lazy["__wa_migrate_reported"]
        judge = {"retire": exit_table.retired, "rollback": exit_table.rolled_back}.get(reported["phase"])
        if judge is None:
            return  # recover says in its results what comes next
        names = lazy[reported["result_vars"].strip("{} ")]
        results = {key: self._variables.get(name) or {} for key, name in names.items()}
        row = judge("host", results, False)
        told = " ".join(exit_table.lines(reported["title"], [row], [row]))
        self._say(re.sub(r"O\((\w+)\)", rf"{reported['names_prefix']}\1", told))

    def _module(self, task: dict[str, Any], name: str, stated: Any, variables: dict[str, Any]) -> None:
        from_vars = role_steps.rendered(stated.get("from_vars", {}), variables)
        step = role_steps.Step(name, {**stated, "from_vars": from_vars})
        check_mode = task.get("check_mode")
        result = self._take(
            step, variables, None if check_mode is None else bool(role_steps.rendered(check_mode, variables))
        )
        self.last = name
        self._variables[task.get("register", "_")] = result
        if result.get("failed"):
            raise _FailedError(result, name)

    def _known(self, lazy: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables with those of role and blocks, which may use each other and what is registered later."""
        found = dict(self._variables)
        for name, value in lazy.items():
            with contextlib.suppress(jinja2.UndefinedError):
                found[name] = role_steps.rendered(value, found)
        return found


def _holds(condition: Any, variables: Mapping[str, Any]) -> bool:
    return bool(role_steps.value(condition, variables)) if isinstance(condition, str) else bool(condition)


def _mapping(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text()) or {}) if path.exists() else {}
