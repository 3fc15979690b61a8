# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _role: every fault of the role's inputs in one go, and hosts that claim the same number or node."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.plugin_utils import _inputs, _role

GOOD = {
    "wa_migrate_waves": [1, "10%", "100%"],
    "wa_migrate_on_blocker": "stop",
    "wa_migrate_require_health": "limited",
    "wa_migrate_health_wait": 120,
}
GROUPS = {"canary": ["a"], "site": []}


def faults(**inputs):
    return _role.input_faults(inputs, (), GROUPS)


def test_good_inputs():
    assert faults(**GOOD) == []


@pytest.mark.parametrize("value", [None, "", " ", "\t\n"])
@pytest.mark.parametrize("name", sorted(GOOD))
def test_empty_and_null_count_as_missing(name, value):
    (fault,) = faults(**{**GOOD, name: value})
    assert fault.startswith("%s: missing" % name)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("wa_migrate_on_blocker", "ignore", "stop, continue"),
        ("wa_migrate_require_health", "none", "limited, available"),
        ("wa_migrate_health_wait", "soon", "float"),
        ("wa_migrate_health_wait", [1], "float"),
        ("wa_migrate_waves", ["10 %"], "10 %"),
        ("wa_migrate_waves", [0], "0"),
        ("wa_migrate_waves", [], "empty"),
        ("wa_migrate_waves", ["canray", "100%"], "nor a group"),
        ("wa_migrate_waves", {"first": 1}, "first"),
        ("wa_migrate_wave", [1], "no such input"),
    ],
)
def test_a_fault_names_its_input(name, value, says):
    (fault,) = faults(**{**GOOD, name: value})
    assert name in fault
    assert says in fault


SURVEY = (True, False, 2.1, 83, date(2024, 10, 1), None, "", "two words", "true", "10", ["a"], {"a": 1})


@pytest.mark.parametrize("name", sorted(_role.INPUTS))
def test_an_answer_of_another_type_is_refused_or_means_the_same(name):
    """A survey makes numbers, dates and booleans of texts."""
    kind = _role.INPUTS[name].get("type")
    options = _spec.options_of("wa_preflight")
    own = "onprem_retry_for" if name == "wa_migrate_retry_for" else name  # one input for two options
    for answer in SURVEY:
        stated = _inputs.options("wa_preflight", {"vars_prefix": "wa_migrate_"}, {name: answer}, None)
        told = [_role.in_role_terms(fault, options) for fault in _spec.check("wa_preflight", stated, environ={})[1]]
        told += _role.input_faults(_inputs.values(_role.CHECKED, {name: answer}, None), options, {"all": []})
        refused = any(own in fault.partition(":")[0].split() for fault in told)
        number = kind in ("int", "float")
        if isinstance(answer, bool) and kind in ("int", "float", "str", "path", "list"):
            assert refused, (name, answer, told)
        if (isinstance(answer, (date, dict)) and kind in ("int", "float", "bool", "path")) or (
            answer in ("two words", "true") and number
        ):
            assert refused, (name, answer, told)
        if (answer == "10" and number and name not in TOO_FEW) or (answer == "true" and kind == "bool"):
            assert not refused, (name, answer, told)


# Ten is no sensible value of these.
TOO_FEW = ("wa_migrate_register_timeout", "wa_migrate_attempts_reserve")


def test_what_is_optional_may_be_empty():
    assert faults(wa_migrate_max_failed="", wa_migrate_max_failed_percent=None, wa_migrate_plan_dest=" ") == []


@pytest.mark.parametrize("waves", [1, "1", "25%", ["5", "50.5%"], (2, 3), ["canary", "site", 1]])
def test_waves_as_people_write_them(waves):
    assert faults(wa_migrate_waves=waves) == []


def test_all_faults_are_told_at_once():
    told = faults(wa_migrate_waves=["x"], wa_migrate_on_blocker="x", wa_migrate_require_health="", wa_migrate_other=1)
    assert len(told) == 4


def test_what_the_task_checks_itself_is_told_once():
    assert _role.input_faults({"wa_migrate_pin": "x", "wa_migrate_onprem_validate_certs": "x"}, ("pin",), {}) != []
    assert _role.input_faults({"wa_migrate_onprem_validate_certs": "maybe"}, ("onprem_validate_certs",), {}) == []
    assert len(_role.input_faults({"wa_migrate_onprem_validate_certs": ""}, ("onprem_validate_certs",), {})) == 1


def test_the_contract_is_the_one_that_the_role_ships():
    shipped = yaml.safe_load(_role._CONTRACT.read_text("utf-8"))["argument_specs"]["main"]["options"]
    assert set(_role.INPUTS) == set(shipped)
    assert set(GOOD) <= set(shipped)


def test_a_fault_of_an_option_is_told_in_the_roles_terms():
    options = _spec.argument_spec("wa_preflight")
    assert _role.in_role_terms("pin: not six digits", options) == "wa_migrate_pin: not six digits"
    # only what stands before the colon is a name
    assert _role.in_role_terms("waba_id: the pin is there", options) == "wa_migrate_waba_id: the pin is there"


def host(number, url=None, **more):
    facts = {"wa_migrate_phone_number_id": number, **more}
    return facts if url is None else {**facts, "wa_migrate_onprem_url": url}


def between(connection="ssh", **hostvars):
    return _role.fleet_faults(list(hostvars), hostvars, connection)


def test_hosts_that_differ_have_no_faults():
    assert between(one=host("1"), two=host("2"), three=host("3")) == {}
    assert between("local", one=host("1", "https://a:9090"), two=host("2", "https://b:9090")) == {}
    assert between() == {}


@pytest.mark.parametrize(("first", "second"), [("1", "1"), ("1", 1), ("1", " 1 ")])
def test_a_number_on_two_hosts_is_told_to_both(first, second):
    told = between(one=host(first), two=host(second), three=host("3"))
    assert told == {
        "one": ["wa_migrate_phone_number_id 1 is also claimed by host two"],
        "two": ["wa_migrate_phone_number_id 1 is also claimed by host one"],
    }


def test_a_number_on_three_hosts_names_the_two_others():
    told = between(one=host("1"), two=host("1"), three=host("1"))
    assert told["two"] == ["wa_migrate_phone_number_id 1 is also claimed by host one, three"]


@pytest.mark.parametrize("number", [None, "", " "])
def test_a_missing_number_is_no_clash(number):
    assert between(one=host(number), two=host(number), three={}) == {}


@pytest.mark.parametrize(
    ("connection", "one", "two", "clash"),
    [
        # from the controller, the URL is the node
        ("local", host("1", "https://a:9090"), host("2", "https://a:9090"), True),
        ("local", host("1", "https://a:9090/"), host("2", "https://A:9090"), True),
        ("local", host("1"), host("2", "https://localhost:9090"), True),
        ("ansible.builtin.local", host("1", "https://a:9090"), host("2", "https://a:9090"), True),
        ("local", host("1", "https://a:9090"), host("2", "https://a:9091"), False),
        # over a connection, it is the URL as seen from the host
        ("ssh", host("1"), host("2"), False),
        ("ssh", host("1", ansible_host="10.0.0.1"), host("2", ansible_host="10.0.0.1"), True),
        ("ssh", host("1", ansible_host="10.0.0.1"), host("2", ansible_host="10.0.0.2"), False),
        ("ssh", host("1", ansible_host="h", ansible_port=22), host("2", ansible_host="h"), True),
        ("ssh", host("1", ansible_host="h", ansible_port=2201), host("2", ansible_host="h", ansible_port=2202), False),
        ("ssh", host("1", "https://a", ansible_host="h"), host("2", "https://b", ansible_host="h"), False),
        # a host's own connection goes before the play's
        ("ssh", host("1", ansible_connection="local"), host("2", ansible_connection="local"), True),
        ("local", host("1", ansible_connection="ssh"), host("2", ansible_connection="ssh"), False),
        ("ssh", host("1", ansible_connection="local"), host("2"), False),
    ],
)
def test_a_node_on_two_hosts(connection, one, two, clash):
    told = between(connection, one=one, two=two)
    assert bool(told) == clash
    assert not clash or ("the On-Premises node" in told["one"][0] and "host two" in told["one"][0])


@pytest.mark.parametrize("name", ["wa_migrate_waves", "wa_migrate_on_blocker"])
def test_what_is_for_the_whole_run_must_not_differ(name):
    assert between(one=host("1", **{name: "a"}), two=host("2", **{name: "a"})) == {}
    told = between(one=host("1", **{name: "a"}), two=host("2", **{name: "b"}), three=host("3"))
    assert sorted(told) == ["one", "three", "two"]
    for texts in told.values():
        assert texts[0].startswith("%s differs between hosts (a; b; not set)" % name)
        assert "group_vars/all" in texts[0]


def test_a_host_is_told_all_of_its_faults():
    same = host("1", ansible_host="h")
    told = between(one={**same, "wa_migrate_waves": [1]}, two=same)
    assert [len(texts) for texts in told.values()] == [3, 3]
