# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recipients on this machine, checked before any request."""

from __future__ import annotations

import os
import stat
from typing import List

from .._core.facts import recipients
from .._core.facts.recipients import Recipient

_MOST = 4 * 1024 * 1024  # bytes


def of_file(path: str) -> List[Recipient]:
    """Return the recipients in a private file of this machine; raises ValueError with all that is wrong with it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise ValueError("%s is not a regular file" % path)
            if seen.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                mode = stat.S_IMODE(seen.st_mode)
                raise ValueError("%s can be read by others (mode %04o). Run: chmod 0600 %s" % (path, mode, path))
            data = stream.read(_MOST + 1)
    except OSError as error:
        raise ValueError("%s cannot be read: %s" % (path, error.strerror or error)) from None
    if len(data) > _MOST:
        raise ValueError("%s is larger than %d bytes" % (path, _MOST))
    try:
        return recipients.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("%s is not UTF-8" % path) from None
    except ValueError as reason:
        raise ValueError("%s: %s" % (path, reason)) from None
