# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight says of the On-Premises deployment itself. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure, counted
from ..facts import callback, times
from ..facts import node as node_rules

_SOON = 7 * 86400.0
_STATES = ("unregistered", "uninitialized", "disconnected", "connecting")
_WHAT = {
    "unregistered": (
        "It has no number registered, and On-Premises registration has been closed since 2025-10-23",
        "bring back the node that still holds the registration; without one the number is for a person to recover on "
        "the Cloud API (request_code, verify_code, register)",
    ),
    "disconnected": (
        "It has no connection to the WhatsApp servers",
        "check the node's way out and its client's expiry, restart its Coreapp, then run preflight again",
    ),
    "uninitialized": (
        "It is setting up or upgrading its database",
        "wait some minutes, then run preflight again",
    ),
    "connecting": (
        "It is connecting to the WhatsApp servers",
        "wait a minute, then run preflight again",
    ),
}


def failures(node: Mapping[str, Any], now: float, serves: bool) -> List[Failure]:
    """Judge the node's facts; ``now`` in UTC seconds, ``serves`` tells that Graph says this node has the number.

    What the node did not tell is a note, never a reason.
    """
    found = _gateways(node) if serves else []
    found += _expiry(node, now)
    shards = _whole(node.get("shards"))
    if shards >= 2:
        found.append(
            Failure(
                "high_throughput",
                "The node runs %s shards, so the number gets high throughput on the Cloud API" % shards,
                "For a while after the cutover it may be in maintenance mode (131057)",
                next_step="nothing to do: verify waits for it (wa_migrate_health_wait)",
            )
        )
    packs = _whole(node.get("stickerpacks"))
    if packs:
        found.append(
            Failure(
                "stickerpacks",
                "The node has %s, and the Cloud API has none" % counted(packs, "stickerpack"),
                next_step="let the application send each sticker by its link, or by a media ID of the Cloud API",
            )
        )
    found += _callbacks(node)
    found.extend(
        Failure(
            "not_readable",
            "The node does not tell everything",
            text,
            next_step="log in with the admin account; an old client may lack the endpoint, then do nothing",
        )
        for text in node.get("refused") or []
    )
    return found


def _gateways(node: Mapping[str, Any]) -> List[Failure]:
    """Tell a node that serves nothing from one that is not ready, and a multiconnect one that lacks gateways.

    A deployment for high availability has one connected gateway, one with two or more shards one for each and the
    primary master besides (Meta's collection, "Check Health Multiconnect").
    """
    serving, phrase = node.get("serving"), str(node.get("gateway") or "no gateway status")
    found = node.get("nodes")
    entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    states = [_status(entry) for entry in entries]
    state = next((state for state in _STATES if state in states), "")
    why, fix = _WHAT.get(state, ("Its health says nothing that is known", "see the log of the node"))
    silent = [str(entry.get("name") or "the node") for entry in entries if node_rules.failed(_status(entry))]
    wording = "; ".join(filter(None, (node_rules.failed(_status(entry)) for entry in entries)))
    remedy = node_rules.start_of(wording) or "see the log of %s, and restart its Coreapp" % ", ".join(silent)
    if silent:
        reported = "In place of a status of %s there is an error" % ", ".join(silent)
        why, fix = (
            (why + ". " + reported, remedy + "; " + fix) if state else (reported, remedy + ", then run preflight again")
        )
    if serving == node_rules.NOT_SERVING:
        return [Failure("node_not_serving", "The node does not serve the number: %s" % phrase, why, next_step=fix)]
    if serving == node_rules.UNCLEAR:
        return [Failure("node_not_ready", "The node is not ready: %s" % phrase, why, next_step=fix)]
    shards, connected = _whole(node.get("shards")), _whole(node.get("nodes_connected"))
    if node.get("multiconnect") and shards >= 2 and connected < shards + 1:
        return [
            Failure(
                "gateways_missing",
                "The node has %s, %d are expected" % (counted(connected, "connected gateway"), shards + 1),
                "%d shards and the primary master: %s" % (shards, phrase),
                next_step=remedy
                if silent
                else "restart the Coreapps that are not connected, so that no message waits in one of them",
            )
        ]
    if silent:
        return [Failure("gateways_missing", "A part of the node does not answer: %s" % phrase, why, next_step=remedy)]
    return []


def _status(entry: Mapping[str, Any]) -> str:
    return str(entry.get("gateway_status"))


def _expiry(node: Mapping[str, Any], now: float) -> List[Failure]:
    ends = times.instant(node.get("expires_at"))
    if ends is None or ends > now + _SOON:
        return []
    if ends <= now:
        return [
            Failure(
                "client_expired",
                "The node's client expired on %s" % node.get("expires_at"),
                "Known: On-Premises registration has been closed since 2025-10-23, so the node cannot register anew. "
                "Not known: whether an expired client still makes a usable backup, and whether the Cloud API takes it",
                next_step="keep every backup that you have; try wa_backup, which changes nothing on the node",
            )
        ]
    return [
        Failure(
            "client_expires_soon",
            "The node's client expires on %s" % node.get("expires_at"),
            "An expired client is disconnected, and may not be able to make a usable backup",
            next_step="move the number before that day; make a backup with wa_backup today",
        )
    ]


def _callbacks(node: Mapping[str, Any]) -> List[Failure]:
    found: List[Failure] = []
    webhooks = node.get("webhooks")
    url = str(webhooks.get("url") or "") if isinstance(webhooks, Mapping) else ""
    if url:
        found.append(
            Failure(
                "node_webhooks",
                "The node's callbacks to %s end with the cutover" % callback.address(url)["url"],
                "The Cloud API sends webhooks of another shape to the app's callback URL",
                next_step="have that endpoint take Cloud API webhooks too, or give the app an endpoint of its own",
            )
        )
    certificates = node.get("certificates")
    if isinstance(certificates, Mapping) and certificates.get("webhook_ca") is True:
        found.append(
            Failure(
                "webhook_ca",
                "The node trusts a CA of its own for its callbacks",
                "Meta's servers do not: the Cloud API calls an endpoint with a well-known certificate only",
                next_step="give the endpoint a certificate of a public CA before the app's callback points to it",
            )
        )
    return found


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
