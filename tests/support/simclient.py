# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of both simulated APIs, as the tests of the simulator use them, and the fleet that they play with."""

from __future__ import annotations

from typing import Any

import requests
from wabiz_simulator import fleet

from .simulator import Simulator

TIMEOUT = 20
ONE, FIRST_LOGIN, TWO = "100000000000000", "100000000000001", "100000000000002"
MULTI, OFFICIAL = "100000000000004", "100000000000006"
WABA, OTHER_WABA = "200000000000000", "200000000000001"


class Client:
    """Call one side with its credentials; every call has a connection of its own unless keep is set."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = sim.ca_path

    def graph(self, method: str, path: str, *, token: str | None = fleet.TOKEN, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers.update(options.pop("headers", {}))
        url = path if path.startswith("http") else f"{self.sim.graph_url}/v26.0/{path}"
        options.setdefault("timeout", TIMEOUT)
        return self.session.request(method, url, headers=headers, allow_redirects=False, **options)

    def node(self, number: str, method: str, path: str, *, token: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options.setdefault("timeout", TIMEOUT)
        return self.session.request(method, self.sim.nodes[number] + path, headers=headers, **options)

    def login(self, number: str, user: str = "admin", password: str = fleet.PASSWORD) -> str:
        answer = self.node(number, "POST", "/v1/users/login", auth=(user, password))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["users"][0]["token"])

    def backup(self, number: str, password: str = "tacocat") -> str:
        token = self.login(number)
        answer = self.node(number, "POST", "/v1/settings/backup", token=token, json={"password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["settings"]["data"])

    def register(self, number: str, pin: str, backup: str | None = None, **options: Any) -> requests.Response:
        body: dict[str, Any] = {"messaging_product": "whatsapp", "pin": pin}
        if backup is not None:
            body["backup"] = {"password": "tacocat", "data": backup}
        return self.graph("POST", f"{number}/register", json=body, **options)

    def fields(self, number: str, *names: str) -> dict[str, Any]:
        answer = self.graph("GET", number, params={"fields": ",".join(names)})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def error(answer: requests.Response) -> tuple[int, int]:
    """Return HTTP status and code of an error envelope of either API."""
    body = answer.json()
    return answer.status_code, body["error"]["code"] if "error" in body else body["errors"][0]["code"]


def make_fleet() -> dict[str, Any]:
    """Eight numbers: 4 is multiconnect with two shards, 6 is an official business account; two WABAs."""
    content = fleet.generate(8, wabas=2)
    content["extra_tokens"] = [
        {"token": "of-app", "app_id": fleet.APP_ID, "of_app": True},
        {"token": "no-scopes", "app_id": "700000000000002", "scopes": []},
        {"token": "reader", "app_id": "700000000000003", "scopes": ["whatsapp_business_management"]},
        {"token": "other-app", "app_id": "700000000000004"},
        {"token": "one-waba", "app_id": "700000000000005", "waba_ids": ["200000000000001"]},
        {"token": "expired", "app_id": "700000000000006", "expires_at": 1},
        {"token": "guest", "app_id": fleet.APP_ID, "of_developer": False},
        {"token": "no-callback", "app_id": "700000000000007", "webhook": None},
    ]
    first = content["numbers"][0]["node"]
    first["users"] = [{"username": "operator", "password": "Operator-1"}]
    first["api_key"] = "monitoring-key-1"
    first["queues"] = {"callback_queue_size": 3, "db_pending_messages": 2}
    content["numbers"][1]["node"]["first_login"] = True
    content["wabas"][0]["templates"] = [{"name": f"template_{at}"} for at in range(30)]
    return content
