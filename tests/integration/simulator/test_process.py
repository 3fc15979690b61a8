# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: start, a thousand nodes, end by signal or with its parent, background start, bad files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, Client, make_fleet
from ansible_collections.wabiz.migration.tests.support.simulator import PACKAGE_DIR, Simulator
from wabiz_simulator import fleet

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PACKAGE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wabiz_simulator", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if not state.stdout.strip() or state.stdout.strip().startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def test_a_thousand_nodes_start_in_seconds(tmp_path: Path) -> None:
    began = time.monotonic()
    with Simulator.start(tmp_path, fleet.generate(1000, wabas=8)) as sim:
        assert time.monotonic() - began < 15
        assert len({url.rpartition(":")[2] for url in sim.nodes.values()}) == 1
        client = Client(sim)
        for at in (0, 199, 200, 555, 999):
            number = str(100000000000000 + at)
            token = client.login(number)
            answer = client.node(number, "GET", "/v1/settings/application", token=token).json()
            assert answer["settings"]["application"]["wa_id"] == f"1555{at:07d}"


def test_nodes_listen_on_their_own_loopback_address_only(tmp_path: Path) -> None:
    with Simulator.start(tmp_path, fleet.generate(1)) as sim:
        port = sim.nodes[ONE].rpartition(":")[2]
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"https://127.0.0.1:{port}/v1/health", timeout=5)


def test_a_signal_ends_it_cleanly_even_with_connections_open(tmp_path: Path) -> None:
    sim = Simulator.start(tmp_path, fleet.generate(2))
    client = Client(sim)
    client.login(ONE)
    sim.fault("hang", {"api": "graph"})
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.graph("GET", ONE, timeout=0.2)
    began = time.monotonic()
    assert sim.stop() == 0
    assert time.monotonic() - began < 5
    assert not (tmp_path / "ready.json").exists()
    assert sim.log == ""


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(["sleep", "60"])
    arguments = ["--generate", "1", "--run-dir", str(tmp_path), "--parent-pid", str(parent.pid)]
    child = subprocess.Popen([sys.executable, "-m", "wabiz_simulator", *arguments], env=ENVIRONMENT)
    deadline = time.monotonic() + 20
    while not (tmp_path / "ready.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert child.wait(10) == 0


def test_nodes_can_be_distinguished_by_port(tmp_path: Path) -> None:
    with Simulator.start(tmp_path, make_fleet(), addressing="port", graph_tls=False) as sim:
        assert {url.rpartition(":")[0] for url in sim.nodes.values()} == {"https://127.0.0.1"}
        assert sim.graph_url.startswith("http://127.0.0.1:")
        client = Client(sim)
        for number, wa_id in ((ONE, "15550000000"), ("100000000000002", "15550000002")):
            answer = client.node(number, "GET", "/v1/settings/application", token=client.login(number)).json()
            assert answer["settings"]["application"]["wa_id"] == wa_id


def test_ready_json_is_for_its_owner(tmp_path: Path) -> None:
    with Simulator.start(tmp_path, fleet.generate(1)):
        assert (tmp_path / "ready.json").stat().st_mode & 0o077 == 0


def test_the_inventory_names_every_number(tmp_path: Path) -> None:
    with Simulator.start(tmp_path, fleet.generate(2), inventory_out=tmp_path / "inventory.yml") as sim:
        group = yaml.safe_load((tmp_path / "inventory.yml").read_text())["wa_onprem"]
        host = group["hosts"][f"number-{ONE}"]
        assert host["wa_migrate_onprem_url"] == sim.nodes[ONE]
        assert host["wa_migrate_pin"] == "100000"
        assert group["vars"]["wa_migrate_graph_url"] == sim.graph_url


def test_start_status_and_stop_in_the_background(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    started = command("start", "--generate", 2, "--run-dir", run_dir)
    assert started.returncode == 0, started.stderr
    pid = json.loads(started.stdout)["pid"]
    assert json.loads(command("status", "--run-dir", run_dir).stdout) == {"pid": pid}
    again = command("start", "--generate", 2, "--run-dir", run_dir)
    assert (again.returncode, "runs in" in again.stderr) == (2, True)
    assert json.loads(command("stop", "--run-dir", run_dir).stdout) == {"stopped": True}
    assert gone(pid)
    assert json.loads(command("stop", "--run-dir", run_dir).stdout) == {"stopped": False}


def test_a_start_that_fails_shows_the_log(tmp_path: Path) -> None:
    with Simulator.start(tmp_path / "first", fleet.generate(1)) as sim:
        port = sim.graph_url.rpartition(":")[2]
        second = command("start", "--generate", 1, "--run-dir", tmp_path / "second", "--graph-port", port)
    assert second.returncode == 1
    assert "cannot listen" in second.stderr


def test_a_stale_ready_file_of_another_process_stops_nobody(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "ready.json").write_text(json.dumps({"pid": bystander.pid}))
        assert json.loads(command("stop", "--run-dir", tmp_path).stdout) == {"stopped": False}
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_bad_files_are_reported_and_nothing_listens(tmp_path: Path) -> None:
    bad = tmp_path / "fleet.yml"
    bad.write_text("app: {id: x, name: n, token: t}\nwabas: []\nnumbers: [{location: moon}]\n")
    ended = command("--fleet", bad, "--run-dir", tmp_path / "run")
    assert ended.returncode == 2
    assert "id must be a string of digits" in ended.stderr
    assert "location must be one of" in ended.stderr
    assert not (tmp_path / "run").exists()


def test_a_generated_fleet_can_be_printed_and_read_back(tmp_path: Path) -> None:
    printed = command("print", "--generate", 3, "--wabas", 2)
    assert yaml.safe_load(printed.stdout) == fleet.generate(3, wabas=2)
