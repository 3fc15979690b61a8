# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a fleet's plan on the controller."""

from __future__ import annotations

from .. import _hostfiles
from .._failure import Failure, RefusedError


def write(path: str, text: str) -> bool:
    """Write a plan where it differs from what is there; return whether it did. Raises RefusedError."""
    try:
        changed = _hostfiles.read_private(path) != text
        if changed:
            _hostfiles.write_private(path, text)
    except (_hostfiles.HostFileError, OSError) as error:
        raise RefusedError(
            Failure(
                "plan_not_written",
                "The plan could not be written to %s" % path,
                str(error),
                next_step="name a file in a folder that exists on the controller and is yours (O(plan_dest))",
            )
        ) from None
    return changed
