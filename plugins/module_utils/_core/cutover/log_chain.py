# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the changes of an attempt log as a hash chain, so that a later change of it can be seen. Pure.

Each entry holds what a change has set, and the SHA-256 digest of itself and of the entry before. The chain proves that
nobody has changed the log without its chain, and with the digests of an earlier report also that no entry is missing or
was made anew. It does not prove who wrote an entry or when, and it cannot see a change by somebody who can rewrite both
the log and every report of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence

from ..facts.times import utc

_FIRST = "0" * 64
# What is not part of the history: what never changes, and the lease, which is over with its run.
_OUTSIDE = ("format", "phone_number_id", "entries", "lease", "revision")
# The digest of a code that was sent. The log drops it once the code is worth nothing, and an entry stays.
_DROPPED = "mark"


class Head(NamedTuple):
    """How many entries a chain has, and the digest of the last one, "" where there is none."""

    entries: int
    digest: str


def extended(before: Mapping[str, Any], after: Mapping[str, Any], now: float, kind: str) -> Dict[str, Any]:
    """Return the log ``after`` a change with an entry for it; ``kind`` says what the change was."""
    chain = _entries(before)
    # The first entry accounts for all that the log holds.
    old, new = _flat(before) if chain else {}, _flat(after)
    entry: Dict[str, Any] = {
        "at": utc(now),
        "kind": kind,
        "set": {path: value for path, value in sorted(new.items()) if old.get(path) != value or path not in old},
        "previous": str(chain[-1].get("digest")) if chain else _FIRST,
    }
    return {**after, "entries": [*chain, {**entry, "digest": _digest(entry)}]}


def head(log: Mapping[str, Any]) -> Head:
    """Return the end of a log's chain."""
    chain = _entries(log)
    return Head(len(chain), str(chain[-1].get("digest") or "") if chain else "")


def digests(log: Mapping[str, Any]) -> List[str]:
    """Return the digest of each entry, the first one first."""
    return [str(entry.get("digest") or "") for entry in _entries(log)]


def faults(log: Mapping[str, Any]) -> List[str]:
    """Return what is wrong with a log by itself: entries that were altered or removed, counted from 1."""
    chain = _entries(log)
    found: List[str] = []
    previous = _FIRST
    for at, entry in enumerate(chain, 1):
        body = {name: value for name, value in entry.items() if name != "digest"}
        if entry.get("digest") != _digest(body):
            found.append("entry %d (%s, %s) was altered" % (at, entry.get("kind"), entry.get("at")))
        elif entry.get("previous") != previous:
            found.append("an entry before entry %d (%s, %s) is missing" % (at, entry.get("kind"), entry.get("at")))
        previous = str(entry.get("digest"))
    return found or _unaccounted(log, chain)


def unlike(present: Sequence[str], known: Iterable[Head]) -> List[str]:
    """Return where a chain with the digests ``present`` is not the one whose heads earlier reports have."""
    found = []
    for one in sorted(set(known)):
        if one.entries > len(present):
            found.append("entry %d is missing: a report knows %d" % (len(present) + 1, one.entries))
        elif one.entries and present[one.entries - 1] != one.digest:
            found.append("entry %d is not the one that a report knows" % one.entries)
    return found


def _unaccounted(log: Mapping[str, Any], chain: Sequence[Mapping[str, Any]]) -> List[str]:
    """Return what the log holds that no entry has set."""
    told: Dict[str, Any] = {}
    for entry in chain:
        told.update(entry.get("set") or {})
    now = _flat(log)
    if not chain and not log.get("attempts"):
        return []
    paths = sorted(path for path in {*told, *now} if told.get(path) != now.get(path))
    return ["%s is not what the entries say" % path for path in paths]


def _flat(log: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a log as paths and values; an entry of a list has a path of its own."""
    found: Dict[str, Any] = {}
    for name, value in log.items():
        if name in _OUTSIDE:
            continue
        if isinstance(value, list):
            found.update(("%s.%d" % (name, at), _kept(one)) for at, one in enumerate(value, 1))
        else:
            found[name] = value
    return found


def _kept(value: Any) -> Any:
    return {name: one for name, one in value.items() if name != _DROPPED} if isinstance(value, Mapping) else value


def _entries(log: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    value: Optional[Any] = log.get("entries")
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _digest(entry: Mapping[str, Any]) -> str:
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
