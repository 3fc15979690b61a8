# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: Debian's packages that tests need beside the pins: sshd, a browser with its driver, systemd-analyze.

What cannot be had is left out; the tests say so when they skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# each command that tests call -> the packages that bring it
PACKAGES = {
    "sshd": ("openssh-server", "openssh-client"),
    "chromium": ("chromium", "fonts-dejavu-core"),
    "chromedriver": ("chromium-driver",),
    "systemd-analyze": ("systemd",),
}


def install(log: Path, seconds: int = 300) -> None:
    """Install what is missing, where this user may; what went wrong is in the log."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    packages = [name for command, names in PACKAGES.items() if not shutil.which(command, path=path) for name in names]
    if not packages or os.geteuid() or not shutil.which("apt-get"):
        return
    # in run level 1 a package does not start its daemon
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    with log.open("w") as out:
        for words in (command, ["apt-get", "update"], command):
            try:
                done = subprocess.run(
                    words, env=variables, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=seconds, check=False
                )
            except subprocess.TimeoutExpired:
                return
            if words is command and done.returncode == 0:
                return
