# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: when the last real event of a number came in, as an endpoint reports it, and what its absence means. Pure."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping, Optional, Tuple

from ..facts.times import instant, utc
from ..findings.finding import COLLECTION, WARNING, Finding

PLACE = "{phone_number_id}"
_TIMES = ("last_event_at", "at")

NO_EVENT = Finding(
    "WM243",
    "no_event",
    WARNING,
    COLLECTION,
    title="No event of the number has come in since its move",
    why="The number is registered on the Cloud API, and the webhook endpoint has not reported a message or a status of "
    "it since. Webhooks may not arrive, or nobody has written to the number. The registration itself is not in doubt.",
    fix="Send a message to the number from a phone, and look whether it arrives. If not, check the callback of the app "
    "and the subscription of the WABA, and O(echo).",
    passing=True,
)


def address_of(source: str, phone_number_id: str) -> str:
    """Return a file or an address for a number: its ID takes the place that is kept for it."""
    return source.replace(PLACE, phone_number_id)


def last_event(text: str, phone_number_id: str) -> Optional[float]:
    """Return when the last event of a number came in (seconds since the epoch), None where none is reported.

    ``text`` is a JSON object that maps phone number IDs to times, or one or more objects with ``phone_number_id`` and
    ``last_event_at`` (or ``at``), as an object, a list or JSON lines. Raise ValueError for anything else.
    """
    times = [moment for number, moment in _reports(_document(text)) if number == phone_number_id and moment is not None]
    return max(times) if times else None


def _document(text: str) -> Any:
    if not text.strip():
        return []
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        pass
    # the last line may be one that is being written
    lines = text.split("\n")
    try:
        return [json.loads(line) for line in lines[:-1] if line.strip()]
    except (ValueError, RecursionError):
        raise ValueError("it is neither JSON nor JSON lines") from None


def _reports(document: Any) -> Iterator[Tuple[str, Optional[float]]]:
    if isinstance(document, Mapping) and "phone_number_id" not in document:
        for number, value in document.items():
            yield str(number), _moment(value)
        return
    for entry in document if isinstance(document, list) else [document]:
        if not isinstance(entry, Mapping) or "phone_number_id" not in entry:
            raise ValueError("it reports no phone_number_id")
        yield str(entry["phone_number_id"]), _moment(entry)


def _moment(value: Any) -> Optional[float]:
    if isinstance(value, Mapping):
        value = next((value[name] for name in _TIMES if name in value), None)
    if value is None:
        return None
    found = instant(value)
    if found is None:
        raise ValueError("a time in it cannot be read: it takes 2026-11-26T14:03:00Z, or seconds since 1970")
    return found


def counts(moment: Optional[float], since: Optional[float]) -> bool:
    """Tell whether an event is proof: it came in, and not before the number was registered."""
    return moment is not None and (since is None or moment >= since)


def details(moment: Optional[float], since: Optional[float], source: str, waited: float, trouble: str) -> str:
    """Return what was seen instead of an event."""
    parts = ["%s was asked for %d s" % (source, round(waited)) if waited else "%s was asked" % source]
    if trouble:
        parts.append("The last answer: %s" % trouble)
    if moment is not None and since is not None:
        parts.append("Its last event is of %s, the register request of %s" % (utc(moment), utc(since)))
    return ". ".join(parts)
