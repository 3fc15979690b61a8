# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a proxy of the environment failed, by the name of its setting and without its credentials. Pure."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Optional, Sequence

from . import address
from .causes_tls import Report
from .options import option

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_ENCODE = "# is %23, / is %2F, ? is %3F, @ is %40, [ is %5B, a space is %20"


def unusable(route: address.Route, target: str) -> Report:
    """Return why the proxy of the environment cannot be used."""
    where = "where the task runs"
    elsewhere = "; if %s can be reached without a proxy, add its host to NO_PROXY" % target
    if route.problem == address.NO_SOCKS:
        return Report(
            "proxy_socks",
            "%s names a SOCKS proxy, but the Python library PySocks is missing" % route.setting,
            "",
            "install PySocks for the Python of the task (pip install 'requests[socks]'), or name an http proxy in %s%s"
            % (route.setting, elsewhere),
        )
    if route.problem == address.NO_SUCH_SCHEME:
        return Report(
            "proxy_url",
            "The proxy URL in %s has an unknown scheme" % route.setting,
            "Known schemes are http, https, socks4, socks4a, socks5 and socks5h",
            "correct %s %s, for example http://proxy.example.com:3128%s" % (route.setting, where, elsewhere),
        )
    if route.problem == address.NOT_ENCODED:
        return Report(
            "proxy_url",
            "The proxy URL in %s cannot be read" % route.setting,
            "A character in it, most likely in its user name or password, must be percent-encoded",
            "percent-encode the user name and the password in %s %s (%s)" % (route.setting, where, _ENCODE),
        )
    return Report(
        "proxy_url",
        "The proxy URL in %s cannot be read" % route.setting,
        "Its host or its port is missing or malformed",
        "correct %s %s, for example http://proxy.example.com:3128%s" % (route.setting, where, elsewhere),
    )


def reported_by(
    causes: Sequence[BaseException], route: address.Route, past: bool, target: str, wording: str, ca_path: str
) -> Optional[Report]:
    """Return what failed on the way to the proxy, or from the proxy to ``target``; None for neither.

    ``past`` tells that there was a connection to the proxy, ``wording`` is the text of the operating system for the
    innermost cause, ``ca_path`` names the option for a CA.
    """
    if not route.proxies:
        return None
    proxy = "proxy %s (%s)" % (route.name, route.setting)
    status = next((int(found.group(1)) for found in map(_TUNNEL.search, map(str, causes)) if found), 0)
    socks = [item for item in causes if type(item).__module__ == "socks"]
    refused_by_proxy = next((str(item) for item in socks if type(item).__name__ in ("SOCKS4Error", "SOCKS5Error")), "")
    around = "check %s and NO_PROXY where the task runs" % route.setting
    if status == 407 or any("Auth" in type(item).__name__ for item in socks):
        problem = "rejects the user name and password" if route.authenticates else "requires a user name and password"
        return Report(
            "proxy_auth",
            "The %s %s" % (proxy, problem),
            wording,
            "write them into the URL in %s, as user:password@ before the host, percent-encoded (%s); no other "
            "authentication is supported" % (route.setting, _ENCODE),
        )
    if 400 <= status < 500:
        return Report(
            "proxy_refused",
            "The %s does not allow a connection to %s" % (proxy, target),
            wording,
            "have the proxy allow %s, or %s" % (target, around),
        )
    if status or refused_by_proxy:
        return Report(
            "proxy_failed",
            "The %s could not connect to %s" % (proxy, target),
            wording or refused_by_proxy,
            "check that the proxy reaches %s, or %s" % (target, around),
        )
    # If TLS to the proxy itself fails, urllib3 raises ProxyError only from version 2 on.
    with_tls = any(url.lower().startswith("https:") for url in route.proxies.values())
    of_proxy = with_tls and not past and any(isinstance(item, ssl.SSLError) for item in causes)
    if not (socks or of_proxy or any(type(item).__name__ in ("ProxyError", "InvalidProxyURL") for item in causes)):
        return None
    if any("WRONG_VERSION_NUMBER" in text or "RECORD_LAYER_FAILURE" in text for text in map(str, causes)):
        return Report(
            "proxy_tls",
            "The %s does not speak TLS" % proxy,
            "The scheme https in the URL is for the connection to the proxy itself",
            "write http:// in %s: the connection through the proxy is encrypted anyway" % route.setting,
        )
    if any(isinstance(item, ssl.SSLError) for item in causes):
        return Report(
            "proxy_tls",
            "The certificate or TLS of the %s is not accepted" % proxy,
            wording,
            "write http:// in %s if the proxy accepts that too, or set the CA of the proxy in %s"
            % (route.setting, option(ca_path)),
        )
    if any(isinstance(item, socket.gaierror) for item in causes):
        return Report("proxy_failed", "The name of the %s cannot be resolved" % proxy, wording, around)
    return Report("proxy_failed", "No connection to the %s" % proxy, wording, around)
