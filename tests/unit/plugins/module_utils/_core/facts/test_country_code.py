# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The country calling code of a number: every number has exactly one, and nothing of it is lost."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import country_code
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("+1 631-555-1019", ("1", "6315551019")),
        ("+7 495 123-45-67", ("7", "4951234567")),
        ("+49 30 901820", ("49", "30901820")),
        ("+55 11 98765-4321", ("55", "11987654321")),
        ("+39 06 698 12345", ("39", "0669812345")),
        ("+351 21 322 7000", ("351", "213227000")),
        ("+852 2123 4567", ("852", "21234567")),
        ("+255 22 211 1111", ("255", "222111111")),
        ("+971 4 123 4567", ("971", "41234567")),
        ("+598 2 901 2345", ("598", "29012345")),
    ],
)
def test_the_code_and_the_rest(number: str, parts: tuple[str, str]) -> None:
    assert country_code.split(number) == parts


@given(st.text(alphabet="0123456789", min_size=7, max_size=15).filter(lambda text: text[0] != "0"))
def test_nothing_is_lost(number: str) -> None:
    code, rest = country_code.split(f"+{number}")
    assert code + rest == number
    assert 1 <= len(code) <= 3
    assert country_code.split(code + "0" * 9)[0] == code
