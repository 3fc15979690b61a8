# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule of the profile photo: type, limits, pixels, and the document that keeps it."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.facts import photo
from hypothesis import given
from hypothesis import strategies as st

ID = "106540352242922"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + b"\0\0\x02\x80" + b"\0\0\x01\x40" + b"rest" + b"IEND"
# A JPEG with a comment before its frame of 300 x 100 pixels.
JPEG = b"\xff\xd8\xff\xfe\0\x06text\xff\xc0\0\x11\x08\0\x64\x01\x2c rest \xff\xd9"


@pytest.mark.parametrize(
    ("data", "media_type", "name"), [(PNG, "image/png", "photo.png"), (JPEG, "image/jpeg", "photo.jpg")]
)
def test_the_first_bytes_tell_the_type(data, media_type, name):
    found = photo.of_bytes(data)
    assert (found.media_type, found.name, photo.faults(found)) == (media_type, name, [])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"GIF89a", "neither"),
        (b"<html>", "neither"),
        (PNG[:30], "cut"),
        (JPEG[:20], "cut"),
        (PNG + b"x" * photo.LARGEST, "5 MB"),
    ],
)
def test_what_meta_would_refuse(data, why):
    assert any(why in fault for fault in photo.faults(photo.of_bytes(data)))


def test_pixels_are_read_from_both_types():
    assert photo.size(photo.of_bytes(PNG)) == (640, 320)
    assert photo.size(photo.of_bytes(JPEG)) == (300, 100)
    assert photo.small(photo.of_bytes(PNG)) == ""
    assert "300 x 100" in photo.small(photo.of_bytes(JPEG))


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at_without_an_error(data):
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        found = photo.of_bytes(head + data)
        assert isinstance(photo.faults(found), list) and isinstance(photo.small(found), str)
        assert photo.of_node(head + data).data in (head + data, *_decoded(head + data))


def _decoded(data):
    try:
        return (base64.b64decode(data, validate=True),)
    except ValueError:
        return ()


@pytest.mark.parametrize("data", [PNG, JPEG])
def test_a_node_hands_over_the_image_or_its_base64_form(data):
    assert photo.of_node(data) == photo.of_node(base64.b64encode(data)) == photo.of_bytes(data)


def test_a_photo_reads_back():
    kept = photo.of_bytes(PNG)
    assert photo.parse(photo.dump(kept, ID), ID) == kept
    assert photo.parse(None, ID) is None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (photo.FORMAT, "wabiz.photo/9", "no.* document"),
        (ID, "1" * 15, "phone number ID 1{15}"),
        (base64.b64encode(PNG).decode(), base64.b64encode(JPEG).decode(), "digest"),
        (base64.b64encode(PNG).decode(), "!", "decoded"),
        ("{", "", "JSON"),
    ],
)
def test_a_damaged_document_is_refused(old, new, why):
    text = photo.dump(photo.of_bytes(PNG), ID)
    assert old in text
    with pytest.raises(ValueError, match=why):
        photo.parse(text.replace(old, new, 1), ID)
