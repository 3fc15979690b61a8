# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge's rules for the old shape: what becomes of each field of an event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wabiz_bridge.errors import TO_ONPREM, to_onprem
from wabiz_bridge.translate import CLOUD_MESSAGE, MEDIA, Shape
from wabiz_bridge.translate import to_onprem as translate

SHAPE = Shape()
BASE = {"metadata": {"phone_number_id": "1", "display_phone_number": "2"}}
SAME = {
    "text": {"body": "hello"},
    "button": {"payload": "p", "text": "t"},
    "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Yes"}},
    "location": {"latitude": 1.5, "longitude": 2.5, "name": "n", "address": "a"},
    "contacts": [{"name": {"formatted_name": "A"}, "phones": [{"phone": "+49", "type": "CELL"}]}],
    "order": {"catalog_id": "1", "product_items": [{"quantity": "2"}], "text": "t"},
    "reaction": {"message_id": "wamid.1", "emoji": "x"},
    "image": {"id": "1", "mime_type": "image/jpeg", "sha256": "s", "caption": "c"},
    "document": {"id": "1", "mime_type": "application/pdf", "sha256": "s", "filename": "f", "caption": "c"},
    "video": {"id": "1", "mime_type": "video/mp4", "sha256": "s"},
    "sticker": {"id": "1", "mime_type": "image/webp", "sha256": "s", "animated": False},
    "audio": {"id": "1", "mime_type": "audio/ogg", "sha256": "s"},
}


def message(**parts: Any) -> dict[str, Any]:
    found = translate({**BASE, "messages": [{"from": "491", "id": "wamid.1", "timestamp": "17", **parts}]}, SHAPE)
    assert found is not None
    return dict(found["messages"][0])


def status(shape: Shape = SHAPE, **parts: Any) -> dict[str, Any] | None:
    item = {"id": "wamid.1", "recipient_id": "491", "status": "sent", "timestamp": "17", **parts}
    found = translate({**BASE, "statuses": [item]}, shape)
    return found and dict(found["statuses"][0])


def test_the_envelope_is_the_old_one() -> None:
    contact = {"wa_id": "491", "profile": {"name": "A"}}
    found = translate({**BASE, "contacts": [{**contact, "user_id": "DE.1"}], "messages": [{"id": "1"}]}, SHAPE)
    assert found == {"contacts": [contact], "messages": [{"id": "1"}]}


@pytest.mark.parametrize("kind", SAME)
def test_what_both_shapes_have_stays(kind: str) -> None:
    context = {"from": "490", "id": "wamid.0", "forwarded": True}
    sent = {"type": kind, kind: SAME[kind], "context": context, "referral": {"source_url": "u"}}
    assert message(**sent) == {"from": "491", "id": "wamid.1", "timestamp": "17", **sent}


def test_push_to_talk_is_a_voice_message() -> None:
    found = message(type="audio", audio={"id": "1", "mime_type": "audio/ogg", "sha256": "s", "voice": True, "url": "u"})
    assert found["type"] == "voice" and found["voice"] == SAME["audio"] and "audio" not in found


def test_audio_that_is_no_push_to_talk_stays_audio() -> None:
    found = message(type="audio", audio={**SAME["audio"], "voice": False})
    assert found["type"] == "audio" and found["audio"] == SAME["audio"]


def test_an_unsupported_message_is_unknown_with_the_old_error() -> None:
    errors = [{"code": 131051, "title": "t", "message": "m", "error_data": {"details": "d"}}]
    found = message(type="unsupported", unsupported={"type": "poll"}, errors=errors)
    assert found["type"] == "unknown" and "unsupported" not in found
    assert found["errors"] == [{"code": 501, "title": "Message type is not currently supported", "details": "d"}]
    assert message(type="unsupported")["errors"][0]["code"] == 501


def test_a_changed_number_has_its_old_name() -> None:
    system = {"body": "b", "wa_id": "492", "type": "customer_changed_number"}
    assert message(type="system", system=system)["system"] == {
        "body": "b",
        "new_wa_id": "492",
        "type": "user_changed_number",
    }


def test_a_user_without_a_number_has_the_user_id_in_its_place() -> None:
    value = {**BASE, "contacts": [{"user_id": "DE.1"}], "messages": [{"from_user_id": "DE.1", "id": "1"}]}
    assert translate(value, SHAPE) == {"contacts": [{"wa_id": "DE.1"}], "messages": [{"from": "DE.1", "id": "1"}]}
    without = translate(value, Shape(user_id_as_wa_id=False))
    assert without == {"contacts": [{}], "messages": [{"id": "1"}]}


def test_a_status_keeps_what_the_old_shape_has() -> None:
    kept = {"conversation": {"id": "c", "origin": {"type": "service"}}, "pricing": {"billable": True, "category": "x"}}
    found = status(**kept, recipient_user_id="DE.1", biz_opaque_callback_data="o")
    assert found == {
        "id": "wamid.1",
        "recipient_id": "491",
        "status": "sent",
        "timestamp": "17",
        "biz_opaque_callback_data": "o",
        **kept,
    }


@pytest.mark.parametrize(("setting", "shown"), [("drop", None), ("read", "read"), ("keep", "played")])
def test_played_is_what_the_setting_says(setting: str, shown: str | None) -> None:
    found = status(Shape(played=setting), status="played")
    assert (found and found["status"]) == shown


@pytest.mark.parametrize(("setting", "given", "shown"), [("string", 17, "17"), ("integer", "17", 17)])
def test_timestamps_have_the_type_of_the_setting(setting: str, given: Any, shown: Any) -> None:
    found = status(Shape(timestamps=setting), timestamp=given)
    assert found and found["timestamp"] == shown


@pytest.mark.parametrize("code", TO_ONPREM)
def test_an_error_has_its_old_number_and_title(code: int) -> None:
    error = {"code": code, "title": "t", "message": "m", "error_data": {"details": "d"}, "href": "h"}
    number, title = TO_ONPREM[code]
    assert to_onprem(error, {}) == {"code": number, "title": title, "details": "d", "href": "h"}


def test_an_error_without_a_pair_stays_and_a_setting_goes_first() -> None:
    assert to_onprem({"code": 999, "title": "t"}, {}) == {"code": 999, "title": "t"}
    assert to_onprem({"code": 131026, "title": "t"}, {131026: 1013}) == {"code": 1013, "title": "t"}
    assert to_onprem("odd", {}) == {"code": 500, "title": "Generic error", "details": "odd"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(min_size=1, max_size=9), ANY, max_size=6))
def test_a_field_that_is_not_known_stays(extra: dict[str, Any]) -> None:
    known = {*CLOUD_MESSAGE, *MEDIA, "type", "timestamp", "errors", "system", "from", "id"}
    kept = {key: value for key, value in extra.items() if key not in known}
    assert message(**kept) == {"from": "491", "id": "wamid.1", "timestamp": "17", **kept}


@given(
    st.lists(st.dictionaries(st.sampled_from(["type", "audio", "errors", "system", "from", "timestamp"]), ANY)),
    st.lists(st.dictionaries(st.sampled_from(["id", "status", "errors", "timestamp", "recipient_id"]), ANY)),
)
def test_odd_types_raise_nothing(messages: list[dict[str, Any]], statuses: list[dict[str, Any]]) -> None:
    translate({**BASE, "messages": messages}, SHAPE)
    translate({**BASE, "statuses": statuses, "errors": messages}, Shape(timestamps="integer"))
