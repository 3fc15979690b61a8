# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks the progress display does not show by themselves, and what of their results it prints."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_COLLECTION = os.path.realpath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
_REPORT = "wabiz.migration.wa_report"
_DEBUG = ("ansible.builtin.debug", "debug")
# Its few tasks are not about numbers.
_SIMULATOR = "simulator"


@lru_cache(maxsize=4096)
def _is_here(path: str) -> bool:
    """Tell whether a file of tasks belongs to this collection."""
    return os.path.realpath(path).startswith(_COLLECTION + os.sep)


def is_of_migration(part: Any) -> bool:
    """Tell whether a play or a task is the collection's own, and one that moves numbers."""
    role = getattr(part, "_role", None)
    if role is None:
        path = str(part.get_path() or "").rpartition(":")[0]
        return bool(path) and _is_here(path)
    # The check of a role's arguments is a task of the role that stands in no file of it.
    return _is_here(str(role._role_path)) and role.get_name().rpartition(".")[2] != _SIMULATOR


class Told:
    """What the results of a run have said already."""

    def __init__(self) -> None:
        self._table: list[Any] = []
        self._texts: set[tuple[str, str]] = set()

    def is_new(self, host: str, text: str) -> bool:
        """Tell whether a host says a text for the first time, and note it."""
        new = (host, text) not in self._texts
        self._texts.add((host, text))
        return new

    def of_result(self, action: str, result: Mapping[str, Any]) -> list[str]:
        """Return the lines of a result that went well: those of a table for numbers that need somebody, a message."""
        table = result.get("table")
        if action == _REPORT and isinstance(table, list):
            new, self._table = table != self._table, table
            return [str(line) for line in table] if new else []
        message = result.get("msg")
        if action in _DEBUG or (action == _REPORT and result.get("_ansible_verbose_always")):
            lines = message if isinstance(message, list) else str(message or "").splitlines()
            return [str(line) for line in lines]
        return []

    @staticmethod
    def failure(result: Mapping[str, Any]) -> str:
        """Return what a failed result says, whole; "" where it is not one of this collection's modules."""
        if not isinstance(result.get("failure"), Mapping):
            return ""
        return "\n".join([str(result.get("msg") or ""), *("  " + str(error) for error in result.get("errors") or [])])
