# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_register by the number: where it is, and what keeps it from being registered."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import (
    AGAIN,
    BACKUP,
    ONBOARDED,
    Case,
    bad,
    ok,
)

COEXISTS = "already on the Cloud API, together with the WhatsApp Business app (coexistence)"
WA_REGISTER_NUMBER = (
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
