# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encryption of one text that a script on the host returns, because Ansible prints what such a script returns.

Protected: the stored backup, from everybody who reads the output or the logs of Ansible (-vvv, ANSIBLE_DEBUG, AWX), for
as long as these are kept. The worker makes a key for one request and sends it on stdin, which Ansible does not print.
It never stores the key, so nobody can decrypt a log later. A text that was changed on its way is refused.

Not protected: the length of the text; the backup on the host, which file permissions protect; and a text whose key is
known, that is, from root or the same user on either machine, from a connection plugin that logs stdin, and from whoever
can decrypt the connection itself.

Managed hosts need nothing but requests, so there is no library such as cryptography, and the standard library has no
cipher. Therefore: SHAKE-256 of key and nonce as the keystream, then HMAC-SHA-256 of the encrypted text
(encrypt-then-MAC), with a key of 32 random bytes for one text in one direction.
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
    """Return the keystream and the key of the MAC."""
    raw = base64.b64decode(key)
    stream = hashlib.shake_256(b"wabiz stream" + raw + nonce).digest(length)
    return stream, hashlib.sha256(b"wabiz tag" + raw + nonce).digest()


def _xor(data: bytes, stream: bytes) -> bytes:
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def encrypt(key: str, text: str) -> str:
    """Return ``text`` encrypted with ``key``, as text that is safe to print."""
    data = text.encode("utf-8")
    nonce = os.urandom(_NONCE)
    stream, mac_key = _parts(key, nonce, len(data))
    body = _xor(data, stream)
    tag = hmac.new(mac_key, body, hashlib.sha256).digest()
    return base64.b64encode(nonce + tag + body).decode("ascii")


def decrypt(key: str, encrypted: str) -> str:
    """Return the text that was given to :func:`encrypt`; raises ValueError if it was changed or the key is another."""
    raw = base64.b64decode(encrypted)
    nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
    stream, mac_key = _parts(key, nonce, len(body))
    if not hmac.compare_digest(tag, hmac.new(mac_key, body, hashlib.sha256).digest()):
        raise ValueError("the text was changed")
    return _xor(body, stream).decode("utf-8")
