# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a TLS connection failed, each cause with its own next step. Pure."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from . import tls
from .address import is_loopback
from .options import GRAPH, NAMES, ONPREM, WEBHOOK, Names, option


class Report(NamedTuple):
    """Hold the parts of a failure."""

    code: str
    title: str
    details: str
    next_step: str


class Server(NamedTuple):
    """Name a server: ``target`` is its host and port, ``ca`` the path of its CA in the options, if any."""

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
# OpenSSL's reasons for bytes that are not a TLS record; they differ by version.
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
# Answers of web servers to plain HTTP on a TLS port, in lower case: nginx, Apache, Go, Tomcat.
_PLAIN_ON_TLS = re.compile(
    b"plain http request was sent to https port|speaking plain http to an ssl|http request to an https server"
    b"|combination of host and port requires tls"
)
_CERTIFICATE_REQUIRED = re.compile(b"no required ssl certificate was sent")


def reported_by(
    causes: Sequence[BaseException], names: Tuple[str, ...], requested: bool, server: Server
) -> Optional[Report]:
    """Return why TLS failed, by an exception and its causes; None if TLS is not what failed.

    ``names`` are those of the server's certificate, ``requested`` tells that it requires one of the client.
    """
    authority = next((item for item in causes if isinstance(item, tls.AuthorityError)), None)
    if authority is not None:
        return _authority(authority, server)
    for item in causes:
        reason = str(getattr(item, "reason", None) or "")
        if type(item).__module__ != "ssl" and type(item).__name__ not in ("SSLError", "CertificateError"):
            continue
        if "CERTIFICATE_REQUIRED" in reason:
            return certificate_required(server)
        if any(word in reason for word in _NO_TLS):
            return no_tls(server)
        if any(word in reason for word in _TOO_OLD):
            return _too_old(reason, server)
        if "HANDSHAKE_FAILURE" in reason:
            return certificate_required(server) if requested else _no_common_cipher(server)
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
    """Return why a certificate was refused; OpenSSL checks the name, or urllib3 in older versions."""
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
        _name_the_ca(server) if server.ca is None else "give the server a certificate without this fault",
    )


def _authority(error: tls.AuthorityError, server: Server) -> Report:
    name = option(server.names.ca_path)
    if server.ca is None:
        step = "install the Python packages requests and certifi again, or set the CA in %s" % name
        return Report(error.code, "The CAs that requests brings along cannot be used", error.reported, step)
    title = "The CA file in %s does not exist" if error.code == "ca_missing" else "The CA in %s cannot be used"
    return Report(
        error.code,
        title % name,
        error.reported,
        "correct %s: a file of certificates in PEM format, or a folder prepared with openssl rehash, where the task "
        "runs" % name,
    )


def no_tls(server: Server) -> Report:
    """Report that https was sent to a port that answers without TLS."""
    step = "check the port in %s, and which service answers on it: it must speak TLS" % option(server.names.url)
    # Plain http is for loopback addresses only, and Meta calls no webhook endpoint without TLS.
    if server.api != WEBHOOK and is_loopback(urlsplit("//" + server.target).hostname or ""):
        step = "write http:// in %s if that port is correct, or check the port" % option(server.names.url)
    return Report(
        "no_tls",
        "%s does not speak TLS" % server.target,
        "Its answer to the TLS handshake is not TLS",
        step,
    )


def speaks_tls(server: Server) -> Report:
    """Report that plain http was sent to a TLS port."""
    return Report(
        "speaks_tls",
        "%s speaks TLS, but the request was sent as plain HTTP" % server.target,
        "",
        "write https:// in %s" % option(server.names.url),
    )


def certificate_required(server: Server) -> Report:
    """Report that the server requires a client certificate."""
    return Report(
        "client_certificate",
        "%s requires a client certificate" % server.target,
        "This collection does not support client certificates",
        "let the server or its reverse proxy accept this client without one, or set another address in %s"
        % option(server.names.url),
    )


def _too_old(reason: str, server: Server) -> Report:
    return Report(
        "tls_too_old",
        "The TLS of %s is too old" % server.target,
        reason.replace("_", " ").lower(),
        "enable TLS 1.2 or later on the server or its reverse proxy; older versions are not used",
    )


def _no_common_cipher(server: Server) -> Report:
    return Report(
        "tls_failed",
        "%s refused the TLS handshake" % server.target,
        "It has no TLS cipher or version in common with the Python of the task, or requires a client certificate",
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
        "%s, or give the server a certificate for the name in the URL"
        % ("use one of these names in %s" % name if shown else "correct %s" % name),
    )


def _date(code: int, wording: str, server: Server) -> Report:
    early = code == _EARLY
    return Report(
        "certificate_date",
        "The certificate of %s %s" % (server.target, "is not valid yet" if early else "has expired"),
        "%s (of the server or of its CA)" % wording,
        "%s; check the clock where the task runs"
        % ("wait until it is valid, or give the server another one" if early else "renew it on the server"),
    )


def _unknown_issuer(code: int, server: Server) -> Report:
    name = option(server.names.ca_path)
    kind = "is self-signed" if code == _SELF_SIGNED else "was issued by an unknown CA"
    if server.ca is None:
        title = "The certificate of %s %s" % (server.target, kind)
    else:
        title = "The CA in %s did not issue the certificate of %s" % (name, server.target)
    return Report(
        "tls_failed", title, "It is self-signed" if code == _SELF_SIGNED and server.ca else "", _name_the_ca(server)
    )


def _name_the_ca(server: Server) -> str:
    """Return the next step for an issuer that is not trusted; to disable verification comes last."""
    name = option(server.names.ca_path)
    if server.api == WEBHOOK:
        return (
            "give the endpoint a certificate of a public CA with its whole chain (Meta accepts no self-signed one); "
            "if it has one and this machine does not know the CA, set its file in %s" % name
        )
    step = "set the CA that issued it, or a self-signed certificate itself, in %s" % name
    if server.api == GRAPH:
        step += "; a proxy that inspects TLS has a CA of its own"
    if server.api == ONPREM:
        step += "; a node publishes its CA at /v1/certificates/external/ca"
    if server.names.unverified:
        step += ". If there is no such file, set %s to false" % option(server.names.unverified)
    return step


def reported_by_page(raw: bytes, server: Server) -> Optional[Report]:
    """Return the TLS problem that the page of a web server names, None if it names none."""
    text = raw[:4096].lower()
    if _PLAIN_ON_TLS.search(text):
        return speaks_tls(server)
    if _CERTIFICATE_REQUIRED.search(text):
        return certificate_required(server)
    return None
