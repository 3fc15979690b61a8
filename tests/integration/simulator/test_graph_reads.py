# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph: bearer, scopes, ids, fields, paging, health, debug_token."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.wabiz.migration.tests.support.simclient import (
    MULTI,
    ONE,
    OTHER_WABA,
    TWO,
    WABA,
    Client,
    error,
    make_fleet,
)
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet


def test_tokens_are_checked(client: Client) -> None:
    assert error(client.graph("GET", ONE, token=None)) == (401, 104)
    wrong = client.graph("GET", ONE, token="wrong")
    assert error(wrong) == (401, 190)
    assert wrong.json()["error"]["fbtrace_id"] == wrong.headers["x-fb-trace-id"]
    expired = client.graph("GET", ONE, token="expired")
    assert error(expired) == (401, 190)
    assert expired.json()["error"]["error_subcode"] == 463


def test_scopes_are_checked(client: Client) -> None:
    assert error(client.graph("GET", ONE, token="no-scopes")) == (403, 10)
    assert error(client.graph("POST", f"{WABA}/subscribed_apps", token="no-scopes")) == (403, 200)
    assert error(client.graph("POST", f"{ONE}/deregister", token="no-scopes")) == (403, 200)
    assert client.graph("GET", ONE, token="reader").status_code == 200
    assert error(client.register(ONE, "100000", token="reader")) == (403, 200)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "999"), ("GET", "999/subscriptions"), ("POST", f"{WABA}/deregister"), ("POST", f"{ONE}/subscribed_apps")],
)
def test_unknown_ids_are_100_with_subcode_33(client: Client, method: str, path: str) -> None:
    answer = client.graph(method, path)
    assert error(answer) == (400, 100)
    assert answer.json()["error"]["error_subcode"] == 33


NUMBER, ACCOUNT, APP = "WhatsAppBusinessPhoneNumber", "WhatsAppBusinessAccount", "Application"


@pytest.mark.parametrize(
    ("path", "fields", "missing", "kind"),
    [
        (f"{ONE}/phone_numbers", "id", "phone_numbers", NUMBER),
        (f"{ONE}/subscribed_apps", "", "subscribed_apps", NUMBER),
        (f"{ONE}/subscriptions", "", "subscriptions", NUMBER),
        (ONE, "id,account_review_status", "account_review_status", NUMBER),
        (f"{WABA}/whatsapp_business_profile", "about", "whatsapp_business_profile", ACCOUNT),
        (f"{WABA}/subscriptions", "", "subscriptions", ACCOUNT),
        (WABA, "id,display_phone_number,platform_type", "display_phone_number", ACCOUNT),
        (f"{fleet.APP_ID}/phone_numbers", "id", "phone_numbers", APP),
        (fleet.APP_ID, "id,display_phone_number", "display_phone_number", APP),
    ],
)
def test_an_object_of_another_type_is_named_by_it(
    client: Client, path: str, fields: str, missing: str, kind: str
) -> None:
    answer = client.graph("GET", path, params={"fields": fields} if fields else {})
    assert error(answer) == (400, 100)
    message = f"(#100) Tried accessing nonexisting field ({missing}) on node type ({kind})"
    assert answer.json()["error"]["message"] == message
    assert "error_subcode" not in answer.json()["error"]


def test_a_token_sees_the_wabas_that_it_was_given(client: Client) -> None:
    assert error(client.graph("GET", ONE, token="one-waba")) == (400, 100)
    assert client.graph("GET", OTHER_WABA, token="one-waba").status_code == 200


@pytest.mark.parametrize("path", ["v99.0/100000000000000", "x/100000000000000", "v26.0/100000000000000/nothing", ""])
def test_unknown_paths_are_refused(sim: Simulator, client: Client, path: str) -> None:
    assert error(client.graph("GET", f"{sim.graph_url}/{path}")) == (400, 2500)


def test_the_version_that_served_is_reported(sim: Simulator, client: Client) -> None:
    assert client.graph("GET", ONE).headers["facebook-api-version"] == "v26.0"
    old = client.graph("GET", f"{sim.graph_url}/v17.0/{ONE}")
    assert old.headers["facebook-api-version"] == "v21.0"


def test_only_the_fields_asked_for_are_answered(client: Client) -> None:
    assert client.fields(ONE, "platform_type", "status") == {
        "id": ONE,
        "platform_type": "ON_PREMISE",
        "status": "CONNECTED",
    }
    unknown = client.graph("GET", ONE, params={"fields": "status,host_platform"})
    assert error(unknown) == (400, 100)
    assert "(#100) Tried accessing nonexisting field (host_platform)" in unknown.json()["error"]["message"]
    assert "platform_type" not in client.graph("GET", ONE).json()
    assert error(client.graph("GET", ONE, params={"metadata": "1"})) == (400, 100)


def test_every_documented_field_can_be_read(client: Client) -> None:
    names = [
        "platform_type",
        "status",
        "code_verification_status",
        "verified_name",
        "display_phone_number",
        "name_status",
        "quality_rating",
        "quality_score",
        "messaging_limit_tier",
        "whatsapp_business_manager_messaging_limit",
        "is_official_business_account",
        "is_pin_enabled",
        "throughput",
        "health_status",
        "webhook_configuration",
        "account_mode",
        "is_on_biz_app",
    ]
    assert set(client.fields(ONE, *names)) == {*names, "id"}


def test_usage_headers_name_the_waba(client: Client) -> None:
    answer = client.graph("GET", ONE)
    assert WABA in answer.headers["x-business-use-case-usage"]
    assert "call_count" in answer.headers["x-app-usage"]


def test_paging_goes_to_the_end_and_no_further(client: Client) -> None:
    seen: list[str] = []
    page = client.graph("GET", f"{WABA}/message_templates", params={"limit": "13", "fields": "name"}).json()
    pages = 1
    while True:
        seen += [item["name"] for item in page["data"]]
        if "next" not in page["paging"]:
            break
        page = client.graph("GET", page["paging"]["next"]).json()
        pages += 1
    assert seen == [f"template_{at}" for at in range(30)]
    assert pages == 3
    assert error(client.graph("GET", f"{WABA}/phone_numbers", params={"limit": "101"})) == (400, 100)
    assert error(client.graph("GET", f"{WABA}/phone_numbers", params={"after": "x"})) == (400, 100)


def test_cursors_lead_to_the_same_pages(client: Client) -> None:
    first = client.graph("GET", f"{WABA}/phone_numbers", params={"limit": "2", "fields": "platform_type"}).json()
    after = first["paging"]["cursors"]["after"]
    second = client.graph("GET", f"{WABA}/phone_numbers", params={"limit": "2", "after": after}).json()
    assert [item["id"] for item in first["data"] + second["data"]] == [ONE, TWO, MULTI, "100000000000006"]
    assert "next" not in second["paging"]


def test_the_paging_link_carries_the_token_and_the_ledger_does_not(sim: Simulator, client: Client) -> None:
    page = client.graph("GET", f"{WABA}/message_templates", params={"limit": "1"}).json()
    assert fleet.TOKEN in page["paging"]["next"]
    client.graph("GET", page["paging"]["next"])
    assert sim.ledger()[-1]["token_in_query"] is True
    assert fleet.TOKEN not in sim.ledger_path.read_text()


def test_health_of_a_number_names_every_entity_and_the_sip_noise(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, location="cloud")
    client.graph("POST", f"{WABA}/subscribed_apps")
    health = client.fields(ONE, "health_status")["health_status"]
    assert [entity["entity_type"] for entity in health["entities"]] == ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]
    assert health["can_send_message"] == "AVAILABLE"
    codes = {problem["error_code"] for entity in health["entities"] for problem in entity.get("errors", [])}
    assert codes == {138024, 138025}


def test_health_tells_a_missing_subscription_and_an_unverified_business(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, location="cloud")
    sim.admin("POST", f"/wabas/{WABA}", json={"business_verification_status": "not_verified"})
    health = client.fields(ONE, "health_status")["health_status"]
    by_type = {entity["entity_type"]: entity for entity in health["entities"]}
    assert health["can_send_message"] == "LIMITED"
    assert "not subscribed" in by_type["APP"]["additional_info"][0]
    assert by_type["BUSINESS"]["errors"][0]["error_code"] == 141010
    waba = client.graph("GET", WABA, params={"fields": "health_status"}).json()["health_status"]
    assert [entity["entity_type"] for entity in waba["entities"]] == ["WABA", "BUSINESS", "APP"]


def test_maintenance_lasts_for_some_reads_in_either_form(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, location="cloud", maintenance_reads=2)
    reported = [client.fields(ONE, "health_status")["health_status"]["entities"][0] for _unused in range(3)]
    assert [131057 in [problem["error_code"] for problem in entity["errors"]] for entity in reported] == [
        True,
        True,
        False,
    ]
    sim.patch(ONE, maintenance_reads=1, switches={"maintenance_form": "error"})
    assert error(client.graph("GET", ONE, params={"fields": "health_status"})) == (500, 131057)
    assert client.fields(ONE, "health_status")["health_status"]


def test_debug_token_names_the_app_and_keeps_management_out_of_granular_scopes(client: Client) -> None:
    data = client.graph("GET", "debug_token", params={"input_token": fleet.TOKEN}).json()["data"]
    assert data["app_id"] == fleet.APP_ID
    assert data["is_valid"] is True
    assert "whatsapp_business_management" in data["scopes"]
    assert "whatsapp_business_management" not in [entry["scope"] for entry in data["granular_scopes"]]
    assert client.graph("GET", "debug_token", params={"input_token": "x"}).json()["data"]["is_valid"] is False
    assert error(client.graph("GET", "debug_token")) == (400, 100)


def test_the_subscriptions_of_the_app_are_shown_to_its_app_access_token(client: Client) -> None:
    path = f"{fleet.APP_ID}/subscriptions"
    (row,) = client.graph("GET", path, token="of-app").json()["data"]
    assert (row["fields"][0]["name"], row["active"]) == ("messages", True)
    assert error(client.graph("GET", path)) == (400, 15)
    assert error(client.graph("GET", path, token="reader")) == (400, 100)


def test_an_app_without_a_callback_names_none(client: Client) -> None:
    asked = {"params": {"fields": "webhook_configuration"}}
    reported = client.graph("GET", ONE, **asked).json()["webhook_configuration"]
    assert reported == {"application": f"https://app-{fleet.APP_ID}.example.com/webhooks"}
    assert client.graph("GET", ONE, token="no-callback", **asked).json()["webhook_configuration"] == {}


def test_the_list_of_a_waba_knows_host_platform_as_well(client: Client) -> None:
    names = {"params": {"fields": "platform_type,host_platform"}}
    rows = client.graph("GET", f"{WABA}/phone_numbers", **names).json()["data"]
    assert {(row["platform_type"], row["host_platform"]) for row in rows} == {("ON_PREMISE", "ON_PREMISE")}


def test_the_payment_method_is_left_out_where_there_is_none(sim: Simulator, client: Client) -> None:
    names = {"params": {"fields": "primary_funding_id"}}
    assert client.graph("GET", WABA, **names).json()["primary_funding_id"]
    sim.admin("POST", f"/wabas/{WABA}", json={"primary_funding_id": ""})
    assert client.graph("GET", WABA, **names).json() == {"id": WABA}


def test_a_token_of_nobody_who_develops_the_app_is_inspected_by_the_app_only(client: Client) -> None:
    asked = {"params": {"input_token": "guest"}}
    refused = client.graph("GET", "debug_token", token="guest", **asked)
    assert error(refused) == (400, 100)
    assert "an owner or developer of the app" in refused.json()["error"]["message"]
    assert client.graph("GET", "debug_token", token="of-app", **asked).json()["data"]["app_id"] == fleet.APP_ID
    foreign = client.graph("GET", "debug_token", token="of-app", params={"input_token": "reader"})
    assert error(foreign) == (400, 100) and "did not match" in foreign.json()["error"]["message"]


def test_a_graph_that_does_not_know_a_field_refuses_it(tmp_path: Path) -> None:
    content = make_fleet()
    content["unknown_fields"] = ["is_on_biz_app", "platform_type", "primary_funding_id"]
    with Simulator.start(tmp_path / "simulator", content) as sim:
        other = Client(sim)
        for path, name in (
            (ONE, "is_on_biz_app"),
            (f"{WABA}/phone_numbers", "platform_type"),
            (WABA, "primary_funding_id"),
        ):
            answer = other.graph("GET", path, params={"fields": f"id,{name}"})
            assert error(answer) == (400, 100) and f"nonexisting field ({name})" in answer.text
        assert other.fields(ONE, "status")["status"] == "CONNECTED"
        other.session.close()
