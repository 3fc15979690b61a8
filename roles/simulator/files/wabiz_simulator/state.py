# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world: every number, node, WABA and token, and the few ways in which they change together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .config import Fleet, TokenConfig, WabaConfig, WebhookConfig
from .meters import Meters
from .nodes import Node
from .numbers import Number


@dataclass
class Waba:
    id: str
    name: str
    business_verification_status: str
    account_review_status: str
    status: str
    primary_funding_id: str | None
    templates: list[dict[str, Any]]
    # app id -> override_callback_uri or None, in the order of subscription
    subscriptions: dict[str, str | None] = field(default_factory=dict)
    number_ids: list[str] = field(default_factory=list)

    @classmethod
    def from_config(cls, config: WabaConfig) -> Waba:
        return cls(
            id=config.id,
            name=config.name,
            business_verification_status=config.business_verification_status,
            account_review_status=config.account_review_status,
            status=config.status,
            primary_funding_id=config.primary_funding_id,
            templates=[dict(template) for template in config.templates],
            subscriptions={app.id: app.override_callback_uri for app in config.subscribed_apps},
        )


class World:
    """Hold everything that the handlers read and change. One event loop, hence no locks."""

    def __init__(self, fleet: Fleet, clock: Clock) -> None:
        self.fleet = fleet
        self.clock = clock
        # Set by whoever owns the sockets: called when a node stops or starts to listen.
        self.on_listening: Callable[[Node], None] = lambda node: None
        self.reset()

    def reset(self) -> None:
        """Start again from the fleet file; the clock goes on."""
        now = self.clock.now()
        self.tokens: dict[str, TokenConfig] = {token.token: token for token in self.fleet.tokens}
        self.apps: dict[str, str] = {}
        self.app_webhooks: dict[str, WebhookConfig | None] = {}
        for token in self.fleet.tokens:
            self.apps.setdefault(token.app_id, token.app_name)
            self.app_webhooks.setdefault(token.app_id, token.webhook)
        self.uploads: dict[str, Any] = {}
        self.media: dict[str, Any] = {}
        self.wabas = {config.id: Waba.from_config(config) for config in self.fleet.wabas}
        self.numbers = {config.phone_number_id: Number.from_config(config, now) for config in self.fleet.numbers}
        self.by_address: dict[str, Number] = {}
        for number in self.numbers.values():
            self.wabas[number.waba_id].number_ids.append(number.phone_number_id)
            if number.node is not None:
                self.by_address[number.node.address] = number
        self.meters = Meters(self.clock.now, lambda waba_id: bool(self.wabas[waba_id].subscriptions))
        for number in self.numbers.values():
            self.meters.observe(number)
            if number.node is not None:
                self.on_listening(number.node)

    def app_name(self, app_id: str) -> str:
        return self.apps.get(app_id, f"App {app_id}")

    def changed(self, number: Number) -> None:
        """Let meters and sockets follow a change of this number."""
        self.meters.observe(number)
        if number.node is not None:
            self.on_listening(number.node)

    def add(self, number: Number) -> None:
        """Take a number that has come into a WABA."""
        self.numbers[number.phone_number_id] = number
        self.wabas[number.waba_id].number_ids.append(number.phone_number_id)
        self.meters.observe(number)

    def waba_changed(self, waba: Waba) -> None:
        for number_id in waba.number_ids:
            self.meters.observe(self.numbers[number_id])
