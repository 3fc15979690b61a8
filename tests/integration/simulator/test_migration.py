# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The move of a number between WABAs: its conditions, the new number, and what becomes of the old one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import OFFICIAL, ONE, OTHER_WABA, WABA, Client
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

BODY = {"cc": "1", "phone_number": "5550000000", "migrate_phone_number": True}


def add(client: Client, waba: str = OTHER_WABA, **changes: Any) -> Any:
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    return client.graph("POST", f"{waba}/phone_numbers", json=body)


def subcode(answer: Any) -> int:
    assert answer.status_code == 400, answer.text
    return int(answer.json()["error"].get("error_subcode", 0))


def listed(client: Client, waba: str = OTHER_WABA) -> dict[str, str]:
    fields = {"fields": "id,display_phone_number"}
    rows = client.graph("GET", f"{waba}/phone_numbers", params=fields).json()["data"]
    return {row["id"]: row["display_phone_number"] for row in rows}


@pytest.mark.parametrize("form", ["5550000000", "15550000000"])
def test_a_new_number_is_made_and_the_old_one_still_serves(sim: Simulator, client: Client, form: str) -> None:
    sim.patch(ONE, pin=None)
    new = add(client, phone_number=form, verified_name="Simulated business 0").json()["id"]
    assert listed(client)[new] == "+1 555-000-0000"
    seen = client.fields(new, "platform_type", "status", "code_verification_status", "verified_name", "is_pin_enabled")
    assert seen == {
        "id": new,
        "platform_type": "NOT_APPLICABLE",
        "status": "PENDING",
        "code_verification_status": "NOT_VERIFIED",
        "verified_name": "Simulated business 0",
        "is_pin_enabled": False,
    }
    assert client.fields(ONE, "platform_type", "status") == {
        "id": ONE,
        "platform_type": "ON_PREMISE",
        "status": "CONNECTED",
    }
    line = sim.ledger(kind="change")[-1]
    assert (line["effect"], line["phone_number_id"], line["waba_id"]) == ("number_added", ONE, OTHER_WABA)
    meter = next(one for one in sim.admin("GET", "/meters") if one["phone_number_id"] == new)
    assert meter["condition"] == "delivered"


def test_the_old_side_is_dead_once_the_new_one_is_registered(sim: Simulator, client: Client) -> None:
    sim.patch(OFFICIAL, pin=None)
    new = add(client, phone_number="5550000006").json()["id"]
    assert client.register(new, "424242").json()["error"]["code"] == 133006
    client.graph("POST", f"{new}/request_code", json={"code_method": "SMS", "language": "en_US"})
    code = sim.number(new)["phone"]["code"]
    assert client.graph("POST", f"{new}/verify_code", json={"code": code}).json() == {"success": True}
    assert client.register(new, "424242").json() == {"success": True}
    assert client.fields(new, "platform_type", "is_official_business_account") == {
        "id": new,
        "platform_type": "CLOUD_API",
        "is_official_business_account": True,
    }
    old = client.fields(OFFICIAL, "platform_type", "status")
    assert (old["platform_type"], old["status"]) == ("NOT_APPLICABLE", "MIGRATED")
    assert sim.number(OFFICIAL)["node"]["connected"] is False


def test_only_good_templates_are_copied(sim: Simulator, client: Client) -> None:
    sim.admin("POST", f"/wabas/{WABA}", json={"templates": [{"name": "template_0", "status": "REJECTED"}]})
    sim.patch(ONE, pin=None)
    new = add(client).json()["id"]
    sim.patch(new, code_verification_status="VERIFIED")
    before = client.graph("GET", f"{OTHER_WABA}/message_templates", params={"limit": "100"}).json()["data"]
    client.register(new, "424242")
    after = client.graph("GET", f"{OTHER_WABA}/message_templates", params={"limit": "100"}).json()["data"]
    assert before == []
    assert {one["name"] for one in after} == {f"template_{at}" for at in range(1, 30)}


CONDITIONS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"pin": "100000"}, {}),
    ({"name_status": "PENDING_REVIEW"}, {}),
    ({"new_name_status": "PENDING_REVIEW"}, {}),
    ({"account_mode": "SANDBOX"}, {}),
    ({}, {"business_verification_status": "not_verified"}),
    ({}, {"account_review_status": "PENDING"}),
    ({}, {"primary_funding_id": ""}),
)


@pytest.mark.parametrize(("number", "waba"), CONDITIONS)
def test_a_condition_that_is_not_met(
    sim: Simulator, client: Client, number: dict[str, Any], waba: dict[str, Any]
) -> None:
    sim.patch(ONE, **{"pin": None, **number})
    sim.admin("POST", f"/wabas/{OTHER_WABA}", json=waba)
    assert subcode(add(client)) == 2388103
    assert "+1 555-000-0000" not in listed(client).values()


def test_a_number_is_there_once(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, pin=None)
    assert subcode(add(client, WABA)) == 2388012
    assert add(client).status_code == 200
    assert subcode(add(client)) == 2388012


def test_what_is_bound_elsewhere_or_unknown(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, pin=None, is_on_biz_app=True)
    assert subcode(add(client)) == 2655122
    assert subcode(add(client, phone_number="5559999999")) == 2388103


@pytest.mark.parametrize(
    ("body", "code", "sub"),
    [
        ({"migrate_phone_number": None}, 200000, 3095008),
        ({"migrate_phone_number": "true"}, 100, 0),
        ({"cc": 1}, 100, 0),
        ({"phone_number": "+1555"}, 100, 0),
        ({"phone_number": None}, 131009, 0),
        ({"surprise": 1}, 100, 0),
    ],
)
def test_the_body_is_read_strictly(sim: Simulator, client: Client, body: dict[str, Any], code: int, sub: int) -> None:
    sim.patch(ONE, pin=None)
    answer = add(client, **body)
    assert answer.json()["error"]["code"] == code
    assert subcode(answer) == sub


def test_the_token_must_see_the_target(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, pin=None)
    answer = client.graph("POST", f"{OTHER_WABA}/phone_numbers", json=BODY, token="one-waba")
    assert answer.status_code == 200
    answer = client.graph("POST", f"{WABA}/phone_numbers", json=BODY, token="one-waba")
    assert subcode(answer) == 33
