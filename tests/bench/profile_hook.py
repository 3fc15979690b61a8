# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible with a profile of CPU time in the parent process and in each of its workers.

Called as: profile_hook.py DIRECTORY profile|plain ARGUMENTS OF ansible. Each process leaves one file in the directory,
with what ``resource`` says of it, and with ``profile`` the statistics of each thread. It changes nothing in Ansible.
"""

from __future__ import annotations

import cProfile
import marshal
import os
import resource
import runpy
import sys
import threading
import time
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


class Recorder:
    """Profile the threads of this process. A forked child begins anew, and writes its file when it ends."""

    def __init__(self, folder: str, profiling: bool) -> None:
        self._folder = folder
        self._profiling = profiling
        self._kept: list[Any] = []  # the parent's statistics: to free them would cost each child time
        self._done: list[Any] = []
        self._main: cProfile.Profile | None = None
        self._exit = os._exit

    def begin(self) -> None:
        """Profile this process, and each that is forked from now on."""
        os.register_at_fork(after_in_child=self._in_child)
        # Since 3.12 a process can have one profile only, which is that of its main thread.
        if self._profiling and sys.version_info < (3, 12):
            self._profile_threads()
        self._start()

    def end(self, role: str) -> None:
        """Stop, and write what was found; the last thing that a process does."""
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        found = [self._main, *self._done] if self._main is not None else []
        for profile in found:
            profile.create_stats()
        content = {
            "role": role,
            "task": _task() if role == "worker" else "",
            "cpu": usage[0].ru_utime + usage[0].ru_stime,
            "cpu_of_children": usage[1].ru_utime + usage[1].ru_stime,
            # create_stats makes this attribute, which no stub knows
            "stats": [vars(profile)["stats"] for profile in found],
        }
        path = os.path.join(self._folder, f"{role}-{os.getpid()}")
        with open(path + ".new", "wb") as file:
            marshal.dump(content, file)
        os.rename(path + ".new", path)

    def _start(self) -> None:
        if self._profiling:
            self._main = cProfile.Profile(time.thread_time)
            self._main.enable()

    def _in_child(self) -> None:
        """Take over in a worker. All its ways out, but a signal that kills it, lead through os._exit."""
        if self._main is not None:
            self._main.disable()
            self._kept.append((self._main, self._done))
        self._done = []
        # its type says that it never returns, and so does this one
        vars(os)["_exit"] = self._worker_exit
        self._start()

    def _worker_exit(self, status: int) -> None:
        try:
            self.end("worker")
        finally:
            self._exit(status)

    def _profile_threads(self) -> None:
        # Below what a thread's own class may override; no stub knows it.
        thread_class: Any = threading.Thread
        run = thread_class._bootstrap_inner

        def profiled(thread: threading.Thread) -> None:
            done = self._done
            profile = cProfile.Profile(time.thread_time)
            profile.enable()
            try:
                run(thread)
            finally:
                profile.disable()
                done.append(profile)

        thread_class._bootstrap_inner = profiled


def _task() -> str:
    """Return the name of the task that this worker has run, by Ansible's own note of its worker."""
    worker = getattr(sys.modules.get("ansible.executor.process.worker"), "current_worker", None)
    return str(worker._task.get_name()) if worker is not None else ""


def main() -> None:
    folder, mode = sys.argv[1:3]
    sys.argv[1:] = sys.argv[3:]
    # Python has put the directory of this file first, whose files are no part of the run.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != _HERE]
    recorder = Recorder(folder, mode == "profile")
    recorder.begin()
    try:
        runpy.run_module("ansible", run_name="__main__", alter_sys=True)
    finally:
        recorder.end("parent")


if __name__ == "__main__":
    main()
