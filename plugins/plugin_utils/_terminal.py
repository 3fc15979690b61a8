# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small view that is kept at the end of a terminal while others print above it."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

console: Any
text: Any
try:
    from rich import console, text
except ImportError:
    console = text = None

_STYLES = {"heading": "bold", "bar": "cyan", "counts": "", "speed": "dim", "wait": "yellow", "bad": "bold red"}
# No line wraps, so that the lines of the view can be counted.
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
_ERASE_BELOW = "\x1b[J"
_WIDTH, _HEIGHT = 80, 24

Line = tuple[str, str]


class Terminal:
    """A live view at the end of the terminal that ``number`` is a descriptor of.

    Whoever prints goes through :meth:`above`. Only the process that has made the view changes it: a worker that is
    forked from it prints as if there were none.
    """

    def __init__(self, number: int = 1, colour: bool = True) -> None:
        self._number = number
        self._colour = colour
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._lines: list[str] = []  # what is shown, without colours
        self._closed = False

    @property
    def width(self) -> int:
        return self._size()[0]

    def _size(self) -> tuple[int, int]:
        """Return columns and rows; a terminal that does not tell has none."""
        try:
            columns, rows = os.get_terminal_size(self._number)
        except OSError:
            columns = rows = 0
        return columns or _WIDTH, rows or _HEIGHT

    def paint(self, lines: Sequence[Line]) -> None:
        """Show these lines, pairs of kind and text, in the place of those before."""
        with self._lock:
            if self._closed or os.getpid() != self._process:
                return
            width, height = self._size()
            # What has left the screen at its top cannot be taken back.
            lines = lines[: max(1, height - 1)]
            shown = styled(lines, width) if self._colour and console is not None else [one for _kind, one in lines]
            self._write(self._erased() + _NO_WRAP + "".join(one + "\r\n" for one in shown) + _WRAP)
            self._lines = [one for _kind, one in lines]

    def above(self, show: Callable[[], Any]) -> Any:
        """Let ``show`` print where the view is; it comes back below with the next look at the events."""
        if os.getpid() != self._process:
            # The lock may be held by a thread that this process does not have.
            return show()
        with self._lock:
            if self._lines:
                self._write(self._erased())
                self._lines = []
            return show()

    def close(self) -> None:
        """Take the view away, for good."""
        if os.getpid() != self._process:
            return
        with self._lock:
            if not self._closed and self._lines:
                with contextlib.suppress(OSError):
                    self._write(self._erased())
            self._lines, self._closed = [], True

    def _erased(self) -> str:
        """Return what takes the view away; a terminal that was made narrower has wrapped its lines."""
        width = self.width
        rows = sum(max(1, -(-len(one) // width)) for one in self._lines)
        return "\r" + ("\x1b[%dA" % rows if rows else "") + _ERASE_BELOW

    def _write(self, data: str) -> None:
        rest = data.encode("utf-8", "replace")
        while rest:
            rest = rest[os.write(self._number, rest) :]


def styled(lines: Sequence[Line], width: int) -> list[str]:
    """Return the lines with colours, made by rich."""
    out = console.Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        width=width,
        highlight=False,
        legacy_windows=False,
    )
    found = []
    for kind, one in lines:
        with out.capture() as captured:
            out.print(text.Text(one, style=_STYLES.get(kind, "")), end="", no_wrap=True, overflow="crop", crop=True)
        found.append(captured.get())
    return found
