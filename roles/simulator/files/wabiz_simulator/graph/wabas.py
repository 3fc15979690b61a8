# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WhatsApp Business Account: its fields, its numbers, its templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..call import Call, Reply
from ..strict import read_query
from . import health, number_fields
from .fields import pick, wanted
from .paging import page

KIND = "WhatsAppBusinessAccount"
DEFAULT = ("name", "timezone_id", "message_template_namespace")
KNOWN = (
    *DEFAULT,
    "status",
    "account_review_status",
    "business_verification_status",
    "ownership_type",
    "country",
    "currency",
    "health_status",
    "is_enabled_for_insights",
    "primary_funding_id",
)
TEMPLATE_DEFAULT = ("name", "language", "status", "category", "components")


def read(call: Call) -> Reply:
    waba = call.needs_waba()
    given = read_query(call, ("fields",)).get("fields")
    names = wanted(given, DEFAULT, KNOWN, KIND, call.world.fleet.unknown_fields)
    makers: dict[str, Callable[[], Any]] = {
        "name": lambda: waba.name,
        "timezone_id": lambda: "1",
        "message_template_namespace": lambda: f"simulated_{waba.id}",
        "status": lambda: waba.status,
        "account_review_status": lambda: waba.account_review_status,
        "business_verification_status": lambda: waba.business_verification_status,
        "ownership_type": lambda: "SELF_OWNED",
        "country": lambda: "US",
        "currency": lambda: "USD",
        "health_status": lambda: health.of_waba(call, waba),
        "is_enabled_for_insights": lambda: True,
        "primary_funding_id": lambda: waba.primary_funding_id or None,
    }
    return Reply(pick(names, makers, waba.id))


def phone_numbers(call: Call) -> Reply:
    query = read_query(call, ("fields", "limit", "after", "before"))
    unknown = call.world.fleet.unknown_fields
    names = wanted(query.get("fields"), number_fields.DEFAULT, number_fields.LISTED, number_fields.KIND, unknown)
    answer = page(call, call.needs_waba().number_ids, query)
    # Only the numbers of this page are read: a read counts.
    answer["data"] = [number_fields.of_number(call, call.world.numbers[one], names) for one in answer["data"]]
    return Reply(answer)


def message_templates(call: Call) -> Reply:
    query = read_query(call, ("fields", "limit", "after", "before", "status", "name", "language"))
    names = wanted(query.get("fields"), TEMPLATE_DEFAULT, TEMPLATE_DEFAULT, "MessageTemplate")
    chosen = [
        template
        for template in call.needs_waba().templates
        if all(template[key] == query[key] for key in ("status", "name", "language") if key in query)
    ]
    answer = page(call, chosen, query)
    answer["data"] = [{name: template[name] for name in names} for template in answer["data"]]
    return Reply(answer)
