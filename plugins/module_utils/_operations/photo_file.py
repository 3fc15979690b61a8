# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A photo in a file of this machine, checked before any request. It imports little, because every module has it."""

from __future__ import annotations

import os
import stat

from .._core.facts import photo as photo_rules
from .._core.facts.photo import Photo


def of_file(path: str) -> Photo:
    """Return the photo in a file of this machine; raises ValueError with what is wrong with it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise ValueError("%s is not a regular file" % path)
            photo = photo_rules.of_bytes(stream.read(photo_rules.LARGEST + 1))
    except OSError as error:
        raise ValueError("%s cannot be read: %s" % (path, error.strerror or error)) from None
    found = photo_rules.faults(photo)
    if seen.st_size > photo_rules.LARGEST:
        found = [photo_rules.too_large(seen.st_size)]
    if found:
        raise ValueError("%s %s" % (path, " and ".join(found)))
    return photo
