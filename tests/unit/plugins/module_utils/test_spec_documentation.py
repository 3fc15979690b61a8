# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that documentation, role and argument spec say the same."""

from __future__ import annotations

import ast
import importlib
import pathlib

import pytest
import yaml
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES

ROOT = pathlib.Path(_spec.__file__).parents[2]


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
            secret = (
                name in ("pin", "new_pin", "code", "node_code")
                or name.endswith(("_password", "_token", "_secret"))
                or name == "access_token"
            )
            # An address may be signed, and opens what it names by itself then.
            secret = secret or name in ("report_to", "report_to_header")
            assert (name in MODULES[module_name].secrets) == secret, (module_name, name)


ROLE = ROOT / "roles" / "wa_migrate"


# of the playbook and the role alone
ELSEWHERE = {"hosts", "waves", "on_blocker", "clear_two_step", "require_health", "health_wait", "retry_for"}
ELSEWHERE |= {"on_difference", "quiet_wait", "quiet_interval", "soak", "max_parallel_cutovers", "own_variables"}
ELSEWHERE |= {"code_wait", "code_language"}
# the module by itself keeps no events
ELSEWHERE |= {"report_dir"}


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
