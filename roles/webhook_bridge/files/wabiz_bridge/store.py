# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The durable store: SQLite in WAL mode. What was committed survives a kill and a loss of power (synchronous=FULL).

Every write of every process goes through ``Store.write``, under a lock of the operating system: waiting writers are
served as soon as the lock is free, which SQLite's own polling does not do, and a killed process leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .split import UNKNOWN, Event

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, number TEXT NOT NULL, contact TEXT NOT NULL,
  body TEXT NOT NULL, at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS dead (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, number TEXT NOT NULL, contact TEXT NOT NULL,
  body TEXT NOT NULL, at REAL NOT NULL, tries INTEGER NOT NULL, died REAL NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO counter VALUES ('pending', 0), ('dead', 0);
CREATE TABLE IF NOT EXISTS heard (number TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
"""
VERSION = 2
PURGED = 2000  # of the keys of old events, in one transaction


@dataclass(frozen=True)
class Row:
    """A stored event."""

    id: int
    kind: str
    number: str
    contact: str
    body: str
    at: float
    tries: int
    due: float


@dataclass(frozen=True)
class Dead(Row):
    """A dead letter; ``due`` is the time of death."""

    reason: str = ""


class Store:
    """One connection for one thread; other threads and processes have their own."""

    def __init__(self, path: Path, *, max_bytes: int = 0) -> None:
        """Open the store, and create it where it is missing.

        max_bytes: SQLite refuses to let the database grow beyond it, as on a full disk; 0 for no limit.
        """
        self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        run = self._connection.execute
        with self._locked():
            os.chmod(path, 0o600)
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = FULL")
            run("PRAGMA wal_autocheckpoint = 2000")
            if run("PRAGMA user_version").fetchone()[0] < VERSION:
                self._connection.executescript(SCHEMA)
            if max_bytes:
                run(f"PRAGMA max_page_count = {max(max_bytes // run('PRAGMA page_size').fetchone()[0], 1)}")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        self._connection.close()
        os.close(self._lock)

    def write(self, work: Callable[[], T]) -> T:
        """Run ``work`` in one transaction; durable when this returns, undone when it raises."""
        with self._locked():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work()
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, a full disk among them
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            return result

    # --- inside of a transaction

    def _count(self, name: str, change: int) -> None:
        if change:
            self._connection.execute("UPDATE counter SET value = value + ? WHERE name = ?", (change, name))

    def add(self, events: Sequence[Event], now: float) -> list[bool]:
        """Store events; return for each whether it is new. An event that is not understood is a dead letter at once."""
        run = self._connection.execute
        fresh = []
        for event in events:
            new = run("INSERT OR IGNORE INTO seen (key, at) VALUES (?, ?)", (event.key, now)).rowcount == 1
            fresh.append(new)
            if not new:
                continue
            values = (event.kind, event.number, event.contact, event.body, now)
            if event.kind == UNKNOWN:
                self._bury((*values, 0, now, "the shape of this event is not known"))
                continue
            run("INSERT INTO event (kind, number, contact, body, at) VALUES (?, ?, ?, ?, ?)", values)
            self._count("pending", 1)
        for number in {event.number for event, new in zip(events, fresh, strict=True) if new and event.real}:
            run("INSERT OR REPLACE INTO heard (number, at) VALUES (?, ?)", (number, now))
        return fresh

    def _bury(self, values: Sequence[Any]) -> None:
        self._connection.execute(
            "INSERT INTO dead (kind, number, contact, body, at, tries, died, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        self._count("dead", 1)

    def done(self, event_id: int) -> None:
        """Forget an event that the consumer has taken."""
        self._count("pending", -self._connection.execute("DELETE FROM event WHERE id = ?", (event_id,)).rowcount)

    def failed(self, event_id: int, tries: int, due: float) -> None:
        """Keep how often an event was refused, and when it is tried again."""
        self._connection.execute("UPDATE event SET tries = ?, due = ? WHERE id = ?", (tries, due, event_id))

    def give_up(self, row: Row, tries: int, reason: str, now: float) -> None:
        """Make an event a dead letter."""
        self.done(row.id)
        self._bury((row.kind, row.number, row.contact, row.body, row.at, tries, now, reason))

    def replay(self, dead_id: int, now: float) -> bool:
        """Put a dead letter at the end of its contact's queue; tell whether there is one of this number."""
        run = self._connection.execute
        moved = run(
            "INSERT INTO event (kind, number, contact, body, at)"
            " SELECT kind, number, contact, body, ? FROM dead WHERE id = ?",
            (now, dead_id),
        ).rowcount
        self._count("pending", moved)
        return self.drop(dead_id) and moved == 1

    def drop(self, dead_id: int) -> bool:
        """Delete a dead letter; tell whether there was one of this number."""
        gone = self._connection.execute("DELETE FROM dead WHERE id = ?", (dead_id,)).rowcount
        self._count("dead", -gone)
        return gone == 1

    def purge(self, before: float) -> int:
        """Forget the oldest keys of events from before this time; return how many."""
        run = self._connection.execute
        oldest = run("SELECT id FROM (SELECT id, at FROM seen ORDER BY id LIMIT ?) WHERE at < ?", (PURGED, before))
        ids = [(row[0],) for row in oldest]
        self._connection.executemany("DELETE FROM seen WHERE id = ?", ids)
        return len(ids)

    # --- reads

    def counters(self) -> dict[str, int]:
        return dict(self._connection.execute("SELECT name, value FROM counter").fetchall())

    def heard(self, number: str) -> float | None:
        """Return when the last real event of a number came in."""
        row = self._connection.execute("SELECT at FROM heard WHERE number = ?", (number,)).fetchone()
        return row[0] if row else None

    def oldest(self) -> float | None:
        """Return when the oldest event that waits came in."""
        row = self._connection.execute("SELECT at FROM event ORDER BY id LIMIT 1").fetchone()
        return row[0] if row else None

    def after(self, event_id: int, limit: int) -> list[tuple[int, str, str, float]]:
        """Return id, number, contact and due time of the events behind this one, in order."""
        rows = self._connection.execute(
            "SELECT id, number, contact, due FROM event WHERE id > ? ORDER BY id LIMIT ?", (event_id, limit)
        )
        return rows.fetchall()

    def get(self, event_id: int) -> Row | None:
        row = self._connection.execute(
            "SELECT id, kind, number, contact, body, at, tries, due FROM event WHERE id = ?", (event_id,)
        ).fetchone()
        return Row(*row) if row else None

    def dead(self, *, dead_id: int | None = None, limit: int = -1) -> list[Dead]:
        """Return dead letters, the oldest first."""
        rows = self._connection.execute(
            "SELECT id, kind, number, contact, body, at, tries, died, reason FROM dead"
            " WHERE ? IS NULL OR id = ? ORDER BY id LIMIT ?",
            (dead_id, dead_id, limit),
        )
        return [Dead(*row) for row in rows]


def now() -> float:
    """Return the time that the store counts in: seconds since 1970, which a restart does not reset."""
    return time.time()
