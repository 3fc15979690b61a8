# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a cutover back whatever the number is like: a freeze, the change window, the rest of the run."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from .._core.approval import waiver
from .._core.checks import container
from .._core.checks import traffic as traffic_rules
from .._core.conditions import change_freeze as change_freeze_rules
from .._core.conditions import failure_limit
from .._core.conditions import window as window_rules
from .._core.cutover import gate
from .._failure import Failure, RefusedError, counted
from . import change_freeze
from .context import Clock, Context, Process, Shared
from .options import Cutover, Register
from .traffic import limits


def findings(options: Cutover, context: Context) -> List[Failure]:
    """Return what a preflight says of freeze and window; the freeze is asked for once per run."""
    reported = context.shared.once(
        "freeze %s" % options.freeze, lambda: change_freeze.ask(options, context.clock.monotonic, context.sent)
    )
    found = [change_freeze_rules.failure(reported["where"], reported["why"])] if reported["why"] else []
    closed = _window(options, context.clock)
    return found if closed is None else [*found, closed]


class Conditions(NamedTuple):
    """What refuses the register call, and what a run waits for, because it passes by itself."""

    refusing: List[Failure]
    passing: List[Failure]


def unread(options: Register, context: Context) -> Conditions:
    """Judge what needs no read of the number: before anything is prepared for it, and at the register call again.

    The freeze is asked for anew each time.
    """
    reported = change_freeze.ask(options, context.clock.monotonic, context.sent)
    stop = [change_freeze_rules.failure(reported["where"], reported["why"])] if reported["why"] else []
    refusing, passing = ([], stop) if change_freeze_rules.is_pause(reported["why"]) else (stop, [])
    closed = _window(options, context.clock)
    refusing += [] if closed is None else [closed]
    waivers = waiver.read(options.waivers)[0]
    refusing += waiver.lapsed(options.findings, waivers, str(options.phone_number_id), context.clock.now())
    return Conditions(refusing + of_the_run(options, context.shared), passing)


def before_the_steps(options: Register, context: Context) -> Conditions:
    """Judge whatever would end at the register call anyway, before the first of the steps that lead to it."""
    found, passing = unread(options, context)
    lost = container.lost(context.process.throwaway, options.state_durable, str(options.state_dir))
    found += [] if lost is None else [lost]
    gone = killed(context.process)
    return Conditions(found if gone is None else [*found, gone], passing)


def of_the_run(options: Register, shared: Shared) -> List[Failure]:
    """Return what other numbers of the run have to say: a PIN that was wrong, too many that have failed."""
    found: List[Failure] = []
    wrong = shared.raised(gate.WRONG_PIN)
    if wrong is not None and not options.pin_cleared and not options.continue_after_wrong_pin:
        found.append(gate.wrong_pin_elsewhere(wrong))
    stopped = shared.raised(failure_limit.FLAG)
    return found if stopped is None else [*found, failure_limit.failure(stopped)]


def killed(process: Process) -> Optional[Failure]:
    """Return why a worker whose run was killed goes no further: nobody expects the number to move any more."""
    if not process.run_is_gone(process.number, process.parent):
        return None
    return Failure(
        "run_killed",
        "The run that this worker belongs to was killed, so the number is left where it is",
        next_step="run the same command again",
    )


def require_run(process: Process, label: str) -> None:
    """Stop a worker whose run was killed; raises RefusedError."""
    failure = killed(process)
    if failure is not None:
        raise RefusedError(failure, label)


def is_pause(found: List[Failure]) -> bool:
    """Tell whether a pause is all that there is, for which a caller can wait."""
    return [failure.code for failure in found] == ["paused"]


def no_free_slot(most: int, waba_id: str) -> str:
    """Say why a number has to wait for others of its WABA."""
    are = counted(most, "number of WABA %s is", "numbers of WABA %s are") % waba_id
    return are + " being registered already"


def before_register(
    options: Register, context: Context, node: Optional[Mapping[str, Any]], judged: Optional[Conditions] = None
) -> Tuple[List[Failure], List[Failure]]:
    """Return what keeps the number from moving now, and what would: in check mode what passes by itself only tells.

    ``node`` holds the sample that was taken with the last look at the node, ``judged`` what has been judged just now.
    """
    refusing, pausing = judged or unread(options, context)
    found, passing = list(refusing), list(pausing)
    if options.require_quiet and node is not None:
        traffic = traffic_rules.verdict(options.traffic, node.get("traffic"), limits(options))
        if traffic.busy:
            passing.append(traffic_rules.busy_failure(traffic))
    return (found, passing) if context.check_mode else (found + passing, [])


def spans(options: Cutover) -> List[window_rules.Span]:
    """Return the change windows; raises RefusedError where nobody has put them into time."""
    try:
        return window_rules.of_data(options.window or [])
    except ValueError as reason:
        raise RefusedError(
            Failure(
                "controller_only",
                "The change window cannot be judged here",
                str(reason),
                next_step="call the task in a play",
            )
        ) from None


def _window(options: Cutover, clock: Clock) -> Optional[Failure]:
    return window_rules.failure(spans(options), clock.now(), float(options.register_timeout))
