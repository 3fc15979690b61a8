# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of docs/findings: the pages say what the catalogue says, no more and no less."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import catalogue
from ansible_collections.wabiz.migration.tests.gates import findings

PAGES = findings.pages()


def test_there_is_one_page_for_each_finding_and_an_index():
    assert {path.name for path in findings.FOLDER.iterdir()} == set(PAGES), "run make findings"
    assert len(PAGES) == len(catalogue.CATALOGUE) + 1


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_the_catalogues(name):
    assert (findings.FOLDER / name).read_text("utf-8") == PAGES[name], "run make findings"


# The pages are for users of the role.
ROLE_NAMES = re.compile(r"O\((\w+)\)")


@pytest.mark.parametrize("code", sorted(catalogue.CATALOGUE))
def test_a_page_says_everything(code):
    entry = catalogue.CATALOGUE[code]
    page = PAGES[entry.id + ".md"].replace("`", "")
    for wording in (entry.id, entry.severity, entry.title, entry.why, entry.fix, entry.source, code):
        assert wording and ROLE_NAMES.sub(r"wa_migrate_\1", wording) in page
    assert ("can be waived" in page) == (entry.severity == catalogue.BLOCKER and entry.waivable)
    assert "(%s.md)" % entry.id in PAGES[findings.INDEX]
