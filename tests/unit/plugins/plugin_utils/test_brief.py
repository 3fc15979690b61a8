# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a result that nobody looks at."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.plugin_utils._brief import brief

NODE = {"wa_id": "1", "traffic": {"taken_at": 5, "counters": {"a": 1}, "gauges": {"b": 2}}, "photo": None}


@pytest.mark.parametrize(
    ("value", "kept", "left"),
    [
        (NODE, ("wa_id", "not there"), {"wa_id": "1"}),
        (NODE, ("traffic.taken_at", "traffic.counters"), {"traffic": {"taken_at": 5, "counters": {"a": 1}}}),
        (NODE, ("traffic",), {"traffic": NODE["traffic"]}),
        (NODE, (), {}),
        ({"photo": None}, ("photo.there",), {"photo": None}),
        ([1, 2], (), []),
        (None, ("a",), None),
        ("text", (), "text"),
    ],
)
def test_only_what_is_named_stays(value: Any, kept: tuple[str, ...], left: Any) -> None:
    assert brief(value, kept) == left
