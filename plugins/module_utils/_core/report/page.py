# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the numbers of a report as the page carries them: small enough for thousands, each text once. Pure."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping

from ..facts.times import instant

# What a number's section shows, in the order of the indexes of a row.
PARTS = ("findings", "plan", "requests", "changes", "restored", "health", "attempts", "failure", "sent", "next")
# Stands for the number's own ID and WABA in the texts that numbers share.
_OWN_ID, _OWN_WABA = "\ue000", "\ue001"
# What a script element must not hold, and JavaScript takes for an end of a line.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Pool:
    """Keep each text once, and return its index."""

    def __init__(self) -> None:
        self.texts: List[str] = []
        self._known: Dict[str, int] = {}

    def add(self, text: str) -> int:
        """Return the index of a text."""
        if text not in self._known:
            self._known[text] = len(self.texts)
            self.texts.append(text)
        return self._known[text]


def data(document: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the numbers of a document as rows of values, with a pool of the texts that they refer to.

    ``t0`` is the first moment of the timeline and ``t1`` its length, both in milliseconds; the spans of a row count
    from ``t0``, and -1 stands for an end that is not known.
    """
    pool = Pool()
    begin = (instant(document["timeline"]["from"]) or 0.0) * 1000
    until = (instant(document["timeline"]["until"]) or 0.0) * 1000
    return {
        "t0": round(begin),
        "t1": max(0, round(until - begin)),
        "numbers": [_row(entry, pool, begin) for entry in document["numbers"]],
        "pool": pool.texts,
    }


def _row(entry: Mapping[str, Any], pool: Pool, begin: float) -> List[Any]:
    shared = _Shared(entry, pool)
    interruption, action = entry["interruption"] or {}, entry.get("action") or {}
    changes = [one for one in entry["changes"] if one["was"] is not None or one["now"] is not None or one["finding"]]
    following = [entry["next_step"], entry["next_command"], entry["attempts_left"], entry["compared"], entry["log"]]
    following.append({name: action[name] for name in ("done", "safe", "until") if action.get(name)})
    parts = {**entry, "changes": changes, "next": following}
    return [
        entry["host"],
        entry["number"],
        entry["phone_number_id"],
        entry["waba_id"],
        pool.add(entry["state"]),
        pool.add(entry["group"]),
        pool.add(entry["location"]),
        entry["wave"],
        shared.add(entry["text"]),
        [pool.add(key) for key in entry["causes"]],
        interruption.get("seconds"),
        bool(interruption.get("open")),
        bool(entry["safe"]),
        [_since(interruption.get(name), begin) for name in ("from", "until")] if interruption else None,
        [
            [
                pool.add(span["kind"]),
                pool.add(span["name"]),
                _since(span["from"], begin),
                _since(span["until"], begin),
                shared.add(str(span["text"])),
            ]
            for span in entry["spans"]
        ],
        [shared.add(parts[name]) for name in PARTS],
    ]


class _Shared:
    """Put what a number has into the pool, with a sign in the place of its own ID."""

    def __init__(self, entry: Mapping[str, Any], pool: Pool) -> None:
        self._own = [(str(entry["phone_number_id"]), _OWN_ID), (str(entry["waba_id"]), _OWN_WABA)]
        self._pool = pool

    def add(self, value: Any) -> int:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if not isinstance(value, str) else value
        for own, sign in self._own:
            text = text.replace(own, sign) if own else text
        return self._pool.add(text)


def _since(at: Any, begin: float) -> int:
    moment = instant(at)
    return -1 if moment is None else max(0, round(moment * 1000 - begin))


def embedded(value: Any) -> str:
    """Return a JSON value as the text of a script element, which no text in it can end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in _UNSAFE.items():
        text = text.replace(sign, escape)
    return text
