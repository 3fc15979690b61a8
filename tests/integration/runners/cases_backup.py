# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_backup."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import BACKUP, BACKUP_PATH, Case, bad, ok

WA_BACKUP = (
    Case(
        "backup: a fresh one is kept, force makes a new one",
        (
            BACKUP,
            ok("wa_backup", False),
            ok("wa_backup", False, check=True),
            ok("wa_backup", True, args={"force": True}),
        ),
        ("backup", "backup"),
        shipped=True,
    ),
    Case("backup: check mode writes and sends nothing", (ok("wa_backup", True, check=True),)),
    Case("backup: too old", (BACKUP, ok("wa_backup", True, args={"max_age": 0})), ("backup", "backup")),
    Case(
        "backup: another password",
        (BACKUP, ok("wa_backup", True, args={"backup_password": "another one"})),
        ("backup", "backup"),
    ),
    Case(
        "backup: of another number",
        (BACKUP, bad("wa_backup", "wrong_node", args={"phone_number": "+15550009999"})),
        ("backup",),
    ),
    Case(
        "backup: not the primary master for a while",
        (BACKUP,),
        ("none", "none", "backup"),
        switches={"backup_busy_code": 1017, "backup_busy_times": 2},
    ),
    Case(
        "backup: shards failing over",
        (BACKUP,),
        ("none", "backup"),
        switches={"backup_busy_code": 1018, "backup_busy_times": 1},
    ),
    Case(
        "backup: not ready for a while",
        (BACKUP,),
        ("none", "backup"),
        switches={"backup_busy_code": 1011, "backup_busy_times": 1},
    ),
    Case(
        "backup: not the primary master for longer than the budget",
        (bad("wa_backup", 1017, "safe to run again", args={"onprem_retry_for": 0.2}, failure__safe_to_rerun=True),),
        ("none",),
        switches={"backup_busy_code": 1017, "backup_busy_times": 99},
    ),
    Case(
        "backup: overloaded",
        (bad("wa_backup", 1016, args={"onprem_retry_for": 0.2}),),
        ("none",),
        switches={"backup_busy_code": 1016, "backup_busy_times": 99},
    ),
    Case(
        "backup: the answer is lost",
        (BACKUP,),
        ("backup", "backup"),
        faults=(({**BACKUP_PATH, "times": 1}, {"kind": "reset_after"}),),
    ),
    Case(
        "backup: node not registered",
        (bad("wa_backup", "not_registered", "no registered number"),),
        node={"registered": False, "connected": False},
    ),
    Case(
        "backup: node expired",
        (bad("wa_backup", "expired", "expired on 2025-10-23"),),
        node={"expired": True, "expire_timestamp": 1761177600},
    ),
    Case("backup: node disconnected", (bad("wa_backup", "disconnected", "not connected"),), node={"connected": False}),
    Case(
        "backup: wrong node password",
        (bad("wa_backup", 1005, "refuses the login", "onprem_password", args={"onprem_password": "Wrong-Passw0rd"}),),
        shipped=True,
    ),
    Case("backup: first login", (bad("wa_backup", 1024, "first login", "new_password"),), node={"first_login": True}),
    Case(
        "backup: expired token",
        (
            bad(
                "wa_backup",
                1005,
                "expired, revoked or wrong",
                "onprem_token",
                args={"onprem_token": "token-of-last-year", "onprem_password": ""},
            ),
        ),
    ),
    Case(
        "backup: nobody listens",
        (bad("wa_backup", "connect_failed", args={"onprem_url": "https://127.0.0.1:1", "onprem_retry_for": 0.2}),),
        silent=True,
    ),
    Case(
        "backup: certificate of a stranger",
        (
            bad("wa_backup", "tls_failed", "onprem_ca_path", args={"onprem_ca_path": "{other_ca}"}),
            bad("wa_backup", "bad_input", "onprem_ca_path", args={"onprem_ca_path": "/nowhere/ca.pem"}),
            ok("wa_backup", True, args={"onprem_ca_path": "{other_ca}", "onprem_validate_certs": False}),
        ),
        ("backup",),
    ),
    Case(
        "backup: every fault of the input at once",
        (
            bad(
                "wa_backup",
                "bad_input",
                "dest",
                "backup_password",
                "max_age",
                "bakup_password: there is no such option; is backup_password meant?",
                args={"dest": "relative.json", "backup_password": "  ", "max_age": "soon", "bakup_password": "x"},
            ),
        ),
        silent=True,
    ),
)
