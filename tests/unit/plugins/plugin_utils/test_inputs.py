# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are taken from a host's variables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.plugin_utils import _inputs


class Templar:
    """Notes what it was asked to template."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def template(self, value: Any) -> Any:
        self.asked.append(value)
        return ("templated", value)


class Vaulted:
    """What Ansible puts in the place of an encrypted text."""


def test_only_what_the_task_does_not_state_is_taken():
    variables = {"wa_migrate_waba_id": "1", "wa_migrate_access_token": "T", "wa_migrate_retry_for": 5, "waba_id": "2"}
    stated = {"vars_prefix": "wa_migrate_", "access_token": "own"}
    found = _inputs.options("wa_subscribe", stated, variables, Templar())
    assert found == {"access_token": "own", "waba_id": "1", "graph_retry_for": 5}


def test_an_empty_statement_counts_as_stated():
    found = _inputs.options("wa_subscribe", {"vars_prefix": "x_", "app_id": ""}, {"x_app_id": "7"}, Templar())
    assert found == {"app_id": ""}


@pytest.mark.parametrize("prefix", [{}, {"vars_prefix": None}, {"vars_prefix": ""}])
def test_without_a_prefix_nothing_is_taken(prefix):
    found = _inputs.options(
        "wa_subscribe", {**prefix, "waba_id": "3"}, {"waba_id": "1", "wa_migrate_waba_id": "2"}, None
    )
    assert found["waba_id"] == "3" and "access_token" not in found


@pytest.mark.parametrize("plain", ["", "text", "50 %} more", 0, 1.5, True, None, [], ["a", 1], {"a": {"b": None}}])
def test_a_plain_value_is_not_templated(plain):
    templar = Templar()
    assert _inputs.values(["x"], {"x": plain}, templar) == {"x": plain}
    assert templar.asked == []


@pytest.mark.parametrize(
    "value", ["{{ a }}", "a {% if b %}", "{# c #}", ["a", "{{ b }}"], {"a": ["{{ b }}"]}, {"{{ a }}": 1}, Vaulted()]
)
def test_what_may_be_an_expression_is_templated(value):
    templar = Templar()
    assert _inputs.values(["x"], {"x": value}, templar) == {"x": ("templated", value)}
    assert templar.asked == [value]


def test_a_variable_that_is_not_there_gives_no_option():
    assert _inputs.values(["x", "y"], {"y": 1}, Templar()) == {"y": 1}


def test_of_the_roles_prefix_only_its_inputs_count():
    """wa_register has options state and check_node, the role has no such inputs."""
    variables = {"wa_migrate_state": "deregistered", "wa_migrate_check_node": False, "wa_migrate_waba_id": "1"}
    stated = {"vars_prefix": "wa_migrate_"}
    assert _inputs.options("wa_register", stated, variables, Templar()) == {"waba_id": "1"}


def test_a_date_is_plain():
    assert _inputs.values(["x"], {"x": {"until": date(2030, 1, 1)}}, None) == {"x": {"until": date(2030, 1, 1)}}


@pytest.mark.parametrize(
    ("path", "value"), [("a", {"b": [{"c": 1}]}), ("a.b", [{"c": 1}]), ("a.b.0.c", 1), ("n", None), ("s", "text")]
)
def test_an_option_from_a_named_variable(path, value):
    variables = {"a": {"b": [{"c": 1}]}, "n": None, "s": "text"}
    stated = {"from_vars": {"app_id": path}, "app_id": "stated", "vars_prefix": "x_"}
    assert _inputs.options("wa_subscribe", stated, {**variables, "x_app_id": 7}, Templar())["app_id"] == value


@pytest.mark.parametrize("path", ["b", "a.c", "a.b.1", "a.b.0.c.d", "s.0", "", "a."])
def test_a_named_variable_that_is_not_there_sets_nothing(path):
    stated = {"from_vars": {"app_id": path}}
    assert _inputs.options("wa_subscribe", stated, {"a": {"b": [{"c": 1}]}, "s": "text"}, Templar()) == {}


def test_a_named_variable_that_may_be_an_expression_is_templated():
    templar = Templar()
    found = _inputs.options("wa_subscribe", {"from_vars": {"app_id": "a.b"}}, {"a": {"b": "{{ c }}"}}, templar)
    assert found == {"app_id": ("templated", "{{ c }}")}


def test_from_vars_that_are_no_mapping_are_left_for_the_check_to_refuse():
    stated = {"from_vars": "a.b", "waba_id": "1", "access_token": "EAAB"}
    found = _inputs.options("wa_subscribe", stated, {}, Templar())
    assert any("from_vars: a mapping is wanted" in fault for fault in _spec.check("wa_subscribe", found)[1])
