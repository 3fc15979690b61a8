# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults as a client sees them, and what they leave behind: acted or not acted is exact."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, TWO, WABA, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import faults, fleet
from wabiz_simulator.checks import FileError

REGISTER = {"api": "graph", "method": "POST", "path": "/register$"}
BROKEN = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)


def location(sim: Simulator) -> str:
    return str(sim.number(ONE)["location"])


def test_reset_before_has_not_acted(sim: Simulator, client: Client) -> None:
    sim.fault("reset_before", REGISTER)
    with pytest.raises(requests.exceptions.ConnectionError, match="aborted"):
        client.register(ONE, "100000")
    assert location(sim) == "on_premise"
    line = sim.ledger()[-1]
    assert (line["fault"], line["status"], line["effect"], line["accepted"]) == ("reset_before", None, "none", False)


def test_reset_after_has_acted(sim: Simulator, client: Client) -> None:
    sim.fault("reset_after", REGISTER)
    with pytest.raises(requests.exceptions.ConnectionError, match="aborted"):
        client.register(ONE, "100000")
    assert location(sim) == "cloud"
    line = sim.ledger()[-1]
    assert (line["fault"], line["status"], line["effect"], line["accepted"]) == (
        "reset_after",
        200,
        "registered",
        True,
    )
    assert sim.outcome(line["seq"]) == "lost"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_reset_is_a_reset_on_the_wire(tmp_path: Path, kind: str) -> None:
    # Without TLS, because Python's ssl module (3.10 and later) tells a reset as a plain end of the stream.
    with Simulator.start(tmp_path, fleet.generate(1), graph_tls=False) as plain:
        plain.fault(kind, REGISTER)
        with pytest.raises(requests.exceptions.ConnectionError, match="reset by peer"):
            Client(plain).register(ONE, "100000")


def test_a_cut_body_is_seen_as_cut(sim: Simulator, client: Client) -> None:
    sim.fault("cut_body", REGISTER)
    with pytest.raises(BROKEN):
        client.register(ONE, "100000")
    assert location(sim) == "cloud"


def test_html_stands_in_for_an_answer(sim: Simulator, client: Client) -> None:
    sim.fault("html", REGISTER, status=503)
    answer = client.register(ONE, "100000")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert location(sim) == "on_premise"


def test_html_after_the_request_has_acted(sim: Simulator, client: Client) -> None:
    sim.fault("html", REGISTER, when="after")
    assert client.register(ONE, "100000").status_code == 502
    assert location(sim) == "cloud"


def test_a_wrong_content_type(sim: Simulator, client: Client) -> None:
    sim.fault("wrong_content_type", REGISTER, content_type="text/plain")
    answer = client.register(ONE, "100000")
    assert answer.headers["content-type"] == "text/plain"
    assert answer.json() == {"success": True}


def test_headers_beside_the_right_answer(sim: Simulator, client: Client) -> None:
    sim.fault("headers", REGISTER, headers={"X-App-Usage": '{"call_count": 90}'})
    answer = client.register(ONE, "100000")
    assert answer.headers["x-app-usage"] == '{"call_count": 90}'
    assert answer.json() == {"success": True} and location(sim) == "cloud"


def test_an_oversize_body(sim: Simulator, client: Client) -> None:
    sim.fault("oversize", REGISTER, size=3_000_000)
    assert len(client.register(ONE, "100000").content) > 3_000_000


def test_a_slow_drip_outlives_a_read_timeout_per_piece(sim: Simulator, client: Client) -> None:
    sim.fault("slow_drip", REGISTER, seconds=1.5)
    began = time.monotonic()
    assert client.register(ONE, "100000", timeout=1).json() == {"success": True}
    assert time.monotonic() - began > 1.2


@pytest.mark.parametrize(("when", "expected"), [("before", "on_premise"), ("after", "cloud")])
def test_a_delay_before_and_after_acting(sim: Simulator, client: Client, when: str, expected: str) -> None:
    sim.fault("delay", REGISTER, when=when, seconds=1.2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.register(ONE, "100000", timeout=0.4)
    assert location(sim) == expected
    if when == "before":
        time.sleep(1.2)
        # The request had arrived: it acts although nobody waits for it any more.
        assert location(sim) == "cloud"


@pytest.mark.parametrize(("when", "expected"), [("before", "on_premise"), ("after", "cloud")])
def test_a_hang_never_answers(sim: Simulator, client: Client, when: str, expected: str) -> None:
    sim.fault("hang", REGISTER, when=when)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.register(ONE, "100000", timeout=0.4)
    assert location(sim) == expected


def test_a_redirect_names_its_target(sim: Simulator, client: Client) -> None:
    sim.fault("redirect", REGISTER, location="https://elsewhere.example.com/")
    answer = client.register(ONE, "100000")
    assert (answer.status_code, answer.headers["location"]) == (307, "https://elsewhere.example.com/")


def test_a_status_with_a_body_and_headers(sim: Simulator, client: Client) -> None:
    sim.fault("status", REGISTER, status=429, body={"error": {"code": 4}}, headers={"Retry-After": "7"})
    answer = client.register(ONE, "100000")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_errors_of_either_api_come_in_their_envelope(sim: Simulator, client: Client) -> None:
    sim.fault("graph_error", REGISTER, code=133008)
    answer = client.register(ONE, "100000")
    assert error(answer) == (400, 133008)
    assert "3600 seconds" in answer.json()["error"]["error_data"]["details"]
    assert answer.json()["error"]["fbtrace_id"]
    sim.fault("onprem_error", {"api": "onprem", "path": "/v1/health"}, code=1016, details="busy")
    assert error(client.node(ONE, "GET", "/v1/health", token=client.login(ONE))) == (503, 1016)
    assert sim.ledger()[-1]["error_code"] == 1016


def test_success_false_and_an_empty_answer(sim: Simulator, client: Client) -> None:
    sim.fault("success_false", REGISTER)
    assert client.register(ONE, "100000").json() == {"success": False}
    assert location(sim) == "on_premise"
    sim.clear_faults()
    sim.fault("empty", REGISTER)
    assert client.register(ONE, "100000").content == b""
    assert location(sim) == "cloud"


def test_nth_and_times_count_matching_requests_only(sim: Simulator, client: Client) -> None:
    sim.fault("status", {"api": "graph", "phone_number_id": ONE, "nth": 2, "times": 2}, status=503)
    codes = []
    for _unused in range(5):
        client.graph("GET", TWO)
        codes.append(client.graph("GET", ONE).status_code)
    assert codes == [200, 503, 503, 200, 200]


def test_a_rule_may_name_the_waba_or_the_node_of_a_number(sim: Simulator, client: Client) -> None:
    sim.fault("status", {"waba_id": WABA}, status=503)
    assert client.graph("GET", WABA).status_code == 503
    sim.clear_faults()
    sim.fault("status", {"api": "onprem", "phone_number_id": TWO}, status=503)
    client.login(ONE)
    assert client.node(TWO, "GET", "/v1/health").status_code == 503


def test_refused_connections_of_a_node_and_of_graph(sim: Simulator, client: Client) -> None:
    client.login(ONE)
    sim.fault("refuse", {"api": "onprem", "phone_number_id": ONE})
    client.login(TWO)
    fresh = Client(sim)
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        fresh.login(ONE)
    sim.fault("refuse", {"api": "graph"})
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        Client(sim).graph("GET", ONE)
    sim.clear_faults()
    time.sleep(0.1)
    fresh.login(ONE)
    assert Client(sim).graph("GET", ONE).status_code == 200


def test_refuse_after_answers_and_then_listens_no_more(sim: Simulator, client: Client) -> None:
    sim.fault("refuse_after", {"api": "graph", "method": "GET", "nth": 1}, seconds=0.8)
    assert client.graph("GET", ONE).status_code == 200
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        client.register(ONE, "100000")
    assert location(sim) == "on_premise"
    time.sleep(1.0)
    assert client.graph("GET", ONE).status_code == 200


@pytest.mark.parametrize(
    ("rule", "reported"),
    [
        ({"fault": {"kind": "explode"}}, "kind must be one of"),
        ({"fault": {"kind": "delay"}}, "seconds is missing"),
        ({"fault": {"kind": "html", "seconds": 1}}, "unknown key seconds"),
        ({"fault": {"kind": "hang"}, "match": {"nth": 0}}, "nth must be 1 or more"),
        ({"fault": {"kind": "hang"}, "match": {"path": "("}}, "not a regular expression"),
        ({"fault": {"kind": "hang"}, "match": {"paht": "x"}}, "unknown key paht"),
        ({"fault": {"kind": "refuse"}, "match": {"api": "graph", "path": "x"}}, "use refuse_after"),
        ({"fault": {"kind": "reset_before", "when": "after"}}, "unknown key when"),
        ({"match": {}}, "fault is missing"),
    ],
)
def test_bad_rules_are_reported(rule: dict[str, Any], reported: str) -> None:
    with pytest.raises(FileError, match=reported.replace("(", r"\(")):
        faults.parse([rule])
