# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what is wrong with a proxy of the environment, by the name of the setting and without its credentials. Pure."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Optional, Sequence

from . import address
from .causes_tls import Report
from .options import option

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_ENCODE = "# is %23, / is %2F, ? is %3F, @ is %40, [ is %5B, a blank is %20"


def unusable(route: address.Route, target: str) -> Report:
    """Return why the proxy that the environment names cannot be used at all."""
    where = "where the task runs"
    elsewhere = "; where %s can be reached without a proxy, name its host in NO_PROXY" % target
    if route.problem == address.NO_SOCKS:
        return Report(
            "proxy_socks",
            "%s names a SOCKS proxy, for which the Python library PySocks is missing" % route.setting,
            "",
            "install PySocks for the Python of the task (pip install 'requests[socks]'), or name an http proxy in %s%s"
            % (route.setting, elsewhere),
        )
    if route.problem == address.NO_SUCH_SCHEME:
        return Report(
            "proxy_url",
            "The proxy URL in %s has a scheme that is not known" % route.setting,
            "Known are http, https, socks4, socks4a, socks5 and socks5h",
            "correct %s %s, for example http://proxy.example.com:3128%s" % (route.setting, where, elsewhere),
        )
    if route.problem == address.NOT_ENCODED:
        return Report(
            "proxy_url",
            "The proxy URL in %s cannot be read" % route.setting,
            "A character in it, most likely in its user name or password, has to be percent-encoded",
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
    """Return what went wrong between here and the proxy, or between the proxy and ``target``; None for neither.

    ``past`` tells that there was a connection to the proxy, ``wording`` are those of the operating system for the
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
        asked = "does not take the user name and password" if route.authenticates else "wants a user name and password"
        return Report(
            "proxy_auth",
            "The %s %s" % (proxy, asked),
            wording,
            "write them into the URL in %s, as user:password@ before the host, percent-encoded (%s); no other way of "
            "authentication is known" % (route.setting, _ENCODE),
        )
    if 400 <= status < 500:
        return Report(
            "proxy_refused",
            "The %s does not let a connection to %s through" % (proxy, target),
            wording,
            "have the proxy allow %s, or %s" % (target, around),
        )
    if status or refused_by_proxy:
        return Report(
            "proxy_failed",
            "The %s did not get a connection to %s" % (proxy, target),
            wording or refused_by_proxy,
            "check that the proxy reaches %s, or %s" % (target, around),
        )
    # urllib3 names it so only from version 2 on where TLS to the proxy itself has failed.
    with_tls = any(url.lower().startswith("https:") for url in route.proxies.values())
    of_proxy = with_tls and not past and any(isinstance(item, ssl.SSLError) for item in causes)
    if not (socks or of_proxy or any(type(item).__name__ in ("ProxyError", "InvalidProxyURL") for item in causes)):
        return None
    if any("WRONG_VERSION_NUMBER" in text or "RECORD_LAYER_FAILURE" in text for text in map(str, causes)):
        return Report(
            "proxy_tls",
            "The %s does not speak TLS" % proxy,
            "The URL says https, which is how the proxy itself is spoken to",
            "write http:// in %s: what goes through the proxy is encrypted all the same" % route.setting,
        )
    if any(isinstance(item, ssl.SSLError) for item in causes):
        return Report(
            "proxy_tls",
            "The certificate or TLS of the %s is not accepted" % proxy,
            wording,
            "write http:// in %s where the proxy takes that too, or name the CA of the proxy in %s"
            % (route.setting, option(ca_path)),
        )
    if any(isinstance(item, socket.gaierror) for item in causes):
        return Report("proxy_failed", "The name of the %s cannot be resolved" % proxy, wording, around)
    return Report("proxy_failed", "No connection to the %s" % proxy, wording, around)
