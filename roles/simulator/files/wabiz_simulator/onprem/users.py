# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a node: login with Basic credentials, the first login, logout."""

from __future__ import annotations

import base64
import binascii
import hmac
import re

from ..call import Call, Reply
from ..clock import onprem_time
from ..refusal import OnPremError
from ..strict import Key, no_body, read_body

# 8 to 64 characters, a digit, an upper, a lower and a special one (docs: on-premises/reference/users/login).
_STRONG = [re.compile(pattern) for pattern in (r"^.{8,64}$", r"\d", r"[A-Z]", r"[a-z]", r"[^A-Za-z0-9]")]


def _strong(value: object) -> str | None:
    if isinstance(value, str) and all(pattern.search(value) for pattern in _STRONG):
        return None
    return "must have 8 to 64 characters with a digit, an upper-case, a lower-case and a special one"


def login(call: Call) -> Reply:
    node = call.needs_node()
    username, password = _basic(call)
    expected = node.passwords.get(username)
    call.bearer_ok = expected is not None and hmac.compare_digest(password.encode(), expected.encode())
    if not call.bearer_ok:
        raise OnPremError(1005, "Invalid credentials", status=401)
    if not call.raw.strip() or call.raw.strip() == b"{}":
        if node.first_login and username == node.admin:
            raise OnPremError(1024, "The password must be changed at the first login: send new_password")
    else:
        node.passwords[username] = read_body(call, {"new_password": Key(_strong)})["new_password"]
        if username == node.admin:
            node.first_login = False
    token, until = node.open_session(username, call.now)
    call.did("login")
    return Reply({"users": [{"token": token, "expires_after": onprem_time(until)}]})


def logout(call: Call) -> Reply:
    no_body(call)
    call.needs_node().logins.pop(call.headers["authorization"].partition(" ")[2], None)
    call.did("logout")
    return Reply({})


def _basic(call: Call) -> tuple[str, str]:
    scheme, _unused, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        raise OnPremError(1005, "Basic credentials are needed", status=401)
    try:
        username, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise OnPremError(1005, "The Basic credentials cannot be read", status=401) from None
    if not colon:
        raise OnPremError(1005, "The Basic credentials cannot be read", status=401)
    return username, password
