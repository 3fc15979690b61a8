# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: read the On-Premises node. Changes nothing."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from .._api.errors import ApiError
from .._api.onprem import OnPrem
from .._core.facts import callback
from .._core.facts import node as node_rules
from .._core.facts.times import utc
from .._failure import Failure, WabizError
from . import traffic_sample
from .context import Context, Outcome, Shared
from .module import Module, never
from .options import GATHER, GATHER_MORE, OnPremConnection, declare, option

EVERYTHING = ("health", "application", "support", "shards", "stats", "profile")
# What the findings of a preflight go by.
PREFLIGHT = ("health", "application", "support", "sharding", "stats", "stickerpacks", "webhook_ca")
# What decides where the number is; enough for the gate of the register call.
DECISIVE = ("health", "application")
_DEPLOYMENT = ("multiconnect", "shards")
_GAUGES = ("callback_queue_size", "db_pending_messages", "db_pending_callbacks")


@declare
class Options(OnPremConnection):
    """The options of wa_onprem_info."""

    gather: List[str] = option("list", list(GATHER), elements="str", choices=[*GATHER, *GATHER_MORE])


def _health(node: OnPrem) -> Dict[str, Any]:
    gateway = node_rules.gateway(node.health())
    return {
        "serving": gateway.serving,
        "gateway": gateway.describe(),
        "nodes_connected": gateway.connected,
        "multiconnect": gateway.multiconnect,
        "nodes": [{"name": name, "gateway_status": status, "role": role} for name, status, role in gateway.statuses],
    }


def _application(node: OnPrem) -> Dict[str, Any]:
    application = node.application()
    return {"wa_id": str(application.get("wa_id") or ""), "webhooks": callback.shown(application.get("webhooks") or {})}


def _support(node: OnPrem) -> Dict[str, Any]:
    facts = dict(node_rules.support_facts(node.support()))
    expires: Optional[float] = facts.pop("expires_at")
    return dict(facts, expires_at=None if expires is None else utc(expires))


def _stats(node: OnPrem, now: Optional[Callable[[], float]]) -> Dict[str, Any]:
    taken = traffic_sample.sample(node, now)
    return {"queues": {gauge: taken["gauges"].get(gauge) for gauge in _GAUGES}, "traffic": taken}


def _profile(node: OnPrem) -> Dict[str, Any]:
    return {"profile": {"business": node.business_profile(), "about": node.about()}}


def _certificates(node: OnPrem) -> Dict[str, Any]:
    return {
        "certificates": {
            "external_ca": node.has_certificate("external/ca"),
            "webhook_ca": node.has_certificate("webhooks/ca"),
        }
    }


_READS: Mapping[str, Callable[[OnPrem], Dict[str, Any]]] = {
    "health": _health,
    "application": _application,
    "support": _support,
    "shards": lambda node: {"shards": node.shards()},
    "profile": _profile,
    "photo": lambda node: {"photo": node.photo_facts()},
    "stickerpacks": lambda node: {"stickerpacks": node.stickerpacks()},
    "certificates": _certificates,
    "webhook_ca": lambda node: {"certificates": {"webhook_ca": node.has_certificate("webhooks/ca")}},
}


def read(node: OnPrem, gather: Sequence[str], now: Optional[Callable[[], float]] = None) -> Dict[str, Any]:
    """Return the facts named in ``gather``; a read that the node refuses is listed under ``refused``, by name and code.

    ``now`` is the clock (UTC in seconds) of the traffic's sample, which has no time without it.

    Raises the error of health and application, which decide; the others only inform, and an old client may lack them.
    """
    facts: Dict[str, Any] = {}
    refused: List[str] = []
    for name in gather:
        try:
            if name == "sharding":
                # Behind the health: only a multiconnect node has shards.
                facts["shards"] = node.shards() if facts["multiconnect"] else None
            else:
                facts.update(_stats(node, now) if name == "stats" else _READS[name](node))
        except ApiError as error:
            if name in DECISIVE:
                raise
            refused.append("%s: %s [%s]" % (name, error.failure.title, error.failure.code))
    facts["refused"] = refused + list(facts.get("traffic", {}).get("unread", []))
    return facts


def note_deployment(shared: Shared, phone_number_id: str, facts: Mapping[str, Any]) -> None:
    """Let later tasks of the run know how a node is deployed."""
    shared.raise_flag(_note(phone_number_id), json.dumps({name: facts.get(name) for name in _DEPLOYMENT}))


def deployment(shared: Shared, phone_number_id: str) -> Dict[str, Any]:
    """Return how a node is deployed, {} where no task of the run has read it."""
    noted = shared.raised(_note(phone_number_id))
    return {} if noted is None else dict(json.loads(noted))


def _note(phone_number_id: str) -> str:
    return "deployment of the node of %s" % phone_number_id


class NodeError(WabizError):
    """The node could not be read where it was asked from."""


def request(number: str, gather: Sequence[str]) -> Dict[str, Any]:
    """Return the request to read the node where the host's connection leads; ``number`` is the label of errors."""
    return {"op": "node", "number": number, "gather": list(gather)}


def answer(request: Mapping[str, Any], process: Any, before: Sequence[Any]) -> Dict[str, Any]:
    """Answer such a request on the host."""
    return {"node": read(process.onprem(request), request["gather"], process.now)}


def of_answer(found: Mapping[str, Any], number: str) -> Dict[str, Any]:
    """Return the facts of an answer; raises NodeError."""
    if "failure" in found:
        raise NodeError(Failure(**found["failure"]), number)
    facts: Dict[str, Any] = found["node"]
    return facts


def perform(options: Options, context: Context) -> Outcome:
    """Read what ``gather`` names."""
    facts = read(context.clients.onprem(""), options.gather or EVERYTHING, context.clock.now)
    return Outcome(False, {"node": facts}, warnings=tuple("not readable: " + text for text in facts["refused"]))


MODULE = Module(
    name="wa_onprem_info",
    options=Options,
    run=perform,
    changes=never,
)
