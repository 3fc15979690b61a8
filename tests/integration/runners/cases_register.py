# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_register."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    AGAIN,
    BACKUP,
    ONBOARDED,
    REGISTER,
    REGISTER_PATH,
    Case,
    bad,
    ok,
)

NO_NAME = {
    "error": {
        "message": "Invalid parameter",
        "type": "OAuthException",
        "code": 100,
        "error_subcode": 2388001,
        "is_transient": True,
        "error_user_title": "Kein Zertifikat",
        "error_user_msg": "This display name was not processed. Wait 1 hour.",
    }
}
COEXISTS = "already on the Cloud API, together with the WhatsApp Business app (coexistence)"
WA_REGISTER = (
    Case(
        "register: predicted, done, and never again",
        (
            BACKUP,
            ok(
                "wa_register", True, check=True, registration__outcome="would be registered", platform_type="ON_PREMISE"
            ),
            REGISTER,
            AGAIN,
            ok("wa_register", False, check=True),
        ),
        ("backup", "registered"),
        shipped=True,
    ),
    Case(
        'register: success as "true"',
        (BACKUP, REGISTER, AGAIN),
        ("backup", "registered"),
        switches={"success_form": "string"},
    ),
    Case(
        'register: success as "True"', (BACKUP, REGISTER), ("backup", "registered"), switches={"success_form": "String"}
    ),
    Case(
        "register: a pause is a failure, or the caller's to wait for",
        (
            BACKUP,
            bad("wa_register", "paused", "Changes are paused", "the hotline", args={"freeze": "paused: the hotline"}),
            ok(
                "wa_register",
                False,
                args={"freeze": "paused: the hotline", "return_when_waiting": True},
                waiting=True,
                why=str,
                registration=None,
            ),
            ok("wa_register", True, check=True, args={"freeze": "paused: the hotline", "return_when_waiting": True}),
            ok(
                "wa_register",
                True,
                args={"return_when_waiting": True, "max_parallel_cutovers_per_waba": 1},
                location="CLOUD",
                waiting=None,
            ),
        ),
        ("backup", "registered"),
        shipped=True,
    ),
    Case(
        "register: success false",
        (BACKUP, bad("wa_register", "unconfirmed", "success: false", "safe to run again", failure__safe_to_rerun=True)),
        ("backup", "none"),
        faults=((REGISTER_PATH, {"kind": "success_false"}),),
    ),
    Case(
        "register: the answer is lost",
        (BACKUP, REGISTER, AGAIN),
        ("backup", "registered"),
        faults=((REGISTER_PATH, {"kind": "reset_after"}),),
        shipped=True,
    ),
    Case(
        "register: the answer is cut",
        (BACKUP, REGISTER, AGAIN),
        ("backup", "registered"),
        faults=((REGISTER_PATH, {"kind": "cut_body"}),),
    ),
    Case(
        "register: the answer is empty",
        (BACKUP, REGISTER, AGAIN),
        ("backup", "registered"),
        faults=((REGISTER_PATH, {"kind": "empty"}),),
    ),
    Case(
        "register: the answer is HTML, the number has moved",
        (BACKUP, REGISTER),
        ("backup", "registered"),
        faults=((REGISTER_PATH, {"kind": "html", "when": "after"}),),
    ),
    Case(
        "register: the answer is late", (BACKUP, REGISTER), ("backup", "registered"), switches={"register_seconds": 1.0}
    ),
    Case(
        "register: an error although it was done",
        (BACKUP, REGISTER),
        ("backup", "registered"),
        faults=((REGISTER_PATH, {"kind": "graph_error", "code": 131000, "when": "after"}),),
    ),
    Case(
        "register: broken off before the API acted",
        (BACKUP, bad("wa_register", "unconfirmed", "sent once", "uses up one of ten", failure__safe_to_rerun=True)),
        ("backup", "none"),
        faults=((REGISTER_PATH, {"kind": "reset_before"}),),
    ),
    Case(
        "register: a redirect is not followed",
        (BACKUP, bad("wa_register", "unconfirmed", "redirect")),
        ("backup", "none"),
        faults=((REGISTER_PATH, {"kind": "redirect", "location": "https://127.0.0.1:1/elsewhere"}),),
    ),
    Case(
        "register: wrong PIN ends it at once",
        (
            BACKUP,
            bad(
                "wa_register",
                133005,
                "NOT safe to run again",
                args={"pin": "098765"},
                failure__safe_to_rerun=False,
                failure__fbtrace_id=str,
            ),
            bad("wa_register", "wrong_pin", "133005", "7 attempts left", args={"pin": "098765"}),
            bad("wa_register", "wrong_pin", "pin_changed_at"),
            bad("wa_register", "wrong_pin", args={"pin_changed_at": "2026-01-01T00:00:00Z"}),
            bad("wa_register", "neither", args={"pin_cleared": True, "check_node": False, "onprem_password": None}),
            bad("wa_register", "pin_not_cleared", args={"pin_cleared": True}),
        ),
        ("backup", "node_down"),
        shipped=True,
    ),
    Case(
        "register: a wrong PIN, and two-step verification cleared on the node that is down",
        (
            BACKUP,
            bad("wa_register", 133005, args={"pin": "098765"}),
            ok("wa_two_step", True, args={"state": "absent"}),
            ok("wa_register", True, args={"pin": "098765", "pin_cleared": True}, check=True),
            ok("wa_register", True, args={"pin": "098765", "pin_cleared": True}, location="CLOUD"),
        ),
        ("backup", "node_down", "two_step_cleared", "registered"),
        switches={"down_node_clears_two_step": True},
        shipped=True,
    ),
    Case(
        "register: Meta rejects the backup",
        (BACKUP, bad("wa_register", 133002, "backup")),
        ("backup", "none"),
        faults=((REGISTER_PATH, {"kind": "graph_error", "code": 133002}),),
    ),
    Case(
        "register: Meta has no display name",
        (
            BACKUP,
            bad(
                "wa_register",
                100,
                "Graph does not accept the display name of the number",
                '"Kein Zertifikat": This display name was not processed',
                "Code 100, subcode 2388001",
                "Each register request uses up one of ten in 72 hours",
                "in WhatsApp Manager",
                failure__safe_to_rerun=False,
            ),
        ),
        ("backup", "none"),
        faults=((REGISTER_PATH, {"kind": "status", "status": 400, "body": NO_NAME}),),
    ),
    Case("register: no backup", (bad("wa_register", "no_backup"),), shipped=True),
    Case(
        "register: no backup, predicted",
        (ok("wa_register", True, check=True, registration__backup="There is no backup of the number"),),
    ),
    Case(
        "register: backup made with another password",
        (BACKUP, bad("wa_register", "backup_password", args={"backup_password": "another one"})),
        ("backup",),
    ),
    Case(
        "register: backup too old",
        (BACKUP, bad("wa_register", "stale_backup", args={"backup_max_age": 0})),
        ("backup",),
    ),
    Case(
        "register: without a backup, stated explicitly",
        (
            ok(
                "wa_register",
                True,
                args={"without_backup": True, "backup_file": None, "backup_password": None},
                warnings=list,
            ),
        ),
        ("registered",),
        number={"oba": True},
    ),
    Case(
        "register: locked for 72 hours",
        (BACKUP, bad("wa_register", 133016, "72 hours", failure__safe_to_rerun=False)),
        ("backup", "none"),
        number={"recent_attempts": 10},
    ),
    Case(
        "register: pending for a while",
        (BACKUP, REGISTER),
        ("backup", "registered"),
        switches={"after_register": "PENDING", "pending_reads": 3},
    ),
    Case(
        "register: pending for longer",
        (BACKUP, ok("wa_register", True, location="CLOUD", status="PENDING", warnings=list)),
        ("backup", "registered"),
        switches={"after_register": "PENDING", "pending_seconds": 600},
    ),
    Case("register: reads lag behind", (BACKUP, REGISTER), ("backup", "registered"), switches={"stale_reads": 4}),
    Case(
        "register: the node serves another number",
        (bad("wa_register", "wrong_node", "no_backup"),),
        node={"wa_id": "15550009998"},
    ),
    Case(
        "register: another WABA",
        (BACKUP, bad("wa_register", "wrong_waba", args={"waba_id": "{another_waba}"})),
        ("backup",),
    ),
    Case("register: node disconnected", (bad("wa_register", "unknown_location"),), node={"connected": False}),
    Case(
        "register: nobody listens on the node",
        (
            BACKUP,
            bad("wa_register", "unknown_location", args={"onprem_url": "https://127.0.0.1:1", "onprem_retry_for": 0.2}),
        ),
        ("backup",),
    ),
    Case(
        "register: by Graph alone",
        (BACKUP, ok("wa_register", True, args={"check_node": False, "onprem_password": None})),
        ("backup", "registered"),
    ),
    Case("register: already on the Cloud API", (AGAIN,), number=ONBOARDED, node=None),
    Case(
        "register: on neither API",
        (bad("wa_register", "neither"),),
        number={"location": "none"},
        node={"registered": False, "connected": False},
    ),
    Case(
        "register: not verified",
        (BACKUP, bad("wa_register", "not_verified"), bad("wa_register", 133006, args={"allow_unverified": True})),
        ("backup", "none"),
        number={"code_verification_status": "EXPIRED"},
    ),
    Case(
        "register: a number of the phone app",
        (
            BACKUP,
            bad("wa_register", "biz_app", "Migrate customers", failure__safe_to_rerun=True),
            bad("wa_register", "biz_app", args={"check_node": False, "onprem_password": None}),
        ),
        ("backup",),
        number={"is_on_biz_app": True},
        shipped=True,
    ),
    Case(
        "register: coexistence is left alone",
        (ok("wa_register", False, location="CLOUD", registration__outcome=COEXISTS),),
        number={**ONBOARDED, "is_on_biz_app": True},
        node=None,
    ),
    Case(
        "register: a display name without a certificate",
        (BACKUP, bad("wa_register", "name_unusable", "name_status is EXPIRED")),
        ("backup",),
        number={"name_status": "EXPIRED"},
    ),
    Case(
        "register: a region",
        (BACKUP, ok("wa_register", True, args={"data_localization_region": "DE"})),
        ("backup", "registered"),
    ),
    Case(
        "register: a wrong token",
        (
            bad(
                "wa_register",
                190,
                "WABIZ_ACCESS_TOKEN",
                args={"access_token": "not-the-token"},
                failure__fbtrace_id=str,
            ),
        ),
    ),
    Case(
        "register: a PIN as six-digit integer, and digits of a PIN inside the number",
        (
            BACKUP,
            ok("wa_register", True, args={"pin": 555881}),
            ok("wa_number_info", False, number__display_phone_number="+1 555 881 7777"),
        ),
        ("backup", "registered"),
        number={"pin": "555881", "display_phone_number": "+1 555 881 7777"},
        node={"wa_id": "15558817777"},
        shipped=True,
    ),
    Case(
        "register: every fault of the input at once",
        (
            bad(
                "wa_register",
                "bad_input",
                "pin: a PIN is six digits, but this arrived as a number that has not six",
                "phone_number_id",
                "without_backup and backup_file",
                "register_timeout",
                args={"pin": 668, "phone_number_id": "+1 555 000", "without_backup": True, "register_timeout": 5},
            ),
        ),
        silent=True,
        shipped=True,
    ),
    Case(
        "register: deregistered",
        (
            ok("wa_register", True, args={"state": "deregistered"}, check=True),
            ok("wa_register", True, args={"state": "deregistered"}, platform_type="NOT_APPLICABLE"),
            ok("wa_register", False, args={"state": "deregistered"}),
        ),
        ("deregistered",),
        number=ONBOARDED,
        node=None,
    ),
    Case(
        "register: deregistered, the answer is lost",
        (
            ok("wa_register", True, args={"state": "deregistered"}),
            ok("wa_register", False, args={"state": "deregistered"}),
        ),
        ("deregistered",),
        number=ONBOARDED,
        node=None,
        faults=(({"method": "POST", "path": "/deregister$"}, {"kind": "reset_after"}),),
    ),
)
