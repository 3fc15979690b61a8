# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS is made to trust, and what it is made to tell of a server: the layer below the connections."""

from __future__ import annotations

import os
import re
import socket
import ssl
from typing import Any, Mapping, Optional, Tuple

# A name, or an address, that a certificate is not for (X509_V_ERR_HOSTNAME_MISMATCH, ..._IP_ADDRESS_MISMATCH).
OTHER_NAME = (62, 64)
# Set on the error of a handshake that ended after the server had chosen a cipher.
CHOSEN = "wabiz_chosen"
_PARTIAL_CHAIN = 0x80000  # ssl.VERIFY_X509_PARTIAL_CHAIN, which has that name since Python 3.10
_PATIENCE = 1.0  # seconds for what only makes an error clearer
_REHASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+\Z")


class AuthorityError(Exception):
    """The CA that a user has named cannot be used: ``code`` is a word for the kind, ``reported`` says why."""

    def __init__(self, code: str, reported: str) -> None:
        super().__init__(reported)
        self.code = code
        self.reported = reported


def trusting(context: Any, path: str) -> Any:
    """Return ``context`` with the certificates in the file or folder ``path``, and no others; raises AuthorityError."""
    _take_as_stated(context)
    try:
        if os.path.isdir(path):
            # OpenSSL looks for them by the names that its rehash makes, and only when a certificate has come.
            if not any(_REHASHED.match(name) for name in os.listdir(path)):
                raise AuthorityError("ca_unusable", "the folder %s has no entry that openssl rehash has made" % path)
            context.load_verify_locations(capath=path)
        elif not os.path.exists(path):
            raise AuthorityError("ca_missing", "%s is not there" % path)
        elif not os.path.getsize(path):
            raise AuthorityError("ca_unusable", "%s is empty" % path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise AuthorityError("ca_unusable", "%s holds no certificate in PEM form" % path) from None
    except OSError as error:
        raise AuthorityError("ca_unusable", "%s cannot be read: %s" % (path, error.strerror)) from None
    return context


def _take_as_stated(context: Any) -> None:
    """Take the CA, or the certificate, that a user has named as it is.

    From Python 3.13 on, extensions are wanted that the CAs of many companies lack. Chain, name and dates are checked
    as always.
    """
    if hasattr(context, "verify_flags"):  # pyOpenSSL's context has none
        context.verify_flags = context.verify_flags & ~ssl.VERIFY_X509_STRICT | _PARTIAL_CHAIN


def unclear(refused: ssl.SSLError) -> bool:
    """Tell whether a handshake failed in a way that a second one would say more of."""
    return "HANDSHAKE_FAILURE" in str(refused.reason) or getattr(refused, "verify_code", 0) in OTHER_NAME


def for_a_closer_look(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return ``context`` for a handshake that no request follows: it takes any name, and tells how far it got."""
    _take_as_stated(context)
    context.check_hostname = False
    context.sslsocket_class = _TellingSocket
    return context


class _TellingSocket(ssl.SSLSocket):
    def do_handshake(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().do_handshake(*args, **kwargs)
        except ssl.SSLError as refused:
            setattr(refused, CHOSEN, self.cipher() is not None)
            raise


def names_in(certificate: Any) -> Tuple[str, ...]:
    """Return the names that a certificate, as Python describes it, is for."""
    found = certificate.get("subjectAltName") if isinstance(certificate, Mapping) else None
    return tuple(str(value) for kind, value in found or () if kind in ("DNS", "IP Address"))


def alert_of(sock: Any) -> Optional[ssl.SSLError]:
    """Return the alert that a server has sent before it closed the connection, None where it has sent none."""
    if not isinstance(sock, ssl.SSLSocket):
        return None
    try:
        sock.settimeout(_PATIENCE)
        sock.recv(1)
    except ssl.SSLError as alert:
        return alert if "ALERT" in str(alert.reason) else None
    except (OSError, ValueError):
        pass
    return None


def answers(host: str, port: int) -> bool:
    """Tell whether a port answers the beginning of a handshake; nothing else is sent, and nothing is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), _PATIENCE) as sock:
            context.wrap_socket(sock).close()
    except ssl.SSLError as refused:
        return "ALERT" in str(refused.reason)
    except (OSError, ValueError):
        return False
    return True
