# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_register: the call and its answer, the attempts, the backup and the conditions."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    AGAIN,
    BACKUP,
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
)
