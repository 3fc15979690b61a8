# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations in a process on the host: their context there, for the host runner and the module runner."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import time
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from . import _host_runner, _runner
from ._host_runner import Answer, HostProcess, Request
from ._operations.context import Clients, Context, Params, Shared

# An event, its fields, and when it was by the monotonic clock.
Reported = Tuple[str, Dict[str, Any], float]


class Remote:
    """A process on the inventory host that the worker has started: its session, and how it answers."""

    def __init__(self) -> None:
        self.session = _runner.Session()
        self.process = HostProcess(self._onprem, time.time, time.monotonic, time.monotonic(), self.run_module)

    def _onprem(self, request: Request) -> Any:
        return _runner.onprem_client(request["params"], _silent, self.session)(str(request["number"]))

    def run_module(self, request: Request) -> Answer:
        """Run a module whose options the worker has checked."""
        params: Dict[str, Any] = dict(request["params"])
        # This one file, because every file that is imported is compiled anew on the host.
        module = importlib.import_module("._operations." + request["operation"], __package__).MODULE
        announced: List[str] = []
        reported: List[Reported] = []
        found = context(params, request["check_mode"], announced, self.session, reported)
        result = _runner.carry_out(module.run, module.typed(params), found, request["diff"])
        add_events(result, params, reported)
        if announced:
            result["waits"] = announced
        return result


def add_events(result: Dict[str, Any], params: Params, reported: List[Reported]) -> None:
    """Add the events of an operation to its result, with how many seconds ago they were, where the run keeps events."""
    if reported and params["report_dir"]:
        end = time.monotonic()
        result[_runner.EVENTS] = [[name, fields, round(end - at, 3)] for name, fields, at in reported]


def context(
    params: Params, check_mode: bool, announced: List[str], session: _runner.Session, reported: List[Reported]
) -> Context:
    """Return the context of an operation that runs on the host, where no other task of the run can be seen.

    ``announced`` takes what is waited for, ``reported`` the events.
    """
    announce: Callable[[str], None] = announced.append
    name = _runner.name_of(params)
    onprem = _runner.onprem_client(params, announce, session)

    def host(requests: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
        began = time.monotonic()
        here = HostProcess(lambda request: onprem(str(request["number"])), time.time, time.monotonic, began)
        return _host_runner.answer(requests, here)

    def event(name: str, **fields: Any) -> None:
        reported.append((name, fields, time.monotonic()))

    return Context(
        check_mode=check_mode,
        clients=Clients(_runner.graph_client(params, announce, session, name), onprem, host),
        clock=_runner.CLOCK,
        shared=Shared(
            once=lambda _name, read: read(),
            entry=lambda _name, entry, read: read().get(entry),
            exclusive=lambda _name: contextlib.nullcontext(),
            raise_flag=lambda _name, _text: None,
            raised=lambda _name: None,
        ),
        process=_runner.this_process("%s-%d" % (socket.gethostname(), os.getpid()), os.getppid()),
        announce=announce,
        undisturbed=_runner.undisturbed,
        sent=session.sent,
        name=name,
        event=event,
    )


def _silent(_text: str) -> None:
    """Tell nobody: the answer says in the end what was waited for."""
