# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the architecture: every file under plugins/ against its layer and the conventions."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support.architecture import (
    FILES,
    LAYERS,
    MAY_CLAIM,
    ROOT,
    SHIPPED,
    arrows,
    claims,
    cycles,
    habits,
    imports,
    impurities,
    layer,
    read,
    too_new,
)


def test_every_layer_has_files():
    assert {layer(name) for name in FILES} == set(LAYERS)


@pytest.mark.parametrize("name", FILES)
def test_arrows_point_downwards(name):
    assert arrows(name, read(name)) == []


def test_no_file_imports_itself_by_others():
    graph = {
        name: {target for kind, target in imports(name, ast.parse(read(name))) if kind == "inside"} for name in FILES
    }
    # the name of a package that a file is imported from is no arrow
    assert cycles({name: targets - {name} for name, targets in graph.items()}) == []


@pytest.mark.parametrize("name", [name for name in FILES if layer(name) == "_core"])
def test_rules_touch_nothing(name):
    assert impurities(read(name)) == []


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(SHIPPED)])
def test_what_is_shipped_runs_on_python_3_8(name):
    assert too_new(read(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_habits(name):
    assert habits(read(name)) == []


# The documentation of a module tells rules and no story.
SPEAKING = [name for name in FILES if not name.startswith(("modules/", "doc_fragments/"))]


@pytest.mark.parametrize("name", SPEAKING)
def test_no_text_says_beforehand_what_was_sent(name):
    assert claims(read(name)) == MAY_CLAIM.get(name, [])


@pytest.mark.parametrize("module_name", sorted(Path(name).stem for name in FILES if name.startswith("modules/")))
def test_every_module_has_two_runners(module_name):
    assert f"action/{module_name}.py" in FILES


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("action/")])
def test_an_action_names_its_module_and_does_nothing(name):
    (action,) = (node for node in ast.parse(read(name)).body if isinstance(node, ast.ClassDef))
    assert all(isinstance(node, ast.Assign) for node in action.body)
    stated = {node.targets[0].id: node.value for node in action.body}
    assert ast.literal_eval(stated["MODULE"]) == Path(name).stem
    assert set(stated) <= {"MODULE", "_requires_connection", "WORK"}


MOST_LINES = 350
# Written whole by others or by tools.
FOREIGN = ("LICENSE", "CHANGELOG.rst", "requirements/", "build/", "changelogs/")


def test_a_file_is_short():
    long = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [one for one in folders if not one.startswith(".") and one not in ("build", "__pycache__")]
        for path in (Path(folder, name) for name in names):
            shown = path.relative_to(ROOT).as_posix()
            if not shown.startswith(FOREIGN) and path.suffix not in (".pyc", ".png"):
                lines = path.read_bytes().count(b"\n")
                long += [f"{shown}: {lines} lines"] if lines > MOST_LINES else []
    assert long == []


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("modules/")])
def test_a_module_is_documentation_and_a_few_lines(name):
    documented = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
    code = [
        node
        for node in ast.parse(read(name)).body[1:]
        if not (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in documented)
    ]
    assert sum(node.end_lineno - node.lineno + 1 for node in code) <= 25
