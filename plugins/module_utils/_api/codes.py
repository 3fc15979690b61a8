# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error means, by its code, its call and its text."""

from __future__ import annotations

from typing import Optional

from .codes_cases import CASES, EXPIRED_CLIENT
from .codes_graph import GRAPH_CODES, GRAPH_WAITS
from .codes_onprem import ONPREM_CODES
from .meaning import ATTEMPT, AUTH, CHECK_VALUE, COUNTED, MAYBE, MISSING, NEVER, NO, OTHER, PERMISSION, RATE, SOON, Code
from .options import GRAPH

__all__ = [
    "ATTEMPT",
    "AUTH",
    "CASES",
    "CHECK_VALUE",
    "COUNTED",
    "EXPIRED_CLIENT",
    "GRAPH_CODES",
    "GRAPH_WAITS",
    "MAYBE",
    "MISSING",
    "NEVER",
    "NO",
    "ONPREM_CODES",
    "OTHER",
    "PERMISSION",
    "RATE",
    "SOON",
    "Code",
    "lookup",
]


def lookup(api: str, code: Optional[int], subcode: int = 0, call: str = "", wording: str = "") -> Optional[Code]:
    """Return what an error means, by its cause if that is clear, else by its code; None for an unknown code.

    ``wording`` is the whole text of the server, in lower case.
    """
    for case in CASES:
        if case.matches(api, code, subcode, call, wording):
            return case.reported
    if code is None:
        return None
    if api == GRAPH and 200 <= code <= 299:  # a documented range, one meaning
        return GRAPH_CODES[200]
    return (GRAPH_CODES if api == GRAPH else ONPREM_CODES).get(code)
