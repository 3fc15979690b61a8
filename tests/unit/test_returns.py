# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the RETURN of each module: the shared values are those of tests/gates/returns.py, each described once."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.wabiz.migration.tests.gates import returns

MODULES = {path.stem: path.read_text("utf-8") for path in sorted(returns.FOLDER.glob("wa_*.py"))}


def return_text(source: str) -> str:
    return source.partition('RETURN = r"""\n')[2].partition('"""')[0]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_the_shared_return_values(name: str) -> None:
    assert MODULES[name] == returns.written(name, MODULES[name]), "run make returns"


@pytest.mark.parametrize("name", MODULES)
def test_each_return_value_is_described_once(name: str) -> None:
    keys = re.findall(r"(?m)^(\w+):", return_text(MODULES[name]))
    assert len(keys) == len(set(keys)) and {"failure"} <= set(keys)
    assert list(yaml.safe_load(return_text(MODULES[name]))) == keys


def test_every_exception_is_a_module() -> None:
    assert set(returns.WITHOUT_REQUESTS) <= set(MODULES)


def test_a_changed_text_is_written_again() -> None:
    source = MODULES["wa_backup"]
    assert returns.written("wa_backup", source.replace("What went wrong", "Something")) == source
    assert returns.written("wa_backup", source.replace(returns.shared("wa_backup"), "")) == source


def test_a_module_without_return_values_is_refused() -> None:
    with pytest.raises(ValueError, match="wa_backup"):
        returns.written("wa_backup", "")
