# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay in front of a server that tells which processes call it: on loopback an address tells nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path


class Relay:
    """Pass connections on to a port of this machine; from_hosts says of each whether a process of a host made it."""

    def __init__(self, port: int, hosts: Callable[[], Iterable[int]]) -> None:
        self._port = port
        self._hosts = hosts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.from_hosts: list[bool] = []
        self.url = "https://127.0.0.1:%d" % self._listener.getsockname()[1]

    def __enter__(self) -> Relay:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(5)

    def _run(self, target: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, (_address, port) = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            # The caller waits for an answer that it gets only after this.
            self.from_hosts.append(_owns(self._hosts(), port))
            upstream = socket.create_connection(("127.0.0.1", self._port), 10)
            upstream.settimeout(None)
            self._open.append(upstream)
            self._run(_pipe, sock, upstream)
            self._run(_pipe, upstream, sock)


def _owns(pids: Iterable[int], port: int) -> bool:
    """Tell whether one of these processes holds the socket that is bound to this port of the loopback address."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[1] == f"0100007F:{port:04X}"}
    for pid in pids:
        with contextlib.suppress(OSError):
            for entry in os.scandir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(entry.path) in inodes:
                        return True
    return False


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
