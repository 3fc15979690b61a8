# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile photo for operations: from a file or from the inventory host, to the Cloud API, and what was put last."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .. import _encryption
from .._api.graph import Graph
from .._api.uploads import File
from .._core.checks.reads import HOST_FILES
from .._core.facts import json_document
from .._core.facts import photo as photo_rules
from .._core.facts.photo import Photo
from .._core.facts.times import utc
from .._failure import Failure, RefusedError
from . import account, attempt_log
from .context import Context
from .options import App, State

PUT_FORMAT = "wabiz.profile/1"
_PHOTO, _PUT = "photo", "profile"


class Kept(NamedTuple):
    """What the inventory host keeps: the photo of the node, and which photo was put on the Cloud API last.

    ``put`` has ``photo_sha256``, ``put_at`` and ``shown``, the path of the address under which Graph showed it.
    ``trouble`` says why one of the two cannot be used.
    """

    photo: Optional[Photo] = None
    put: Optional[Mapping[str, Any]] = None
    trouble: str = ""


def looking(options: State) -> Dict[str, Any]:
    """Return the request to read what the host keeps; nothing is written for it."""
    names = [_PHOTO, _PUT]
    return {"op": "look_kept", **attempt_log.location(options), "names": names, "key": _encryption.new_key()}


def of_answer(options: State, request: Mapping[str, Any], answer: Mapping[str, Any]) -> Kept:
    """Return what the host keeps by its answer; raises RefusedError where it does not answer."""
    number_id = str(options.phone_number_id)
    if "error" in answer:
        fix = "fix %s, or set another state directory" % attempt_log.number_dir(options)
        raise RefusedError(HOST_FILES.failure(str(answer["error"]), fix), number_id)
    texts = {
        name: None if text is None else _encryption.decrypt(request["key"], text)
        for name, text in answer["kept"].items()
    }
    trouble = []
    photo = put = None
    try:
        photo = photo_rules.parse(texts.get(_PHOTO), number_id)
    except ValueError as error:
        trouble.append("the photo in %s cannot be used: %s" % (attempt_log.number_dir(options), error))
    try:
        put = json_document.of_number(texts.get(_PUT), PUT_FORMAT, number_id)
    except ValueError as error:
        trouble.append("%s/profile.json cannot be used: %s" % (attempt_log.number_dir(options), error))
    return Kept(photo, put, "; ".join(trouble))


def look(options: State, context: Context) -> Kept:
    """Read what the host keeps."""
    request = looking(options)
    (answer,) = context.clients.host([request])
    return of_answer(options, request, answer)


def upload(options: App, context: Context, graph: Graph, photo: Photo) -> str:
    """Upload a photo for the app of the token, and return its handle."""
    app_id = account.app_of_token(options, context)
    return graph.upload(app_id, File(photo.name, photo.media_type, photo.data))


def note_put(options: State, context: Context, photo: Photo, address: str) -> str:
    """Keep on the host which photo was put, and how Graph shows it; returns "" or why that failed."""
    number_id = str(options.phone_number_id)
    document = {
        "format": PUT_FORMAT,
        "phone_number_id": number_id,
        "photo_sha256": photo.digest,
        "put_at": utc(context.clock.now()),
        "shown": shown_as(address),
    }
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    (answer,) = context.clients.host([keeping(options, _PUT, text, check_mode=False)])
    if "error" not in answer:
        return ""
    return "which photo was put could not be kept in %s (%s); the next run uploads it again" % (
        attempt_log.number_dir(options),
        answer["error"],
    )


def keeping(options: State, name: str, text: str, check_mode: bool) -> Dict[str, Any]:
    """Return the request to keep a text on the host; in check mode the host only says whether it is new."""
    return {"op": "keep", **attempt_log.location(options), "name": name, "text": text, "check_mode": check_mode}


def shown_as(address: str) -> str:
    """Return the part of a photo's address that names it: host and signature change while it stays the same."""
    return urlsplit(address).path


def no_photo(options: State) -> Failure:
    """Report that there is no file of the photo to put back."""
    return Failure(
        "no_photo",
        "The snapshot has no file of the profile photo",
        "The node did not hand it over, or the snapshot in %s was taken without it" % attempt_log.number_dir(options),
        next_step="name a file with wa_profile (option photo), or upload the photo in WhatsApp Manager",
    )
