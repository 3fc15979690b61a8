# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number and its facts as the tests of the plan have them."""

from __future__ import annotations

from types import MappingProxyType

from ansible_collections.wabiz.migration.plugins.module_utils._core.approval import plan
from ansible_collections.wabiz.migration.plugins.module_utils._core.checks import subscription

ID = "106540352242922"
PARAMS = {
    "onprem_url": "https://localhost:9090",
    "graph_url": "https://graph.facebook.com",
    "graph_version": "v25.0",
    "phone_number_id": ID,
    "waba_id": "102290129340398",
    "override_callback_uri": "https://mine.example/hook",
    "verify_token": "meatyhamhock",
    "backup_password": "tacocat",
    "pin": "493817",
    "access_token": "EAAB",
    "clear_two_step": False,
    "without_backup": False,
    "data_localization_region": None,
    "purpose": "customer_support",
}
NUMBER = {"display_phone_number": "+1 555-012-0001", "code_verification_status": "VERIFIED"}
NODE = MappingProxyType({"wa_id": "15550120001"})
SUBSCRIBE, OVERRIDE = subscription.SUBSCRIBE, subscription.SET_OVERRIDE
BLOCKER = {"id": "WM108", "severity": "blocker", "seen": "x", "fix": ""}
WARNING = {"id": "WM134", "severity": "warning", "seen": "x", "fix": ""}
PASSING = {"id": "WM130", "severity": "warning", "seen": "x", "fix": ""}
NOTE = {"id": "WM150", "severity": "note", "seen": "x", "fix": ""}


def facts(params=(), number=(), node=NODE, location="ON_PREMISES", steps=(), override="", findings=()):
    return plan.situation(
        {**PARAMS, **dict(params)}, {**NUMBER, **dict(number)}, node, location, steps, override, list(findings)
    )


def lines(steps=(), location="ON_PREMISES", **params):
    return [plan.line(request) for request in plan.requests({**PARAMS, **params}, location, steps)]
