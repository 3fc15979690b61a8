# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One business phone number: where it is registered, what Graph says about it, and what a takeover does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .budget import Budget
from .config import NumberConfig, digits_of
from .nodes import Node
from .switches import Switches

PLATFORM = {"on_premise": "ON_PREMISE", "cloud": "CLOUD_API", "none": "NOT_APPLICABLE"}


@dataclass
class Number:
    """Hold the state of one number on both sides."""

    phone_number_id: str
    waba_id: str
    display_phone_number: str
    verified_name: str
    location: str
    pin: str | None
    oba: bool
    quality_rating: str
    messaging_limit_tier: str
    name_status: str
    code_verification_status: str
    account_mode: str
    limited_by: str | None
    is_on_biz_app: bool
    node: Node | None
    switches: Switches
    register_budget: Budget
    deregister_budget: Budget
    status: str | None = None
    moving: bool = False
    stale_reads: int = 0
    stale_view: dict[str, Any] | None = None
    pending_reads: int = 0
    pending_until: float = 0.0
    maintenance_reads: int = 0
    onboarded_at: float | None = None
    cloud_profile: dict[str, Any] | None = None
    throughput_upgraded: bool = True
    webhook_override: str | None = None
    # The code that a node has asked for, None where none is on its way.
    node_code: str | None = None
    localization_region: str | None = None
    accepted_registrations: int = 0
    fingerprints: list[str] = field(default_factory=list)
    # The codes that the phone will be sent, in their order; after the last one the next number counts up from it.
    codes: list[str] = field(default_factory=list)
    sent_code: str | None = None
    sent_at: float = 0.0
    sent_by: str = ""
    code_moments: list[float] = field(default_factory=list)
    codes_sent: int = 0
    wrong_codes: int = 0
    new_name_status: str = "NONE"
    # The number of another WABA that this one was made of.
    origin: Number | None = None
    # How many messages each recipient was sent, by its digits.
    messages: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: NumberConfig, now: float) -> Number:
        node = None
        if config.node is not None:
            busy = config.switches.backup_busy_times if config.switches.backup_busy_code else 0
            node = Node.from_config(config.node, busy)
        number = cls(
            phone_number_id=config.phone_number_id,
            waba_id=config.waba_id,
            display_phone_number=config.display_phone_number,
            verified_name=config.verified_name,
            location=config.location,
            pin=config.pin,
            oba=config.oba,
            quality_rating=config.quality_rating,
            messaging_limit_tier=config.messaging_limit_tier,
            name_status=config.name_status,
            code_verification_status=config.code_verification_status,
            account_mode=config.account_mode,
            limited_by=config.limited_by,
            is_on_biz_app=config.is_on_biz_app,
            node=node,
            switches=config.switches,
            register_budget=Budget([now - 60.0] * config.recent_attempts),
            deregister_budget=Budget(),
            codes=list(config.codes),
        )
        if number.location == "cloud":
            number.onboarded_at = now - 86400.0
            number.cloud_profile = {}
        return number

    @property
    def wa_id(self) -> str:
        return digits_of(self.display_phone_number)

    def throughput(self) -> str:
        if self.location != "cloud":
            return "NOT_APPLICABLE"
        high = self.node is not None and self.node.multiconnect and self.node.shards >= 2
        return "HIGH" if high and self.throughput_upgraded else "STANDARD"

    def take_from_onprem(self, now: float, settings: dict[str, Any] | None) -> None:
        """Put the number on the Cloud API; without the settings of a backup profile and OBA status are lost."""
        old_view = self.view(now)
        first_time = self.location != "cloud"
        self.location = "cloud"
        self.moving = False
        self.accepted_registrations += 1
        if not first_time:
            return
        self.onboarded_at = now
        self.cloud_profile = dict(settings["profile"]) if settings is not None else {}
        # A move between WABAs keeps the official status.
        if settings is None and self.origin is None:
            self.oba = False
        if self.switches.after_register == "PENDING":
            self.pending_reads = self.switches.pending_reads
            self.pending_until = now + self.switches.pending_seconds
        self.stale_reads = self.switches.stale_reads
        self.stale_view = old_view if self.stale_reads else None
        self.maintenance_reads = self.switches.maintenance_reads

    def in_another_waba(self, phone_number_id: str, waba_id: str) -> Number:
        """Return the number as it is added to another WABA: it keeps its name, rating, limit and official status."""
        return replace(
            self,
            phone_number_id=phone_number_id,
            waba_id=waba_id,
            location="none",
            pin=None,
            code_verification_status="NOT_VERIFIED",
            node=None,
            register_budget=Budget(),
            deregister_budget=Budget(),
            status=None,
            moving=False,
            onboarded_at=None,
            cloud_profile=None,
            webhook_override=None,
            localization_region=None,
            accepted_registrations=0,
            sent_code=None,
            code_moments=[],
            messages={},
            fingerprints=[],
            origin=self,
        )

    def send_code(self, now: float, method: str) -> None:
        """Send the next code to the phone of this number."""
        known = self.codes or ["%06d" % (int(self.wa_id) * 7919 % 1000000)]
        last = int(known[-1])
        beyond = max(0, self.codes_sent - len(known) + 1)
        self.sent_code = known[self.codes_sent] if not beyond else "%06d" % ((last + 104729 * beyond) % 1000000)
        self.sent_at, self.sent_by = now, method
        self.codes_sent += 1

    def leave_cloud(self) -> None:
        self.location = "none"
        self.onboarded_at = None
        self.cloud_profile = None
        self.stale_view = None
        self.status = None

    def drop_node(self, why: str) -> None:
        """Play what becomes of the old node: after a takeover as the switch says, after a wrong PIN it is down."""
        if self.node is None:
            return
        ending = self.switches.old_node
        if why == "wrong_pin" and ending == "connected":
            ending = "disconnected"
        if ending == "connected":
            return
        self.node.connected = False
        if ending == "unregistered":
            self.node.registered = False
        if ending == "refused":
            self.node.listening = False

    def view(self, now: float) -> dict[str, Any]:
        """Return the fields that change with a move, as Graph shows them now."""
        if self.status is not None:
            status = self.status
        elif self.location == "cloud" and (self.pending_reads > 0 or now < self.pending_until):
            status = "PENDING"
        elif self.location == "none":
            status = "DISCONNECTED" if self.origin is None else "PENDING"
        else:
            status = "CONNECTED"
        return {"platform_type": PLATFORM[self.location], "status": status, "throughput": {"level": self.throughput()}}

    def read_view(self, now: float) -> dict[str, Any]:
        """Return view() for one reader, and count the read against stale and pending reads."""
        if self.stale_reads > 0 and self.stale_view is not None:
            self.stale_reads -= 1
            return self.stale_view
        view = self.view(now)
        if self.location == "cloud" and self.pending_reads > 0:
            self.pending_reads -= 1
        return view
