# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the checks of the two-step verification PIN before it is sent. Pure."""

from __future__ import annotations

import re
from typing import Optional

from ..._failure import Failure
from ..findings.finding import BLOCKER, GUIDE, Finding

_SIX_DIGITS = re.compile(r"^[0-9]{6}\Z")

KNOWN = "stated"
CLEARED = "cleared on the node, so the stated PIN becomes the new one"

NO_PIN = Finding(
    "WM109",
    "no_pin",
    BLOCKER,
    GUIDE + ", step 1",
    title="No PIN is set",
    why="The register call needs the number's six-digit PIN of two-step verification. Where that is off, the stated "
    "PIN becomes the new one of a number that is not registered on the Cloud API yet.",
    fix="Set O(pin) or WABIZ_PIN. If nobody knows the PIN, also set O(clear_two_step): true.",
)
BAD_PIN = Finding(
    "WM110",
    "bad_pin",
    BLOCKER,
    GUIDE + ", step 1",
    title="The PIN is not six digits",
    why="A wrong PIN takes the On-Premises node down, so a PIN that cannot be right is never sent.",
    fix='Write it as a quoted string of six digits, such as O(pin): "001234".',
)


def judge(pin: Optional[str], cleared: bool) -> Optional[Failure]:
    """Return why no register request may be sent with this PIN, None when the rule allows it.

    A stated PIN counts as known (guide, step 1). Without one there is nothing to register with: Graph requires six
    digits in every case.
    """
    if not pin:
        return NO_PIN.failure()
    if not _SIX_DIGITS.match(pin):
        return BAD_PIN.failure()
    return None


def consequence(cleared: bool, down: bool = False) -> str:
    """Return for a plan what a wrong PIN would do; ``down`` tells that an earlier one has taken the node down."""
    if cleared:
        return "two-step verification is cleared first, so the PIN cannot be wrong"
    if down:
        return "another wrong PIN would use up one more attempt (133005), and nothing would be repeated"
    return "a wrong PIN would take the On-Premises node down (133005), and nothing would be repeated"
