# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The register call: what it requires, what it changes, what it costs, and what a wrong PIN does."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import requests
from ansible_collections.wabiz.migration.tests.support.simclient import MULTI, OFFICIAL, ONE, TWO, WABA, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator

PIN = {ONE: "100000", TWO: "100002", MULTI: "100004", OFFICIAL: "100006"}


def test_a_number_moves_with_its_backup(sim: Simulator, client: Client) -> None:
    token = client.login(OFFICIAL)
    answer = client.register(OFFICIAL, PIN[OFFICIAL], client.backup(OFFICIAL))
    assert answer.json() == {"success": True}
    now = client.fields(OFFICIAL, "platform_type", "status", "is_official_business_account", "throughput")
    assert now == {
        "id": OFFICIAL,
        "platform_type": "CLOUD_API",
        "status": "CONNECTED",
        "is_official_business_account": True,
        "throughput": {"level": "STANDARD"},
    }
    profile = client.graph("GET", f"{OFFICIAL}/whatsapp_business_profile", params={"fields": "about"}).json()
    assert profile["data"][0]["about"] == "Open all day, desk 6"
    health = client.node(OFFICIAL, "GET", "/v1/health", token=token).json()["health"]
    assert health["gateway_status"] == "disconnected"


def test_without_a_backup_profile_and_official_status_are_lost(client: Client) -> None:
    assert client.register(OFFICIAL, PIN[OFFICIAL]).json() == {"success": True}
    assert client.fields(OFFICIAL, "is_official_business_account")["is_official_business_account"] is False
    profile = client.graph("GET", f"{OFFICIAL}/whatsapp_business_profile", params={"fields": "about"}).json()
    assert "about" not in profile["data"][0]


def test_two_shards_mean_high_throughput(client: Client) -> None:
    client.register(MULTI, PIN[MULTI], client.backup(MULTI))
    assert client.fields(MULTI, "throughput")["throughput"] == {"level": "HIGH"}


GOOD = {"messaging_product": "whatsapp", "pin": "100000"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"pin": "100000"}, 100),
        ({"messaging_product": "telegram", "pin": "100000"}, 100),
        ({"messaging_product": "whatsapp"}, 131009),
        ({"messaging_product": "whatsapp", "pin": 100000}, 131009),
        ({"messaging_product": "whatsapp", "pin": "10000"}, 131009),
        ({**GOOD, "surprise": 1}, 100),
        ({**GOOD, "backup": "V0FC"}, 100),
        ({**GOOD, "backup": {"data": "V0FC", "password": "x", "more": 1}}, 100),
        ({**GOOD, "data_localization_region": "FR"}, 100),
    ],
)
def test_the_body_is_read_strictly_and_costs_no_attempt(
    sim: Simulator, client: Client, body: dict[str, Any], code: int
) -> None:
    assert error(client.graph("POST", f"{ONE}/register", json=body)) == (400, code)
    assert sim.number(ONE)["register_attempts_left"] == 10
    assert sim.number(ONE)["location"] == "on_premise"


def test_a_form_body_is_refused(client: Client) -> None:
    assert error(client.graph("POST", f"{ONE}/register", data=GOOD)) == (400, 100)


def test_a_wrong_pin_takes_the_node_down(sim: Simulator, client: Client) -> None:
    token = client.login(ONE)
    answer = client.register(ONE, "999999", client.backup(ONE))
    assert error(answer) == (400, 133005)
    assert client.fields(ONE, "platform_type")["platform_type"] == "NOT_APPLICABLE"
    health = client.node(ONE, "GET", "/v1/health", token=token).json()["health"]
    assert health["gateway_status"] == "disconnected"
    line = sim.ledger(kind="change")[-1]
    assert (line["effect"], line["accepted"], line["error_code"]) == ("node_down", False, 133005)


def test_a_wrong_pin_leaves_the_node_alone_when_switched_so(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"wrong_pin_takes_node_down": False})
    assert error(client.register(ONE, "999999"))[1] == 133005
    assert sim.number(ONE)["location"] == "on_premise"


def test_a_number_without_a_pin_takes_the_one_it_is_given(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, pin=None)
    assert client.register(ONE, "424242", client.backup(ONE)).json() == {"success": True}
    client.graph("POST", f"{ONE}/deregister")
    assert error(client.register(ONE, "111111"))[1] == 133005


def test_an_unverified_number_is_133006(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, code_verification_status="EXPIRED")
    assert error(client.register(ONE, PIN[ONE])) == (400, 133006)
    assert sim.number(ONE)["location"] == "on_premise"


@pytest.mark.parametrize("code", [133002, 133006, 100])
def test_a_bad_backup_is_answered_as_switched(sim: Simulator, client: Client, code: int) -> None:
    sim.patch(ONE, switches={"bad_backup_code": code})
    foreign = client.backup(TWO)
    altered = client.backup(ONE)[:-8] + "AAAAAAA="
    for data in (foreign, altered, "V0FCS"):
        assert error(client.register(ONE, PIN[ONE], data)) == (400, code)
    body = {**GOOD, "backup": {"password": "other", "data": client.backup(ONE)}}
    assert error(client.graph("POST", f"{ONE}/register", json=body)) == (400, code)
    assert sim.number(ONE)["location"] == "on_premise"


def test_the_eleventh_request_in_72_hours_locks_the_number_out(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"wrong_pin_takes_node_down": False})
    for _unused in range(10):
        assert error(client.register(ONE, "999999"))[1] == 133005
    assert error(client.register(ONE, PIN[ONE])) == (400, 133016)
    sim.admin("POST", "/clock", json={"advance": 71 * 3600})
    assert error(client.register(ONE, PIN[ONE])) == (400, 133016)
    sim.admin("POST", "/clock", json={"advance": 2 * 3600})
    assert client.register(ONE, PIN[ONE]).json() == {"success": True}


def test_registering_again_on_the_cloud_succeeds_and_burns_an_attempt(sim: Simulator, client: Client) -> None:
    data = client.backup(ONE)
    client.register(ONE, PIN[ONE], data)
    assert client.register(ONE, PIN[ONE], data).json() == {"success": True}
    state = sim.number(ONE)
    assert (state["register_attempts_left"], state["accepted_registrations"]) == (8, 2)


@pytest.mark.parametrize(("form", "expected"), [("bool", True), ("string", "true"), ("String", "True")])
def test_success_takes_every_form(sim: Simulator, client: Client, form: str, expected: object) -> None:
    sim.patch(ONE, switches={"success_form": form})
    assert client.register(ONE, PIN[ONE]).json() == {"success": expected}


def test_pending_lasts_for_some_reads(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"after_register": "PENDING", "pending_reads": 2})
    client.register(ONE, PIN[ONE])
    assert [client.fields(ONE, "status")["status"] for _unused in range(3)] == ["PENDING", "PENDING", "CONNECTED"]


def test_pending_lasts_for_some_seconds(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"after_register": "PENDING", "pending_seconds": 600})
    client.register(ONE, PIN[ONE])
    assert client.fields(ONE, "status")["status"] == "PENDING"
    sim.admin("POST", "/clock", json={"advance": 601})
    assert client.fields(ONE, "status")["status"] == "CONNECTED"


def test_graph_may_lag_behind(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"stale_reads": 2})
    client.register(ONE, PIN[ONE])
    seen = [client.fields(ONE, "platform_type")["platform_type"] for _unused in range(3)]
    assert seen == ["ON_PREMISE", "ON_PREMISE", "CLOUD_API"]


@pytest.mark.parametrize(("ending", "expected"), [("unregistered", "unregistered"), ("connected", "connected")])
def test_the_old_node_ends_as_switched(sim: Simulator, client: Client, ending: str, expected: str) -> None:
    sim.patch(ONE, switches={"old_node": ending})
    token = client.login(ONE)
    client.register(ONE, PIN[ONE])
    health = client.node(ONE, "GET", "/v1/health", token=token).json()["health"]
    assert health["gateway_status"] == expected


def test_the_old_node_may_refuse_connections(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"old_node": "refused"})
    client.login(ONE)
    client.register(ONE, PIN[ONE])
    with pytest.raises(requests.exceptions.ConnectionError):
        client.node(ONE, "GET", "/v1/health")
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        client.node(ONE, "GET", "/v1/health")
    client.login(TWO)


def test_register_takes_its_time_and_the_number_is_nowhere_meanwhile(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"register_seconds": 1.0})
    data = client.backup(ONE)
    sender = threading.Thread(target=client.register, args=(ONE, PIN[ONE], data))
    sender.start()
    time.sleep(0.4)
    assert sim.number(ONE)["moving"] is True
    assert sim.meters()[ONE]["condition"] == "dropped"
    assert [line["path"] for line in sim.admin("GET", "/state")["in_flight"]] == [f"/v26.0/{ONE}/register"]
    sender.join()
    assert sim.number(ONE)["location"] == "cloud"


def test_a_client_that_gives_up_does_not_stop_the_registration(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"register_seconds": 0.8})
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.register(ONE, PIN[ONE], timeout=0.2)
    time.sleep(1.0)
    assert sim.number(ONE)["location"] == "cloud"
    line = sim.ledger(path=f"/v26.0/{ONE}/register")[-1]
    assert (line["effect"], line["accepted"]) == ("registered", True)
    assert sim.outcome(line["seq"]) == "lost"


def test_deregister_leaves_the_number_nowhere(sim: Simulator, client: Client) -> None:
    assert error(client.graph("POST", f"{ONE}/deregister")) == (400, 133010)
    client.register(ONE, PIN[ONE])
    assert client.graph("POST", f"{ONE}/deregister").json() == {"success": True}
    assert client.fields(ONE, "platform_type", "status")["platform_type"] == "NOT_APPLICABLE"
    assert sim.number(ONE)["register_attempts_left"] == 9


def test_deregister_may_share_the_limit_and_answer_otherwise(sim: Simulator, client: Client) -> None:
    sim.patch(ONE, switches={"deregister_shares_limit": True, "deregister_unregistered_code": 100})
    answer = client.graph("POST", f"{ONE}/deregister")
    assert answer.json()["error"]["error_subcode"] == 2207051
    assert sim.number(ONE)["register_attempts_left"] == 9


def test_the_pin_on_the_cloud_side(sim: Simulator, client: Client) -> None:
    assert error(client.graph("POST", ONE, json={"pin": "222222"})) == (400, 133010)
    client.register(ONE, PIN[ONE])
    assert client.graph("POST", ONE, json={"pin": "222222"}).json() == {"success": True}
    assert error(client.graph("POST", ONE, json={"pin": "2222"})) == (400, 131009)
    # registering a registered number needs no PIN and sets none
    assert client.register(ONE, PIN[ONE]).json() == {"success": True}
    client.graph("POST", f"{ONE}/deregister")
    assert error(client.register(ONE, PIN[ONE]))[1] == 133005
    assert client.register(ONE, "222222").json() == {"success": True}
    assert sim.number(ONE)["location"] == "cloud"
    assert sim.number(ONE)["waba_id"] == WABA


@pytest.mark.parametrize("location", ["on_premise", "cloud"])
@pytest.mark.parametrize(
    ("form", "text"),
    [("smb", "Register endpoint is not available for SMB businesses."), ("permission", "(#100) Missing Permission")],
)
def test_a_number_of_the_phone_app_is_refused_and_the_try_counts(
    sim: Simulator, client: Client, location: str, form: str, text: str
) -> None:
    sim.patch(ONE, is_on_biz_app=True, location=location, switches={"biz_app_form": form})
    assert client.fields(ONE, "is_on_biz_app")["is_on_biz_app"] is True
    answer = client.register(ONE, PIN[ONE])
    assert error(answer) == (400, 100) and answer.json()["error"]["message"] == text
    state = sim.number(ONE)
    assert (state["location"], state["register_attempts_left"]) == (location, 9)


@pytest.mark.parametrize("name_status", ["EXPIRED", "NONE"])
def test_a_name_without_a_certificate_is_refused(sim: Simulator, client: Client, name_status: str) -> None:
    sim.patch(ONE, name_status=name_status)
    answer = client.register(ONE, PIN[ONE])
    assert error(answer) == (400, 100) and answer.json()["error"]["error_subcode"] == 2388001
    assert sim.number(ONE)["location"] == "on_premise"


@pytest.mark.parametrize("clears", [False, True])
def test_a_node_that_is_down_clears_two_step_verification_as_switched(
    sim: Simulator, client: Client, clears: bool
) -> None:
    sim.patch(ONE, switches={"down_node_clears_two_step": clears})
    token = client.login(ONE)
    client.register(ONE, "999999")
    answer = client.node(ONE, "DELETE", "/v1/settings/account/two-step", token=token)
    assert (answer.status_code, sim.number(ONE)["has_pin"]) == ((200, False) if clears else (503, True))
    assert client.fields(ONE, "is_pin_enabled")["is_pin_enabled"] is not clears
    # a backup is made by a node that is connected only
    assert client.node(ONE, "POST", "/v1/settings/backup", token=token, json={"password": "x"}).status_code == 503
