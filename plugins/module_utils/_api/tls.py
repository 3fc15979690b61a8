# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS trusts, and how a failed handshake is diagnosed: below the connections."""

from __future__ import annotations

import os
import re
import socket
import ssl
from typing import Any, Mapping, Optional, Tuple

# A name, or an address, that a certificate is not for (X509_V_ERR_HOSTNAME_MISMATCH, ..._IP_ADDRESS_MISMATCH).
OTHER_NAME = (62, 64)
# Set on the error of a handshake that failed after the server had chosen a cipher.
CIPHER_CHOSEN = "wabiz_cipher_chosen"
_PARTIAL_CHAIN = 0x80000  # ssl.VERIFY_X509_PARTIAL_CHAIN, which has that name since Python 3.10
_DIAGNOSIS_TIMEOUT = 1.0  # seconds
_REHASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+\Z")


class AuthorityError(Exception):
    """A CA cannot be used: ``code`` is the kind of problem, ``reported`` the reason."""

    def __init__(self, code: str, reported: str) -> None:
        super().__init__(reported)
        self.code = code
        self.reported = reported


def trust(context: Any, path: str) -> Any:
    """Return ``context`` that trusts only a CA of the user in ``path``, of any form; raises AuthorityError."""
    _accept_any_ca_form(context)
    return load(context, path)


def load(context: Any, path: str) -> Any:
    """Return ``context`` that trusts only the certificates in the file or folder ``path``; raises AuthorityError."""
    try:
        if os.path.isdir(path):
            # OpenSSL finds them by the names that its rehash creates, and only during a handshake.
            if not any(_REHASHED.match(name) for name in os.listdir(path)):
                raise AuthorityError("ca_unusable", "the folder %s was not prepared with openssl rehash" % path)
            context.load_verify_locations(capath=path)
        elif not os.path.exists(path):
            raise AuthorityError("ca_missing", "%s does not exist" % path)
        elif not os.path.getsize(path):
            raise AuthorityError("ca_unusable", "%s is empty" % path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise AuthorityError("ca_unusable", "%s has no certificate in PEM format" % path) from None
    except OSError as error:
        raise AuthorityError("ca_unusable", "%s cannot be read: %s" % (path, error.strerror)) from None
    return context


def _accept_any_ca_form(context: Any) -> None:
    """Accept a CA without extensions, and a server certificate in place of its CA.

    Python 3.13 and later require extensions that the CAs of many companies lack. Chain, name and dates are checked
    as always.
    """
    if hasattr(context, "verify_flags"):  # pyOpenSSL's context has none
        context.verify_flags = context.verify_flags & ~ssl.VERIFY_X509_STRICT | _PARTIAL_CHAIN


def needs_diagnosis(refused: ssl.SSLError) -> bool:
    """Tell whether a second handshake would show why this one failed."""
    return "HANDSHAKE_FAILURE" in str(refused.reason) or getattr(refused, "verify_code", 0) in OTHER_NAME


def for_diagnosis(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return ``context`` for a handshake without a request: it accepts any name, and its errors tell how far it got."""
    _accept_any_ca_form(context)
    context.check_hostname = False
    context.sslsocket_class = _DiagnosticSocket
    return context


class _DiagnosticSocket(ssl.SSLSocket):
    def do_handshake(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().do_handshake(*args, **kwargs)
        except ssl.SSLError as refused:
            setattr(refused, CIPHER_CHOSEN, self.cipher() is not None)
            raise


def names_in(certificate: Any) -> Tuple[str, ...]:
    """Return the names of a certificate in the form of getpeercert()."""
    found = certificate.get("subjectAltName") if isinstance(certificate, Mapping) else None
    return tuple(str(value) for kind, value in found or () if kind in ("DNS", "IP Address"))


def alert_of(sock: Any) -> Optional[ssl.SSLError]:
    """Return the alert that a server sent before it closed the connection, None if there was none."""
    if not isinstance(sock, ssl.SSLSocket):
        return None
    try:
        sock.settimeout(_DIAGNOSIS_TIMEOUT)
        sock.recv(1)
    except ssl.SSLError as alert:
        return alert if "ALERT" in str(alert.reason) else None
    except (OSError, ValueError):
        pass
    return None


def speaks_tls(host: str, port: int) -> bool:
    """Tell whether a port answers a TLS handshake; nothing else is sent, and nothing is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), _DIAGNOSIS_TIMEOUT) as sock:
            context.wrap_socket(sock).close()
    except ssl.SSLError as refused:
        return "ALERT" in str(refused.reason)
    except (OSError, ValueError):
        return False
    return True
