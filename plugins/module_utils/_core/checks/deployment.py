# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the preflight's checks of the On-Premises deployment. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..._failure import Failure, counted
from ..facts import callback, times
from ..facts import node as node_rules
from ..findings.finding import BLOCKER, GUIDE, NODE_HEALTH, NOTE, WARNING, Finding
from .reads import NOT_READABLE

_SOON = 7 * 86400.0
# Each status of a gateway that is not connected: what it means, and the next step. The first one that is found counts.
_STATES = {
    "unregistered": (
        "It has no number registered, and On-Premises registration has been closed since 2025-10-23",
        "bring back the node that still has the registration; without one, a person has to recover the number on the "
        "Cloud API (request_code, verify_code, register)",
    ),
    "uninitialized": (
        "It is setting up or upgrading its database",
        "wait some minutes, then run preflight again",
    ),
    "disconnected": (
        "It has no connection to the WhatsApp servers",
        "check the node's outbound network and its client's expiry, restart its Coreapp, then run preflight again",
    ),
    "connecting": (
        "It is connecting to the WhatsApp servers",
        "wait a minute, then run preflight again",
    ),
}

NODE_NOT_SERVING = Finding(
    "WM128",
    "node_not_serving",
    BLOCKER,
    NODE_HEALTH,
    title="The node does not serve the number",
    why="Graph says that the number is on a node, but no gateway of this one is connected. Its backup may not be "
    "usable, and the number may be on another node.",
    fix="Follow the finding: connect the node, or correct O(onprem_url). An unregistered node cannot be "
    "registered again since 2025-10-23.",
)
NODE_NOT_READY = Finding(
    "WM129",
    "node_not_ready",
    BLOCKER,
    NODE_HEALTH,
    title="The node is not ready",
    why="It is starting, connecting or upgrading its database. Whether it will serve the number is unknown.",
    fix="Wait some minutes, then run preflight again.",
)
CLIENT_EXPIRED = Finding(
    "WM133",
    "client_expired",
    WARNING,
    "On-Premises API reference: support",
    title="The node's client has expired",
    why="Known: On-Premises registration has been closed since 2025-10-23, and an expired client cannot connect. Not "
    "known: whether it still makes a usable backup, and whether the Cloud API accepts that.",
    fix="Keep every backup that you have. Try wa_backup, which does not change the node. Ask Direct Support before you "
    "register without one.",
)
GATEWAYS_MISSING = Finding(
    "WM135",
    "gateways_missing",
    WARNING,
    NODE_HEALTH,
    title="Gateways of the node are down",
    why="A node with two or more shards has one connected gateway for each, and the primary master. Messages that wait "
    "in one that is down may be lost with the cutover.",
    fix="Restart the Coreapps that are not connected, so that no message waits in one of them. Their logs tell why.",
)
CLIENT_EXPIRES_SOON = Finding(
    "WM144",
    "client_expires_soon",
    WARNING,
    "On-Premises API reference: support",
    title="The node's client expires within a week",
    why="An expired client is disconnected, and may not be able to make a usable backup.",
    fix="Move the number before that day, and make a backup with wa_backup today.",
    passing=True,
)
STICKERPACKS = Finding(
    "WM146",
    "stickerpacks",
    NOTE,
    GUIDE + ", stickerpacks",
    title="The node uses stickerpacks, and the Cloud API has none",
    why="A request that names a stickerpack fails after the cutover.",
    fix="Let the application send each sticker by its link, or by a media ID of the Cloud API.",
)
NODE_WEBHOOKS = Finding(
    "WM147",
    "node_webhooks",
    NOTE,
    GUIDE + ", webhooks",
    title="The node's callbacks end with the cutover",
    why="The Cloud API sends webhooks in another format to the app's callback URL.",
    fix="Make that endpoint accept Cloud API webhooks too, or set the app's callback URL to an endpoint that does (App "
    "Dashboard, WhatsApp, Configuration).",
)
WEBHOOK_CA = Finding(
    "WM148",
    "webhook_ca",
    NOTE,
    "On-Premises API reference: certificates",
    title="The node trusts a CA of its own for its callbacks",
    why="Meta's servers do not trust it. The Cloud API calls only endpoints with a certificate of a public CA.",
    fix="Give the endpoint a certificate of a public CA before the app's callback points to it.",
)
HIGH_THROUGHPUT = Finding(
    "WM152",
    "high_throughput",
    NOTE,
    GUIDE + ", throughput",
    title="The number gets high throughput on the Cloud API",
    why="Meta upgrades a number whose node runs two or more shards. Until that is done the number may be in "
    "maintenance mode (131057).",
    fix="Nothing to do: verify waits for it, as long as O(health_wait) says.",
)


def failures(node: Mapping[str, Any], now: float, serves: bool) -> List[Failure]:
    """Judge the node's facts; ``now`` in UTC seconds, ``serves`` tells that Graph says this node has the number.

    What the node does not report is a note, never a blocker.
    """
    found = _gateways(node) if serves else []
    found += _expiry(node, now)
    shards = _whole(node.get("shards"))
    if shards >= 2:
        found.append(HIGH_THROUGHPUT.failure("The node runs %s shards. %s" % (shards, HIGH_THROUGHPUT.why)))
    packs = _whole(node.get("stickerpacks"))
    if packs:
        found.append(STICKERPACKS.failure("The node has %s" % counted(packs, "stickerpack")))
    webhooks = node.get("webhooks")
    url = str(webhooks.get("url") or "") if isinstance(webhooks, Mapping) else ""
    if url:
        found.append(NODE_WEBHOOKS.failure("They go to %s. %s" % (callback.address(url)["url"], NODE_WEBHOOKS.why)))
    certificates = node.get("certificates")
    if isinstance(certificates, Mapping) and certificates.get("webhook_ca") is True:
        found.append(WEBHOOK_CA.failure())
    found.extend(
        NOT_READABLE.failure(
            "The node does not report everything: %s" % text,
            "log in with the admin account; an old client may lack the endpoint, then do nothing",
        )
        for text in node.get("refused") or []
    )
    return found


def _gateways(node: Mapping[str, Any]) -> List[Failure]:
    """Tell apart a node that serves no number, one that is not ready, and a multiconnect one that lacks gateways.

    A deployment for high availability has one connected gateway, one with two or more shards one for each and the
    primary master besides (Meta's collection, "Check Health Multiconnect").
    """
    serving, phrase = node.get("serving"), str(node.get("gateway") or "no gateway status")
    found = node.get("nodes")
    entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    states = [_status(entry) for entry in entries]
    state = next((state for state in _STATES if state in states), "")
    why, fix = _STATES.get(state, ("Its health has no known status", "see the log of the node"))
    failing = [str(entry.get("name") or "the node") for entry in entries if node_rules.failed(_status(entry))]
    errors = "; ".join(filter(None, (node_rules.failed(_status(entry)) for entry in entries)))
    remedy = node_rules.start_of(errors) or "see the log of %s, and restart its Coreapp" % ", ".join(failing)
    if failing:
        reported = "In place of a status of %s there is an error" % ", ".join(failing)
        why, fix = (
            (why + ". " + reported, remedy + "; " + fix) if state else (reported, remedy + ", then run preflight again")
        )
    if serving == node_rules.NOT_SERVING:
        return [NODE_NOT_SERVING.failure("Its health: %s. %s" % (phrase, why), fix)]
    if serving == node_rules.UNCLEAR:
        return [NODE_NOT_READY.failure("Its health: %s. %s" % (phrase, why), fix)]
    shards, connected = _whole(node.get("shards")), _whole(node.get("nodes_connected"))
    if node.get("multiconnect") and shards >= 2 and connected < shards + 1:
        have = "The node has %s, %d are expected" % (counted(connected, "connected gateway"), shards + 1)
        seen = "%s (shards: %d, and the primary master). Its health: %s" % (have, shards, phrase)
        return [GATEWAYS_MISSING.failure(seen, remedy if failing else "")]
    if failing:
        return [GATEWAYS_MISSING.failure("A part of the node does not answer: %s. %s" % (phrase, why), remedy)]
    return []


def _status(entry: Mapping[str, Any]) -> str:
    return str(entry.get("gateway_status"))


def _expiry(node: Mapping[str, Any], now: float) -> List[Failure]:
    ends = times.instant(node.get("expires_at"))
    if ends is None or ends > now + _SOON:
        return []
    if ends <= now:
        return [CLIENT_EXPIRED.failure("It expired on %s. %s" % (node.get("expires_at"), CLIENT_EXPIRED.why))]
    return [CLIENT_EXPIRES_SOON.failure("It expires on %s. %s" % (node.get("expires_at"), CLIENT_EXPIRES_SOON.why))]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
