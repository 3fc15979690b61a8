# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a list of recipients as a person writes it, checked as a whole. No reason repeats a number. Pure."""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple

from ..._failure import counted
from . import phone_number

MOST = 50000
_WRITTEN = re.compile(r"\+?[0-9][0-9 ().\-]*\Z")
_SHOWN = 20  # reasons in one message


class Recipient(NamedTuple):
    """A recipient: the digits of its number, and the line of the file that has it."""

    number: str
    line: int

    @property
    def label(self) -> str:
        """Return what it is called in every text."""
        return "line %d (...%s)" % (self.line, ending(self.number))


def ending(number: str) -> str:
    """Return the digits that are shown of a number."""
    return number[-4:]


def parse(text: str) -> List[Recipient]:
    """Return the recipients, one a line; raises ValueError with all that is wrong.

    Blank lines and lines that begin with # do not count. The last line needs an end, because a file without one may
    still be being written.
    """
    errors: List[str] = []
    found: List[Recipient] = []
    owners: Dict[str, int] = {}
    for line, written in enumerate(text.splitlines(), 1):
        entry = written.strip()
        if not entry or entry.startswith("#"):
            continue
        number = phone_number.digits(entry)
        why = _fault(entry, number)
        earlier = [owners[form] for form in phone_number.forms(number) if form in owners] if not why else []
        if why:
            errors.append("line %d: %s" % (line, why))
        elif earlier:
            errors.append("line %d: the same number as in line %d" % (line, min(earlier)))
        else:
            owners[number] = line
            found.append(Recipient(number, line))
    if text and not text.endswith("\n"):
        errors.append("its last line has no end, so it may be half written. Add a line end if it is whole")
    if not found and not errors:
        errors.append("it has no recipient")
    if len(found) > MOST:
        errors.append("it has %s; at most %d are taken at a time" % (counted(len(found), "recipient"), MOST))
    if errors:
        more = ["and %s more" % counted(len(errors) - _SHOWN, "fault")] if len(errors) > _SHOWN else []
        raise ValueError("; ".join([*errors[:_SHOWN], *more]))
    return found


def _fault(entry: str, number: str) -> str:
    if not entry.isascii() or not _WRITTEN.match(entry):
        return "not a phone number (one a line, such as +1 631 555 1019)"
    if number.startswith("0"):
        return "begins with 0; the country code goes first"
    return "" if 7 <= len(number) <= 15 else "a phone number has 7 to 15 digits with its country code"
