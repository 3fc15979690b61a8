# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending what may be sent only once, and settling it by reading."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from .._api.errors import ApiError
from .._api.graph import Graph
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


def until(
    done: Callable[[Mapping[str, Any]], bool],
    options: Confirmed,
    context: Context,
    graph: Graph,
    what: str = "the registration",
    timeout: Optional[float] = None,
) -> Optional[Mapping[str, Any]]:
    """Read the number until ``done``, for ``timeout`` seconds at most, by default for ``confirm_timeout``.

    Returns what was read last, None if nothing was. ``what`` is waited for. A read that fails is one more reason to
    read again: only what was read counts.
    """
    poll = Poll(context, options.confirm_interval, options.confirm_timeout if timeout is None else timeout)
    seen: Optional[Mapping[str, Any]] = None
    while True:
        try:
            seen, _unknown = read(graph, str(options.phone_number_id), DECISIVE, options.waba_id)
        except ApiError as error:
            trouble = error.failure.title
        else:
            if done(seen):
                return seen
            trouble = "platform_type %s, status %s" % (seen.get("platform_type"), seen.get("status"))
        if not poll.wait("waiting up to %d s until %s is confirmed (now: %s)" % (poll.left, what, trouble)):
            return seen
