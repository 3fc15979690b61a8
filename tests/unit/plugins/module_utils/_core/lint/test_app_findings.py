# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what the linter's findings mean for a number."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import app_findings, output
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.catalogue import RULES


def failures(*rules: tuple[str, str], files: int = 3, left_out: int = 0):
    tally = app_findings.Tally()
    for at, (rule, file) in enumerate(rules, 1):
        tally.add(output.finding(rule, file, at, seen="what was read"))
    return tally.failures(files, left_out)


def test_errors_are_one_blocker_and_warnings_one_warning():
    assert {name: RULES[name].severity for name in ("L01", "L18", "L19", "L07")} == {
        "L01": "error",
        "L18": "error",
        "L19": "warning",
        "L07": "note",
    }
    found = failures(("L19", "a.py"), ("L01", "b.json"), ("L18", "a.py"), ("L18", "c.py"), ("L07", "b.json"))
    assert [failure.code for failure in found] == ["app_not_ready", "app_differs"]
    errors, warnings = found
    assert errors.details.startswith("wa_lint reports 3 errors in 3 files: L18 (2), L01 (1). The first: b.json:2 error")
    assert warnings.details.startswith("wa_lint reports 1 warning in 1 file: L19 (1). The first: a.py:1 warning L19")
    assert all("lint_paths" in failure.next_step for failure in found)


def test_an_application_without_findings_or_with_notes_only_is_ready():
    assert failures() == []
    assert failures(("L07", "b.json")) == []


def test_no_file_is_no_proof():
    (only,) = failures(files=0)
    assert only.code == "app_not_linted"


def test_many_rules_are_counted_and_so_is_what_is_left_out():
    names = [name for name, rule in RULES.items() if rule.severity == "error"][:7]
    (only,) = failures(*((name, "a.json") for name in names), left_out=12)
    assert "and 2 other rules" in only.details
    assert only.details.endswith(" 12 further findings are not counted here.")


def test_only_the_blocker_can_be_waived():
    assert app_findings.NOT_READY.waivable
    assert [one.severity for one in (app_findings.NOT_READY, app_findings.DIFFERS, app_findings.NOT_LINTED)] == [
        "blocker",
        "warning",
        "warning",
    ]
