# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _spec: the rules for single values, the check of all options at once, and no drift from docs and role."""

from __future__ import annotations

import ast
import importlib
import pathlib

import pytest
import trustme
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.plugins.module_utils._operations.options import (
    GraphConnection,
    OnPremConnection,
    Variables,
    argument_spec,
)

ROOT = pathlib.Path(_spec.__file__).parents[2]
PASSWORD = "S3cret-of-the-node"
MINIMAL = {
    "wa_backup": {"dest": "/srv/backup.json", "backup_password": "any text", "onprem_password": PASSWORD},
    "wa_register": {
        "phone_number_id": "106540352242922",
        "pin": "001234",
        "backup_file": "/srv/backup.json",
        "backup_password": "any text",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_subscribe": {"waba_id": "102290129340398", "access_token": "EAAB"},
    "wa_health": {"phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_two_step": {"state": "absent", "onprem_password": PASSWORD},
    "wa_number_info": {"phone_number_id": "106540352242922", "access_token": "EAAB"},
    "wa_onprem_info": {"onprem_password": PASSWORD},
    "wa_traffic": {"onprem_password": PASSWORD},
    "wa_preflight": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "pin": "001234",
        "backup_password": "any text",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_snapshot": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "onprem_password": PASSWORD,
        "access_token": "EAAB",
    },
    "wa_compare": {"phone_number_id": "106540352242922", "onprem_password": PASSWORD, "access_token": "EAAB"},
    "wa_wait": {"hosts": ["node1"], "result_var": "cutover"},
    "wa_inputs": {"hosts": ["node1"], "argument_spec": {}},
    "wa_report": {"hosts": ["node1"], "phase": "move"},
    "wa_steps": {"steps": [{"wa_backup": {}}], "onprem_password": PASSWORD, "access_token": "EAAB"},
    "wa_webhook_check": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "webhook_url": "https://hooks.example.com/whatsapp",
        "webhook_verify_token": "any text",
    },
}


def check(module_name, environ=None, here=True, **options):
    return _spec.check(MODULES[module_name], {**MINIMAL[module_name], **options}, environ or {}, here)


def only_fault(module_name, **options):
    _params, faults = check(module_name, **options)
    assert len(faults) == 1, faults
    return faults[0]


# --- one value


def test_pin_that_yaml_read_as_octal_is_refused_with_the_reason():
    assert "octal" in only_fault("wa_register", pin=yaml.safe_load("001234"))


@pytest.mark.parametrize("value", [42, 1.5, True, ["x"]])
def test_password_that_lost_its_form_is_refused(value):
    assert "quotes" in only_fault("wa_backup", backup_password=value)


# --- all options at once


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
        {name: spec for name, spec in argument_spec(side).items() if name not in argument_spec(Variables)}
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


# --- no drift


def documentation(module_name):
    """Return the module's documentation with its fragments, merged by Ansible's own function."""
    plugin_docs = pytest.importorskip("ansible.utils.plugin_docs")
    tree = ast.parse((ROOT / "plugins" / "modules" / (module_name + ".py")).read_text())
    texts = {node.targets[0].id: node.value.value for node in tree.body if isinstance(node, ast.Assign)}
    doc, examples, returns = (yaml.safe_load(texts[name]) for name in ("DOCUMENTATION", "EXAMPLES", "RETURN"))

    class Fragments:
        def get(self, name, *_args, **_kwargs):
            # Ansible asks for a part of a fragment by its whole name first, and takes None for "no such file"
            prefix, _dot, short = name.rpartition(".")
            if prefix != "wabiz.migration":
                return None
            package = "ansible_collections.wabiz.migration.plugins.doc_fragments."
            fragment = importlib.import_module(package + short).ModuleDocFragment
            fragment.ansible_name = name
            return fragment

    plugin_docs.add_fragments(
        doc, str(ROOT / "plugins" / "modules" / (module_name + ".py")), Fragments(), is_module=True
    )
    return doc, examples, returns


def test_every_module_has_one_file_and_is_in_the_action_group():
    files = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("wa_*.py"))
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert files == list(MODULES) == runtime["action_groups"]["wabiz"]


@pytest.mark.parametrize("module_name", MODULES)
def test_documentation_says_what_the_argument_spec_says(module_name):
    doc, examples, returns = documentation(module_name)
    spec = MODULES[module_name].every_option
    facts = ("type", "default", "choices", "elements", "aliases", "required")

    def reported(options):
        return {
            name: {fact: option[fact] for fact in facts if fact in option and (fact == "default" or option[fact])}
            for name, option in options.items()
        }

    assert reported(doc["options"]) == reported(spec)
    assert all(option.get("description") for option in doc["options"].values())
    assert {"check_mode", "diff_mode", "idempotent", "platform", "action", "action_group", "become"} <= set(
        doc["attributes"]
    )
    assert all("support" in attribute for attribute in doc["attributes"].values())
    for name, variable in _spec.ENVIRONMENT.items():
        if name in spec:
            assert variable in str(doc["options"][name]["description"]), name
    names = {alias for name, option in spec.items() for alias in [name, *option.get("aliases", [])]}
    used = [task["wabiz.migration." + module_name] for task in examples if "wabiz.migration." + module_name in task]
    assert used
    assert all(set(task) <= names for task in used)
    assert returns["failure"]["returned"] == "failure"


@pytest.mark.parametrize("module_name", MODULES)
def test_examples_pass_the_check(module_name):
    environ = {
        "WABIZ_ACCESS_TOKEN": "EAAB",
        "WABIZ_ONPREM_PASSWORD": "x",
        "WABIZ_PIN": "123456",
        "WABIZ_BACKUP_PASSWORD": "x",
    }
    for task in documentation(module_name)[1]:
        options = task.get("wabiz.migration." + module_name)
        if options is not None:
            kinds = {name: option["type"] for name, option in MODULES[module_name].every_option.items()}
            stated = {
                name: ({} if kinds.get(name) == "dict" else "123456")
                if "{{" in str(value) and not isinstance(value, list)
                else value
                for name, value in options.items()
            }
            assert _spec.check(MODULES[module_name], stated, environ)[1] == [], task["name"]


def test_secrets_are_marked():
    for module_name in MODULES:
        for name in MODULES[module_name].every_option:
            secret = name == "pin" or name.endswith(("_password", "_token", "_secret")) or name == "access_token"
            assert (name in MODULES[module_name].secrets) == secret, (module_name, name)


# --- the role


ROLE = ROOT / "roles" / "wa_migrate"
# of the playbook and the role alone
ELSEWHERE = {"hosts", "waves", "on_blocker", "clear_two_step", "require_health", "health_wait", "retry_for"}
ELSEWHERE |= {"on_difference", "quiet_wait", "quiet_interval", "soak", "max_parallel_cutovers", "own_variables"}


def role_options(entry):
    return contract()[entry]["options"]


def contract():
    return yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]


def test_role_defaults_are_the_contract():
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    assert defaults == {name: option["default"] for name, option in role_options("main").items() if "default" in option}
    assert set(contract()) == {"main", "preflight"} and "options" not in contract()["preflight"], "described once"


def test_role_defaults_name_every_option_for_the_reader():
    text = (ROLE / "defaults" / "main.yml").read_text()
    assert [name for name in role_options("main") if name + ":" not in text] == []


def test_role_options_agree_with_the_modules():
    modules = {name: option for module_name in MODULES for name, option in MODULES[module_name].every_option.items()}
    for full, option in role_options("main").items():
        name = full[len("wa_migrate_") :]
        assert full.startswith("wa_migrate_")
        if name in ELSEWHERE:
            continue
        assert option.get("choices") == modules[name].get("choices"), name
        assert option["type"] in ("raw", modules[name]["type"]) or option["type"] == "str", name
        assert option.get("default", modules[name].get("default")) == modules[name].get("default"), name
        assert option.get("no_log", False) == bool(modules[name].get("no_log")), name


def test_no_secret_of_the_role_has_a_default():
    assert [name for name, option in role_options("main").items() if option.get("no_log") and "default" in option] == []


# --- the environment


def test_what_is_stated_goes_before_the_environment():
    """A password in the inventory is not outdone by a token that an old shell still holds, nor a CA by its absence."""
    params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_TOKEN": "old"})
    assert (faults, params["onprem_password"], params["onprem_token"]) == ([], PASSWORD, None)
    stated = {"onprem_password": None, "onprem_token": "EAAB"}
    params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_PASSWORD": "old"}, **stated)
    assert (faults, params["onprem_password"], params["onprem_token"]) == ([], None, "EAAB")
    params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_VALIDATE_CERTS": "false"}, onprem_ca_path="/ca.pem")
    assert (faults, params["onprem_validate_certs"]) == ([], True)
    params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_CA_PATH": "/ca.pem"}, onprem_validate_certs=False)
    assert (faults, params["onprem_ca_path"]) == ([], None)
    params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_VALIDATE_CERTS": "false"})
    assert (faults, params["onprem_validate_certs"]) == ([], False)


def test_a_fault_of_a_value_from_the_environment_names_its_variable():
    _params, faults = check("wa_onprem_info", {"WABIZ_ONPREM_PASSWORD": "secret\n"}, onprem_password=None)
    assert len(faults) == 1 and faults[0].startswith(
        "onprem_password (from WABIZ_ONPREM_PASSWORD): it holds a line break"
    )
    assert "secret" not in faults[0].replace("ansible-vault encrypt_string", "")


# --- files


def test_a_file_with_a_certificate_is_taken(tmp_path):
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    stated = {**MINIMAL["wa_preflight"], "graph_ca_path": str(tmp_path / "ca.pem"), "onprem_ca_path": "/on/the/host"}
    params, faults = _spec.check(MODULES["wa_preflight"], stated, {}, here=False)
    assert (faults, _spec.file_faults(MODULES["wa_preflight"], stated, params, here=False)) == ([], [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("directory", "is a directory"),
        ("", "holds no certificate"),
        ("not a certificate", "holds no certificate"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no certificate"),
    ],
)
@pytest.mark.parametrize("name", ["onprem_ca_path", "graph_ca_path", "webhook_ca_path", "freeze_ca_path"])
def test_a_ca_file_that_is_none(tmp_path, name, content, says):
    path = tmp_path / "ca.pem"
    if content == "directory":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    stated = {**MINIMAL["wa_preflight"], name: str(path), "freeze": "https://changes.example.com/freeze"}
    params, faults = _spec.check(MODULES["wa_preflight"], stated, {})
    assert faults == []
    (fault,) = _spec.file_faults(MODULES["wa_preflight"], stated, params)
    assert fault.startswith(name + ": ") and says in fault
    (fault,) = _spec.file_faults(MODULES["wa_preflight"], MINIMAL["wa_preflight"], params)
    assert _spec.ENVIRONMENT.get(name, "") in fault


def test_a_fault_is_told_under_the_alias_that_was_written(tmp_path):
    _params, faults = check("wa_onprem_info", validate_certs="perhaps")
    assert [fault.partition(":")[0] for fault in faults] == ["validate_certs"]
    stated = {**MINIMAL["wa_onprem_info"], "ca_path": str(tmp_path)}
    params, _faults = _spec.check(MODULES["wa_onprem_info"], stated, {})
    assert [fault.partition(":")[0] for fault in _spec.file_faults(MODULES["wa_onprem_info"], stated, params)] == [
        "ca_path"
    ]


def test_a_file_of_the_host_is_for_the_host_to_check():
    stated = {**MINIMAL["wa_preflight"], "onprem_ca_path": "/nowhere", "graph_ca_path": "/nowhere", "graph_via": "host"}
    params, _faults = _spec.check(MODULES["wa_preflight"], stated, {}, here=False)
    assert _spec.file_faults(MODULES["wa_preflight"], stated, params, here=False) == []
    assert len(_spec.file_faults(MODULES["wa_preflight"], stated, params, here=True)) == 2
