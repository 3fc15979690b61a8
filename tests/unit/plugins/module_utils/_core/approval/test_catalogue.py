# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the catalogue: stable IDs, one severity each, and a finding for every code that the rules can give."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _core
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import (
    attempt_log,
    gate_findings,
    pin,
    preflight,
)
from ansible_collections.wabiz.migration.plugins.module_utils._core.findings.finding import Finding
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure
from ansible_collections.wabiz.migration.tests.unit import test_architecture as architecture

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


def findings_of(module: object) -> dict[str, Finding]:
    """Return the findings that a file declares, or imports, by their code."""
    return {found.code: found for found in vars(module).values() if isinstance(found, Finding)}


def declared() -> Iterator[tuple[str, Finding]]:
    """Yield every finding of the rules with the file that declares it."""
    for name in architecture.FILES:
        if architecture.layer(name) == "_core":
            module = importlib.import_module(_core.__name__ + name[len("module_utils/_core") : -3].replace("/", "."))
            source = ast.parse(architecture.read(name))
            assigned = [node for node in source.body if isinstance(node, ast.Assign)]
            names = {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}
            yield from ((name, vars(module)[one]) for one in names if isinstance(vars(module)[one], Finding))


def test_every_declared_finding_is_in_the_catalogue():
    """A file that declares findings has to be in DECLARING; a code or an ID that is used twice hides one of the two."""
    found = list(declared())
    assert [(name, one.code) for name, one in found if catalogue.CATALOGUE.get(one.code) is not one] == []
    assert len(found) == len(catalogue.CATALOGUE) == len(catalogue.BY_ID)


def test_every_declared_finding_is_raised():
    """Its name stands in a second place: the rule that raises it."""
    text = "".join(architecture.read(name) for name in architecture.FILES)
    names = {one for module in catalogue.DECLARING for one, value in vars(module).items() if isinstance(value, Finding)}
    assert [name for name in sorted(names) if len(re.findall(rf"\b{name}\b", text)) < 2] == []


def test_no_rule_writes_a_finding_a_second_time():
    """A failure with the code of a finding comes from the finding, which has the title and the next step."""
    written = {
        (name, call.args[0].value)
        for name in architecture.FILES
        for call in ast.walk(ast.parse(architecture.read(name)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Failure" and call.args
        if isinstance(call.args[0], ast.Constant) and call.args[0].value in catalogue.CATALOGUE
    }
    assert written == set()


def test_the_gate_only_blocks_and_the_notes_never_do():
    assert {one.severity for one in {**findings_of(gate_findings), **findings_of(pin)}.values()} == {catalogue.BLOCKER}
    notes = {**findings_of(preflight), **findings_of(attempt_log)}
    assert notes and catalogue.BLOCKER not in {one.severity for one in notes.values()}


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
    # the first word becomes the beginning of a next step
    assert entry.fix[:1].isupper() and entry.next_step[:1].islower() and not entry.next_step.endswith(".")


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
    gate = {**findings_of(gate_findings), **findings_of(pin)}
    assert [code for code, one in gate.items() if one.waivable] == ["not_verified"]
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
