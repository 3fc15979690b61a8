# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: galaxy-importer on a tarball. It only logs what flake8 and ansible-lint find: here a warning is a failure."""

from __future__ import annotations

import re
import subprocess
import sys

import tree

CONFIG = tree.ROOT / "build/galaxy-importer.cfg"
# ansible-test runs in gates of its own; here it would need a container engine
SETTINGS = """\
[galaxy-importer]
RUN_ANSIBLE_TEST = False
RUN_FLAKE8 = True
CHECK_REQUIRED_TAGS = True
"""


# The importer's flake8 takes no configuration. These two are where pycodestyle itself says that PEP 8 leaves the choice
# (W503), and where it knows no slices (E203); the formatter decides.
FORMATTING = re.compile(r": (?:W503|E203) ")


def complaints(output: str) -> list[str]:
    """Return the lines of the importer's log that tell of something wrong."""
    reported = [line for line in output.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    return [line for line in reported if not FORMATTING.search(line)]


def main(tarball: str) -> int:
    CONFIG.write_text(SETTINGS)
    # its result file lands in the current directory
    command = [
        "/usr/bin/env",
        f"GALAXY_IMPORTER_CONFIG={CONFIG}",
        sys.executable,
        "-m",
        "galaxy_importer.main",
        tarball,
    ]
    done = subprocess.run(
        command, cwd=CONFIG.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    print(done.stdout)
    found = complaints(done.stdout)
    print(f"exit status {done.returncode}, {len(found)} complaints", *found, sep="\n  ")
    return 1 if done.returncode or found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
