# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload of a media file to a number on the Cloud API: one request of type multipart/form-data."""

from __future__ import annotations

from typing import Tuple
from uuid import uuid4

from . import causes, retry
from .errors import Where
from .transport import Transport
from .uploads import File

FIELDS = (("messaging_product", "whatsapp"),)


def upload(transport: Transport, where: Where, file: File, read_timeout: float) -> str:
    """Send a media file to ``where`` and return its media ID; raises ApiError. Sent again only if it was refused."""
    content_type, data = _multipart(file)
    answer = transport.call(
        "POST",
        where.path,
        kind=retry.REFUSED_ONLY,
        data=data,
        headers={"Content-Type": content_type},
        read_timeout=read_timeout,
        option=where.option,
        wording="POST media file",
    )
    found = (answer.body or {}).get("id")
    if not isinstance(found, str) or not found.isdigit():
        raise causes.incomplete(where, "id")
    return found


def _multipart(file: File) -> Tuple[str, bytes]:
    """Return the content type and the body of the request (page: media, upload)."""
    # random, so that no file can hold it
    boundary = "wabiz-%s" % uuid4().hex
    parts = [
        '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name, value)
        for name, value in (*FIELDS, ("type", file.media_type))
    ]
    head = '--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: %s\r\n\r\n' % (
        boundary,
        file.name,
        file.media_type,
    )
    body = "".join(parts).encode("utf-8") + head.encode("utf-8") + file.data
    return "multipart/form-data; boundary=%s" % boundary, body + ("\r\n--%s--\r\n" % boundary).encode("utf-8")
