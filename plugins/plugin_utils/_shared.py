# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that serve many hosts of a run, kept in the run's own temporary folder, which Ansible removes at the end."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from typing import Any

from ansible import constants


def once(name: str, read: Callable[[], Any]) -> Any:
    """Return what ``read`` gave the first worker of this run that asked for ``name``; others wait for it, or try themselves."""
    folder = os.path.join(constants.DEFAULT_LOCAL_TMP, "wabiz")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, hashlib.sha256(name.encode()).hexdigest()[:32])
    with open(path + ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
