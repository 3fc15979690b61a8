# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: one authority per run, and server certificates that carry a few hundred addresses each."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import trustme

# A certificate with a thousand addresses is slow to send and to check.
ADDRESSES_PER_CERTIFICATE = 200


class Authority:
    """Issue certificates; its own goes to ca.pem."""

    def __init__(self, run_dir: Path) -> None:
        self._ca = trustme.CA(organization_name="wabiz.migration simulator")
        self.path = run_dir / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.path))

    @property
    def pem(self) -> str:
        return self._ca.cert_pem.bytes().decode()

    def context(self, names: Sequence[str]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names).configure_cert(context)
        return context

    def contexts(self, names: Sequence[str]) -> Iterator[tuple[Sequence[str], ssl.SSLContext]]:
        """Yield groups of addresses, each with the context that serves it."""
        for at in range(0, len(names), ADDRESSES_PER_CERTIFICATE):
            group = names[at : at + ADDRESSES_PER_CERTIFICATE]
            yield group, self.context(group)
