# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives: the same files are the same bytes, and what is no whole archive is refused."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._operations import archive
from hypothesis import given
from hypothesis import strategies as st

FILES = {"b.json": b"{}\n", "a.bin": bytes(range(256)) * 40}


def test_the_same_files_are_the_same_bytes():
    assert archive.pack("x", FILES) == archive.pack("x", dict(reversed(FILES.items())))


@given(st.dictionaries(st.from_regex(r"\A[a-z]{1,20}\.json\Z"), st.binary(max_size=2000), max_size=6))
def test_what_was_packed_is_unpacked(files):
    assert archive.unpack(archive.pack("export-1", files)) == files


@pytest.mark.parametrize("keep", [0, 1, 10, 0.2, 0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_is_refused(keep):
    packed = archive.pack("x", FILES)
    with pytest.raises(ValueError, match="whole"):
        archive.unpack(packed[: int(keep if keep >= 1 or keep == 0 else keep * len(packed))])


@pytest.mark.parametrize("at", [0, 40, -6, -2])
def test_an_archive_that_was_altered_is_refused_or_reads_otherwise(at):
    packed = bytearray(archive.pack("x", FILES))
    packed[at] ^= 0xFF
    try:
        assert archive.unpack(bytes(packed)) != FILES
    except ValueError as reason:
        assert "whole" in str(reason)


def test_a_bomb_is_refused(monkeypatch):
    packed = archive.pack("x", FILES)
    monkeypatch.setattr(archive, "_MOST", 100)
    with pytest.raises(ValueError, match="larger"):
        archive.unpack(packed)
