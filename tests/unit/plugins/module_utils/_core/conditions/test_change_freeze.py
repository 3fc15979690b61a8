# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the freeze rule: what a file, an answer or a word says, and nothing else."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.conditions import change_freeze
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, ""),
        (b"", ""),
        (b"\n", "no reason is given"),
        (b"no", "no"),
        (b"\n  Black \x1b[31m Friday \r\nmore", "Black [31m Friday"),
        (b"\xff\xfe", "��"),
        (b"x" * 300, "x" * 197 + "..."),
    ],
)
def test_a_file(content, why):
    assert change_freeze.of_file(content) == why


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b"", ""),
        (200, b" \n", ""),
        (200, b"No\n", ""),
        (200, b"off", ""),
        (200, b"FALSE", ""),
        (204, b"", ""),
        (200, b"yes", "yes"),
        (200, b'{"frozen": false}', '{"frozen": false}'),
        (200, b"not today", "not today"),
        (201, b"", "the answer was HTTP 201"),
        (301, b"", "the answer was HTTP 301"),
        (404, b"", "the answer was HTTP 404"),
        (500, b"no", "the answer was HTTP 500"),
    ],
)
def test_an_answer(status, body, why):
    assert change_freeze.of_answer(status, body) == why


@given(st.integers(0, 999).filter(lambda status: status not in (200, 204)), st.binary(max_size=50))
def test_any_other_status_means_stop(status, body):
    assert change_freeze.of_answer(status, body)


@given(st.binary(max_size=400))
def test_a_reason_is_one_short_line(body):
    for why in (change_freeze.of_file(body), change_freeze.of_answer(200, body)):
        assert len(why) <= 200 and why.isprintable()
    assert bool(change_freeze.of_file(body)) == bool(body)


def test_a_word_and_the_failure():
    assert change_freeze.of_word("frozen: until Monday ") == "until Monday"
    assert change_freeze.of_word("frozen:") == "no reason is given"
    failure = change_freeze.failure("/etc/freeze", "ask Ada")
    assert (failure.code, failure.details, failure.safe_to_rerun) == ("frozen", "/etc/freeze: ask Ada", True)
