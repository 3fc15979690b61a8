# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the catalogue: stable IDs, one severity each, and a finding for every code that the rules can give."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core import catalogue, gate, pin, preflight, record
from ansible_collections.wabiz.migration.plugins.module_utils._failure import Failure

# What has been published keeps its meaning: an ID may be added, never given to something else.
PUBLISHED = {
    "graph_unreadable": ("WM101", "blocker"),
    "node_unreadable": ("WM102", "blocker"),
    "unknown_place": ("WM103", "blocker"),
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
    "held": ("WM130", "warning"),
    "clock_skew": ("WM132", "warning"),
    "without_backup": ("WM134", "warning"),
    "pin_may_be_wrong": ("WM150", "note"),
}
# Said at the door only, never by preflight.
AT_THE_DOOR = {"wrong_pin_elsewhere"}


def codes_in(module):
    """Return the codes that a rule file gives to its failures."""
    found = set()
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Failure":
            code = call.args[0] if call.args else next(word.value for word in call.keywords if word.arg == "code")
            found.add(ast.literal_eval(code))
    return found


@pytest.mark.parametrize("module", [gate, pin, preflight, record])
def test_every_code_of_the_rules_is_in_the_catalogue(module):
    codes = codes_in(module)
    assert codes
    assert codes - AT_THE_DOOR <= set(catalogue.CATALOGUE)


def test_the_gate_only_blocks_and_the_notes_never_do():
    severity = {code: entry.severity for code, entry in catalogue.CATALOGUE.items()}
    assert {severity[code] for code in (codes_in(gate) | codes_in(pin)) - AT_THE_DOOR} == {catalogue.BLOCKER}
    assert catalogue.BLOCKER not in {severity[code] for code in codes_in(preflight) | codes_in(record)}


def test_published_ids_keep_their_meaning():
    assert {code: (catalogue.CATALOGUE[code].id, catalogue.CATALOGUE[code].severity) for code in PUBLISHED} == PUBLISHED


def test_ids_are_unique_and_well_formed():
    ids = [entry.id for entry in catalogue.CATALOGUE.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.match(r"^WM[0-9]{3}\Z", found) for found in ids)
    assert all(entry.severity in catalogue.SEVERITIES and entry.source for entry in catalogue.CATALOGUE.values())


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
    assert catalogue.text(found) == "WM114 blocker: It is used up. 8 of 8. Fix: wait."
    assert catalogue.text({**found, "fix": ""}) == "WM114 blocker: It is used up. 8 of 8."


def test_a_code_outside_of_the_catalogue_is_our_own_error():
    with pytest.raises(KeyError):
        catalogue.finding(Failure("something else", "x"), "1")


def test_blockers():
    found = tuple(
        catalogue.finding(Failure(code, "x"), "1") for code in ("held", "budget", "pin_may_be_wrong", "neither")
    )
    assert [row["id"] for row in catalogue.blockers(found)] == ["WM114", "WM104"]
    assert catalogue.blockers(()) == ()
