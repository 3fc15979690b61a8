# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media against the simulator: uploaded, read, expired, and refused; and the files of a node."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, TWO, Client
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

FILE = ("a.png", b"\x89PNG\r\n\x1a\n...", "image/png")
FORM: dict[str, Any] = {"messaging_product": "whatsapp", "type": "image/png"}


def test_a_file_has_an_id_for_thirty_days(sim: Simulator, client: Client) -> None:
    answer = client.graph("POST", f"{ONE}/media", data=FORM, files={"file": FILE})
    assert answer.status_code == 200, answer.text
    media_id = answer.json()["id"]
    found = client.graph("GET", media_id).json()
    assert found["sha256"] == hashlib.sha256(FILE[1]).hexdigest()
    assert (found["mime_type"], found["file_size"], found["id"]) == ("image/png", str(len(FILE[1])), media_id)
    assert client.graph("GET", media_id, params={"phone_number_id": TWO}).status_code == 400
    sim.admin("POST", "/clock", json={"advance": 30 * 86400 + 1})
    assert client.graph("GET", media_id).json()["error"]["error_subcode"] == 33


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"messaging_product": "whatsapp", "file": "@a.png"}},
        {"data": {"type": "image/png"}, "files": {"file": FILE}},
        {"data": {**FORM, "extra": "1"}, "files": {"file": FILE}},
        {"data": {**FORM, "messaging_product": "sms"}, "files": {"file": FILE}},
        {"data": {**FORM, "type": "image/jpeg"}, "files": {"file": FILE}},
        {"data": FORM, "files": {"file": ("a.png", b"", "image/png")}},
    ],
)
def test_an_upload_that_is_not_as_documented_is_refused(
    sim: Simulator, client: Client, options: dict[str, Any]
) -> None:
    answer = client.graph("POST", f"{ONE}/media", **options)
    assert answer.status_code == 400 and answer.json()["error"]["code"] == 100, answer.text
    assert all(line["effect"] != "media_uploaded" for line in sim.ledger()[-1:])


def test_a_node_hands_out_its_files_to_accounts_only(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, node={"media": {"a-b": {"type": "text/plain", "content": "hello", "size": 8}}})
    assert client.node(ONE, "GET", "/v1/media/a-b").status_code == 401
    login = client.node(ONE, "POST", "/v1/users/login", auth=("admin", fleet.PASSWORD)).json()
    token = login["users"][0]["token"]
    answer = client.node(ONE, "GET", "/v1/media/a-b", token=token)
    assert (answer.content, answer.headers["content-type"]) == (b"hello\0\0\0", "text/plain")
    assert client.node(ONE, "GET", "/v1/media/other", token=token).status_code == 404
