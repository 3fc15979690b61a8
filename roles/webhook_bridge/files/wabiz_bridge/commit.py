# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group commit: one thread of a process writes for all its requests, so that one fsync serves all that wait."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .store import Store, now

LOG = logging.getLogger("wabiz_bridge")
BATCH = 512
PURGE_SECONDS = 1.0

Work = Callable[[Store], Any]


class StoreFullError(Exception):
    """Nothing is stored at present; Meta shall come again."""


class Committer:
    """Takes work on the store from the event loop and answers once it is durable."""

    def __init__(self, path: Path, *, max_bytes: int, max_waiting: int, max_pending: int, min_free: int, keep: float):
        """Start the thread.

        max_waiting: requests that may wait for a commit; max_pending: events that may wait for the consumer;
        min_free: bytes of the disk that new events leave free, so that deliveries can still be recorded; keep: seconds
        for which the key of an event is known.
        """
        self._path, self._max_bytes, self._keep = path, max_bytes, keep
        self._max_waiting, self._max_pending, self._min_free = max_waiting, max_pending, min_free
        self._queue: deque[tuple[Work, asyncio.Future[Any], asyncio.AbstractEventLoop]] = deque()
        self._wake = threading.Condition()
        self._ending = False
        self._pending = 0
        self.failing = ""
        self._store = Store(path, max_bytes=max_bytes)
        self._pending = self._store.counters()["pending"]
        self._thread = threading.Thread(target=self._run, name="commit", daemon=True)
        self._thread.start()

    def accepts(self) -> str:
        """Return why no new event is taken at present, empty if it is."""
        if len(self._queue) >= self._max_waiting:
            return "too many requests wait for the store"
        if self._pending >= self._max_pending:
            return "too many events wait for the consumer"
        if self._min_free:
            disk = os.statvfs(self._path.parent)
            if disk.f_bavail * disk.f_frsize < self._min_free:
                return "the disk is nearly full"
        return ""

    async def submit(self, work: Work) -> Any:
        """Run work in the next transaction and return its result when that is durable.

        Raises StoreFullError when the store cannot be written.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        with self._wake:
            if self._ending:
                raise StoreFullError("the service stops")
            self._queue.append((work, future, loop))
            self._wake.notify()
        return await future

    def close(self) -> None:
        """Write what waits, and end the thread."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        purged = 0.0
        while True:
            with self._wake:
                if not self._queue and not self._ending:
                    self._wake.wait(PURGE_SECONDS)
                if not self._queue and self._ending:
                    return
                batch = [self._queue.popleft() for _at in range(min(len(self._queue), BATCH))]
            if batch:
                self._commit(batch)
            if now() - purged > PURGE_SECONDS:
                purged = now()
                self._purge()

    def _purge(self) -> None:
        try:
            self._store.write(lambda: self._store.purge(now() - self._keep))
            self._pending = self._store.counters()["pending"]
            self.failing = ""
        except sqlite3.Error as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if not self.failing:
            LOG.error("the store cannot be written: %s", error)
        self.failing = str(error)

    def _commit(self, batch: list[tuple[Work, asyncio.Future[Any], asyncio.AbstractEventLoop]]) -> None:
        try:
            results = self._store.write(lambda: [work(self._store) for work, _future, _loop in batch])
            self.failing = ""
        except sqlite3.Error as error:
            # a smaller one may still find room: what frees some is in a batch of its own then
            if len(batch) > 1:
                for one in batch:
                    self._commit([one])
                return
            self._fail(error)
            results = [StoreFullError(str(error))]
        for loop in {loop for _work, _future, loop in batch}:
            answers = [(f, r) for (_work, f, at), r in zip(batch, results, strict=True) if at is loop]
            # a loop that has ended has nobody left who waits
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, answers)


def _answer(answers: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in answers:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
