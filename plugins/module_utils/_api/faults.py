# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the errors of everything that is not an error envelope, by phase, without a word that may hold a secret."""

from __future__ import annotations

import socket
import ssl
from typing import Any, Iterator, List, Mapping, Optional, Type
from urllib.parse import urlsplit

from .._failure import Failure, counted
from . import connection
from .errors import (
    GRAPH,
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
    answer_error,
)

AGAIN = "run the same command again: it reads first and repeats nothing that was done"


def missing_library(where: Where) -> MissingLibraryError:
    """Return the error for a Python without requests."""
    failure = Failure(
        code="missing_library",
        title="The Python library requests is missing where this task runs",
        details=connection.MISSING,
        next_step="install the package python3-requests, or pip install 'requests>=2.20.0', for the Python of the task",
    )
    return MissingLibraryError(failure, where.number, **_where(where))


def refused_address(where: Where, problem: str, target: str) -> ConnectError:
    """Return the error for a base URL that breaks a rule of :mod:`address`, or for a malformed credential."""
    option = "graph_url" if where.api == GRAPH else "onprem_url"
    title, next_step = {
        "plain_http": (
            "A credential is not sent over plain http to %s" % target,
            "use https in %s; plain http is for loopback addresses only" % option,
        ),
        "bad_url": (
            "The URL of the server is not usable",
            "give %s as https://host[:port], without user, query and fragment" % option,
        ),
        "bad_credential": (
            "The credential is empty or holds characters that do not fit into a header",
            "check it for line breaks and spaces at its ends",
        ),
    }[problem]
    return ConnectError(Failure(code=problem, title=title, next_step=next_step), where.number, **_where(where))


def fault_of(error: BaseException, where: Where, watch: connection.Watch, target: str) -> ApiError:
    """Return the error of the tree for an exception of requests, urllib3 or the socket.

    Only the innermost cause is quoted: the outer texts hold the URL with its query.
    """
    causes = list(_chain(error))
    cause = _plain_cause(causes)
    if watch.phase == connection.CONNECTING:
        return _connect_fault(error, causes, cause, where, target)
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
    return cls(Failure(code=code, title=title, details=cause, next_step=AGAIN), where.number, **_where(where))


def _connect_fault(
    error: BaseException, causes: List[BaseException], cause: str, where: Where, target: str
) -> ConnectError:
    """Return the error for a connection that did not come about; the order tells a cause from its wrapping."""
    cls: Type[ConnectError] = ConnectError
    next_step = "check that the server is up and reachable from where the task runs"
    if _named(causes, "ProxyError", "InvalidProxyURL"):
        cls, code, title = ProxyError, "proxy_failed", "The proxy for %s refused the connection" % target
        next_step = "check HTTPS_PROXY and NO_PROXY where the task runs"
    elif _is(causes, socket.gaierror):
        code, title = "unknown_host", "The name of %s cannot be resolved" % target
    elif _is(causes, ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError):
        code, title = "connect_failed", "No connection to %s" % target
    elif _is(causes, socket.timeout, TimeoutError) or _named(causes, "ConnectTimeoutError"):
        code, title = "connect_timeout", "%s did not accept a connection in time" % target
    elif _is(causes, ssl.SSLError) or _named(causes, "SSLError", "CertificateError"):
        cls, code, title = TlsError, "tls_failed", "The certificate or TLS of %s is not accepted" % target
        next_step = (
            "name the CA of the server in %s_ca_path, renew an expired certificate, or (for a self-signed node only) "
            "set %s_validate_certs: false" % (where.api, where.api)
        )
    elif "CA certificate bundle" in str(error):
        cls, code, title = TlsError, "ca_missing", "The CA file for %s is not there" % target
        next_step = "correct %s_ca_path: it is a path where the task runs" % where.api
    elif _is(causes, OSError):
        code, title = "connect_failed", "No connection to %s" % target
    else:
        code, title = "bad_request", "The request to %s could not be built" % target
    return cls(Failure(code=code, title=title, details=cause, next_step=next_step), where.number, **_where(where))


def cut(where: Where, status: int, target: str, got: int, promised: int) -> ReadError:
    """Return the error for a body that is shorter than its Content-Length."""
    title = "The answer of %s was cut after %d of %s" % (target, got, counted(promised, "byte"))
    failure = Failure(code="answer_lost", title=title, next_step=AGAIN)
    return ReadError(failure, where.number, http_status=status, **_where(where))


def too_large(where: Where, status: int, target: str, limit: int) -> ProtocolError:
    """Return the error for a body of more than ``limit`` bytes."""
    return strange(where, status, target, "too_large", "more than %s" % counted(limit, "byte"))


def redirected(where: Where, status: int, target: str, location: str) -> ProtocolError:
    """Return the error for a redirect; only the host of ``location`` is named."""
    try:
        elsewhere = urlsplit(location).hostname or "another path of the same server"
    except ValueError:
        elsewhere = "an unreadable address"
    return strange(where, status, target, "redirect", "a redirect to %s, which is not followed" % elsewhere)


def strange(
    where: Where, status: int, target: str, code: str, seen: str, wait: Optional[float] = None
) -> ProtocolError:
    """Return the error for an answer that does not come from the API."""
    failure = Failure(
        code=code,
        title="%s did not answer as the API does: %s" % (target, seen),
        next_step="check that the URL is the API itself and what stands between (proxy, gateway, login page)",
    )
    return ProtocolError(failure, where.number, http_status=status, wait=wait, **_where(where))


def incomplete(where: Where, what: str) -> ProtocolError:
    """Return the error for an answer of the API that lacks what it must hold."""
    failure = Failure(
        code="incomplete_answer",
        title="The answer lacks %s" % what,
        next_step="check the version of the API, then run the same command again",
    )
    return ProtocolError(failure, where.number, http_status=200, **_where(where))


def not_done(where: Where, body: Optional[Mapping[str, Any]]) -> AnswerError:
    """Return the error for ``success: false`` with a good HTTP status (Meta's guide, step 3)."""
    error = answer_error(where, 200, body)
    error.revise(
        code="success_false",
        title="The API answered success: false",
        next_step="run the same command again: it reads where the number is before anything is sent",
    )
    return error


def _chain(error: Any) -> Iterator[BaseException]:
    """Yield an exception and all that it was made from: requests and urllib3 keep it in args, reason or the chain."""
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
    # The errors of requests are OSErrors too: only Python's own tell the cause.
    return any(isinstance(item, kinds) and type(item).__module__ in _PYTHON for item in causes)


def _named(causes: List[BaseException], *names: str) -> bool:
    return any(type(item).__name__ in names for item in causes)


_PYTHON = ("builtins", "socket", "ssl")


def _plain_cause(causes: List[BaseException]) -> str:
    """Return the words of the operating system or of TLS for the innermost cause; they hold no URL and no header."""
    for item in reversed(causes):
        if not isinstance(item, OSError) or type(item).__module__ not in _PYTHON:
            continue
        told = getattr(item, "verify_message", "") or getattr(item, "reason", "") or item.strerror
        if not told and item.args and str(item.args[0]).startswith("Tunnel connection failed"):
            told = str(item.args[0])
        if told and isinstance(told, str):
            return told
    return ""


def _where(where: Where) -> Any:
    return {"api": where.api, "method": where.method, "path": where.path}
