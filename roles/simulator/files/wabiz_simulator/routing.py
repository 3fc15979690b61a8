# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes: Starlette matches the path, a guard checks the access, a handler does the work on a Call."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from .call import Call, Reply

Handler = Callable[[Call], Reply | Awaitable[Reply]]
Guard = Callable[[Call], None]

CALL = "wabiz.call"


class NoRouteError(Exception):
    """Tell that no route has this path and method."""


class _Endpoint:
    def __init__(self, handler: Handler, guard: Guard | None) -> None:
        self._handler = handler
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call: Call = scope[CALL]
        call.params.update(scope["path_params"])
        if self._guard is not None:
            self._guard(call)
        answer = self._handler(call)
        call.reply = await answer if inspect.isawaitable(answer) else answer


def route(method: str, path: str, handler: Handler, guard: Guard | None = None) -> Route:
    return Route(path, _Endpoint(handler, guard), methods=[method])


def router(*routes: Route) -> Router:
    return Router(list(routes), redirect_slashes=False, default=_unknown)


async def _unknown(scope: Scope, receive: Receive, send: Send) -> None:
    raise NoRouteError


async def dispatch(where: Router, scope: Scope, call: Call) -> Reply:
    """Let the handler of this path answer; raises NoRouteError for an unknown path or method."""

    async def never(*_: Any) -> Any:
        raise RuntimeError("handlers answer through the call, not through ASGI")

    # With "app" in the scope Starlette raises for a wrong method instead of answering by itself.
    inner = {**scope, CALL: call, "app": where}
    try:
        await where(inner, never, never)
    except HTTPException:
        raise NoRouteError from None
    if call.reply is None:
        raise NoRouteError
    return call.reply
