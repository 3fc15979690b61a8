# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading of fleet, switch and fault files: every fault of a file is collected, none is guessed away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

REQUIRED: Any = object()


class FileError(Exception):
    """Carry every fault of a file; the text has one line per fault."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        self.source = source
        self.faults = list(faults)
        super().__init__("\n".join([f"{source}: {len(self.faults)} fault(s)"] + [f"  - {fault}" for fault in faults]))


class Fields:
    """Take typed fields out of one mapping; close() reports what nobody asked for."""

    def __init__(self, data: Any, where: str, faults: list[str]) -> None:
        self.where = where
        self.faults = faults
        if not isinstance(data, dict):
            faults.append(f"{where}: must be a mapping, is {type(data).__name__}")
            data = {}
        self._left = dict(data)

    def fault(self, text: str) -> None:
        self.faults.append(f"{self.where}: {text}")

    def has(self, name: str) -> bool:
        return name in self._left

    def take(self, name: str, default: Any = REQUIRED) -> Any:
        if name not in self._left:
            if default is REQUIRED:
                self.fault(f"{name} is missing")
                return None
            return default
        return self._left.pop(name)

    def _typed(self, name: str, default: Any, kinds: tuple[type, ...], label: str, stand_in: Any) -> Any:
        known = name in self._left
        value = self.take(name, default)
        if not known:
            return stand_in if default is REQUIRED else value
        if value is None and default is None:
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fault(f"{name} must be {label}, is {value!r}")
            return stand_in
        return value

    def text(self, name: str, default: Any = REQUIRED) -> Any:
        value = self._typed(name, default, (str,), "a string", "")
        if value == "" and default is REQUIRED and not any(name in fault for fault in self.faults[-1:]):
            self.fault(f"{name} is empty")
        return value

    def digits(self, name: str, default: Any = REQUIRED) -> Any:
        value = self.text(name, default)
        if isinstance(value, str) and value and not (value.isascii() and value.isdigit()):
            self.fault(f"{name} must be a string of digits, is {value!r}")
        return value

    def flag(self, name: str, default: Any = REQUIRED) -> Any:
        return self._typed(name, default, (bool,), "true or false", False)

    def whole(self, name: str, default: Any = REQUIRED, least: int = 0) -> Any:
        value = self._typed(name, default, (int,), "a whole number", least)
        if isinstance(value, int) and value < least:
            self.fault(f"{name} must be {least:g} or more, is {value}")
            return least
        return value

    def number(self, name: str, default: Any = REQUIRED, least: float = 0.0) -> Any:
        value = self._typed(name, default, (int, float), "a number", least)
        if isinstance(value, (int, float)) and value < least:
            self.fault(f"{name} must be {least:g} or more, is {value}")
            return least
        return value

    def choice(self, name: str, choices: Sequence[Any], default: Any = REQUIRED) -> Any:
        known = name in self._left
        value = self.take(name, default)
        if known and not any(value == one and type(value) is type(one) for one in choices):
            self.fault(f"{name} must be one of {', '.join(map(str, choices))}, is {value!r}")
            return choices[0]
        return value

    def listing(self, name: str, default: Any = REQUIRED) -> list[Any]:
        return list(self._typed(name, default, (list, tuple), "a list", []) or [])

    def texts(self, name: str, default: Any = REQUIRED) -> tuple[str, ...]:
        values = self.listing(name, default)
        for value in values:
            if not isinstance(value, str):
                self.fault(f"{name} must hold strings, holds {value!r}")
        return tuple(str(value) for value in values)

    def mapping(self, name: str, default: Any = REQUIRED) -> dict[str, Any]:
        return dict(self._typed(name, default, (dict,), "a mapping", {}) or {})

    def close(self) -> None:
        for name in self._left:
            self.fault(f"unknown key {name}")
