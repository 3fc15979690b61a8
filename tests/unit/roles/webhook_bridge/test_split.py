# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge's rules for a body: what is an event, what is a repetition, what is malformed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.wabiz.migration.tests.support.bridge import NUMBER, envelope, metadata, text
from hypothesis import given
from hypothesis import strategies as st
from wabiz_bridge.split import ERROR, MESSAGE, OTHER, STATUS, UNKNOWN, MalformedError, parse, split

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ANY = JSON | st.lists(st.dictionaries(st.sampled_from(["id", "from", "type", "errors", "status"]), JSON, max_size=4))


def value(**parts: Any) -> bytes:
    return envelope({"messaging_product": "whatsapp", "metadata": metadata(), **parts})


def test_each_message_and_status_is_an_event_of_its_contact() -> None:
    contacts = [{"wa_id": "491", "profile": {"name": "A"}}, {"wa_id": "492", "profile": {"name": "B"}}]
    messages = [{"from": "492", "id": "wamid.1"}, {"from": "491", "id": "wamid.2"}]
    statuses = [{"id": "wamid.3", "status": "read", "timestamp": "1", "recipient_id": "493"}]
    found = split(parse(value(contacts=contacts, messages=messages, statuses=statuses, errors=[{"code": 1}])))
    assert [(one.kind, one.contact) for one in found] == [
        (MESSAGE, "492"),
        (MESSAGE, "491"),
        (STATUS, "493"),
        (ERROR, ""),
    ]
    assert {one.number for one in found} == {NUMBER}
    assert json.loads(found[0].body)["contacts"] == [contacts[1]]


def test_a_user_is_the_same_contact_with_and_without_a_number() -> None:
    named = split(parse(value(messages=[{"from": "491", "from_user_id": "DE.1", "id": "wamid.1"}])))
    unnamed = split(parse(value(messages=[{"from_user_id": "DE.1", "id": "wamid.2"}])))
    status = split(parse(value(statuses=[{"recipient_user_id": "DE.1", "id": "wamid.0", "status": "sent"}])))
    assert named[0].contact == unnamed[0].contact == status[0].contact == "DE.1"


def test_a_repetition_has_the_same_key_and_nothing_else_has() -> None:
    status = {"id": "wamid.1", "status": "sent", "timestamp": "1", "recipient_id": "491"}
    others = [{**status, "status": "read"}, {**status, "timestamp": "2"}, {**status, "recipient_id": "492"}]
    keys = [split(parse(value(statuses=[one])))[0].key for one in (status, dict(status), *others)]
    assert keys[0] == keys[1] and len(set(keys)) == 4
    assert split(parse(text("491", "wamid.1")))[0].key == split(parse(text("491", "wamid.1", "again")))[0].key
    assert split(parse(text("491", "wamid.1")))[0].key != split(parse(text("491", "wamid.1", number="2")))[0].key


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b"\xff\xfe{}",
        b'{"a":' * 100_000,
        b"[" * 500_000,
        b'{"a":' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(body)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"object": "page", "entry": [{"changes": []}]},
        {"object": "whatsapp_business_account", "entry": {}},
        {"object": "whatsapp_business_account", "entry": [1]},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": []}]}]},
        {
            "object": "whatsapp_business_account",
            "entry": [{"changes": [{"field": "messages", "value": {"messages": "a"}}]}],
        },
    ],
)
def test_what_is_signed_in_an_unknown_shape_is_one_unknown_event(document: dict[str, Any]) -> None:
    (event,) = split(document)
    assert event.kind == UNKNOWN and json.loads(event.body) == document


def test_changes_of_an_account_are_other_events() -> None:
    (event,) = split(parse(envelope({"event": "VERIFIED_ACCOUNT"}, field="account_update")))
    assert event.kind == OTHER and json.loads(event.body)["value"] == {"event": "VERIFIED_ACCOUNT"}


@given(st.binary(max_size=200) | JSON.map(lambda one: json.dumps(one).encode()))
def test_any_body_is_parsed_or_malformed(body: bytes) -> None:
    try:
        found = parse(body)
    except MalformedError:
        return
    assert isinstance(found, dict)


@given(st.dictionaries(st.sampled_from(["contacts", "messages", "statuses", "errors", "metadata"]), ANY, max_size=5))
def test_any_value_gives_events_that_a_store_takes(found: dict[str, Any]) -> None:
    document = json.loads(envelope(found))
    events = split(document)
    assert events
    for event in events:
        assert len(event.key) == 16 and json.loads(event.body) is not None
        (event.contact + event.number + event.body).encode()


def test_half_a_surrogate_is_stored_and_comes_out_again() -> None:
    body = value(messages=[{"from": "F", "id": "I"}]).replace(b'"F"', b'"\\ud800"').replace(b'"I"', b'"\\udfff"')
    (event,) = split(parse(body))
    event.contact.encode()
    assert json.loads(event.body)["messages"][0]["from"] == "\ud800"
