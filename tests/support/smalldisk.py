# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small disk for tests of what happens when it is full or read-only: a tmpfs of a stated size."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A mounted disk."""

    path: Path

    def fill(self) -> Path:
        """Fill the disk with one file and return its path."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
            while True:
                stream.write(b"x" * 512)
        return filler

    def remount(self, options: str) -> None:
        """Mount the disk anew with other options of mount, such as ro or size=1m."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.path)], check=True)


@contextmanager
def mounted(path: Path, size: str) -> Iterator[SmallDisk]:
    """Mount a disk of ``size``, as mount takes it (64k), at ``path`` for a block; skips where that is forbidden."""
    path.mkdir(mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(path)]
    if os.geteuid() or subprocess.run(command, stderr=subprocess.PIPE, check=False).returncode:
        pytest.skip("NOT TESTED: a full disk (only root can mount a small one, and not in every container)")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", str(path)], check=True)
