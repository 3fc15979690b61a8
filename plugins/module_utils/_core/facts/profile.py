# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the business profile as both APIs write it, when two of them are the same, and what can be put back. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._failure import counted

ABOUT = "about"
VERTICAL = "vertical"
WEBSITES = "websites"
FIELDS = (ABOUT, "description", "address", "email", WEBSITES, VERTICAL)
# No field: an upload comes before it.
PHOTO = "photo"

# What WhatsApp shows where nobody has set a text of his own: on either side it stands for an empty one.
_DEFAULT_ABOUT = "Hey there! I am using WhatsApp."
# The industries: names on the On-Premises API (its page on settings/business/profile), constants on the Cloud API.
_VERTICALS = {
    "automotive": "AUTO",
    "beauty, spa and salon": "BEAUTY",
    "clothing and apparel": "APPAREL",
    "education": "EDU",
    "entertainment": "ENTERTAIN",
    "event planning and service": "EVENT_PLAN",
    "finance and banking": "FINANCE",
    "food and grocery": "GROCERY",
    "public service": "GOVT",
    "hotel and lodging": "HOTEL",
    "medical and health": "HEALTH",
    "non-profit": "NONPROFIT",
    "professional services": "PROF_SERVICES",
    "shopping and retail": "RETAIL",
    "travel and transportation": "TRAVEL",
    "restaurant": "RESTAURANT",
    "other": "OTHER",
}
_NO_VERTICAL = ("", "UNDEFINED", "NOT_A_BIZ")
# Those that an update takes (Meta's OpenAPI description, WhatsAppBusinessVertical).
_TAKEN_VERTICALS = {*_VERTICALS.values(), "ALCOHOL", "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS"}
# Characters that an update takes (Meta's page on business profiles).
_LONGEST = {ABOUT: 139, "description": 512, "address": 256, "email": 128, WEBSITES: 256}
_MOST_WEBSITES = 2
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


def of_node(business: Any, about: Any) -> Dict[str, Any]:
    """Return the fields that a node reports: its business profile, and its about as ``{"text": ...}``.

    A field that it does not name is not known, and left out.
    """
    found = _fields(business, [name for name in FIELDS if name != ABOUT])
    if isinstance(about, Mapping) and isinstance(about.get("text"), str):
        found[ABOUT] = about["text"]
    return found


def of_cloud(profile: Optional[Mapping[str, Any]], asked: Tuple[str, ...] = FIELDS) -> Dict[str, Any]:
    """Return the fields of a profile that Graph reports; a requested field that is missing is empty.

    One of another type than documented is not known, and left out.
    """
    if profile is None:
        return {}
    names = [name for name in FIELDS if name in asked]
    empty: Dict[str, Any] = {name: [] if name == WEBSITES else "" for name in names if profile.get(name) is None}
    return {**empty, **_fields(profile, names)}


def _fields(block: Any, names: List[str]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for name in names:
        value = block.get(name) if isinstance(block, Mapping) else None
        if name == WEBSITES and isinstance(value, list):
            found[name] = [str(one) for one in value if one]
        elif name != WEBSITES and isinstance(value, str):
            found[name] = value
    return found


def plain(name: str, value: Any) -> Any:
    """Return a field's value in the one form in which it is compared.

    Blanks at line ends and around it don't count, nor the slash at the end of a website and the order of websites; an
    industry is the Cloud API's constant for it.
    """
    if name == WEBSITES:
        return sorted(_website(str(one)) for one in value if str(one).strip())
    text = "\n".join(line.rstrip() for line in str(value).splitlines()).strip()
    if name == ABOUT and text == _DEFAULT_ABOUT:
        return ""
    if name == VERTICAL:
        word = _VERTICALS.get(text.lower(), text.upper())
        return "" if word in _NO_VERTICAL else word
    return text.lower() if name == "email" else text


def _website(address: str) -> str:
    head, separator, rest = address.strip().rstrip("/").partition("://")
    if not separator:
        return head
    host, slash, path = rest.partition("/")
    return head.lower() + separator + host.lower() + slash + path


def to_send(name: str, value: Any) -> Tuple[Any, str]:
    """Return a value as an update takes it, and "" or why it would be refused."""
    if name == WEBSITES:
        sites = [str(one).strip() for one in value if str(one).strip()]
        if len(sites) > _MOST_WEBSITES:
            return sites, "the Cloud API takes %s" % counted(_MOST_WEBSITES, "website")
        if not all(one.lower().startswith(("http://", "https://")) for one in sites):
            return sites, "a website has to begin with http:// or https://"
        return sites, _too_long(name, max((len(one) for one in sites), default=0))
    text = str(plain(name, value)) if name == VERTICAL else str(value).strip()
    if name == VERTICAL:
        return text, "" if text in _TAKEN_VERTICALS else "the Cloud API does not know this industry"
    if name == "email" and text and not _EMAIL.match(text) and len(text) <= _LONGEST[name]:
        return text, "this is not an e-mail address"
    return text, _too_long(name, len(text))


def differing(wanted: Mapping[str, Any], now: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the fields of ``wanted`` that ``now`` shows otherwise, or not at all."""
    return {
        name: value for name, value in wanted.items() if name not in now or plain(name, now[name]) != plain(name, value)
    }


def _too_long(name: str, length: int) -> str:
    return "the Cloud API takes %s" % counted(_LONGEST[name], "character") if length > _LONGEST[name] else ""
