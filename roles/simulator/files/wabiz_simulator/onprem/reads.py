# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of a node: health, support, statistics, metrics, certificate; single and multiconnect shapes."""

from __future__ import annotations

from typing import Any

from ..call import Call, Reply
from ..nodes import Node
from ..refusal import OnPremError
from ..strict import read_query

_APP = ("callback_queue_size", "pending_messages", "pending_callbacks", "in_messages_pending_processing")
_INTERNAL = ("jobmanager_waiting_jobs", "jobmanager_unblocked_job_queue_size", "jobmanger_job_queue_size")
_DB = ("db_pending_messages", "db_pending_callbacks")


def health(call: Call) -> Reply:
    read_query(call, ())
    node = call.needs_node()
    if not node.multiconnect:
        single = _gone("wacore") if node.coreapps_gone else {"gateway_status": node.gateway_status()}
        return Reply({"health": single})
    members: dict[str, Any] = {
        name: {"gateway_status": status, "role": role} for name, (role, status) in node.cores().items()
    }
    for name in list(members)[::-1][: node.coreapps_gone]:
        members[name] = _gone(name.partition(":")[0])
    return Reply({"health": members})


def _gone(host: str) -> list[dict[str, Any]]:
    """Return what stands in place of the entry of a Coreapp that does not run."""
    details = f"Could not connect to the Coreapp. Please check if wacore is running: {host}:6252"
    return [{"code": 1014, "title": "Internal error", "details": details}]


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
    counters = call.needs_node().counters(call.now)
    return _stats(call, ("app",), _APP, counters, everywhere=True)


def stats_internal(call: Call) -> Reply:
    return _stats(call, ("app", "internal"), _INTERNAL, {}, everywhere=True)


def stats_db(call: Call) -> Reply:
    return _stats(call, ("db",), _DB, {}, everywhere=False)


def stats_db_internal(call: Call) -> Reply:
    return _stats(call, ("db", "internal"), (), {}, everywhere=False)


def _stats(
    call: Call, path: tuple[str, ...], names: tuple[str, ...], counters: dict[str, int], everywhere: bool
) -> Reply:
    """Answer below ``path``; in multiconnect keyed by node, and only the primary master knows the database."""
    node = call.needs_node()
    reported = {name: ("gauge", node.queues.get(name, 0)) for name in names}
    reported.update({name: ("counter", value) for name, value in counters.items()})
    members = node.cores()
    if read_query(call, ("format",)).get("format") == "prometheus":
        label = f'{{node="{next(iter(members))}"}}' if node.multiconnect else ""
        return Reply(text=_prometheus(reported, label))
    full = {name: _metric(kind, value) for name, (kind, value) in reported.items()}
    if node.multiconnect:
        # The figures of the deployment are told once, by the primary master; the others have none.
        empty = {name: _metric(kind, 0) for name, (kind, _unused) in reported.items()} if everywhere else {}
        full = {name: full if role == "primary_master" else empty for name, (role, _status) in members.items()}
    for key in reversed(path):
        full = {key: full}
    return Reply({"stats": full})


def _metric(kind: str, value: int, **labels: str) -> dict[str, Any]:
    point: dict[str, Any] = {"labels": labels, "value": value} if labels else {"value": value}
    return {"data": [point], "help": "Simulated", "type": kind}


def _prometheus(reported: dict[str, tuple[str, int]], label: str) -> str:
    lines = []
    for name, (kind, value) in reported.items():
        lines += [f"# HELP {name} Simulated", f"# TYPE {name} {kind}", f"{name}{label} {value}", ""]
    return "\n".join(lines)


def metrics(call: Call) -> Reply:
    """Answer with the Webapp's own figures, in the text form of Prometheus or, where it is asked for, as JSON."""
    wanted = read_query(call, ("format",)).get("format")
    node = call.needs_node()
    reported = {
        "web_uptime": ("gauge", 349141),
        "web_connections": ("counter", 23933),
        "web_pending_connections": ("gauge", node.queues.get("web_pending_connections", 0)),
        "web_max_pending_connections": ("gauge", 10),
        # The room for waiting connections, not how many wait.
        "web_queue_len": ("gauge", 128),
        "web_idle_processes": ("gauge", 10),
        "web_total_processes": ("gauge", 12),
    }
    if wanted == "json":
        figures = {name: _metric(kind, value, node=node.address) for name, (kind, value) in reported.items()}
        return Reply({"metrics": figures})
    return Reply(text=_prometheus(reported, f'{{node="{node.address}"}}'))


def ca_certificate(call: Call) -> Reply:
    read_query(call, ())
    return Reply(text=call.params["ca_pem"])


def webhook_ca_certificate(call: Call) -> Reply:
    read_query(call, ())
    if not call.needs_node().webhook_ca:
        raise OnPremError(1006, "There is no CA for webhooks")
    return Reply(text=call.params["ca_pem"])


def stickerpacks(call: Call) -> Reply:
    read_query(call, ("namespace",))
    return Reply({"stickerpacks": [{"id": f"pack-{at}"} for at in range(call.needs_node().stickerpacks)]})
