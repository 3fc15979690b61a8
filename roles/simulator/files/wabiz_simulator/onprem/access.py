# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to a node: bearer tokens of its own logins, the admin account, the Apikey of monitoring."""

from __future__ import annotations

import hmac

from ..call import Call
from ..refusal import OnPremError


def user(call: Call) -> None:
    """Let any logged-in account pass; 401 otherwise."""
    scheme, _unused, token = call.headers.get("authorization", "").partition(" ")
    name = call.needs_node().user_of(token, call.now) if scheme == "Bearer" else None
    call.bearer_ok = name is not None
    if name is None:
        raise OnPremError(1005, "Invalid or expired authentication token", status=401)
    call.user = name


def admin(call: Call) -> None:
    """Let the admin account pass; /v1/settings and /v1/account are its own."""
    user(call)
    if call.user != call.needs_node().admin:
        raise OnPremError(1005, "This endpoint needs the admin account")


def monitor(call: Call) -> None:
    """Let a logged-in account or the Apikey of the node pass: health, stats and metrics."""
    node = call.needs_node()
    scheme, _unused, key = call.headers.get("authorization", "").partition(" ")
    if scheme == "Apikey" and node.api_key and hmac.compare_digest(key.encode(), node.api_key.encode()):
        call.bearer_ok = True
        return
    user(call)
