# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a node: application, backup, two-step verification."""

from __future__ import annotations

from .. import backup
from ..call import Call, Reply
from ..nodes import Node
from ..refusal import OnPremError
from ..strict import Key, any_text, mapping, no_body, read_body, read_query, six_digits, text
from . import account


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


def set_application(call: Call) -> Reply:
    """Set the webhook address, which has to be https (docs: settings/app)."""
    body = read_body(call, {"webhooks": Key(mapping)})
    url = body["webhooks"].get("url")
    if set(body["webhooks"]) != {"url"} or not isinstance(url, str) or not url.startswith("https://"):
        raise OnPremError(1009, "webhooks must hold a url that begins with https://")
    call.needs_node().webhooks["url"] = url
    call.did("webhook_set")
    return Reply({})


def restore(call: Call) -> Reply:
    """Restore a backup on a client that runs and is not registered (docs: settings/backup-and-restore)."""
    number, node = call.needs_number(), call.needs_node()
    given = read_body(call, {"password": Key(any_text), "data": Key(text)})
    call.fingerprint("backup", given["data"])
    if not number.switches.legacy_registration:
        raise OnPremError(1005, "Unknown error: biz_link_on_prem_reg_blocked")
    if node.registered and node.connected:
        raise OnPremError(1004, "The client is registered already")
    if number.location == "cloud":
        raise OnPremError(1005, "The number is registered with the Cloud API")
    try:
        found = backup.read(given["data"], given["password"], number.wa_id)
    except backup.BackupError:
        raise OnPremError(1009, "The backup cannot be used") from None
    node.profile.update(found["profile"])
    node.webhooks.update(found["webhooks"])
    account.come_back(call)
    return Reply({})


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
