# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of options in messages. A message names an option as O(name); a runner writes the name that the user knows.

A module that is used alone has options. A role hands their values over from variables, and its users know only these.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Mapping

_MARK = re.compile(r"O\(([a-z_]+)\)")
# With a prefix, both of these options are one variable.
SHARED = {"onprem_retry_for": "retry_for", "graph_retry_for": "retry_for"}

Naming = Callable[[str], str]


def variable(prefix: str, option: str) -> str:
    """Return the variable that an option comes from, by the prefix of the variables."""
    return prefix + SHARED.get(option, option)


def naming(prefix: str = "", variables: Any = None) -> Naming:
    """Return what the user calls an option.

    ``variables`` maps an option to its own variable. One that begins with an underscore is nobody's to set, so it names
    nothing.
    """
    stated: Mapping[str, Any] = variables if isinstance(variables, Mapping) else {}
    own: Dict[str, str] = {option: str(name) for option, name in stated.items() if not str(name).startswith("_")}
    return lambda option: own.get(option) or (variable(prefix, option) if prefix else option)


def written(value: Any, name: Naming) -> Any:
    """Return a value with each O(option) in its texts replaced by the name that the user knows."""
    if isinstance(value, str):
        return _MARK.sub(lambda found: name(found.group(1)), value) if "O(" in value else value
    if isinstance(value, Mapping):
        return {key: written(entry, name) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(entry, name) for entry in value]
    return value
