# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number's durable record and its backup on the inventory host: read together, committed by compare and set."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from .. import _encryption
from .._api.errors import ApiError
from .._core.checks import container
from .._core.checks.reads import HOST_FILES
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import backup as backup_rules
from .._core.cutover import gate, log_chain
from .._core.events.event import LOGGED
from .._failure import Failure, RefusedError, WabizError, combine
from .context import Clients, Clock, Context
from .options import Cutover, State

# Meta: a register request can take up to 15 seconds after it has arrived, so that long after its own timeout no
# answer of it can come any more.
AT_META = 15.0
FRESH = 15.0  # seconds that recording an intent may take


class Files(NamedTuple):
    """What lies on the inventory host.

    The record (and its text, for the compare), the backup, faults in words, the host's clock, and this machine's steady
    clock at that moment.
    """

    log: Mapping[str, Any]
    text: Optional[str]
    backup: Optional[Mapping[str, Any]]
    faults: Tuple[str, ...]
    now: float
    read_at: float = 0.0


def number_dir(options: State) -> str:
    """Return the number's own folder below the state directory."""
    return os.path.join(str(options.state_dir), str(options.phone_number_id))


def backup_path(options: State) -> str:
    """Return where the role keeps the backup of a number, beside its record."""
    return os.path.join(number_dir(options), "backup.json")


def looking(options: State, backup_file: Optional[str] = None) -> Dict[str, Any]:
    """Return the request to read the files."""
    return {"op": "look", **location(options), "backup_file": backup_file, "key": _encryption.new_key()}


def of_answer(options: State, request: Mapping[str, Any], answer: Mapping[str, Any], clock: Clock) -> Files:
    """Return the files by the answer to ``request``; raises RefusedError where the host does not answer at all."""
    if "error" in answer:
        raise RefusedError(
            HOST_FILES.failure(str(answer["error"])),
            str(options.phone_number_id),
        )
    faults: List[str] = list(answer["faults"])
    try:
        log = attempt_log_rules.parse(answer["attempt_log"], str(options.phone_number_id))
    except ValueError as error:
        log = attempt_log_rules.fresh(str(options.phone_number_id))
        faults.append("the record in %s cannot be used: %s" % (number_dir(options), error))
    encrypted = answer["backup"]
    backup = None if encrypted is None else backup_rules.parse(_encryption.decrypt(request["key"], encrypted))
    return Files(log, answer["attempt_log"], backup, tuple(faults), float(answer["now"]), clock.monotonic())


def look(options: State, context: Context, backup_file: Optional[str] = None) -> Files:
    """Read the files; nothing is written. Raises RefusedError where the host does not answer at all."""
    request = looking(options, backup_file)
    (answer,) = context.clients.host([request])
    return of_answer(options, request, answer, context.clock)


class Timer:
    """Measure how long the host takes to answer; of two clocks, the one that says more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._steady = clock.now(), clock.monotonic()

    def seconds(self) -> float:
        """Return the seconds since this was made."""
        return max(self._clock.now() - self._wall, self._clock.monotonic() - self._steady)


def intending(
    options: Cutover, context: Context, label: str, expected: Optional[str], only_if: Optional[Mapping[str, Any]] = None
) -> Dict[str, Any]:
    """Return the request to put the intent and the lease on disk, by the host's clock.

    ``expected`` is the text of the record that was read; with ``only_if`` the host goes by what it reads itself.
    """
    return {
        "op": "intend",
        **location(options),
        "phone_number_id": str(options.phone_number_id),
        "expected": expected,
        "only_if": only_if,
        "answer_seconds": float(options.register_timeout) + AT_META,
        "confirm_seconds": float(options.confirm_timeout),
        "lease": {
            "run": context.process.run,
            "controller": context.process.controller,
            "process": context.process.number,
            "parent": context.process.parent,
            "namespace": context.process.namespace,
            "started": context.process.started,
            "number": label,
        },
    }


def begin(options: Cutover, context: Context, files: Files, label: str) -> Files:
    """Put the intent and the lease on disk; raises RefusedError where that failed, and then nothing may be sent."""
    timer = Timer(context.clock)
    (answer,) = context.clients.host([intending(options, context, label, files.text)])
    return begun(options, context, files, label, answer, timer.seconds())


def begun(
    options: Cutover, context: Context, files: Files, label: str, answer: Mapping[str, Any], seconds: float
) -> Files:
    """Return the files with the intent that ``answer`` has put on disk, ``seconds`` after the host was asked.

    The lease is only worth something while it is fresh: where writing it took so long that it may have run out before
    the first byte leaves, the attempt is given up. Raises RefusedError.
    """
    if answer.get("committed"):
        text = str(answer["attempt_log"])
        files = files._replace(log=attempt_log_rules.parse(text, str(options.phone_number_id)), text=text)
        if seconds - float(answer["after"]) <= FRESH:
            return files
        finish(options, context, files, attempt_log_rules.NOT_SENT)
        raise RefusedError(too_slow("register"), label)
    raise RefusedError(_not_intended(answer, "register", "the number was not registered"), label)


def too_slow(what: str) -> Failure:
    """Report that recording the intent took so long that another run may have taken the number."""
    return Failure(
        "too_slow",
        "Recording the intent took longer than %d s, so %s was not sent" % (FRESH, what),
        "Another run may have taken the number in the meantime",
        next_step="run again; look at the connection to the host, or at the load of this machine",
    )


def _not_intended(answer: Mapping[str, Any], what: str, so: str) -> Failure:
    if "committed" not in answer:
        return Failure(
            "no_attempt_log",
            "The intent cannot be recorded, so %s was not sent" % what,
            str(answer["error"]),
            next_step="fix the state directory, then run again",
        )
    return attempt_log_rules.OTHER_RUN.failure(
        "It has changed the attempt log in the meantime, so %s" % so,
        "wait for it to end, then run again",
    )


def commit(options: State, context: Context, files: Files, log: Mapping[str, Any], label: str, what: str) -> str:
    """Put a log with an intent on disk where it still reads as ``files``, and return its text.

    ``what`` is what is about to be sent; raises RefusedError where it may not be.
    """
    answer = _commit(options, context.clients, files.text, log)
    if not answer.get("committed"):
        raise RefusedError(_not_intended(answer, what, "%s was not sent" % what), label)
    return str(answer["attempt_log"])


def usable(options: Any, context: Context, label: str, found: Callable[[Files], List[Failure]]) -> Files:
    """Return the files for a request that may be sent only once.

    ``found`` is what else of them speaks against it. Raises RefusedError, also where another run has the number.
    """
    files = look(options, context)
    lost = container.lost(context.process.throwaway, options.state_durable, str(options.state_dir))
    failures = [*gate.file_failures(files.faults, lost), *found(files)]
    if failures:
        raise RefusedError(combine(failures), label)
    lease = attempt_log_rules.lease_holder(files.log, files.now, context.process.run)
    if lease is not None:
        raise RefusedError(attempt_log_rules.other_run(lease), label)
    return files


def host_now(files: Files, context: Context) -> float:
    """Return the time on the host, by its clock when the files were read."""
    return files.now + max(0.0, context.clock.monotonic() - files.read_at)


def intend(
    options: Any,
    context: Context,
    files: Files,
    label: str,
    what: str,
    with_entry: Callable[[float, float], Dict[str, Any]],
    with_outcome: Callable[..., Dict[str, Any]],
) -> Files:
    """Put a request that may be sent only once into the log; raises RefusedError where that failed: nothing is sent.

    ``with_entry`` makes the log, by the present time and that after which no answer can come.
    """
    timer = Timer(context.clock)
    now = host_now(files, context)
    log = with_entry(now, now + options.graph_timeout + AT_META)
    text = commit(options, context, files, log, label, what)
    files = files._replace(log=log, text=text, now=now, read_at=context.clock.monotonic())
    if timer.seconds() > FRESH:
        log = with_outcome(log, host_now(files, context), attempt_log_rules.NOT_SENT)
        record(options, context, files, log, attempt_log_rules.NOT_SENT)
        raise RefusedError(too_slow(what), label)
    return files


def finish(options: State, context: Context, files: Files, outcome: str, error: Optional[ApiError] = None) -> str:
    """Record the outcome and give the lease back; returns "" or why that failed.

    An attempt log that cannot be written keeps its open attempt. The next run confirms it by reading.
    """
    code = error.failure.code if error is not None else None
    trace = error.failure.fbtrace_id if error is not None else ""
    log = attempt_log_rules.with_outcome(files.log, context.clock.now(), outcome, code, trace)
    return record(options, context, files, log, outcome)


def record(options: State, context: Context, files: Files, log: Mapping[str, Any], outcome: str) -> str:
    """Record a log with an outcome; returns "" or why that failed."""
    answer = _commit(options, context.clients, files.text, log)
    context.event(LOGGED, data=log_chain.head(log)._asdict())
    if answer.get("committed"):
        return ""
    return "the outcome %s could not be written to %s (%s); the next run confirms it by reading" % (
        outcome,
        number_dir(options),
        answer.get("error", "the record changed meanwhile"),
    )


def verifying(options: State) -> Dict[str, Any]:
    """Return the request to record that a number was compared with what it was before its move."""
    return {"op": "verified", **location(options), "phone_number_id": str(options.phone_number_id)}


def not_recorded(options: State, answer: Mapping[str, Any]) -> str:
    """Return why that could not be recorded, "" where it was."""
    if answer.get("committed"):
        return ""
    return "that it was compared could not be recorded in %s (%s); the next run compares it again" % (
        number_dir(options),
        answer.get("error", "the record changed meanwhile"),
    )


def location(options: State) -> Dict[str, Any]:
    """Return where the files of a number lie, as the requests to its host name it."""
    return {"state_dir": options.state_dir, "number_dir": number_dir(options)}


def _commit(options: State, clients: Clients, expected: Optional[str], log: Mapping[str, Any]) -> Dict[str, Any]:
    request = {"op": "commit", **location(options), "expected": expected, "attempt_log": attempt_log_rules.dump(log)}
    (answer,) = clients.host([request])
    return answer


def require_kept(options: Any, context: Context, what: str) -> None:
    """Refuse a state directory that would be lost with its container; ``what`` says what is needed of it."""
    lost = container.lost(context.process.throwaway, options.state_durable, str(options.state_dir), what)
    if lost is not None:
        raise RefusedError(lost, str(options.phone_number_id))


def readable(options: State, context: Context) -> Optional[Mapping[str, Any]]:
    """Return the attempt log of a number that has moved, None where it cannot be read.

    Its host may be switched off for good, so that is no fault.
    """
    try:
        return look(options, context).log
    except WabizError:
        return None
