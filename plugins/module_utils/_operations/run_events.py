# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of operations: the register call, and the outcome of every number of a fleet."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from .._api.codes import NO
from .._api.errors import ApiError
from .._core.events import event, outcome
from .._core.fleet import summary, table
from .context import Context


def answered(context: Context, began: float, error: Optional[ApiError]) -> None:
    """Record the answer to the register request, which was sent at ``began`` of the monotonic clock."""
    seconds = context.clock.monotonic() - began
    if error is None:
        context.event(event.REGISTER_ANSWERED, seconds=seconds, outcome=outcome.OK)
        return
    came_to = outcome.FAILED if error.acted == NO else outcome.UNKNOWN
    code, text = error.failure.code, error.failure.title
    context.event(event.REGISTER_ANSWERED, seconds=seconds, outcome=came_to, code=code, text=text)


def confirmed(context: Context, seconds: float, moved: bool) -> None:
    """Record what reading has shown, ``seconds`` after the request was sent."""
    context.event(event.CONFIRMED, seconds=seconds, outcome=outcome.MOVED if moved else outcome.UNKNOWN)


def fleet(
    context: Context,
    rows: List[table.Row],
    results: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Any],
    goes_on: bool,
) -> None:
    """Record the outcome of each number that the run is done with, and the end of the run where it is.

    ``found`` is the result of wa_report, ``goes_on`` tells that the numbers of its waves are moved next.
    """
    waves = found["waves"] if goes_on else {}
    left = False
    for row in rows:
        word = outcome.OF_STATE.get(row.state, "")
        if row.host in waves:
            continue
        if not word:
            left = True
            continue
        _number_ended(context, row, results[row.host], word)
    planned = summary.wave_sizes(found["waves"])
    data: Dict[str, Any] = {"numbers": len(rows), "states": found["states"]}
    if not found["stop"] and found["waves"]:
        data.update(ready=sum(planned), waves=planned)
    context.event(event.OUTCOME, text=found["stop"], data=data)
    if not waves and (found["stop"] or not left):
        context.event(event.RUN_ENDED, outcome=outcome.FAILED if found["bad"] else outcome.OK, text=found["stop"])


def ended(
    context: Context,
    title: str,
    rows: List[table.Row],
    results: Mapping[str, Mapping[str, Any]],
    states: Mapping[str, int],
) -> None:
    """Record the outcome of each number of a playbook other than migrate, and the end of its run."""
    seen = [row for row in rows if row.state != table.NOT_STARTED]
    for row in seen:
        _number_ended(context, row, results[row.host], outcome.of_row(row))
    context.event(event.OUTCOME, data={"title": title, "numbers": len(rows), "states": states})
    if len(seen) == len(rows) or any(row.bad for row in seen):
        context.event(event.RUN_ENDED, outcome=outcome.FAILED if any(row.bad for row in seen) else outcome.OK)


def _number_ended(context: Context, row: table.Row, found: Mapping[str, Any], word: str) -> None:
    ids = _ids(found)
    # Where Graph has not shown the number, its row has something else.
    number = "" if row.number in (ids["phone_number_id"], table.NO_NUMBER) else row.number
    context.event(event.NUMBER_ENDED, host=row.host, number=number, outcome=word, text=row.wording, **ids)


def _ids(found: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the IDs of a number, as far as its results have them."""
    preflight = found.get("preflight")
    plan = preflight.get("plan") if isinstance(preflight, Mapping) else None
    situation = plan.get("situation") if isinstance(plan, Mapping) else None
    known = situation if isinstance(situation, Mapping) else {}
    number_id = known.get("phone_number_id") or found.get("phone_number_id") or ""
    return {"phone_number_id": str(number_id), "waba_id": str(known.get("waba_id") or found.get("waba_id") or "")}
