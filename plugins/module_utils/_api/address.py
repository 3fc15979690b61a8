# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a call may go: rules on base URLs, and the proxies of the environment."""

from __future__ import annotations

import ipaddress
from typing import Dict, NamedTuple
from urllib.parse import urlsplit


class Target(NamedTuple):
    """Name a server without anything secret: ``problem`` is empty, or the word of the rule that its URL breaks."""

    base: str
    name: str
    loopback: bool
    problem: str


def target_of(base_url: str) -> Target:
    """Check a base URL.

    A credential goes over plain http to the machine itself only; user info and a query have no place in a base URL.
    """
    base = base_url.rstrip("/")
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Target(base, "the given URL", False, "bad_url")
    name = ("[%s]" % host if ":" in host else host) + (":%d" % port if port else "")
    loopback = is_loopback(host)
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        return Target(base, name or "the given URL", loopback, "bad_url")
    if parts.scheme == "http" and not loopback:
        return Target(base, name, loopback, "plain_http")
    return Target(base, name, loopback, "")


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine, by name or by address."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxies_for(url: str, loopback: bool) -> Dict[str, str]:
    """Return the proxies of the environment for ``url`` (HTTPS_PROXY, NO_PROXY, ...); none for the machine itself."""
    if loopback:
        return {}
    from requests.utils import get_environ_proxies

    return dict(get_environ_proxies(url))
