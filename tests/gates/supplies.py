# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: what tests need beside the pins: Debian's packages, and axe-core from npm.

Called by the gate pytest and by `make screenshots`. What cannot be had is left out; the tests say so when they skip.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parents[2]
# The accessibility engine; the digest is that of the archive in the registry.
AXE = "axe-core@4.14.1"
AXE_SHA512 = (
    "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73"
    "4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5"
)
AXE_SCRIPT = ROOT / "build" / "axe" / "axe.min.js"


def fetch_axe() -> None:
    """Put the script of axe-core below build/, unless it is there or npm cannot be reached."""
    if AXE_SCRIPT.exists() or not shutil.which("npm"):
        return
    folder = AXE_SCRIPT.parent
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            ["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        return
    if done.returncode:
        return
    archive = folder / done.stdout.strip().splitlines()[-1]
    if hashlib.sha512(archive.read_bytes()).hexdigest() != AXE_SHA512:
        raise SystemExit(f"{archive} is not the {AXE} that is pinned")
    with tarfile.open(archive) as opened:
        script = opened.extractfile("package/axe.min.js")
        if script is None:
            raise SystemExit(f"{archive} has no axe.min.js")
        AXE_SCRIPT.write_bytes(script.read())


def prepare() -> None:
    """Install Debian's packages that are missing, and fetch axe-core."""
    logs = ROOT / "build" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    debian.install(logs / "debian.log")
    fetch_axe()


if __name__ == "__main__":
    prepare()
    sys.exit(0)
