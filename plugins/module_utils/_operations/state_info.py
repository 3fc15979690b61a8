# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read what the host keeps of a number, its attempt log and its snapshot. Changes nothing."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .._core.comparison import snapshot as snapshot_rules
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import log_chain
from .._failure import WabizError
from . import attempt_log, recorded_facts
from .context import Context, Outcome, Params
from .module import Module, never
from .options import Recorded, State, declare, limits_of_attempts, option


@declare
class Options(Recorded, State):
    """The options of wa_state_info."""

    attempts_limit: int = option("int", 10)
    attempts_reserve: int = option("int", 2)


def perform(options: Options, context: Context) -> Outcome:
    """Return the attempts, how many are left, and the snapshot.

    What cannot be read is no failure: a report is about such a host as well. ``error`` says why.
    """
    attempts: Optional[Dict[str, Any]] = None
    chain: Dict[str, Any] = {"digests": [], "faults": []}
    trouble = []
    request = attempt_log.looking(options)
    looked, told = context.clients.host([request, recorded_facts.looking(options)])
    try:
        files = attempt_log.of_answer(options, request, looked, context.clock)
    except WabizError as error:
        trouble.append(": ".join(part for part in (error.failure.title, error.failure.details) if part))
    else:
        trouble += files.faults
        if files.text is not None or not files.faults:
            log = files.log
            left = attempt_log_rules.attempts_left(
                log, files.now, int(options.attempts_limit), int(options.attempts_reserve)
            )
            attempts = {"log": list(log["attempts"]), "left": left, "number": str(log.get("number") or "")}
            chain = {"digests": log_chain.digests(log), "faults": log_chain.faults(log)}
    snapshot = None if trouble and attempts is None else _snapshot(options, told, trouble)
    facts: Mapping[str, Any] = {} if snapshot is None else snapshot["facts"]
    return Outcome(
        False,
        {
            "attempts": [] if attempts is None else attempts["log"],
            "log": chain,
            "attempts_left": None if attempts is None else attempts["left"],
            "number": str(facts.get("display_phone_number") or (attempts or {}).get("number") or ""),
            "snapshot": {}
            if snapshot is None
            else {
                "waba_id": snapshot["waba_id"],
                "taken_at": snapshot["taken_at"],
                "facts": snapshot_rules.shown(snapshot["facts"]),
            },
            "error": "; ".join(dict.fromkeys(trouble)),
        },
    )


def _snapshot(options: State, answer: Mapping[str, Any], trouble: Any) -> Optional[Dict[str, Any]]:
    if "error" in answer:
        trouble.append(str(answer["error"]))
        return None
    try:
        return snapshot_rules.parse(answer["snapshot"], str(options.phone_number_id))
    except ValueError as error:
        trouble.append("the snapshot in %s cannot be used: %s" % (recorded_facts.path(options), error))
        return None


def _contradictions(params: Params, _stated: Mapping[str, Any]) -> Any:
    yield from limits_of_attempts(params)


MODULE = Module(
    name="wa_state_info",
    options=Options,
    run=perform,
    contradictions=_contradictions,
    changes=never,
)
