# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the Makefile that no gate runs: each starts with nothing but what the Makefile sets."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.gate
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", ["faults", "bench", "profile"])
def test_a_command_starts(command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MAKEFLAGS")}
    made = subprocess.run(
        ["make", command, "ARGS=--help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0 and "usage: " in made.stdout, made.stderr
