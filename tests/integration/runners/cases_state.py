# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_state_info: what a host keeps of a number, and a host that keeps nothing."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import BACKUP, REGISTER, Case, bad, ok

WA_STATE = (
    Case(
        "state: nothing is kept before a run, and everything after one",
        (
            ok("wa_state_info", False, attempts=[], attempts_left=8, snapshot={}, number="", error=""),
            ok("wa_snapshot", True),
            BACKUP,
            REGISTER,
            ok(
                "wa_state_info",
                False,
                attempts=list,
                attempts_left=7,
                snapshot__facts__is_official_business_account=False,
                number=str,
                error="",
            ),
            ok("wa_state_info", False, check=True, attempts=list, attempts_left=7),
            ok("wa_state_info", False, args={"attempts_limit": 4, "attempts_reserve": 1}, attempts_left=2),
        ),
        ("backup", "registered"),
        shipped=True,
    ),
    Case(
        "state: options that are wrong",
        (
            bad(
                "wa_state_info",
                "bad_input",
                "phone_number_id",
                "state_dir",
                args={"phone_number_id": None, "state_dir": "here"},
            ),
            bad("wa_state_info", "bad_input", "reserve", args={"attempts_limit": 2, "attempts_reserve": 2}),
        ),
        silent=True,
    ),
)
