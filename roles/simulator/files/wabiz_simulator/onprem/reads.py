# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of a node: health, support, statistics, metrics, certificate; single and multiconnect shapes."""

from __future__ import annotations

from typing import Any

from ..call import Call, Reply
from ..nodes import Node
from ..strict import read_query

_HELP = {
    "callback_queue_size": "Number of callbacks in the queue",
    "jobmanager_waiting_jobs": "Number of jobs that wait",
    "db_pending_messages": "Number of pending messages in the database",
    "db_pending_callbacks": "Number of pending callbacks in the database",
}


def health(call: Call) -> Reply:
    read_query(call, ())
    node = call.needs_node()
    if not node.multiconnect:
        return Reply({"health": {"gateway_status": node.gateway_status()}})
    cores = node.cores()
    return Reply({"health": {name: {"gateway_status": status, "role": role} for name, (role, status) in cores.items()}})


def support(call: Call) -> Reply:
    read_query(call, ())
    node = call.needs_node()
    if not node.multiconnect:
        return Reply({"support": _support(node, node.gateway_status())})
    result: dict[str, Any] = {}
    for at, (name, (role, status)) in enumerate(node.cores().items()):
        shards = [[-1, -1]] if role == "primary_master" else [[at - 2, at - 2]] if 2 <= at < node.shards + 2 else []
        result[name] = {**_support(node, status), "role": role, "shards": shards}
    return Reply({"support": result})


def _support(node: Node, status: str) -> dict[str, Any]:
    return {
        "debug_info": node.wa_id if node.registered else "unregistered",
        "expire_timestamp": node.expire_timestamp,
        "multi_connect": node.multiconnect,
        "socket_conn": "UP" if status == "connected" else "DN",
        "version": node.client_version,
    }


def stats_app(call: Call) -> Reply:
    return _stats(call, "app", ("callback_queue_size",), everywhere=True)


def stats_internal(call: Call) -> Reply:
    return _stats(call, "internal", ("jobmanager_waiting_jobs",), everywhere=True)


def stats_db(call: Call) -> Reply:
    return _stats(call, "db", ("db_pending_messages", "db_pending_callbacks"), everywhere=False)


def stats_db_internal(call: Call) -> Reply:
    return _stats(call, "db_internal", (), everywhere=False)


def _stats(call: Call, group: str, names: tuple[str, ...], everywhere: bool) -> Reply:
    """Answer with gauges; in multiconnect keyed by node, and only the primary master knows the database."""
    node = call.needs_node()
    if read_query(call, ("format",)).get("format") == "prometheus":
        lines = [f"# TYPE {name} gauge\n{name} {node.queues.get(name, 0)}" for name in names]
        return Reply(text="\n".join(lines) + "\n")
    gauges = {
        name: {"data": [{"value": node.queues.get(name, 0)}], "help": _HELP[name], "type": "gauge"} for name in names
    }
    if not node.multiconnect:
        return Reply({"stats": {group: gauges}})
    result: dict[str, Any] = {}
    for name, (role, _unused) in node.cores().items():
        # The queues of the deployment are told once, by the primary master; the others have none.
        if role == "primary_master":
            result[name] = {group: gauges}
        else:
            empty = {gauge: {**content, "data": [{"value": 0}]} for gauge, content in gauges.items()}
            result[name] = {group: empty} if everywhere else {}
    return Reply({"stats": result})


def metrics(call: Call) -> Reply:
    read_query(call, ())
    node = call.needs_node()
    names = ("web_uptime", "web_connections", "web_pending_connections", "web_queue_len")
    return Reply(text="".join(f'{name}{{node="{node.address}"}} 0\n' for name in names))


def ca_certificate(call: Call) -> Reply:
    read_query(call, ())
    return Reply(text=call.params["ca_pem"])
