# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what an On-Premises node's own answers say about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, List, Mapping, Optional, Tuple

SERVING = "serving"
NOT_SERVING = "not serving"
UNCLEAR = "unclear"
UNREACHABLE = "unreachable"
NOT_ASKED = "not asked"

# "connecting" is healthy to an operator, but it is not a definite "this node serves the number now".
_DOWN = ("disconnected", "unregistered")


@dataclass(frozen=True)
class Gateway:
    """The node's place in WhatsApp as its health tells it: ``connected`` counts gateways, ``statuses`` names each."""

    serving: str
    connected: int
    multiconnect: bool
    statuses: Tuple[Tuple[str, str, str], ...]

    def describe(self) -> str:
        """Return the gateway states as one phrase."""
        if not self.statuses:
            return "no gateway status"
        return ", ".join("%s %s" % (name, status) if name else status for name, status, _role in self.statuses)


def gateway(health: Optional[Mapping[str, Any]]) -> Gateway:
    """Read the ``health`` object of GET /v1/health in its single and its multiconnect shape.

    In multiconnect only some gateways are connected (the others stand by), so connected ones are counted and one
    is enough (Meta's collection, "Check Health Multiconnect").
    """
    if not isinstance(health, Mapping) or not health:
        return Gateway(UNCLEAR, 0, False, ())
    statuses: List[Tuple[str, str, str]] = []
    multiconnect = "gateway_status" not in health
    if multiconnect:
        for name, entry in sorted(health.items()):
            facts = entry if isinstance(entry, Mapping) else {}
            statuses.append((str(name), str(facts.get("gateway_status", "unknown")), str(facts.get("role", ""))))
    else:
        statuses.append(("", str(health.get("gateway_status")), ""))
    connected = sum(1 for _name, status, _role in statuses if status == "connected")
    if connected:
        serving = SERVING
    elif all(status in _DOWN for _name, status, _role in statuses):
        serving = NOT_SERVING
    else:
        serving = UNCLEAR
    return Gateway(serving, connected, multiconnect, tuple(statuses))


def support_facts(support: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return version, expiry and registration from the ``support`` object, in its single and its multiconnect shape."""
    if not isinstance(support, Mapping) or not support:
        return {"registered": None, "client_version": "", "expires_at": None}
    entries = [support] if "debug_info" in support or "version" in support else [
        entry for _name, entry in sorted(support.items()) if isinstance(entry, Mapping)
    ]
    infos = [str(entry.get("debug_info")) for entry in entries if entry.get("debug_info")]
    expiries = [moment for moment in (instant(entry.get("expire_timestamp")) for entry in entries) if moment is not None]
    versions = sorted({str(entry.get("version")) for entry in entries if entry.get("version")})
    return {
        "registered": any(info != "unregistered" for info in infos) if infos else None,
        "client_version": ", ".join(versions),
        "expires_at": min(expiries) if expiries else None,
    }


def instant(value: Any) -> Optional[float]:
    """Return seconds since the epoch (UTC) of a time as the node writes it: a number, or text with or without "T"."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) / 1000 if value > 1e11 else float(value)
    text = str(value).strip()
    if text.isdigit():
        return instant(int(text))
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()


def gauge(stats: Optional[Mapping[str, Any]], name: str) -> Optional[float]:
    """Return the sum of a gauge of GET /v1/stats over all nodes, None where no node reports it.

    Single: ``{"callback_queue_size": {"data": [{"value": 450}]}}``; multiconnect puts a node's name around it.
    """
    if not isinstance(stats, Mapping):
        return None
    total: Optional[float] = None
    blocks = [stats] + [entry for entry in stats.values() if isinstance(entry, Mapping)]
    for block in blocks:
        entry = block.get(name)
        if not isinstance(entry, Mapping):
            continue
        for point in entry.get("data") or []:
            value = point.get("value") if isinstance(point, Mapping) else None
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                total = (total or 0.0) + float(value)
    return total
