# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_lint: what is valid, what differs, what is accepted, and options that are wrong."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import PAYLOADS, Case, bad, ok

ONPREM = str(PAYLOADS / "onprem.jsonl")
NOTHING = {"error": 0, "warning": 0, "note": 0}

WA_LINT = (
    Case(
        "lint: payloads of both APIs",
        (
            ok("wa_lint", False, findings=[], counts=NOTHING, files=1, copies=[]),
            ok("wa_lint", False, check=True, findings=[]),
            bad("wa_lint", "differences", "of severity error", args={"paths": [ONPREM]}, findings=list, files=1),
            ok("wa_lint", False, args={"paths": [ONPREM], "fail_on": "never"}, findings=list, left_out=0, accepted=0),
        ),
        silent=True,
    ),
    Case(
        "lint: files of the inventory host",
        (
            ok("wa_lint", False, args={"run_on": "host"}, findings=[], files=1),
            bad("wa_lint", "differences", args={"paths": [ONPREM], "run_on": "host"}, findings=list),
        ),
        shipped=True,
        silent=True,
    ),
    Case(
        "lint: options that are wrong",
        (
            bad("wa_lint", "no_such_path", "/nowhere/at-all", args={"paths": ["/nowhere/at-all", ONPREM]}),
            bad("wa_lint", "bad_baseline", args={"baseline": "/nowhere/baseline.json"}),
            bad("wa_lint", "bad_media_map", args={"media_map": ONPREM, "fix": True}, check=True),
            bad(
                "wa_lint",
                "bad_input",
                "fail_on",
                "link_timeout",
                "media_map",
                args={"fail_on": "sometimes", "link_timeout": 0, "media_map": "/x"},
            ),
        ),
        silent=True,
    ),
)
