# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: a line for every request, before its answer, complete, and without a secret."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import struct
import time
from types import SimpleNamespace

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, WABA, Client
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet
from wabiz_simulator.exchange import read_request


def test_every_request_has_one_line_in_order(sim: Simulator, client: Client) -> None:
    before = len(sim.ledger())
    client.graph("GET", ONE)
    client.graph("GET", "999")
    client.graph("GET", ONE, token="wrong")
    client.backup(ONE)
    client.graph("POST", f"{WABA}/subscribed_apps")
    lines = sim.ledger()[before:]
    assert [line["kind"] for line in lines] == ["read", "read", "read", "login", "change", "change"]
    assert [line["status"] for line in lines] == [200, 400, 401, 200, 200, 200]
    assert [line["bearer_ok"] for line in lines] == [True, True, False, True, True, True]
    assert [line["effect"] for line in lines] == ["none", "none", "none", "login", "backup", "subscribed"]
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    assert len({line["seq"] for line in sim.ledger()}) == len(sim.ledger())


def test_a_line_tells_who_what_and_by_digest_which_secret(sim: Simulator, client: Client) -> None:
    data = client.backup(ONE)
    client.register(ONE, "100000", data)
    line = sim.ledger()[-1]
    assert line["api"] == "graph"
    assert (line["phone_number_id"], line["waba_id"], line["node"]) == (ONE, WABA, None)
    assert line["body_keys"] == ["backup", "messaging_product", "pin"]
    assert line["backup_sha256"] == hashlib.sha256(data.encode()).hexdigest()
    assert line["pin_sha256"] == hashlib.sha256(b"100000").hexdigest()
    assert line["client"].startswith("127.")
    assert line["began"] <= line["ended"]
    node_line = sim.ledger(effect="backup")[-1]
    assert node_line["node"] == "127.0.1.1"
    assert node_line["phone_number_id"] == ONE


def test_no_secret_is_in_any_file_of_the_run(sim: Simulator, client: Client) -> None:
    data = client.backup(ONE, "tacocat")
    client.graph("GET", "debug_token", params={"input_token": fleet.TOKEN})
    client.register(ONE, "100000", data)
    text = sim.ledger_path.read_text() + sim.events_path.read_text() + sim.log
    for secret in (fleet.TOKEN, fleet.PASSWORD, "tacocat", data, '"100000"'):
        assert secret not in text


def test_the_moments_of_a_request_are_events(sim: Simulator, client: Client) -> None:
    client.graph("GET", ONE)
    seq = sim.ledger()[-1]["seq"]
    assert sim.outcome(seq) == "answered"
    assert [event["event"] for event in sim.events(seq=seq)] == ["arrived", "decided", "answered"]


def send_and_vanish(sim: Simulator, content: bytes, length: int) -> None:
    """Send a POST /register over TLS and reset the connection at once, as a killed process does."""
    host, _unused, port = sim.graph_url.removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=sim.ca_path)
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with context.wrap_socket(raw, server_hostname=host) as secured:
            secured.sendall(
                f"POST /v25.0/{ONE}/register HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {fleet.TOKEN}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()
                + content
            )
            # What was sent has to arrive before the reset overtakes it.
            time.sleep(0.05)


@pytest.mark.parametrize("cut", [False, True])
def test_a_client_that_vanishes_has_its_line_and_a_whole_request_has_acted(sim: Simulator, cut: bool) -> None:
    before = len(sim.ledger())
    sim.patch(ONE, switches={"latency_ms": 200})
    content = json.dumps({"messaging_product": "whatsapp", "pin": "100000"}).encode()
    send_and_vanish(sim, content[:-5] if cut else content, len(content))
    deadline = time.monotonic() + 5
    while len(sim.ledger()) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    (line,) = sim.ledger()[before:]
    assert sim.outcome(line["seq"]) == "lost"
    assert (line["accepted"], line["fault"]) == ((False, "incomplete") if cut else (True, None))
    assert sim.number(ONE)["location"] == ("on_premise" if cut else "cloud")


@pytest.mark.parametrize(("left", "whole"), [(False, True), (True, False)])
def test_a_body_that_came_with_the_disconnect_is_not_lost(left: bool, whole: bool) -> None:
    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    connection = SimpleNamespace(cycle=SimpleNamespace(body=bytearray(b"{}"), more_body=left))
    assert asyncio.run(read_request(receive, connection)) == (b"{}", whole)  # type: ignore[arg-type]
