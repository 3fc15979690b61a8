# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media of the Cloud API: uploaded to a number as multipart/form-data, and known by an ID for 30 days."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import read_query
from . import access

DAYS = 30 * 86400.0
LARGEST = 100 * 1024 * 1024
_FIRST = 1037543291543000
_PART = re.compile(rb'\r?\nContent-Disposition: form-data; name="(\w+)"[^\r\n]*(?:\r\nContent-Type: ([^\r\n]+))?', re.I)


@dataclass
class Media:
    """Hold what was uploaded, without its bytes."""

    number_id: str
    media_type: str
    size: int
    digest: str
    until: float


def upload(call: Call) -> Reply:
    """Take a file; Meta's page on media names the parameters messaging_product, type and file."""
    parts = _parts(call)
    for name in parts:
        if name not in ("messaging_product", "type", "file"):
            raise GraphError(100, message=f'(#100) Unexpected key "{name}" on param "body"')
    for name in ("messaging_product", "file"):
        if name not in parts:
            raise GraphError(100, message=f"(#100) The parameter {name} is required.")
    if parts["messaging_product"][0] != b"whatsapp":
        raise GraphError(100, message="(#100) Param messaging_product must be one of {WHATSAPP}")
    data, media_type = parts["file"]
    stated = parts.get("type", (media_type.encode(), ""))[0].decode("latin-1")
    if not data or stated != media_type:
        raise GraphError(100, message="(#100) Param file must be a file with one of the supported types")
    world = call.world
    identity = str(_FIRST + len(world.media))
    digest = hashlib.sha256(data).hexdigest()
    number = call.needs_number()
    world.media[identity] = Media(number.phone_number_id, media_type, len(data), digest, call.now + DAYS)
    call.digests["media_sha256"] = digest
    call.did("media_uploaded")
    return Reply({"id": identity})


def _parts(call: Call) -> dict[str, tuple[bytes, str]]:
    """Return the parts of the body by name, each with its content type."""
    kind, _mark, boundary = call.headers.get("content-type", "").partition("boundary=")
    if not kind.lower().startswith("multipart/form-data") or not boundary:
        raise GraphError(100, "The body must be sent as multipart/form-data")
    mark = b"--" + boundary.encode("latin-1")
    pieces = call.raw.split(mark)
    if len(pieces) < 3 or pieces[-1].strip() != b"--":
        raise GraphError(100, "The body is not whole")
    found: dict[str, tuple[bytes, str]] = {}
    for piece in pieces[1:-1]:
        head, _blank, data = piece.partition(b"\r\n\r\n")
        match = _PART.match(head)
        if match is None or match[1].decode() in found:
            raise GraphError(100, "A part of the body has no name, or one that another has")
        found[match[1].decode()] = (data[:-2], (match[2] or b"").decode("latin-1"))
    return found


def read(call: Call) -> Reply:
    """Tell where a media file can be fetched, and what it is; one that has expired is as unknown as any other."""
    given = read_query(call, ("phone_number_id",))
    identity = call.params["id"]
    found = call.world.media.get(identity)
    if found is None or found.until <= call.now or given.get("phone_number_id") not in (None, found.number_id):
        raise access.unknown_id(call)
    return Reply(
        {
            "messaging_product": "whatsapp",
            "url": f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={identity}",
            "mime_type": found.media_type,
            "sha256": found.digest,
            "file_size": str(found.size),
            "id": identity,
        }
    )


def arrive(call: Call, identity: str) -> None:
    """Find the number of a media ID, so that faults and the ledger know it."""
    found = call.world.media.get(identity)
    if found is not None:
        call.number = call.world.numbers.get(found.number_id)
        call.params["media"] = identity
