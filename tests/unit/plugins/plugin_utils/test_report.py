# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what the report takes from its worker: the folder as its user writes it, the command, the waves."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import context
from ansible_collections.wabiz.migration.plugins.plugin_utils import _report
from ansible_collections.wabiz.migration.plugins.plugin_utils._worker import Step
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.report import samples


def worker(**variables: Any) -> Any:
    return SimpleNamespace(variables=variables)


def test_the_command_is_the_one_that_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(context, "CLIARGS", {"args": ("wabiz.migration.migrate",)})
    sources = [str(tmp_path / "my inventory"), "/etc/ansible/hosts"]
    shown = _report.command(worker(ansible_inventory_sources=sources))
    assert shown == "ansible-playbook wabiz.migration.migrate -i 'my inventory' -i /etc/ansible/hosts"


def test_what_is_handed_over_names_the_waves_and_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", {})
    step = Step(
        SimpleNamespace(), {"names_prefix": "acme_"}, params={"report_dir": "/srv/x", "result_vars": {"fleet": "f"}}
    )
    _report.hand_over(worker(f={"waves": {"h1": 2}}), step)
    assert step.params["assigned"] == {"h1": 2} and step.params["report_dir"] == "/srv/x"
    assert step.params["wording"]({"a": ["set O(pin)"]}) == {"a": ["set acme_pin"]}
    assert step.params["command"] == "ansible-playbook PLAYBOOK"
    assert step.params["page"](samples.document_of(1)).startswith("<!DOCTYPE html>")


def test_nothing_is_handed_over_without_a_folder() -> None:
    step = Step(SimpleNamespace(), params={"report_dir": None, "result_vars": {}})
    _report.hand_over(worker(), step)
    assert set(step.params) == {"report_dir", "result_vars"}
