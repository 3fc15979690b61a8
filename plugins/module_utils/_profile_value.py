# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a business profile in one option may be: its fields, and the file of its photo."""

from __future__ import annotations

import difflib
from typing import Any, Dict, List

from . import _values
from ._core.facts import profile
from ._core.facts.text_list import unpacked

NAMES = (*profile.FIELDS, profile.PHOTO)


def profile_of(value: Any) -> Dict[str, Any]:
    """Return a profile with the values that an update takes; raises ValueError with all that is wrong with it.

    A field without a value counts as not stated.
    """
    found: Dict[str, Any] = {}
    wrong: List[str] = []
    for key, one in _values.mapping(unpacked(value)).items():
        name = str(key)
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            wrong.append("there is no field %s%s" % (name, "; is %s meant?" % near[0] if near else ""))
            continue
        if one is None or one in ("", []):
            continue
        try:
            found[name] = _field(name, one)
        except ValueError as reason:
            wrong.append("%s: %s" % (name, reason))
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def _field(name: str, value: Any) -> Any:
    stated = _values.list_of_text(value) if name == profile.WEBSITES else _values.text_of(value)
    if name == profile.PHOTO:
        return stated
    sent, why = profile.to_send(name, stated)
    if why:
        raise ValueError(why)
    return sent
