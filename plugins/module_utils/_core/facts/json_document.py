# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: a JSON document that names its format, as the state of a number and the plan are kept. Pure."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional


def read(text: str, wanted: str) -> Dict[str, Any]:
    """Return the document in ``text`` if its format is ``wanted``; raises ValueError with a reason."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != wanted:
        raise ValueError("it is not a %s document" % wanted)
    return found


def of_number(text: Optional[str], wanted: str, phone_number_id: str) -> Optional[Dict[str, Any]]:
    """Return the document in ``text`` about this number, None where there is none; raises ValueError with a reason."""
    if text is None:
        return None
    found = read(text, wanted)
    if found.get("phone_number_id") != phone_number_id:
        raise ValueError("it belongs to phone number ID %s" % found.get("phone_number_id"))
    return found
