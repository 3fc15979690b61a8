# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The business profile on the Cloud API side: what the backup brought along, or nothing."""

from __future__ import annotations

from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import Key, any_text, one_of, read_body, read_query, texts

FIELDS = ("about", "address", "description", "email", "profile_picture_url", "vertical", "websites")
_WRITE = ("about", "address", "description", "email", "vertical")


def read(call: Call) -> Reply:
    given = read_query(call, ("fields",)).get("fields", "about")
    profile = call.needs_number().cloud_profile
    if profile is None:
        raise GraphError(133010)
    values = {**profile, "profile_picture_url": profile.get("photo")}
    item: dict[str, object] = {"messaging_product": "whatsapp"}
    for name in given.split(","):
        if name not in FIELDS:
            kind = "WhatsAppBusinessProfile"
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        if values.get(name):
            item[name] = values[name]
    return Reply({"data": [item]})


def write(call: Call) -> Reply:
    shape = {"messaging_product": Key(one_of("whatsapp")), "websites": Key(texts, required=False)}
    shape.update({name: Key(any_text, required=False) for name in _WRITE})
    body = read_body(call, shape)
    profile = call.needs_number().cloud_profile
    if profile is None:
        raise GraphError(133010)
    profile.update({name: value for name, value in body.items() if name != "messaging_product"})
    call.did("profile_set")
    return Reply({"success": True})
