# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meta's Resumable Upload API: a session for one file, its bytes in pieces from an offset, and a handle at the end."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from ..call import Call, Reply
from ..refusal import GraphError
from ..strict import read_query
from . import access

PREFIX = "upload:"
# Media types that a session takes (Graph API, guide on uploading a file).
_TYPES = ("application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4")


@dataclass
class Upload:
    """Hold one session; ``data`` is what has arrived of it, ``handle`` "" until it is whole."""

    app_id: str
    name: str
    length: int
    media_type: str
    data: bytearray = field(default_factory=bytearray)
    handle: str = ""
    signature: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def start(call: Call) -> Reply:
    """Open a session; the file is associated with the app of the token."""
    given = read_query(call, ("file_name", "file_length", "file_type"))
    app_id = call.params["id"]
    if call.token is None or call.token.app_id != app_id:
        raise access.unknown_id(call)
    for name in ("file_name", "file_length", "file_type"):
        if not given.get(name):
            raise GraphError(100, message=f"(#100) The parameter {name} is required")
    length = given["file_length"]
    if not length.isdigit() or int(length) < 1:
        raise GraphError(100, message="(#100) Param file_length must be a positive integer")
    if given["file_type"] not in _TYPES:
        raise GraphError(100, message="(#100) Param file_type must be one of " + ", ".join(_TYPES))
    session = secrets.token_urlsafe(24)
    upload = Upload(app_id, given["file_name"], int(length), given["file_type"])
    call.world.uploads[session] = upload
    call.did("upload_started")
    return Reply({"id": f"{PREFIX}{session}?sig={upload.signature}"})


def send(call: Call) -> Reply:
    """Take the bytes from an offset on, which has to be where the session has stopped."""
    upload = _session(call)
    offset = call.headers.get("file_offset", "")
    if not offset.isdigit() or int(offset) != len(upload.data):
        raise GraphError(100, message=f"(#100) The file offset must be {len(upload.data)}")
    if len(upload.data) + len(call.raw) > upload.length:
        raise GraphError(100, message="(#100) More bytes than the file has")
    upload.data += call.raw
    call.did("uploaded_part")
    call.digests["photo_sha256"] = upload.digest
    if len(upload.data) < upload.length:
        return Reply({"id": PREFIX + call.params["session"], "file_offset": len(upload.data)})
    call.effect = "uploaded"
    name = base64.b64encode(upload.name.encode()).decode()
    media_type = base64.b64encode(upload.media_type.encode()).decode()
    upload.handle = f"4:{name}:{media_type}:{secrets.token_urlsafe(32)}"
    return Reply({"h": upload.handle})


def offset(call: Call) -> Reply:
    """Tell where a session has stopped."""
    return Reply({"id": PREFIX + call.params["session"], "file_offset": len(_session(call).data)})


def cut(call: Call) -> None:
    """Keep what has arrived of a request that was cut in the middle."""
    session = call.path.rpartition("/")[2]
    upload = call.world.uploads.get(session[len(PREFIX) :]) if session.startswith(PREFIX) else None
    if upload is not None and call.headers.get("file_offset") == str(len(upload.data)):
        upload.data += call.raw[: upload.length - len(upload.data)]


def by_handle(call: Call, handle: str) -> Upload | None:
    """Return the finished upload of a handle, None where the app of the token has none."""
    app_id = call.token.app_id if call.token else ""
    found = (one for one in call.world.uploads.values() if one.handle and one.handle == handle)
    return next((one for one in found if one.app_id == app_id), None)


def _session(call: Call) -> Upload:
    upload = call.world.uploads.get(call.params["session"])
    if upload is not None and read_query(call, ("sig",)).get("sig") != upload.signature:
        upload = None
    if upload is None or call.token is None or call.token.app_id != upload.app_id:
        raise GraphError(100, message="(#100) The upload session does not exist or has expired")
    return upload
