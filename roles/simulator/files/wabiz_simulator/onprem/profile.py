# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profile of a node: what the backup carries over, and what is lost without it."""

from __future__ import annotations

import base64

from .. import photo as photos
from ..call import Call, Reply
from ..refusal import OnPremError
from ..strict import Key, any_text, read_body, read_query, text, texts

_BUSINESS = ("address", "description", "email", "vertical", "websites")


def business(call: Call) -> Reply:
    read_query(call, ())
    profile = call.needs_node().profile
    return Reply({"settings": {"business": {"profile": {name: profile[name] for name in _BUSINESS}}}})


def set_business(call: Call) -> Reply:
    shape = {name: Key(texts if name == "websites" else any_text, required=False) for name in _BUSINESS}
    call.needs_node().profile.update(read_body(call, shape))
    call.did("profile_set")
    return Reply({})


def about(call: Call) -> Reply:
    read_query(call, ())
    return Reply({"settings": {"profile": {"about": {"text": call.needs_node().profile["about"]}}}})


def set_about(call: Call) -> Reply:
    call.needs_node().profile["about"] = read_body(call, {"text": Key(text)})["text"]
    call.did("profile_set")
    return Reply({})


def photo(call: Call) -> Reply:
    form = read_query(call, ("format",)).get("format")
    link = call.needs_node().profile["photo"]
    if link is None:
        raise OnPremError(1006, "There is no profile photo")
    if form != "link":
        image = photos.image(link)
        if call.needs_number().switches.photo_form == "base64":
            image = base64.b64encode(image)
        return Reply(content=image, headers={"content-type": "image/png"})
    return Reply({"settings": {"profile": {"photo": {"link": link}}}})
