# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fleet file describes, as frozen dataclasses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .switches import Switches

DEFAULT_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
QUEUES = (
    "callback_queue_size",
    "pending_messages",
    "pending_callbacks",
    "in_messages_pending_processing",
    "db_pending_messages",
    "db_pending_callbacks",
    "jobmanager_waiting_jobs",
    "jobmanager_unblocked_job_queue_size",
    "jobmanger_job_queue_size",
    "web_pending_connections",
)
# Counters of messages; the fleet file gives how many go through in a minute.
TRAFFIC = ("in_message_from_server", "out_message_sent_duration_ms_count")
LOCATIONS = ("on_premise", "cloud", "none")


@dataclass(frozen=True)
class WebhookConfig:
    object: str = "whatsapp_business_account"
    active: bool = True
    fields: tuple[str, ...] = ("messages",)


@dataclass(frozen=True)
class TokenConfig:
    token: str
    app_id: str
    app_name: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    expires_at: int = 0
    data_access_expires_at: int = 0
    waba_ids: tuple[str, ...] | None = None
    # An app access token: it reads what belongs to the app itself, and nothing else.
    of_app: bool = False
    # Whether its user owns or develops the app: another user's token may not inspect itself.
    of_developer: bool = True
    # What the app itself listens to, told by the first token of the app; None where nothing was set up.
    webhook: WebhookConfig | None = WebhookConfig()


@dataclass(frozen=True)
class SubscriptionConfig:
    id: str
    override_callback_uri: str | None = None


@dataclass(frozen=True)
class WabaConfig:
    id: str
    name: str
    business_verification_status: str = "verified"
    account_review_status: str = "APPROVED"
    status: str = "ACTIVE"
    # The payment method; None where there is none.
    primary_funding_id: str | None = "300000000000001"
    subscribed_apps: tuple[SubscriptionConfig, ...] = ()
    templates: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class NodeConfig:
    address: str
    wa_id: str
    username: str = "admin"
    password: str = "Secret-123"
    users: tuple[tuple[str, str], ...] = ()
    api_key: str | None = None
    first_login: bool = False
    expired: bool = False
    registered: bool = True
    connected: bool = True
    client_version: str = "v2.61.1"
    expire_timestamp: int = 0
    multiconnect: bool = False
    shards: int = 1
    queues: dict[str, int] = field(default_factory=dict)
    traffic: dict[str, int] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    webhooks: dict[str, Any] = field(default_factory=dict)
    starting: str = ""
    gateways_down: int = 0
    coreapps_gone: int = 0
    stickerpacks: int = 0
    webhook_ca: bool = False
    media: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NumberConfig:
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
    recent_attempts: int
    # Whether the number lives in the WhatsApp Business phone app.
    is_on_biz_app: bool
    node: NodeConfig | None
    switches: Switches
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fleet:
    tokens: tuple[TokenConfig, ...]
    wabas: tuple[WabaConfig, ...]
    numbers: tuple[NumberConfig, ...]
    switches: Switches
    # Fields that Graph refuses, as a version does that does not have them.
    unknown_fields: tuple[str, ...] = ()


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)
