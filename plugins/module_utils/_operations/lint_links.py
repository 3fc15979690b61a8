# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation, part of lint: asks for a media link whether it can be loaded, once for each host."""

from __future__ import annotations

from typing import Callable, Dict, Optional

from .._api import address
from .._api.endpoint import Endpoint
from .._api.errors import ApiError
from .._core.lint import messages
from .._failure import WabizError

# A run over years of traffic may name very many hosts.
_MOST_HOSTS = 1000


class Links:
    """What is known of the hosts of media links; ``timeout`` is in seconds."""

    def __init__(self, timeout: float, clock: Callable[[], float]) -> None:
        self._timeout = timeout
        self._clock = clock
        self._hosts: Dict[str, Optional[str]] = {}

    def trouble(self, link: str) -> Optional[str]:
        """Return why a link cannot be loaded, None where its host has answered well."""
        host = messages.host_of(link)
        if not link.lower().startswith(("http://", "https://")) or not host:
            return "no http or https address"
        if host not in self._hosts:
            # Plain http leaves this machine for nothing else either.
            if len(self._hosts) >= _MOST_HOSTS or address.target_of(link, base=False).problem == "plain_http":
                return None
            self._hosts[host] = self._asked(link)
        return self._hosts[host]

    def _asked(self, link: str) -> Optional[str]:
        try:
            endpoint = Endpoint(link, None, self._timeout, self._clock)
        except (ApiError, WabizError, ValueError) as error:
            return str(error)[:200]
        try:
            answer = endpoint.head()
        except (ApiError, WabizError, ValueError) as error:
            return str(error)[:200]
        finally:
            endpoint.close()
        if answer.failure is not None:
            return "%s: %s" % (messages.host_of(link), answer.failure.title)
        # Some servers know no HEAD.
        if answer.status in (200, 206, 405, 501):
            return None
        return "%s answers HTTP %d" % (messages.host_of(link), answer.status)
