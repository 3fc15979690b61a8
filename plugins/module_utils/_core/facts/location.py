# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: where a number is registered, decided from both APIs together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from . import node as _node

ON_PREMISES = "ON_PREMISES"
CLOUD = "CLOUD"
NEITHER = "NEITHER"
UNKNOWN = "UNKNOWN"

# Graph's `status` is an open set. These mean that a number on the Cloud API is registered, or soon will be.
_REGISTERED = ("CONNECTED", "FLAGGED", "RESTRICTED", "RATE_LIMITED")
_PENDING = ("PENDING",)


@dataclass(frozen=True)
class Location:
    """Where a number is registered, and the reason as a phrase."""

    name: str
    why: str

    @property
    def definite(self) -> bool:
        return self.name != UNKNOWN


def location(graph: Optional[Mapping[str, Any]], node: str) -> Location:
    """Decide the location of a number.

    ``graph`` is the answer of GET /<PHONE_NUMBER_ID> with platform_type, None when it could not be read; ``node`` is
    one of the constants of the node rule (serving, not serving, unclear, unreachable, not asked). Graph's platform_type
    is the authority for CLOUD, because no source documents what an old node shows after the move. For ON_PREMISES and
    NEITHER both sides must agree; "not asked" is the operator's own decision to judge by Graph alone.
    """
    if graph is None:
        return Location(UNKNOWN, "Graph could not be read")
    platform = str(graph.get("platform_type") or "")
    seen = "Graph says platform_type %s, the On-Premises node is %s" % (platform or "nothing", node)
    if platform == "CLOUD_API":
        return Location(CLOUD, seen)
    if platform == "ON_PREMISE":
        return Location(ON_PREMISES if node in (_node.SERVING, _node.NOT_ASKED) else UNKNOWN, seen)
    if platform == "NOT_APPLICABLE":
        return Location(NEITHER if node in (_node.NOT_SERVING, _node.NOT_ASKED) else UNKNOWN, seen)
    return Location(UNKNOWN, seen)


def on_biz_app(graph: Mapping[str, Any]) -> bool:
    """Tell whether Graph says that the number lives in the WhatsApp Business phone app."""
    return str(graph.get("is_on_biz_app")).strip().lower() == "true"


def coexists(graph: Mapping[str, Any]) -> bool:
    """Tell whether the phone app and the Cloud API serve the number together; it is left alone then."""
    return on_biz_app(graph) and (registered(graph) or pending(graph))


def registered(graph: Mapping[str, Any]) -> bool:
    """Tell whether a number on the Cloud API is registered there for good."""
    return graph.get("platform_type") == "CLOUD_API" and str(graph.get("status")) in _REGISTERED


def pending(graph: Mapping[str, Any]) -> bool:
    """Tell whether a number on the Cloud API is not connected yet."""
    return graph.get("platform_type") == "CLOUD_API" and str(graph.get("status")) in _PENDING
