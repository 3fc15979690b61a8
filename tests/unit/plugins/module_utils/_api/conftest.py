# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the HTTP room share: a transport on a clock that only sleeping and waiting move."""

from __future__ import annotations

import time
from typing import Any, Callable

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api.graph import Graph
from ansible_collections.wabiz.migration.plugins.module_utils._api.retry import RetryPolicy
from ansible_collections.wabiz.migration.plugins.module_utils._api.transport import Transport
from ansible_collections.wabiz.migration.tests.support import certificates, faultserver

TOKEN = "EAAsecretTOKENvalue0123456789"


class Clock:
    """A clock that runs as the real one, plus what was slept; so that waits cost nothing."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies and the CA settings of the machine out of the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def message() -> list[str]:
    """The lines that were announced."""
    return []


@pytest.fixture
def transport(clock: Clock, message: list[str]) -> Any:
    """A factory of transports that are closed after the test."""
    made: list[Transport] = []

    def make(url: str, **changes: Any) -> Transport:
        options: dict[str, Any] = {
            "api": "graph",
            "number_label": "+1 555 0100",
            "auth_header": lambda: {"Authorization": "Bearer %s" % TOKEN},
            "verify": True,
            "connect_timeout": 2.0,
            "read_timeout": 2.0,
            "policy": RetryPolicy(budget=60.0),
            "clock": clock,
            "sleep": clock.sleep,
            "random": lambda: 0.0,
            "announce": message.append,
        }
        options.update(changes)
        made.append(Transport(url, **options))
        return made[-1]

    yield make
    for item in made:
        item.close()


@pytest.fixture
def serve() -> Any:
    """A factory of fault servers that are stopped after the test."""
    running: list[faultserver.FaultServer] = []

    def start(*steps: Callable[..., None], **options: Any) -> faultserver.FaultServer:
        running.append(faultserver.FaultServer(list(steps), **options).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> certificates.Certificate:
    return certificates.certificate(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="session")
def expired(tmp_path_factory: pytest.TempPathFactory) -> certificates.Certificate:
    return certificates.certificate(tmp_path_factory.mktemp("expired"), "expired", expired=True)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> certificates.Authority:
    return certificates.authority(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> certificates.Authority:
    return certificates.authority(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture
def graph(serve: Any, clock: Any, message: Any) -> Any:
    """A factory of (client, server) for a script of answers."""
    made = []

    def make(*steps: Any) -> Any:
        server = serve(*steps)
        client = Graph.open(
            access_token=TOKEN,
            graph_url=server.url + "/",
            graph_version="v25.0",
            graph_validate_certs=True,
            graph_ca_path=None,
            graph_timeout=2.0,
            number="+1 555 0100",
            clock=clock,
            sleep=clock.sleep,
            random=lambda: 0.0,
            announce=message.append,
        )
        made.append(client)
        return client, server

    yield make
    for client in made:
        client.close()
