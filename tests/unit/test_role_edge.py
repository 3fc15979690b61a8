# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the edge between the role and the plugins: plugins know no role, and the role hands over what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _option_names
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import profile
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.tests.support.role import DEFAULTS, INPUTS, OWN_DEFAULTS, ROLE

PLUGINS = Path(__file__).parents[2] / "plugins"
FILES = sorted(path.relative_to(PLUGINS).as_posix() for path in PLUGINS.rglob("*.py"))
# The role's own name is allowed, as a reference in documentation; its inputs and variables are not, nor its files.
KNOWN = re.compile(r"wa_migrate_|(?<!wabiz\.migration\.)wa_migrate|argument_specs\.yml|\broles/")


def known(source: str) -> list[str]:
    """Return what a file knows of the role; an example in the documentation may read a role of somebody else."""
    return KNOWN.findall(source.replace("'acme/meta/argument_specs.yml'", "").replace("C(meta/argument_specs.yml)", ""))


@pytest.mark.parametrize("name", FILES)
def test_a_plugin_knows_no_role(name: str) -> None:
    assert known((PLUGINS / name).read_text("utf-8")) == []


@pytest.mark.parametrize("line", ["wa_migrate_pin", "__wa_migrate_cutover", "roles/wa_migrate/meta", "wa_migrate"])
def test_what_a_plugin_may_not_know_is_seen(line: str) -> None:
    assert known(line) != []
    assert known("name: wabiz.migration.wa_migrate\n") == []


# --- what the role hands over


def tasks(listed: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each module of the collection in a task file with its options, the steps of wa_steps too."""
    for task in listed:
        for part in ("block", "rescue", "always"):
            yield from tasks(task.get(part, []))
        for name, options in task.items():
            if name.startswith("wabiz.migration.") and isinstance(options, dict):
                yield name.removeprefix("wabiz.migration."), options
                yield from tasks(options.get("steps", []))


TASKS = [
    (path.name, module, options)
    for path in sorted((ROLE / "tasks").glob("*.yml"))
    for module, options in tasks(yaml.safe_load(path.read_text("utf-8")))
]


def test_the_tasks_are_found() -> None:
    assert {module for _file, module, _options in TASKS} >= {"wa_inputs", "wa_steps", "wa_health", "wa_register"}


def test_an_input_that_is_empty_has_the_roles_default() -> None:
    """An option that comes from an input by from_vars falls back to what the task states, or to its own default."""
    seen = 0
    for file, module, options in TASKS:
        for option, name in options.get("from_vars", {}).items():
            if name in DEFAULTS.keys() - OWN_DEFAULTS:
                own = MODULES[module].every_option[option].get("default")
                assert options.get(option, own) == DEFAULTS[name], (file, module, option)
                seen += 1
    assert seen >= 4


def test_an_input_and_its_option_have_the_same_default() -> None:
    stated = {(module, option) for _file, module, options in TASKS for option in options}
    seen = 0
    for name in DEFAULTS.keys() - OWN_DEFAULTS:
        default = DEFAULTS[name]
        for module in MODULES.values():
            for option, spec in module.every_option.items():
                if (module.name, option) not in stated and _option_names.variable("wa_migrate_", option) == name:
                    assert spec.get("default") == default, (module.name, option)
                    seen += 1
    assert seen > len(DEFAULTS) // 2


def test_every_name_in_a_message_is_an_option_or_an_input() -> None:
    options = {option for module in MODULES.values() for option in module.every_option}
    shorts = {name.removeprefix("wa_migrate_") for name in INPUTS}
    for role in ("wa_recover", "wa_retire", "wa_rollback"):
        stated = yaml.safe_load((ROLE.parent / role / "meta/argument_specs.yml").read_text("utf-8"))
        shorts |= {name.removeprefix(role + "_") for name in stated["argument_specs"]["main"]["options"]}
    for name in FILES:
        if name.startswith("module_utils/"):
            for option in re.findall(r"O\(([a-z_]+)\)", (PLUGINS / name).read_text("utf-8")):
                assert option in options | shorts | {"name", "option"}, (name, option)


@pytest.mark.parametrize("name", ["wa_migrate/tasks/move_number.yml", "wa_recover/tasks/step.yml"])
def test_every_part_of_a_stated_profile_is_handed_over(name: str) -> None:
    listed = yaml.safe_load((ROLE.parent / name).read_text("utf-8"))
    (options,) = [options for module, options in tasks(listed) if module == "wa_profile"]
    assert {option: path.rpartition(".")[2] for option, path in options["from_vars"].items()} == {
        part: part for part in (*profile.FIELDS, profile.PHOTO)
    }
