# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a run's events, which every worker of the run appends to. Nothing here fails a task."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible import constants
from ansible.utils.display import Display

from ..module_utils._core.events import event as rules
from . import _shared

NAME = "events.jsonl"
# Under this name the workers let the display of the run know the file.
FLAG = "events file"
_HOME = "ANSIBLE_HOME"
# Without blocking, so that a pipe in its place keeps no worker.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def run_id() -> str:
    """Return what names this run: the attempt logs have the same."""
    return os.path.basename(constants.DEFAULT_LOCAL_TMP)


def folder_of(stated: str) -> str:
    """Return the option C(report_dir) as an absolute path; $ANSIBLE_HOME needs no variable of the environment."""
    home = str(getattr(constants, _HOME, "") or "~/.ansible")
    for mark in ("${%s}" % _HOME, "$" + _HOME):
        stated = stated.replace(mark, home)
    return os.path.abspath(os.path.expanduser(os.path.expandvars(stated)))


class EventLog:
    """The file of the events below one ``report_dir``, as one worker has it.

    Each event is one write, which the kernel appends whole, so workers need no lock. ``may_warn`` tells whether
    somebody would see a warning. Where the file cannot be written, the run has one warning and goes on.
    """

    def __init__(self, stated: str, may_warn: Callable[[], bool] = lambda: True) -> None:
        self._stated = stated
        self._may_warn = may_warn
        self._file = -1
        self._began = False

    def append(self, subject: rules.Subject, event: str, at: float | None = None, **fields: Any) -> None:
        """Append one event; ``at`` is in seconds since the epoch, and now where it is missing."""
        try:
            line = rules.line(rules.build(subject, event, time.time() if at is None else at, **fields))
            if self._file < 0:
                self._file = self._opened(subject, fields.get("data") if event == rules.RUN_STARTED else None)
                if event == rules.RUN_STARTED and self._began:
                    return  # the first line says it
            written = os.write(self._file, line)
            if written < len(line):
                raise OSError("no space is left for a whole line")
        except Exception as error:  # noqa: BLE001 - an event is never worth a task
            self._warn(error)

    def _opened(self, subject: rules.Subject, data: Mapping[str, Any] | None) -> int:
        """Open the file; who makes it writes the first event of the run into it."""
        folder = os.path.join(folder_of(self._stated), run_id())
        path = os.path.join(folder, NAME)
        with contextlib.suppress(FileNotFoundError):
            return _own(os.open(path, _APPEND))
        os.makedirs(folder, mode=0o700, exist_ok=True)
        try:
            made = os.open(path, _APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _own(os.open(path, _APPEND))
        _shared.raise_flag(FLAG, path)
        run = rules.Subject(subject.run, check_mode=subject.check_mode)
        os.write(made, rules.line(rules.build(run, rules.RUN_STARTED, time.time(), data=data)))
        self._began = True
        return made

    def _warn(self, error: Exception) -> None:
        with contextlib.suppress(Exception):
            if self._may_warn():
                warn_once(folder_of(self._stated), error)

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _own(opened: int) -> int:
    """Return a descriptor of a file that is a plain one; raises OSError for a pipe or a device in its place."""
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError("it is no plain file")
    return opened


def append_line(path: str, line: bytes) -> None:
    """Append a line to the file of events of this run, which a worker has made; raises OSError."""
    opened = _own(os.open(path, _APPEND))
    try:
        os.write(opened, line)
    finally:
        os.close(opened)


def warn_once(folder: str, error: Exception) -> None:
    """Warn that a file below ``folder`` could not be written, unless anybody of this run has."""
    try:
        _shared.made("warned of events")
    except FileExistsError:
        return
    except OSError:
        pass  # rather twice than never
    reason = error.strerror or str(error) if isinstance(error, OSError) else type(error).__name__
    Display().warning(
        "The events of this run are incomplete, so its progress and its report are too. The run goes on. Cannot write "
        "below %s: %s" % (folder, reason)
    )
