# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell whether this Python has what requirements.txt pins; runs as a file of its own, standard library only."""

import re
import sys
from importlib import metadata
from pathlib import Path


def missing(text: str) -> "list[str]":
    """Return the requirements of a file that are not installed in the version that it pins."""
    result = []
    for name, version in re.findall(r"(?m)^([A-Za-z0-9_.-]+)==(\S+)", text):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = None
        if found != version:
            result.append(f"{name}=={version} (here: {found or 'none'})")
    return result


if __name__ == "__main__":
    lacking = missing((Path(__file__).resolve().parents[1] / "requirements.txt").read_text(encoding="utf-8"))
    if sys.version_info < (3, 11):  # noqa: UP036 - it is asked of any Python before anything is installed
        lacking.insert(0, f"Python 3.11 or newer (here: {sys.version.split()[0]})")
    sys.stdout.write("".join(line + "\n" for line in lacking))
    sys.exit(1 if lacking else 0)
