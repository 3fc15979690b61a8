# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: which difference an endpoint of the On-Premises API is. Pure."""

from __future__ import annotations

import re
from typing import Optional, Tuple

# The path below /v1, and its rule. The first that fits counts.
_PATHS: Tuple[Tuple[str, str], ...] = (
    (r"messages(?:/|\Z)", "L02"),
    # What providers have below contacts is their own.
    (r"contacts/[^/]+/identity(?:/|\Z)", "L46"),
    (r"contacts/?\Z", "L15"),
    (r"stickerpacks(?:/|\Z)", "L16"),
    (r"groups(?:/|\Z)", "L27"),
    (r"media(?:/|\Z)", "L30"),
    (r"users/log(?:in|out)(?:/|\Z)", "L35"),
    (r"users(?:/|\Z)", "L53"),
    (r"configs/templates(?:/|\Z)", "L37"),
    (r"configs/webhook(?:/|\Z)", "L38"),
    (r"settings/(?:business/profile|profile/about|profile/photo)(?:/|\Z)", "L39"),
    (r"settings/application/media/providers(?:/|\Z)", "L08"),
    (r"settings/application(?:/|\Z)", "L28"),
    (
        r"(?:settings/(?:backup|restore|account/two-step)|account(?:/verify|/shards)?|certificates/(?:external|webhooks))(?:/|\Z)",
        "L53",
    ),
    (r"(?:services/(?:message|media)/gc|stats/(?:app|db)|support|health)(?:/|\Z)", "L53"),
)
_TABLE = tuple((re.compile(pattern), rule) for pattern, rule in _PATHS)
_URL = re.compile(r"(?:(?P<scheme>https?)://(?P<host>[^/?#\s]+)|(?P<variable>\{\{[^}]*\}\}))?(?P<path>/[^?#\s]*)")
_ADDRESS = re.compile(r"https?://(?P<host>[^/?#\s:]+)(?::9090/v1/(?P<node>[^?#\s]*))?")
# Paths that name nothing but the On-Premises API, whatever the host.
_TYPICAL = frozenset(("L16", "L37", "L38", "L39"))
_LOCAL = re.compile(r"(?:localhost|127\.[0-9.]+|\[::1\]|10\.[0-9.]+|192\.168\.[0-9.]+|172\.[0-9.]+)(?::[0-9]+)?\Z")
# How a host shows that it is a node, or a provider of nodes.
_NODE = re.compile(
    r"(?::9090\Z)|\bwaba\.360dialog\.io|wa(?:ba|biz|web|core)|whatsapp|wabusiness|\bturn\.io", re.IGNORECASE
)
DIALOG_HOST = re.compile(r"(?<![\w.-])waba\.360dialog\.io", re.IGNORECASE)


def of_path(path: str, method: str = "") -> str:
    """Return the rule of a path below /v1, "" for one that the On-Premises API does not have."""
    path = path.lstrip("/")
    for pattern, rule in _TABLE:
        if pattern.match(path):
            if rule == "L30":
                return {"GET": "L32", "DELETE": "L33"}.get(method.upper(), rule)
            if rule == "L02" and method.upper() == "PUT":
                return "L14"
            return rule
    return ""


def of_request(method: str, url: str) -> Optional[str]:
    """Return the rule of a recorded request, None where it is no request to the On-Premises API for certain.

    A path alone counts if nothing else has it, or if its address is that of a node: port 9090, a private address, or a
    name that says so.
    """
    found = _URL.match(url.strip()[:2000])
    if not found:
        return None
    host, path = found.group("host") or "", found.group("path")
    if DIALOG_HOST.search(host):
        return "L36"
    if not path.startswith("/v1/"):
        return None
    rule = of_path(path[4:], method)
    if not rule:
        return None
    if rule in _TYPICAL or _NODE.search(host):
        return rule
    if not host:
        return rule if found.group("variable") is None or rule != "L53" else None
    return rule if _LOCAL.match(host) else None


def of_address(text: str) -> Optional[str]:
    """Return the rule of an address in a file of settings, None where it is not that of a node for certain."""
    found = _ADDRESS.match(text[:2000])
    if not found:
        return None
    return "L36" if DIALOG_HOST.match(found.group("host")) else of_path(found.group("node") or "") or None


def shown(url: str) -> str:
    """Return an address without its query, which may hold a secret."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    return re.sub(r"//[^/@\s]*@", "//", bare)[:120]
