# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module wa_notice in processes that are killed with SIGKILL: at a write, at a request, or by the clock.

Started with ``python -m`` and a folder; reads a list of jobs from stdin and writes a list of their ends. A job has
``args`` of the module, and at most one of ``kill`` ([what, which one from 1, moment]) and ``seconds``. The jobs of a
list in the list run at the same time.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.wabiz.migration.plugins.module_utils._api import http_client
from ansible_collections.wabiz.migration.tests.support import module_runner

MOMENTS = {"write": ("before", "torn", "after"), "sync": ("before", "after"), "request": ("before", "after")}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(what: str, which: int, moment: str) -> None:
    """Have this process killed at a write to the log, an fsync of it or a request that sends a message."""
    seen = [0]

    def counted(real: Callable[..., Any], matches: Callable[..., bool]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            seen[0] += matches(*args)
            mine = matches(*args) and seen[0] == which
            if mine and moment == "torn":
                real(args[0], args[1][: len(args[1]) // 2], *args[2:])
            if mine and moment != "after":
                die()
            result = real(*args, **options)
            if mine:
                die()
            return result

        return call

    if what == "write":
        os.pwrite = counted(os.pwrite, lambda *_args: True)
    elif what == "sync":
        os.fsync = counted(os.fsync, lambda *_args: True)
    else:
        client = http_client.HttpClient
        dying = counted(client.send, lambda _client, where, *_more: bool(where.method == "POST"))
        mock.patch.object(client, "send", dying).start()


def begin(job: dict[str, Any], where: Path, name: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    if job.get("kill"):
        arm(*job["kill"])
    (where / name).write_text(json.dumps(module_runner.call("wa_notice", job["args"], False, str(where))))
    os._exit(0)


def end(pid: int, where: Path, name: str) -> dict[str, Any]:
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return {"signal": 0, "result": json.loads((where / name).read_text())}


def together(jobs: Sequence[dict[str, Any]], where: Path, at: int) -> list[dict[str, Any]]:
    names = [f"{at}-{beside}.json" for beside in range(len(jobs))]
    began = time.monotonic()
    pids = [begin(job, where, name) for job, name in zip(jobs, names, strict=True)]
    for job, pid in zip(jobs, pids, strict=True):
        if job.get("seconds"):
            time.sleep(job["seconds"])
            os.kill(pid, signal.SIGKILL)
    ends = [end(pid, where, name) for pid, name in zip(pids, names, strict=True)]
    return [{**one, "took": time.monotonic() - began} for one in ends]


def main() -> None:
    where = Path(sys.argv[1])
    # Once, before the forks.
    importlib.import_module("ansible_collections.wabiz.migration.plugins.modules.wa_notice")
    ends: list[Any] = []
    for at, job in enumerate(json.load(sys.stdin)):
        done = together(job if isinstance(job, list) else [job], where, at)
        ends.append(done if isinstance(job, list) else done[0])
    json.dump(ends, sys.stdout)


if __name__ == "__main__":
    main()
