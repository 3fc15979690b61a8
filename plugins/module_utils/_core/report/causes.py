# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: why numbers need somebody: their causes, each with its meaning and whether running again is safe. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence

from ..approval.catalogue import BY_ID, CATALOGUE
from ..checks.echo import NO_EVENT
from ..findings.finding import BLOCKER
from ..findings.results import blockers
from ..fleet import table
from .numbers import NEEDS_YOU
from .timeline import UNCONFIRMED

# The errors of Meta's own services, restrictions that only Meta lifts, and an outcome that reading does not show.
_META_CODES = (1, 2, 368, 131000, 131016, 131031, 131057, 133004, 133007)
_SUPPORT = re.compile(r"Direct\s+Support|Meta's\s+support|Support\s+ticket")
_MOST_SEEN = 3


class Meaning(NamedTuple):
    """What the table of an API says of an error code."""

    title: str
    meaning: str
    safe_to_rerun: bool
    next_step: str


Meanings = Mapping[int, Meaning]


def of(entries: Iterable[Mapping[str, Any]], meanings: Meanings) -> List[Dict[str, Any]]:
    """Return the causes of the numbers that need somebody, those of most numbers first, and set ``causes`` of each.

    A cause is a finding of the catalogue, the code of a failure, or the state of a number that nothing else explains.
    """
    found: Dict[str, Dict[str, Any]] = {}
    for entry in entries:
        for cause, seen, trace in _of_number(entry, meanings):
            kept = found.setdefault(cause["key"], {**cause, "hosts": [], "seen": [], "fbtrace_ids": []})
            if entry["host"] not in kept["hosts"]:
                kept["hosts"].append(entry["host"])
            if seen and seen not in kept["seen"] and len(kept["seen"]) < _MOST_SEEN:
                kept["seen"].append(seen)
            if trace and trace not in kept["fbtrace_ids"]:
                kept["fbtrace_ids"].append(trace)
    return sorted(found.values(), key=lambda cause: (cause["safe_to_rerun"], -len(cause["hosts"]), cause["key"]))


def keys(entry: Mapping[str, Any], meanings: Meanings) -> List[str]:
    """Return the keys of the causes of one number."""
    return [cause["key"] for cause, _seen, _trace in _of_number(entry, meanings)]


def _of_number(entry: Mapping[str, Any], meanings: Meanings) -> List[Any]:
    if entry["group"] != NEEDS_YOU:
        return []
    losses = [one for one in entry["changes"] if one.get("severity") == BLOCKER]
    if losses:
        return _each([(_of_finding(str(one["finding"])), str(one.get("seen") or ""), "") for one in losses])
    if entry["state"] == table.NO_EVENT:
        return [(_of_finding(NO_EVENT.id), str(entry["text"]), "")]
    failure = entry["failure"]
    if failure and failure.get("code") is not None:
        details = str(failure.get("details") or failure.get("title") or "")
        return [(_of_failure(failure, meanings), details, str(failure.get("fbtrace_id") or ""))]
    found = blockers(tuple(entry["findings"]))
    if found:
        return _each([(_of_finding(str(one["id"]), str(one.get("fix") or "")), str(one["seen"]), "") for one in found])
    text, action = entry["text"] or entry["state"], entry.get("action") or {}
    if action.get("code") is not None:
        refused = {"code": action["code"], "next_step": entry["next_step"]}
        traces = [str(one.get("fbtrace_id") or "") for one in entry["attempts"][-1:]]
        return [(_of_failure(refused, meanings), text, "".join(traces))]
    key = action.get("cause") or entry["state"]
    return [(_cause(key, entry["state"].capitalize(), text, True, entry["next_step"]), "", "")]


def _each(found: Sequence[Any]) -> List[Any]:
    """Return causes each once: a number may have lost several templates."""
    seen: Dict[str, Any] = {}
    for one in found:
        seen.setdefault(one[0]["key"], one)
    return list(seen.values())


def _cause(
    key: str,
    title: str,
    meaning: str,
    safe: Optional[bool],
    next_step: str,
    finding: str = "",
    code: Any = None,
    meta: bool = False,
) -> Dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "meaning": meaning,
        "safe_to_rerun": bool(safe),
        "next_step": next_step,
        "finding": finding,
        "code": code,
        "meta": meta or bool(_SUPPORT.search(next_step)),
    }


def _of_finding(name: str, fix: str = "") -> Dict[str, Any]:
    kind = BY_ID.get(name)
    if kind is None:
        return _cause(name, name, "", True, fix, finding=name)
    return _cause(name, kind.title, kind.why, True, fix or kind.fix, finding=name, meta=bool(_SUPPORT.search(kind.fix)))


def _of_failure(failure: Mapping[str, Any], meanings: Meanings) -> Dict[str, Any]:
    code = failure["code"]
    title, next_step = str(failure.get("title") or ""), str(failure.get("next_step") or "")
    safe = failure.get("safe_to_rerun")
    kind = CATALOGUE.get(str(code))
    if kind is not None:
        return _cause(
            kind.id, kind.title, kind.why, True if safe is None else safe, next_step or kind.fix, kind.id, code
        )
    known = meanings.get(code) if isinstance(code, int) else None
    meaning = known.meaning if known else ""
    if known:
        title, next_step = title or known.title, next_step or known.next_step
    if safe is None:
        safe = known.safe_to_rerun if known else True
    # An API's code that no table explains is one that only Meta can explain.
    meta = code in _META_CODES or code == UNCONFIRMED or (isinstance(code, int) and known is None)
    if code == UNCONFIRMED:
        meaning = "A register request was sent once, and reading did not show its outcome in the stated time."
    return _cause(str(code), title or table.FAILED.capitalize(), meaning, safe, next_step, code=code, meta=meta)
