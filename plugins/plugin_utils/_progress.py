# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows the events of a run while it lasts: it keeps the status, the metrics and the lines of the display."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from ..module_utils._core.events import display, status
from ..module_utils._core.events import event as rules
from ..module_utils._core.events.state import RunState
from . import _event_log, _shared
from ._terminal import Terminal

STATUS = "status.json"
METRICS = "metrics.prom"
# Seconds between two looks at the events, and between two versions of the files.
_LOOK = 0.5
_FILES = 2.0
# Seconds between two lines on a pipe: the first ones, and later a share of the time so far, so that a long run does not
# fill the log.
_LEAST, _MOST, _SHARE = 10.0, 300.0, 0.2
# Bytes that are read at once.
_CHUNK = 1 << 20


class Follower:
    """Read the events of this run as they are appended, and keep its status and its metrics in files.

    ``metrics_file`` is where the metrics go instead of the folder of the run; others may read it there.
    """

    def __init__(self, metrics_file: str = "", clock: Callable[[], float] = time.time) -> None:
        self.state = RunState()
        self.path = ""
        self._clock = clock
        self._metrics_file = metrics_file
        self._reader = rules.Reader()
        self._offset = 0
        self._written = 0.0

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)

    def read(self) -> bool:
        """Take the events that are new; return whether there were any."""
        if not self.path:
            self.path = _shared.raised(_event_log.FLAG) or ""
            if not self.path:
                return False
        changed = False
        with open(self.path, "rb") as lines:
            lines.seek(self._offset)
            while True:
                data = lines.read(_CHUNK)
                if not data:
                    return changed
                self._offset += len(data)
                for event in self._reader.feed(data):
                    self.state.take(event)
                    changed = True

    def write(self, force: bool = False) -> None:
        """Write status and metrics, at most every two seconds unless ``force``.

        Where they cannot be written, the run has one warning, the same as for its events.
        """
        now = self._clock()
        if not self.path or (not force and now - self._written < _FILES):
            return
        self._written = now
        try:
            self._write(now)
        except OSError as error:
            _event_log.warn_once(os.path.dirname(error.filename or "") or self.folder, error)

    def _write(self, now: float) -> None:
        document = status.document(self.state, now, self._reader.unreadable)
        _replace(os.path.join(self.folder, STATUS), json.dumps(document, indent=1) + "\n", 0o600)
        text = status.metrics(self.state, now)
        if self._metrics_file:
            # node_exporter is another user
            _replace(self._metrics_file, text, 0o644)
        else:
            _replace(os.path.join(self.folder, METRICS), text, 0o600)

    def end(self) -> None:
        """Record the end of the run, where no worker has."""
        self.read()
        if not self.path or self.state.ended is not None:
            return
        subject = rules.Subject(self.state.run, phase=rules.REPORT, check_mode=self.state.check_mode)
        event = rules.build(subject, rules.RUN_ENDED, self._clock())
        self.state.take(event)
        try:
            _event_log.append_line(self.path, rules.line(event))
        except OSError as error:
            _event_log.warn_once(self.folder, error)


def _replace(path: str, text: str, mode: int) -> None:
    """Write a file that readers see whole, in its old version or in this one."""
    temporary = "%s.%d.tmp" % (path, os.getpid())
    opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as stream:
            os.fchmod(opened, mode)
            stream.write(text)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


class Progress:
    """Show a run while it lasts, from a thread of its own.

    ``show`` prints a line. With a ``terminal`` a live view is kept below what is printed. ``failed`` is handed what
    goes wrong, once, and the display then ends.
    """

    def __init__(
        self,
        follower: Follower,
        show: Callable[[str], None],
        failed: Callable[[Exception], None],
        terminal: Terminal | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.follower = follower
        self._show = show
        self._failed = failed
        self._terminal = terminal
        self._clock = clock
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._shown: Any = None  # what the last line on a pipe was about
        self._line = ""
        self._shown_at = 0.0

    def start(self) -> None:
        """Begin to look at the events."""
        self._thread = threading.Thread(target=self._run, name="wabiz.migration.progress", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._end.wait(_LOOK):
                self.tick()
        except Exception as error:  # noqa: BLE001 - the display is never worth a run
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._end.set()
        if self._terminal:
            self._terminal.close()
        self._failed(error)

    def tick(self) -> None:
        """Take what is new, and show it."""
        changed = self.follower.read()
        if not self.follower.path:
            return
        if changed or self.follower.state.counts().under_way:
            self.follower.write()
        now = self._clock()
        if self._terminal:
            self._terminal.paint(display.live(self.follower.state, now, self._terminal.width))
        else:
            self._append(now)

    def _append(self, now: float) -> None:
        """Print the state on a pipe, where something that matters has changed or enough time has passed."""
        state = self.follower.state
        line = display.pipe(state, now)
        subject = display.subject(state)
        since = now - self._shown_at
        began = state.began if state.began is not None else now
        interval = max(_LEAST, min(_MOST, (now - began) * _SHARE))
        # the time of day at its beginning always changes
        if subject != self._shown or (since >= interval and line[10:] != self._line[10:]):
            self._shown, self._line, self._shown_at = subject, line, now
            self._show(line)

    def stop(self) -> list[str]:
        """End the display, and return its last lines: none where the run had no events, or after a fault or an end."""
        if os.getpid() != self._process:
            return []
        faulty = self._end.is_set()
        self._end.set()
        if self._thread:
            self._thread.join(5)
        if self._terminal:
            self._terminal.close()
        if faulty:
            return []
        try:
            self.follower.end()
            if not self.follower.path:
                return []
            self.follower.write(force=True)
            last = display.summary(self.follower.state, self._clock())
        except Exception as error:  # noqa: BLE001 - the display is never worth a run
            self._failed(error)
            return []
        return [*last, "Events, status and metrics of this run: %s" % self.follower.folder]
