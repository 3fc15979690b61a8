# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the four questions of whoever watches or signs: who is safe, who missed what, what to do, may I go on. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ..._failure import counted
from ..approval.plan import DOWNTIME
from ..fleet import table
from . import numbers as entries

YES = "yes"
NO = "no"
AGAIN = "again"  # the same command, before anything else
AFTER_FIX = "after a fix"
_MOST = 10


def of(
    numbers: Sequence[Mapping[str, Any]], causes: Sequence[Mapping[str, Any]], stopped: str, check_mode: bool
) -> Dict[str, Any]:
    """Return the four answers for the ``numbers`` of a report; ``stopped`` is why no further number moves."""
    groups = {group: sum(1 for one in numbers if one["group"] == group) for group in entries.GROUPS}
    return {
        "counts": {"numbers": len(numbers), "safe": sum(1 for one in numbers if one["safe"]), **groups},
        "interrupted": _interrupted(numbers),
        "next_steps": [*map(_next_step, causes), *_steps_left(numbers)],
        "go_on": _go_on(numbers, causes, stopped, check_mode),
    }


def _interrupted(numbers: Sequence[Mapping[str, Any]]) -> Dict[str, Any]:
    known = [one for one in numbers if one["interruption"]]
    ended = sorted((one for one in known if not one["interruption"]["open"]), key=_seconds, reverse=True)
    took = [_seconds(one) for one in ended]
    return {
        "numbers": len(known),
        "open": [one["host"] for one in known if one["interruption"]["open"]],
        "longest_seconds": took[0] if took else None,
        "longest_host": ended[0]["host"] if ended else "",
        "median_seconds": took[len(took) // 2] if took else None,
        "total_seconds": round(sum(took), 3),
        "longest": [{"host": one["host"], "seconds": _seconds(one)} for one in ended[:_MOST]],
        "meaning": DOWNTIME,
    }


def _seconds(entry: Mapping[str, Any]) -> float:
    return float(entry["interruption"]["seconds"])


def _next_step(cause: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "cause": cause["key"],
        "text": _sentence(str(cause["next_step"]).rstrip(".") or cause["title"]),
        "numbers": len(cause["hosts"]),
        "safe_to_rerun": cause["safe_to_rerun"],
    }


def _steps_left(numbers: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """Return the steps that a run takes, those of most numbers first."""
    found: Dict[str, int] = {}
    for one in numbers:
        if one["group"] != entries.NEEDS_YOU and entries.goes_on(one):
            found[one["next_step"]] = found.get(one["next_step"], 0) + 1
    return [
        {"cause": "", "text": _sentence(step), "numbers": count, "safe_to_rerun": True}
        for step, count in sorted(found.items(), key=lambda item: -item[1])
    ]


def _sentence(step: str) -> str:
    return "%s%s." % (step[:1].upper(), step[1:].rstrip("."))


def _go_on(
    numbers: Sequence[Mapping[str, Any]], causes: Sequence[Mapping[str, Any]], stopped: str, check_mode: bool
) -> Dict[str, str]:
    unsafe: List[str] = [host for cause in causes if not cause["safe_to_rerun"] for host in cause["hosts"]]
    unknown = [one for one in numbers if one["state"] == table.UNKNOWN and not one.get("action")]
    needing = [one for one in numbers if one["group"] == entries.NEEDS_YOU]
    coded = [one for one in numbers if one["state"] == table.WAITING_FOR_CODE and not one.get("action")]
    listed = [one for one in numbers if one["state"] == table.WAITING_FOR_INVENTORY]
    left = [one for one in numbers if (one.get("action") or {}).get("left")]
    later = [one for one in numbers if (one.get("action") or {}).get("until")]
    ready = [one for one in numbers if one["state"] in (table.READY, table.WOULD_MOVE)]
    waiting = [one for one in numbers if one["state"] in (table.NOT_STARTED, table.WAITING)]
    if unsafe:
        who = counted(len(set(unsafe)), "number")
        return {"answer": NO, "why": "Running again is not safe for %s before the cause is fixed" % who}
    if unknown:
        who = counted(len(unknown), "number")
        return {"answer": AGAIN, "why": "Run the same command again: it confirms the outcome of %s by reading" % who}
    if stopped:
        return {"answer": NO, "why": stopped}
    if needing:
        who = counted(len(needing), "number has", "numbers have")
        return {"answer": AFTER_FIX, "why": "%s to be fixed first. Running again is safe, and changes no other" % who}
    if coded:
        who = counted(len(coded), "code")
        return {"answer": AGAIN, "why": "Hand in %s that Meta has sent, then run the same command again" % who}
    if listed:
        who = counted(len(listed), "number")
        return {"answer": AGAIN, "why": "Change the inventory of %s, then run the same command again" % who}
    if left:
        who = counted(len(left), "number has", "numbers have")
        return {"answer": AGAIN, "why": "%s a next step, which the command of the number takes" % who}
    if later:
        who = counted(len(later), "number waits", "numbers wait")
        return {"answer": AGAIN, "why": "Run the same command again later: %s for a time" % who}
    if ready:
        return {"answer": YES, "why": "%s ready to move" % counted(len(ready), "number is", "numbers are")}
    if waiting:
        who = counted(len(waiting), "number has", "numbers have")
        return {"answer": AGAIN, "why": "Run the same command again: %s not been started" % who}
    return {"answer": YES, "why": "Nothing is left to do" if not check_mode else "Nothing would be left to do"}
