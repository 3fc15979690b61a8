# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of the modules that look at either side: wa_two_step, the reads, and wa_preflight."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    ONBOARDED,
    PAYLOADS,
    SUBSCRIBED,
    Case,
    bad,
    ok,
)

CLOUD, ONPREM = str(PAYLOADS / "cloud.jsonl"), str(PAYLOADS / "onprem.jsonl")
PRESENT = {"state": "present", "pin": "{pin}"}
CLOUD_PIN = {"side": "cloud", "state": "present", "pin": "012345", "phone_number_id": "{id}"}
WA_TWO_STEP = (
    Case(
        "two-step: cleared on the node",
        (
            ok("wa_two_step", True, args={"state": "absent"}, check=True),
            ok("wa_two_step", True, args={"state": "absent"}, two_step="absent"),
        ),
        ("two_step_cleared",),
        shipped=True,
    ),
    Case(
        "two-step: the node answers null",
        (ok("wa_two_step", True, args={"state": "absent"}),),
        ("two_step_cleared",),
        switches={"empty_body_form": "null"},
    ),
    Case("two-step: set on the node", (ok("wa_two_step", True, args=PRESENT),), ("two_step_set",)),
    Case(
        "two-step: on the Cloud API",
        (
            ok("wa_two_step", False, args=CLOUD_PIN),
            ok("wa_two_step", True, args={**CLOUD_PIN, "update_pin": "always"}, check=True),
            ok("wa_two_step", True, args={**CLOUD_PIN, "update_pin": "always"}),
        ),
        ("pin_set",),
        number=ONBOARDED,
        node=None,
        shipped=True,
    ),
    Case(
        "two-step: on the Cloud API, where none is set",
        (ok("wa_two_step", True, args=CLOUD_PIN), ok("wa_two_step", False, args=CLOUD_PIN)),
        ("pin_set",),
        number={**ONBOARDED, "pin": None},
        node=None,
    ),
    Case(
        "two-step: not the Cloud API's to clear, and octal",
        (
            bad(
                "wa_two_step",
                "bad_input",
                "WhatsApp Manager",
                args={"side": "cloud", "state": "absent", "phone_number_id": "{id}"},
            ),
            bad("wa_two_step", "bad_input", "octal", args={"state": "present", "pin": 668}),
        ),
        silent=True,
    ),
)

WA_INFO = (
    Case(
        "info: the Cloud API side",
        (
            ok(
                "wa_number_info",
                False,
                number__platform_type="ON_PREMISE",
                number__is_official_business_account=True,
                number__quality_rating="YELLOW",
                number__messaging_limit="TIER_10K",
                number__is_pin_enabled=True,
                number__is_on_biz_app=False,
                belongs_to_waba=True,
            ),
            ok("wa_number_info", False, args={"waba_id": "{another_waba}"}, belongs_to_waba=False, check=True),
            bad("wa_number_info", 100, args={"phone_number_id": "999999999999999"}, failure__fbtrace_id=str),
            bad(
                "wa_number_info",
                100,
                "phone_number_id holds the ID of a WhatsApp Business Account (WABA)",
                "belongs in waba_id",
                args={"phone_number_id": "{waba}"},
            ),
            bad(
                "wa_number_info",
                100,
                "waba_id holds the ID of a business phone number",
                "set waba_id to",
                args={"waba_id": "{id}"},
            ),
            bad("wa_number_info", "connect_failed", args={"graph_url": "https://127.0.0.1:1", "graph_retry_for": 0.2}),
            bad("wa_number_info", "tls_failed", "graph_ca_path", args={"graph_ca_path": "{other_ca}"}),
        ),
        number={"oba": True, "quality_rating": "YELLOW", "messaging_limit_tier": "TIER_10K"},
        shipped=True,
    ),
    Case(
        "info: a single node",
        (
            ok(
                "wa_onprem_info",
                False,
                node__multiconnect=False,
                node__nodes_connected=1,
                node__wa_id="{digits}",
                node__queues__callback_queue_size=3.0,
                node__profile__about__text="Open all day",
            ),
        ),
        node={"queues": {"callback_queue_size": 3}, "profile": {"about": "Open all day"}},
    ),
    Case(
        "info: a Coreapp that does not run",
        (
            ok(
                "wa_onprem_info",
                False,
                node__serving="serving",
                node__multiconnect=True,
                node__nodes_connected=2,
                node__gateway=str,
            ),
            ok("wa_preflight", False, blocked=False, node__serving="serving"),
        ),
        node={"multiconnect": True, "coreapps_gone": 1},
        shipped=True,
    ),
    Case(
        "info: the one Coreapp does not run",
        (ok("wa_onprem_info", False, node__serving="unclear", node__multiconnect=False, node__nodes_connected=0),),
        node={"coreapps_gone": 1},
    ),
    Case(
        "info: multiconnect",
        (
            ok(
                "wa_onprem_info",
                False,
                node__multiconnect=True,
                node__nodes_connected=3,
                node__shards=2,
                node__gateway=str,
            ),
            ok("wa_onprem_info", False, args={"gather": ["health"]}, node__shards=None, check=True),
            ok(
                "wa_onprem_info",
                False,
                args={"gather": ["health", "stickerpacks", "certificates"]},
                node__stickerpacks=2,
                node__certificates__external_ca=True,
                node__certificates__webhook_ca=False,
            ),
        ),
        node={"multiconnect": True, "shards": 2, "stickerpacks": 2},
        shipped=True,
    ),
    Case(
        "info: an expired node still tells",
        (ok("wa_onprem_info", False, node__nodes_connected=0, node__expires_at="2025-10-23T00:00:00Z"),),
        node={"expired": True, "expire_timestamp": 1761177600},
    ),
    Case("info: first login", (bad("wa_onprem_info", 1024, "first login"),), node={"first_login": True}, shipped=True),
    Case(
        "info: an unknown part",
        (bad("wa_onprem_info", "bad_input", "gather", args={"gather": ["health", "weather"]}),),
        silent=True,
    ),
)

WA_PREFLIGHT = (
    Case(
        "preflight: ready",
        (
            ok("wa_preflight", False, location="ON_PREMISES", work=True, blocked=False, findings=list, plan=dict),
            ok("wa_preflight", False, check=True, blocked=False),
        ),
        shipped=True,
    ),
    Case(
        "preflight: done",
        (ok("wa_preflight", False, location="CLOUD", work=False, blocked=False),),
        number=ONBOARDED,
        node=None,
        apps=SUBSCRIBED,
    ),
    Case(
        "preflight: done but for the subscription",
        (ok("wa_preflight", False, location="CLOUD", work=True, blocked=False),),
        number=ONBOARDED,
        node=None,
    ),
    Case(
        "preflight: coexistence is left alone, subscription and all",
        (ok("wa_preflight", False, location="CLOUD", work=False, blocked=False, findings=list),),
        number={**ONBOARDED, "is_on_biz_app": True},
        node=None,
    ),
    Case(
        "preflight: a number of the phone app, which has no node",
        (
            ok(
                "wa_preflight",
                False,
                blocked=True,
                blockers=["WM102", "WM201", "WM220"],
                args={"onprem_url": "https://127.0.0.1:1", "onprem_retry_for": 0.2},
            ),
        ),
        number={"is_on_biz_app": True},
    ),
    Case(
        "preflight: several blockers at once",
        (
            ok(
                "wa_preflight",
                False,
                blocked=True,
                location="ON_PREMISES",
                args={"waba_id": "{another_waba}"},
                blockers=["WM106", "WM107", "WM108"],
            ),
        ),
        number={"code_verification_status": "EXPIRED"},
        node={"wa_id": "15550009997"},
        shipped=True,
    ),
    Case(
        "preflight: node unreadable",
        (ok("wa_preflight", False, blocked=True, location="UNKNOWN", blockers=["WM103", "WM125", "WM220"]),),
        node={"first_login": True},
        shipped=True,
    ),
    Case(
        "preflight: Graph unreadable",
        (
            ok(
                "wa_preflight",
                False,
                blocked=True,
                location="UNKNOWN",
                blockers=["WM101", "WM119"],
                args={"access_token": "not-the-token"},
            ),
        ),
    ),
    Case(
        "preflight: an application that is not ready, and one that is",
        (
            ok("wa_preflight", False, blocked=True, blockers=["WM240"], args={"lint_paths": [ONPREM]}),
            ok("wa_preflight", False, blocked=True, blockers=["WM240"], args={"lint_paths": [ONPREM]}, check=True),
            ok("wa_preflight", False, blocked=False, args={"lint_paths": [CLOUD]}),
        ),
        shipped=True,
    ),
    Case(
        "preflight: an application that is not there",
        (
            bad(
                "wa_preflight",
                "bad_input",
                "lint_paths: no such file or folder on this machine: /nowhere/src, /nowhere/else",
                "pin:",
                args={"lint_paths": [CLOUD, "/nowhere/src", "/nowhere/else"], "pin": "12"},
            ),
        ),
        silent=True,
    ),
    Case(
        "preflight: every fault of the input at once",
        (
            bad(
                "wa_preflight",
                "bad_input",
                "pin:",
                "waba_id:",
                "backup_password:",
                args={"pin": True, "waba_id": None, "backup_password": ""},
            ),
        ),
        silent=True,
    ),
)
