# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a node: application, backup, two-step verification."""

from __future__ import annotations

from .. import backup
from ..call import Call, Reply
from ..nodes import Node
from ..refusal import OnPremError
from ..strict import Key, any_text, no_body, read_body, read_query, six_digits


def application(call: Call) -> Reply:
    read_query(call, ())
    node = call.needs_node()
    values = {
        "callback_backoff_delay_ms": 3000,
        "callback_persist": True,
        "heartbeat_interval": 5,
        "max_callback_backoff_delay_ms": 900000,
        "media": {"auto_download": []},
        "sent_status": True,
        "unhealthy_interval": 30,
        "webhooks": dict(node.webhooks),
    }
    # A client that lost its registration has no number to tell.
    if node.registered:
        values["wa_id"] = node.wa_id
    return Reply({"settings": {"application": values}})


def make_backup(call: Call) -> Reply:
    """Make a backup; the client must be registered and running (docs: settings/backup-and-restore)."""
    number, node = call.needs_number(), call.needs_node()
    password = read_body(call, {"password": Key(any_text)})["password"]
    if node.busy_left > 0:
        node.busy_left -= 1
        raise OnPremError(number.switches.backup_busy_code)
    _needs_service(node, number.switches.backup_unregistered_code)
    settings = {"profile": dict(node.profile), "webhooks": dict(node.webhooks)}
    data = backup.make(node.wa_id, password, settings)
    call.did("backup")
    call.fingerprint("backup", data)
    return Reply({"settings": {"data": data}})


def set_two_step(call: Call) -> Reply:
    number, node = call.needs_number(), call.needs_node()
    pin = read_body(call, {"pin": Key(six_digits)})["pin"]
    _needs_service(node, 1011)
    number.pin = pin
    call.did("two_step_set")
    call.fingerprint("pin", pin)
    return Reply({})


def clear_two_step(call: Call) -> Reply:
    number, node = call.needs_number(), call.needs_node()
    no_body(call)
    if node.expired or node.gateway_status() != "disconnected" or not number.switches.down_node_clears_two_step:
        _needs_service(node, 1011)
    number.pin = None
    call.did("two_step_cleared")
    return Reply({})


def _needs_service(node: Node, code: int) -> None:
    if node.expired:
        raise OnPremError(1005, "App Expired: a version upgrade is required")
    if node.gateway_status() != "connected":
        raise OnPremError(code, f"The client is {node.gateway_status()}")
