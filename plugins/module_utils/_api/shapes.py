# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes of the wire, as both APIs document them; every key may be missing in an answer."""

from __future__ import annotations

from typing import Any, Dict, List, TypedDict, Union


class HealthProblem(TypedDict, total=False):
    """One error of a health entity (Graph: support/health-status)."""

    error_code: int
    error_description: str
    possible_solution: str


class HealthEntity(TypedDict, total=False):
    """One entity that takes part in messaging; ``errors`` and ``additional_info`` come with LIMITED and BLOCKED."""

    entity_type: str
    id: str
    can_send_message: str
    can_receive_call_sip: str
    errors: List[HealthProblem]
    additional_info: List[str]


class HealthStatus(TypedDict, total=False):
    """Health of a number or a WABA: AVAILABLE, LIMITED or BLOCKED."""

    can_send_message: str
    entities: List[HealthEntity]


class Throughput(TypedDict, total=False):
    """Throughput level: STANDARD, HIGH or NOT_APPLICABLE."""

    level: str


class PhoneNumber(TypedDict, total=False):
    """A business phone number on Graph; it has only the requested fields. ``status`` is an open set."""

    id: str
    display_phone_number: str
    verified_name: str
    platform_type: str
    host_platform: str
    is_on_biz_app: bool
    status: str
    code_verification_status: str
    quality_rating: str
    name_status: str
    is_official_business_account: bool
    is_pin_enabled: bool
    throughput: Throughput
    account_mode: str
    messaging_limit_tier: str
    whatsapp_business_manager_messaging_limit: str
    health_status: HealthStatus
    webhook_configuration: Dict[str, str]
    last_onboarded_time: str


class Waba(TypedDict, total=False):
    """A WhatsApp Business Account on Graph."""

    id: str
    name: str
    status: str
    account_review_status: str
    business_verification_status: str
    primary_funding_id: str
    health_status: HealthStatus


class SubscribedAppData(TypedDict, total=False):
    """The app of a subscription."""

    id: str
    name: str
    link: str


class SubscribedApp(TypedDict, total=False):
    """A subscription of an app to the webhooks of a WABA."""

    whatsapp_business_api_data: SubscribedAppData
    override_callback_uri: str


class DebugToken(TypedDict, total=False):
    """Facts of an access token; ``expires_at`` is a Unix time, 0 for never. ``granular_scopes`` may be incomplete."""

    app_id: str
    application: str
    type: str
    is_valid: bool
    expires_at: int
    data_access_expires_at: int
    scopes: List[str]
    granular_scopes: List[Dict[str, Any]]
    user_id: str


class AppSubscription(TypedDict, total=False):
    """A webhook subscription of an app."""

    object: str
    callback_url: str
    active: bool
    fields: List[Dict[str, str]]


class Template(TypedDict, total=False):
    """A message template of a WABA."""

    id: str
    name: str
    language: str
    status: str
    category: str


class Backup(TypedDict):
    """The metadata of an On-Premises node as register takes them: passed on unmodified (Meta's guide, step 3)."""

    password: str
    data: str


class Webhooks(TypedDict, total=False):
    """Webhook settings of a node."""

    url: str
    max_concurrent_requests: int


class Application(TypedDict, total=False):
    """Application settings of a node; ``wa_id`` is the number that the node serves."""

    wa_id: str
    webhooks: Webhooks


class Support(TypedDict, total=False):
    """Support facts of a node; a high-availability setup keys them by ``host:container`` instead."""

    debug_info: str
    expire_timestamp: Union[int, str]
    multi_connect: bool
    socket_conn: str
    version: str
