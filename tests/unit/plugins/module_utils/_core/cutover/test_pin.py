# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the PIN rule: six digits as text or nothing, whether or not two-step verification was cleared."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.cutover import pin
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("cleared", [True, False])
@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("123456", None),
        ("000000", None),
        ("001234", None),
        (None, "no_pin"),
        ("", "no_pin"),
        ("12345", "bad_pin"),
        ("1234567", "bad_pin"),
        ("12345a", "bad_pin"),
        ("123456\n", "bad_pin"),
        (" 123456", "bad_pin"),
        ("123 456", "bad_pin"),
        ("-12345", "bad_pin"),
        ("١٢٣٤٥٦", "bad_pin"),
        ("１２３４５６", "bad_pin"),
    ],
)
def test_judge(stated, cleared, code):
    failure = pin.judge(stated, cleared)
    assert (None if failure is None else failure.code) == code
    assert failure is None or failure.next_step


@given(st.text(max_size=10) | st.text("0123456789", min_size=5, max_size=7))
def test_only_six_ascii_digits_pass(stated):
    failure = pin.judge(stated, False)
    assert (failure is None) == bool(re.match(r"^[0-9]{6}\Z", stated))
    # what was stated is a secret, wrong as it may be
    assert failure is None or len(stated) < 4 or stated not in failure.sentence()


def test_the_plan_says_what_a_wrong_pin_does():
    assert "133005" in pin.consequence(False)
    assert "down" in pin.consequence(False)
    assert "cannot be wrong" in pin.consequence(True)
    # once a node is down, another wrong PIN costs an attempt
    assert "133005" in pin.consequence(False, down=True) and "attempt" in pin.consequence(False, down=True)
    assert pin.consequence(True, down=True) == pin.consequence(True)
