# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on the ways back and out: a closed node, a number that is still moving, a PIN that nobody knows."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, Finding

CLOSED = Finding(
    "WM230",
    "onprem_closed",
    BLOCKER,
    "On-Premises API reference: account",
    title="The On-Premises network registers no number any more",
    why="The node asked WhatsApp to register the number and was refused with 1005 (biz_link_on_prem_reg_blocked), as "
    "every node has been since the shutdown on 2025-10-23. There is no way back to the On-Premises API. The number "
    "stays on the Cloud API: the node is asked before anything is changed there.",
    fix="Keep the number on the Cloud API and fix there what was the reason to go back. The playbook recover names the "
    "next step of a number that does not work.",
)
NODE_SAID_NOTHING = Finding(
    "WM231",
    "node_said_nothing",
    BLOCKER,
    COLLECTION,
    title="The node has not said that it may register the number",
    why="A number that leaves the Cloud API before its node may take it is on neither API. So it is deregistered only "
    "within ten minutes of the node's yes, which the exit log keeps.",
    fix="Ask the node with wabiz.migration.wa_restore (state: asked), or run the playbook rollback, which does.",
)
STILL_ON_CLOUD = Finding(
    "WM232",
    "still_on_cloud",
    BLOCKER,
    COLLECTION,
    title="Nobody has seen the number leave the Cloud API",
    why="A number can be registered with one API only. A node that registers a number of the Cloud API takes it away "
    "without the checks of a rollback.",
    fix="Run wabiz.migration.wa_deregister first. If the number is on neither API, which wa_number_info shows, set "
    "the option not_on_cloud of wabiz.migration.wa_restore.",
)
REGISTER_OPEN = Finding(
    "WM233",
    "register_open",
    BLOCKER,
    COLLECTION,
    title="A register request of this number has no known outcome, or another run works on it",
    why="The attempt log has a register request whose answer nobody has seen, or a run that still has the lease. To "
    "take the number off the Cloud API meanwhile could leave it anywhere.",
    fix="Run the migration of this number again: it confirms the open request by reading. Or wait for the other run.",
)
NEW_PIN_TRIED = Finding(
    "WM234",
    "new_pin_tried",
    BLOCKER,
    "Two-step verification page of the Cloud API",
    title="A new PIN was tried once already",
    why="Meta sets a new PIN without the old one (POST /<PHONE_NUMBER_ID> with pin). Whether that works for a number "
    "that is not registered is told by no public source, and no read shows which PIN a number has. So the request is "
    "sent once, and never repeated.",
    fix="Turn two-step verification off in WhatsApp Manager: the owner gets a link by e-mail. Then set "
    "O(pin_changed_at) to the time of that, and run again.",
)
