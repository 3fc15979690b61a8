# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that name files or folders of this machine: one path, a list of them, or a mapping with one."""

from __future__ import annotations

import os
from typing import Any, List

from ._core.facts.profile import PHOTO


def expanded(value: Any) -> Any:
    """Return a path, each of a list, or the photo of a profile, with ``~`` and variables expanded."""
    if isinstance(value, dict):
        return {name: expanded(one) if name == PHOTO else one for name, one in value.items()}
    if isinstance(value, list):
        return [expanded(one) for one in value]
    return os.path.expanduser(os.path.expandvars(value))


def check(paths: List[str]) -> None:
    """Raise ValueError with every path of this machine that is not there, or that the user of this task can't read."""
    lost = [path for path in paths if not os.path.exists(path)]
    closed = [path for path in paths if path not in lost and not _readable(path)]
    found = ["no such file or folder on this machine: %s" % ", ".join(lost)] if lost else []
    found += ["the user of this task may not read %s" % ", ".join(closed)] if closed else []
    if found:
        raise ValueError("; ".join(found))


def _readable(path: str) -> bool:
    return os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK)
