# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph: what each method sends and what it makes of the answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, errors
from ansible_collections.wabiz.migration.plugins.module_utils._api.graph import Graph
from ansible_collections.wabiz.migration.plugins.module_utils._api.uploads import File
from ansible_collections.wabiz.migration.plugins.module_utils._failure import RefusedError, WabizError
from ansible_collections.wabiz.migration.plugins.module_utils._meta_api import template_message
from ansible_collections.wabiz.migration.tests.support import faultserver as fs

TOKEN = "EAAsecretTOKENvalue0123456789"
DONE = fs.answer({"success": True})


def test_reads(graph: Any) -> None:
    client, server = graph(
        fs.answer({"id": "1", "status": "CONNECTED"}),
        fs.answer({"id": "2"}),
        fs.answer({"data": [{"whatsapp_business_api_data": {"id": "9"}}]}),
        fs.answer({"data": []}),
        fs.answer({"data": {"app_id": "9", "is_valid": True}}),
    )
    assert client.phone_number("1", ["id", "status"]) == {"id": "1", "status": "CONNECTED"}
    assert client.waba("2", ["id"]) == {"id": "2"}
    assert client.subscribed_apps("2") == [{"whatsapp_business_api_data": {"id": "9"}}]
    assert client.app_subscriptions("9") == []
    assert client.debug_token() == {"app_id": "9", "is_valid": True}
    assert server.paths() == [
        "GET /v25.0/1?fields=id%2Cstatus",
        "GET /v25.0/2?fields=id",
        "GET /v25.0/2/subscribed_apps",
        "GET /v25.0/9/subscriptions",
        "GET /v25.0/debug_token?input_token=" + TOKEN,
    ]


def test_an_app_access_token_goes_into_the_header_of_that_one_read(graph: Any) -> None:
    client, server = graph(fs.answer({"data": []}), fs.graph_error(190, 401), fs.answer({"id": "2"}))
    assert client.app_subscriptions("9", "9|of-the-app-itself") == []
    with pytest.raises(errors.AuthError) as caught:
        client.app_subscriptions("9", "9|of-the-app-itself")
    assert "of-the-app-itself" not in str(caught.value)
    client.waba("2", ["id"])
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer 9|of-the-app-itself"] * 2 + ["Bearer " + TOKEN]
    assert server.paths()[0] == "GET /v25.0/9/subscriptions"


def test_a_token_is_inspected_by_itself_or_by_the_app(graph: Any) -> None:
    client, server = graph(fs.answer({"data": {"app_id": "9"}}))
    client.debug_token()
    client.debug_token("9|of-the-app-itself")
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer " + TOKEN, "Bearer 9|of-the-app-itself"]
    assert set(server.paths()) == {"GET /v25.0/debug_token?input_token=" + TOKEN}


def test_the_version_that_answered_is_kept(graph: Any) -> None:
    client, _server = graph(fs.answer({"id": "2"}, headers={"Facebook-API-Version": "v26.0"}), fs.answer({"id": "2"}))
    assert client.served == ""
    client.waba("2", ["id"])
    assert client.served == "v26.0"
    client.waba("2", ["id"])
    assert client.served == ""


@pytest.mark.parametrize(
    "data", [[{"about": "hi"}], [{"business_profile": {"about": "hi"}}], [{"about": "hi", "business_profile": None}]]
)
def test_business_profile_in_either_shape(graph: Any, data: Any) -> None:
    client, server = graph(fs.answer({"data": data}), fs.answer({"data": []}), fs.answer({"data": None}))
    assert client.business_profile("1", ["about", "email"])["about"] == "hi"
    assert client.business_profile("1", ["about"]) == {}
    with pytest.raises(errors.ProtocolError):
        client.business_profile("1", ["about"])
    assert server.paths()[0] == "GET /v25.0/1/whatsapp_business_profile?fields=about%2Cemail"


def test_business_profile_is_set(graph: Any) -> None:
    client, server = graph(DONE, fs.answer({"success": False}))
    client.set_business_profile("1", {"about": "hi"})
    assert server.paths() == ["POST /v25.0/1/whatsapp_business_profile"]
    assert server.requests[0].json() == {"messaging_product": "whatsapp", "about": "hi"}
    with pytest.raises(errors.GraphError):
        client.set_business_profile("1", {"about": "hi"})


def test_paging_follows_cursors_not_addresses(graph: Any) -> None:
    thief = "https://127.0.0.9/v25.0/2/phone_numbers?access_token=x&after=A"
    client, server = graph(
        fs.answer({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": thief}}),
        fs.answer({"data": [{"id": "2"}], "paging": {"cursors": {"after": "B"}}}),
    )
    assert [item["id"] for item in client.phone_numbers("2", ["id"])] == ["1", "2"]
    assert server.paths() == [
        "GET /v25.0/2/phone_numbers?fields=id&limit=100",
        "GET /v25.0/2/phone_numbers?fields=id&limit=100&after=A",
    ]


def test_paging_in_a_circle_ends(graph: Any) -> None:
    client, _server = graph(fs.answer({"data": [], "paging": {"cursors": {"after": "A"}, "next": "x"}}))
    with pytest.raises(errors.ProtocolError):
        client.message_templates("2", ["name"])


def test_changes(graph: Any) -> None:
    client, server = graph(DONE)
    client.register("1", "123456", {"password": "p", "data": "V0FC"}, "CH")
    client.register("1", "123456")
    client.deregister("1")
    client.set_pin("1", "123456")
    client.request_code("1", "SMS", "en_US")
    client.verify_code("1", "012345")
    client.subscribe("2")
    client.subscribe("2", "https://hook.test/x", "v")
    client.unsubscribe("2")
    assert server.paths() == [
        "POST /v25.0/1/register",
        "POST /v25.0/1/register",
        "POST /v25.0/1/deregister",
        "POST /v25.0/1",
        "POST /v25.0/1/request_code",
        "POST /v25.0/1/verify_code",
        "POST /v25.0/2/subscribed_apps",
        "POST /v25.0/2/subscribed_apps",
        "DELETE /v25.0/2/subscribed_apps",
    ]
    assert server.requests[0].json() == {
        "messaging_product": "whatsapp",
        "pin": "123456",
        "backup": {"password": "p", "data": "V0FC"},
        "data_localization_region": "CH",
    }
    assert server.requests[1].json() == {"messaging_product": "whatsapp", "pin": "123456"}
    assert server.requests[2].body == b"" and server.requests[6].body == b""
    assert server.requests[3].json() == {"pin": "123456"}
    assert server.requests[4].json() == {"code_method": "SMS", "language": "en_US"}
    assert server.requests[5].json() == {"code": "012345"}
    assert server.requests[7].json() == {"override_callback_uri": "https://hook.test/x", "verify_token": "v"}


def test_success_as_a_string_and_data_as_proof(graph: Any) -> None:
    client, _server = graph(
        fs.answer({"success": "true"}), fs.answer({"data": [{"override_callback_uri": "https://x"}]})
    )
    client.register("1", "123456")
    client.subscribe("2", "https://x", "v")


@pytest.mark.parametrize(
    ("body", "cls", "code"),
    [
        ({"success": False}, errors.GraphError, "success_false"),
        ({"success": "false"}, errors.GraphError, "success_false"),
        ({}, errors.ProtocolError, "incomplete_answer"),
        (None, errors.ProtocolError, "incomplete_answer"),
        ({"data": [{}]}, errors.ProtocolError, "incomplete_answer"),
        ({"success": "perhaps"}, errors.ProtocolError, "incomplete_answer"),
    ],
)
def test_a_good_status_is_not_yet_a_success(graph: Any, body: Any, cls: type[errors.ApiError], code: str) -> None:
    client, server = graph(fs.answer(body))
    with pytest.raises(cls) as caught:
        client.register("1", "123456")
    assert (caught.value.acted, caught.value.failure.code) == (codes.MAYBE, code)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [fs.reset, fs.raw(b""), fs.graph_error(4), fs.graph_error(131016, 503)])
def test_what_counts_is_sent_once(graph: Any, clock: Any, fault: Any) -> None:
    for call in (
        lambda client: client.register("1", "123456"),
        lambda client: client.deregister("1"),
        lambda client: client.request_code("1", "SMS", "en_US"),
        lambda client: client.verify_code("1", "012345"),
        lambda client: client.add_number("2", {"cc": "1"}),
    ):
        client, server = graph(fault, DONE)
        with pytest.raises(errors.ApiError):
            call(client)
        assert len(server.requests) == 1 and clock.slept == []


@pytest.mark.parametrize(
    ("option", "call"),
    [
        ("phone_number_id", lambda client: client.phone_number("1", ["id"])),
        ("phone_number_id", lambda client: client.business_profile("1", ["about"])),
        ("phone_number_id", lambda client: client.set_business_profile("1", {"about": "x"})),
        ("phone_number_id", lambda client: client.register("1", "123456")),
        ("phone_number_id", lambda client: client.deregister("1")),
        ("phone_number_id", lambda client: client.set_pin("1", "123456")),
        ("waba_id", lambda client: client.waba("2", ["id"])),
        ("waba_id", lambda client: client.phone_numbers("2", ["id"])),
        ("waba_id", lambda client: client.message_templates("2", ["name"])),
        ("waba_id", lambda client: client.subscribed_apps("2")),
        ("waba_id", lambda client: client.subscribe("2")),
        ("waba_id", lambda client: client.unsubscribe("2")),
        ("app_id", lambda client: client.app_subscriptions("9")),
    ],
)
def test_every_call_tells_which_option_its_id_came_from(graph: Any, option: str, call: Any) -> None:
    client, server = graph(fs.graph_error(100, error_subcode=33))
    with pytest.raises(errors.NotFoundError) as caught:
        call(client)
    assert caught.value.title == "Graph cannot load the object whose ID is in O(%s)" % option
    assert "O(%s)" % option in caught.value.failure.next_step
    assert len(server.requests) == 1


@pytest.mark.parametrize("value", ["", "me", "1/../2", "1?x=1", "-1", "1 ", "١", None, 12])
def test_ids_are_digits(graph: Any, value: Any) -> None:
    client, server = graph(DONE)
    for call in (lambda: client.phone_number(value, ["id"]), lambda: client.register(value, "123456")):
        with pytest.raises(RefusedError) as caught:
            call()
        assert "O(phone_number_id)" in caught.value.failure.next_step
    assert server.connections == 0


@pytest.mark.parametrize("body", [None, {}, {"data": None}, {"data": [1]}])
def test_reads_that_lack_what_they_must_hold(graph: Any, body: Any) -> None:
    client, _server = graph(fs.answer(body))
    for call in (
        lambda: client.phone_number("1", ["id"]),
        lambda: client.subscribed_apps("2"),
        lambda: client.phone_numbers("2", ["id"]),
        client.debug_token,
    ):
        with pytest.raises(WabizError) as caught:
            call()
        assert TOKEN not in str(caught.value)


def _upload(client: Graph) -> None:
    """Begin an upload whose further answers have neither a handle nor an offset."""
    with pytest.raises(errors.ApiError):
        client.upload("9", File("photo.png", "image/png", b"x"))


# One call of each public method, and an answer that it takes.
EVERY_CALL: dict[str, tuple[Any, Any]] = {
    "phone_number": (lambda client: client.phone_number("1", ["id", "status"]), fs.answer({"id": "1"})),
    "phone_numbers": (
        lambda client: client.phone_numbers("2", ["id"]),
        fs.answer({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": "x"}}),
    ),
    "waba": (lambda client: client.waba("2", ["id"]), fs.answer({"id": "2"})),
    "subscribed_apps": (lambda client: client.subscribed_apps("2"), fs.answer({"data": []})),
    "subscribe": (lambda client: client.subscribe("2", "https://hook.test/x", "v"), DONE),
    "unsubscribe": (lambda client: client.unsubscribe("2"), DONE),
    "register": (lambda client: client.register("1", "123456", {"password": "p", "data": "V0FC"}, "CH"), DONE),
    "deregister": (lambda client: client.deregister("1"), DONE),
    "request_code": (lambda client: client.request_code("1", "SMS", "en_US"), DONE),
    "verify_code": (lambda client: client.verify_code("1", "012345"), DONE),
    "add_number": (lambda client: client.add_number("2", {"cc": "1"}), fs.answer({"id": "3"})),
    "set_pin": (lambda client: client.set_pin("1", "123456"), DONE),
    "business_profile": (lambda client: client.business_profile("1", ["about"]), fs.answer({"data": []})),
    "set_business_profile": (lambda client: client.set_business_profile("1", {"about": "hi"}), DONE),
    "debug_token": (lambda client: client.debug_token(), fs.answer({"data": {"app_id": "9"}})),
    "send_message": (
        lambda client: client.send_message("1", template_message("4915550100102", "ends", "en")),
        fs.answer({"messages": [{"id": "wamid.A"}]}),
    ),
    "settings": (lambda client: client.settings("1"), fs.answer({})),
    "message_templates": (lambda client: client.message_templates("2", ["name"]), fs.answer({"data": []})),
    "upload": (
        _upload,
        fs.answer({"id": "upload:A?sig=B"}),
    ),
    "upload_media": (
        lambda client: client.upload_media("1", File("a.png", "image/png", b"x")),
        fs.answer({"id": "17"}),
    ),
    "media": (lambda client: client.media("17"), fs.answer({"id": "17"})),
    "app_subscriptions": (lambda client: client.app_subscriptions("9", "9|x"), fs.answer({"data": []})),
}
NO_CALLS = {"open", "close", "served"}
# What Graph has ignored, refused or dropped in every version since 2026-05-19 (metadata) and 2026-10-27 (the others).
DROPPED = {"ids", "metadata", "pretty", "debug", "date_format"}


def test_every_method_of_the_client_has_a_call_here() -> None:
    assert {name for name in dir(Graph) if not name.startswith("_")} - NO_CALLS == set(EVERY_CALL)


@pytest.mark.parametrize("name", EVERY_CALL)
def test_nothing_is_sent_that_graph_has_dropped(graph: Any, name: str) -> None:
    call, answer = EVERY_CALL[name]
    # The last answer serves all further pages.
    client, server = graph(answer, fs.answer({"data": []}))
    call(client)
    assert server.requests
    for request in server.requests:
        parts = urlsplit(request.target)
        sent = set(dict(parse_qsl(parts.query, keep_blank_values=True)))
        sent |= set(request.json()) if request.body.startswith(b"{") else set()
        assert not sent & DROPPED, request.target
        assert not {"if-none-match", "if-modified-since"} & {header.lower() for header in request.headers}
        assert parts.path.strip("/").count("/"), "objects are read by their own path, never by ?ids="
