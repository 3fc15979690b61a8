# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what is known about the two-step verification PIN before it is sent. Pure."""

from __future__ import annotations

import re
from typing import Optional

from ..._failure import Failure

KNOWN = "stated"
CLEARED = "cleared on the node, so the stated PIN becomes the new one"


def judge(pin: Optional[str], cleared: bool) -> Optional[Failure]:
    """Return why no register may be sent with this PIN, None when the rule allows it.

    A stated PIN counts as known (guide, step 1). Without one there is nothing to register with: Graph wants six
    digits in every case.
    """
    if not pin:
        return Failure(
            code="no_pin",
            title="No PIN is stated",
            details="Register needs the number's six-digit PIN, or a new one after it was cleared on the node",
            next_step="set wa_migrate_pin or WABIZ_PIN; if nobody knows it, also wa_migrate_clear_two_step: true",
        )
    if not re.match(r"^[0-9]{6}\Z", pin):
        return Failure(
            code="bad_pin",
            title="The PIN is not six digits",
            next_step="write it as a quoted string of six digits",
        )
    return None


def consequence(cleared: bool, down: bool = False) -> str:
    """Say in a plan what a wrong PIN would do; ``down`` tells that an earlier one has taken the node down."""
    if cleared:
        return "two-step verification is cleared first, so the PIN cannot be wrong"
    if down:
        return "another wrong PIN would be one more attempt gone (133005), and nothing would be repeated"
    return "a wrong PIN would take the On-Premises node down (133005), and nothing would be repeated"
