# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new PIN in place of one that nobody knows: one request, noted in the exit log before it leaves."""

from __future__ import annotations

from typing import Any

from .._api.codes import NO
from .._api.graph import Graph
from .._core.cutover import code_log
from .._core.cutover import exit_log as rules
from .._core.cutover.exit_findings import NEW_PIN_TRIED
from .._failure import Failure, RefusedError
from . import confirm, exit_log
from .context import Context

_ANSWER = 30.0


def set_once(options: Any, context: Context, graph: Graph) -> bool:
    """Set the PIN, and return whether that took a request; raises WabizError where it was not set.

    A second request is never sent, whatever became of the first: no read shows which PIN a number has.
    """
    number_id = str(options.phone_number_id)
    stored = exit_log.look(options, context)
    earlier = rules.last(stored.log, rules.NEW_PIN)
    if rules.new_pin(earlier, *of(options.access_token, number_id, options.pin)) == rules.SET:
        return False
    if earlier is not None:
        raise RefusedError(NEW_PIN_TRIED.failure(rules.told(earlier)), number_id)
    if context.check_mode:
        return True
    mark, key = of(options.access_token, number_id, options.pin)
    with context.undisturbed():
        kept = {"mark": mark, "key": key}
        stored = exit_log.begin(options, context, stored, rules.NEW_PIN, float(options.graph_timeout), kept)
        error = confirm.send_once(lambda: graph.set_pin(number_id, options.pin))
        outcome = rules.DONE if error is None else confirm.outcome_of(error)
        exit_log.finish(options, context, stored, rules.NEW_PIN, outcome, error)
    if error is None:
        return True
    if error.acted == NO:
        error.revise(next_step=NEW_PIN_TRIED.next_step)
        raise error
    failure = Failure(
        "unconfirmed",
        "Whether the new PIN was set is unknown",
        "The request was sent once; the answer was: %s" % error.failure.title,
        next_step=NEW_PIN_TRIED.next_step,
    )
    raise confirm.UnconfirmedError(failure, number_id)


def of(access_token: str, number_id: str, pin: Any) -> Any:
    """Return the digest of a PIN, keyed by the access token, and what tells that key from another."""
    return code_log.mark(access_token, number_id, "PIN %s" % pin), code_log.key_name(access_token)
