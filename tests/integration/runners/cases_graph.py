# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of the modules that speak with Graph only: wa_subscribe and wa_health."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    BACKUP,
    HOOK,
    MINE,
    ONBOARDED,
    REGISTER,
    SUBSCRIBED,
    VERIFY_TOKEN,
    Case,
    bad,
    ok,
)

OVERRIDE = {"override_callback_uri": HOOK, "verify_token": VERIFY_TOKEN}
WA_SUBSCRIBE = (
    Case(
        "subscribe: present, absent, each once",
        (
            ok("wa_subscribe", True, check=True, subscribed=True),
            ok("wa_subscribe", True, subscribed=True, app_id=MINE),
            ok("wa_subscribe", False, subscribed=True),
            ok("wa_subscribe", True, args={"state": "absent"}, subscribed=False, check=True),
            ok("wa_subscribe", True, args={"state": "absent"}, subscribed=False),
            ok("wa_subscribe", False, args={"state": "absent"}, subscribed=False),
        ),
        ("subscribed", "unsubscribed"),
    ),
    Case(
        "subscribe: an override comes after the plain subscription",
        (ok("wa_subscribe", True, args=OVERRIDE, override_callback_uri=HOOK), ok("wa_subscribe", False, args=OVERRIDE)),
        ("subscribed", "override_set"),
    ),
    Case(
        "subscribe: an override is never dropped unasked",
        (
            ok("wa_subscribe", False, override_callback_uri=HOOK),
            bad("wa_subscribe", "override_kept", HOOK, "remove_override", args={"state": "absent"}),
            ok("wa_subscribe", True, args={"remove_override": True}, override_callback_uri="", check=True),
            ok("wa_subscribe", True, args={"remove_override": True}, override_callback_uri=""),
            ok("wa_subscribe", True, args={"state": "absent"}),
        ),
        ("override_dropped", "unsubscribed"),
        apps=({"id": MINE, "override_callback_uri": HOOK},),
        shipped=True,
    ),
    Case(
        "subscribe: another app stays",
        (
            ok("wa_subscribe", True, other_apps=["700000000000002"]),
            ok("wa_subscribe", True, args={"state": "absent"}, other_apps=["700000000000002"]),
        ),
        ("subscribed", "unsubscribed"),
        apps=({"id": "700000000000002", "override_callback_uri": HOOK},),
    ),
    Case(
        "subscribe: Meta cannot verify the callback",
        (
            bad(
                "wa_subscribe",
                2200,
                "callback",
                args={**OVERRIDE, "override_callback_uri": "https://nobody.invalid/x"},
                failure__fbtrace_id=str,
            ),
        ),
        ("subscribed", "none"),
    ),
    Case(
        'subscribe: success as "true"',
        (ok("wa_subscribe", True),),
        ("subscribed",),
        switches={"success_form": "string"},
    ),
    Case(
        "subscribe: a token without rights",
        (bad("wa_subscribe", 10, "permission", args={"access_token": "token-without-scopes"}),),
    ),
    Case(
        "subscribe: a token that may not inspect itself, and its app is unknown",
        (
            bad(
                "wa_subscribe",
                "app_unknown",
                "an owner or developer of the app",
                "app_id",
                "WABIZ_APP_ACCESS_TOKEN",
                args={"access_token": "of-a-guest"},
            ),
        ),
    ),
    Case(
        "subscribe: its app is stated",
        (
            ok("wa_subscribe", True, args={"access_token": "of-a-guest", "app_id": MINE}, subscribed=True),
            ok("wa_subscribe", False, args={"access_token": "of-a-guest", "app_id": MINE}, app_id=MINE),
        ),
        ("subscribed",),
    ),
    Case(
        "subscribe: its app inspects it",
        (
            ok(
                "wa_subscribe",
                True,
                args={"access_token": "of-a-guest", "app_access_token": "700000000000001|of-the-app"},
                app_id=MINE,
            ),
        ),
        ("subscribed",),
    ),
    Case(
        "subscribe: every fault of the input at once",
        (
            bad(
                "wa_subscribe",
                "bad_input",
                "waba_id",
                "override_callback_uri",
                "app_id",
                "verify_token",
                args={
                    "waba_id": "",
                    "override_callback_uri": "http://plain.example.com",
                    "app_id": 1.5,
                    "verify_token": 42,
                },
            ),
        ),
        silent=True,
    ),
)

WA_HEALTH = (
    Case(
        "health: available, SIP left out",
        (
            ok("wa_health", False, verdict="AVAILABLE", stable=True, reasons=[]),
            ok("wa_health", False, verdict="AVAILABLE", check=True),
        ),
        number=ONBOARDED,
        node=None,
        apps=SUBSCRIBED,
    ),
    Case(
        "health: limited",
        (
            bad("wa_health", "health", "not subscribed", verdict="LIMITED"),
            ok("wa_health", False, args={"require": "limited"}, verdict="LIMITED", warnings=list),
            ok("wa_health", False, args={"require": "none"}, verdict="LIMITED"),
        ),
        number=ONBOARDED,
        node=None,
        shipped=True,
    ),
    Case(
        "health: blocked",
        (
            bad("wa_health", "health", "141000", verdict="BLOCKED", args={"require": "limited"}),
            ok("wa_health", False, args={"require": "none"}, verdict="BLOCKED"),
        ),
        apps=SUBSCRIBED,
    ),
    Case(
        "health: waits for a pending number",
        (ok("wa_health", False, args={"wait": 5, "wait_interval": 0.1}, verdict="AVAILABLE"),),
        apps=SUBSCRIBED,
        number=ONBOARDED,
        node=None,
        patch={"pending_reads": 3},
    ),
    Case(
        "health: of a WABA",
        (ok("wa_health", False, args={"phone_number_id": None, "waba_id": "{waba}"}, verdict="AVAILABLE"),),
        number=ONBOARDED,
        node=None,
        apps=SUBSCRIBED,
    ),
    Case("health: of both", (bad("wa_health", "bad_input", "exactly one", args={"waba_id": "{waba}"}),), silent=True),
    Case(
        "health: maintenance mode after the move",
        (
            BACKUP,
            REGISTER,
            bad("wa_health", "health", "131057", stable=False),
            ok("wa_health", False, args={"wait": 5, "wait_interval": 0.1}, verdict="AVAILABLE", stable=True),
        ),
        ("backup", "registered"),
        apps=SUBSCRIBED,
        switches={"maintenance_reads": 3},
    ),
    Case(
        "health: maintenance mode as an error",
        (
            BACKUP,
            REGISTER,
            ok(
                "wa_health",
                False,
                args={"wait": 8, "wait_interval": 0.1, "graph_retry_for": 0.1},
                verdict="AVAILABLE",
                stable=True,
            ),
        ),
        ("backup", "registered"),
        apps=SUBSCRIBED,
        switches={"maintenance_reads": 3, "maintenance_form": "error"},
    ),
)
