# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role: what it does on this machine, in check mode and for real, and twice; systemd is left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.bridge import SECRET, VERIFY

pytestmark = pytest.mark.slow
PLAY = [{"name": "Bridge", "hosts": "localhost", "connection": "local", "roles": ["wabiz.migration.webhook_bridge"]}]
USER = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
PASSWORD = "password-of-the-consumer"


def play(where: Path, *arguments: str, **variables: Any) -> ansible_run.Run:
    book = ansible_run.as_yaml(where / "play.yml", PLAY)
    settings = {
        "webhook_bridge_app_secrets": [SECRET],
        "webhook_bridge_verify_token": VERIFY,
        "webhook_bridge_consumers": {"default": f"http://127.0.0.1:9/?auth={PASSWORD}"},
        "webhook_bridge_home": str(where / "home"),
        "webhook_bridge_config_dir": str(where / "etc"),
        "webhook_bridge_data_dir": str(where / "data"),
        "webhook_bridge_user": USER,
        "webhook_bridge_create_user": False,
        "webhook_bridge_unit": False,
        "webhook_bridge_port": 0,
        "webhook_bridge_private_port": 0,
        **variables,
    }
    inventory = {"all": {"hosts": {"localhost": {}}}}
    return ansible_run.playbook(where / "runs", book, inventory, "-vvv", "--diff", *arguments, variables=settings)


def changed(run: ansible_run.Run) -> int:
    assert run.exit_code == 0, run.transcript
    return run.recap["localhost"]["changed"]


@pytest.mark.skipif(USER != "root", reason="NOT TESTED: the role webhook_bridge (only root can play it)")
def test_it_installs_once_and_the_service_runs(tmp_path: Path) -> None:
    assert changed(play(tmp_path, "--check")) > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["play.yml", "runs"]
    # the requirements are in this environment already, so that the test needs no network
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "venv").symlink_to(sys.prefix)
    first = play(tmp_path)
    assert changed(first) > 0
    assert changed(play(tmp_path)) == 0
    # as -e name=value and a survey give them
    texts = {"webhook_bridge_unit": "false", "webhook_bridge_create_user": "no", "webhook_bridge_port": "0"}
    assert changed(play(tmp_path, **texts)) == 0
    assert (tmp_path / "etc" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    for secret in (SECRET, VERIFY, PASSWORD):
        assert secret not in first.output
    command = str(tmp_path / "home" / "bin" / "wabiz-bridge")
    early = subprocess.run([command, "status"], capture_output=True, text=True, check=False)
    assert early.returncode == 1 and "stored nothing yet" in early.stderr
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([command, "serve"], stdout=out, stderr=out)
    try:
        until = time.monotonic() + 20
        while not re.search(r"webhooks at port \d+", log.read_text()):
            assert time.monotonic() < until and process.poll() is None, log.read_text()
            time.sleep(0.05)
        # the store is made after the ports are bound
        while (found := subprocess.run([command, "status"], capture_output=True, text=True, check=False)).returncode:
            assert time.monotonic() < until and process.poll() is None, found.stderr
        assert json.loads(found.stdout)["pending"] == 0
        assert SECRET not in Path(f"/proc/{process.pid}/cmdline").read_text()
    finally:
        process.terminate()
        process.wait(20)


def test_bad_settings_are_named_at_once_and_without_values(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "venv").symlink_to(sys.prefix)
    run = play(tmp_path, webhook_bridge_settings={"max_bodyy": 1, "workers": 0}, webhook_bridge_verify_token="")
    assert run.exit_code != 0
    for words in ("unknown option max_bodyy", "workers: expected an integer of 1 or more", "verify_token is missing"):
        assert words in run.output
    assert SECRET not in run.output


def test_missing_inputs_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    run = play(tmp_path, webhook_bridge_consumers=None, webhook_bridge_port="no port")
    assert run.exit_code != 0
    assert "webhook_bridge_port" in run.output and SECRET not in run.output
    assert not (tmp_path / "home").exists()
