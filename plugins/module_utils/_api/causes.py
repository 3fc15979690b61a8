# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that are not an error envelope of an API, by phase; their texts hold no secret."""

from __future__ import annotations

import socket
import ssl
from typing import Any, Iterator, List, Mapping, Optional, Type, TypeVar, Union

from .._failure import Failure, counted
from . import address, causes_proxy, causes_tls, connection
from .causes_tls import Server
from .codes import MAYBE
from .envelope import answer_error
from .errors import (
    AnswerError,
    ApiError,
    ConnectError,
    MissingLibraryError,
    ProtocolError,
    ProxyError,
    ReadError,
    SendError,
    TlsError,
    Where,
)
from .options import FREEZE, NAMES, REPORT, WEBHOOK, option

_Error = TypeVar("_Error", bound=ApiError)
AGAIN = "run the same command again: it reads first and does not repeat completed steps"
_CHECK_LOGS = "check the logs of the endpoint and of the proxy or gateway before it"


def missing_library(where: Where) -> MissingLibraryError:
    """Return the error for a Python without requests."""
    return _error(
        MissingLibraryError,
        where,
        "missing_library",
        "The Python library requests is missing where this task runs",
        connection.MISSING,
        "install the package python3-requests, or pip install 'requests>=2.20.0', for the Python of the task",
    )


def refused_address(where: Where, problem: str, target: str) -> ConnectError:
    """Return the error for a base URL that breaks a rule of :mod:`address`, or for a malformed credential."""
    name = option(NAMES[where.api].url)
    title, next_step = {
        "plain_http": (
            "Plain http to %s is not allowed for a credential" % target,
            "use https in %s; plain http is for loopback addresses only" % name,
        ),
        "bad_url": (
            "The URL of the server is not usable",
            "set %s to https://host[:port], without user, query and fragment" % name,
        ),
        "bad_credential": (
            "The credential is empty, or has characters that an HTTP header cannot hold",
            "check it for line breaks, and for spaces at its ends",
        ),
    }[problem]
    return _error(ConnectError, where, problem, title, "", next_step)


def unusable_proxy(where: Where, route: address.Route, target: str) -> ConnectError:
    """Return the error for a proxy of the environment that cannot be used."""
    return _error(ProxyError, where, *causes_proxy.unusable(route, target))


def fault_of(
    error: BaseException,
    where: Where,
    watch: connection.Watch,
    target: str,
    verify: Union[bool, str] = True,
    route: address.Route = address.DIRECT,
) -> ApiError:
    """Return the error for an exception of requests, urllib3 or the socket.

    Only the innermost cause is quoted: the outer texts hold the URL with its query. ``verify`` and ``route`` are those
    of the request.
    """
    causes = list(_chain(error))
    cause = _plain_cause(causes)
    server = Server(where.api, target, verify if isinstance(verify, str) else None)
    if watch.phase == connection.CONNECTING:
        return _connect_fault(error, causes, cause, where, watch, server, route)
    if watch.speaks_tls:
        return _error(TlsError, where, *causes_tls.speaks_tls(server), acted=MAYBE)
    if any("CERTIFICATE_REQUIRED" in str(getattr(item, "reason", "")) for item in causes):
        return _error(TlsError, where, *causes_tls.certificate_required(server), acted=MAYBE)
    cls: Type[ApiError]
    if watch.phase == connection.SENDING:
        cls, code = SendError, "send_failed"
        title = "The connection to %s broke while the request was being sent" % target
    elif watch.late or _is(causes, socket.timeout, TimeoutError):
        cls, code = ReadError, "read_timeout"
        title = "%s did not complete its answer within %g s" % (target, watch.read_timeout)
        cause = "The request was sent."
    else:
        cls, code, title = ReadError, "answer_lost", "The answer of %s was lost or cut" % target
    return _error(cls, where, code, title, cause, _again(where))


def _connect_fault(
    error: BaseException,
    causes: List[BaseException],
    cause: str,
    where: Where,
    watch: connection.Watch,
    server: Server,
    route: address.Route,
) -> ConnectError:
    """Return the error for a failed connection; the order matters, because one cause can wrap another."""
    target = server.target
    reported = causes_proxy.reported_by(causes, route, watch.past_proxy, target, cause, server.names.ca_path)
    if reported is not None:
        return _error(ProxyError, where, *reported)
    next_step = "check %s, that the server is up, and that the machine of the task can reach it" % option(
        server.names.url
    )
    if _is(causes, socket.gaierror):
        code, title = "unknown_host", "The name of %s cannot be resolved" % target
    elif _is(causes, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        code, title = "connect_failed", "%s closed the connection during the TLS handshake" % target
        next_step += "; check that its port speaks TLS"
    elif _is(causes, ConnectionError):
        code, title = "connect_failed", "No connection to %s" % target
    elif _is(causes, socket.timeout, TimeoutError) or _named(causes, "ConnectTimeoutError"):
        code, title = "connect_timeout", "%s did not accept a connection in time" % target
    else:
        reported = causes_tls.reported_by(causes, watch.names, watch.certificate_requested, server)
        if reported is not None:
            return _error(TlsError, where, *reported._replace(details=reported.details or cause))
        if _is(causes, OSError):
            code, title = "connect_failed", "No connection to %s" % target
        else:
            code, title, cause = "bad_request", "The request to %s could not be built" % target, type(error).__name__
            next_step = "report this message: it is a bug of wabiz.migration, or a setting that it does not know"
    return _error(ConnectError, where, code, title, cause, next_step)


def _error(cls: Type[_Error], where: Where, code: str, title: str, details: str, next_step: str, **more: Any) -> _Error:
    failure = Failure(code, title, details, next_step=next_step)
    return cls(failure, where.number, api=where.api, method=where.method, path=where.path, **more)


def _again(where: Where) -> str:
    return _CHECK_LOGS if where.api in (WEBHOOK, FREEZE, REPORT) else AGAIN


def page(where: Where, status: int, target: str, raw: bytes) -> Optional[TlsError]:
    """Return the error for a web server's page about TLS, None for any other page."""
    reported = causes_tls.reported_by_page(raw, Server(where.api, target, None)) if status == 400 else None
    return None if reported is None else _error(TlsError, where, *reported, acted=MAYBE, http_status=status)


def cut(where: Where, status: int, target: str, got: int, promised: int) -> ReadError:
    """Return the error for a body that is shorter than its Content-Length."""
    title = "The answer of %s was cut after %d of %s" % (target, got, counted(promised, "byte"))
    return _error(ReadError, where, "answer_lost", title, "", _again(where), http_status=status)


def too_large(where: Where, status: int, target: str, limit: int) -> ProtocolError:
    """Return the error for a body of more than ``limit`` bytes."""
    return strange(where, status, target, "too_large", "more than %s" % counted(limit, "byte"))


def redirected(where: Where, status: int, target: str, location: str) -> ProtocolError:
    """Return the error for a redirect; only the host of ``location`` is named."""
    seen = "a redirect to %s, which is not followed" % address.redirect_host(location)
    return strange(where, status, target, "redirect", seen)


def strange(
    where: Where, status: int, target: str, code: str, seen: str, wait: Optional[float] = None
) -> ProtocolError:
    """Return the error for an answer that is not from the API."""
    title = "The answer of %s is not from the API: %s" % (target, seen)
    next_step = "check that the URL is the API itself, and the proxy, gateway or login page before it"
    return _error(ProtocolError, where, code, title, "", next_step, http_status=status, wait=wait)


def incomplete(where: Where, what: str) -> ProtocolError:
    """Return the error for an answer of the API that lacks a required part."""
    next_step = "check the version of the API, then run the same command again"
    return _error(
        ProtocolError, where, "incomplete_answer", "The answer lacks %s" % what, "", next_step, http_status=200
    )


def not_done(where: Where, body: Optional[Mapping[str, Any]]) -> AnswerError:
    """Return the error for ``success: false`` with a good HTTP status (Meta's guide, step 3)."""
    error = answer_error(where, 200, body)
    error.revise(
        code="success_false",
        title="The API answered success: false",
        next_step="run the same command again: it reads where the number is registered before it sends a change",
    )
    return error


def _chain(error: Any) -> Iterator[BaseException]:
    """Yield an exception and its causes: requests and urllib3 keep them in args, reason or the chain."""
    seen = set()
    todo = [error]
    while todo:
        item = todo.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        todo += [*item.args, getattr(item, "reason", None), item.__cause__, item.__context__]


def _is(causes: List[BaseException], *kinds: Type[BaseException]) -> bool:
    # The errors of requests are OSErrors too: only Python's own show the cause.
    return any(isinstance(item, kinds) and type(item).__module__ in _PYTHON for item in causes)


def _named(causes: List[BaseException], *names: str) -> bool:
    return any(type(item).__name__ in names for item in causes)


_PYTHON = ("builtins", "socket", "ssl")


def _plain_cause(causes: List[BaseException]) -> str:
    """Return the text of the operating system or of TLS for the innermost cause; it holds no URL and no header."""
    for item in reversed(causes):
        if not isinstance(item, OSError) or type(item).__module__ not in _PYTHON:
            continue
        reported = getattr(item, "verify_message", "") or getattr(item, "reason", "") or item.strerror
        if not reported and item.args and str(item.args[0]).startswith("Tunnel connection failed"):
            reported = str(item.args[0])
        if reported and isinstance(reported, str):
            return reported
    return ""
