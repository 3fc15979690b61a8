# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the address of a webhook as it may be shown and kept. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, Mapping

_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/]*@")


def address(url: str) -> Dict[str, str]:
    """Return a webhook's address without what may be a secret in it.

    Scheme, host and path; of a query (``?auth=`` is the On-Premises way to authenticate) only its SHA-256.
    """
    before, _hash, _fragment = url.partition("#")
    head, _mark, query = before.partition("?")
    found = {"url": _USER.sub(r"\1", head)}
    if query:
        found["query_sha256"] = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()
    return found


def shown(webhooks: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a node's webhook settings with the address as :func:`address` gives it."""
    url = webhooks.get("url")
    return {**webhooks, **address(url)} if isinstance(url, str) and url else dict(webhooks)
