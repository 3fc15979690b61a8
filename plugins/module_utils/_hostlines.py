# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs of a number on the inventory host that grow by lines: one write and one fsync each. Standard library only."""

from __future__ import annotations

import os
import stat
import time
from typing import Any, Dict, Mapping, Sequence

from . import _hostfiles


def append(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Put lines at the end of a log, if it still has ``expected`` bytes (compare and set: a log only grows).

    ``at`` is where its last whole line ends: what a process that was killed has left behind it is cut off. The lines
    are on disk when the answer is ``committed``, with the ``size`` of the log.
    """
    asked = dict(request)
    _hostfiles.make_directory(asked["state_dir"])
    _hostfiles.make_directory(asked["number_dir"])
    path = _hostfiles.kept_path(asked, asked["name"])
    with _hostfiles.locked(asked["number_dir"]):
        new = not os.path.lexists(path)
        log = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        try:
            info = os.fstat(log)
            if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o077:
                raise _hostfiles.HostFileError("%s is not a private file of this user" % path)
            if info.st_size != asked["expected"]:
                return {"committed": False, "now": time.time()}
            os.ftruncate(log, asked["at"])
            _write(log, asked["text"].encode("utf-8"), asked["at"], path)
        finally:
            os.close(log)
        if new:
            _hostfiles.sync_directory(asked["number_dir"])
    return {"committed": True, "size": asked["at"] + len(asked["text"].encode("utf-8")), "now": time.time()}


def _write(log: int, data: bytes, at: int, path: str) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(log, data[done:], at + done)
    os.fsync(log)
    if os.pread(log, len(data), at) != data:
        raise _hostfiles.HostFileError("%s does not read back as it was written" % path)
