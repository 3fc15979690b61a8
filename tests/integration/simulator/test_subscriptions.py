# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""subscribed_apps: the app of the token, overrides, and the plain POST that drops one silently."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.support.simclient import ONE, OTHER_WABA, WABA, Client, error
from ansible_collections.wabiz.migration.tests.support.simulator import Simulator
from wabiz_simulator import fleet

PATH = f"{WABA}/subscribed_apps"
OVERRIDE = {"override_callback_uri": "https://hooks.example.com/in", "verify_token": "check"}


def test_a_subscription_is_made_read_and_removed(sim: Simulator, client: Client) -> None:
    assert client.graph("GET", PATH).json() == {"data": []}
    assert client.graph("POST", PATH).json() == {"success": True}
    entry = client.graph("GET", PATH).json()["data"][0]
    assert entry["whatsapp_business_api_data"]["id"] == fleet.APP_ID
    assert "override_callback_uri" not in entry
    assert client.graph("GET", f"{OTHER_WABA}/subscribed_apps").json() == {"data": []}
    assert client.graph("DELETE", PATH).json() == {"success": True}
    assert client.graph("GET", PATH).json() == {"data": []}
    assert [line["effect"] for line in sim.changes()[-2:]] == ["subscribed", "unsubscribed"]


def test_the_app_is_the_one_of_the_token(client: Client) -> None:
    client.graph("POST", PATH)
    client.graph("POST", PATH, token="other-app")
    apps = [entry["whatsapp_business_api_data"]["id"] for entry in client.graph("GET", PATH).json()["data"]]
    assert apps == [fleet.APP_ID, "700000000000004"]
    client.graph("DELETE", PATH, token="other-app")
    assert len(client.graph("GET", PATH).json()["data"]) == 1


def test_an_override_needs_the_plain_subscription_first(client: Client) -> None:
    answer = client.graph("POST", PATH, json=OVERRIDE)
    assert error(answer) == (400, 100)
    assert "Before override" in answer.json()["error"]["message"]
    client.graph("POST", PATH)
    assert client.graph("POST", PATH, json=OVERRIDE).status_code == 200
    entry = client.graph("GET", PATH).json()["data"][0]
    assert entry["override_callback_uri"] == OVERRIDE["override_callback_uri"]
    webhooks = client.fields(ONE, "webhook_configuration")["webhook_configuration"]
    assert webhooks["whatsapp_business_account"] == OVERRIDE["override_callback_uri"]


def test_a_plain_post_drops_an_override(sim: Simulator, client: Client) -> None:
    client.graph("POST", PATH)
    client.graph("POST", PATH, json=OVERRIDE)
    client.graph("POST", PATH)
    assert "override_callback_uri" not in client.graph("GET", PATH).json()["data"][0]
    assert [line["effect"] for line in sim.changes()[-2:]] == ["override_set", "override_dropped"]


def test_bad_overrides_are_refused(client: Client) -> None:
    client.graph("POST", PATH)
    for body, code in (
        ({"override_callback_uri": "https://hooks.example.com/in"}, 100),
        ({**OVERRIDE, "override_callback_uri": "http://hooks.example.com/in"}, 100),
        ({**OVERRIDE, "override_callback_uri": "https://dead.invalid/in"}, 2200),
        ({**OVERRIDE, "more": 1}, 100),
    ):
        assert error(client.graph("POST", PATH, json=body)) == (400, code)


def test_a_number_may_have_its_own_callback(client: Client) -> None:
    own = {"webhook_configuration": {"override_callback_uri": "https://one.example.com/", "verify_token": "x"}}
    assert client.graph("POST", ONE, json=own).json() == {"success": True}
    webhooks = client.fields(ONE, "webhook_configuration")["webhook_configuration"]
    assert webhooks["phone_number"] == "https://one.example.com/"
    assert error(client.graph("POST", ONE, json={**own, "pin": "123456"})) == (400, 100)
