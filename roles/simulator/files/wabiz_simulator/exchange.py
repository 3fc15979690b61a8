# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one mechanism of both APIs: arrival, fault, access, handler, ledger, answer."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from . import wire
from .call import Call, Reply
from .faults import Fault, Faults
from .ledger import Ledger
from .listeners import Connection, connection_of
from .refusal import RefusalError
from .routing import NoRouteError, dispatch
from .state import World
from .strict import InputError

MAX_BODY = 8 * 1024 * 1024


class Api(Protocol):
    """Describe what the two APIs do differently."""

    name: str
    router: Router

    def arrive(self, call: Call) -> None:
        """Find number, WABA and node of the call; no refusal here, faults strike first."""

    def enter(self, call: Call) -> None:
        """Check what comes before any route."""

    def cut(self, call: Call) -> None:
        """Keep what a request leaves behind that was cut in the middle."""

    def input_fault(self, fault: InputError) -> RefusalError:
        """Word a fault of body or query."""

    def no_route(self, call: Call) -> RefusalError:
        """Word an unknown path or method."""

    def finish(self, call: Call, reply: Reply) -> None:
        """Add what every answer carries."""


class Exchange:
    """Serve one API as an ASGI application."""

    def __init__(
        self,
        api: Api,
        world: World,
        ledger: Ledger,
        faults: Faults,
        address_of: Callable[[tuple[str, int]], str | None],
        shut: Callable[[Call, Fault, Connection], None],
    ) -> None:
        self._api = api
        self._world = world
        self._ledger = ledger
        self._faults = faults
        self._address_of = address_of
        self._shut = shut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = connection_of(scope)
        raw, whole = await read_request(receive, connection)
        call = self._arrive(scope, raw)
        self._ledger.arrived(call)
        if not whole:
            self._api.cut(call)
            call.fault = "incomplete"
            self._ledger.decided(call)
            self._ledger.ended(call, "lost")
            return
        fault = self._faults.take(call)
        call.fault = fault.kind if fault else None
        if fault is not None and fault.kind == "cut_upload":
            call.raw = call.raw[: fault.size]
        if call.number is not None and call.number.switches.latency_ms:
            await asyncio.sleep(call.number.switches.latency_ms / 1000.0)
        if fault is not None and fault.kind == "delay" and fault.when == "before":
            await asyncio.sleep(fault.seconds)
        await self._act(scope, call, fault)
        self._ledger.decided(call)
        if fault is not None and fault.kind == "delay" and fault.when == "after":
            await asyncio.sleep(fault.seconds)
        if call.reply is None:
            call.reply = Reply({})
        if fault is not None and fault.kind == "refuse_after":
            self._shut(call, fault, connection)
        await wire.deliver(call, call.reply, fault, connection, send)
        whole = not connection.lost and not (fault is not None and fault.kind in ("cut_body", "hang"))
        self._ledger.ended(call, "answered" if whole else "lost")

    def _arrive(self, scope: Scope, raw: bytes) -> Call:
        client, server = scope["client"], tuple(scope["server"])
        method = scope["method"]
        call = Call(
            world=self._world,
            seq=self._ledger.next_seq(),
            api=self._api.name,
            method=method,
            path=scope["path"],
            query=parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            raw=raw,
            client=f"{client[0]}:{client[1]}",
            server=server,
            began=self._world.clock.now(),
            kind="read" if method == "GET" else "change",
        )
        address = self._address_of(server)
        if address is not None:
            call.number = self._world.by_address[address]
            call.node = call.number.node
        self._api.arrive(call)
        return call

    async def _act(self, scope: Scope, call: Call, fault: Fault | None) -> None:
        """Let the request act unless the fault comes first, and choose the answer."""
        instead = wire.substitute(call, fault) if fault is not None else None
        if fault is None or fault.when == "after" or fault.kind == "delay":
            try:
                call.reply = await self._answer(scope, call)
            except Exception:  # noqa: BLE001 - whatever it is, the request has to have its line in the ledger
                # A fault of the simulator itself: loud in its log, and never taken for an answer of Meta's.
                traceback.print_exc()
                call.reply = Reply({"simulator_error": True}, status=500)
        if instead is not None:
            call.reply = instead
        if call.reply is not None:
            self._api.finish(call, call.reply)

    async def _answer(self, scope: Scope, call: Call) -> Reply:
        try:
            self._api.enter(call)
            return await dispatch(self._api.router, scope, call)
        except InputError as fault:
            refusal = self._api.input_fault(fault)
        except NoRouteError:
            refusal = self._api.no_route(call)
        except RefusalError as caught:
            refusal = caught
        return Reply(refusal.body, refusal.status, error_code=refusal.code)


async def read_request(receive: Receive, connection: Connection) -> tuple[bytes, bool]:
    """Return the body, and whether it is whole.

    A request that has arrived whole acts, also when its client is gone by now: a server cannot know, and the oracle
    of a test that kills clients must not leave it to chance.
    """
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            cycle = connection.cycle
            pieces.append(bytes(cycle.body))
            return b"".join(pieces), not cycle.more_body
        piece = message.get("body", b"")
        size += len(piece)
        if size <= MAX_BODY:
            pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces), True
