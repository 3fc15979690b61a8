# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending what may be sent only once, and settling it by reading."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from .._api.codes import NO
from .._api.errors import AnswerError, ApiError
from .._api.graph import Graph
from .._api.retry import limited
from .._core.cutover.attempt_log import NOT_SENT, REFUSED, UNCONFIRMED
from .._failure import WabizError
from .context import Context
from .number_info import DECISIVE, read
from .options import Confirmed
from .poll import Poll


class UnconfirmedError(WabizError):
    """The request left, and reading did not tell in time whether it was carried out."""


def send_once(send: Callable[[], Any]) -> Optional[ApiError]:
    """Send; return the error that came back, None for a clear success.

    The caller decides what the error means.
    """
    try:
        send()
    except ApiError as error:
        return error
    return None


def outcome_of(error: ApiError) -> str:
    """Return what an error means for the entry of its request in the attempt log."""
    if error.acted != NO:
        return UNCONFIRMED
    return REFUSED if isinstance(error, AnswerError) else NOT_SENT


def told_of(error: Optional[ApiError]) -> Dict[str, Any]:
    """Return what the attempt log keeps of an error."""
    if error is None:
        return {}
    subcode = int(getattr(error, "subcode", 0) or 0)
    return {"code": error.failure.code, "subcode": subcode, "fbtrace_id": error.failure.fbtrace_id}


def until(
    done: Callable[[Mapping[str, Any]], bool],
    options: Confirmed,
    context: Context,
    graph: Graph,
    fields: Sequence[str] = DECISIVE,
    what: str = "the registration",
    timeout: Optional[float] = None,
) -> Optional[Mapping[str, Any]]:
    """Read the number until ``done``, for ``timeout`` seconds at most, by default for ``confirm_timeout``.

    Returns what was read last, None if nothing was. ``what`` is waited for. A read that fails is one more reason to
    read again: only what was read counts. Where Graph refuses to tell all of the ``fields``, the decisive ones are
    enough; what was read of all of them is there for the steps that follow.
    """
    number_id = str(options.phone_number_id)
    poll = Poll(context, options.confirm_interval, options.confirm_timeout if timeout is None else timeout)
    seen: Optional[Mapping[str, Any]] = None
    while True:
        try:
            found, unknown = read(graph, number_id, fields, options.waba_id)
            seen = found
        except ApiError as error:
            if fields is not DECISIVE and isinstance(error, AnswerError) and not limited(error):
                fields = DECISIVE
                continue
            trouble = error.failure.title
        else:
            if done(found):
                if fields is not DECISIVE:
                    context.recent[number_id] = (found, unknown, graph.served)
                return found
            trouble = "platform_type %s, status %s" % (seen.get("platform_type"), seen.get("status"))
        if not poll.wait("waiting up to %d s until %s is confirmed (now: %s)" % (poll.left, what, trouble)):
            return seen
