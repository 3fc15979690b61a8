# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether and when a failed call is repeated: a pure policy without clock, sleep or network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Union

from . import codes
from .codes_graph import GRAPH_WAITS
from .errors import (
    AnswerError,
    ApiError,
    ConnectError,
    MissingLibraryError,
    ProtocolError,
    ReadError,
    SendError,
    TlsError,
)

READ = "read"  # changes nothing: may be repeated within the budget
REFUSED_ONLY = "refused_only"  # a change: repeated only if the server certainly did not act
NEVER = "never"  # register and deregister: one request, whatever the outcome


@dataclass(frozen=True)
class RetryPolicy:
    """Hold the times in seconds.

    ``budget`` limits the whole call with its waits; ``base`` doubles per attempt up to ``cap``; ``rate_base`` replaces
    ``base`` after a rate limit; ``jitter`` (0 to 1) is the random share of a wait.
    """

    budget: float = 60.0
    base: float = 0.5
    cap: float = 30.0
    jitter: float = 0.5
    rate_base: float = 5.0


@dataclass(frozen=True)
class Wait:
    """Repeat the request after ``seconds``."""

    seconds: float
    why: str


@dataclass(frozen=True)
class GiveUp:
    """Raise the error."""

    why: str


def decide(
    error: ApiError, attempt: int, elapsed: float, policy: RetryPolicy, kind: str, random: Callable[[], float]
) -> Union[Wait, GiveUp]:
    """Decide after the failed attempt number ``attempt`` (from 1), ``elapsed`` seconds after the first began.

    A wait that the server asked for takes precedence over the back-off; one that exceeds the budget ends the call.
    ``random`` yields numbers from 0 to below 1.
    """
    if kind == NEVER:
        return GiveUp("this request is never repeated")
    if kind != READ and error.acted != codes.NO:
        return GiveUp("the server may have acted")
    if not is_temporary(error):
        return GiveUp("another attempt would fail in the same way")
    left = policy.budget - elapsed
    spread = min(1.0, max(0.0, random()))
    if error.wait is not None:
        if error.wait > left:
            return GiveUp("the server asked for a wait of %.0f s, and %.0f s are left" % (error.wait, max(0.0, left)))
        # Many hosts get the same hint at the same time: spread them after it.
        return Wait(min(left, error.wait + policy.base * spread), "%s; the server asked for this wait" % _reason(error))
    seconds = _backoff(policy.rate_base if limited(error) else policy.base, policy.cap, attempt)
    seconds *= 1.0 - policy.jitter * spread
    if seconds > left:
        return GiveUp("the retry time of %.0f s is used up" % policy.budget)
    return Wait(seconds, _reason(error))


def limited(error: ApiError) -> bool:
    """Tell whether a rate limit was reached that is not the number's own budget of registrations."""
    if isinstance(error, AnswerError):
        return error.retry == codes.RATE and error.failure.code not in GRAPH_WAITS
    return error.http_status == 429


def _backoff(base: float, cap: float, attempt: int) -> float:
    return min(cap, base * 2.0 ** min(attempt - 1, 30))


def is_temporary(error: ApiError) -> bool:
    """Tell whether the next attempt may succeed."""
    if isinstance(error, (TlsError, MissingLibraryError)):
        return False
    if isinstance(error, (ConnectError, SendError, ReadError)):
        return error.failure.code not in PERMANENT
    if isinstance(error, ProtocolError):
        return error.http_status is not None and (error.http_status >= 500 or error.http_status == 429)
    if isinstance(error, AnswerError):
        if error.retry in (codes.SOON, codes.RATE):
            return True
        # The table takes precedence over the envelope and the HTTP status (code 3 comes with HTTP 500).
        return error.is_transient and not error.known
    return False


# Values of ``failure.code`` of connection errors that no further attempt fixes.
PERMANENT = frozenset(
    [
        "plain_http",
        "bad_url",
        "bad_credential",
        "bad_request",
        "proxy_auth",
        "proxy_refused",
        "proxy_socks",
        "proxy_tls",
        "proxy_url",
    ]
)


def _reason(error: ApiError) -> str:
    return "%s [%s]" % (error.failure.title, error.failure.code)
