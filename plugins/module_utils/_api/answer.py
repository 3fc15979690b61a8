# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells answers and errors of the API apart, and both from anything else. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional, Union

from .._failure import counted
from . import causes
from .envelope import answer_error, has_error
from .errors import ApiError, Where
from .options import ONPREM
from .usage import Usage, usage_of, wait_of


@dataclass(frozen=True)
class Answer:
    """Hold one successful answer: ``body`` is None for ``null`` and for an empty body; header names are in lower case.

    An answer that was read as text has ``text`` and the bytes ``raw``.
    """

    status: int
    body: Optional[Dict[str, Any]]
    headers: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    text: str = ""
    raw: bytes = b""


def judge(
    where: Where,
    server: str,
    status: int,
    headers: Mapping[str, str],
    raw: bytes,
    text: bool,
    scrub: Callable[[str], str],
) -> Union[Answer, ApiError]:
    """Return the answer, or the error that it represents.

    An error envelope counts whatever the HTTP status, and so does a hint on how long to wait: rate limits come with
    HTTP 400. A missing content type is tolerated if the body is JSON. ``text`` returns a successful answer unparsed.
    """
    if 300 <= status <= 399:
        return causes.redirected(where, status, server, headers.get("location", ""))
    if text and status < 400:
        return Answer(status, None, headers, usage_of(headers), raw.decode("utf-8", "replace"), raw)
    wait = wait_of(headers)
    seen = ""
    body: Any = None
    if raw.strip():
        content = headers.get("content-type", "").partition(";")[0].strip().lower()
        if content and not ("json" in content or content.endswith("/javascript")):
            seen = "an HTML page" if "html" in content else "the content type %r" % content[:60]
        else:
            try:
                body = json.loads(raw.decode("utf-8"))
            except (ValueError, RecursionError):
                seen = counted(len(raw), "byte that is not JSON", "bytes that are not JSON")
            if body is not None and not isinstance(body, dict):
                seen = "JSON that is not an object"
    if seen:
        of_tls = causes.page(where, status, server, raw)
        if of_tls is not None:
            return of_tls
        if status == 401 and where.api == ONPREM:
            # The body comes from a node or its proxy and is a page for people.
            return answer_error(where, status, None, wait)
        return causes.strange(where, status, server, "not_json", "%s (HTTP %d)" % (seen, status), wait)
    if status >= 400 or has_error(body):
        return answer_error(where, status, body, wait, scrub)
    return Answer(status, body, headers, usage_of(headers))
