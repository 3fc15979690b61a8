# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what the attempt log keeps of other requests that may be sent only once. Pure; times are UTC seconds.

Each kind of request has a list of its own in the log. An entry is there before the first byte leaves, and gets its
outcome afterwards.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping

from ..facts.times import seconds_until, utc
from . import log_chain
from .attempt_log import INTENT, UNCONFIRMED


def entries(log: Mapping[str, Any], name: str) -> List[Mapping[str, Any]]:
    """Return what the log holds under ``name``, oldest first; one of an earlier format holds nothing."""
    found = log.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def with_entry(
    log: Mapping[str, Any], name: str, now: float, answer_by: float, run: str, number: str = "", **more: Any
) -> Dict[str, Any]:
    """Return the log with a request that is about to be sent.

    ``number`` is how Graph shows the number, ``more`` what else is kept of the request.
    """
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    changed["revision"] += 1
    changed["number"] = number or changed.get("number", "")
    entry = {
        "at": utc(now),
        "answer_by": utc(answer_by),
        "run": run,
        "outcome": INTENT,
        "code": None,
        "subcode": 0,
        "fbtrace_id": "",
        "ended": None,
        **more,
    }
    changed[name] = [*changed.get(name, []), entry]
    return log_chain.extended(log, changed, now, "%s: %s" % (name, INTENT))


def with_outcome(log: Mapping[str, Any], name: str, now: float, outcome: str, **more: Any) -> Dict[str, Any]:
    """Return the log with what became of the last request."""
    changed: Dict[str, Any] = copy.deepcopy(dict(log))
    changed["revision"] += 1
    changed[name][-1].update(outcome=outcome, ended=utc(now), **more)
    return log_chain.extended(log, changed, now, "%s: %s" % (name, outcome))


def open_for(entry: Mapping[str, Any], now: float) -> float:
    """Return for how many seconds an answer to a request may still come, 0 where none is expected."""
    if entry.get("outcome") not in (INTENT, UNCONFIRMED):
        return 0.0
    return seconds_until(entry.get("answer_by"), now)
