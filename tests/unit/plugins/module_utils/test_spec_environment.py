# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the check of options: the environment, and files of this machine."""

from __future__ import annotations

import pytest
import trustme
from ansible_collections.wabiz.migration.plugins.module_utils import _spec
from ansible_collections.wabiz.migration.plugins.module_utils._modules import MODULES
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils.option_check import MINIMAL, PASSWORD, check


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


def test_a_file_with_a_certificate_is_taken(tmp_path):
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    stated = {**MINIMAL["wa_preflight"], "graph_ca_path": str(tmp_path / "ca.pem"), "onprem_ca_path": "/on/the/host"}
    params, faults = _spec.check(MODULES["wa_preflight"], stated, {}, here=False)
    assert (faults, _spec.file_errors(MODULES["wa_preflight"], stated, params, here=False)) == ([], [])


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
    (fault,) = _spec.file_errors(MODULES["wa_preflight"], stated, params)
    assert fault.startswith(name + ": ") and says in fault
    (fault,) = _spec.file_errors(MODULES["wa_preflight"], MINIMAL["wa_preflight"], params)
    assert _spec.ENVIRONMENT.get(name, "") in fault


def test_a_fault_is_told_under_the_alias_that_was_written(tmp_path):
    _params, faults = check("wa_onprem_info", validate_certs="perhaps")
    assert [fault.partition(":")[0] for fault in faults] == ["validate_certs"]
    stated = {**MINIMAL["wa_onprem_info"], "ca_path": str(tmp_path)}
    params, _faults = _spec.check(MODULES["wa_onprem_info"], stated, {})
    assert [fault.partition(":")[0] for fault in _spec.file_errors(MODULES["wa_onprem_info"], stated, params)] == [
        "ca_path"
    ]


def test_a_file_of_the_host_is_for_the_host_to_check():
    stated = {**MINIMAL["wa_preflight"], "onprem_ca_path": "/nowhere", "graph_ca_path": "/nowhere", "graph_via": "host"}
    params, _faults = _spec.check(MODULES["wa_preflight"], stated, {}, here=False)
    assert _spec.file_errors(MODULES["wa_preflight"], stated, params, here=False) == []
    assert len(_spec.file_errors(MODULES["wa_preflight"], stated, params, here=True)) == 2
