# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells apart why TLS did not come about, each cause with its own next step. Pure: judges what was caught."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from . import tls
from .address import is_loopback
from .options import GRAPH, NAMES, ONPREM, WEBHOOK, Names, option


class Report(NamedTuple):
    """Say what happened, as the parts of a failure."""

    code: str
    title: str
    details: str
    next_step: str


class Server(NamedTuple):
    """Name a server: ``target`` is its host and port, ``ca`` the path that the user has named for its CA, if any."""

    api: str
    target: str
    ca: Optional[str]

    @property
    def names(self) -> Names:
        return NAMES[self.api]


_MOST_NAMES = 8
_EXPIRED, _EARLY = 10, 9  # X509_V_ERR_CERT_HAS_EXPIRED, ..._NOT_YET_VALID
_SELF_SIGNED = 18
_UNKNOWN_ISSUER = (2, 18, 19, 20, 21, 27)
# OpenSSL's words for bytes that are no TLS record; which it uses differs by its version.
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "RECORD_LAYER_FAILURE",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "BAD_RECORD_TYPE",
)
_TOO_OLD = (
    "UNSUPPORTED_PROTOCOL",
    "PROTOCOL_VERSION",
    "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    "DH_KEY_TOO_SMALL",
    "VERSION_TOO_LOW",
)
# What web servers answer to plain HTTP on a port for TLS, in lower case: nginx, Apache, Go, Tomcat.
_PLAIN_ON_TLS = re.compile(
    b"plain http request was sent to https port|speaking plain http to an ssl|http request to an https server"
    b"|combination of host and port requires tls"
)
_CERTIFICATE_WANTED = re.compile(b"no required ssl certificate was sent")


def reported_by(
    causes: Sequence[BaseException], names: Tuple[str, ...], asked: bool, server: Server
) -> Optional[Report]:
    """Return what an exception and its causes say of TLS; None where TLS is not what failed.

    ``names`` are those of the server's certificate, ``asked`` tells that it wanted one of the client.
    """
    authority = next((item for item in causes if isinstance(item, tls.AuthorityError)), None)
    if authority is not None:
        return _authority(authority, server)
    for item in causes:
        reason = str(getattr(item, "reason", None) or "")
        if type(item).__module__ != "ssl" and type(item).__name__ not in ("SSLError", "CertificateError"):
            continue
        if "CERTIFICATE_REQUIRED" in reason:
            return certificate_wanted(server)
        if any(word in reason for word in _NO_TLS):
            return no_tls(server)
        if any(word in reason for word in _TOO_OLD):
            return _too_old(reason, server)
        if "HANDSHAKE_FAILURE" in reason:
            return certificate_wanted(server) if asked else _no_common_ground(server)
        if "UNRECOGNIZED_NAME" in reason:
            return _other_name((), server)
        reported = _certificate(item, names, server)
        if reported is not None:
            return reported
    if any(type(item).__name__ in ("SSLError", "CertificateError") for item in causes):
        return Report(
            "tls_failed",
            "The certificate or TLS of %s is not accepted" % server.target,
            "",
            "check the TLS settings and the certificate of the server, and %s" % option(server.names.ca_path),
        )
    return None


def _certificate(item: Any, names: Tuple[str, ...], server: Server) -> Optional[Report]:
    """Return what a certificate was refused for; a name is checked by OpenSSL, or by urllib3 in older versions."""
    code = getattr(item, "verify_code", 0)
    peer = getattr(item, "_peer_cert", None)
    if code in tls.OTHER_NAME or peer is not None:
        return _other_name(names or tls.names_in(peer), server)
    if code in (_EXPIRED, _EARLY):
        return _date(code, str(getattr(item, "verify_message", "")), server)
    if code in _UNKNOWN_ISSUER:
        return _unknown_issuer(code, server)
    if not code:
        return None
    return Report(
        "tls_failed",
        "The certificate of %s is not accepted" % server.target,
        str(getattr(item, "verify_message", "")),
        _name_the_ca(server) if server.ca is None else "give the server a certificate without that fault",
    )


def _authority(error: tls.AuthorityError, server: Server) -> Report:
    name = server.names.ca_path
    title = "The CA file in %s does not exist" if error.code == "ca_missing" else "The CA in %s cannot be used"
    return Report(
        error.code,
        title % name,
        error.reported,
        "correct %s: a file of certificates in PEM form, or a folder that openssl rehash has prepared, where the "
        "task runs" % option(name),
    )


def no_tls(server: Server) -> Report:
    """Return that https came to a port that answers without TLS."""
    step = "check the port in %s, and what answers on it: it has to speak TLS" % option(server.names.url)
    # A credential goes without TLS to the machine itself only, and Meta calls no webhook endpoint without it.
    if server.api != WEBHOOK and is_loopback(urlsplit("//" + server.target).hostname or ""):
        step = "write http:// in %s where that port is meant, or check the port" % option(server.names.url)
    return Report(
        "no_tls",
        "%s does not speak TLS" % server.target,
        "It answered the beginning of TLS with something else",
        step,
    )


def speaks_tls(server: Server) -> Report:
    """Return that plain http came to a port that speaks TLS."""
    return Report(
        "speaks_tls",
        "%s speaks TLS, and the request came as plain HTTP" % server.target,
        "",
        "write https in %s" % option(server.names.url),
    )


def certificate_wanted(server: Server) -> Report:
    """Return that the server wants a certificate of the client."""
    return Report(
        "client_certificate",
        "%s wants a client certificate" % server.target,
        "This collection has none to give",
        "let the server, or what stands before it, take this client without one, or give another address in %s"
        % option(server.names.url),
    )


def _too_old(reason: str, server: Server) -> Report:
    return Report(
        "tls_too_old",
        "The TLS of %s is too old" % server.target,
        reason.replace("_", " ").lower(),
        "switch TLS 1.2 or later on at the server, or at what stands before it; older versions are not used",
    )


def _no_common_ground(server: Server) -> Report:
    return Report(
        "tls_failed",
        "%s refused the TLS handshake" % server.target,
        "It has no cipher or version of TLS in common with the Python of the task, or wants a client certificate",
        "check the TLS settings of the server",
    )


def _other_name(names: Tuple[str, ...], server: Server) -> Report:
    shown = [name for name in names if name.isprintable()][:_MOST_NAMES]
    more = " and %d more" % (len(names) - len(shown)) if len(names) > len(shown) else ""
    name = option(server.names.url)
    return Report(
        "certificate_name",
        "The certificate of %s is for another name" % server.target,
        "It is for %s%s" % (", ".join(shown), more) if shown else "Its names could not be read",
        "%s, or give the server a certificate for the name that stands there"
        % ("use one of these names in %s" % name if shown else "correct %s" % name),
    )


def _date(code: int, wording: str, server: Server) -> Report:
    early = code == _EARLY
    return Report(
        "certificate_date",
        "The certificate of %s %s" % (server.target, "is not valid yet" if early else "has expired"),
        "%s (the server's, or that of its CA)" % wording,
        "%s; check the clock where the task runs"
        % ("wait until it is, or give the server another one" if early else "renew it on the server"),
    )


def _unknown_issuer(code: int, server: Server) -> Report:
    name = server.names.ca_path
    kind = "is self-signed" if code == _SELF_SIGNED else "comes from a CA that is not known here"
    if server.ca is None:
        title = "The certificate of %s %s" % (server.target, kind)
    else:
        title = "The CA in %s did not issue the certificate of %s" % (name, server.target)
    return Report(
        "tls_failed", title, "It is self-signed" if code == _SELF_SIGNED and server.ca else "", _name_the_ca(server)
    )


def _name_the_ca(server: Server) -> str:
    """Return what to do about an issuer that is not trusted; a step that switches verification off comes last."""
    name = option(server.names.ca_path)
    if server.api == WEBHOOK:
        return (
            "give the endpoint a certificate of a public CA with its whole chain (Meta takes no self-signed one); "
            "where that is done and this machine does not know the CA, name its file in %s" % name
        )
    step = "name the CA that issued it, or a self-signed certificate itself, in %s" % name
    if server.api == GRAPH:
        step += "; a proxy that breaks TLS open has a CA of its own"
    if server.api == ONPREM:
        step += "; a node hands its CA out at /v1/certificates/external/ca"
    if server.names.unverified:
        step += ". Only where that cannot be had, set %s to false" % option(server.names.unverified)
    return step


def reported_by_page(raw: bytes, server: Server) -> Optional[Report]:
    """Return what the page of a web server says of TLS, None where it says nothing of it."""
    text = raw[:4096].lower()
    if _PLAIN_ON_TLS.search(text):
        return speaks_tls(server)
    if _CERTIFICATE_WANTED.search(text):
        return certificate_wanted(server)
    return None
