# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that serve many hosts of a run, kept in the run's own temporary folder, which Ansible removes at the end."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from ansible import constants


def _path(name: str) -> str:
    return os.path.join(_folder(constants.DEFAULT_LOCAL_TMP), hashlib.sha256(name.encode()).hexdigest()[:32])


@cache
def _folder(temporary: str) -> str:
    folder = os.path.join(temporary, "wabiz")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Let one worker of this run at a time into the block that ``name`` names.

    A worker that dies lets the next one in.
    """
    with open(_path(name) + ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(name: str, read: Callable[[], Any]) -> Any:
    """Return what ``read`` gave the first worker of this run that asked for ``name``.

    Others wait for it, or try themselves.
    """
    path = _path(name)
    with exclusive(name):
        try:
            with open(path, encoding="utf-8") as stream:
                return json.load(stream)
        except FileNotFoundError:
            pass
        found = read()
        with open(path + ".new", "w", encoding="utf-8") as stream:
            json.dump(found, stream)
        os.replace(path + ".new", path)
        return found


def _given(value: Any) -> Any:
    return value


def entry(name: str, key: str, read: Callable[[], Mapping[str, Any]]) -> Any:
    """Return the entry ``key`` of what ``read`` gave the first worker that asked for ``name``, None where it has none.

    The entries lie apart, so that thousands of workers do not load all of them for one.
    """

    def apart() -> bool:
        for one, value in read().items():
            once("%s\0%s" % (name, one), partial(_given, value))
        return True

    once(name, apart)
    return once("%s\0%s" % (name, key), lambda: None)


@contextlib.contextmanager
def slot(name: str, count: int) -> Iterator[bool]:
    """Hold one of ``count`` places that ``name`` has in this run; yields whether there was one.

    A worker that dies gives its place back.
    """
    for at in range(count):
        with open(_path("%s %d" % (name, at)) + ".lock", "w", encoding="utf-8") as location:
            try:
                fcntl.flock(location, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield True
            return
    yield False


def collect(name: str, member: str) -> int:
    """Put ``member`` among those that ``name`` names, and return how many there are."""
    folder = _path("collection " + name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with open(os.path.join(folder, hashlib.sha256(member.encode()).hexdigest()[:32]), "w", encoding="utf-8"):
        pass
    return len(os.listdir(folder))


def member(name: str) -> str:
    """Return what a member of a collection is called there."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def move_on(name: str, who: str, state: str, states: Iterable[str]) -> None:
    """Put ``who`` into one of the ``states`` of those that ``name`` names, out of the one that it was in."""
    folder = _path("states " + name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, member(who))
    for before in states:
        with contextlib.suppress(FileNotFoundError):
            os.rename("%s.%s" % (path, before), "%s.%s" % (path, state))
            return
    os.close(os.open("%s.%s" % (path, state), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))


def members(name: str) -> tuple[dict[str, str], float]:
    """Return the state of each member that ``name`` names, and when the last of them changed (UTC, in seconds)."""
    folder = _path("states " + name)
    try:
        entries = os.listdir(folder)
        changed = os.stat(folder).st_mtime
    except OSError:
        return {}, 0.0
    return dict(entry.rsplit(".", 1) for entry in entries), changed


def note(name: str, lines: Iterable[str]) -> None:
    """Add lines to the note ``name``, for later tasks of this run; one task at a time writes a note."""
    with open(_path("note " + name), "a", encoding="utf-8") as stream:
        stream.writelines(line + "\n" for line in lines)


def noted(name: str) -> list[str]:
    """Return the lines of a note, none where no task of this run has written it."""
    try:
        with open(_path("note " + name), encoding="utf-8") as stream:
            return stream.read().splitlines()
    except OSError:
        return []


def made(name: str) -> None:
    """Make the mark ``name`` of this run; raises FileExistsError where a task of this run has made it."""
    os.close(os.open(_path("mark " + name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def raise_flag(name: str, text: str) -> None:
    """Let every later task of this run see ``text`` under ``name``."""
    path = _path("flag " + name)
    with exclusive("flag " + name):
        with open(path + ".new", "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(path + ".new", path)


def raised(name: str) -> str | None:
    """Return the text of a flag, None where no task of this run has raised it."""
    try:
        with open(_path("flag " + name), encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
