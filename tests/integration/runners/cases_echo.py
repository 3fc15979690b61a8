# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_echo: an event, none, one that is too old, and sources that are wrong."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import Case, bad, ok

AT = "2026-11-26T14:03:00Z"

WA_ECHO = (
    Case(
        "echo: an event, one from before, and none",
        (
            ok("wa_echo", False, echo__seen=True, echo__at=AT, findings=[]),
            ok("wa_echo", False, check=True, echo__seen=True),
            ok("wa_echo", False, args={"since": AT}, echo__seen=True),
            ok("wa_echo", False, args={"since": "2026-11-26T14:03:01Z"}, echo__seen=False, echo__at=AT, findings=list),
            ok("wa_echo", False, args={"echo": "{state}/none.json"}, echo__seen=False, echo__at=None, findings=list),
        ),
        silent=True,
    ),
    Case(
        "echo: sources that are wrong",
        (
            bad("wa_echo", "bad_input", "echo: its folder is not there", args={"echo": "/nowhere/at/all.json"}),
            bad("wa_echo", "bad_input", "echo: this is a folder", "echo_wait:", args={"echo": "/", "echo_wait": 86401}),
            bad("wa_echo", "bad_input", "echo: an absolute path", "since:", args={"echo": "x.json", "since": "soon"}),
            bad("wa_echo", "bad_input", "echo: an address", args={"echo": "ftp://example.com/x"}),
        ),
        silent=True,
    ),
)
