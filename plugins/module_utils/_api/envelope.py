# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error envelopes of both APIs, and the errors that they represent."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple, Type

from .._failure import Failure
from . import codes, errors, objects
from .codes import MAYBE, NO
from .codes_cases import lookup
from .codes_graph import GRAPH_WAITS
from .errors import AnswerError, Where
from .options import GRAPH, ONPREM

_CLASSES: Dict[Tuple[str, str], Type[AnswerError]] = {
    (GRAPH, codes.OTHER): errors.GraphError,
    (GRAPH, codes.AUTH): errors.GraphAuthError,
    (GRAPH, codes.PERMISSION): errors.GraphPermissionError,
    (GRAPH, codes.RATE): errors.GraphRateLimitError,
    (GRAPH, codes.MISSING): errors.GraphNotFoundError,
    (ONPREM, codes.OTHER): errors.OnPremError,
    (ONPREM, codes.AUTH): errors.OnPremAuthError,
    (ONPREM, codes.PERMISSION): errors.OnPremPermissionError,
    (ONPREM, codes.RATE): errors.OnPremRateLimitError,
    (ONPREM, codes.MISSING): errors.OnPremNotFoundError,
}
_BY_STATUS = {401: codes.AUTH, 403: codes.PERMISSION, 404: codes.MISSING, 429: codes.RATE}
_LONGEST_TEXT = 500


class _Envelope(NamedTuple):
    """Hold an error: ``title`` and ``details`` are for logs, ``wording`` is the text for people."""

    code: Optional[int]
    subcode: int = 0
    title: str = ""
    details: str = ""
    wording: str = ""
    fbtrace_id: str = ""
    is_transient: bool = False

    def all_text(self) -> str:
        return " ".join((self.title, self.details, self.wording))


def success_of(body: Optional[Mapping[str, Any]]) -> Optional[bool]:
    """Return ``success``: Meta sends it as a boolean or as a string; None if it is absent or not readable."""
    value = (body or {}).get("success")
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False, "": False}.get(str(value).strip().lower())


def has_error(body: Any) -> bool:
    """Tell whether a body is an error envelope of either API, whatever the HTTP status."""
    return isinstance(body, Mapping) and bool(body.get("error") or body.get("errors"))


_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = r"(\d+(?:\.\d+)?)\s*-?\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])"
_SPANS = re.compile(r"%s(?:(?:\s*,?\s*(?:and\s+)?)%s)?" % (_SPAN, _SPAN), re.IGNORECASE)
_BARE = re.compile(r"(?:wait|after|retry|again)\D{0,20}(\d+)(?![\d.]*\d|\s*[a-z%/])", re.IGNORECASE)


def wait_seconds(code: int, details: str) -> Optional[float]:
    """Return the wait in seconds in the text ``details``, else the one documented for ``code``, else None.

    133008, 133009, 133015 and 133016 state it in ``details`` (documentation page of the error codes). "1 hour and 30
    minutes" adds up; of several separate times the longest counts; a bare number after "wait" or "after" is seconds.
    """
    found = []
    for match in _SPANS.finditer(details):
        first, first_unit, second, second_unit = match.groups()
        span = float(first) * _UNITS[first_unit[0].lower()]
        rest = float(second) * _UNITS[second_unit[0].lower()] if second else 0.0
        # "5 minutes, 300 seconds" is one time twice; parts of one time never exceed the unit before them.
        found.append(span + rest if rest < _UNITS[first_unit[0].lower()] else max(span, rest))
    found = found or [float(text) for text in _BARE.findall(details)]
    return max(found) if found else GRAPH_WAITS.get(code)


def answer_error(
    where: Where,
    status: int,
    body: Any,
    wait: Optional[float] = None,
    scrub: Callable[[str], str] = str,
) -> AnswerError:
    """Return the error that an answer represents.

    ``wait`` is the time in seconds in the headers of the answer; it takes precedence over the details. ``scrub`` masks
    the secrets of the request in the server's texts.
    """
    envelope = _read(where.api, body)
    code = status if envelope.code is None else envelope.code
    call = _call(where)
    entry = _meaning(where, envelope, call)
    known = entry is not None
    if entry is None:
        entry = _unknown(status)
    nature = codes.RATE if entry.retry == codes.RATE else entry.nature
    if nature == codes.PERMISSION and status == 401:
        # A node also answers 1005 to an unknown token: the HTTP status tells the two apart.
        nature = codes.AUTH
    if nature == codes.OTHER:
        nature = _BY_STATUS.get(status, codes.OTHER) if status in (401, 429) or not known else nature
    stated = None
    if where.api == GRAPH and code >= 133000 and entry.wait_counts:
        stated = wait_seconds(code, envelope.details + " " + envelope.wording)
    title = entry.title or _clean(scrub(envelope.title)) or "HTTP %d" % status
    reported = [
        _clean(scrub(part)) for part in (envelope.details, envelope.wording) if part.rstrip(".") not in ("", title)
    ]
    details = ". ".join([part.rstrip(". ") for part in reported[:-1]] + reported[-1:])
    subcode = "Code %d, subcode %d" % (code, envelope.subcode) if envelope.subcode else ""
    attempt = codes.ATTEMPT % call if where.api == GRAPH and call in codes.COUNTED else ""
    failure = Failure(
        code=code,
        title=title,
        details=_sentences((details, entry.meaning, subcode, attempt)),
        fbtrace_id=_clean(envelope.fbtrace_id),
        safe_to_rerun=entry.safe_to_rerun,
        next_step=_advice(where.api, entry, details),
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
        subcode=envelope.subcode,
    )


def _read(api: str, body: Any) -> _Envelope:
    """Read Graph's single ``error`` or the node's list ``errors``."""
    found: Any = None
    if isinstance(body, Mapping):
        found = body.get("error")
        if found is None and isinstance(body.get("errors"), list) and body["errors"]:
            found = body["errors"][0]
    if not isinstance(found, Mapping):
        return _Envelope(None, details=_text(found))
    if api == ONPREM:
        more = [_text(error.get("details")) for error in _mappings(body.get("errors"))]
        return _Envelope(_int(found.get("code")), 0, _text(found.get("title")), ". ".join(filter(None, more)))
    data = found.get("error_data")  # an object by the documentation, a plain string in the field
    reported = _text(data.get("details")) if isinstance(data, Mapping) else _text(data)
    message = re.sub(r"^\(#\d+\)\s*", "", _text(found.get("message")))
    head, wording = (_text(found.get(name)).strip() for name in ("error_user_title", "error_user_msg"))
    return _Envelope(
        _int(found.get("code")),
        _int(found.get("error_subcode")) or 0,
        message,
        reported or message,
        ": ".join(filter(None, ('"%s"' % head if head else "", wording))),
        _text(found.get("fbtrace_id")),
        found.get("is_transient") is True,
    )


def _call(where: Where) -> str:
    """Return the end of the path of a change, such as "register"; "" for a read and for a change of the object."""
    end = where.path.rstrip("/").rpartition("/")[2]
    return "" if where.method == "GET" or end.isdigit() else end


def _meaning(where: Where, envelope: _Envelope, call: str) -> Optional[codes.Code]:
    """Return the meaning of an error; None for a code that is in no table.

    An HTTP status in place of a missing code is not looked up: 200 is a code of Graph too.
    """
    if envelope.code is None:
        return None
    if where.api == GRAPH:
        wrong = objects.wrong_kind(where.option, where.path, envelope.all_text())
        if wrong is not None:
            return wrong
    found = lookup(where.api, envelope.code, envelope.subcode, call, envelope.all_text().lower())
    if found is not None and where.api == GRAPH and found.nature == codes.MISSING:
        return objects.not_found(where.option, found)
    return found


# Texts of the server that name a value; the titles of the codes for a bad value do not.
_VALUE = re.compile(r"param|field|\bvalue|\bkey\b|\bmust\b|\b[a-z]+_[a-z_]+\b")
_TITLES = re.compile(r"invalid parameter|(required )?parameter (value )?is (not valid|missing)|request is not valid")
_NO_VALUE = {
    GRAPH: "follow the instructions in Meta's message; if it has none, check number and WABA in WhatsApp Manager, "
    "and ask Meta's support with the fbtrace_id",
    ONPREM: "check the log of the node",
}


def _advice(api: str, entry: codes.Code, details: str) -> str:
    """Return the next step; "correct the value" is only useful if the details name a value."""
    if entry.next_step == codes.CHECK_VALUE and not _VALUE.search(_TITLES.sub("", details.lower())):
        return _NO_VALUE[api]
    return entry.next_step


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(part.rstrip(". ") + "." for part in parts if part.rstrip(". "))


def _unknown(status: int) -> codes.Code:
    """Return the meaning of a code that is in no table: it is unknown whether the server acted."""
    refused = status in (401, 403, 404, 405, 429)
    retry = codes.RATE if status == 429 else codes.SOON if status >= 500 else codes.NEVER
    return codes.Code(
        title="",
        acted=NO if refused else MAYBE,
        retry=retry,
        next_step="look the code up in Meta's list of error codes",
    )


def _mappings(value: Any) -> List[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _int(value: Any) -> Optional[int]:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):  # the last for Infinity in JSON
        return None


def _clean(text: str) -> str:
    """Return a server's text as one line of bounded length, without control characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST_TEXT else line[:_LONGEST_TEXT] + " ..."
