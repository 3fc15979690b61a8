# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role: check mode, refused inputs and secrets; the molecule scenario webhook_bridge plays it twice."""

from __future__ import annotations

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


def without_secrets(run: ansible_run.Run) -> bool:
    return not [secret for secret in (SECRET, VERIFY, PASSWORD) if secret in run.output]


@pytest.mark.skipif(USER != "root", reason="NOT TESTED: the role webhook_bridge (only root can play it)")
def test_check_mode_changes_nothing_and_neither_run_nor_service_shows_a_secret(tmp_path: Path) -> None:
    predicted = play(tmp_path, "--check")
    assert predicted.exit_code == 0 and predicted.recap["localhost"]["changed"] > 0, predicted.transcript
    assert sorted(path.name for path in tmp_path.iterdir()) == ["play.yml", "runs"]
    # the requirements are in this environment already, so that the test needs no network
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "venv").symlink_to(sys.prefix)
    run = play(tmp_path)
    assert run.exit_code == 0 and run.recap["localhost"]["changed"] > 0, run.transcript
    assert without_secrets(predicted) and without_secrets(run)
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([str(tmp_path / "home" / "bin" / "wabiz-bridge"), "serve"], stdout=out, stderr=out)
    try:
        until = time.monotonic() + 20
        while not re.search(r"webhooks at port \d+", log.read_text()):
            assert time.monotonic() < until and process.poll() is None, log.read_text()
            time.sleep(0.05)
        shown = Path(f"/proc/{process.pid}/cmdline").read_text() + log.read_text()
        assert not [secret for secret in (SECRET, VERIFY, PASSWORD) if secret in shown]
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("mode", [(), ("--check",)], ids=["run", "check mode"])
def test_bad_settings_are_named_at_once_without_values_before_anything_is_done(
    tmp_path: Path, mode: tuple[str, ...]
) -> None:
    wrong = {"webhook_bridge_settings": {"max_bodyy": 1, "workers": 0}, "webhook_bridge_verify_token": ""}
    run = play(tmp_path, *mode, **wrong, webhook_bridge_consumers={"default": PASSWORD})
    assert run.exit_code != 0
    for words in (
        "unknown option max_bodyy",
        "workers: expected an integer of 1 or more",
        "verify_token is missing",
        "consumers: default: expected an http or https URL",
    ):
        assert words in run.output
    assert without_secrets(run)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["play.yml", "runs"]


def test_missing_inputs_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    run = play(tmp_path, webhook_bridge_consumers=None, webhook_bridge_port="no port")
    assert run.exit_code != 0
    assert "webhook_bridge_port" in run.output and SECRET not in run.output
    assert not (tmp_path / "home").exists()
