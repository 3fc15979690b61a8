# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host runner: answers a list of requests in one process on the inventory host, in their order.

The worker calls :func:`answer` itself for a local connection. For any other it sends this file, with all that it may
import, to a Python on the host, which calls :func:`main`. What speaks HTTP is imported only for a request that needs
it.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from . import _hostfiles
from ._failure import failure_of

Request = Mapping[str, Any]
Answer = Dict[str, Any]
Answered = Tuple[Request, Answer]

MARK = "WABIZ-ANSWER:"
# Where the answer of an operation is made that needs more than the files: module and function.
ANSWERS: Mapping[str, Tuple[str, str]] = {
    "node": ("_operations.onprem_info", "answer"),
    "media": ("_operations.media_read", "answer"),
    "snapshot": ("_operations.snapshot", "answer"),
    "intend": ("_operations.host_log", "intend"),
    "verified": ("_operations.host_log", "verified"),
    "append": ("_hostlines", "append"),
}
# What reads the node, and so needs the options of its connection.
NODE_READERS = ("node", "media", "snapshot")
# A request after one of these is not taken up where it failed.
CHANGES = ("commit", "commit_kept", "keep", "store_snapshot", "snapshot", "intend", "verified", "append", "module")


@dataclass(frozen=True)
class HostProcess:
    """What a process on the host reads and writes with: ``onprem`` makes a client of the node for a request.

    ``now`` is UTC in seconds since the epoch, ``monotonic`` is in seconds, and ``began`` its value at the first
    request. ``module`` runs a module, ``files`` answers a request about the files.
    """

    onprem: Callable[[Request], Any]
    now: Callable[[], float]
    monotonic: Callable[[], float]
    began: float
    module: Optional[Callable[[Request], Answer]] = None
    files: Optional[Callable[[Dict[str, Any]], Answer]] = None

    def file(self, request: Request) -> Answer:
        """Answer a request about the files."""
        return (self.files or _hostfiles.handle)(dict(request))


def answer(requests: Sequence[Request], process: HostProcess) -> List[Answer]:
    """Answer requests (``op`` names each) up to the first change that failed; later ones have no answer.

    What went wrong is ``error`` in words. A read of the node has ``failure`` as data instead, and a module ``result``.
    """
    done: List[Answered] = []
    for request in requests:
        done.append((request, one(request, process, done)))
        if request["op"] in CHANGES and failed(done[-1][1]):
            break
    return [answered for _request, answered in done]


def failed(found: Mapping[str, Any]) -> bool:
    """Tell whether an answer says that its request failed."""
    return "error" in found or "failure" in found or bool((found.get("result") or {}).get("failed"))


def one(request: Request, process: HostProcess, before: Sequence[Answered]) -> Answer:
    """Answer one request; ``before`` are those of the list that were answered before it."""
    try:
        return _answered(request, process, before)
    except (_hostfiles.HostFileError, OSError) as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - a traceback on the host would be printed unmasked
        failure = failure_of(error)
        if request["op"] == "module":
            return {"result": {"changed": False, "failed": True, "msg": failure.title, "failure": failure.as_dict()}}
        if request["op"] in ("node", "media"):
            return {"failure": failure.as_dict()}
        return {"error": "%s: %s" % (failure.title, failure.details)}


def _answered(request: Request, process: HostProcess, before: Sequence[Answered]) -> Answer:
    name = str(request["op"])
    if name == "module" and process.module is not None:
        return {"result": process.module(request)}
    if name not in ANSWERS:
        return process.file(request)
    file, function = ANSWERS[name]
    found: Answer = getattr(_imported(file), function)(request, process, before)
    return found


def _imported(name: str) -> Any:
    return importlib.import_module("." + name, __package__)


def speaks_http(request: Request) -> bool:
    """Tell whether a request needs more than the files of the host."""
    return request["op"] in NODE_READERS or request["op"] == "module"


def main(payload: Mapping[str, Any]) -> None:
    """Answer the requests of ``payload`` and print the answers, with what was sent, as one line of JSON."""
    sent = None
    if any(map(speaks_http, payload["requests"])):
        remote = _imported("_host_modules").Remote()
        sent, process = remote.session.sent, remote.process
    else:
        process = HostProcess(_no_node, time.time, time.monotonic, time.monotonic())
    answers = answer(payload["requests"], process)
    reported = None if sent is None else sent.as_data()
    # Ansible's debug output shows this line. Only the worker knows what the user calls an option that is marked O(...).
    text = json.dumps({"answers": answers, "sent": reported}).replace("O(", "O\\u0028")
    sys.stdout.write("\n%s%s\n" % (MARK, text))


def _no_node(_request: Request) -> Any:
    raise ValueError("no request of this list reads the node")
