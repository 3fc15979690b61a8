# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin endpoint: look behind the curtain, change state behind the back, script faults, push the clock."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import faults as faults_module
from . import patch
from .checks import FileError
from .faults import Faults
from .ledger import Ledger
from .numbers import Number
from .state import World


class Admin:
    """Answer on its own loopback port to whoever has the token."""

    def __init__(
        self, world: World, ledger: Ledger, faults: Faults, token: str, follow_faults: Callable[[], None]
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._faults = faults
        self._token = token
        self._follow_faults = follow_faults
        self.app = Starlette(
            routes=[
                self._route("/state", self._state, "GET"),
                self._route("/numbers/{id}", self._number, "GET"),
                self._route("/numbers/{id}", self._patch_number, "POST"),
                self._route("/wabas/{id}", self._waba, "GET"),
                self._route("/wabas/{id}", self._patch_waba, "POST"),
                self._route("/meters", self._meters, "GET"),
                self._route("/faults", self._list_faults, "GET"),
                self._route("/faults", self._add_faults, "POST"),
                self._route("/faults", self._clear_faults, "DELETE"),
                self._route("/clock", self._clock, "POST"),
                self._route("/ledger", self._read_ledger, "GET"),
                self._route("/reset", self._reset, "POST"),
            ],
            exception_handlers={HTTPException: _answer_fault},
        )

    def _route(self, path: str, handler: Callable[[Any, Request], Any], method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            given = request.headers.get("x-admin-token", "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                raise HTTPException(401, "X-Admin-Token is missing or wrong")
            raw = await request.body()
            try:
                body = json.loads(raw) if raw.strip() else None
                return JSONResponse(handler(body, request))
            except FileError as error:
                raise HTTPException(400, "; ".join(error.faults)) from None
            except ValueError as error:
                raise HTTPException(400, str(error)) from None

        return Route(path, endpoint, methods=[method])

    def _find(self, request: Request) -> Number:
        number = self._world.numbers.get(request.path_params["id"])
        if number is None:
            raise HTTPException(404, "there is no such number")
        return number

    def _state(self, body: Any, request: Request) -> Any:
        return {
            "now": self._world.clock.now(),
            "advanced": self._world.clock.advanced,
            "in_flight": list(self._ledger.open.values()),
            "wabas": {waba_id: self._show_waba(waba_id) for waba_id in self._world.wabas},
            "numbers": {number.phone_number_id: self._show(number) for number in self._world.numbers.values()},
        }

    def _show(self, number: Number) -> dict[str, Any]:
        return patch.show(number, self._world.clock.now())

    def _show_waba(self, waba_id: str) -> dict[str, Any]:
        waba = self._world.wabas[waba_id]
        apps = [{"id": app_id, "override_callback_uri": uri} for app_id, uri in waba.subscriptions.items()]
        return {"id": waba.id, "name": waba.name, "subscribed_apps": apps, "numbers": list(waba.number_ids)}

    def _number(self, body: Any, request: Request) -> Any:
        return self._show(self._find(request))

    def _patch_number(self, body: Any, request: Request) -> Any:
        number = self._find(request)
        patch.apply(number, body)
        self._world.changed(number)
        return self._show(number)

    def _waba(self, body: Any, request: Request) -> Any:
        if request.path_params["id"] not in self._world.wabas:
            raise HTTPException(404, "there is no such WABA")
        return self._show_waba(request.path_params["id"])

    def _patch_waba(self, body: Any, request: Request) -> Any:
        self._waba(None, request)
        waba = self._world.wabas[request.path_params["id"]]
        patch.apply_waba(waba, body)
        self._world.waba_changed(waba)
        return self._show_waba(waba.id)

    def _meters(self, body: Any, request: Request) -> Any:
        return [self._world.meters.read(number) for number in self._world.numbers.values()]

    def _list_faults(self, body: Any, request: Request) -> Any:
        return [rule.as_dict() for rule in self._faults.rules]

    def _add_faults(self, body: Any, request: Request) -> Any:
        # One rule may come without the list around it.
        rules = faults_module.parse([body] if isinstance(body, dict) and "fault" in body else body)
        self._faults.rules += rules
        self._follow_faults()
        return [rule.as_dict() for rule in self._faults.rules]

    def _clear_faults(self, body: Any, request: Request) -> Any:
        self._faults.rules.clear()
        self._follow_faults()
        return []

    def _clock(self, body: Any, request: Request) -> Any:
        seconds = body.get("advance") if isinstance(body, dict) else None
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or seconds < 0:
            raise ValueError("advance must be a number of seconds of 0 or more")
        self._world.clock.advance(seconds)
        return {"now": self._world.clock.now(), "advanced": self._world.clock.advanced}

    def _read_ledger(self, body: Any, request: Request) -> Any:
        return {"lines": self._ledger.lines(), "open": list(self._ledger.open.values())}

    def _reset(self, body: Any, request: Request) -> Any:
        """Start again from the fleet file, without faults; the ledger goes on, so that nothing is hidden."""
        self._faults.rules.clear()
        self._world.reset()
        self._follow_faults()
        return {"numbers": len(self._world.numbers)}


async def _answer_fault(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, status_code=error.status_code)
