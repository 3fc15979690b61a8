# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what the Cloud API takes as media, and of the media map."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import media, media_map

MB = 1024 * 1024
NUMBER = "106540352242922"
PNG = media_map.Content("ab" * 32, "image/png", 100)


@pytest.mark.parametrize(
    ("media_type", "size", "used_as", "piece"),
    [
        ("image/png", 5 * MB, "", None),
        ("image/png", 5 * MB + 1, "", "as image it may have 5242880"),
        ("image/png", 6 * MB, "document", None),
        ("application/pdf", 100 * MB, "", None),
        ("application/pdf", 100 * MB + 1, "document", "as document it may have"),
        ("audio/ogg", 16 * MB + 1, "audio", "as audio it may have"),
        ("image/webp", 500 * 1024, "sticker", None),
        ("image/webp", 100, "image", "messages send it as image"),
        ("video/mp4", 100, "audio", "messages send it as audio"),
        ("image/gif", 100, "image", "type image/gif, which the Cloud API does not take"),
        ("", 100, "", "type unknown"),
        ("image/png", 0, "", "is empty"),
    ],
)
def test_types_and_sizes(media_type, size, used_as, piece):
    found = media.faults(media_type, size, True, used_as)
    assert found == [] if piece is None else piece in " ".join(found)


def test_first_bytes_that_are_not_those_of_the_type():
    assert media.begins_as("image/jpeg", b"\xff\xd8\xff\xe0") and media.begins_as("text/plain", b"anything")
    assert not media.begins_as("image/jpeg", b"\x89PNG\r\n\x1a\n")
    assert "first bytes are others" in media.faults("image/jpeg", 10, False)[0]


def test_the_type_is_sent_without_its_parameters():
    assert media.plain_type("Audio/OGG; codecs=opus") == "audio/ogg"
    assert media.file_name("ab" * 32, "video/3gpp") == "abababababababab.3gp"


def test_an_entry_lasts_as_long_as_it_says():
    found = media_map.with_entry(media_map.fresh(NUMBER), "old", media_map.entry("17", PNG, 1000.0, 60.0))
    found = media_map.parse(media_map.dump(found), NUMBER)
    assert media_map.known(found, "old", 1059.0)["id"] == "17"
    assert media_map.known(found, "old", 1060.0) is None
    assert media_map.known(found, "another", 1000.0) is None
    assert media_map.same(found, PNG, 1059.0)["id"] == "17"
    assert media_map.same(found, PNG, 1061.0) is None
    assert media_map.same(found, PNG._replace(media_type="image/jpeg"), 1059.0) is None


def test_an_intent_ends_with_its_entry_or_its_refusal():
    sent = media_map.with_intent(media_map.fresh(NUMBER), PNG, 1000.0)
    assert media_map.lost(sent, 1001.0) == [PNG.sha256]
    assert media_map.lost(sent, 1000.0 + media_map.VALID_FOR) == []
    assert media_map.without_intent(sent, PNG)["pending"] == {}
    assert media_map.with_entry(sent, "old", media_map.entry("17", PNG, 1000.0, 60.0))["pending"] == {}
    assert list(sent["pending"]) == [PNG.sha256], "the rule changes no map in place"


@pytest.mark.parametrize(
    "media_",
    ["[]", '{"old": {"id": "x", "sha256": "ab", "expires_at": "2026-01-01T00:00:00Z"}}', '{"old": {"id": "17"}}'],
)
def test_a_damaged_map_is_refused(media_):
    text = '{"format": "wabiz.media/1", "phone_number_id": "%s", "media": %s, "pending": {}}' % (NUMBER, media_)
    with pytest.raises(ValueError, match="entr"):
        media_map.parse(text, NUMBER)
