# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a move carries over besides the number, and how all of it can be changed behind everybody's back."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import MULTI, ONE, WABA, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

FIELDS = "about,address,description,email,profile_picture_url,vertical,websites"


def profile(client: Client, number: str) -> dict[str, object]:
    answer = client.graph("GET", f"{number}/whatsapp_business_profile", params={"fields": FIELDS}).json()
    return dict(answer["data"][0])


def test_the_backup_brings_the_profile_in_the_words_of_the_cloud_api(sim: Simulator, client: Client) -> None:
    sim.patch(
        ONE, node={"profile": {"vertical": "Food and Grocery", "photo": "https://x/y.jpg", "websites": ["https://z"]}}
    )
    client.register(ONE, "100000", client.backup(ONE))
    reported = profile(client, ONE)
    assert reported["vertical"] == "GROCERY"
    assert reported["profile_picture_url"] == "https://x/y.jpg"
    assert "email" not in reported, "what is empty is left out"


@pytest.mark.parametrize(
    "body",
    [
        {"about": "x"},
        {"messaging_product": "whatsapp", "about": ""},
        {"messaging_product": "whatsapp", "about": "x" * 140},
        {"messaging_product": "whatsapp", "vertical": "Food and Grocery"},
        {"messaging_product": "whatsapp", "websites": ["www.example.com"]},
        {"messaging_product": "whatsapp", "websites": ["https://a"] * 3},
        {"messaging_product": "whatsapp", "email": "x" * 129},
        {"messaging_product": "whatsapp", "photo": "x"},
    ],
)
def test_a_profile_that_meta_would_refuse_is_refused(sim: Simulator, client: Client, body: dict[str, object]) -> None:
    sim.patch(ONE, location="cloud")
    assert error(client.graph("POST", f"{ONE}/whatsapp_business_profile", json=body)) == (400, 100)
    assert sim.number(ONE)["cloud_profile"] == {}


def test_a_partial_update_leaves_the_rest(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, location="cloud", cloud_profile={"about": "Open"})
    body = {"messaging_product": "whatsapp", "vertical": "GROCERY", "websites": ["https://a"]}
    assert client.graph("POST", f"{ONE}/whatsapp_business_profile", json=body).json() == {"success": True}
    assert sim.number(ONE)["cloud_profile"] == {"about": "Open", "vertical": "GROCERY", "websites": ["https://a"]}


def test_the_photo_of_a_node_is_an_image_or_a_link(sim: Simulator, client: Client) -> None:
    token, path = client.login(ONE), "/v1/settings/profile/photo"
    assert error(client.node(ONE, "GET", path, token=token))[1] == 1006
    sim.patch(ONE, node={"profile": {"photo": "https://x/y.jpg"}})
    image = client.node(ONE, "GET", path, token=token)
    assert image.headers["content-type"] == "image/png" and image.content.startswith(b"\x89PNG")
    sim.patch(ONE, switches={"photo_form": "base64"})
    assert base64.b64decode(client.node(ONE, "GET", path, token=token).content) == image.content
    link = client.node(ONE, "GET", path, token=token, params={"format": "link"}).json()
    assert link["settings"]["profile"]["photo"]["link"] == "https://x/y.jpg"


def test_templates_change_by_name_and_go(sim: Simulator, client: Client) -> None:
    rows = [{"name": "template_3", "status": "PAUSED"}, {"name": "template_4", "status": "DELETED"}]
    sim.admin("POST", f"/wabas/{WABA}", json={"templates": rows})
    reported = client.graph("GET", f"{WABA}/message_templates", params={"limit": "100"}).json()["data"]
    statuses = {row["name"]: row["status"] for row in reported}
    assert statuses["template_3"] == "PAUSED" and "template_4" not in statuses and len(statuses) == 29
    with pytest.raises(AssertionError, match="400"):
        sim.admin("POST", f"/wabas/{WABA}", json={"templates": [{"name": "unknown"}]})


def test_high_throughput_can_be_late(sim: Simulator, client: Client) -> None:
    client.register(MULTI, "100004", client.backup(MULTI))
    sim.patch(MULTI, throughput_upgraded=False)
    assert client.fields(MULTI, "throughput")["throughput"] == {"level": "STANDARD"}
    sim.patch(MULTI, throughput_upgraded=True)
    assert client.fields(MULTI, "throughput")["throughput"] == {"level": "HIGH"}
