# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _run_inputs: unknown names, what hosts claim twice, what is for the whole run, and errors of the check."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.wabiz.migration.plugins.plugin_utils import _run_inputs
from ansible_collections.wabiz.migration.tests.support.role import CONTRACT, GOOD, INPUTS

# Each host has a number of its own.
SHARED = {name: value for name, value in GOOD.items() if name != "wa_migrate_phone_number_id"}


try:
    from ansible.template import trust_as_template as trusted
except ImportError:
    trusted = str


class Templar:
    """Knows one variable."""

    def template(self, value):
        if value == "{{ lenient }}":
            return value
        if value != "{{ known }}":
            raise AnsibleUndefinedVariable("'unknown' is undefined. The expression was {{ 'topsecret' | x }}")
        return "102290129340399"


def run(moves=True, waved=True, batched=False, skipped="", **groups):
    return _run_inputs.Run(CONTRACT, {"all": [], **groups}, moves, waved, batched, skipped)


def variables(number, **more):
    return {
        **SHARED,
        "wa_migrate_phone_number_id": "10000%s" % number,
        "wa_migrate_onprem_url": "https://n%s" % number,
        **more,
    }


def check(hosts, made=None):
    def load(name):
        found = hosts[name]
        if isinstance(found, Exception):
            raise found
        return _run_inputs.host(CONTRACT, name, found, Templar(), "local")

    return _run_inputs.check(list(hosts), load, made or run())


# --- names


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("wa_migrate_windows", "wa_migrate_window"),
        ("wa_migrate_max_failled", "wa_migrate_max_failed"),
        ("wa_migrate_freze", "wa_migrate_freeze"),
        ("wa_migrate_graph_validate_certs", "wa_migrate_onprem_validate_certs"),
        ("WA_MIGRATE_WINDOW", "wa_migrate_window"),
        ("wa_migrat_window", "wa_migrate_window"),
        ("wa_migarte_freeze", "wa_migrate_freeze"),
        ("_wa_migrate_window", "wa_migrate_window"),
    ],
)
def test_a_misspelt_input_is_reported_with_the_nearest_name(name, near):
    (fault,) = _run_inputs.unknown(CONTRACT, [name], ())
    assert fault.startswith(name + ": ") and "is %s meant?" % near in fault


@pytest.mark.parametrize(
    "name",
    [
        *sorted(INPUTS),
        "__wa_migrate_preflight",
        "vault_wa_migrate_pin",
        "my_wa_migrate_plan_dest",
        "waba_id",
        "wave",
        "ansible_host",
        "migrate_window",
        "wa_wave",
    ],
)
def test_other_names_are_the_users_own(name):
    assert _run_inputs.unknown(CONTRACT, [name], ()) == []


def test_a_variable_of_the_users_own_can_be_allowed_by_name():
    assert _run_inputs.unknown(CONTRACT, ["wa_migrate_site"], ("wa_migrate_site",)) == []
    found = check(
        {"one": variables(1, wa_migrate_site="x", wa_migrate_sites="y", wa_migrate_own_variables=["wa_migrate_site"])}
    )
    assert [fault.partition(":")[0] for fault in found["hosts"]["one"]] == ["wa_migrate_sites"]


# --- expressions


def test_an_expression_that_cannot_be_evaluated_names_its_input_and_tells_no_secret():
    found = check({"one": variables(1, wa_migrate_pin="{{ pins[x] }}", wa_migrate_waba_id="{{ known }}")})
    assert found["hosts"]["one"] == ["wa_migrate_pin: its expression cannot be evaluated: 'unknown' is undefined"]


def test_an_expression_that_ansible_leaves_as_it_is_is_no_value():
    (fault,) = check({"one": variables(1, wa_migrate_app_id=trusted("{{ lenient }}"))})["hosts"]["one"]
    assert fault == "wa_migrate_app_id: its expression cannot be evaluated: it names a variable that is undefined"


# --- between hosts


def test_hosts_that_differ_have_no_faults():
    found = check({"one": variables(1), "two": variables(2)})
    assert (found["run"], found["hosts"], found["unchecked"]) == ([], {"one": [], "two": []}, [])


@pytest.mark.parametrize("second", ["106540352242922", 106540352242922, " 106540352242922 "])
def test_a_number_on_two_hosts_is_reported_to_both(second):
    hosts = {
        "one": variables(1, wa_migrate_phone_number_id="106540352242922"),
        "two": variables(2, wa_migrate_phone_number_id=second),
        "three": variables(3),
    }
    found = check(hosts)["hosts"]
    assert "wa_migrate_phone_number_id: 106540352242922 is also claimed by host two" in found["one"]
    assert "wa_migrate_phone_number_id: 106540352242922 is also claimed by host one" in found["two"]
    assert found["three"] == []


def test_a_missing_number_is_no_clash():
    hosts = {name: {**variables(at), "wa_migrate_phone_number_id": None} for at, name in enumerate(("one", "two"))}
    assert all("claimed" not in fault for faults in check(hosts)["hosts"].values() for fault in faults)


SAME = {"wa_migrate_onprem_url": "https://a:9090"}


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        # from the controller, the URL is the node
        (SAME, SAME, True),
        (SAME, {"wa_migrate_onprem_url": "https://A:9090/"}, True),
        (SAME, {"wa_migrate_onprem_url": "https://a:9091"}, False),
        ({"wa_migrate_onprem_url": ""}, {"wa_migrate_onprem_url": "https://localhost:9090"}, True),
        # over a connection, it is the URL as seen from the host
        ({**SAME, "ansible_connection": "ssh"}, {**SAME, "ansible_connection": "ssh"}, False),
        ({**SAME, "ansible_connection": "ssh"}, SAME, False),
        *(
            ({**SAME, "ansible_connection": "ssh", **first}, {**SAME, "ansible_connection": "ssh", **second}, clash)
            for first, second, clash in (
                ({"ansible_host": "h"}, {"ansible_host": "h"}, True),
                ({"ansible_host": "h"}, {"ansible_host": "i"}, False),
                ({"ansible_host": "h", "ansible_port": 22}, {"ansible_host": "h"}, True),
                ({"ansible_host": "h", "ansible_port": 1}, {"ansible_host": "h", "ansible_port": 2}, False),
            )
        ),
    ],
)
def test_a_node_on_two_hosts(one, two, clash):
    found = check({"one": variables(1, **one), "two": variables(2, **two)})["hosts"]
    assert bool(found["one"]) == bool(found["two"]) == clash
    assert not clash or found["one"][0].startswith("wa_migrate_onprem_url: the node ")


# --- of the whole run


def test_a_fault_that_every_host_has_is_reported_once():
    hosts = {name: variables(at, wa_migrate_soak=-1) for at, name in enumerate(("one", "two"))}
    hosts["two"]["wa_migrate_pin"] = "12"
    found = check(hosts)
    assert [fault.partition(":")[0] for fault in found["run"]] == ["wa_migrate_soak"]
    assert found["hosts"]["one"] == [] and len(found["hosts"]["two"]) == 1


@pytest.mark.parametrize("name", [CONTRACT.name(short) for short in CONTRACT.same_on_all_hosts])
def test_what_is_for_the_whole_run_must_not_differ(name):
    values = {"wa_migrate_on_blocker": "continue", "wa_migrate_waves": 2, "wa_migrate_own_variables": "wa_migrate_a"}
    found = check({"one": variables(1, **{name: values.get(name, 3)}), "two": variables(2)})
    assert [fault for fault in found["run"] if fault.startswith(name + ": differs between hosts (")] != []


@pytest.mark.parametrize("waves", [1, "1", "25%", ["5", "50.5%"], (2, 3), ["canary", "site", 1], "", None])
def test_waves_as_people_write_them(waves):
    hosts = {name: variables(at, wa_migrate_waves=waves) for at, name in enumerate(("one", "two"))}
    assert check(hosts, run(canary=["one"], site=[]))["run"] == []


@pytest.mark.parametrize("waves", [["10 %"], [0], [], ["canray", "100%"], {"first": 1}, "0%", [True], ["canary"], [-1]])
def test_waves_that_are_none_or_leave_a_host_out(waves):
    hosts = {name: variables(at, wa_migrate_waves=waves) for at, name in enumerate(("one", "two"))}
    (fault,) = check(hosts, run(canary=["one"], site=[]))["run"]
    assert fault.startswith("wa_migrate_waves:"), fault


def test_stated_waves_need_a_play_that_has_some():
    hosts = {name: variables(at, wa_migrate_waves=[1, "100%"]) for at, name in enumerate(("one", "two"))}
    (fault,) = check(hosts, run(waved=False))["run"]
    assert "this play moves all of its hosts at once" in fault
    for made in (run(), run(waved=False, batched=True), run(moves=False, waved=False)):
        assert check(hosts, made)["run"] == []
    assert check({name: variables(at) for at, name in enumerate("abc")}, run(waved=False))["run"] == []


def test_a_misspelt_variable_of_the_environment_is_reported(monkeypatch):
    for name in ("WABIZ_ACCES_TOKEN", "wabiz_pin", "WABIZ_ONPREM_VALIDATE_CERT", "WABIZ_SITE", "WABIZ_FAULTS"):
        monkeypatch.setenv(name, "topsecret")
    reported = check({"one": variables(1)})["run"]
    assert [fault.partition(":")[0] for fault in reported] == [
        "WABIZ_ACCES_TOKEN",
        "WABIZ_ONPREM_VALIDATE_CERT",
        "wabiz_pin",
    ]
    assert "is WABIZ_ACCESS_TOKEN meant?" in reported[0] and "topsecret" not in "".join(reported)


def test_tags_that_leave_out_the_move():
    hosts = {"one": variables(1)}
    (fault,) = check(hosts, run(skipped="--tags foo"))["run"]
    assert fault.startswith("--tags foo leaves out")
    assert check(hosts, run(moves=False, skipped="--tags foo"))["run"] == []


def test_a_plan_file_that_could_not_be_written(tmp_path):
    for stated, says in (
        (tmp_path / "no" / "plan.json", "is not there"),
        (tmp_path, "is a directory"),
    ):
        (fault,) = check({"one": variables(1, wa_migrate_plan_dest=str(stated))})["hosts"]["one"]
        assert fault.startswith("wa_migrate_plan_dest: ") and says in fault
    assert check({"one": variables(1, wa_migrate_plan_dest=str(tmp_path / "plan.json"))})["hosts"]["one"] == []


def test_going_on_is_for_runs_in_which_all_hosts_say_so():
    hosts = {name: variables(at, wa_migrate_on_blocker="continue") for at, name in enumerate(("one", "two"))}
    assert check(hosts)["go_on"]
    assert not check({"three": variables(3), **hosts})["go_on"]


def test_the_inputs_of_the_run_come_with_their_defaults():
    found = check({"one": variables(1, wa_migrate_soak="", wa_migrate_max_failed="3")})["inputs"]
    assert (found["soak"], found["max_failed"], found["waves"]) == (0, 3, [1, "10%", "100%"])


# --- errors of the check itself


def test_an_error_of_the_check_keeps_no_number_out_and_is_named():
    found = check({"one": RuntimeError("topsecret"), "two": variables(2, wa_migrate_pin="12")})
    assert found["run"] == [] and len(found["hosts"]["two"]) == 1 and "one" not in found["hosts"]
    (reported,) = found["unchecked"]
    assert (
        reported.startswith("The inputs of host one could not be checked (RuntimeError at ")
        and "topsecret" not in reported
    )


def test_an_error_between_hosts_is_named_too(monkeypatch):
    monkeypatch.setattr(_run_inputs.waves, "plan", lambda *_parts: {}["x"])
    found = check({"one": variables(1)})
    assert found["run"] == [] and found["hosts"] == {"one": []}
    assert found["unchecked"][0].startswith("The inputs of the whole run could not be checked (KeyError")
