# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks the secrets of a request in the texts of a server that quotes them."""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Optional

_MASK = "********"
_SECRET_KEYS = frozenset(["pin", "password", "new_password", "data", "verify_token", "input_token", "access_token"])


class Scrubber:
    """Mask whole words only: a six-digit PIN inside a phone number is not the PIN."""

    def __init__(self, secrets: List[str]) -> None:
        self._secrets = [secret for secret in secrets if secret]

    @classmethod
    def of(
        cls, headers: Mapping[str, str], params: Optional[Mapping[str, str]], body: Optional[Mapping[str, Any]]
    ) -> Scrubber:
        """Return the scrubber for one request: its credential, and the values of its secret keys at any depth."""
        credential = headers.get("Authorization", "").partition(" ")[2]
        return cls([credential, *_secrets(params), *_secrets(body)])

    def scrub(self, text: str) -> str:
        """Return ``text`` with every secret masked."""
        if not self._secrets or not text:
            return text
        # Longest first, so that a secret that begins with another one is masked whole. The pattern is compiled only
        # here, because each request has a scrubber and few answers are searched.
        wording = "|".join(re.escape(secret) for secret in sorted(set(self._secrets), key=len, reverse=True))
        return re.sub("(?<![0-9A-Za-z])(?:%s)(?![0-9A-Za-z])" % wording, _MASK, text)


def _secrets(values: Any) -> Iterator[str]:
    for key, value in (values or {}).items():
        if isinstance(value, Mapping):
            yield from _secrets(value)
        elif key in _SECRET_KEYS and isinstance(value, str):
            yield value
