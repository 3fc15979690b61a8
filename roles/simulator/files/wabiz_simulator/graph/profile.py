# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The business profile on the Cloud API side: what the backup brought along, or nothing."""

from __future__ import annotations

import secrets
from typing import Any

from .. import photo
from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import Check, Key, one_of, read_body, read_query, text, texts
from . import uploads

FIELDS = ("about", "address", "description", "email", "profile_picture_url", "vertical", "websites")
_LARGEST_PHOTO = 5 * 1024 * 1024
_LONGEST = {"about": 139, "address": 256, "description": 512, "email": 128}
_VERTICALS = (
    *("", "UNDEFINED", "OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY"),
    *("GOVT", "HOTEL", "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL"),
    *("ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS"),
)
# The On-Premises API names industries, the Cloud API has words for them: what a backup brings is translated.
_WORDS = {
    "Automotive": "AUTO",
    "Beauty, Spa and Salon": "BEAUTY",
    "Clothing and Apparel": "APPAREL",
    "Education": "EDU",
    "Entertainment": "ENTERTAIN",
    "Event Planning and Service": "EVENT_PLAN",
    "Finance and Banking": "FINANCE",
    "Food and Grocery": "GROCERY",
    "Public Service": "GOVT",
    "Hotel and Lodging": "HOTEL",
    "Medical and Health": "HEALTH",
    "Non-profit": "NONPROFIT",
    "Professional Services": "PROF_SERVICES",
    "Shopping and Retail": "RETAIL",
    "Travel and Transportation": "TRAVEL",
    "Restaurant": "RESTAURANT",
    "Other": "OTHER",
}


def read(call: Call) -> Reply:
    given = read_query(call, ("fields",)).get("fields", "about")
    profile = call.needs_number().cloud_profile
    if profile is None:
        raise GraphError(133010)
    vertical = str(profile.get("vertical") or "")
    values = {**profile, "vertical": _WORDS.get(vertical, vertical), "profile_picture_url": profile.get("photo")}
    item: dict[str, object] = {"messaging_product": "whatsapp"}
    for name in given.split(","):
        if name not in FIELDS:
            kind = "WhatsAppBusinessProfile"
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        if values.get(name):
            item[name] = values[name]
    return Reply({"data": [item]})


def write(call: Call) -> Reply:
    shape = {"messaging_product": Key(one_of("whatsapp")), "websites": Key(_websites, required=False)}
    shape["vertical"] = Key(one_of(*_VERTICALS), required=False)
    shape.update({name: Key(_text_of(name), required=False) for name in _LONGEST})
    shape["profile_picture_handle"] = Key(text, required=False)
    body = read_body(call, shape)
    profile = call.needs_number().cloud_profile
    if profile is None:
        raise GraphError(133010)
    handle = body.get("profile_picture_handle")
    if handle is not None:
        _set_photo(call, profile, handle)
    taken = ("messaging_product", "profile_picture_handle")
    profile.update({name: value for name, value in body.items() if name not in taken})
    call.did("profile_set")
    return Reply({"success": True})


def _set_photo(call: Call, profile: dict[str, Any], handle: str) -> None:
    """Show the photo of a handle; whose bytes are no image, or too many, is refused."""
    upload = uploads.by_handle(call, handle)
    if upload is None or not photo.is_image(bytes(upload.data), upload.media_type) or upload.length > _LARGEST_PHOTO:
        raise GraphError(100, message="(#100) Invalid parameter profile_picture_handle")
    profile["photo"] = f"https://pps.whatsapp.net/v/{upload.digest[:24]}_n.jpg?oe={secrets.token_hex(4)}"
    profile["photo_sha256"] = upload.digest
    call.digests["photo_sha256"] = upload.digest


def _text_of(name: str) -> Check:
    def rule(value: Any) -> str | None:
        least = 1 if name == "about" else 0
        if isinstance(value, str) and least <= len(value) <= _LONGEST[name]:
            return None
        return f"must be a string of {least} to {_LONGEST[name]} characters"

    return rule


def _websites(value: Any) -> str | None:
    if texts(value) or len(value) > 2:
        return "must be an array of at most two strings"
    good = all(one.startswith(("http://", "https://")) and len(one) <= 256 for one in value)
    return None if good else "must hold addresses that begin with http:// or https://"
