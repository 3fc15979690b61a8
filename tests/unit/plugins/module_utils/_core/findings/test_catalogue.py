# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the catalogue: stable IDs, one severity each, and a finding for every code that the rules can give."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import (
    app,
    deployment,
    number,
    purpose,
    versions,
    waba,
    webhook,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import (
    attempt_log,
    gate,
    pin,
    preflight,
    recovery,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.findings import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure

# What has been published keeps its meaning: an ID may be added, never given to something else.
PUBLISHED = {
    "graph_unreadable": ("WM101", "blocker"),
    "node_unreadable": ("WM102", "blocker"),
    "unknown_location": ("WM103", "blocker"),
    "neither": ("WM104", "blocker"),
    "cloud_not_connected": ("WM105", "blocker"),
    "wrong_node": ("WM106", "blocker"),
    "wrong_waba": ("WM107", "blocker"),
    "not_verified": ("WM108", "blocker"),
    "no_pin": ("WM109", "blocker"),
    "bad_pin": ("WM110", "blocker"),
    "no_backup_password": ("WM111", "blocker"),
    "state_directory": ("WM112", "blocker"),
    "state_not_durable": ("WM113", "blocker"),
    "budget": ("WM114", "blocker"),
    "other_run": ("WM130", "warning"),
    "clock_skew": ("WM132", "warning"),
    "without_backup": ("WM134", "warning"),
    "pin_may_be_wrong": ("WM150", "note"),
    "token_invalid": ("WM119", "blocker"),
    "app_webhook": ("WM123", "blocker"),
    "node_first_login": ("WM125", "blocker"),
    "node_not_serving": ("WM128", "blocker"),
    "graph_version": ("WM137", "warning"),
    "number_health": ("WM143", "warning"),
    "one_way": ("WM149", "note"),
    "biz_app": ("WM201", "blocker"),
    "coexistence": ("WM202", "note"),
    "name_unusable": ("WM203", "blocker"),
    "no_payment": ("WM204", "warning"),
    "app_unknown": ("WM205", "blocker"),
    "webhook_user_id": ("WM206", "blocker"),
    "wrong_pin": ("WM207", "blocker"),
    "after_wrong_pin": ("WM208", "warning"),
    "recovery_backup": ("WM209", "blocker"),
}
# Said at the door only, never by preflight.
BEFORE_REGISTER = {"wrong_pin_elsewhere", "pin_not_cleared"}


def codes_in(module):
    """Return the codes that a rule file gives to its failures."""
    found = set()
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Failure":
            code = call.args[0] if call.args else next(word.value for word in call.keywords if word.arg == "code")
            found.add(ast.literal_eval(code))
    return found


@pytest.mark.parametrize(
    "module", [gate, pin, preflight, purpose, attempt_log, recovery, webhook, app, deployment, number, versions, waba]
)
def test_every_code_of_the_rules_is_in_the_catalogue(module):
    codes = codes_in(module)
    assert codes
    assert codes - BEFORE_REGISTER <= set(catalogue.CATALOGUE)


def test_the_gate_only_blocks_and_the_notes_never_do():
    severity = {code: entry.severity for code, entry in catalogue.CATALOGUE.items()}
    assert {severity[code] for code in (codes_in(gate) | codes_in(pin)) - BEFORE_REGISTER} == {catalogue.BLOCKER}
    assert catalogue.BLOCKER not in {severity[code] for code in codes_in(preflight) | codes_in(attempt_log)}


def test_published_ids_keep_their_meaning():
    assert {code: (catalogue.CATALOGUE[code].id, catalogue.CATALOGUE[code].severity) for code in PUBLISHED} == PUBLISHED


def test_ids_are_unique_and_well_formed():
    ids = [entry.id for entry in catalogue.CATALOGUE.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.match(r"^WM[0-9]{3}\Z", found) for found in ids)
    assert all(entry.severity in catalogue.SEVERITIES and entry.source for entry in catalogue.CATALOGUE.values())


@pytest.mark.parametrize("code", sorted(catalogue.CATALOGUE))
def test_an_entry_says_what_its_page_needs(code):
    entry = catalogue.CATALOGUE[code]
    assert not entry.title.endswith(".")
    assert entry.why.endswith(".") and entry.fix.endswith((".", '"', ")"))
    assert len(entry.title) <= 90


# What stands for a rule that must hold in every case.
NEVER_WAIVED = {
    "graph_unreadable",
    "node_unreadable",
    "unknown_location",
    "neither",
    "cloud_not_connected",
    "wrong_node",
    "wrong_waba",
    "no_pin",
    "bad_pin",
    "no_backup_password",
    "state_directory",
    "state_not_durable",
    "budget",
    "host_files",
    "subscription_unreadable",
    "override_kept",
    "waba_unreadable",
    "token_invalid",
    "other_app",
    "scope_missing",
    "node_first_login",
    "node_login",
    "node_token",
    "node_not_serving",
    "node_not_ready",
    "biz_app",
    "name_unusable",
    "app_unknown",
    "wrong_pin",
    "recovery_backup",
}


def test_no_waiver_leads_past_a_rule_that_must_hold():
    assert not [code for code in NEVER_WAIVED if catalogue.CATALOGUE[code].waivable]
    assert not [
        code
        for code in codes_in(gate) | codes_in(pin)
        if code in catalogue.CATALOGUE and catalogue.CATALOGUE[code].waivable and code != "not_verified"
    ]
    judgement = {"not_verified", "token_expires", "app_webhook", "waba_review"}
    assert all(catalogue.CATALOGUE[code].waivable for code in judgement)


def test_a_finding():
    found = catalogue.finding(Failure("budget", "It is used up.", "8 of 8", next_step="wait"), "15550120001")
    assert found == {
        "id": "WM114",
        "severity": "blocker",
        "number": "15550120001",
        "seen": "It is used up. 8 of 8",
        "fix": "wait",
        "source": catalogue.CATALOGUE["budget"].source,
    }
    assert catalogue.text(found) == "WM114 blocker: It is used up. 8 of 8. Next: wait."
    assert catalogue.text({**found, "fix": ""}) == "WM114 blocker: It is used up. 8 of 8."


def test_a_failure_about_one_finding_has_its_next_step_once():
    found = catalogue.finding(Failure("budget", "It is used up.", "8 of 8", next_step="wait."), "1")
    one = catalogue.failure("blocked", "Blocked", [found])
    assert one.sentence() == (
        "Blocked [blocked]. WM114 blocker: It is used up. 8 of 8. It is safe to run again. Next: wait."
    )
    assert catalogue.failure("lost", "Lost", [found], "It stays.").next_step == "wait. It stays"
    assert catalogue.failure("lost", "Lost", [{**found, "fix": ""}], "It stays").next_step == "It stays"


def test_a_failure_about_two_findings_has_the_next_step_of_each():
    found = [catalogue.finding(Failure("budget", title, next_step=title.lower()), "1") for title in ("Wait", "Ask")]
    two = catalogue.failure("blocked", "Blocked", found)
    assert two.details == "(1) WM114 blocker: Wait. Next: wait. (2) WM114 blocker: Ask. Next: ask."
    assert two.next_step == "fix all of them, then run the same command again"


def test_a_code_outside_of_the_catalogue_is_our_own_error():
    with pytest.raises(KeyError):
        catalogue.finding(Failure("something else", "x"), "1")


def test_blockers():
    found = tuple(
        catalogue.finding(Failure(code, "x"), "1") for code in ("other_run", "budget", "pin_may_be_wrong", "neither")
    )
    assert [row["id"] for row in catalogue.blockers(found)] == ["WM114", "WM104"]
    assert catalogue.blockers(()) == ()
