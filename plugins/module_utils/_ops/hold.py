# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a cutover back for the time being: a freeze, the change window, a busy node."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional, Tuple

from .._core import freeze as freeze_rule
from .._core import traffic as traffic_rule
from .._core import window as window_rule
from .._failure import Failure, RefusedError, counted
from . import freeze
from .context import Context, Params
from .traffic import limits


def findings(params: Params, context: Context) -> List[Failure]:
    """Return what a preflight says of freeze and window; the freeze is asked for once per run."""
    told = context.shared("freeze %s" % params["freeze"], lambda: freeze.ask(params, context.monotonic))
    found = [freeze_rule.failure(told["where"], told["why"])] if told["why"] else []
    closed = _window(params, context)
    return found if closed is None else [*found, closed]


def paused(params: Params, clock: Callable[[], float]) -> str:
    """Return a sentence on the pause that the freeze file or address asks for, "" where it asks for none."""
    told = freeze.ask(params, clock)
    return freeze_rule.failure(told["where"], told["why"]).sentence() if freeze_rule.is_pause(told["why"]) else ""


def no_place(most: int, waba_id: str) -> str:
    """Say why a number has to wait for others of its WABA."""
    are = counted(most, "number of WABA %s is", "numbers of WABA %s are") % waba_id
    return are + " being registered already"


def at_the_door(
    params: Params, context: Context, node: Optional[Mapping[str, Any]]
) -> Tuple[List[Failure], List[Failure]]:
    """Return what keeps the number from moving now, and what would: in check mode a window and traffic only tell.

    The freeze is asked for anew. ``node`` holds the sample that was taken with the last look at the node.
    """
    told = freeze.ask(params, context.monotonic)
    stop = [freeze_rule.failure(told["where"], told["why"])] if told["why"] else []
    found, passing = ([], stop) if freeze_rule.is_pause(told["why"]) else (stop, [])
    closed = _window(params, context)
    passing += [] if closed is None else [closed]
    if params["require_quiet"] and node is not None:
        judged = traffic_rule.verdict(params["traffic"], node.get("traffic"), limits(params))
        if judged.busy:
            passing.append(traffic_rule.busy_failure(judged))
    return (found, passing) if context.check_mode else (found + passing, [])


def spans(params: Params) -> List[window_rule.Span]:
    """Return the change windows; raises RefusedError where nobody has put them into time."""
    try:
        return window_rule.of_data(params["window"] or [])
    except ValueError as reason:
        raise RefusedError(
            Failure(
                "controller_only",
                "The change window cannot be judged here",
                str(reason),
                next_step="call the task in a play",
            )
        ) from None


def _window(params: Params, context: Context) -> Optional[Failure]:
    return window_rule.failure(spans(params), context.now(), float(params["register_timeout"]))
