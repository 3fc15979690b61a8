# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role: what its playbook does on this machine, in check mode and for real, and twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support.simulator import PACKAGE_DIR
from wabiz_simulator import detach

ROOT = PACKAGE_DIR.parents[2]
PLAYBOOK = Path(sys.prefix) / "bin" / "ansible-playbook"

pytestmark = [
    pytest.mark.skipif(not PLAYBOOK.exists(), reason="there is no ansible-playbook beside this Python"),
    pytest.mark.slow,
]


def play(tmp_path: Path, *arguments: str, **variables: object) -> tuple[int, int, str]:
    """Run playbooks/simulator.yml; return exit code, number of changed tasks and the output."""
    settings = {"simulator_run_dir": str(tmp_path / "run"), "simulator_venv": sys.prefix, **variables}
    ended = subprocess.run(
        [str(PLAYBOOK), "wabiz.migration.simulator", "-e", json.dumps(settings), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORCE_COLOR": "0"},
        timeout=120,
        check=False,
    )
    changed = re.search(r"changed=(\d+)", ended.stdout)
    return ended.returncode, int(changed[1]) if changed else -1, ended.stdout + ended.stderr


def test_it_starts_once_and_stops_once(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    try:
        assert play(tmp_path, "--check")[:2] == (0, 1)
        assert not run_dir.exists()
        assert play(tmp_path, simulator_generate=2)[:2] == (0, 1)
        assert detach.running(run_dir) == json.loads((run_dir / "ready.json").read_text())["pid"]
        assert play(tmp_path)[:2] == (0, 0)
        assert play(tmp_path, "--check", simulator_state="stopped")[:2] == (0, 1)
        assert detach.running(run_dir) is not None
        assert play(tmp_path, simulator_state="stopped")[:2] == (0, 1)
        assert detach.running(run_dir) is None
        assert play(tmp_path, simulator_state="stopped")[:2] == (0, 0)
    finally:
        detach.stop(run_dir)


def test_a_bad_fleet_file_fails_with_all_its_faults(tmp_path: Path) -> None:
    bad = tmp_path / "fleet.yml"
    bad.write_text("app: {id: x, name: n, token: t}\nwabas: []\nnumbers: [{location: moon}]\n")
    code, _unused, output = play(tmp_path, simulator_fleet=str(bad))
    assert code != 0
    assert "id must be a string of digits" in output
    assert "location must be one of" in output


def test_a_wrong_state_is_refused(tmp_path: Path) -> None:
    code, _unused, output = play(tmp_path, simulator_state="paused")
    assert code != 0
    assert "value of simulator_state must be one of" in output
