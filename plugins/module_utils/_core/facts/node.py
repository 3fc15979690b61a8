# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the state of an On-Premises node by its own answers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from . import times

SERVING = "serving"
NOT_SERVING = "not serving"
UNCLEAR = "unclear"
UNREACHABLE = "unreachable"
NOT_ASKED = "not asked"

# "connecting" is healthy to an operator, but it is not a definite "this node serves the number now".
_DOWN = ("disconnected", "unregistered")
# The prefix of a gateway's status where the node reports an error in its place.
ERROR = "error: "
_NOTHING = "it reports no gateway status"
_ERROR_KEYS = {"errors", "error", "code", "title", "details", "message", "href"}
_LONGEST = 300
_DEEPEST = 5


@dataclass(frozen=True)
class Gateway:
    """The node's connection to WhatsApp by its health: ``connected`` counts gateways.

    ``statuses`` holds name, status and role of each; a status is one of the node's values, or ERROR and the text in
    place of one.
    """

    serving: str
    connected: int
    multiconnect: bool
    statuses: Tuple[Tuple[str, str, str], ...]

    def describe(self) -> str:
        """Return the gateway states as one phrase."""
        if not self.statuses:
            return "no gateway status"
        return ", ".join("%s %s" % (name, status) if name else status for name, status, _role in self.statuses)


def gateway(health: Any) -> Gateway:
    """Read ``health`` of GET /v1/health in its single and its multiconnect shape.

    In multiconnect only some gateways are connected (the others stand by), so connected ones are counted and one
    is enough (Meta's collection, "Check Health Multiconnect"). In place of a gateway, or of all, a node may report an
    error, as a list or an object: that is not a status, and the others still count.
    """
    if not health:
        return Gateway(UNCLEAR, 0, False, ())
    multiconnect = isinstance(health, Mapping) and "gateway_status" not in health and not set(health) <= _ERROR_KEYS
    entries = sorted(health.items(), key=lambda item: str(item[0])) if multiconnect else [("", health)]
    statuses: List[Tuple[str, str, str]] = []
    for name, entry in entries:
        role = entry.get("role") if isinstance(entry, Mapping) else None
        statuses.append((str(name), _status(entry), role if isinstance(role, str) else ""))
    connected = sum(1 for _name, status, _role in statuses if status == "connected")
    if connected:
        serving = SERVING
    elif all(status in _DOWN for _name, status, _role in statuses):
        serving = NOT_SERVING
    else:
        serving = UNCLEAR
    return Gateway(serving, connected, multiconnect, tuple(statuses))


def failed(status: str) -> str:
    """Return the node's text of a status that is an error, "" for any other status."""
    return status[len(ERROR) :] if status.startswith(ERROR) else ""


def start_of(wording: str) -> str:
    """Return how to start the Coreapp that does not run by an error, "" for any other error."""
    if "wacore is running" not in wording.lower():
        return ""
    named = re.search(r"running: *([\w.-]*\w)", wording)
    return "start the Coreapp%s on its host (docker ps -a names the container, docker start starts it)" % (
        " " + named.group(1) if named else ""
    )


def _status(entry: Any) -> str:
    status = entry.get("gateway_status") if isinstance(entry, Mapping) else None
    if isinstance(status, str) and status.strip():
        return _line(status)
    return ERROR + (_line(_wording(entry if status is None else status)) or _NOTHING)


def _wording(entry: Any, depth: int = 0) -> str:
    """Return the text in place of a status: of one error, of several, or plain text."""
    if isinstance(entry, str):
        return entry
    if depth > _DEEPEST:
        return ""
    if isinstance(entry, list):
        return "; ".join(filter(None, (_wording(item, depth + 1) for item in entry)))
    if not isinstance(entry, Mapping):
        return ""
    title, code = entry.get("title"), entry.get("code")
    head = "%s%s" % (title if isinstance(title, str) else "", "" if code in (None, "") else " [%s]" % _line(str(code)))
    parts = [head, *(_wording(entry.get(key), depth + 1) for key in ("details", "message", "error", "errors"))]
    return ": ".join(part.strip() for part in parts if part.strip())


def _line(text: str) -> str:
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " ..."


def support_facts(support: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return version, expiry and registration from the ``support`` object, in its single and its multiconnect shape."""
    if not isinstance(support, Mapping) or not support:
        return {"registered": None, "client_version": "", "expires_at": None}
    entries = (
        [support]
        if "debug_info" in support or "version" in support
        else [entry for _name, entry in sorted(support.items()) if isinstance(entry, Mapping)]
    )
    infos = [str(entry.get("debug_info")) for entry in entries if entry.get("debug_info")]
    expiries = [
        moment for moment in (times.instant(entry.get("expire_timestamp")) for entry in entries) if moment is not None
    ]
    versions = sorted({str(entry.get("version")) for entry in entries if entry.get("version")})
    return {
        "registered": any(info != "unregistered" for info in infos) if infos else None,
        "client_version": ", ".join(versions),
        "expires_at": min(expiries) if expiries else None,
    }


def gauge(stats: Optional[Mapping[str, Any]], name: str) -> Optional[float]:
    """Return the sum of a gauge of GET /v1/stats over all nodes, None where no node reports it.

    Single: ``{"app": {"callback_queue_size": {"data": [{"value": 450}]}}}``; multiconnect puts a node's name around it,
    so the gauge is looked for below every name.
    """
    values = list(_points(stats, name))
    return float(sum(values)) if values else None


def _points(block: Any, name: str) -> Iterator[float]:
    if not isinstance(block, Mapping):
        return
    for key, entry in block.items():
        if key != name:
            yield from _points(entry, name)
        elif isinstance(entry, Mapping) and isinstance(entry.get("data"), list):
            for point in entry["data"]:
                value = point.get("value") if isinstance(point, Mapping) else None
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    yield value
