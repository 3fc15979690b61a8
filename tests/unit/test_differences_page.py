# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of docs/differences.md: the page says what the rules of wa_lint say."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.catalogue import RULES
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.rule import FILES
from ansible_collections.wabiz.migration.tests.gates import differences


def test_the_page_is_the_rules():
    assert differences.TARGET.read_text("utf-8") == differences.page(), "run make differences"


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_page_says_everything(rule):
    page = differences.page().replace("\\|", "|")
    wanted = (rule.id, rule.title, rule.why, rule.fix, rule.source)
    if FILES not in rule.looks:
        wanted += (rule.onprem, rule.cloud)
    assert all(text in page for text in wanted)
