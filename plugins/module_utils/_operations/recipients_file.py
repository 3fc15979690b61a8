# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recipients on this machine, checked before any request."""

from __future__ import annotations

from typing import List

from .._core.facts import recipients
from .._core.facts.recipients import Recipient
from . import stated_file

_MOST = 4 * 1024 * 1024  # bytes


def of_file(path: str) -> List[Recipient]:
    """Return the recipients in a private file of this machine; raises ValueError with all that is wrong with it."""
    text = stated_file.private_text(path, _MOST)
    try:
        return recipients.parse(text)
    except ValueError as reason:
        raise ValueError("%s: %s" % (path, reason)) from None
