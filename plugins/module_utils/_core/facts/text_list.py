# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a list that arrives as text, because a survey and an extra variable have no lists. Pure."""

from __future__ import annotations

import json
from typing import Any


def unpacked(value: Any) -> Any:
    """Return the list or the mapping that a JSON text holds, which a template or a survey may have quoted once more.

    Anything else, such as a text that is no JSON, is returned as it is.
    """
    for _turn in range(2):
        if isinstance(value, str) and value.strip()[:1] in ("[", "{", '"'):
            try:
                value = json.loads(value)
            except ValueError:
                return value
    return value
