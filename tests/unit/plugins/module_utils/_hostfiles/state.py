# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of _hostfiles share: a state directory, the requests about it, and other processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _hostfiles

KEY = _encryption.new_key()
ID = "106540352242922"
NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: files of another owner (only root can make them)")

PROGRAM = "import json, os, resource, sys, time\nfrom %s import _hostfiles\n" % _hostfiles.__name__.rpartition(".")[0]


def python(body, *arguments, **options):
    """Start another Python that runs ``body`` with ``_hostfiles`` at hand."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + body, *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        **options,
    )


def answer(process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads(out)


def tree(path):
    """Return every name below ``path`` with its kind, mode, owner, time and content."""
    found = {}
    for folder, folders, files in os.walk(str(path)):
        for name in [*folders, *files]:
            full = os.path.join(folder, name)
            info = os.lstat(full)
            content = None
            if stat.S_ISREG(info.st_mode):
                content = Path(full).read_bytes()
            found[full] = (info.st_mode, info.st_uid, info.st_mtime_ns, content)
    return found


def location(state):
    return {"state_dir": str(state), "number_dir": str(state / ID)}


def commit(state, expected, text):
    return _hostfiles.handle({"op": "commit", **location(state), "expected": expected, "attempt_log": text})


def look(state, backup_file=None):
    return _hostfiles.handle({"op": "look", **location(state), "backup_file": backup_file, "key": KEY})


def mode(path):
    return stat.S_IMODE(os.lstat(str(path)).st_mode)


def snapshot(state, op, **wording):
    return _hostfiles.handle({"op": op + "_snapshot", **location(state), **wording})
