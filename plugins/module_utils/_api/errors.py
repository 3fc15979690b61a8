# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of both APIs, by phase of a call: the class decides what may be repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, Optional, Union

from .._failure import Failure, WabizError
from .codes import MAYBE, NO


class Where(NamedTuple):
    """Name the call that an error is about; ``number`` is the label of the business phone number.

    ``option`` is the option that the ID in ``path`` came from, "" where there is none.
    """

    api: str
    number: str
    method: str
    path: str
    option: str = ""


class ApiError(WabizError):
    """Root of all errors of a call.

    ``acted`` is ``codes.NO`` or ``codes.MAYBE``; ``wait`` is the time in seconds that the server asked for, if any;
    ``path`` never holds a query, because a query may hold a secret.
    """

    default_acted = MAYBE

    def __init__(
        self,
        failure: Failure,
        number: str = "",
        *,
        api: str = "",
        method: str = "",
        path: str = "",
        http_status: Optional[int] = None,
        acted: Optional[str] = None,
        wait: Optional[float] = None,
    ) -> None:
        super().__init__(failure, number)
        self.api = api
        self.method = method
        self.path = path
        self.http_status = http_status
        self.acted = acted or self.default_acted
        self.wait = wait

    def revise(self, **changes: Any) -> None:
        """Replace fields of the failure, and with them the text of the exception."""
        self.failure = replace(self.failure, **changes)


class ConnectError(ApiError):
    """No connection was made: no byte of the request was sent."""

    default_acted = NO


class TlsError(ConnectError):
    """The server's certificate is not trusted, or TLS could not be agreed on."""


class ProxyError(ConnectError):
    """The proxy of the environment refused the connection."""


class MissingLibraryError(ConnectError):
    """The Python library requests is not installed where the task runs."""


class SendError(ApiError):
    """The connection broke while the request was being sent."""


class ReadError(ApiError):
    """The answer was lost, cut, or not complete in time."""


class ProtocolError(ApiError):
    """The answer is not one of this API: HTML, another content type, no JSON, too large, a redirect."""


class AnswerError(ApiError):
    """The API answered with an error.

    ``code`` is the HTTP status if the answer had no envelope, and a word if a successful one held ``success: false``.
    ``details`` is the server's own text; ``retry`` is a class of :mod:`codes`; ``known`` tells whether its table
    has the code; ``node_may_be_down`` whether the node may be disconnected now. ``subcode`` is Graph's, 0 for none.
    """

    def __init__(
        self,
        failure: Failure,
        number: str = "",
        *,
        details: str = "",
        is_transient: bool = False,
        retry: str = "",
        known: bool = False,
        node_may_be_down: bool = False,
        subcode: int = 0,
        **where: Any,
    ) -> None:
        super().__init__(failure, number, **where)
        self.subcode = subcode
        self.details = details
        self.is_transient = is_transient
        self.retry = retry
        self.known = known
        self.node_may_be_down = node_may_be_down

    @property
    def code(self) -> Union[int, str]:
        """Return the API's own number, or the word in its place."""
        return self.failure.code

    @property
    def title(self) -> str:
        """Return the title of the failure."""
        return self.failure.title

    @property
    def fbtrace_id(self) -> str:
        """Return Graph's trace id; empty for a node."""
        return self.failure.fbtrace_id


class GraphError(AnswerError):
    """Graph answered with an error."""


class OnPremError(AnswerError):
    """The On-Premises node answered with an error."""


class AuthError(AnswerError):
    """The credential is missing, wrong or expired."""


class ForbiddenError(AnswerError):
    """The credential is valid and may not do this."""


class RateLimitError(AnswerError):
    """A rate limit was hit; ``wait`` is the time in seconds that the server asked for, or None."""


class NotFoundError(AnswerError):
    """The API does not know the object."""


class GraphAuthError(AuthError, GraphError):
    """The access token is missing, wrong or expired."""


class GraphPermissionError(ForbiddenError, GraphError):
    """The access token may not do this."""


class GraphRateLimitError(RateLimitError, GraphError):
    """Graph limits the calls of the app or the WABA."""


class GraphNotFoundError(NotFoundError, GraphError):
    """Graph does not know the object."""


class OnPremAuthError(AuthError, OnPremError):
    """The login or the token of the node is wrong or expired."""


class OnPremPermissionError(ForbiddenError, OnPremError):
    """The account of the node may not do this."""


class OnPremRateLimitError(RateLimitError, OnPremError):
    """The node limits the calls."""


class OnPremNotFoundError(NotFoundError, OnPremError):
    """The node does not know the resource."""
