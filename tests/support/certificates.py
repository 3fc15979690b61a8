# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and private authorities for servers of the tests; runs on Python 3.8 too."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import warnings
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate: the file is its own CA."""

    path: str
    context: ssl.SSLContext


def certificate(folder: Path, name: str = "good", expired: bool = False, host: str = "graph.test") -> Certificate:
    """Make a certificate for the loopback address, ``localhost`` and ``host``."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [_general(one) for one in ("localhost", host, "127.0.0.1")]
    made = (
        _unsigned(name, name, key, -9, -1 if expired else 2)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / (name + ".pem"), folder / (name + ".key")
    chain.write_bytes(_pem(made))
    secret.write_bytes(_pem_of_key(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(chain), str(secret))
    return Certificate(str(chain), context)


@dataclass(frozen=True)
class Authority:
    """A private CA as ``openssl req -x509`` makes it: without the key usage that Python 3.13 wants."""

    path: str
    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey

    def context(
        self,
        *names: str,
        begins: float = -9.0,
        ends: float = 2.0,
        client_ca: str = "",
        most: ssl.TLSVersion | None = None,
        ciphers: str = "",
    ) -> ssl.SSLContext:
        """Return what serves a certificate of this CA for ``names``, which are valid between two days from now.

        ``client_ca`` wants a certificate of the client, ``most`` is the highest version of TLS.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        made = _unsigned("leaf", self.name, key, begins, ends).add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
        )
        path = self.folder / ("leaf-%d.pem" % id(key))
        path.write_bytes(_pem(made.sign(self.key, hashes.SHA256())) + _pem_of_key(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(path))
        if most is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # old versions are what is wanted here
                context.minimum_version, context.maximum_version = min(most, ssl.TLSVersion.TLSv1), most
        if ciphers:
            context.set_ciphers(ciphers)
        if client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client_ca)
        return context


def authority(folder: Path, name: str = "authority") -> Authority:
    """Make a private CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _unsigned(name, name, key, -9, 900)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / (name + ".pem")
    path.write_bytes(_pem(made))
    return Authority(str(path), folder, name, key)


def _unsigned(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, begins: float, ends: float
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)  # noqa: UP017 - Python 3.8
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
