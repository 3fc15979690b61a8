# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the sentence of a failure's message on what was sent, and its position in the message. Pure."""

from __future__ import annotations

import re
from typing import Optional, Sequence

NOTHING = "Nothing was sent."
READS = "Only reads were sent."
AT_MOST_READS = "At most reads were sent."
NOT_KNOWN = "What was sent is not known."
BEFORE = "Sent before this: %s."
AND_MORE = "What else was sent is not known."

# It precedes the message's own sentence on running again, which follows all quoted text.
_AGAIN = r" It is (?:NOT )?safe to run again\."
_FIXED = "|".join(re.escape(text) for text in (NOTHING, READS, AT_MOST_READS, NOT_KNOWN))
_SENTENCE = re.compile(
    r" ((?:%s|Sent before this: .*?\.(?: %s)?))(?=%s(?!.*%s))" % (_FIXED, re.escape(AND_MORE), _AGAIN, _AGAIN),
    re.DOTALL,
)


def sentence(changes: Sequence[str], reads: bool, unreported: Optional[bool] = None) -> str:
    """Return the sentence on what was sent.

    ``changes`` are phrases for the requests that may have changed something. ``unreported`` is None, or tells whether a
    module that did not report back may have sent more than reads.
    """
    if changes:
        reported = BEFORE % "; ".join(changes)
        return "%s %s" % (reported, AND_MORE) if unreported else reported
    if unreported:
        return NOT_KNOWN
    if reads:
        return READS
    return NOTHING if unreported is None else AT_MOST_READS


def of(message: str) -> str:
    """Return the sentence of a message on what was sent, "" where it has none."""
    found = _SENTENCE.search(message)
    return found.group(1) if found else ""


def replaced(message: str, reported: str) -> str:
    """Return a message with ``reported`` in place of its own sentence; one that has none stays as it is."""
    found = _SENTENCE.search(message)
    if found is None:
        return message
    return message[: found.start()] + (" " + reported if reported else "") + message[found.end() :]
