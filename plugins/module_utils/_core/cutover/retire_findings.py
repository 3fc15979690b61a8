# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on the way out: an export that lacks a part, a notice that may not go out, an unconfirmed number."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, Finding

EXPORT_INCOMPLETE = Finding(
    "WM260",
    "export_incomplete",
    BLOCKER,
    COLLECTION,
    title="The export lacks a part that was required",
    why="What cannot be read before a number is deregistered can hardly be read after it. The archive has what could "
    "be read, and its manifest says why the rest could not.",
    fix="Solve what the reason says and run again, or take the part out of the list of required ones.",
)
TEMPLATE_UNUSABLE = Finding(
    "WM261",
    "template_not_usable",
    BLOCKER,
    "Graph API reference: message_templates",
    title="The notice cannot be sent by this template",
    why="A message outside of a conversation needs a template that Meta has approved, and exactly its parameters. "
    "wa_notice fills in the text of a body, and nothing else.",
    fix="Name an approved template of the WABA with its language, and as many parameters as its body has.",
)
NOTICE_NOT_CONFIRMED = Finding(
    "WM262",
    "notice_not_confirmed",
    BLOCKER,
    COLLECTION,
    title="Nobody has confirmed this notice after a dry run",
    why="A message that was sent cannot be taken back. The confirmation stands for template, parameters and list of "
    "recipients, so a change of any of them needs another look.",
    fix="Run in check mode first, look at what it shows, and give the confirmation that it prints.",
)
QUALITY_LOW = Finding(
    "WM263",
    "quality_low",
    BLOCKER,
    "Graph API reference: quality_rating",
    title="The quality rating of the number is lower than wanted",
    why="Recipients block or report the messages of the number. More of them make Meta restrict it, and its business.",
    fix="Look at the number in WhatsApp Manager. If you want to go on, state a lower rating (min_quality of "
    "wa_notice).",
)
NUMBER_NOT_CONFIRMED = Finding(
    "WM264",
    "number_not_confirmed",
    BLOCKER,
    COLLECTION,
    title="The confirmed number is not the number of this host",
    why="Deregistering takes a number down. The operator's word names its digits, so that a wrong host or ID takes no "
    "other number down.",
    fix="Compare the number with the inventory, and give the digits of the number that is to be deregistered.",
)
