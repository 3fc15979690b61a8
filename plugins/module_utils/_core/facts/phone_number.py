# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: when two ways of writing a phone number mean the same number. Pure."""

from __future__ import annotations

import re
from typing import FrozenSet

# Ivory Coast went from 8 to 10 digits in 2021; a mobile number got its operator's prefix by its second digit.
_IVORIAN_MOBILE = {
    "0": "01",
    "1": "01",
    "2": "01",
    "3": "01",
    "4": "05",
    "5": "05",
    "6": "05",
    "7": "07",
    "8": "07",
    "9": "07",
}
_IVORIAN_FIXED = ("21", "25", "27")
_OTHER = re.compile(r"[^0-9]")


def digits(number: str) -> str:
    """Return the digits of a number as people or APIs write it (``+1 555-012-0001`` gives ``15550120001``)."""
    return _OTHER.sub("", number)


def forms(number: str) -> FrozenSet[str]:
    """Return every form in which the two APIs may write ``number``, its own digits among them.

    Brazil writes mobile numbers with or without the ninth digit, Mexico with or without 1 after 52, Argentina with or
    without 9 after 54, Ivory Coast with 8 or 10 digits: WhatsApp's ``wa_id`` and Graph's ``display_phone_number`` can
    differ in just that (chatwoot threads 12707 and 14492).
    """
    own = digits(number)
    found = {own}
    if own.startswith("55"):
        area, local = own[2:4], own[4:]
        if len(local) == 9 and local[0] == "9" and local[1] in "6789":
            found.add("55" + area + local[1:])
        if len(local) == 8 and local[0] in "6789":
            found.add("55" + area + "9" + local)
    elif own.startswith("52"):
        if len(own) == 13 and own[2] == "1":
            found.add("52" + own[3:])
        if len(own) == 12:
            found.add("521" + own[2:])
    elif own.startswith("54"):
        if len(own) == 13 and own[2] == "9":
            found.add("54" + own[3:])
        if len(own) == 12:
            found.add("549" + own[2:])
    elif own.startswith("225"):
        local = own[3:]
        if len(local) == 8:
            found.add("225" + _IVORIAN_MOBILE[local[1]] + local)
            found.update("225" + prefix + local for prefix in _IVORIAN_FIXED if local[0] in "23")
        if len(local) == 10:
            prefix, old = local[:2], local[2:]
            if _IVORIAN_MOBILE[old[1]] == prefix or (prefix in _IVORIAN_FIXED and old[0] in "23"):
                found.add("225" + old)
    return frozenset(found)


def name(number: str, host: str = "") -> str:
    """Return what a number is called in every text: ``+1 555-012-0001 (berlin)``.

    ``number`` is how Graph shows it, or its ID as long as that has not been read; ``host`` is the inventory's.
    """
    return "%s (%s)" % (number, host) if host else number


def same(one: str, other: str) -> bool:
    """Tell whether two writings are one number; an empty one is never the same as anything."""
    first, second = digits(one), digits(other)
    if not first or not second:
        return False
    return second in forms(first) or first in forms(second)
