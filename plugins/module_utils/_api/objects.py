# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Graph object the ID of each option is of, and which one Graph found instead. Pure."""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple, Optional

from .codes import MISSING, Code
from .options import option

PHONE_NUMBER_ID = "phone_number_id"
WABA_ID = "waba_id"
APP_ID = "app_id"


class Kind(NamedTuple):
    """Describe the object of an option's ID: as text, as Graph's node type, and where a person finds the ID."""

    wording: str
    node_type: str
    where: str


KINDS: Mapping[str, Kind] = {
    PHONE_NUMBER_ID: Kind("a business phone number", "WhatsAppBusinessPhoneNumber", "WhatsApp Manager, Phone numbers"),
    WABA_ID: Kind(
        "a WhatsApp Business Account (WABA)", "WhatsAppBusinessAccount", "Business settings, WhatsApp accounts"
    ),
    APP_ID: Kind("an app", "Application", "App Dashboard"),
}
# Objects whose IDs no option takes.
_OTHERS: Mapping[str, str] = {
    "Business": "a business portfolio",
    "User": "a user",
    "BusinessUser": "a user of a business portfolio",
    "SystemUser": "a system user",
    "Page": "a Facebook page",
    "AdAccount": "an ad account",
    "IGUser": "an Instagram account",
    "Group": "a group",
    "ProductCatalog": "a catalog",
}
# Graph names the object's type if a field, or the edge at the end of a path, does not exist on it.
_FIELD = re.compile(r"nonexisting field \((\w+)\) on node type \((\w+)\)", re.IGNORECASE)


def wanted(name: str) -> str:
    """Return the next step for the ID of an option."""
    kind = KINDS[name]
    return "set %s to the ID of %s (%s)" % (option(name), kind.wording, kind.where)


def wrong_kind(name: str, path: str, message: str) -> Optional[Code]:
    """Return what an ID of the wrong kind of object means; None if ``message`` is about something else.

    ``name`` is the option that the ID in ``path`` came from. A field of an edge belongs to the objects of the edge, not
    to the object of the ID. An unknown type may be a new name for the right one: it is reported, not taken for certain.
    """
    found = _FIELD.search(message)
    if found is None or name not in KINDS:
        return None
    field, node_type = found.groups()
    if node_type == KINDS[name].node_type or field != (_edge(path) or field):
        return None
    belongs = next((other for other, kind in KINDS.items() if kind.node_type == node_type), "")
    wording = KINDS[belongs].wording if belongs else _OTHERS.get(node_type, "")
    advice = wanted(name)
    if not wording:
        return Code(
            "Graph does not know %s on the object whose ID is in %s" % (field, option(name)),
            "Graph calls that object a %s." % node_type,
            next_step="%s; if it is that already, set %s to a version that Graph still serves"
            % (advice, option("graph_version")),
        )
    if belongs:
        advice += "; the present ID belongs in %s" % option(belongs)
    return Code("%s holds the ID of %s" % (option(name), wording), next_step=advice, nature=MISSING)


def not_found(name: str, code: Code) -> Code:
    """Return the meaning of an object that cannot be loaded (``code``), with the option that its ID came from."""
    if name not in KINDS:
        return code
    return Code(
        "Graph cannot load the object whose ID is in %s" % option(name),
        code.meaning,
        next_step=wanted(name) + "; then check that the system user of the access token has access to it",
        nature=MISSING,
    )


def _edge(path: str) -> str:
    """Return the edge of an object that a path names, "" where it names the object itself: /version/ID/edge."""
    parts = path.strip("/").split("/")
    return parts[2] if len(parts) > 2 else ""
