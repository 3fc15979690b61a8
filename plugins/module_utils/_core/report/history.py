# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the events of a run as a report reads them, each once and in the order of their times. Pure."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Set, Tuple

from ..events.event import RUN_STARTED, Reader, Subject, build
from ..facts.times import instant

_DEFAULTS: Mapping[str, Any] = {**build(Subject(""), RUN_STARTED, 0.0), "data": {}}
# What an event holds, and at which place.
_PLACES = {name: at for at, name in enumerate(_DEFAULTS)}
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


def read(lines: Iterable[bytes]) -> Read:
    """Return the events in the lines of a file. What is no event is counted and left out."""
    kept: List[Event] = []
    texts: Dict[str, str] = {}
    reader = Reader()
    for event in itertools.chain(itertools.chain.from_iterable(map(reader.feed, lines)), _last(reader)):
        full = {**_DEFAULTS, **event}
        values = (full[name] for name in _PLACES)
        kept.append(_Slim(tuple(texts.setdefault(one, one) if isinstance(one, str) else one for one in values)))
    return Read(tuple(once(kept)), reader.unreadable)


def _last(reader: Reader) -> Iterator[Event]:
    yield from reader.close()


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
