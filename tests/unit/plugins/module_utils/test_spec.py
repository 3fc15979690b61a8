# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _spec: the rules for single values, the check of all options at once, and no drift from docs and role."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations.options import (
    GraphConnection,
    OnPremConnection,
    Recorded,
    argument_spec,
)
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils.option_check import MINIMAL, check


def only_fault(module_name, **options):
    _params, faults = check(module_name, **options)
    assert len(faults) == 1, faults
    return faults[0]


def test_pin_that_yaml_read_as_octal_is_refused_with_the_reason():
    assert "octal" in only_fault("wa_register", pin=yaml.safe_load("001234"))


@pytest.mark.parametrize("value", [42, 1.5, True, ["x"]])
def test_password_that_lost_its_form_is_refused(value):
    assert "quotes" in only_fault("wa_backup", backup_password=value)


@pytest.mark.parametrize("module_name", MODULES)
def test_minimal_options_pass_twice(module_name):
    """The shipped module checks again what the controller has resolved."""
    params, faults = check(module_name)
    assert faults == []
    assert set(params) == set(MODULES[module_name].every_option)
    assert _spec.check(MODULES[module_name], params, {}) == (params, [])


@pytest.mark.parametrize("blank", [None, "", "  ", "\n"])
@pytest.mark.parametrize("module_name", MODULES)
def test_blank_counts_as_missing(module_name, blank):
    for name in set(MINIMAL[module_name]) - {"state"}:
        _params, faults = check(module_name, **{name: blank})
        reported = [fault for fault in faults if "missing" in fault or "exactly one" in fault]
        assert any(name in fault for fault in reported), (name, faults)
    defaulted = {name: blank for name, option in MODULES[module_name].every_option.items() if "default" in option}
    assert check(module_name, **defaulted) == check(module_name)


def test_every_fault_is_told_at_once_and_no_secret_with_it():
    _params, faults = _spec.check(
        MODULES["wa_register"],
        {
            "phone_number_id": 1.5,
            "waba_id": "",
            "pin": 668,
            "state": "moved",
            "statee": "x",
            "access_token": "top secret",
            "backup_password": None,
            "onprem_url": "https://admin:hidden@node",
            "register_timeout": 5,
            "confirm_timeout": "soon",
            "state_dir": "state",
            "check_node": "maybe",
            "attempts_limit": 2,
        },
        {},
    )
    text = "\n".join(faults)
    for name in (
        "phone_number_id:",
        "pin:",
        "state:",
        "statee:",
        "access_token:",
        "backup_password:",
        "backup_file:",
        "onprem_url:",
        "register_timeout:",
        "confirm_timeout:",
        "state_dir:",
        "check_node:",
        "onprem_password:",
        "attempts_reserve and attempts_limit:",
    ):
        assert name in text
    assert len(faults) == 14
    for secret in ("668", "top secret", "hidden"):
        assert secret not in text


@pytest.mark.parametrize(
    ("module_name", "options", "wording"),
    [
        ("wa_register", {"without_backup": True}, "without_backup and backup_file"),
        ("wa_register", {"attempts_reserve": 10}, "attempts_reserve"),
        ("wa_register", {"confirm_timeout": 1, "confirm_interval": 5}, "confirm_interval"),
        ("wa_register", {"state": "deregistered", "data_localization_region": "CH"}, "data_localization_region"),
        ("wa_register", {"data_localization_region": "FR"}, "must be one of"),
        ("wa_register", {"confirm_timeout": float("nan")}, "confirm_timeout"),
        ("wa_register", {"attempts_limit": True}, "attempts_limit"),
        ("wa_subscribe", {"verify_token": "x"}, "verify_token"),
        ("wa_subscribe", {"override_callback_uri": "https://h.example.com"}, "verify_token"),
        ("wa_subscribe", {"override_callback_uri": "http://h.example.com", "verify_token": "x"}, "https"),
        (
            "wa_subscribe",
            {"remove_override": True, "override_callback_uri": "https://h", "verify_token": "x"},
            "removed",
        ),
        (
            "wa_subscribe",
            {"state": "absent", "override_callback_uri": "https://h", "verify_token": "x"},
            "subscription",
        ),
        ("wa_health", {"waba_id": "102290129340398"}, "exactly one"),
        ("wa_health", {"wait": 1, "wait_interval": 2}, "wait_interval"),
        ("wa_two_step", {"pin": "123456"}, "takes no PIN"),
        ("wa_two_step", {"state": "present"}, "pin: missing"),
        (
            "wa_two_step",
            {"side": "cloud", "access_token": "x", "phone_number_id": "106540352242922"},
            "WhatsApp Manager",
        ),
        ("wa_backup", {"dest": "~/backup"}, "absolute"),
        ("wa_backup", {"forse": True}, "is force meant"),
        ("wa_onprem_info", {"gather": ["health", "weather"]}, "weather"),
        ("wa_onprem_info", {"ca_path": "/a", "onprem_ca_path": "/b"}, "same option"),
        ("wa_onprem_info", {"onprem_token": "EAAB"}, "onprem_password and onprem_token"),
        ("wa_backup", {"max_age": -1}, "must be 0 to "),
        ("wa_register", {"attempts_limit": 50}, "must be 1 to 10"),
        ("wa_register", {"confirm_timeout": 1e30}, "confirm_timeout: must be 0 to 86400 seconds"),
        ("wa_health", {"wait": -5}, "wait: must be 0 to 86400 seconds, got -5"),
        ("wa_number_info", {"phone_number_id": 83}, "phone_number_id: an id has 5 to 20 digits"),
        ("wa_report", {"hosts": ["node1"], "phase": "dream"}, "dream"),
        ("wa_steps", {"steps": "none"}, "list of dictionaries"),
        ("wa_preflight", {"webhook_url": "http://h.example.com", "webhook_verify_token": "x"}, "https"),
        ("wa_preflight", {"webhook_url": "https://h.example.com"}, "webhook_verify_token: missing"),
        ("wa_preflight", {"webhook_verify_token": "x"}, "without its address"),
        ("wa_preflight", {"app_secret": "x"}, "without its address"),
        ("wa_preflight", {"purpose": "chatting"}, "customer_support, notifications"),
        ("wa_preflight", {"purpose_rules": []}, "empty"),
        (
            "wa_preflight",
            {"purpose_rules": [{"purpose": "a", "meaning": "b"}], "purpose": "other"},
            "must be one of a, got",
        ),
        ("wa_webhook_check", {"webhook_timeout": 0}, "webhook_timeout"),
        ("wa_webhook_check", {"app_secret": "two words"}, "app_secret"),
        ("wa_webhook_check", {"webhook_url": "https://u:p@h.example.com"}, "user name"),
    ],
)
def test_one_fault(module_name, options, wording):
    assert wording in only_fault(module_name, **options)


def test_options_of_the_other_connection_are_dropped():
    onprem, graph = (
        {name: spec for name, spec in argument_spec(side).items() if name not in argument_spec(Recorded)}
        for side in (OnPremConnection, GraphConnection)
    )
    both = {**onprem, **graph, "validate_certs": {}, "ca_path": {}}
    foreign = dict.fromkeys(both, "anything")
    for module_name in ("wa_report",):
        assert check(module_name, **foreign) == check(module_name)
    connection = {**dict.fromkeys(onprem, 5), "validate_certs": 5, "ca_path": 5}
    assert check("wa_health", **connection) == check("wa_health")
    assert check("wa_backup", **dict.fromkeys(graph, 5)) == check("wa_backup")


def test_aliases_are_resolved():
    params, faults = check("wa_backup", validate_certs="no", ca_path="/etc/ca.pem")
    assert (params["onprem_validate_certs"], params["onprem_ca_path"], faults) == (False, "/etc/ca.pem", [])


def test_environment_stands_in_for_what_is_not_stated():
    environ = {"WABIZ_ONPREM_URL": "https://node", "WABIZ_ONPREM_VALIDATE_CERTS": "False", "WABIZ_ONPREM_TOKEN": " "}
    params, faults = check("wa_backup", environ, onprem_url="")
    assert faults == []
    assert params["onprem_url"] == "https://node"
    assert params["onprem_validate_certs"] is False
    assert params["onprem_token"] is None
    assert check("wa_backup", environ, onprem_url="https://stated")[0]["onprem_url"] == "https://stated"


def test_environment_is_the_process_own_by_default(monkeypatch):
    monkeypatch.setenv("WABIZ_PIN", "001234")
    options = {name: value for name, value in MINIMAL["wa_register"].items() if name != "pin"}
    assert _spec.check(MODULES["wa_register"], options)[0]["pin"] == "001234"
    assert _spec.check(MODULES["wa_register"], options, {})[1] != []


def test_secrets_that_the_task_does_not_use_are_not_carried_along():
    secret = ("PASSWORD", "TOKEN", "PIN")
    environ = {name: "123456" for name in _spec.ENVIRONMENT.values() if name.split("_")[-1] in secret}

    def secrets_of(module_name, **options):
        params, faults = _spec.check(MODULES[module_name], options, environ)
        assert faults == []
        return {name for name in MODULES[module_name].secrets if params[name] is not None}

    assert secrets_of("wa_two_step", state="absent") == {"onprem_password", "onprem_token"}
    assert secrets_of("wa_two_step", side="cloud", state="present", phone_number_id="106540352242922") == {
        "access_token",
        "pin",
    }
    assert secrets_of("wa_register", phone_number_id="106540352242922", state="deregistered", check_node=False) == {
        "access_token"
    }
    # the app's own token is for asking which app it is
    assert secrets_of("wa_subscribe", waba_id="102290129340398") == {"access_token", "app_access_token"}
    assert secrets_of("wa_subscribe", waba_id="102290129340398", app_id="700000000000001") == {"access_token"}


def test_the_webhook_endpoint_of_this_machine_may_be_plain_http():
    params, faults = check("wa_webhook_check", webhook_url="http://127.0.0.1:8080/hook?key=1")
    assert (params["webhook_url"], faults) == ("http://127.0.0.1:8080/hook?key=1", [])


def test_secrets_for_the_webhook_endpoint_are_carried_along_only_with_its_address():
    environ = {"WABIZ_WEBHOOK_VERIFY_TOKEN": "a", "WABIZ_APP_SECRET": "b"}
    params, faults = check("wa_preflight", environ)
    assert (params["webhook_verify_token"], params["app_secret"], faults) == (None, None, [])
    params, faults = check("wa_preflight", environ, webhook_url="https://h.example.com")
    assert (params["webhook_verify_token"], params["app_secret"], faults) == ("a", "b", [])


def test_every_fault_of_the_purpose_rules_is_told_at_once():
    rules = [{"purpose": "a b", "meaning": 5}, {"purpose": "x", "meaning": "y", "prohibited_since": "soon"}]
    fault = only_fault("wa_preflight", purpose_rules=rules, purpose="nothing")
    for piece in ("purpose_rules: ", "rule 1: purpose:", "rule 1: meaning:", "rule 2: prohibited_since:"):
        assert piece in fault


def test_paths_are_expanded_where_they_belong(monkeypatch):
    monkeypatch.setenv("HOME", "/home/op")
    graph, node = {"graph_ca_path": "~/g.pem"}, {"onprem_ca_path": "~/n.pem"}
    assert check("wa_preflight", **graph)[0]["graph_ca_path"] == "/home/op/g.pem"
    assert check("wa_preflight", here=False, **graph)[0]["graph_ca_path"] == "/home/op/g.pem"
    assert check("wa_preflight", here=False, graph_via="host", **graph)[0]["graph_ca_path"] == "~/g.pem"
    assert check("wa_preflight", **node)[0]["onprem_ca_path"] == "/home/op/n.pem"
    assert check("wa_preflight", here=False, **node)[0]["onprem_ca_path"] == "~/n.pem"


def test_a_vaulted_value_is_decrypted():
    class Vaulted:
        __ENCRYPTED__ = True

        def __str__(self):
            return "001234"

    assert check("wa_register", pin=Vaulted())[0]["pin"] == "001234"


def test_side():
    assert [
        MODULES[module_name].speaks_to for module_name in ("wa_backup", "wa_health", "wa_register", "wa_report")
    ] == [
        "onprem",
        "graph",
        "both",
        "controller",
    ]
    assert MODULES["wa_two_step"].side({"side": "cloud"}) == "graph"
    assert MODULES["wa_two_step"].side({"side": "onprem"}) == "onprem"
    assert MODULES["wa_register"].side({"check_node": False}) == "graph"
