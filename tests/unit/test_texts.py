# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of every text that a person can come to read: what it names is there, and its counts agree with their nouns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _spec

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles" / "wa_migrate"
INPUTS = {
    name
    for role in ("wa_migrate", "wa_recover", "wa_retire", "wa_rollback")
    for name in yaml.safe_load((ROLE.parent / role / "meta" / "argument_specs.yml").read_text())["argument_specs"][
        "main"
    ]["options"]
}
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))
PROSE = sorted(
    [
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *ROLE.rglob("*.md"),
        *ROLE.rglob("*.yml"),
        *(ROOT / "playbooks").glob("*.yml"),
    ]
)
ROLES = ("wa_migrate_", "wa_recover_", "wa_retire", "wa_rollback")
MODULES = {path.stem for kind in ("modules", "lookup") for path in (ROOT / "plugins" / kind).glob("wa_*.py")}

INPUT = re.compile(r"(?<![\w.])wa_(?:migrate|recover|retire|rollback)_\w+")
ENVIRONMENT = re.compile(r"\bWABIZ_[A-Z_]*[A-Z]")
# Groups and tables of the role, the role itself, and fields of the two APIs.
OTHERS = {"wa_onprem", "wa_stopped", "wa_migrate", "wa_id", "wa_ids"}
MODULE = re.compile(r"(?<![\w/])wa_[a-z_]*[a-z](?![\w*])")


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and value of every text in a file that is no docstring."""
    tree = ast.parse(source)
    owners = [node for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))]
    docstrings = {id(node.body[0].value) for node in owners if node.body and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def texts(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield location and text of every string in files of Python, and of every line in others."""
    for path in paths:
        source = path.read_text(encoding="utf-8")
        lines = literals(source) if path.suffix == ".py" else enumerate(source.splitlines(), 1)
        for line, text in lines:
            yield f"{path.relative_to(ROOT)}:{line}", text


ALL = list(texts(PLUGINS + PROSE))
MESSAGES = list(texts(PLUGINS))


def strangers(text: str) -> list[str]:
    """Return every input, environment variable and module that a text names and that is not there."""
    found = [name for name in INPUT.findall(text) if name not in INPUTS]
    found += [name for name in ENVIRONMENT.findall(text) if name not in _spec.ENVIRONMENT.values()]
    names = (name for name in MODULE.findall(text) if not name.startswith(ROLES))
    return found + [name for name in names if name not in MODULES | OTHERS]


def test_what_a_text_names_is_there() -> None:
    assert len(ALL) > 3000
    assert [(where, strangers(text)) for where, text in ALL if strangers(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "set wa_migrate_max_failled: 3",
        "set wa_migrate_pin or WABIZ_PINS",
        "call wa_registers by hand",
        "`wa_migrate_remove_override: true`",
    ],
)
def test_a_stranger_is_seen(text: str) -> None:
    assert len(strangers(text)) == 1


def test_an_input_that_is_there_is_no_stranger() -> None:
    assert strangers("set wa_migrate_pin or WABIZ_PIN of wa_register, see __wa_migrate_fleet") == []


# --- counts

# "%d numbers" is wrong for one; these are never one.
NEVER_ONE = {
    "%d shards on the node",
    "%d blockers",
    "%s is larger than %d bytes",
    "{%d arguments, values not shown}",
}
COUNT = re.compile(r"%(?:d|s) (numbers|hosts|attempts|waves|faults|seconds|reasons|[a-z]+s)\b")
THIRD_PERSON = ("is", "was", "has", "waits", "says", "asks", "allows", "expires", "does")


def unequal(text: str) -> bool:
    return (
        any(noun not in THIRD_PERSON and "%d " + noun in text for noun in COUNT.findall(text)) and text not in NEVER_ONE
    )


def test_a_count_goes_through_the_helper() -> None:
    assert [(where, text) for where, text in MESSAGES if unequal(text)] == []
    assert unequal("%d numbers wait") and not unequal("at most %d is left, %d s")


# --- next steps


def test_a_next_step_has_one_word() -> None:
    assert [where for where, text in ALL if re.search(r"\bFix: ", text)] == []


def test_a_command_names_its_host() -> None:
    """``ansible -m ...`` without a pattern does nothing at all."""
    assert [where for where, text in ALL if re.search(r"\bansible +-m\b", text)] == []
