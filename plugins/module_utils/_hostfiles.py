# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private files on the inventory host: backup, record and snapshot of a number. Standard library only.

The worker calls :func:`handle` itself for a local connection, and sends this file with its sibling ``_encryption`` to a
Python on the host for any other, so it imports nothing else of the collection and speaks plain JSON.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import os
import stat
import time
from typing import Any, Callable, Dict, Iterator, List, Optional

from ._encryption import encrypt

_MAX_BYTES = 32 * 1024 * 1024
# Longer than any write takes.
LOCK_SECONDS = 10.0
# Beside the files that it protects, and never replaced as they are. A lock on the directory would hold on this machine
# only where the directory lies on a file system that several machines share.
_LOCK = ".lock"
# Files of a number beside its attempt log, its backup and its snapshot.
KEPT = ("photo", "profile", "exit_log", "notice_log", "export")
# Those that are no JSON document; the content of a binary one travels as base64.
_NAMES = {"notice_log": "notice_log.jsonl", "export": "export.tar.gz"}
_BINARY = ("export",)


class HostFileError(Exception):
    """A file or directory is not one that secrets may be read from or written to; the text says which and why."""


def _owned(info: os.stat_result, path: str) -> None:
    if info.st_uid not in (os.geteuid(), 0):
        raise HostFileError("%s belongs to user %d, not to this user" % (path, info.st_uid))


def _exists(path: str) -> bool:
    """Tell whether there is something at ``path``; unlike os.path.lexists it raises where that cannot be seen."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def check_directory(path: str) -> None:
    """Refuse a directory that is a symlink, somebody else's, or writable by others; raises HostFileError."""
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        raise HostFileError("%s is a symbolic link" % path)
    if not stat.S_ISDIR(info.st_mode):
        raise HostFileError("%s is not a directory" % path)
    _owned(info, path)
    if info.st_mode & 0o022:
        raise HostFileError("%s is writable by others (mode %04o, wanted 0700)" % (path, stat.S_IMODE(info.st_mode)))


def require_space(path: str) -> None:
    """Refuse a place where ``path`` could not be made or written.

    Read-only, no permission, full; raises HostFileError.
    """
    there = os.path.abspath(path)
    while not _exists(there):
        there = os.path.dirname(there)
    effective = os.access in os.supports_effective_ids
    if not os.access(there, os.W_OK | os.X_OK, effective_ids=effective):
        raise HostFileError("%s cannot be written by this user" % there)
    disk = os.statvfs(there)
    # Some file systems, such as those of a hypervisor, tell no sizes at all.
    if disk.f_blocks and not disk.f_bavail:
        raise HostFileError("%s has no space left" % there)


def make_directory(path: str) -> bool:
    """Make ``path`` and what is missing above it with mode 0700 and make that durable; returns whether it was made."""
    if os.path.lexists(path):
        check_directory(path)
        return False
    parent = os.path.dirname(path) or "/"
    if not os.path.lexists(parent):
        make_directory(parent)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        check_directory(path)
        return False
    sync_directory(parent)
    return True


def sync_directory(path: str) -> None:
    """Make the entries of a directory durable."""
    handle_ = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle_)
    finally:
        os.close(handle_)


def read_private(path: str) -> Optional[str]:
    """Return the text of a regular file of this user, None where there is none; raises HostFileError or OSError."""
    data = _read(path)
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        raise HostFileError("%s is not text" % path) from None


def _read(path: str) -> Optional[bytes]:
    try:
        handle_ = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise HostFileError("%s is a symbolic link" % path) from None
        raise
    try:
        info = os.fstat(handle_)
        if not stat.S_ISREG(info.st_mode):
            raise HostFileError("%s is not a regular file" % path)
        _owned(info, path)
        if info.st_mode & 0o022:
            raise HostFileError("%s is writable by others (mode %04o)" % (path, stat.S_IMODE(info.st_mode)))
        with os.fdopen(handle_, "rb", closefd=False) as stream:
            data = stream.read(_MAX_BYTES + 1)
    finally:
        os.close(handle_)
    if len(data) > _MAX_BYTES:
        raise HostFileError("%s is larger than %d bytes" % (path, _MAX_BYTES))
    return data


def write_private(path: str, text: str) -> None:
    """Replace ``path`` atomically: written and fsynced beside it with mode 0600, renamed, the directory fsynced."""
    _write(path, text.encode("utf-8"))


def _write(path: str, data: bytes) -> None:
    if os.path.islink(path):
        raise HostFileError("%s is a symbolic link" % path)
    beside = "%s.%d.new" % (path, os.getpid())
    with contextlib.suppress(FileNotFoundError):
        # Left by a process that was killed while it wrote; process numbers come round again, in containers at once.
        os.unlink(beside)
    handle_ = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle_, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.rename(beside, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    sync_directory(os.path.dirname(path))


def look(request: Dict[str, Any]) -> Dict[str, Any]:
    """Read the attempt log and, encrypted, the backup. Write nothing, and report every fault."""
    faults: List[str] = []
    answer: Dict[str, Any] = {"faults": faults, "attempt_log": None, "backup": None, "now": time.time()}
    try:
        if _exists(request["state_dir"]):
            check_directory(request["state_dir"])
        if _exists(request["number_dir"]):
            check_directory(request["number_dir"])
            answer["attempt_log"] = read_private(os.path.join(request["number_dir"], "attempt_log.json"))
        require_space(request["number_dir"])
    except (HostFileError, OSError) as error:
        faults.append(str(error))
    if request.get("backup_file"):
        try:
            text = read_private(request["backup_file"])
            answer["backup"] = None if text is None else encrypt(request["key"], text)
        except (HostFileError, OSError) as error:
            faults.append(str(error))
    return answer


def _lock(handle_: int, path: str, seconds: float) -> None:
    """Lock a file; raises HostFileError when another process keeps it for that many seconds.

    A process that was stopped while it wrote, or whose disk hangs, would keep every later run waiting without a word.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle_, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= end:
                raise HostFileError("%s has been locked by another process for %g s" % (path, seconds)) from None
        time.sleep(0.05)


def commit(request: Dict[str, Any], lock_seconds: float = LOCK_SECONDS) -> Dict[str, Any]:
    """Replace the record if it still reads as ``expected``; wait for its lock at most ``lock_seconds``."""
    return _replace(request, "attempt_log", lock_seconds)


def look_snapshot(request: Dict[str, Any]) -> Dict[str, Any]:
    """Read the snapshot and the record; nothing is written."""
    answer: Dict[str, Any] = {"snapshot": None, "attempt_log": None, "photo": False, "now": time.time()}
    if _exists(request["state_dir"]):
        check_directory(request["state_dir"])
    if _exists(request["number_dir"]):
        check_directory(request["number_dir"])
        for name in ("snapshot", "attempt_log"):
            answer[name] = read_private(os.path.join(request["number_dir"], name + ".json"))
        answer["photo"] = _exists(os.path.join(request["number_dir"], "photo.json"))
    require_space(request["number_dir"])
    return answer


def look_kept(request: Dict[str, Any]) -> Dict[str, Any]:
    """Read files of a number that are kept for later, each encrypted; nothing is written."""
    answer: Dict[str, Any] = {"kept": {}, "now": time.time()}
    if _exists(request["state_dir"]):
        check_directory(request["state_dir"])
    if _exists(request["number_dir"]):
        check_directory(request["number_dir"])
    for name in _kept(request["names"]):
        text = _read_named(kept_path(request, name), name)
        answer["kept"][name] = None if text is None else encrypt(request["key"], text)
    return answer


def keep(request: Dict[str, Any], lock_seconds: float = LOCK_SECONDS) -> Dict[str, Any]:
    """Write a file of a number that is kept for later, unless it reads like that already; ``changed`` tells which."""
    (name,) = _kept([request["name"]])
    path = kept_path(request, name)
    current = _read_named(path, name) if _exists(request["number_dir"]) else None
    if current == request["text"] or request["check_mode"]:
        return {"changed": current != request["text"]}
    if not _replace({**request, name: request["text"], "expected": current}, name, lock_seconds)["committed"]:
        raise HostFileError("another run has written %s in the meantime" % path)
    return {"changed": True}


def commit_kept(request: Dict[str, Any], lock_seconds: float = LOCK_SECONDS) -> Dict[str, Any]:
    """Replace a file that is kept for later, if it still reads as ``expected``."""
    (name,) = _kept([request["name"]])
    done = _replace({**request, name: request["text"]}, name, lock_seconds)
    return {"committed": done["committed"], "now": done["now"]}


def kept_path(request: Dict[str, Any], name: str) -> str:
    """Return where a file of a number lies."""
    return os.path.join(request["number_dir"], _NAMES.get(name, name + ".json"))


def _read_named(path: str, name: str) -> Optional[str]:
    if name not in _BINARY:
        return read_private(path)
    data = _read(path)
    return None if data is None else base64.b64encode(data).decode("ascii")


def _kept(names: List[str]) -> List[str]:
    unknown = [name for name in names if name not in KEPT]
    if unknown:
        raise HostFileError("no file of a number is called %s" % ", ".join(unknown))
    return names


def store_snapshot(request: Dict[str, Any], lock_seconds: float = LOCK_SECONDS) -> Dict[str, Any]:
    """Replace the snapshot if it still reads as ``expected``; wait for its lock at most ``lock_seconds``."""
    return _replace(request, "snapshot", lock_seconds)


def _replace(request: Dict[str, Any], name: str, lock_seconds: float) -> Dict[str, Any]:
    """Write the file ``name`` of a number, and read it back (compare and set under a lock of that number)."""
    make_directory(request["state_dir"])
    make_directory(request["number_dir"])
    path = kept_path(request, name)
    with locked(request["number_dir"], lock_seconds):
        current = _read_named(path, name)
        if current != request["expected"]:
            return {"committed": False, name: current, "now": time.time()}
        _write(path, base64.b64decode(request[name]) if name in _BINARY else request[name].encode("utf-8"))
        if _read_named(path, name) != request[name]:
            raise HostFileError("%s does not read back as it was written" % path)
        return {"committed": True, name: request[name], "now": time.time()}


@contextlib.contextmanager
def locked(number_dir: str, lock_seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Keep every other writer away from the files of a number, while the block runs."""
    lock = os.open(os.path.join(number_dir, _LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _lock(lock, number_dir, lock_seconds)
        yield
    finally:
        os.close(lock)


def handle(request: Dict[str, Any]) -> Dict[str, Any]:
    """Answer one request (``op`` names the function); faults of the file system come back as ``error`` in words."""
    try:
        return _OPERATIONS[request["op"]](request)
    except (HostFileError, OSError) as error:
        return {"error": str(error)}


_OPERATIONS: Dict[str, Callable[[Dict[str, Any]], Dict[str, Any]]] = {
    "look": look,
    "commit": commit,
    "look_snapshot": look_snapshot,
    "store_snapshot": store_snapshot,
    "look_kept": look_kept,
    "keep": keep,
    "commit_kept": commit_kept,
}
