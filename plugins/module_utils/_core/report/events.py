# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the events of a run as a report reads them: one JSON object for each line of a file. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Set, Tuple

from ..facts.times import instant

SCHEMA = "wabiz.event/1"
RUN_STARTED = "run_started"
RUN_ENDED = "run_ended"
STEP_STARTED = "step_started"
STEP_ENDED = "step_ended"
WAITING = "waiting"
WAIT_ENDED = "wait_ended"
REGISTER_SENT = "register_sent"
REGISTER_ANSWERED = "register_answered"
CONFIRMED = "confirmed"
OUTCOME = "outcome"
NUMBER_ENDED = "number_ended"
KINDS = (
    *(RUN_STARTED, RUN_ENDED, STEP_STARTED, STEP_ENDED, WAITING, WAIT_ENDED),
    *(REGISTER_SENT, REGISTER_ANSWERED, CONFIRMED, OUTCOME, NUMBER_ENDED),
)
# What every event has as text, "" where it does not apply.
_TEXTS = ("run", "host", "phone_number_id", "number", "waba_id", "phase", "step", "outcome", "text")
_DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    "wave": None,
    "seconds": None,
    "code": None,
    "check_mode": False,
    "data": {},
}
# What an event holds, and at which place.
_PLACES = {name: at for at, name in enumerate(("schema", "at", "event", *_DEFAULTS))}
Event = Mapping[str, Any]


class Read(NamedTuple):
    """The events of a file in the order of their times, and how many of its lines are none.

    A run that was killed leaves its last line cut.
    """

    events: Tuple[Event, ...]
    damaged: int


class _Slim(Mapping[str, Any]):
    """Hold an event without the memory of a dictionary: a large fleet has a hundred thousand of them."""

    __slots__ = ("_values",)

    def __init__(self, values: Tuple[Any, ...]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[_PLACES[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


def read(lines: Iterable[str]) -> Read:
    """Return the events in the lines of a file. A line that is no event is counted and left out."""
    kept: List[Event] = []
    texts: Dict[str, str] = {}
    damaged = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not is_event(event):
            damaged += 1
            continue
        full = {**_DEFAULTS, **event}
        values = (full[name] for name in _PLACES)
        kept.append(_Slim(tuple(texts.setdefault(one, one) if isinstance(one, str) else one for one in values)))
    return Read(tuple(once(kept)), damaged)


def is_event(value: Any) -> bool:
    """Tell whether a value is an event that a report can use; keys that it does not know do not matter."""
    return (
        isinstance(value, dict)
        and value.get("schema") == SCHEMA
        and value.get("event") in KINDS
        and isinstance(value.get("run"), str)
        and instant(value.get("at")) is not None
        and all(isinstance(value.get(name, ""), str) for name in _TEXTS)
        and (value.get("seconds") is None or isinstance(value["seconds"], (int, float)))
        and isinstance(value.get("data") or {}, dict)
    )


def once(events: Iterable[Event]) -> List[Event]:
    """Return events in the order of their times, each once: the files of several jobs may hold the same run."""
    seen: Set[bytes] = set()
    found: List[Event] = []
    for event in events:
        mark = hashlib.sha256(json.dumps(dict(event), sort_keys=True).encode("ascii")).digest()
        if mark not in seen:
            seen.add(mark)
            found.append(event)
    return sorted(found, key=lambda event: instant(event["at"]) or 0.0)


def by_number(events: Iterable[Event]) -> Dict[str, List[Event]]:
    """Return the events of each number, by its inventory host; those of the whole run are left out."""
    found: Dict[str, List[Event]] = {}
    for event in events:
        if event["host"]:
            found.setdefault(str(event["host"]), []).append(event)
    return found
