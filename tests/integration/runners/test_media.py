# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wa_media over several runs: killed between uploads, lost answers, expired IDs, and the map that wa_lint takes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support import ansible_run
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

ONE, TWO, THREE = (f"{at}{at}{at}{at}{at}{at}{at}{at}-f0ae-4b9c-ab3d-696fb4c8cd68" for at in (1, 2, 3))
NUMBER = "300000000000001"
UPLOAD = {"api": "graph", "method": "POST", "path": "/media$"}
CONTENT = {
    "app": {"id": fleet.APP_ID, "name": "App", "token": fleet.TOKEN},
    "wabas": [{"id": "400000000000001", "name": "WABA"}],
    "numbers": [
        {
            "phone_number_id": NUMBER,
            "waba_id": "400000000000001",
            "display_phone_number": "+1 555 3000001",
            "verified_name": "Media",
            "pin": "071234",
            "node": {
                "address": fleet.address(1),
                "password": fleet.PASSWORD,
                "media": {
                    ONE: {"type": "image/png", "content": "one"},
                    TWO: {"type": "image/png", "content": "two"},
                    THREE: {"type": "text/plain", "content": "three"},
                },
            },
        }
    ],
}


class Uploads:
    """A number whose node has three files, and the task that uploads them."""

    def __init__(self, where: Path, sim: Simulator) -> None:
        self.where, self.sim = where, sim
        self.dest = where / "media.json"
        where.chmod(0o700)

    def start(self, *media_ids: str, module_name: str = "wa_media", **args: Any) -> subprocess.Popen[str]:
        """Start the task in a process of its own."""
        stated: dict[str, Any] = {
            "phone_number_id": NUMBER,
            "dest": str(self.dest),
            "media_ids": list(media_ids) or None,
            "onprem_url": self.sim.nodes[NUMBER],
            "onprem_password": fleet.PASSWORD,
            "onprem_ca_path": self.sim.ca_path,
            "access_token": fleet.TOKEN,
            "graph_url": self.sim.graph_url,
            "graph_ca_path": self.sim.ca_path,
            **args,
        }
        job = {"module_name": module_name, "args": stated if module_name == "wa_media" else args, "check": False}
        process = subprocess.Popen(
            [sys.executable, "-m", "ansible_collections.wabiz.migration.tests.support.module_runner", str(self.where)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**ansible_run.clean_environment(self.where), "PYTHONPATH": str(ansible_run.COLLECTIONS)},
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps({"host": [job]}))
        process.stdin.close()
        process.stdin = None
        return process

    def run(self, *media_ids: str, **args: Any) -> dict[str, Any]:
        out, error = self.start(*media_ids, **args).communicate(timeout=120)
        assert out, error
        result: dict[str, Any] = json.loads(out)["host"][0]
        return result

    @property
    def map(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.dest.read_text())
        return found

    @property
    def uploaded(self) -> Counter[str]:
        """Return how often the Cloud API has got each content."""
        return Counter(line["media_sha256"] for line in self.sim.ledger() if line["effect"] == "media_uploaded")


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Uploads]:
    with Simulator.start(tmp_path / "simulator", CONTENT) as sim:
        yield Uploads(tmp_path, sim)
        assert "Traceback" not in sim.log, sim.log


def test_a_run_that_was_killed_between_uploads_repeats_none_that_was_noted(uploads: Uploads) -> None:
    uploads.sim.fault("delay", {**UPLOAD, "nth": 2}, seconds=30, when="before")
    process = uploads.start(ONE, TWO, THREE)
    deadline = time.monotonic() + 60
    # the second upload is on its way as soon as its intent is in the map
    while not (uploads.dest.exists() and uploads.map["media"] and uploads.map["pending"]):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = uploads.map
    assert list(before["media"]) == [ONE] and len(before["pending"]) == 1
    result = uploads.run(ONE, TWO, THREE)
    assert result["changed"] and result["uploaded"] == [TWO, THREE], result
    assert any("did not see the answer to 1 upload" in text for text in result["warnings"])
    after = uploads.map
    assert after["pending"] == {} and after["media"][ONE] == before["media"][ONE]
    assert uploads.uploaded[before["media"][ONE]["sha256"]] == 1
    assert uploads.uploaded[after["media"][THREE]["sha256"]] == 1
    # what the map has is neither uploaded nor read from the node again
    requests = len(uploads.sim.ledger())
    assert not uploads.run(ONE, TWO, THREE)["changed"]
    assert len(uploads.sim.ledger()) == requests
    assert stat.S_IMODE(uploads.dest.stat().st_mode) == 0o600
    assert fleet.TOKEN not in uploads.dest.read_text()


def test_answers_that_stay_lost_are_told_and_the_next_run_uploads(uploads: Uploads) -> None:
    uploads.sim.fault("reset_after", {**UPLOAD, "nth": 1, "times": 3})
    result = uploads.run(ONE)
    assert result["failed"] and result["failure"]["safe_to_rerun"], result
    assert ONE in result["msg"] and "An upload is no message" in result["msg"]
    assert uploads.map["media"] == {} and len(uploads.map["pending"]) == 1
    assert sum(uploads.uploaded.values()) == 3
    again = uploads.run(ONE)
    assert again["uploaded"] == [ONE] and uploads.map["pending"] == {}
    assert not uploads.run(ONE)["changed"]


def test_another_content_under_the_new_id_is_an_error_and_not_mapped(uploads: Uploads) -> None:
    first = uploads.run(ONE)["media"][ONE]["id"]
    second = str(int(first) + 1)
    other = {"id": second, "mime_type": "image/png", "sha256": "0" * 64, "file_size": "3"}
    read = {"api": "graph", "method": "GET", "path": f"/{second}$"}
    uploads.sim.fault("status", read, status=200, body=other)
    result = uploads.run(TWO)
    assert result["failure"]["code"] == "media_differs" and TWO in result["msg"], result
    assert list(uploads.map["media"]) == [ONE]
    uploads.sim.clear_faults()
    assert uploads.run(TWO)["uploaded"] == [TWO]


def test_an_expired_id_is_uploaded_again_and_not_used_by_the_linter(uploads: Uploads) -> None:
    messages = uploads.where / "messages"
    messages.mkdir()
    message = {"messaging_product": "whatsapp", "to": "16505551234", "type": "image", "image": {"id": ONE}}
    (messages / "one.json").write_text(json.dumps(message))
    assert uploads.run(paths=[str(messages)])["uploaded"] == [ONE]
    lint: dict[str, Any] = {"paths": [str(messages)], "fix": True, "media_map": str(uploads.dest), "fail_on": "never"}
    linted = uploads.run(module_name="wa_lint", **lint)
    assert [one["mended"] for one in linted["findings"] if one["rule"] == "L06"] == [True], linted
    copy = json.loads((messages / "one.mended.json").read_text())
    assert copy["image"]["id"] == uploads.map["media"][ONE]["id"]
    # a month later
    ended = uploads.map
    first = ended["media"][ONE]["id"]
    ended["media"][ONE]["expires_at"] = "2020-01-01T00:00:00Z"
    uploads.dest.write_text(json.dumps(ended))
    (messages / "one.mended.json").unlink()
    linted = uploads.run(module_name="wa_lint", **lint)
    assert [one["mended"] for one in linted["findings"] if one["rule"] == "L06"] == [False], linted
    result = uploads.run(paths=[str(messages)])
    assert result["uploaded"] == [ONE] and uploads.map["media"][ONE]["id"] != first


def test_a_file_sent_as_something_else_is_refused_before_any_upload(uploads: Uploads) -> None:
    messages = uploads.where / "messages"
    messages.mkdir()
    video = {"to": "16505551234", "type": "video", "video": {"id": ONE}}
    (messages / "one.json").write_text(json.dumps(video))
    result = uploads.run(paths=[str(messages)])
    assert result["failure"]["code"] == "bad_media" and "messages send it as video" in result["msg"], result
    assert not uploads.uploaded and not uploads.dest.exists()


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("{", "it is not JSON"),
        ('{"format": "wabiz.media/1", "phone_number_id": "1", "media": {}, "pending": {}}', "phone number ID 1"),
        (json.dumps({"format": "wabiz.media/1", "phone_number_id": NUMBER, "media": {ONE: {}}, "pending": {}}), ONE),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_before_any_request(uploads: Uploads, text: str, piece: str) -> None:
    uploads.dest.write_text(text)
    uploads.dest.chmod(0o600)
    result = uploads.run(ONE)
    assert result["failure"]["code"] == "bad_media_map" and piece in result["msg"], result
    assert uploads.sim.ledger() == [] and uploads.dest.read_text() == text


def test_two_runs_do_not_upload_for_one_map(uploads: Uploads) -> None:
    with open(f"{uploads.dest}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = uploads.run(ONE)
    assert result["failure"]["code"] == "bad_media_map" and "another run" in result["msg"]
    assert uploads.sim.ledger() == []
    assert uploads.run(ONE)["uploaded"] == [ONE]
