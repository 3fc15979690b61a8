# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests over SSH have in common: Pythons of managed hosts, and the inventory of a number on a host."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.release import __version__ as core
from ansible_collections.wabiz.migration.tests.support.ansible_run import ROOT
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

BACKUP_PASSWORD = "taco cat backwards"
# What a host's own environment holds, and nobody may use: the controller's counts.
FOREIGN = {
    "WABIZ_ACCESS_TOKEN": "token-of-the-host",
    "WABIZ_ONPREM_PASSWORD": "password-of-the-host",
    "WABIZ_ONPREM_URL": "https://127.0.0.1:1",
    "WABIZ_BACKUP_PASSWORD": "backup-password-of-the-host",
    "WABIZ_PIN": "000000",
    "WABIZ_GRAPH_URL": "https://127.0.0.1:1",
}


def python_without_requests(where: Path) -> Path:
    """Return the Python of a new virtual environment that holds nothing."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(where)], check=True, stdin=subprocess.DEVNULL)
    return where / "bin" / "python"


def python38() -> Path:
    """Return the oldest Python that a managed host may have, with the oldest requests; skips where there is none."""
    python = ROOT / "build" / "venvs" / "py38" / "bin" / "python"
    if not python.exists():
        pytest.skip("NOT TESTED on Python 3.8 over SSH: build/venvs/py38 is not there (python3.8 is needed)")
    if tuple(map(int, core.split(".")[:2])) > (2, 19):
        pytest.skip(f"NOT TESTED on Python 3.8 over SSH: ansible-core {core} does not support it on managed hosts")
    return python


def number(sim: Simulator, at: int) -> dict[str, Any]:
    """Return the variables of number at, without those of its connection and without a secret."""
    return {
        "wa_migrate_phone_number_id": str(100000000000000 + at),
        "wa_migrate_waba_id": "200000000000000",
        "wa_migrate_onprem_url": sim.nodes[str(100000000000000 + at)],
    }


def shared(sim: Simulator) -> dict[str, Any]:
    """Return the variables of all hosts, without a secret."""
    return {
        "wa_migrate_onprem_ca_path": sim.ca_path,
        "wa_migrate_graph_url": sim.graph_url,
        "wa_migrate_graph_ca_path": sim.ca_path,
    }


def controller() -> dict[str, str]:
    """Return the environment of the controller: the secrets that the inventory does not state."""
    return {
        "WABIZ_ACCESS_TOKEN": fleet.TOKEN,
        "WABIZ_ONPREM_PASSWORD": fleet.PASSWORD,
        "WABIZ_BACKUP_PASSWORD": BACKUP_PASSWORD,
    }


def pin(at: int) -> str:
    return f"{100000 + at:06d}"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def forget(where: Path) -> None:
    """Lose the controller's file system: what an earlier run has left there."""
    shutil.rmtree(where)
