# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a file of this machine that the user has named. Raises ValueError with a reason that names the path."""

from __future__ import annotations

import os
import stat
from typing import Tuple


def beginning(path: str, most: int, private: bool = False) -> Tuple[bytes, int]:
    """Return the first ``most`` bytes of a regular file, and its size in bytes.

    With ``private`` a file that others may read is refused. A FIFO is not waited for.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise ValueError("%s is not a regular file" % path)
            if private and seen.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                mode = stat.S_IMODE(seen.st_mode)
                raise ValueError("%s can be read by others (mode %04o). Run: chmod 0600 %s" % (path, mode, path))
            return stream.read(most), seen.st_size
    except OSError as error:
        raise ValueError("%s cannot be read: %s" % (path, error.strerror or error)) from None


def private_text(path: str, most: int) -> str:
    """Return the text of a file of at most ``most`` bytes that nobody but its owner may read."""
    data, _size = beginning(path, most + 1, private=True)
    if len(data) > most:
        raise ValueError("%s is larger than %d bytes" % (path, most))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("%s is not UTF-8" % path) from None
