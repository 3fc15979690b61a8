# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the findings on waivers and on an approved plan. Pure."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, NOTE, WARNING, Finding

PLAN_CHANGED = Finding(
    "WM174",
    "plan_changed",
    BLOCKER,
    COLLECTION,
    title="The approved plan no longer fits",
    why="A fact that decides has changed since the plan was approved: the location of the number, its WABA, the node, "
    "the callback override, the requests to send, a blocker, a warning or a waiver. Nobody has approved the number as "
    "it is now, so it does not move; other numbers do. A digest of the whole fleet cannot tell which number differs, "
    "so all of its numbers stop.",
    fix="Read in the finding what differs, and put it back. Or run ansible-playbook wabiz.migration.preflight -e "
    "O(plan_dest)=plan.json, have the new plan approved, and run migrate with -e O(plan)=plan.json.",
)
WAIVER_FAR = Finding(
    "WM175",
    "waiver_far",
    WARNING,
    COLLECTION,
    title="A waiver lasts for more than 90 days",
    why="A waiver is a decision for one change window. A longer one is forgotten, and then hides a blocker that nobody "
    "has thought of.",
    fix="Set until of the waiver in O(waivers) to shortly after the change window.",
    passing=True,
)
WAIVER_ENDS = Finding(
    "WM176",
    "waiver_ends",
    NOTE,
    COLLECTION,
    title="A waiver ends within 72 hours",
    why="When it has ended, its blocker keeps the number out again, also right before the register call.",
    fix="Move the number before that, or have the one who decides extend until in O(waivers).",
)
WAIVER_UNUSED = Finding(
    "WM177",
    "waiver_unused",
    NOTE,
    COLLECTION,
    title="A waiver names a number that does not need it",
    why="The number has no such finding. A waiver that stays would hide the blocker when it appears later. One that "
    "has ended has no effect.",
    fix="Remove the waiver, or the number, from O(waivers).",
)
