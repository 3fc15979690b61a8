# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: the whole of it, what makes it fail, and what an interrupt leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.demo import fleet, run, screen

ROOT = Path(__file__).resolve().parents[3]


def processes(word: str) -> list[str]:
    """Return the command lines of running processes that name ``word``."""
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "command="], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if word in line]


def wait_for(what: Any, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def test_the_fleet_moves_and_fits_on_one_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert run.main(tmp_path / "demo") == 0, capsys.readouterr().out
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(len(line.replace(str(tmp_path), "build")) for line in lines) <= screen.WIDTH
    assert f"$ ansible-playbook playbooks/migrate.yml -i {tmp_path}/demo/inventory.yml -l canary" in lines
    for number in fleet.NUMBERS:
        (row,) = [line for line in lines if line.startswith(number.host)]
        wording = row.split()
        if number.story == fleet.KEPT_OUT:
            assert "Cloud API" not in row and wording[-6] == "0"
            continue
        assert "Cloud API" in row and wording[-1] == "0"
        assert wording[-2] == ("HIGH" if number.shards > 1 else "STANDARD")
        assert wording[-3] == ("yes" if number.oba else "-")
        assert wording[-4] == "0.0"
        assert wording[-6] == "1"
    pages = [line.removeprefix("Report, for a browser: ") for line in lines if line.startswith("Report")]
    assert len(pages) == len(run.RUNS) and all("<html" in Path(page).read_text()[:200] for page in pages)
    assert "requests that change anything in run 3 fleet again: 0" in lines[-2 - len(pages)]
    shown = (tmp_path / "demo/2-fleet.log").read_text()
    canaries = sum(number.canary for number in fleet.NUMBERS)
    moved = len(fleet.NUMBERS) - canaries - 1
    assert f"{moved} of {len(fleet.NUMBERS)} moved" in shown and f"{canaries} unchanged" in shown
    stories = {number.host: number.story for number in fleet.NUMBERS if number.story}
    assert len(stories) == 3 and all(f"Note: {host} {story}" in lines for host, story in stories.items())
    assert "callback_queue_size is 450" in shown, "it says why a number waits"
    assert "TASK [" not in shown
    assert len(list(tmp_path.glob("demo/ansible/wabiz/*/status.json"))) == len(run.RUNS)
    assert not (tmp_path / "demo/simulator/ready.json").exists()
    assert not processes(str(tmp_path))
    assert not list(home.iterdir())


def test_an_interrupt_leaves_nothing_running(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tests/demo/run.py"), str(tmp_path / "demo")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    ledger = tmp_path / "demo/simulator/ledger.jsonl"
    try:
        assert wait_for(lambda: ledger.exists() and ledger.stat().st_size > 0, 30)
        process.send_signal(signal.SIGINT)
        out, _unused = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "nothing is left running" in out
    assert wait_for(lambda: not processes(str(tmp_path)), 3), processes(str(tmp_path))


WELL = {"platform_type": "CLOUD_API", "status": "CONNECTED", "oba": True}
FATE = screen.Fate("one", {"oba": True}, WELL, {"undelivered_seconds": 0.0}, [{}])
QUIET = {"changed": 0, "failed": 0, "unreachable": 0}
RUN = screen.Run("3 fleet again", 0, {"one": QUIET}, [{"kind": "read"}])


def test_a_fleet_that_is_well_has_no_faults() -> None:
    assert screen.faults([FATE], [RUN]) == []


@pytest.mark.parametrize(
    ("fate", "last", "wording"),
    [
        (FATE._replace(after={**WELL, "platform_type": "ON_PREMISE"}), RUN, "platform_type ON_PREMISE"),
        (FATE._replace(after={**WELL, "status": "PENDING"}), RUN, "status PENDING"),
        (FATE._replace(after={**WELL, "oba": False}), RUN, "lost its Official Business Account"),
        (FATE._replace(meter={"undelivered_seconds": 0.001}), RUN, "0.001 s undelivered"),
        (FATE._replace(registers=[{}, {}]), RUN, "2 register requests"),
        (FATE, replace(RUN, status=2), "ended with 2"),
        (FATE, replace(RUN, recap={}), "without a recap"),
        (FATE, replace(RUN, recap={"one": {**QUIET, "changed": 1}}), "'changed': 1"),
        (FATE, replace(RUN, recap={"one": {**QUIET, "unreachable": 1}}), "'unreachable': 1"),
        (FATE, replace(RUN, ledger=[{"kind": "change"}]), "sent 1 requests that change"),
    ],
)
def test_what_is_not_well_fails_the_demo(fate: screen.Fate, last: screen.Run, wording: str) -> None:
    (fault,) = screen.faults([fate], [last])
    assert wording in fault
