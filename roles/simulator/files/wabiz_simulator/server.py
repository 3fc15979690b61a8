# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a whole: sockets, certificates, both APIs, the admin endpoint, start and end."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import inventory
from .admin import Admin
from .call import Call
from .clock import Clock
from .config import Fleet
from .exchange import Exchange
from .faults import Fault, Faults, Rule
from .graph.api import GraphApi
from .ledger import Ledger
from .listeners import Connection, Listener, Site, bind, bind_all, raise_file_limit
from .nodes import Node
from .onprem.api import OnPremApi
from .state import World
from .tls import Authority

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    run_dir: Path
    onprem_port: int = 0
    graph_port: int = 0
    addressing: str = "ip"
    graph_tls: bool = True
    parent_pid: int = 0
    inventory_out: Path | None = None


class Simulator:
    """Own every part and join them."""

    def __init__(self, fleet: Fleet, rules: list[Rule], options: Options) -> None:
        self._options = options
        self._authority = Authority(options.run_dir)
        self._ledger = Ledger(options.run_dir)
        self._faults = Faults(rules)
        self._world = World(fleet, Clock())
        self._graph_api = GraphApi()
        self._admin_token = secrets.token_urlsafe(24)
        self._listeners: dict[str, Listener] = {}
        self._addresses: dict[tuple[str, int], str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stop = asyncio.Event()
        self._refused_until: dict[str, float] = {}
        node_api = OnPremApi(self._authority.pem)
        self._node_site = Site(
            Exchange(node_api, self._world, self._ledger, self._faults, self._addresses.get, self._shut)
        )
        self._graph_site = Site(
            Exchange(self._graph_api, self._world, self._ledger, self._faults, lambda server: None, self._shut)
        )
        self._admin_site = Site(Admin(self._world, self._ledger, self._faults, self._admin_token, self._follow_all).app)

    async def run(self) -> None:
        """Serve until a signal, or until the parent is gone; ready.json is there exactly while sockets listen."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        raise_file_limit(4 * len(self._world.by_address) + 4096)
        await self._open_nodes()
        await self._open_graph()
        admin = Listener(self._admin_site, (HOST, 0), None)
        await admin.open()
        self._world.on_listening = self._follow_node
        self._follow_all()
        ready = self._ready(admin)
        if self._options.inventory_out is not None:
            _write_atomically(self._options.inventory_out, inventory.write(self._world.fleet, ready))
        path = self._options.run_dir / "ready.json"
        _write_atomically(path, json.dumps(ready, indent=2) + "\n")
        try:
            await self._watch()
        finally:
            path.unlink(missing_ok=True)
            for listener in [*self._listeners.values(), self._graph, admin]:
                listener.close()
            self._ledger.close()

    async def _watch(self) -> None:
        while not self._stop.is_set():
            if self._options.parent_pid and not _alive(self._options.parent_pid):
                return
            for site in (self._node_site, self._graph_site, self._admin_site):
                site.tick()
            try:
                await asyncio.wait_for(self._stop.wait(), 1.0)
            except TimeoutError:
                continue

    async def _open_nodes(self) -> None:
        addresses = list(self._world.by_address)
        if not addresses:
            return
        if self._options.addressing == "ip":
            sockets = bind_all(addresses, self._options.onprem_port)
        else:
            first = self._options.onprem_port
            sockets = [bind((HOST, first + at if first else 0)) for at in range(len(addresses))]
        by_address = dict(zip(addresses, sockets, strict=True))
        groups = (
            self._authority.contexts(addresses)
            if self._options.addressing == "ip"
            else iter([(addresses, self._authority.context([HOST, "localhost"]))])
        )
        for group, context in groups:
            for address in group:
                sock = by_address[address]
                listener = Listener(self._node_site, sock.getsockname()[:2], context)
                await listener.open(sock)
                self._listeners[address] = listener
                self._addresses[listener.address] = address

    async def _open_graph(self) -> None:
        context = self._authority.context([HOST, "localhost"]) if self._options.graph_tls else None
        self._graph = Listener(self._graph_site, (HOST, self._options.graph_port), context)
        await self._graph.open()
        scheme = "https" if self._options.graph_tls else "http"
        self._graph_api.url = f"{scheme}://{HOST}:{self._graph.address[1]}"

    def _ready(self, admin: Listener) -> dict[str, Any]:
        nodes = {}
        for address, listener in self._listeners.items():
            number = self._world.by_address[address]
            nodes[number.phone_number_id] = f"https://{listener.address[0]}:{listener.address[1]}"
        return {
            "pid": os.getpid(),
            "graph_url": self._graph_api.url,
            "admin_url": f"http://{HOST}:{admin.address[1]}",
            "admin_token": self._admin_token,
            "ca_path": str(self._authority.path),
            "ledger": str(self._ledger.path),
            "nodes": nodes,
        }

    def _follow_all(self) -> None:
        """Bring every socket into the state that nodes and fault rules want."""
        if not self._faults.rules:
            self._refused_until.clear()
        for number in self._world.by_address.values():
            if number.node is not None:
                self._follow_node(number.node)
        self._set(self._graph, not self._faults.refuses("graph", None) and not self._is_shut("graph"))

    def _follow_node(self, node: Node, but: Connection | None = None) -> None:
        number = self._world.by_address[node.address]
        refused = self._faults.refuses("onprem", number.phone_number_id) or self._is_shut(node.address)
        self._set(self._listeners[node.address], node.listening and not refused, but)

    def _set(self, listener: Listener, listening: bool, but: Connection | None = None) -> None:
        if not listening:
            listener.close(but)
        elif listener.listen():
            task = asyncio.get_running_loop().create_task(listener.serve())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _is_shut(self, name: str) -> bool:
        return asyncio.get_running_loop().time() < self._refused_until.get(name, 0.0)

    def _shut(self, call: Call, fault: Fault, connection: Connection) -> None:
        """Stop to listen after this answer; seconds 0 means until the faults are cleared or reset."""
        name = call.node.address if call.api == "onprem" and call.node is not None else "graph"
        loop = asyncio.get_running_loop()
        self._refused_until[name] = loop.time() + (fault.seconds or float("inf"))
        listener = self._listeners.get(name, self._graph)
        listener.close(connection)
        if fault.seconds:
            loop.call_later(fault.seconds + 0.01, self._follow_all)


def _write_atomically(path: Path, text: str) -> None:
    """Write a file that only its owner reads: it may hold the admin token or the secrets of a fleet."""
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
