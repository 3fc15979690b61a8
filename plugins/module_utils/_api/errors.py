# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that knows the error envelopes of both APIs; also the door to the tree of errors and its words."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple, Type

from .._failure import Failure
from . import codes, tree
from .codes import GRAPH, MAYBE, NO, ONPREM
from .tree import (
    AnswerError,
    ApiError,
    AuthError,
    ConnectError,
    GraphError,
    MissingLibraryError,
    NotFoundError,
    OnPremError,
    PermissionError_,
    ProtocolError,
    ProxyError,
    RateLimitError,
    ReadError,
    SendError,
    TlsError,
)

__all__ = [
    "GRAPH",
    "MAYBE",
    "NO",
    "ONPREM",
    "AnswerError",
    "ApiError",
    "AuthError",
    "ConnectError",
    "GraphError",
    "MissingLibraryError",
    "NotFoundError",
    "OnPremError",
    "PermissionError_",
    "ProtocolError",
    "ProxyError",
    "RateLimitError",
    "ReadError",
    "SendError",
    "TlsError",
    "Where",
    "answer_error",
    "has_error",
    "success_of",
    "wait_seconds",
]

_CLASSES: Dict[Tuple[str, str], Type[AnswerError]] = {
    (GRAPH, codes.OTHER): tree.GraphError,
    (GRAPH, codes.AUTH): tree.GraphAuthError,
    (GRAPH, codes.PERMISSION): tree.GraphPermissionError,
    (GRAPH, codes.RATE): tree.GraphRateLimitError,
    (GRAPH, codes.MISSING): tree.GraphNotFoundError,
    (ONPREM, codes.OTHER): tree.OnPremError,
    (ONPREM, codes.AUTH): tree.OnPremAuthError,
    (ONPREM, codes.PERMISSION): tree.OnPremPermissionError,
    (ONPREM, codes.RATE): tree.OnPremRateLimitError,
    (ONPREM, codes.MISSING): tree.OnPremNotFoundError,
}
_BY_STATUS = {401: codes.AUTH, 403: codes.PERMISSION, 404: codes.MISSING, 429: codes.RATE}
_LONGEST_TEXT = 500


class Where(NamedTuple):
    """Name the call that an error is about; ``number`` is the label of the business phone number."""

    api: str
    number: str
    method: str
    path: str


class _Envelope(NamedTuple):
    code: Optional[int]
    subcode: int
    title: str
    details: str
    fbtrace_id: str
    is_transient: bool


def success_of(body: Optional[Mapping[str, Any]]) -> Optional[bool]:
    """Return what ``success`` says: Meta sends it as a boolean and as a string; None when absent or not readable."""
    value = (body or {}).get("success")
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False, "": False}.get(str(value).strip().lower())


def has_error(body: Any) -> bool:
    """Tell whether a body is an error envelope of either API, whatever the HTTP status says."""
    return isinstance(body, Mapping) and bool(body.get("error") or body.get("errors"))


_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = r"(\d+(?:\.\d+)?)\s*-?\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])"
_SPANS = re.compile(r"%s(?:(?:\s*,?\s*(?:and\s+)?)%s)?" % (_SPAN, _SPAN), re.IGNORECASE)
_BARE = re.compile(r"(?:wait|after|retry|again)\D{0,20}(\d+)(?![\d.]*\d|\s*[a-z%/])", re.IGNORECASE)


def wait_seconds(code: int, details: str) -> Optional[float]:
    """Return the wait in seconds that ``details`` states in words, else the one documented for ``code``, else None.

    133008, 133009, 133015 and 133016 state it in ``details`` (documentation page of the error codes). "1 hour and 30
    minutes" adds up; of several separate times the longest counts; a bare number after "wait" or "after" is seconds.
    """
    found = []
    for match in _SPANS.finditer(details):
        first, first_unit, second, second_unit = match.groups()
        span = float(first) * _UNITS[first_unit[0].lower()]
        rest = float(second) * _UNITS[second_unit[0].lower()] if second else 0.0
        # "5 minutes, 300 seconds" says one time twice; parts of one time never exceed the unit before them.
        found.append(span + rest if rest < _UNITS[first_unit[0].lower()] else max(span, rest))
    found = found or [float(text) for text in _BARE.findall(details)]
    return max(found) if found else codes.GRAPH_WAITS.get(code)


def answer_error(
    where: Where,
    status: int,
    body: Any,
    wait: Optional[float] = None,
    scrub: Callable[[str], str] = str,
) -> AnswerError:
    """Return the error that an answer stands for.

    ``wait`` is the hint of the answer's headers in seconds; it goes before what the details say. ``scrub`` takes
    what the request held in secret out of the server's words.
    """
    envelope = _read(where.api, status, body)
    code = status if envelope.code is None else envelope.code
    # An HTTP status that stands in for a missing code is not looked up: 200 is a code of Graph too.
    entry = None if envelope.code is None else codes.lookup(where.api, envelope.code)
    known = entry is not None
    if entry is None:
        entry = _unknown(status)
    meaning, next_step = _told_by_details(where.api, envelope, entry)
    details = _clean(scrub(envelope.details))
    nature = codes.RATE if entry.retry == codes.RATE else entry.nature
    if nature == codes.PERMISSION and status == 401:
        # A node answers 1005 to a token that it does not know, too: the HTTP status tells the two apart.
        nature = codes.AUTH
    if nature == codes.OTHER:
        nature = _BY_STATUS.get(status, codes.OTHER) if status in (401, 429) or not known else nature
        if where.api == GRAPH and envelope.code == 100 and envelope.subcode == 33:
            nature = codes.MISSING
    stated = wait_seconds(code, envelope.details) if where.api == GRAPH and code >= 133000 else None
    failure = Failure(
        code=code,
        title=entry.title or _clean(scrub(envelope.title)) or "HTTP %d" % status,
        details=" ".join(part.rstrip(". ") + "." for part in (details, meaning) if part),
        fbtrace_id=_clean(envelope.fbtrace_id),
        safe_to_rerun=entry.safe_to_rerun,
        next_step=next_step,
    )
    return _CLASSES[(where.api, nature)](
        failure,
        where.number,
        details=details,
        is_transient=envelope.is_transient,
        retry=codes.RATE if nature == codes.RATE else entry.retry,
        known=known,
        node_may_be_down=entry.node_may_be_down,
        api=where.api,
        method=where.method,
        path=where.path,
        http_status=status,
        acted=entry.acted,
        wait=wait if wait is not None else stated,
    )


def _read(api: str, status: int, body: Any) -> _Envelope:
    """Read Graph's single ``error`` or the node's list ``errors``."""
    found: Any = None
    if isinstance(body, Mapping):
        found = body.get("error")
        if found is None and isinstance(body.get("errors"), list) and body["errors"]:
            found = body["errors"][0]
    if not isinstance(found, Mapping):
        return _Envelope(None, 0, "", _text(found), "", False)
    if api == ONPREM:
        more = [_text(error.get("details")) for error in _mappings(body.get("errors"))]
        return _Envelope(
            _int(found.get("code")), 0, _text(found.get("title")), ". ".join(filter(None, more)), "", False
        )
    data = found.get("error_data")  # an object by the documentation, a plain string in the field
    told = _text(data.get("details")) if isinstance(data, Mapping) else _text(data)
    message = re.sub(r"^\(#\d+\)\s*", "", _text(found.get("message")))
    details = [told or message]
    if found.get("error_user_msg"):
        details.append(_text(found.get("error_user_msg")))
    return _Envelope(
        _int(found.get("code")),
        _int(found.get("error_subcode")) or 0,
        message,
        ". ".join(filter(None, details)),
        _text(found.get("fbtrace_id")),
        found.get("is_transient") is True,
    )


def _unknown(status: int) -> codes.Code:
    """Return what holds for a code that no table knows: nobody knows whether the server acted."""
    refused = status in (401, 403, 404, 405, 429)
    retry = codes.RATE if status == 429 else codes.SOON if status >= 500 else codes.NEVER
    return codes.Code(
        title="",
        acted=NO if refused else MAYBE,
        retry=retry,
        next_step="look the code up in Meta's list of error codes",
    )


def _told_by_details(api: str, envelope: _Envelope, entry: codes.Code) -> Tuple[str, str]:
    """Return meaning and next step, by the details where they say more than the code."""
    for (its_api, code, words), told in codes.DETAILS.items():
        if (its_api, code) == (api, envelope.code) and words in envelope.details.lower():
            return told
    return entry.meaning, entry.next_step


def _mappings(value: Any) -> List[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _int(value: Any) -> Optional[int]:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _clean(text: str) -> str:
    """Return a server's words as one line of bounded length, without control characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST_TEXT else line[:_LONGEST_TEXT] + " ..."
