# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure rules on who sent a request: Meta's signature and verify token, and the consumer's login and tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "sha256="


def signed(secrets: Sequence[str], body: bytes, header: str | None) -> bool:
    """Tell whether ``X-Hub-Signature-256`` is that of the body's bytes with one of the app secrets.

    Every secret is compared, in constant time, so that the time of an answer says nothing about any of them.
    """
    given = (header or "").encode("utf-8", "replace")
    good = False
    for secret in secrets:
        digest = PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        good |= hmac.compare_digest(digest.encode(), given)
    return good


def same(expected: str, given: str) -> bool:
    """Compare two texts in constant time; an empty expected text equals nothing."""
    return bool(expected) & hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def basic(header: str) -> tuple[str, str] | None:
    """Return user and password of an Authorization header of the scheme Basic, None if it is none."""
    scheme, _blank, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def issue(password: str, expires: int) -> str:
    """Return a bearer token that needs no store: its expiry (seconds since 1970), signed with the consumer's password.

    A change of the password ends every token.
    """
    return f"{expires}.{hmac.new(password.encode(), str(expires).encode(), hashlib.sha256).hexdigest()}"


def issued(password: str, token: str, now: float) -> bool:
    """Tell whether a bearer token was issued with this password and has not expired."""
    expires, _dot, _rest = token.partition(".")
    if not (password and expires.isascii() and expires.isdigit() and len(expires) < 16):
        return False
    return same(issue(password, int(expires)), token) and int(expires) > now
