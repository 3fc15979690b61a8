# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which URLs may be called, and through which proxy of the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Dict, NamedTuple
from urllib.parse import urlsplit


class Target(NamedTuple):
    """Describe a server without any secret: ``problem`` is empty, or names the rule that its URL breaks."""

    base: str
    name: str
    loopback: bool
    problem: str


def target_of(url: str, base: bool = True) -> Target:
    """Check a URL: plain http is for loopback addresses only, and a ``base`` URL has no query.

    No URL has user info or a fragment: a credential has an option of its own.
    """
    root = url.rstrip("/") if base else url
    try:
        parts = urlsplit(root)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Target(root, "the given URL", False, "bad_url")
    name = ("[%s]" % host if ":" in host else host) + (":%d" % port if port else "")
    loopback = is_loopback(host)
    surplus = "@" in parts.netloc or parts.fragment or (base and parts.query)
    if parts.scheme not in ("http", "https") or not host or surplus:
        return Target(root, name or "the given URL", loopback, "bad_url")
    if parts.scheme == "http" and not loopback:
        return Target(root, name, loopback, "plain_http")
    return Target(root, name, loopback, "")


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine, by name or by address."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def redirect_host(location: str) -> str:
    """Return the host of a redirect as a phrase; its path and query may hold a secret."""
    try:
        return urlsplit(location).hostname or "another path of the same server"
    except ValueError:
        return "an unreadable address"


class Route(NamedTuple):
    """Describe the proxy of a call; only ``proxies``, the argument for requests, holds secrets.

    ``setting`` is the environment variable that names the proxy, ``name`` is its host and port,
    ``authenticates`` tells whether its URL holds a user name. ``problem`` is empty, or why it cannot be used.
    """

    proxies: Dict[str, str]
    setting: str = ""
    name: str = ""
    authenticates: bool = False
    problem: str = ""


DIRECT = Route({})
# Problems of a proxy's URL.
NO_SUCH_SCHEME = "scheme"
NO_SOCKS = "socks"
NOT_ENCODED = "not encoded"
NO_ADDRESS = "no address"

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_PROXY_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\[\]:]+)(?::([0-9]{0,5}))?\Z")


def route_to(url: str, loopback: bool) -> Route:
    """Return the route to ``url`` by the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY); loopback uses no proxy.

    As in requests, variables in lower case take precedence.
    """
    if loopback:
        return DIRECT
    from requests.utils import get_environ_proxies, select_proxy

    found = dict(get_environ_proxies(url))
    stated = select_proxy(url, found)
    if not stated:
        return DIRECT
    scheme = urlsplit(url).scheme
    setting = _variable(scheme if scheme in found else "all")
    # Some versions of requests parse the host of a URL without a scheme as the scheme.
    whole = stated.strip() if "://" in stated else "http://" + stated.strip()
    kind, _sep, rest = whole.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, _at, server = authority.rpartition("@")
    match = _PROXY_HOST.match(server)
    problem = ""
    if kind.lower() not in _SCHEMES:
        problem = NO_SUCH_SCHEME
    elif "@" in rest[len(authority) :] or re.search(r"[\[\]]", user) or re.search(r"[^!-~]", whole):
        # The text after such a character was parsed as a path, so the host is not the real one.
        return Route({}, setting, problem=NOT_ENCODED)
    elif match is None or int(match.group(2) or 0) > 65535:
        return Route({}, setting, problem=NO_ADDRESS)
    elif kind.lower().startswith("socks") and not _has_socks():
        problem = NO_SOCKS
    return Route({scheme: whole}, setting, server if match else "", bool(user), problem)


def _variable(scheme: str) -> str:
    """Return the name of the environment variable that holds the proxy of ``scheme``."""
    found = [name for name, value in os.environ.items() if value and name.lower() == scheme + "_proxy"]
    return max(found, default="the system's proxy settings")  # lower case sorts after upper case


def _has_socks() -> bool:
    """Tell whether requests has found the library for SOCKS proxies; without it the name is a function that raises."""
    from requests import adapters

    return isinstance(adapters.SOCKSProxyManager, type)
