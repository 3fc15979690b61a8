# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media of the node, read on the inventory host: what a file is, or its bytes, encrypted with a key of the request."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Dict, Mapping, NamedTuple, Sequence

from .. import _encryption
from .._api.errors import NotFoundError
from .._core.facts import media as rules
from .._core.facts.media_map import Content
from .._failure import Failure

NAME = "media"


class Seen(NamedTuple):
    """What the node has under an ID: ``failure`` is why it cannot be read, and ``gone`` that the node has it no more.

    ``serves`` is the number of the node, ``as_type`` whether the first bytes are those of the type.
    """

    content: Content
    as_type: bool
    serves: str
    data: bytes = b""
    gone: bool = False
    failure: Any = None


def asking(media_id: str, whole: bool) -> Dict[str, Any]:
    """Return the request to say what a file is, with its bytes if it is wanted whole."""
    return {"op": NAME, "id": media_id, "number": "", "key": _encryption.new_key() if whole else ""}


def answer(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Answer such a request on the host. A node that has failed once in a list is not asked again."""
    failed = next((told for one, told in before if one["op"] == NAME and "failure" in told), None)
    if failed is not None:
        return dict(failed)
    node = process.onprem(request)
    serves = node.serves()
    try:
        data, content_type = node.media(request["id"], rules.MOST)
    except NotFoundError:
        return {"gone": True, "serves": serves}
    media_type = rules.plain_type(content_type)
    return {
        "serves": serves,
        "sha256": hashlib.sha256(data).hexdigest(),
        "type": media_type,
        "size": len(data),
        "as_type": rules.begins_as(media_type, data[:16]),
        "data": _encryption.encrypt(request["key"], base64.b64encode(data).decode("ascii")) if request["key"] else "",
    }


def of_answer(request: Mapping[str, Any], told: Mapping[str, Any]) -> Seen:
    """Return what an answer says."""
    nothing = Content("", "", 0)
    if "failure" in told:
        return Seen(nothing, False, "", failure=Failure(**told["failure"]))
    if "error" in told:
        return Seen(nothing, False, "", failure=Failure("no_answer", "The host did not answer", str(told["error"])))
    if told.get("gone"):
        return Seen(nothing, False, str(told["serves"]), gone=True)
    data = b""
    if request["key"]:
        data = base64.b64decode(_encryption.decrypt(request["key"], told["data"]))
    content = Content(str(told["sha256"]), str(told["type"]), int(told["size"]))
    return Seen(content, bool(told["as_type"]), str(told["serves"]), data)
