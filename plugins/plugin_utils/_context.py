# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation is given inside of the Ansible worker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants

from ..module_utils import _host_runner, _runner
from ..module_utils._core.events.event import WAITING
from ..module_utils._operations.context import Clients, Context, Shared
from . import _events, _shared, _shipping
from ._worker import Step, Worker


def context(worker: Worker, step: Step) -> Context:
    """Return the context of the operation of a step, or of a rule that is asked for it."""
    params, session = step.params, worker.session
    event = _events.of(worker, step)

    def announce(text: str) -> None:
        worker.announce(step.name, text)

    def pause(text: str) -> None:
        announce(text)
        event(WAITING, text=text)

    onprem = _runner.onprem_client(params, pause, session)

    def host(requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if worker.local:
            here = _host_runner.HostProcess(
                lambda request: onprem(str(request["number"])),
                _runner.CLOCK.now,
                _runner.CLOCK.monotonic,
                _runner.CLOCK.monotonic(),
            )
            return _host_runner.answer(requests, here)
        return _shipping.answers(worker, params, requests)

    # Two plays of one run may use two apps: what a token read is kept for that token only.
    source = "\0".join(str(params.get(key)) for key in ("access_token", "graph_url", "graph_version"))
    mark = hashlib.sha256(source.encode()).hexdigest()
    limiter = worker.rate_limiter(params) if "access_token" in params else None

    throwaway = _runner.throwaway(params["state_dir"]) if worker.local and "state_dir" in params else ""
    return Context(
        check_mode=worker.check_mode,
        clients=Clients(_runner.graph_client(params, pause, session, step.name, limiter), onprem, host),
        clock=_runner.CLOCK,
        shared=Shared(
            once=lambda name, read: _shared.once("%s %s" % (name, mark), read),
            entry=lambda name, entry, read: _shared.entry("%s %s" % (name, mark), entry, read),
            exclusive=_shared.exclusive,
            raise_flag=_shared.raise_flag,
            raised=_shared.raised,
        ),
        process=_runner.this_process(os.path.basename(constants.DEFAULT_LOCAL_TMP), worker.run, throwaway),
        announce=announce,
        undisturbed=_runner.undisturbed,
        sent=session.sent,
        name=step.name,
        event=event,
        recent=session.recent,
    )
