# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _contract: what each input of the role may be, and the option that it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ansible_collections.wabiz.migration.plugins.plugin_utils import _inputs
from ansible_collections.wabiz.migration.plugins.plugin_utils._contract import PREFLIGHT
from ansible_collections.wabiz.migration.tests.support.role import CONTRACT, DEFAULTS, GOOD, INPUTS, PREFIX


def faults(**inputs):
    found = CONTRACT.check({**GOOD, **inputs}, True)[2]
    return _inputs.as_written(PREFLIGHT, {"vars_prefix": PREFIX}, found)


def test_good_inputs():
    assert faults() == []


def test_what_the_role_hands_over_is_sound():
    assert CONTRACT.errors() == []


@pytest.mark.parametrize(
    ("changes", "wording"),
    [
        ({"prefix": "wa_migrat_"}, "argument_spec: wa_migrate_pin does not begin with wa_migrat_"),
        ({"inputs": {**INPUTS, "wa_migrate_odd": "raw"}}, "argument_spec: wa_migrate_odd is no mapping"),
        ({"same_on_all_hosts": ["wave"]}, "same_on_all_hosts: argument_spec has no input wa_migrate_wave"),
        ({"renamed": {"health_wiat": "wa_health.wait"}}, "renamed: argument_spec has no input wa_migrate_health_wiat"),
        ({"renamed": {"health_wait": "wa_health.wiat"}}, "no module of this collection has the option wa_health.wiat"),
        ({"renamed": {"health_wait": "wa_heath.wait"}}, "no module of this collection has the option wa_heath.wait"),
        ({"renamed": {"health_wait": 3}}, "no module of this collection has the option 3"),
        ({"seconds": {"sook": [0, 1]}}, "seconds: argument_spec has no input wa_migrate_sook"),
        ({"seconds": {"soak": [2, 1]}}, "seconds: soak: expected the least and the most"),
        ({"seconds": {"soak": [2]}}, "seconds: soak: expected the least and the most"),
        ({"seconds": {"soak": 2}}, "seconds: soak: expected the least and the most"),
        ({"seconds": {"soak": ["a", "b"]}}, "seconds: soak: expected the least and the most"),
    ],
)
def test_a_contract_that_is_wrong_is_refused_and_not_left_unchecked(changes, wording):
    assert any(wording in error for error in replace(CONTRACT, **changes).errors())


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_every_default_is_a_value_that_the_input_may_have(name):
    assert faults(**{name: DEFAULTS[name]}) == []


@pytest.mark.parametrize("value", [None, "", " ", "\t\n"])
@pytest.mark.parametrize("name", sorted(set(INPUTS) - set(GOOD)))
def test_an_optional_input_that_is_empty_counts_as_not_set(name, value):
    assert faults(**{name: value}) == []
    assert CONTRACT.resolved({name: value}, name) == DEFAULTS.get(name)


@pytest.mark.parametrize("value", [None, "", " "])
@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_needed_is_missing_where_it_is_empty(name, value):
    (fault,) = faults(**{name: value})
    assert fault.startswith("%s: missing" % name)


SURVEY = (True, False, 2.1, 83, date(2024, 10, 1), "two words", "true", "10", ["a"], {"a": 1})
# Ten is no sensible value of these.
TOO_FEW = ("wa_migrate_register_timeout", "wa_migrate_attempts_reserve")


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_an_answer_of_another_type_is_refused_or_means_the_same(name):
    """A survey makes numbers, dates and booleans of texts."""
    kind = INPUTS[name].get("type")
    for answer in SURVEY:
        reported = faults(**{name: answer})
        refused = any(name in fault.partition(":")[0].split() for fault in reported)
        number = kind in ("int", "float")
        if isinstance(answer, bool) and kind in ("int", "float", "str", "path", "list"):
            assert refused or name == "wa_migrate_waves", (name, answer, reported)
        if (isinstance(answer, (date, dict)) and kind in ("int", "float", "bool", "path")) or (
            answer in ("two words", "true") and number
        ):
            assert refused, (name, answer, reported)
        if (answer == "10" and number and name not in TOO_FEW) or (answer == "true" and kind == "bool"):
            assert not refused, (name, answer, reported)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("wa_migrate_on_blocker", "ignore", "must be one of stop, continue, got 'ignore'"),
        ("wa_migrate_on_blocker", "ignore", "stop, continue"),
        ("wa_migrate_on_difference", "Stop", "must be one of stop, continue"),
        ("wa_migrate_require_health", "none", "must be one of limited, available"),
        ("wa_migrate_health_wait", "soon", "expected a number of seconds, got 'soon'"),
        ("wa_migrate_health_wait", -5, "must be 0 to 86400 seconds, got -5"),
        ("wa_migrate_soak", float("nan"), "expected a number of seconds"),
        ("wa_migrate_soak", 1e30, "must be 0 to 604800 seconds"),
        ("wa_migrate_quiet_wait", float("inf"), "expected a number of seconds"),
        ("wa_migrate_quiet_interval", 0, "must be 1 to 3600 seconds"),
        ("wa_migrate_confirm_timeout", -1, "must be 0 to 86400 seconds"),
        ("wa_migrate_register_timeout", 1e9, "must be 60 to 600 seconds"),
        ("wa_migrate_retry_for", -1, "must be 0 to 86400 seconds"),
        ("wa_migrate_max_failed", -1, "must be 0 to "),
        ("wa_migrate_max_failed_percent", 101, "must be 0 to 100"),
        ("wa_migrate_max_parallel_cutovers", 1.5, "expected an integer"),
        ("wa_migrate_attempts_limit", 50, "must be 1 to 10, got 50"),
        ("wa_migrate_own_variables", {"a": 1}, "expected a list"),
        ("wa_migrate_onprem_password", "secret\n", "line break"),
        ("wa_migrate_backup_password", "secret\n", "line break"),
        ("wa_migrate_onprem_ca_path", "/nowhere/ca.pem", "No such file"),
    ],
)
def test_a_fault_names_its_input(name, value, says):
    (fault,) = faults(**{name: value})
    assert fault.startswith(name + ":")
    assert says in fault


def test_all_faults_are_reported_at_once():
    reported = faults(wa_migrate_soak=-1, wa_migrate_on_blocker="x", wa_migrate_pin="12", wa_migrate_health_wait=-1)
    assert len(reported) == 4


def test_a_contradiction_names_both_inputs():
    assert [fault.partition(":")[0] for fault in faults(wa_migrate_onprem_token="EAAB")] == [
        "wa_migrate_onprem_password and wa_migrate_onprem_token"
    ]
