# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_restore and wa_deregister: the way back to the node, and off the Cloud API."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import BACKUP_PASSWORD, ONBOARDED, Case, bad, ok

ASK = {"state": "asked"}
LEGACY = {"legacy_registration": True}
GONE = {"registered": False, "connected": False}
LEAVE = {"method": "POST", "path": "/deregister$"}

WA_EXIT = (
    Case(
        "exit: a closed node is asked once, and the number stays",
        (
            ok("wa_restore", True, args=ASK, check=True, answer="would be asked", open=False),
            bad("wa_restore", "onprem_closed", "biz_link_on_prem_reg_blocked", "Cloud API", args=ASK),
            bad("wa_deregister", "node_said_nothing", "refused", args={"after_node_yes": True}),
        ),
        ("none",),
        number=ONBOARDED,
        node=GONE,
        shipped=True,
    ),
    Case(
        "exit: asked once, then off the Cloud API, and not registered without a right code",
        (
            ok("wa_restore", True, args=ASK, open=True, answer="code sent"),
            ok("wa_restore", False, args=ASK, open=True, answer="code sent", asked_at=str),
            bad("wa_restore", "still_on_cloud", args={"state": "restored", "node_code": "123456"}),
            ok("wa_deregister", True, args={"after_node_yes": True}, check=True),
            ok("wa_deregister", True, args={"after_node_yes": True}, platform_type="NOT_APPLICABLE"),
            ok("wa_deregister", False, args={"after_node_yes": True}),
            bad("wa_restore", 1009, args={"state": "restored", "node_code": "000-000"}),
        ),
        ("node_code_sent", "deregistered", "none"),
        number=ONBOARDED,
        node=GONE,
        switches=LEGACY,
        shipped=True,
    ),
    Case(
        "exit: a node that serves its number has nothing to ask",
        (
            ok("wa_restore", False, args=ASK, open=True),
            ok("wa_restore", False, args={"state": "restored", "not_on_cloud": True, "node_code": "123456"}, done=[]),
            ok("wa_restore", True, args={"state": "restored", "node_code": "123456", "shards": 4}, done=["shards"]),
            ok("wa_restore", False, args={"state": "restored", "node_code": "123456", "shards": 4}, done=[]),
        ),
        ("shards_set",),
        switches=LEGACY,
    ),
    Case(
        "exit: the answer to deregister is lost",
        (ok("wa_deregister", True, platform_type="NOT_APPLICABLE"), ok("wa_deregister", False)),
        ("deregistered",),
        number=ONBOARDED,
        node=None,
        faults=((LEAVE, {"kind": "reset_after"}),),
    ),
    Case(
        "exit: every fault of the input at once",
        (
            bad(
                "wa_restore",
                "bad_input",
                "node_code: a code is exactly six digits",
                "cc: a country calling code",
                "cert: a certificate",
                "shards: must be one of",
                args={"state": "restored", "node_code": "12", "cc": "x", "cert": "y", "shards": 3},
            ),
            bad("wa_restore", "bad_input", "does not begin with", args={**ASK, "cc": "999"}),
            bad("wa_restore", "bad_input", "node_code and backup_file: missing", args={"state": "restored"}),
            bad(
                "wa_restore",
                "bad_input",
                "node_code and backup_file",
                args={
                    "state": "restored",
                    "node_code": "123456",
                    "backup_file": "/srv/b.json",
                    "backup_password": BACKUP_PASSWORD,
                },
            ),
        ),
        silent=True,
    ),
)
