# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sealing of a secret that travels back over a connection whose output Ansible prints. Standard library only.

Encrypt-then-MAC with SHAKE-256 as the keystream and HMAC-SHA-256 as the tag, under a key that is made for one task,
handed over on stdin and used for one direction. Managed hosts have no cryptography library, so none is asked for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

_NONCE = 16
_TAG = 32


def new_key() -> str:
    """Return a key for one task, as text."""
    return base64.b64encode(os.urandom(32)).decode("ascii")


def _parts(key: str, nonce: bytes, length: int) -> tuple[bytes, bytes]:
    raw = base64.b64decode(key)
    stream = hashlib.shake_256(b"wabiz stream" + raw + nonce).digest(length)
    return stream, hashlib.sha256(b"wabiz tag" + raw + nonce).digest()


def _mix(data: bytes, stream: bytes) -> bytes:
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def encrypt(key: str, text: str) -> str:
    """Return ``text`` encrypted with ``key``, as text that is safe to print."""
    data = text.encode("utf-8")
    nonce = os.urandom(_NONCE)
    stream, mac_key = _parts(key, nonce, len(data))
    body = _mix(data, stream)
    tag = hmac.new(mac_key, body, hashlib.sha256).digest()
    return base64.b64encode(nonce + tag + body).decode("ascii")


def decrypt(key: str, encrypted: str) -> str:
    """Return the text of :func:`encrypt`; raises ValueError where a byte of it was changed."""
    raw = base64.b64decode(encrypted)
    nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
    stream, mac_key = _parts(key, nonce, len(body))
    if not hmac.compare_digest(tag, hmac.new(mac_key, body, hashlib.sha256).digest()):
        raise ValueError("the text was changed")
    return _mix(body, stream).decode("utf-8")
