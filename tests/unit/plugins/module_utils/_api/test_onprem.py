# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node: its login, the forms that its bodies take, and what is told when it refuses."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, errors, onprem
from ansible_collections.wabiz.migration.plugins.module_utils._api.onprem import OnPrem
from ansible_collections.wabiz.migration.tests.support import certificates
from ansible_collections.wabiz.migration.tests.support import faultserver as fs

META = {"meta": {"api_status": "stable", "version": "v2.53.1"}}
BASIC = "Basic " + base64.b64encode(b"admin:Sup3r:Secret!").decode()


def login(token: str = "tok1") -> Any:
    return fs.answer({"users": [{"token": token, "expires_after": "2026-11-29 15:29:26+00:00"}], **META})


def message(**parts: Any) -> Any:
    return fs.answer({**parts, **META})


@pytest.fixture
def node(serve: Any, clock: Any) -> Any:
    """A factory of (client, server) for a script of answers."""
    made = []

    def make(*steps: Any, **changes: Any) -> Any:
        tls = changes.pop("tls", None)
        server = serve(*steps, tls=tls)
        options = {
            "url": server.url,
            "username": "admin",
            "password": "Sup3r:Secret!",
            "token": None,
            "validate_certs": True,
            "ca_path": None,
            "timeout": 2.0,
            "retry_budget": 10.0,
            "number": "+1 555 0100",
            "clock": clock,
            "sleep": clock.sleep,
            "random": lambda: 0.0,
            "announce": lambda text: None,
        }
        options.update(changes)
        made.append(OnPrem.open(**options))
        return made[-1], server

    yield make
    for client in made:
        client.close()


def test_it_logs_in_once_at_the_first_call(node: Any) -> None:
    client, server = node(login(), message(health={"gateway_status": "connected"}), message(support={"version": "2"}))
    assert server.connections == 0
    assert client.health() == {"gateway_status": "connected"}
    assert client.support() == {"version": "2"}
    assert server.paths() == ["POST /v1/users/login", "GET /v1/health", "GET /v1/support"]
    assert server.requests[0].headers["authorization"] == BASIC and server.requests[0].body == b""
    assert server.requests[1].headers["authorization"] == "Bearer tok1"


def test_a_given_token_is_used_and_never_replaced(node: Any) -> None:
    client, server = node(fs.answer(b"", 401), token="given")
    with pytest.raises(errors.AuthError) as caught:
        client.health()
    assert server.paths() == ["GET /v1/health"]
    assert "onprem_token" in caught.value.failure.next_step and "+1 555 0100" in str(caught.value)


def test_an_expired_token_of_its_own_login_is_renewed_once(node: Any) -> None:
    ok = message(health={"gateway_status": "connected"})
    client, server = node(login(), ok, fs.onprem_error(1005, 403), login("tok2"), ok)
    client.health()
    with pytest.raises(errors.ForbiddenError):
        client.health()  # 403: the account may not do this, whatever token it has
    client, server = node(login(), ok, fs.onprem_error(1005, 401), login("tok2"), ok)
    client.health()
    client.health()  # 401: the node does not know this token any more
    assert server.requests[-1].headers["authorization"] == "Bearer tok2"
    refused = fs.answer(b"", 401)
    client, server = node(login(), ok, refused, login("tok2"), ok, refused, login("tok3"), refused)
    client.health()
    client.health()
    assert [request.headers["authorization"] for request in server.requests] == [
        BASIC,
        "Bearer tok1",
        "Bearer tok1",
        BASIC,
        "Bearer tok2",
    ]
    with pytest.raises(errors.AuthError) as caught:
        client.health()
    assert len(server.requests) == 8
    assert "has just issued" in str(caught.value)


PAGE = b"<html><body>Forbidden for admin:Sup3r:Secret!</body></html>"


@pytest.mark.parametrize(
    "fault",
    [
        fs.onprem_error(1005, 401),
        fs.onprem_error(1005, 403),
        *(fs.answer(b"", status, content_type="") for status in (400, 401, 403)),
        *(fs.answer({}, status) for status in (400, 401, 403)),
        *(fs.answer(PAGE, status, content_type="text/html") for status in (400, 401, 403)),
        fs.answer(b"Unauthorized", 401, content_type="text/plain"),
        fs.answer(b"no json", 401),
    ],
)
def test_a_wrong_password(node: Any, clock: Any, fault: Any) -> None:
    client, server = node(fault)
    with pytest.raises(errors.OnPremError) as caught:
        client.health()
    assert server.paths() == ["POST /v1/users/login"] and clock.slept == []
    assert isinstance(caught.value, (errors.AuthError, errors.ForbiddenError))
    assert (caught.value.title, caught.value.acted) == (onprem.LOGIN_REFUSED, codes.NO)
    assert caught.value.failure.next_step == ("check O(onprem_username) and O(onprem_password)")
    assert "Sup3r" not in str(caught.value) and "+1 555 0100" in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        fs.onprem_error(1005, 403, "App Expired: a version upgrade is required"),
        fs.onprem_error(1014, 400, "Please check if wacore is running: wacore:6252"),
        fs.onprem_error(1008, 400),
        fs.answer(PAGE, 404, content_type="text/html"),
        fs.answer(PAGE, 502, content_type="text/html"),
        fs.answer(b"", 500),
    ],
)
def test_other_errors_of_the_login_are_no_wrong_password(node: Any, fault: Any) -> None:
    client, _server = node(fault)
    with pytest.raises(errors.ApiError) as caught:
        client.health()
    assert caught.value.failure.title != onprem.LOGIN_REFUSED
    assert "onprem_username" not in caught.value.failure.next_step


def test_a_coreapp_that_does_not_run_is_told_whatever_was_asked(node: Any) -> None:
    client, server = node(login(), fs.onprem_error(1014, 400, "Please check if wacore is running: wacore:6252"))
    with pytest.raises(errors.OnPremError) as caught:
        client.application()
    assert "Coreapp" in caught.value.title and "docker start" in caught.value.failure.next_step
    assert "wacore:6252" in caught.value.details and len(server.requests) == 2


def test_a_page_in_place_of_a_refused_token_is_a_refused_token(node: Any) -> None:
    ok = message(health={"gateway_status": "connected"})
    client, server = node(login(), ok, fs.answer(PAGE, 401, content_type="text/html"), login("tok2"), ok)
    client.health()
    assert client.health() == {"gateway_status": "connected"}
    assert server.requests[-1].headers["authorization"] == "Bearer tok2"


def test_the_first_login(node: Any) -> None:
    client, _server = node(fs.onprem_error(1024, 400, "password must be changed"))
    with pytest.raises(errors.AuthError) as caught:
        client.health()
    assert caught.value.code == 1024 and "new_password" in caught.value.failure.next_step


@pytest.mark.parametrize("body", [None, {}, META, {"users": []}, {"users": [{"token": ""}]}, {"users": "x"}])
def test_a_login_without_a_token(node: Any, body: Any) -> None:
    client, _server = node(fs.answer(body))
    with pytest.raises(errors.ProtocolError) as caught:
        client.health()
    assert "users[0].token" in str(caught.value)


def test_reads(node: Any) -> None:
    client, server = node(
        login(),
        message(settings={"application": {"wa_id": "15550100"}}),
        message(account={"shards": 2}),
        fs.onprem_error(1006, 404),
        message(stats={"app": {"callback_queue_size": {"data": [{"value": 4}]}}}),
        message(settings={"business": {"profile": {"email": "a@b"}}}),
        message(settings={"profile": {"about": {"text": "hi"}}}),
        message(settings={"profile": {"photo": {"link": "https://x"}}}),
    )
    assert client.application() == {"wa_id": "15550100"}
    assert client.shards() == 2
    assert client.shards() is None
    assert "app" in client.stats("app")
    assert client.business_profile() == {"email": "a@b"}
    assert client.about() == {"text": "hi"}
    assert client.photo() == {"link": "https://x"}
    assert server.paths()[1:] == [
        "GET /v1/settings/application",
        "GET /v1/account/shards",
        "GET /v1/account/shards",
        "GET /v1/stats/app",
        "GET /v1/settings/business/profile",
        "GET /v1/settings/profile/about",
        "GET /v1/settings/profile/photo?format=link",
    ]


def test_a_photo_is_told_by_the_digest_of_its_bytes(node: Any) -> None:
    picture = bytes(range(256))
    link = message(settings={"profile": {"photo": {"link": "https://x"}}})
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 256\r\nConnection: close\r\n\r\n"
    client, server = node(login(), fs.raw(head + picture), link, link, fs.onprem_error(1006, 404))
    assert client.photo_facts() == {"present": True, "sha256": hashlib.sha256(picture).hexdigest()}
    assert client.photo_facts() == {"present": True, "sha256": ""}
    assert client.photo_facts() == {"present": False, "sha256": ""}
    assert server.paths()[1] == "GET /v1/settings/profile/photo"


@pytest.mark.parametrize(
    "health", [{"gateway_status": "connected"}, {"a:1": [{"code": 1014}]}, [{"code": 1014}], "no Coreapp", {}, []]
)
def test_a_health_of_any_shape_is_handed_on(node: Any, health: Any) -> None:
    client, _server = node(login(), message(health=health))
    assert client.health() == health


@pytest.mark.parametrize("body", [None, {}, META])
def test_empty_bodies(node: Any, body: Any) -> None:
    client, _server = node(login(), fs.answer(body))
    assert client.business_profile() == client.about() == client.photo() == client.stats("db") == {}
    client.clear_two_step()
    client.set_two_step("123456")
    for call in (client.health, client.application, client.support, lambda: client.backup("x")):
        with pytest.raises(errors.ProtocolError):
            call()


def test_two_step(node: Any) -> None:
    client, server = node(login(), message(), fs.answer({"success": False}), fs.onprem_error(1015, 429), message())
    client.clear_two_step()
    with pytest.raises(errors.OnPremError):
        client.set_two_step("123456")
    client.set_two_step("123456")
    assert server.paths()[1:] == ["DELETE /v1/settings/account/two-step", *["POST /v1/settings/account/two-step"] * 3]
    assert server.requests[-1].json() == {"pin": "123456"}


def test_two_step_is_not_sent_again_in_doubt(node: Any) -> None:
    client, server = node(login(), fs.reset)
    with pytest.raises(errors.ReadError):
        client.set_two_step("123456")
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [1011, 1015, 1016, 1017, 1018])
def test_backup_outlasts_passing_refusals(node: Any, code: int) -> None:
    client, server = node(login(), fs.onprem_error(code), fs.reset, message(settings={"data": "V0FCx"}))
    assert client.backup("pw") == ("V0FCx", "v2.53.1")
    assert server.requests[-1].json() == {"password": "pw"}
    assert len(server.requests) == 4


def test_backup_ends_with_the_budget_and_says_why(node: Any) -> None:
    client, _server = node(login(), fs.onprem_error(1011))
    with pytest.raises(errors.OnPremError) as caught:
        client.backup("pw-word-1")
    assert "not registered" in str(caught.value) and "Given up after" in str(caught.value)
    assert "pw-word-1" not in str(caught.value)


def test_what_only_informs(node: Any) -> None:
    pem = fs.answer(b"-----BEGIN CERTIFICATE-----\nMII", content_type="application/x-pem-file")
    client, server = node(
        login(),
        message(stickerpacks=[{"id": "a"}, {"id": "b"}]),
        message(),
        fs.onprem_error(1006, 404),
        pem,
        fs.onprem_error(1006, 404),
        message(),
        fs.onprem_error(1005, 403),
    )
    assert [client.stickerpacks() for _at in range(3)] == [2, 0, 0]
    assert [client.has_certificate(name) for name in ("external/ca", "webhooks/ca", "webhooks/ca")] == [
        True,
        False,
        False,
    ]
    with pytest.raises(errors.ForbiddenError):
        client.has_certificate("webhooks/ca")
    assert server.paths()[1] == "GET /v1/stickerpacks"
    assert server.paths()[4:6] == ["GET /v1/certificates/external/ca", "GET /v1/certificates/webhooks/ca"]


def test_refused_logins_have_titles_that_stay(node: Any) -> None:
    client, _server = node(fs.onprem_error(1005, 401))
    with pytest.raises(errors.OnPremError) as caught:
        client.health()
    assert caught.value.title == onprem.LOGIN_REFUSED
    client, _server = node(fs.onprem_error(1005, 401), token="old")
    with pytest.raises(errors.OnPremError) as caught:
        client.health()
    assert caught.value.title == onprem.TOKEN_REFUSED


def test_metrics_at_either_path(node: Any) -> None:
    client, server = node(login(), fs.answer(b"", 404), fs.answer(b"web_uptime 1\n", content_type="text/plain"))
    assert client.metrics_text() == "web_uptime 1\n"
    assert server.paths()[1:] == ["GET /metrics", "GET /v1/metrics"]


def test_unknown_statistics(node: Any) -> None:
    client, _server = node(login())
    with pytest.raises(ValueError, match="no such"):
        client.stats("../users")


def test_a_self_signed_node(node: Any, good: certificates.Certificate) -> None:
    ok = message(health={})
    for options in ({"ca_path": good.path}, {"validate_certs": False}):
        client, _server = node(login(), ok, tls=good.context, **options)
        assert client.health() == {}
    client, server = node(login(), ok, tls=good.context)
    with pytest.raises(errors.TlsError) as caught:
        client.health()
    assert "onprem_ca_path" in caught.value.failure.next_step and server.requests == []
