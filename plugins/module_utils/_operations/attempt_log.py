# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number's durable record and its backup on the inventory host: read together, committed by compare and set."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from .. import _encryption
from .._api.errors import ApiError
from .._core.checks.reads import HOST_FILES
from .._core.cutover import attempt_log as attempt_log_rules
from .._failure import Failure, RefusedError
from .backup import parse
from .context import Clients, Context
from .options import Cutover, State

# Meta: a register request can take up to 15 seconds after it has arrived, so that long after its own timeout no
# answer of it can come any more.
AT_META = 15.0
_FRESH = 15.0


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


def look(options: State, context: Context, backup_file: Optional[str] = None) -> Files:
    """Read the files; nothing is written. Raises RefusedError where the host does not answer at all."""
    key = _encryption.new_key()
    answer = context.clients.host({"op": "look", **_location(options), "backup_file": backup_file, "key": key})
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
    backup = None if encrypted is None else parse(_encryption.decrypt(key, encrypted))
    return Files(log, answer["attempt_log"], backup, tuple(faults), float(answer["now"]), context.clock.monotonic())


def begin(options: Cutover, context: Context, files: Files, label: str) -> Files:
    """Put the intent and the lease on disk; raises RefusedError where that failed, and then nothing may be sent.

    The lease is only worth something while it is fresh: where writing it took so long that it may have run out before
    the first byte leaves, the attempt is given up.
    """
    # Both sides were read since the files were: on a bad network that takes minutes, and the request leaves only now.
    now = files.now + max(0.0, context.clock.monotonic() - files.read_at)
    answer_by = now + float(options.register_timeout) + AT_META
    until = answer_by + float(options.confirm_timeout)
    intent = attempt_log_rules.with_intent(
        files.log,
        now,
        until,
        context.process.run,
        context.process.controller,
        context.process.number,
        label,
        answer_by,
        context.process.parent,
        context.process.namespace,
        context.process.started,
    )
    wall, steady = context.clock.now(), context.clock.monotonic()
    answer = _commit(options, context.clients, files.text, intent)
    if answer.get("committed") and max(context.clock.now() - wall, context.clock.monotonic() - steady) > _FRESH:
        finish(
            options, context, files._replace(log=intent, text=str(answer["attempt_log"])), attempt_log_rules.NOT_SENT
        )
        raise RefusedError(
            Failure(
                "too_slow",
                "Recording the intent took longer than %d s, so register was not sent" % _FRESH,
                "Another run may have taken the number in the meantime",
                next_step="run again; look at the connection to the host, or at the load of this machine",
            ),
            label,
        )
    if answer.get("committed"):
        return files._replace(log=intent, text=str(answer["attempt_log"]))
    if "error" in answer:
        failure = Failure(
            "no_attempt_log",
            "The intent cannot be recorded, so register was not sent",
            str(answer["error"]),
            next_step="fix the state directory, then run again",
        )
    else:
        failure = attempt_log_rules.OTHER_RUN.failure(
            "It has changed the attempt log in the meantime, so the number was not registered",
            "wait for it to end, then run again",
        )
    raise RefusedError(failure, label)


def finish(options: State, context: Context, files: Files, outcome: str, error: Optional[ApiError] = None) -> str:
    """Record the outcome and give the lease back; returns "" or why that failed.

    An attempt log that cannot be written keeps its open attempt. The next run confirms it by reading.
    """
    code = error.failure.code if error is not None else None
    trace = error.failure.fbtrace_id if error is not None else ""
    answer = _commit(
        options,
        context.clients,
        files.text,
        attempt_log_rules.with_outcome(files.log, context.clock.now(), outcome, code, trace),
    )
    if answer.get("committed"):
        return ""
    return "the outcome %s could not be written to %s (%s); the next run confirms it by reading" % (
        outcome,
        number_dir(options),
        answer.get("error", "the record changed meanwhile"),
    )


def verified(options: State, clients: Clients, text: Optional[str], log: Mapping[str, Any], now: float) -> str:
    """Record that a number was compared with what it was before its move; returns "" or why that failed."""
    changed = attempt_log_rules.with_verified(log, now)
    if changed is None:
        return ""
    answer = _commit(options, clients, text, changed)
    if answer.get("committed"):
        return ""
    return "that it was compared could not be recorded in %s (%s); the next run compares it again" % (
        number_dir(options),
        answer.get("error", "the record changed meanwhile"),
    )


def _location(options: State) -> Dict[str, Any]:
    return {"state_dir": options.state_dir, "number_dir": number_dir(options)}


def _commit(options: State, clients: Clients, expected: Optional[str], log: Mapping[str, Any]) -> Dict[str, Any]:
    return clients.host(
        {"op": "commit", **_location(options), "expected": expected, "attempt_log": attempt_log_rules.dump(log)}
    )
