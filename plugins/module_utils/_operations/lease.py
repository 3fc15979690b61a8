# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who else has a number: the lease of another run, and an attempt of an earlier one whose answer may still come."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Tuple, Union

from .._api.errors import ApiError
from .._api.graph import Graph
from .._api.retry import RetryPolicy, limited
from .._core.cutover import attempt_log as attempt_log_rules
from .._failure import RefusedError
from . import attempt_log
from .attempt_log import Files
from .context import Clock, Context, Outcome, Process
from .number_info import GATE, read
from .options import Register
from .poll import Poll

# Seconds between two looks at a number that another run has: by this task, and by a caller that lets others go first.
_LOOK = 5.0
_COME_AGAIN = 30.0
# A lease of more seconds than that is of clocks that differ, and for a person.
_LONGEST_LEASE = 900.0


def waiting(why: str, wait_until: float) -> Outcome:
    """Return that nothing was done, because of something that passes by itself.

    ``why`` is a sentence, ``wait_until`` is UTC in seconds, 0 where it is not known.
    """
    return Outcome(False, {"waiting": True, "why": why, "wait_until": wait_until})


def read_number(options: Register, graph: Graph) -> Mapping[str, Any]:
    """Read the number with all that the gate goes by."""
    return read(graph, str(options.phone_number_id), GATE, options.waba_id)[0]


def beforehand(options: Register, context: Context, number: Callable[[], Mapping[str, Any]]) -> Outcome:
    """Say of a number that another run has had whether it waits, or has moved, before anything of it is prepared.

    ``number`` reads it; raises RefusedError where that run is alive.
    """
    try:
        files = attempt_log.look(options, context)
        lease, word = _holder(files, context.process)
        if lease is not None and word == attempt_log_rules.ALIVE:
            raise RefusedError(attempt_log_rules.other_run(lease), _label(options, files))
        moved = number().get("platform_type") == "CLOUD_API"
    except ApiError as error:
        if not limited(error):
            raise
        return waiting(str(error), context.clock.now() + (error.wait or RetryPolicy.rate_base))
    if lease is not None and word == attempt_log_rules.UNKNOWN and not moved:
        return _later(options, context, files, lease)
    return Outcome(False, {"moved": moved})


def alone(
    options: Register, context: Context, graph: Graph, backup_file: Optional[str]
) -> Union[Outcome, Tuple[Mapping[str, Any], Files]]:
    """Return the number and its files when no other run has it, and no answer of an open attempt can come any more.

    The number is read after the files: what another run does to it from then on changes the record, and then the intent
    of this one is not taken.
    """
    poll = Poll(context, _LOOK)
    waited_out: Optional[Mapping[str, Any]] = None
    while True:
        files = attempt_log.look(options, context, backup_file)
        lease, word = _holder(files, context.process)
        if word == attempt_log_rules.SURVIVING and not context.check_mode:
            files = _outlive(options, context, files, backup_file)
            lease, word = _holder(files, context.process)
        if lease is not None and word in (attempt_log_rules.ALIVE, attempt_log_rules.SURVIVING):
            raise RefusedError(attempt_log_rules.other_run(lease), _label(options, files))
        number: Mapping[str, Any] = read_number(options, graph)
        if context.check_mode or number.get("platform_type") == "CLOUD_API":
            return number, files
        if lease is not None and word == attempt_log_rules.UNKNOWN:
            if options.return_when_waiting:
                return _later(options, context, files, lease)
            poll.wait(_waits_for(lease), at_most=_left_of(lease, files, context.clock, options))
            continue
        wait, attempt = (
            attempt_log_rules.still_open_for(files.log, files.now),
            attempt_log_rules.open_attempt(files.log),
        )
        if wait <= 0 or attempt == waited_out:
            return number, files
        _wait_out(options, context, graph, files, wait)
        waited_out = attempt  # its time may be one that never ends, such as one that cannot be read


def _holder(files: Files, process: Process) -> Tuple[Optional[Mapping[str, Any]], str]:
    """Return the lease of another run that holds, and what has become of the process that took it."""
    lease = attempt_log_rules.lease_holder(files.log, files.now, process.run)
    return lease, "" if lease is None else process.holder(lease)


def _left_of(lease: Mapping[str, Any], files: Files, clock: Clock, options: Register) -> float:
    """Return for how long a lease still holds; raises RefusedError where that is longer than any run asks for."""
    left = attempt_log_rules.left(lease, files.now) - max(0.0, clock.monotonic() - files.read_at)
    if left > _LONGEST_LEASE:
        raise RefusedError(attempt_log_rules.other_run(lease), _label(options, files))
    return left


def _later(options: Register, context: Context, files: Files, lease: Mapping[str, Any]) -> Outcome:
    left = _left_of(lease, files, context.clock, options)
    why = "Number %s: %s" % (context.name, _waits_for(lease))
    return waiting(why, context.clock.now() + min(max(left, 0.0), _COME_AGAIN))


def _waits_for(lease: Mapping[str, Any]) -> str:
    return (
        "cannot tell from here whether run %s on %s, which has it, is still alive; waiting until that run releases it "
        "or the number shows on the Cloud API, until %s at most"
        % (lease.get("run"), lease.get("controller"), lease.get("until"))
    )


def _label(options: Register, files: Files) -> str:
    return str(files.log.get("number") or options.phone_number_id)


def _outlive(options: Register, context: Context, files: Files, backup_file: Optional[str]) -> Files:
    """Wait for a worker whose run was killed: it carries its request to the end and records the outcome."""
    lease = attempt_log_rules.lease_holder(files.log, files.now, context.process.run) or {}
    poll = Poll(context, options.confirm_interval)
    text = "process %s of a run that was killed is still at work; waiting for it, until %s at most"
    while _holder(files, context.process)[1] == attempt_log_rules.SURVIVING:
        poll.wait(text % (lease.get("process"), lease.get("until")))
        files = attempt_log.look(options, context, backup_file)
    return files


def _wait_out(options: Register, context: Context, graph: Graph, files: Files, wait: float) -> None:
    """An open attempt may still be under way: read until it shows, or until no answer of it can come any more."""
    poll = Poll(context, options.confirm_interval, wait)
    while poll.wait("an earlier register may still be under way; reading for up to %d s before deciding" % wait):
        if read_number(options, graph).get("platform_type") == "CLOUD_API":
            return
