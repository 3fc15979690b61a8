# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the role wa_migrate, read from its own task files; Jinja2 evaluates their conditions and options.

A step that is added, removed or moved in the role is played by the matrix without a change here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import yaml
from ansible.plugins.filter.core import FilterModule
from ansible.plugins.test.core import TestModule
from ansible_collections.wabiz.migration.plugins.module_utils import _option_names
from ansible_collections.wabiz.migration.tests.support.role import DEFAULTS, INPUTS, PREFIX, ROLE, VARIABLES
from jinja2.nativetypes import NativeEnvironment

TASKS = ROLE / "tasks"
# The task file that moves a number.
MOVE = "move_number.yml"
_MODULES = "wabiz.migration."
_EXPRESSION = re.compile(r"\s*\{\{((?:(?!\}\}|\{\{).)*)\}\}\s*", re.DOTALL)
_JINJA = NativeEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
# Ansible's own beside those of Jinja2, some of which it wraps for its own templates.
_JINJA.filters = {**FilterModule().filters(), **_JINJA.filters}
_JINJA.tests = {**TestModule().tests(), **_JINJA.tests}


@dataclass(frozen=True)
class Step:
    """One module of a wa_steps task: the options as they are written there, and the condition."""

    module_name: str
    stated: Mapping[str, Any] = field(default_factory=dict)
    condition: Any = True

    def is_taken(self, variables: Mapping[str, Any]) -> bool:
        return bool(value(self.condition, variables) if isinstance(self.condition, str) else self.condition)

    def options(self, names: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options as the role sets them: stated, from variables, and else from the role's inputs.

        ``names`` are the options that the module has. A variable that is not defined leaves its option unset.
        """
        found = {name: rendered(text, variables) for name, text in self.stated.items() if name != "from_vars"}
        inputs = {name: _option_names.variable(PREFIX, name) for name in names if name not in found}
        # Only an input of the role's contract becomes an option, whatever else the prefix fits.
        paths = {name: path for name, path in inputs.items() if path in INPUTS}
        for name, path in {**paths, **self.stated.get("from_vars", {})}.items():
            with contextlib.suppress(jinja2.UndefinedError):
                found[name] = rendered(value(path, variables), variables)
        # as the runner does it: an empty answer of a survey is none
        return {
            name: text for name, text in found.items() if name not in self.stated.get("from_vars", {}) or text != ""
        }


def defaults() -> dict[str, Any]:
    """Return the role's inputs that have a default, from its contract, and the variables of the role."""
    return {**VARIABLES, **DEFAULTS}


def read(name: str, tasks: Path = TASKS) -> list[Step]:
    """Return the steps of the wa_steps task in a task file of the role."""
    listed = yaml.safe_load((tasks / name).read_text())
    (task,) = (entry for entry in _flat(listed) if f"{_MODULES}wa_steps" in entry)
    if "when" in task:
        raise AssertionError(f"{name}: the wa_steps task has a condition of its own, which is not played")
    return [_step(entry) for entry in task[f"{_MODULES}wa_steps"]["steps"]]


def _step(entry: Mapping[str, Any]) -> Step:
    (module,) = (key for key in entry if key != "when")
    return Step(module.removeprefix(_MODULES), entry[module] or {}, entry.get("when", True))


def _flat(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in listed:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []))


def value(expression: str, variables: Mapping[str, Any]) -> Any:
    """Return what an expression comes to. Raises UndefinedError where it names a variable that is not there."""
    found = _JINJA.compile_expression(expression, undefined_to_none=False)(**variables)
    if isinstance(found, jinja2.Undefined):
        raise jinja2.UndefinedError(expression)
    return found


def rendered(text: Any, variables: Mapping[str, Any]) -> Any:
    """Return a value with its expressions evaluated, anything else as it is."""
    if not isinstance(text, str) or "{{" not in text:
        return text
    whole = _EXPRESSION.fullmatch(text)
    # An expression keeps its type: the text "123456" must not become a number.
    return value(whole[1], variables) if whole else _JINJA.from_string(text).render(**variables)
