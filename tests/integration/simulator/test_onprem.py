# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The On-Premises side: access, login, reads in both shapes, backup and two-step verification."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from ansible_collections.wabiz.migration.tests.support.simclient import FIRST_LOGIN, MULTI, ONE, TWO, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator


def test_login_gives_a_token_that_opens_the_other_routes(client: Client) -> None:
    answer = client.node(ONE, "POST", "/v1/users/login", auth=("admin", "Simulated-Passw0rd"))
    user = answer.json()["users"][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00", user["expires_after"])
    assert client.node(ONE, "GET", "/v1/health", token=user["token"]).json()["health"] == {
        "gateway_status": "connected"
    }


def test_wrong_credentials_and_foreign_or_expired_tokens_are_401(sim: Simulator, client: Client) -> None:
    assert error(client.node(ONE, "POST", "/v1/users/login", auth=("admin", "wrong"))) == (401, 1005)
    assert error(client.node(ONE, "POST", "/v1/users/login")) == (401, 1005)
    assert error(client.node(ONE, "GET", "/v1/health")) == (401, 1005)
    token = client.login(ONE)
    assert error(client.node(TWO, "GET", "/v1/health", token=token)) == (401, 1005)
    sim.admin("POST", "/clock", json={"advance": 7 * 86400 + 1})
    assert error(client.node(ONE, "GET", "/v1/health", token=token)) == (401, 1005)


def test_logout_ends_that_token_only(client: Client) -> None:
    one, two = client.login(ONE), client.login(ONE)
    assert client.node(ONE, "POST", "/v1/users/logout", token=one).status_code == 200
    assert client.node(ONE, "GET", "/v1/health", token=one).status_code == 401
    assert client.node(ONE, "GET", "/v1/health", token=two).status_code == 200


def test_the_first_login_needs_a_new_password(client: Client) -> None:
    old = ("admin", "Simulated-Passw0rd")
    assert error(client.node(FIRST_LOGIN, "POST", "/v1/users/login", auth=old)) == (400, 1024)
    weak = client.node(FIRST_LOGIN, "POST", "/v1/users/login", auth=old, json={"new_password": "weak"})
    assert error(weak) == (400, 1009)
    changed = client.node(FIRST_LOGIN, "POST", "/v1/users/login", auth=old, json={"new_password": "Better-Pass1"})
    assert changed.status_code == 200
    assert client.node(FIRST_LOGIN, "POST", "/v1/users/login", auth=old).status_code == 401
    client.login(FIRST_LOGIN, password="Better-Pass1")


def test_settings_belong_to_the_admin_account(client: Client) -> None:
    token = client.login(ONE, "operator", "Operator-1")
    assert client.node(ONE, "GET", "/v1/health", token=token).status_code == 200
    for method, path in (("GET", "/v1/settings/application"), ("GET", "/v1/account/shards")):
        assert error(client.node(ONE, method, path, token=token)) == (403, 1005)


def test_the_api_key_opens_monitoring_only(client: Client, sim: Simulator) -> None:
    def get(path: str) -> requests.Response:
        headers = {"Authorization": "Apikey monitoring-key-1"}
        return client.session.get(sim.nodes[ONE] + path, headers=headers, timeout=20)

    assert [get(path).status_code for path in ("/v1/health", "/v1/stats/app", "/metrics", "/v1/support")] == [
        200,
        200,
        200,
        401,
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/v1/nothing", None, (404, 1006)),
        ("PUT", "/v1/health", None, (404, 1006)),
        ("GET", "/v1/health/", None, (404, 1006)),
        ("GET", "/v1/health?x=1", None, (400, 1010)),
        ("POST", "/v1/settings/backup", {}, (400, 1008)),
        ("POST", "/v1/settings/backup", {"password": 5}, (400, 1009)),
        ("POST", "/v1/settings/backup", {"password": "a", "extra": 1}, (400, 1010)),
        ("POST", "/v1/settings/account/two-step", {"pin": "12345"}, (400, 1009)),
        ("POST", "/v1/settings/account/two-step", {"pin": 123456}, (400, 1009)),
        ("DELETE", "/v1/settings/account/two-step", {"pin": "123456"}, (400, 1010)),
    ],
)
def test_input_is_read_strictly(
    client: Client, method: str, path: str, body: object, expected: tuple[int, int]
) -> None:
    token = client.login(ONE)
    assert error(client.node(ONE, method, path, token=token, json=body)) == expected


@pytest.mark.parametrize("raw", [b"not json", b"[]", b'{"password":"a","password":"b"}'])
def test_what_is_not_a_json_object_is_refused(client: Client, sim: Simulator, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {client.login(ONE)}", "Content-Type": "application/json"}
    answer = client.session.post(sim.nodes[ONE] + "/v1/settings/backup", data=raw, headers=headers, timeout=20)
    assert error(answer) == (400, 1025)


def test_reads_of_a_single_node(client: Client) -> None:
    token = client.login(ONE)

    def get(path: str) -> dict[str, Any]:
        return dict(client.node(ONE, "GET", path, token=token).json())

    assert get("/v1/settings/application")["settings"]["application"]["wa_id"] == "15550000000"
    assert get("/v1/support")["support"]["debug_info"] == "15550000000"
    assert get("/v1/account/shards")["account"] == {"shards": 1}
    assert get("/v1/stats/app")["stats"]["app"]["callback_queue_size"]["data"] == [{"value": 3}]
    assert get("/v1/stats/db")["stats"]["db"]["db_pending_messages"]["data"] == [{"value": 2}]
    assert get("/v1/settings/profile/about")["settings"]["profile"]["about"]["text"] == "Open all day, desk 0"
    assert get("/v1/health")["meta"] == {"api_status": "stable", "version": "v2.61.1"}


def test_multiconnect_has_one_entry_per_member_and_standbys_are_disconnected(client: Client) -> None:
    token = client.login(MULTI)
    health = client.node(MULTI, "GET", "/v1/health", token=token).json()["health"]
    connected = [member["role"] for member in health.values() if member["gateway_status"] == "connected"]
    assert sorted(connected) == ["coreapp", "coreapp", "primary_master"]
    assert any(member["gateway_status"] == "disconnected" for member in health.values())
    database = client.node(MULTI, "GET", "/v1/stats/db", token=token).json()["stats"]
    assert sum(1 for member in database.values() if member) == 1
    assert client.node(MULTI, "GET", "/v1/account/shards", token=token).json()["account"] == {"shards": 2}


def test_a_coreapp_that_does_not_run_is_an_error_in_place_of_its_entry(sim: Simulator, client: Client) -> None:
    for number in (MULTI, ONE):
        sim.admin("POST", f"/numbers/{number}", {"node": {"coreapps_gone": 1}})
    health = client.node(MULTI, "GET", "/v1/health", token=client.login(MULTI)).json()["health"]
    silent = [entry for entry in health.values() if isinstance(entry, list)]
    assert len(silent) == 1 and silent[0][0]["code"] == 1014 and "check if wacore is running" in silent[0][0]["details"]
    assert [entry["gateway_status"] for entry in health.values() if isinstance(entry, dict)].count("connected") == 3
    single = client.node(ONE, "GET", "/v1/health", token=client.login(ONE)).json()["health"]
    assert single[0]["title"] == "Internal error"


def test_a_backup_needs_a_node_that_is_registered_and_connected(sim: Simulator, client: Client) -> None:
    token = client.login(ONE)

    def back_up() -> requests.Response:
        return client.node(ONE, "POST", "/v1/settings/backup", token=token, json={"password": "x"})

    assert back_up().json()["settings"]["data"].startswith("V0FC")
    sim.patch(ONE, node={"connected": False})
    assert error(back_up()) == (503, 1011)
    sim.patch(ONE, node={"registered": False}, switches={"backup_unregistered_code": 1005})
    assert error(back_up()) == (403, 1005)
    sim.patch(ONE, node={"connected": True, "registered": True, "expired": True})
    assert "App Expired" in back_up().json()["errors"][0]["details"]
    assert client.node(ONE, "GET", "/v1/health", token=token).json()["health"]["gateway_status"] == "disconnected"


def test_a_busy_node_refuses_a_backup_for_a_while(sim: Simulator, client: Client) -> None:
    token = client.login(ONE)
    sim.patch(ONE, switches={"backup_busy_code": 1017}, node={"busy_left": 2})
    codes = [
        client.node(ONE, "POST", "/v1/settings/backup", token=token, json={"password": "x"}).status_code
        for _unused in range(3)
    ]
    assert codes == [503, 503, 200]


@pytest.mark.parametrize(("form", "expected"), [("null", None), ("object", {}), ("meta", {"meta"})])
def test_empty_answers_take_every_form(sim: Simulator, client: Client, form: str, expected: object) -> None:
    sim.patch(ONE, switches={"empty_body_form": form})
    body = client.node(ONE, "DELETE", "/v1/settings/account/two-step", token=client.login(ONE)).json()
    assert (set(body) if body else body) == expected


def test_two_step_verification_is_set_and_cleared(sim: Simulator, client: Client) -> None:
    token = client.login(ONE)
    assert client.node(ONE, "DELETE", "/v1/settings/account/two-step", token=token).status_code == 200
    assert client.fields(ONE, "is_pin_enabled")["is_pin_enabled"] is False
    client.node(ONE, "POST", "/v1/settings/account/two-step", token=token, json={"pin": "654321"})
    assert client.fields(ONE, "is_pin_enabled")["is_pin_enabled"] is True
    assert error(client.register(ONE, "100000"))[1] == 133005


def test_registration_on_premises_is_closed(client: Client) -> None:
    body = {"cc": "1", "phone_number": "5550000000", "method": "sms", "cert": "abc"}
    answer = client.node(ONE, "POST", "/v1/account", token=client.login(ONE), json=body)
    assert error(answer) == (403, 1005)
    assert "biz_link_on_prem_reg_blocked" in answer.text


def test_a_node_is_known_by_the_authority_of_the_run_only(sim: Simulator) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(sim.nodes[ONE] + "/v1/health", timeout=20)
