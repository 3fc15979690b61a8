# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of the modules for one number, as the tests of the table combine them."""

from __future__ import annotations

from ansible_collections.wabiz.migration.plugins.module_utils._core.fleet import table

BLOCKER = {"id": "WM114", "severity": "blocker", "seen": "The budget is used up", "fix": "wait"}
WARNING = {"id": "WM132", "severity": "warning", "seen": "The clocks differ", "fix": ""}
NOTE = {"id": "WM150", "severity": "note", "seen": "The PIN cannot be checked before it is used", "fix": ""}
COEXISTENCE = {"id": "WM202", "severity": "note", "seen": "In the app too", "fix": "nothing"}
PREFLIGHT = {
    "changed": False,
    "location": "ON_PREMISES",
    "work": True,
    "blocked": False,
    "findings": [NOTE],
    "number": {"display_phone_number": "+1 555-012-0001"},
}
MOVED = {
    "changed": True,
    "location": "CLOUD",
    "registration": {"outcome": "registered", "confirmed_after": 2.5, "attempts_left": 7},
}
ALREADY = {"changed": False, "location": "CLOUD", "registration": {"outcome": "already on the Cloud API"}}
CONFIRMED = {
    "changed": False,
    "location": "CLOUD",
    "registration": {"outcome": "registered by an earlier run", "confirmed": True},
}
WOULD = {
    "changed": True,
    "location": "ON_PREMISES",
    "registration": {"outcome": "would be registered", "attempts_left": 8},
}
FAILED = {"failed": True, "msg": "Number 1: no [133005].\n  Next: look.", "failure": {"code": 133005}}
UNCONFIRMED = {"failed": True, "msg": "Nobody knows", "failure": {"code": "unconfirmed"}}
GONE = {"failed": True, "msg": "No route", "failure": {"code": "unreachable"}}
SHUT = {
    "failed": True,
    "msg": "Number 1: The number is outside its change window [outside_window]. The next window opens on Sunday. "
    "Only reads were sent. It is safe to run again. Next: run the same command in the window.",
    "failure": {"code": "outside_window"},
    "would_be_refused": True,
}
SKIPPED = {"skipped": True, "changed": False}


LOSS = {"id": "WM184", "severity": "blocker", "seen": "The badge was there and is not there", "fix": "apply again"}
LATE = {"id": "WM192", "severity": "warning", "seen": "The throughput is STANDARD", "fix": "wait"}
NO_SNAPSHOT = {
    "id": "WM198",
    "severity": "note",
    "seen": "There is no snapshot from before the move. There is none",
    "fix": "",
}
COMPARED = {"changed": False, "compared": 31, "differences": [], "restored": []}


def line(moving=True, **results):
    return table.row_of("node1", {"phone_number_id": "106540352242922", **results}, moving)


def rows(*states):
    return [table.Row("node%d" % at, "1555012%04d" % at, state, "CLOUD", "words") for at, state in enumerate(states)]
