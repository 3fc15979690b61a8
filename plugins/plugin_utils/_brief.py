# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A result without what nobody looks at: a run keeps the results of all of its hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def brief(value: Any, kept: tuple[str, ...]) -> Any:
    """Return a mapping with these keys only, a list without its entries, and anything else as it is.

    Dots reach into mappings of the mapping.
    """
    if isinstance(value, Mapping):
        inner: dict[str, tuple[str, ...]] = {}
        for path in kept:
            name, _dot, rest = path.partition(".")
            inner[name] = (*inner.get(name, ()), *([rest] if rest else ()))
        return {
            name: brief(value[name], below) if below else value[name] for name, below in inner.items() if name in value
        }
    return [] if isinstance(value, list) else value
