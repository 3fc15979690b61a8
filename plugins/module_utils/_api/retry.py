# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a failed call may be sent again, and when: a pure policy without clock, sleep or network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Union

from . import codes
from .exceptions import (
    AnswerError,
    ApiError,
    ConnectError,
    MissingLibraryError,
    ProtocolError,
    ReadError,
    SendError,
    TlsError,
)

READ = "read"  # changes nothing: may be sent again freely within the budget
REFUSED_ONLY = "refused_only"  # a change: again only when the server certainly did not act
NEVER = "never"  # register and deregister: one request, whatever happens


@dataclass(frozen=True)
class RetryPolicy:
    """Hold the times in seconds.

    ``budget`` bounds the whole call with all its waits; ``base`` doubles per attempt up to ``cap``; ``rate_base`` takes
    the place of ``base`` after a rate limit; ``jitter`` (0 to 1) is the share of a wait that is left to chance.
    """

    budget: float = 60.0
    base: float = 0.5
    cap: float = 30.0
    jitter: float = 0.5
    rate_base: float = 5.0


@dataclass(frozen=True)
class Wait:
    """Send the same request again after ``seconds``."""

    seconds: float
    why: str


@dataclass(frozen=True)
class GiveUp:
    """Let the error go up."""

    why: str


def decide(
    error: ApiError, attempt: int, elapsed: float, policy: RetryPolicy, kind: str, random: Callable[[], float]
) -> Union[Wait, GiveUp]:
    """Decide after the failed attempt number ``attempt`` (from 1), ``elapsed`` seconds after the first began.

    A wait that the server asked for wins over the back-off; one that does not fit into the budget ends it at once.
    ``random`` yields numbers from 0 to below 1.
    """
    if kind == NEVER:
        return GiveUp("this request is sent once only")
    if kind != READ and error.acted != codes.NO:
        return GiveUp("the server may have acted")
    if not _passing(error):
        return GiveUp("another attempt would end the same way")
    left = policy.budget - elapsed
    spread = min(1.0, max(0.0, random()))
    if error.wait is not None:
        if error.wait > left:
            return GiveUp("the server asks for a wait of %.0f s, %.0f s are left" % (error.wait, max(0.0, left)))
        # Many hosts get the same hint at the same time: spread them, never below the hint.
        return Wait(min(left, error.wait + policy.base * spread), "%s; the server asked for it" % _reason(error))
    seconds = _backoff(policy.rate_base if limited(error) else policy.base, policy.cap, attempt)
    seconds *= 1.0 - policy.jitter * spread
    if seconds > left:
        return GiveUp("the retry time of %.0f s is used up" % policy.budget)
    return Wait(seconds, _reason(error))


def limited(error: ApiError) -> bool:
    """Tell whether a rate limit was reached that is not the number's own budget of registrations."""
    if isinstance(error, AnswerError):
        return error.retry == codes.RATE and error.failure.code not in codes.GRAPH_WAITS
    return error.http_status == 429


def _backoff(base: float, cap: float, attempt: int) -> float:
    return min(cap, base * 2.0 ** min(attempt - 1, 30))


def _passing(error: ApiError) -> bool:
    """Tell whether the fault may be gone at the next attempt."""
    if isinstance(error, (TlsError, MissingLibraryError)):
        return False
    if isinstance(error, (ConnectError, SendError, ReadError)):
        return error.failure.code not in LASTING
    if isinstance(error, ProtocolError):
        return error.http_status is not None and (error.http_status >= 500 or error.http_status == 429)
    if isinstance(error, AnswerError):
        if error.retry in (codes.SOON, codes.RATE):
            return True
        # What the table knows as lasting stays so, whatever envelope and HTTP status say (code 3 comes with HTTP 500).
        return error.is_transient and not error.known
    return False


# Words in ``failure.code`` of connection errors that no further attempt mends.
LASTING = frozenset(
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
