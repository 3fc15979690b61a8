# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of _encryption: what is encrypted opens under its key only, unchanged only, and shows nothing of itself."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils import _encryption
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = _encryption.new_key()
SECRET = "V0FCSy9rZXlz-a-backup-that-nobody-may-read"


@settings(deadline=None, database=None)
@given(st.text())
def test_what_is_encrypted_can_be_decrypted(text):
    assert _encryption.decrypt(KEY, _encryption.encrypt(KEY, text)) == text


def test_a_large_backup_opens():
    text = SECRET * 50000
    assert _encryption.decrypt(KEY, _encryption.encrypt(KEY, text)) == text


def test_it_is_printable_and_shows_nothing():
    encrypted = _encryption.encrypt(KEY, SECRET)
    raw = base64.b64decode(encrypted, validate=True)
    assert encrypted.isascii()
    assert SECRET not in encrypted
    assert SECRET.encode() not in raw
    assert base64.b64encode(SECRET.encode()).decode()[:20] not in encrypted


def test_the_same_text_is_encrypted_differently_each_time():
    assert len({_encryption.encrypt(KEY, SECRET) for _unused in range(50)}) == 50
    first, second = (base64.b64decode(_encryption.encrypt(KEY, "\0" * 64))[48:] for _unused in range(2))
    # with one keystream for both, zeros would encrypt to the same bytes
    assert first != second


def test_keys_are_of_256_bits_and_never_the_same():
    keys = {_encryption.new_key() for _unused in range(100)}
    assert len(keys) == 100
    assert {len(base64.b64decode(key)) for key in keys} == {32}


@settings(deadline=None, database=None)
@given(st.data())
def test_a_changed_bit_breaks_it(data):
    raw = bytearray(base64.b64decode(_encryption.encrypt(KEY, SECRET)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match="text was changed"):
        _encryption.decrypt(KEY, base64.b64encode(bytes(raw)).decode())


@settings(deadline=None, database=None)
@given(st.integers(0, 16 + 32 + len(SECRET) - 1))
def test_a_cut_one_is_broken(length):
    raw = base64.b64decode(_encryption.encrypt(KEY, SECRET))
    with pytest.raises(ValueError, match="text was changed"):
        _encryption.decrypt(KEY, base64.b64encode(raw[:length]).decode())


def test_a_longer_one_is_broken():
    raw = base64.b64decode(_encryption.encrypt(KEY, SECRET))
    with pytest.raises(ValueError, match="text was changed"):
        _encryption.decrypt(KEY, base64.b64encode(raw + b"\0").decode())


def test_another_key_does_not_open_it():
    with pytest.raises(ValueError, match="text was changed"):
        _encryption.decrypt(_encryption.new_key(), _encryption.encrypt(KEY, SECRET))


@settings(deadline=None, database=None)
@given(st.text(max_size=200))
def test_anything_else_is_refused_as_a_value_error(text):
    with pytest.raises(ValueError):
        _encryption.decrypt(KEY, text)
