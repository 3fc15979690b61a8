# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload of a photo against the simulator: whole, cut and resumed, with a lost handle, and refused."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.errors import GraphError
from ansible_collections.wabiz.migration.plugins.module_utils._api.graph import Graph
from ansible_collections.wabiz.migration.plugins.module_utils._api.uploads import File
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet, photo

DATA = photo.image("a photo")
FILE = File("photo.png", "image/png", DATA)
Effects = Callable[[], list[str]]
SEND = {"method": "POST", "path": "/upload:"}


@pytest.fixture
def graph(sim: Simulator) -> Iterator[Graph]:
    made = Graph.open(
        access_token=fleet.TOKEN,
        graph_url=sim.graph_url,
        graph_version="v26.0",
        graph_validate_certs=True,
        graph_ca_path=sim.ca_path,
        graph_timeout=10.0,
        number=ONE,
        clock=time.monotonic,
        sleep=lambda _seconds: None,
        random=lambda: 0.5,
        announce=lambda _text: None,
    )
    yield made
    made.close()


def shown(sim: Simulator, graph: Graph, handle: str) -> dict[str, Any]:
    sim.patch(ONE, location="cloud")
    graph.set_business_profile(ONE, {"profile_picture_handle": handle})
    return dict(sim.number(ONE)["cloud_profile"])


@pytest.fixture
def effects(sim: Simulator) -> Callable[[], list[str]]:
    """Return the effects of the requests of this test that belong to an upload, in their order."""
    before = len(sim.ledger())
    return lambda: [
        line["effect"] for line in sim.ledger()[before:] if "upload" in line["path"] and line["method"] == "POST"
    ]


def test_a_photo_arrives_byte_for_byte(sim: Simulator, graph: Graph) -> None:
    profile = shown(sim, graph, graph.upload(fleet.APP_ID, FILE))
    assert profile["photo_sha256"] == hashlib.sha256(DATA).hexdigest()
    assert graph.business_profile(ONE, ["profile_picture_url"])["profile_picture_url"].startswith("https://pps.")


def test_a_cut_upload_goes_on_where_it_stopped(sim: Simulator, graph: Graph, effects: Effects) -> None:
    sim.fault("cut_upload", {**SEND, "nth": 1}, size=100)
    sim.fault("cut_upload", {**SEND, "nth": 2}, size=50)
    whole = shown(sim, graph, graph.upload(fleet.APP_ID, FILE))["photo_sha256"]
    assert effects() == ["upload_started", "uploaded_part", "uploaded_part", "uploaded"], "one session, resumed"
    assert whole == hashlib.sha256(DATA).hexdigest()


def test_a_lost_handle_begins_another_session(sim: Simulator, graph: Graph, effects: Effects) -> None:
    sim.fault("reset_after", {**SEND, "nth": 1})
    assert shown(sim, graph, graph.upload(fleet.APP_ID, FILE))["photo"]
    assert effects() == ["upload_started", "uploaded"] * 2


def test_an_upload_that_never_arrives_ends(sim: Simulator, graph: Graph, effects: Effects) -> None:
    sim.fault("reset_after", SEND)
    with pytest.raises(Exception, match="lost or cut"):
        graph.upload(fleet.APP_ID, FILE)
    assert effects() == ["upload_started", "uploaded"] * 3, "three sessions, and no more"


def test_a_refused_upload_is_not_repeated(sim: Simulator, graph: Graph, effects: Effects) -> None:
    with pytest.raises(GraphError):
        graph.upload("700000000000099", FILE)
    sim.fault("graph_error", SEND, code=100)
    with pytest.raises(GraphError):
        graph.upload(fleet.APP_ID, FILE)
    assert effects() == ["none", "upload_started", "none"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"file_name": "a", "file_length": "5", "file_type": "image/gif"}, 400),
        ({"file_name": "a", "file_length": "0", "file_type": "image/png"}, 400),
        ({"file_name": "a", "file_type": "image/png"}, 400),
        ({"file_name": "a", "file_length": "5", "file_type": "image/png", "more": "1"}, 400),
    ],
)
def test_the_simulator_is_strict_with_sessions(client: Client, query: dict[str, str], status: int) -> None:
    assert error(client.graph("POST", f"{fleet.APP_ID}/uploads", params=query)) == (status, 100)


def test_the_simulator_wants_the_offset_and_the_scheme_of_a_session(client: Client) -> None:
    query = {"file_name": "a", "file_length": "5", "file_type": "image/png"}
    session = client.graph("POST", f"{fleet.APP_ID}/uploads", params=query).json()["id"]
    assert error(client.graph("POST", session, data=b"12345", headers={"file_offset": "0"}))[1] == 104
    oauth = {"Authorization": f"OAuth {fleet.TOKEN}"}
    for headers in ({}, {"file_offset": "3"}):
        assert error(client.graph("POST", session, data=b"12345", headers={**oauth, **headers})) == (400, 100)
    assert error(client.graph("POST", session, data=b"123456", headers={**oauth, "file_offset": "0"})) == (400, 100)
    unsigned = session.partition("?")[0]
    assert error(client.graph("GET", unsigned, headers=oauth)) == (400, 100)
    handle = client.graph("POST", session, data=b"12345", headers={**oauth, "file_offset": "0"}).json()["h"]
    assert client.graph("GET", session, headers=oauth).json()["file_offset"] == 5
    body = {"messaging_product": "whatsapp", "profile_picture_handle": handle}
    client.sim.patch(ONE, location="cloud")
    assert error(client.graph("POST", f"{ONE}/whatsapp_business_profile", json=body)) == (400, 100), "no image"
