# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One On-Premises deployment: its accounts, tokens, settings and its link to the WhatsApp servers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from .config import TRAFFIC, NodeConfig

TOKEN_LIFE = 7 * 86400.0


@dataclass
class Login:
    username: str
    until: float


@dataclass
class Node:
    """Hold the state of one node; nobody but its own number changes registered and connected."""

    address: str
    wa_id: str
    admin: str
    passwords: dict[str, str]
    api_key: str | None
    first_login: bool
    expired: bool
    registered: bool
    connected: bool
    client_version: str
    expire_timestamp: int
    multiconnect: bool
    shards: int
    queues: dict[str, int]
    traffic: dict[str, int]
    profile: dict[str, Any]
    webhooks: dict[str, Any]
    starting: str = ""
    gateways_down: int = 0
    coreapps_gone: int = 0
    stickerpacks: int = 0
    webhook_ca: bool = False
    media: dict[str, Any] = field(default_factory=dict)
    listening: bool = True
    busy_left: int = 0
    logins: dict[str, Login] = field(default_factory=dict)
    counted: dict[str, float] = field(default_factory=dict)
    counted_at: float | None = None

    @classmethod
    def from_config(cls, config: NodeConfig, busy_times: int) -> Node:
        return cls(
            address=config.address,
            wa_id=config.wa_id,
            admin=config.username,
            passwords={config.username: config.password, **dict(config.users)},
            api_key=config.api_key,
            first_login=config.first_login,
            expired=config.expired,
            registered=config.registered,
            connected=config.connected,
            client_version=config.client_version,
            expire_timestamp=config.expire_timestamp,
            multiconnect=config.multiconnect,
            shards=config.shards,
            queues=dict(config.queues),
            traffic=dict(config.traffic),
            profile=dict(config.profile),
            webhooks=dict(config.webhooks),
            starting=config.starting,
            gateways_down=config.gateways_down,
            coreapps_gone=config.coreapps_gone,
            stickerpacks=config.stickerpacks,
            webhook_ca=config.webhook_ca,
            media=dict(config.media),
            busy_left=busy_times,
        )

    def gateway_status(self) -> str:
        if not self.registered:
            return "unregistered"
        if self.starting:
            return self.starting
        return "connected" if self.connected and not self.expired else "disconnected"

    def serves(self) -> bool:
        """Tell whether messages to the number reach this node."""
        return self.listening and self.gateway_status() == "connected"

    def open_session(self, username: str, now: float) -> tuple[str, float]:
        token = "eyJhbGciOiJIUzI1NiJ9." + secrets.token_urlsafe(48)
        self.logins[token] = Login(username, now + TOKEN_LIFE)
        return token, now + TOKEN_LIFE

    def user_of(self, token: str, now: float) -> str | None:
        login = self.logins.get(token)
        return login.username if login is not None and now < login.until else None

    def counters(self, now: float) -> dict[str, int]:
        """Return how many messages have gone through, by the rates per minute that hold since the last look."""
        passed = 0.0 if self.counted_at is None else max(0.0, now - self.counted_at)
        self.counted_at = now
        for name in TRAFFIC:
            self.counted[name] = self.counted.get(name, 0.0) + self.traffic.get(name, 0) * passed / 60.0
        return {name: int(value) for name, value in self.counted.items()}

    def cores(self) -> dict[str, tuple[str, str]]:
        """Name every member of a multiconnect deployment: name -> (role, gateway_status).

        With X shards X Coreapps and the primary master are connected; standbys are always disconnected. Those that
        are down are the last of the Coreapps.
        """
        status = self.gateway_status()
        standby = status if status == "unregistered" else "disconnected"
        members = {
            f"master-1:{_container(self.wa_id, 0)}": ("primary_master", status),
            f"master-2:{_container(self.wa_id, 1)}": ("secondary_master", standby),
        }
        for at in range(self.shards + 1):
            name = f"core-{at + 1}:{_container(self.wa_id, at + 2)}"
            members[name] = ("coreapp", status if at < self.shards - self.gateways_down else standby)
        return members


def _container(wa_id: str, at: int) -> str:
    return f"{(int(wa_id or 0) * 31 + at * 7919 + 0x1F2E3D4C) & 0xFFFFFFFFFFFF:012x}"
