# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are taken from a host's variables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _option_names, _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
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
    found = _inputs.options(MODULES["wa_subscribe"], stated, variables, Templar())
    assert found == {"access_token": "own", "waba_id": "1", "graph_retry_for": 5, "names_prefix": "wa_migrate_"}


def test_an_empty_statement_counts_as_stated():
    found = _inputs.options(MODULES["wa_subscribe"], {"vars_prefix": "x_", "app_id": ""}, {"x_app_id": "7"}, Templar())
    assert found == {"app_id": "", "names_prefix": "x_"}


@pytest.mark.parametrize("prefix", [{}, {"vars_prefix": None}, {"vars_prefix": ""}])
def test_without_a_prefix_nothing_is_taken(prefix):
    found = _inputs.options(
        MODULES["wa_subscribe"], {**prefix, "waba_id": "3"}, {"waba_id": "1", "wa_migrate_waba_id": "2"}, None
    )
    assert found["waba_id"] == "3" and "access_token" not in found


@pytest.mark.parametrize("plain", ["", "text", "50 %} more", 0, 1.5, True, None, [], ["a", 1], {"a": {"b": None}}])
def test_a_plain_value_is_not_templated(plain):
    templar = Templar()
    assert _inputs.plain(plain, templar) == plain
    assert templar.asked == []


@pytest.mark.parametrize(
    "value", ["{{ a }}", "a {% if b %}", "{# c #}", ["a", "{{ b }}"], {"a": ["{{ b }}"]}, {"{{ a }}": 1}, Vaulted()]
)
def test_what_may_be_an_expression_is_templated(value):
    templar = Templar()
    assert _inputs.plain(value, templar) == ("templated", value)
    assert templar.asked == [value]


@pytest.mark.parametrize("own", [["acme_state"], "acme_state, acme_other"])
def test_the_users_own_variables_are_no_options(own):
    """A role with the prefix has no input state, but wa_register has such an option."""
    variables = {"acme_state": "deregistered", "acme_waba_id": "1", "acme_own_variables": own}
    found = _inputs.options(MODULES["wa_register"], {"vars_prefix": "acme_"}, variables, None)
    assert found == {"waba_id": "1", "names_prefix": "acme_"}


def test_a_date_is_plain():
    assert _inputs.plain({"until": date(2030, 1, 1)}, None) == {"until": date(2030, 1, 1)}


@pytest.mark.parametrize(
    ("path", "value"), [("a", {"b": [{"c": 1}]}), ("a.b", [{"c": 1}]), ("a.b.0.c", 1), ("n", "stated"), ("s", "text")]
)
def test_an_option_from_a_named_variable(path, value):
    variables = {"a": {"b": [{"c": 1}]}, "n": None, "s": "text"}
    stated = {"from_vars": {"app_id": path}, "app_id": "stated", "vars_prefix": "x_"}
    assert _inputs.options(MODULES["wa_subscribe"], stated, {**variables, "x_app_id": 7}, Templar())["app_id"] == value


@pytest.mark.parametrize("path", ["b", "a.c", "a.b.1", "a.b.0.c.d", "s.0", "", "a."])
def test_a_named_variable_that_is_not_there_sets_nothing(path):
    stated = {"from_vars": {"app_id": path}}
    assert _inputs.options(MODULES["wa_subscribe"], stated, {"a": {"b": [{"c": 1}]}, "s": "text"}, Templar()) == {}


def test_a_named_variable_that_may_be_an_expression_is_templated():
    templar = Templar()
    found = _inputs.options(MODULES["wa_subscribe"], {"from_vars": {"app_id": "a.b"}}, {"a": {"b": "{{ c }}"}}, templar)
    assert found == {"app_id": ("templated", "{{ c }}")}


def test_from_vars_that_are_no_mapping_are_left_for_the_check_to_refuse():
    stated = {"from_vars": "a.b", "waba_id": "1", "access_token": "EAAB"}
    found = _inputs.options(MODULES["wa_subscribe"], stated, {}, Templar())
    assert any("from_vars: expected a mapping" in fault for fault in _spec.check(MODULES["wa_subscribe"], found)[1])


def test_an_unknown_option_of_from_vars_is_refused_whether_or_not_its_variable_is_there():
    for variables in ({}, {"there": "1"}):
        found = _inputs.options(MODULES["wa_subscribe"], {"from_vars": {"app_idd": "there"}}, variables, Templar())
        reported = _spec.check(
            MODULES["wa_subscribe"], {**found, "waba_id": "102290129340398", "access_token": "EAAB"}
        )[1]
        assert reported == ["app_idd: there is no such option; is app_id meant?"]


def test_a_prefix_that_no_variable_has_is_refused():
    assert _inputs.errors({"vars_prefix": "wa_migrat_"}, {"wa_migrate_waba_id": 1}) != []
    assert _inputs.errors({"vars_prefix": "wa_migrate_"}, {"wa_migrate_waba_id": 1}) == []
    assert _inputs.errors({"waba_id": "1"}, {}) == []


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_empty_variable_leaves_what_the_task_states(empty):
    """An optional survey question without an answer arrives as an empty text."""
    stated = {"from_vars": {"wait": "acme_patience", "require": "acme_require"}, "wait": 120}
    found = _inputs.options(MODULES["wa_health"], stated, {"acme_patience": empty, "acme_require": empty}, Templar())
    assert found == {"wait": 120}


def test_faults_are_reported_under_the_names_that_the_user_wrote():
    stated = {"vars_prefix": "acme_", "from_vars": {"wait": "patience.long"}, "waba_id": "x"}
    reported = _inputs.as_written(
        MODULES["wa_health"],
        stated,
        [
            "phone_number_id and waba_id: give one",
            "access_token (from WABIZ_ACCESS_TOKEN): a token",
            "wait: must be 0",
            "graph_retry_for: the pin is there",
        ],
    )
    assert reported == [
        "acme_phone_number_id and waba_id: give one",
        "acme_access_token (from WABIZ_ACCESS_TOKEN): a token",
        "patience.long: must be 0",
        "acme_retry_for: the pin is there",
    ]


def test_one_input_for_two_options_is_reported_once():
    reported = _inputs.as_written(
        MODULES["wa_preflight"], {"vars_prefix": "wa_migrate_"}, ["onprem_retry_for: bad", "graph_retry_for: bad"]
    )
    assert reported == ["wa_migrate_retry_for: bad"]


@pytest.mark.parametrize(
    ("stated", "called"),
    [
        ({}, "pin, onprem_retry_for, wait"),
        ({"vars_prefix": "acme_"}, "acme_pin, acme_retry_for, acme_wait"),
        ({"names_prefix": "acme_"}, "acme_pin, acme_retry_for, acme_wait"),
        (
            {"vars_prefix": "acme_", "from_vars": {"wait": "patience", "pin": "_own"}},
            "acme_pin, acme_retry_for, patience",
        ),
        ({"from_vars": "no mapping"}, "pin, onprem_retry_for, wait"),
    ],
)
def test_a_message_names_options_as_the_user_does(stated, called):
    text = "O(pin), O(onprem_retry_for), O(wait)"
    made = {"msg": text, "hosts": [{"fix": (text,)}], "count": 3, "O(pin)": "O(Pin) O() O(pin"}
    assert _option_names.written(made, _inputs.naming(stated)) == {
        "msg": called,
        "hosts": [{"fix": [called]}],
        "count": 3,
        "O(pin)": "O(Pin) O() O(pin",
    }
