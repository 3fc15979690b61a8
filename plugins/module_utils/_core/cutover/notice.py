# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: whether a notice may be sent: its template, the quality of the number, and the word of a person. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, List, Mapping, Optional, Sequence

from ..._failure import Failure, counted
from ..._meta_api import OF_RECIPIENT
from ..facts.recipients import Recipient
from .retire_findings import NOTICE_NOT_CONFIRMED, QUALITY_LOW, TEMPLATE_UNUSABLE

GREEN, YELLOW, RED = "GREEN", "YELLOW", "RED"
RATINGS = (RED, YELLOW, GREEN)
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


def of_recipient(code: Any) -> bool:
    """Tell whether a refusal is about the recipient only, so that the next one may be sent a message."""
    return code in OF_RECIPIENT


def template(
    rows: Sequence[Mapping[str, Any]], name: str, language: str, parameters: Sequence[str]
) -> Optional[Failure]:
    """Return why a notice cannot be sent by this template, None where it can."""
    named = [row for row in rows if row.get("name") == name]
    found = [row for row in named if row.get("language") == language]
    if not found:
        known = ", ".join(sorted(str(row.get("language")) for row in named))
        other = "it is there in %s" % known if named else "the WABA has no template of this name"
        return TEMPLATE_UNUSABLE.failure("There is no %s in %s: %s" % (name, language, other))
    why = _fault(found[0], parameters)
    return TEMPLATE_UNUSABLE.failure("%s in %s: %s" % (name, language, why)) if why else None


def _fault(row: Mapping[str, Any], parameters: Sequence[str]) -> str:
    if row.get("status") != "APPROVED":
        return "its status is %s" % row.get("status")
    components = row.get("components")
    if not isinstance(components, list) or not all(isinstance(one, Mapping) for one in components):
        return "Graph does not tell its components"
    for one in components:
        kind, shape = str(one.get("type") or "").upper(), str(one.get("format") or "TEXT").upper()
        if kind == "HEADER" and (shape != "TEXT" or _placeholders(one)):
            return "its header needs a parameter or a file"
        if kind == "BUTTONS" and _PLACEHOLDER.search(json.dumps(one)):
            return "one of its buttons needs a parameter"
        if kind not in ("HEADER", "BODY", "FOOTER", "BUTTONS"):
            return "it has a component %s" % (kind or "without a type")
    wanted = sorted({name for one in components if _kind(one) == "BODY" for name in _placeholders(one)})
    if not all(name.isdigit() for name in wanted):
        return "its parameters have names"
    if len(wanted) != len(parameters):
        return "its body has %s, and %d stated" % (
            counted(len(wanted), "parameter"),
            len(parameters),
        )
    return ""


def _kind(component: Mapping[str, Any]) -> str:
    return str(component.get("type") or "").upper()


def _placeholders(component: Mapping[str, Any]) -> List[str]:
    return _PLACEHOLDER.findall(str(component.get("text") or ""))


def preview(rows: Sequence[Mapping[str, Any]], name: str, language: str, parameters: Sequence[str]) -> str:
    """Return the text that a recipient will read: header, body and footer with the parameters filled in."""
    row = next(row for row in rows if (row.get("name"), row.get("language")) == (name, language))
    texts = [str(one.get("text") or "") for one in row.get("components") or [] if isinstance(one, Mapping)]
    numbered = {str(at): text for at, text in enumerate(parameters, 1)}
    whole = "\n".join(text for text in texts if text)
    return _PLACEHOLDER.sub(lambda found: numbered.get(found.group(1), found.group(0)), whole)


def confirmation(
    phone_number_id: str, name: str, language: str, parameters: Sequence[str], recipients: Sequence[Recipient]
) -> str:
    """Return the word that stands for a notice: the same for the same template, parameters and recipients."""
    numbers = sorted(recipient.number for recipient in recipients)
    text = json.dumps([phone_number_id, name, language, list(parameters), numbers])
    return "n" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def unconfirmed(given: Optional[str], wanted: str) -> Optional[Failure]:
    """Return why a notice may not be sent yet: nobody has confirmed it, or another one."""
    if given == wanted:
        return None
    if not given:
        return NOTICE_NOT_CONFIRMED.failure("O(confirm) is not set")
    return NOTICE_NOT_CONFIRMED.failure(
        "O(confirm) is %s, which stands for another template, other parameters or another list" % given
    )


def quality(rating: Any, least: str) -> Optional[Failure]:
    """Return why nothing may be sent with this rating; a number that has none yet (UNKNOWN) may send."""
    if rating not in RATINGS or RATINGS.index(str(rating)) >= RATINGS.index(least):
        return None
    return QUALITY_LOW.failure("It is %s, and at least %s is wanted" % (rating, least))
