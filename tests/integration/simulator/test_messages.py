# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of the simulator: who may send which template, and what the ledger keeps of a recipient."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._meta_api import template_message
from ansible_collections.wabiz.migration.tests.support.simclient import ONE, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

TO = "4915550100102"
NAME = "template_0"


@pytest.fixture
def moved(sim: Simulator) -> Simulator:
    sim.patch(ONE, location="cloud")
    return sim


def post(client: Client, body: dict[str, Any]) -> Any:
    return client.graph("POST", f"{ONE}/messages", json=body)


def test_a_message_is_counted_and_its_recipient_is_a_digest(moved: Simulator, client: Client) -> None:
    answer = post(client, template_message(TO, NAME, "en_US"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    line = moved.ledger()[-1]
    assert (line["effect"], line["to_sha256"]) == ("message_sent", hashlib.sha256(TO.encode()).hexdigest())
    assert TO not in str(line)
    assert moved.number(ONE)["messages"] == {"recipients": 1, "sent": 1}
    post(client, template_message("+" + TO, NAME, "en_US"))
    assert moved.number(ONE)["messages"] == {"recipients": 1, "sent": 2}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "x"}, 100),
        ({"to": None}, 131009),
        ({"messaging_product": None}, 100),
        ({"more": 1}, 100),
        ({"type": "text"}, 131051),
        ({"template": None}, 131009),
        ({"template": {"name": "nothing", "language": {"code": "en_US"}}}, 132001),
        ({"template": {"name": "nothing", "language": "en_US"}}, 100),
        ({"template": {"name": "nothing", "language": {"code": "en_US"}, "namespace": "x"}}, 100),
    ],
)
def test_a_message_that_is_not_as_documented_is_refused(
    moved: Simulator, client: Client, changes: dict[str, Any], code: int
) -> None:
    body = {**template_message(TO, NAME, "en_US"), **changes}
    answer = post(client, {key: value for key, value in body.items() if value is not None})
    assert error(answer)[1] == code, answer.text
    assert moved.number(ONE)["messages"]["sent"] == 0


def test_the_template_decides(moved: Simulator, client: Client) -> None:
    waba_id = moved.number(ONE)["waba_id"]
    assert error(post(client, template_message(TO, NAME, "en_US", ["more"])))[1] == 132000
    for status, code in (("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)):
        moved.admin("POST", f"/wabas/{waba_id}", json={"templates": [{"name": NAME, "status": status}]})
        assert error(post(client, template_message(TO, NAME, "en_US")))[1] == code


def test_a_number_elsewhere_sends_nothing(sim: Simulator, client: Client) -> None:
    assert error(post(client, template_message(TO, NAME, "en_US")))[1] == 133010
    assert error(client.graph("GET", f"{ONE}/settings"))[1] == 133010


def test_nobody_writes_to_itself(moved: Simulator, client: Client) -> None:
    own = "".join(filter(str.isdigit, moved.number(ONE)["display_phone_number"]))
    assert error(post(client, template_message(own, NAME, "en_US")))[1] == 131021
