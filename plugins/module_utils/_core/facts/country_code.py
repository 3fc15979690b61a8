# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a phone number as its country calling code and the rest (ITU-T E.164). Pure."""

from __future__ import annotations

from typing import Tuple

from .phone_number import digits

_ONE_DIGIT = ("1", "7")
# No code begins with another one, so the first digits decide. All others have three digits.
_TWO_DIGITS = (
    *("20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49"),
    *("51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86"),
    *("90", "91", "92", "93", "94", "95", "98"),
)


def split(number: str) -> Tuple[str, str]:
    """Return the country calling code of an international number, and the rest of its digits."""
    own = digits(number)
    size = 1 if own[:1] in _ONE_DIGIT else 2 if own[:2] in _TWO_DIGITS else 3
    return own[:size], own[size:]
