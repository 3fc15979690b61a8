# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meta's Resumable Upload API: a session, the bytes of a file from an offset on, and the handle that stands for it."""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple
from urllib.parse import parse_qsl

from . import causes, retry
from .errors import ApiError, Where
from .objects import APP_ID
from .options import GRAPH
from .transport import Transport

PREFIX = "upload:"
WORDING = "POST upload of the profile photo"
# An upload has no effect until its handle is used, so what broke off is taken up again, and begun anew if need be.
_SESSIONS = 3
_PIECES = 5


class File(NamedTuple):
    """A file to upload: its name, MIME type and bytes."""

    name: str
    media_type: str
    data: bytes


def put(transport: Transport, root: str, app_id: str, file: File) -> str:
    """Upload a file for an app and return its handle (Graph API, guide on uploading a file).

    After a cut the session says how many bytes have arrived, and the rest follows. Where all have arrived and only the
    handle was lost, another session begins. Raises ApiError.
    """
    trouble = None
    for _session in range(_SESSIONS):
        session = _start(transport, root, app_id, file)
        handle, trouble = _send(transport, root, session, file.data)
        if handle:
            return handle
    raise trouble or causes.incomplete(_where(transport, "POST", root, ""), "h")


def _start(transport: Transport, root: str, app_id: str, file: File) -> str:
    path = "%s/%s/uploads" % (root, app_id)
    query = {"file_name": file.name, "file_length": "%d" % len(file.data), "file_type": file.media_type}
    answer = transport.call(
        "POST", path, kind=retry.READ, params=query, option=APP_ID, wording="POST upload session of the app"
    )
    session = (answer.body or {}).get("id")
    if not isinstance(session, str) or not session.startswith(PREFIX):
        raise causes.incomplete(Where(GRAPH, transport.number, "POST", path, APP_ID), "id")
    return session


def _send(transport: Transport, root: str, session: str, data: bytes) -> Tuple[str, ApiError]:
    """Return the handle, or "" and why there is none although the session is used up."""
    path, query = _address(root, session)
    offset = 0
    trouble: ApiError = causes.incomplete(_where(transport, "POST", root, session), "h")
    for _piece in range(_PIECES):
        headers = {**_authorization(transport), "file_offset": "%d" % offset}
        headers["Content-Type"] = "application/octet-stream"
        try:
            answer = transport.call(
                "POST", path, kind=retry.NEVER, params=query, headers=headers, data=data[offset:], wording=WORDING
            )
        except ApiError as error:
            if not retry.is_temporary(error):
                raise
            trouble = error
        else:
            handle = (answer.body or {}).get("h")
            if isinstance(handle, str) and handle:
                return handle, trouble
        offset = _offset(transport, root, session)
        if offset >= len(data):
            break
    return "", trouble


def _offset(transport: Transport, root: str, session: str) -> int:
    """Return how many bytes of a session have arrived."""
    path, query = _address(root, session)
    answer = transport.call("GET", path, kind=retry.READ, params=query, headers=_authorization(transport))
    offset = (answer.body or {}).get("file_offset")
    if isinstance(offset, str) and offset.isdigit():
        offset = int(offset)
    if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0:
        raise causes.incomplete(_where(transport, "GET", root, session), "file_offset")
    return offset


def _address(root: str, session: str) -> Tuple[str, Dict[str, str]]:
    """Return path and query of a session: its ID may end in ``?sig=...``, and no error may show a query."""
    path, _mark, query = session.partition("?")
    return "%s/%s" % (root, path), dict(parse_qsl(query))


def _authorization(transport: Transport) -> Dict[str, str]:
    # The sessions have a scheme of their own (same guide, step 2).
    return {"Authorization": "OAuth %s" % transport.bearer()}


def _where(transport: Transport, method: str, root: str, session: str) -> Where:
    return Where(GRAPH, transport.number, method, _address(root, session or PREFIX)[0])
