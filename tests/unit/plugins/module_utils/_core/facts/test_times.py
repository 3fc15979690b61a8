# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a time that was written down is still to come."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import times
from hypothesis import given
from hypothesis import strategies as st

NOW = 1795760000.0


@given(st.floats(-1e6, 1e6))
def test_what_is_to_come_is_counted_and_what_has_passed_is_none(later):
    left = times.seconds_until(times.utc(NOW + later), NOW)
    assert left == pytest.approx(max(0.0, later), abs=1.0)


@pytest.mark.parametrize("value", [None, "", "soon", True, -1, "2026-13-40"])
def test_what_is_no_time_is_what_the_caller_says(value):
    assert times.seconds_until(value, NOW) == 0.0
    assert times.seconds_until(value, NOW, 120.0) == 120.0
