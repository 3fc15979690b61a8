# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure data: error numbers of the Cloud API, and the numbers and titles that the On-Premises API had for them.

Meta publishes no such table. The pairs go by equal titles in Meta's two lists of errors; a setting changes any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TO_ONPREM: dict[int, tuple[int, str]] = {
    130429: (429, "Rate limit hit"),
    130472: (472, "User's number is part of an experiment"),
    131000: (500, "Generic error"),
    131005: (1005, "Access denied"),
    131008: (1008, "Required parameter is missing"),
    131009: (1009, "Parameter value is not valid"),
    131016: (1016, "System overloaded"),
    131021: (1021, "Bad user"),
    131026: (1026, "Receiver incapable"),
    131031: (1031, "Sender account has been locked"),
    131042: (402, "Business eligibility - Payment issue"),
    131045: (430, "Unsigned certificate"),
    131047: (470, "Re-engagement message"),
    131048: (471, "Spam rate limit hit"),
    131051: (501, "Message type is not currently supported"),
    131052: (400, "Media download error"),
    131060: (501, "Message type is not currently supported"),
    132000: (2000, "Template parameter count mismatch"),
    132001: (2001, "Template missing"),
    132005: (2005, "Template translation too long"),
    132007: (2007, "Template format character policy violated"),
    132012: (2012, "Template parameter format mismatch"),
    137000: (1028, "User identity change needs acknowledgement"),
}
KEPT = ("href",)


def code_of(error: Mapping[str, Any]) -> int | None:
    """Return the number of an error, also where it is written as a text; None if there is none."""
    code = error.get("code")
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        return None
    text = str(code) if isinstance(code, int) and abs(code) < 10**9 else code
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else None


def to_onprem(error: Any, extra: Mapping[int, int]) -> dict[str, Any]:
    """Return an error of the Cloud API as ``{code, title, details, href}`` of the On-Premises API.

    extra: pairs of numbers that go before the table. A number without a pair stays as it is.
    """
    if not isinstance(error, Mapping):
        return {"code": 500, "title": "Generic error", "details": str(error)[:1000]}
    code = code_of(error)
    number, title = TO_ONPREM.get(code, (error.get("code"), "")) if code is not None else (error.get("code"), "")
    if code is not None and code in extra:
        number = extra[code]
        title = next((text for one, text in TO_ONPREM.values() if one == number), "")
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else data
    result = {"code": number, "title": title or error.get("title") or error.get("message") or ""}
    details = details or error.get("details") or error.get("message")
    if details:
        result["details"] = details
    return result | {key: error[key] for key in KEPT if key in error}
