# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages, media and new numbers of the Graph client: sent once, in Meta's shape, and read as asked for."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._api import codes, errors
from ansible_collections.wabiz.migration.plugins.module_utils._meta_api import template_message
from ansible_collections.wabiz.migration.tests.support import faultserver as fs


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"messages": [{}]}, {"messages": "x"}, {"success": True}])
def test_a_message_is_sent_once_and_its_answer_names_it(graph: Any, body: dict[str, Any]) -> None:
    client, server = graph(fs.answer(body), fs.answer({"messages": [{"id": "wamid.A", "message_status": "accepted"}]}))
    with pytest.raises(errors.ApiError) as caught:
        client.send_message("1", template_message("4915550100102", "ends", "en", ["May"]))
    assert caught.value.acted == codes.MAYBE and len(server.requests) == 1
    found = client.send_message("1", template_message("4915550100102", "ends", "en", ["May"]))
    assert found["message_status"] == "accepted"
    assert server.requests[0].json() == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "4915550100102",
        "type": "template",
        "template": {
            "name": "ends",
            "language": {"code": "en"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "May"}]}],
        },
    }


@pytest.mark.parametrize("trouble", [fs.reset, fs.answer({}, 503), fs.graph_error(2, 503), fs.graph_error(130429)])
def test_a_message_is_never_repeated(graph: Any, trouble: Any) -> None:
    client, server = graph(trouble, fs.answer({"messages": [{"id": "wamid.A"}]}))
    with pytest.raises(errors.ApiError):
        client.send_message("1", template_message("4915550100102", "ends", "en"))
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": "1037"}, {"id": ["10375"]}, {"sha256": "a" * 64}])
def test_a_media_file_is_the_one_that_was_asked_for(graph: Any, body: dict[str, Any]) -> None:
    client, _server = graph(fs.answer(body), fs.answer({"id": "10375", "sha256": "a" * 64}))
    with pytest.raises(errors.ProtocolError, match="id"):
        client.media("10375")
    assert client.media("10375")["sha256"] == "a" * 64


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": ["3"]}, {"id": "x"}, {"success": True}])
def test_a_number_is_added_once_and_its_answer_names_it(graph: Any, body: dict[str, Any]) -> None:
    client, server = graph(fs.answer(body), fs.answer({"id": "3"}))
    with pytest.raises(errors.ApiError) as caught:
        client.add_number("2", {"cc": "1", "phone_number": "6315551019", "migrate_phone_number": True})
    assert caught.value.acted == codes.MAYBE and len(server.requests) == 1
    assert client.add_number("2", {"cc": "1"}) == "3"
    assert server.paths() == ["POST /v25.0/2/phone_numbers"] * 2
    assert server.requests[0].json() == {"cc": "1", "phone_number": "6315551019", "migrate_phone_number": True}
