# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account of a node: shards, and the registration that Meta has closed."""

from __future__ import annotations

import secrets
from typing import Any

from ..call import Call, Reply
from ..numbers import Number
from ..refusal import OnPremError
from ..strict import Key, one_of, read_body, read_query, six_digits, text

_ACCOUNT = {
    "cc": Key(text),
    "phone_number": Key(text),
    "cert": Key(text),
    "pin": Key(six_digits, required=False),
}


def shards(call: Call) -> Reply:
    read_query(call, ())
    return Reply({"account": {"shards": call.needs_node().shards}})


def register(call: Call) -> Reply:
    """Ask for a registration (docs: on-premises/reference/account): 201 if it is there, 202 with a code on its way.

    Closed since 2025-10-23, unless the switch legacy_registration plays the time before.
    """
    number, node = call.needs_number(), call.needs_node()
    method = {"method": Key(one_of("sms", "voice"))}
    body = read_body(call, {**_ACCOUNT, **method})
    _open(number)
    _check_account(number, body)
    if node.gateway_status() == "connected":
        return Reply({}, status=201)
    number.node_code = f"{secrets.randbelow(1000000):06d}"
    call.did("node_code_sent")
    return Reply({"account": [{"vname": number.verified_name}]}, status=202)


def verify(call: Call) -> Reply:
    """Take the code; the number has to be off the Cloud API."""
    number = call.needs_number()
    code = read_body(call, {"code": Key(six_digits)})["code"]
    _open(number)
    if number.location == "cloud":
        raise OnPremError(1005, "The number is registered with the Cloud API")
    if number.node_code is None or code != number.node_code:
        raise OnPremError(1009, "The code is wrong or has expired")
    come_back(call)
    return Reply({}, status=201)


def set_shards(call: Call) -> Reply:
    number, node = call.needs_number(), call.needs_node()
    body = read_body(call, {**_ACCOUNT, "shards": Key(one_of(1, 2, 4, 8, 16, 32))})
    _open(number)
    _check_account(number, body)
    if not node.registered:
        raise OnPremError(1011, "The client is unregistered")
    node.shards, node.multiconnect = body["shards"], body["shards"] > 1
    call.did("shards_set")
    return Reply({}, status=201)


def come_back(call: Call) -> None:
    """Let the node serve its number again."""
    number, node = call.needs_number(), call.needs_node()
    number.node_code = None
    number.location = "on_premise"
    node.registered = node.connected = True
    call.did("node_registered")
    call.world.changed(number)


def _open(number: Number) -> None:
    if not number.switches.legacy_registration:
        raise OnPremError(1005, "Unknown error: biz_link_on_prem_reg_blocked")


def _check_account(number: Number, body: dict[str, Any]) -> None:
    if body["cc"] + body["phone_number"] != number.wa_id:
        raise OnPremError(1009, "The certificate is for another phone number")
    if number.pin is not None and body.get("pin") != number.pin:
        raise OnPremError(1005, "The PIN does not match the two-step verification PIN of the number")
