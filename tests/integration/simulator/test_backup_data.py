# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup string: opaque, never the same, and refused when altered, foreign or opened with another password."""

from __future__ import annotations

import base64

import pytest
from wabiz_simulator import backup

SETTINGS = {"profile": {"about": "Open"}}


def test_it_comes_back_with_the_right_password() -> None:
    assert backup.read(backup.make("15550000000", "tacocat", SETTINGS), "tacocat", "15550000000") == SETTINGS


def test_each_one_is_different_and_none_shows_what_is_in_it() -> None:
    one, two = (backup.make("15550000000", "tacocat", SETTINGS) for _unused in range(2))
    assert one != two
    assert one.startswith("V0FC")
    assert b"15550000000" not in base64.b64decode(one)
    assert b"tacocat" not in base64.b64decode(one)


@pytest.mark.parametrize("at", [0, 8, 60, -3])
def test_a_changed_one_is_refused(at: int) -> None:
    data = backup.make("15550000000", "tacocat", SETTINGS)
    position = at % len(data)
    changed = data[:position] + ("A" if data[position] != "A" else "B") + data[position + 1 :]
    with pytest.raises(backup.BackupError):
        backup.read(changed, "tacocat", "15550000000")


@pytest.mark.parametrize(
    ("password", "number", "why"), [("other", "15550000000", "password"), ("tacocat", "15550000001", "number")]
)
def test_a_wrong_password_or_number_is_refused(password: str, number: str, why: str) -> None:
    with pytest.raises(backup.BackupError, match=why):
        backup.read(backup.make("15550000000", "tacocat", SETTINGS), password, number)
