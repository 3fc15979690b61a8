# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notice log on the inventory host: read, and a line for each step; each change compare and set."""

from __future__ import annotations

import os
from typing import Any

from .. import _encryption
from .._core.checks.reads import HOST_FILES
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import notice_log as rules
from .._failure import Failure, RefusedError
from . import attempt_log
from .context import Context
from .options import State

_NAME = "notice_log"


def look(options: State, context: Context) -> rules.Log:
    """Read the notice log; raises RefusedError where it cannot be used."""
    number_id = str(options.phone_number_id)
    place = attempt_log.location(options)
    request = {"op": "look_kept", **place, "names": [_NAME], "key": _encryption.new_key()}
    (answer,) = context.clients.host([request])
    if "error" in answer:
        raise RefusedError(HOST_FILES.failure(str(answer["error"])), number_id)
    kept = answer["kept"][_NAME]
    text = None if kept is None else _encryption.decrypt(str(request["key"]), kept)
    try:
        return rules.parse(text, number_id, os.urandom(16).hex())
    except ValueError as error:
        why = "the notice log in %s cannot be used: %s" % (attempt_log.number_dir(options), error)
        # Without it nobody knows who has the notice already.
        fix = "bring the log back from a copy; without it, recipients would be sent the notice again"
        raise RefusedError(HOST_FILES.failure(why, fix), number_id) from None


def append(options: State, context: Context, log: rules.Log, number: str, outcome: str, **more: Any) -> rules.Log:
    """Put on disk what becomes of a recipient; raises RefusedError where that failed, and then nothing may be sent."""
    text = rules.line(log, number, outcome, context.clock.now(), **more)
    request = {"op": "append", **attempt_log.location(options), "name": _NAME, "text": text}
    (answer,) = context.clients.host([{**request, "expected": log.size, "at": log.whole}])
    if answer.get("committed"):
        return rules.with_line(log, text, int(answer["size"]))
    number_id = str(options.phone_number_id)
    if "error" not in answer:
        details = "It has written the notice log in the meantime"
        raise RefusedError(
            attempt_log_rules.OTHER_RUN.failure(details, "wait for it to end, then run again"), number_id
        )
    raise RefusedError(
        Failure(
            "no_notice_log",
            "The notice log cannot be written, so no further notice is sent",
            str(answer["error"]),
            next_step="fix %s, then run again" % attempt_log.number_dir(options),
        ),
        number_id,
    )
