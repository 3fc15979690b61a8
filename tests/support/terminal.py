# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a terminal as the live view uses: a pseudo-terminal, and the screen that its output makes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import struct
import termios
import threading
import time
from collections.abc import Callable

_SEQUENCE = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])")


class Screen:
    """The lines that a terminal of ``columns`` shows, with those that have left it at the top."""

    def __init__(self, columns: int = 80) -> None:
        self.columns = columns
        self.lines: list[str] = [""]
        self.row = self.column = 0
        self.wraps = True
        self.unknown: list[str] = []

    def feed(self, text: str) -> None:
        """Take output; a sequence that is cut at the end of it is not expected."""
        at = 0
        while at < len(text):
            found = _SEQUENCE.match(text, at)
            if found:
                self._sequence(found[1], found[2])
                at = found.end()
                continue
            self._letter(text[at])
            at += 1

    def _sequence(self, number: str, letter: str) -> None:
        if letter == "A":
            self.row = max(0, self.row - int(number or 1))
        elif letter == "J":
            del self.lines[self.row + 1 :]
            self.lines[self.row] = self.lines[self.row][: self.column]
        elif (number, letter) in (("?7", "l"), ("?7", "h")):
            self.wraps = letter == "h"
        elif letter != "m":
            self.unknown.append(number + letter)

    def _letter(self, letter: str) -> None:
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self._down()
        else:
            if self.column >= self.columns:
                if not self.wraps:
                    return
                self._down()
                self.column = 0
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + letter + line[self.column + 1 :]
            self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    @property
    def text(self) -> list[str]:
        return [line.rstrip() for line in self.lines]


class PseudoTerminal:
    """A pseudo-terminal; ``slave`` is a program's end of it, and what that writes is kept as it comes."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.columns = columns
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.output = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def resize(self, columns: int, rows: int = 24) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self.master, 65536):
                self.output += data.decode("utf-8", "replace")

    def close(self) -> str:
        """Close the program's end, and return all that was written."""
        os.close(self.slave)
        self._thread.join(10)
        os.close(self.master)
        return self.output

    @property
    def screen(self) -> Screen:
        """Return what the terminal shows now."""
        screen = Screen(self.columns)
        screen.feed(self.output)
        return screen

    def wait_for(self, seen: Callable[[], bool], seconds: float = 20.0) -> bool:
        """Wait until something was seen; return whether it was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if seen():
                return True
            time.sleep(0.02)
        return False
