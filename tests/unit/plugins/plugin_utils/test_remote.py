# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the program that a host gets on stdin, in a Python that has nothing installed, as a host's may have."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption, _host_runner
from ansible_collections.wabiz.migration.plugins.plugin_utils import _remote

ID = "100000000000001"
FILES = ("look", "commit", "look_snapshot", "store_snapshot", "intend", "verified")
BARE = f"{shlex.quote(sys.executable)} -I -S"


def ran(requests: Sequence[dict[str, Any]], python: str = BARE) -> subprocess.CompletedProcess[bytes]:
    """Run the program as the shell of a host does."""
    stdin = _remote.program(_remote.kind_of(requests)) + json.dumps({"requests": requests}).encode() + b"\n"
    command = _remote.command(python)
    return subprocess.run(["sh", "-c", command], input=stdin, capture_output=True, check=False, timeout=60)


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert done.stderr == b"", done.stderr.decode()
    (line,) = [one for one in done.stdout.decode().splitlines() if one.startswith(_host_runner.MARK)]
    return list(json.loads(line.removeprefix(_host_runner.MARK))["answers"])


def request(op: str, tmp_path: Path) -> dict[str, Any]:
    lease = {"run": "r", "controller": "c", "process": 1, "parent": 1, "namespace": "", "started": 1, "number": "1555"}
    return {
        "op": op,
        "state_dir": str(tmp_path / "state"),
        "number_dir": str(tmp_path / "state" / ID),
        "phone_number_id": ID,
        "backup_file": None,
        "key": _encryption.new_key(),
        "expected": None,
        "attempt_log": "{}",
        "snapshot": "{}",
        "only_if": None,
        "answer_seconds": 75.0,
        "confirm_seconds": 120.0,
        "lease": lease,
    }


@pytest.mark.parametrize("op", FILES)
def test_requests_about_files_need_nothing_but_the_standard_library(op: str, tmp_path: Path) -> None:
    (answer,) = answers(ran([request(op, tmp_path)]))
    assert "error" not in answer, answer


def test_a_host_without_requests_says_so_and_keeps_its_files(tmp_path: Path) -> None:
    node = {
        "op": "node",
        "number": "1555",
        "gather": ["health"],
        "params": {
            **{f"onprem_{name}": None for name in ("token", "ca_path")},
            "onprem_url": "https://127.0.0.1:1",
            "onprem_username": "admin",
            "onprem_password": "secret",
            "onprem_validate_certs": True,
            "onprem_timeout": 1.0,
            "onprem_retry_for": 0.0,
        },
    }
    look, read = answers(ran([request("look", tmp_path), node]))
    assert look["faults"] == [] and "requests" in json.dumps(read["failure"]) and "secret" not in json.dumps(read)


def test_an_error_of_a_request_is_data_and_no_traceback(tmp_path: Path) -> None:
    (answer,) = answers(ran([{**request("intend", tmp_path), "expected": "no JSON"}]))
    assert "internal error" in answer["error"] and "host_log" in answer["error"]


def test_nothing_of_a_request_is_in_the_command_line_and_nothing_is_written(tmp_path: Path) -> None:
    command = _remote.command("/usr/bin/python3")
    assert len(command) < 200 and str(tmp_path) not in command
    done = ran([request("look", tmp_path)])
    assert answers(done) and list(tmp_path.iterdir()) == []


def test_a_python_is_looked_for_where_none_is_named() -> None:
    done = subprocess.run(
        ["sh", "-c", "A=b " + _remote.command(None)],
        input=_remote.program(True) + b'{"requests": []}\n',
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert answers(done) == []
