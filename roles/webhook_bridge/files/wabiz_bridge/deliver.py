# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery to the consumer: at least once, in order for each contact, by one process that holds a lock.

An event is forgotten in the store before the next one of its contact is sent. So what comes twice after a kill comes
directly after itself, and never after a later event.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import random
import sqlite3
from collections import deque
from collections.abc import Callable
from functools import partial

from . import metrics
from .commit import Committer, StoreFullError
from .config import Settings
from .consumer import DOWN, REFUSED, TAKEN, Consumer, Outcome
from .split import OTHER
from .store import Row, Store, now
from .translate import to_onprem

LOG = logging.getLogger("wabiz_bridge")
POLL_SECONDS = 0.02
ELECTION_SECONDS = 0.25
PROBE_SECONDS = 0.05
FAULT_SECONDS = 2.0
LOADED = 2000

Contact = tuple[str, str]


class Deliverer:
    """Hands events on while this process holds the lock; a process that ends leaves it to another one."""

    def __init__(self, settings: Settings, committer: Committer) -> None:
        self._settings, self._committer = settings, committer
        self._stopping = asyncio.Event()
        self._queues: dict[Contact, deque[int]] = {}
        self._due: dict[int, float] = {}
        self._ready: deque[Contact] = deque()
        self._last = 0
        self._parked: dict[str, deque[Contact]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._work = asyncio.Event()

    def stop(self) -> None:
        """Start no further delivery."""
        self._stopping.set()
        self._work.set()

    async def run(self) -> None:
        """Wait for the lock, then deliver until stopped; deliveries that have begun are finished."""
        lock = os.open(f"{self._settings.database}.deliver", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not self._stopping.is_set():
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await self._pause(ELECTION_SECONDS)
            if not self._stopping.is_set():
                await self._deliver()
        finally:
            os.close(lock)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _deliver(self) -> None:
        store = Store(self._settings.database)
        consumer = Consumer(self._settings)
        loader = asyncio.create_task(self._load(store))
        try:
            while not self._stopping.is_set():
                while self._ready and len(self._tasks) < self._settings.parallel:
                    contact = self._ready.popleft()
                    task = asyncio.create_task(self._head(store, consumer, contact))
                    self._tasks.add(task)
                    task.add_done_callback(partial(self._ended, contact))
                self._work.clear()
                await self._work.wait()
        finally:
            await loader
            if self._tasks:
                await asyncio.wait(self._tasks)
            await consumer.close()
            store.close()

    def _ended(self, contact: Contact, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._work.set()
        error = None if task.cancelled() else task.exception()
        if error:
            # whatever it was, the events of this contact must not wait for ever
            LOG.error("a delivery failed: %s: %s", type(error).__name__, error)
            self._later(contact, FAULT_SECONDS)

    async def _load(self, store: Store) -> None:
        """Take note of new events; only their numbers are held, their bodies are read when they are sent."""
        while not self._stopping.is_set():
            try:
                rows = store.after(self._last, LOADED)
            except sqlite3.Error as error:
                LOG.error("the store cannot be read: %s", error)
                await self._pause(FAULT_SECONDS)
                continue
            for event_id, number, name, due in rows:
                contact = (number, name)
                self._last = event_id
                if due:
                    self._due[event_id] = due
                if contact in self._queues:
                    self._queues[contact].append(event_id)
                else:
                    self._queues[contact] = deque([event_id])
                    self._ready.append(contact)
            if rows:
                self._work.set()
            await (asyncio.sleep(0) if len(rows) == LOADED else self._pause(POLL_SECONDS))

    def _later(self, contact: Contact, seconds: float) -> None:
        asyncio.get_running_loop().call_later(max(seconds, 0.0), self._again, contact)

    def _again(self, contact: Contact) -> None:
        self._ready.append(contact)
        self._work.set()

    def _park(self, consumer: Consumer, contact: Contact) -> None:
        """Keep a contact whose consumer is left alone; one timer serves all contacts of a number."""
        number = contact[0]
        if number not in self._parked:
            self._parked[number] = deque()
            asyncio.get_running_loop().call_later(consumer.paused(number), self._unpark, consumer, number)
        self._parked[number].append(contact)

    def _unpark(self, consumer: Consumer, number: str) -> None:
        """Release one contact as a probe while the consumer is down, and all when it answers."""
        parked = self._parked[number]
        wait = consumer.paused(number)
        if not wait and consumer.failing(number):
            self._again(parked.popleft())
            wait = PROBE_SECONDS
        if wait and parked:
            asyncio.get_running_loop().call_later(wait, self._unpark, consumer, number)
            return
        del self._parked[number]
        self._ready.extend(parked)
        self._work.set()

    async def _head(self, store: Store, consumer: Consumer, contact: Contact) -> None:
        """Send the first event of a contact, and queue the contact again unless it has no more."""
        queue = self._queues[contact]
        due = self._due.get(queue[0], 0.0)
        if due > now():
            self._later(contact, due - now())
            return
        if consumer.paused(contact[0]):
            self._park(consumer, contact)
            return
        row = store.get(queue[0])
        if row is not None and not await self._send(consumer, row):
            if consumer.paused(contact[0]):
                self._park(consumer, contact)
            else:
                self._later(contact, self._due.get(row.id, 0.0) - now())
            return
        self._due.pop(queue.popleft(), None)
        if queue:
            self._again(contact)
        else:
            del self._queues[contact]

    async def _send(self, consumer: Consumer, row: Row) -> bool:
        """Send an event; tell whether it is off the queue, taken or dead."""
        try:
            body = self._body(row)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            LOG.warning("event %d cannot be brought into the old shape: %s", row.id, type(error).__name__)
            return await self._bury(row, row.tries, "cannot be brought into the old shape")
        if body is None:
            metrics.DELIVERIES.labels("left out").inc()
            return await self._record(lambda store: store.done(row.id))
        outcome = await consumer.send(row.number, body)
        metrics.DELIVERIES.labels(outcome.name).inc()
        if outcome.name == TAKEN:
            return await self._record(lambda store: store.done(row.id))
        return await self._failed(row, outcome)

    def _body(self, row: Row) -> bytes | None:
        value = json.loads(row.body)
        found = None if row.kind == OTHER else to_onprem(value, self._settings.shape)
        return None if found is None else json.dumps(found, separators=(",", ":")).encode()

    async def _failed(self, row: Row, outcome: Outcome) -> bool:
        tries = row.tries + (outcome.name == REFUSED)
        policy = self._settings.policy
        why = policy.dead(tries, now() - row.at)
        if why or outcome.final:
            return await self._bury(row, tries, outcome.why if outcome.final else f"{why}; last: {outcome.why}")
        if outcome.name == DOWN:
            return False
        due = now() + policy.wait(tries, random.random(), outcome.wait)
        self._due[row.id] = due
        await self._record(lambda store: store.failed(row.id, tries, due))
        return False

    async def _bury(self, row: Row, tries: int, reason: str) -> bool:
        LOG.warning("event %d is a dead letter: %s", row.id, reason)
        metrics.EVENTS.labels(row.kind, "dead").inc()
        return await self._record(lambda store: store.give_up(row, tries, reason, now()))

    async def _record(self, work: Callable[[Store], None]) -> bool:
        """Write what became of an event, as often as it takes: the next one of the contact must not go before."""
        while True:
            try:
                await self._committer.submit(work)
            except StoreFullError:
                if self._stopping.is_set():
                    return False
                await self._pause(1.0)
            else:
                return True
