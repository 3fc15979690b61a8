# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of a list of recipients: every fault at once, no number in a reason, and two forms of a number are one."""

from __future__ import annotations

import re

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import phone_number, recipients
from hypothesis import given
from hypothesis import strategies as st


def reasons(text):
    with pytest.raises(ValueError) as caught:
        recipients.parse(text)
    return str(caught.value)


def test_a_list():
    found = recipients.parse("# customers\n+1 631 555 0101\n\n  +49 (1555) 010-0102  \r\n4915550100103\n")
    assert [(one.number, one.line) for one in found] == [("16315550101", 2), ("4915550100102", 4), ("4915550100103", 5)]
    assert found[0].label == "line 2 (...0101)"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ("no recipient",)),
        ("# nobody\n", ("no recipient",)),
        ("16315550101", ("half written",)),
        ("16315550101\n1631", ("half written", "line 2: a phone number has 7 to 15")),
        ("nobody\n", ("line 1: not a phone number",)),
        ("16315550101,16315550102\n", ("line 1: not",)),
        ("+1 631+555 0101\n", ("line 1: not",)),
        ("١٦٣١٥٥٥٠١٠١\n", ("line 1: not",)),
        ("0049 1555 0100102\n", ("line 1: begins with 0",)),
        ("1234567890123456\n", ("7 to 15",)),
        ("16315550101\n+1 (631) 555-0101\n", ("line 2: the same number as in line 1",)),
        ("+55 11 98765 4321\n+55 11 8765 4321\n", ("line 2: the same number as in line 1",)),
        ("+52 1 55 1234 5678\nx\n+52 55 1234 5678\n", ("line 2: not", "line 3: the same number as in line 1")),
    ],
)
def test_every_fault_is_told_at_once(text, pieces):
    found = reasons(text)
    assert all(piece in found for piece in pieces), found
    assert not re.search(r"[0-9]{7}", found), "no reason repeats a number"


def test_a_message_stays_readable():
    found = reasons("x\n" * 100)
    assert found.count("line ") == 20 and found.endswith("and 80 faults more")


def test_too_many(monkeypatch):
    monkeypatch.setattr(recipients, "MOST", 2)
    assert "3 recipients" in reasons("".join(f"1631555010{at}\n" for at in range(3)))


@given(st.lists(st.from_regex(r"\A(55|52|521|54|549|225|1|49)[1-9][0-9]{6,9}\Z"), min_size=1, max_size=30))
def test_no_two_recipients_are_one_number(numbers):
    try:
        found = recipients.parse("".join(number + "\n" for number in numbers))
    except ValueError:
        # A fault is told only where two of them are one number in some form.
        assert any(
            phone_number.same(one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 :]
        ) or any(len(number) > 15 for number in numbers)
        return
    assert [one.number for one in found] == numbers
    assert not any(
        one.number in phone_number.forms(other.number) for one in found for other in found if one is not other
    )
