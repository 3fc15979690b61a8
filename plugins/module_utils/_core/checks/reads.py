# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: the findings on what could not be read. Pure."""

from __future__ import annotations

from ..findings.finding import BLOCKER, COLLECTION, NODE_HEALTH, NOTE, PHONE_NUMBER, Finding

_LOGIN = "On-Premises API reference: users/login"

GRAPH_UNREADABLE = Finding(
    "WM101",
    "graph_unreadable",
    BLOCKER,
    PHONE_NUMBER,
    title="Cannot read the number from the Graph API",
    why="Both APIs together determine where a number is registered. Without the answer of the Graph API its location "
    "is unknown, and an unknown number is never registered.",
    fix="Follow the finding: correct O(phone_number_id), use a token with access to the WABA, or allow "
    "connections to graph.facebook.com. Then run preflight again.",
)
NODE_UNREADABLE = Finding(
    "WM102",
    "node_unreadable",
    BLOCKER,
    NODE_HEALTH,
    title="Cannot read the On-Premises node",
    why="Only a node that reports that it serves the number may lose it to the Cloud API. No answer is not a "
    "confirmation.",
    fix="Follow the finding: correct O(onprem_url), name the node's CA in O(onprem_ca_path), or start "
    "the node. Then run preflight again.",
)
HOST_FILES = Finding(
    "WM115",
    "host_files",
    BLOCKER,
    COLLECTION,
    title="Cannot read the files on the inventory host",
    why="The attempt log on this host has the earlier register requests. It must be read before the next one.",
    fix="Check the connection to the host, that the login user may read O(state_dir) (become), and that "
    "Python 3 is installed. Then run preflight again.",
)
SUBSCRIPTION_UNREADABLE = Finding(
    "WM116",
    "subscription_unreadable",
    BLOCKER,
    "Graph API reference: subscribed_apps",
    title="Cannot read the subscription of the WABA",
    why="It is read before it is written, because a plain request drops a callback override that somebody else has "
    "set.",
    fix="Give the token's app and system user whatsapp_business_management and full control of the WABA, then run "
    "preflight again.",
)
NODE_FIRST_LOGIN = Finding(
    "WM125",
    "node_first_login",
    BLOCKER,
    _LOGIN,
    title="Nobody has logged in to the node yet",
    why="The first login must set a new password for the account admin (1024). Such a node was never set up, so it is "
    "probably the wrong one.",
    fix='Check O(onprem_url). Then send POST /v1/users/login with a body {"new_password": "..."} once, and '
    "set the new password as O(onprem_password).",
)
NODE_LOGIN = Finding(
    "WM126",
    "node_login",
    BLOCKER,
    _LOGIN,
    title="The node refuses the login",
    why="The user name or the password is wrong. Settings and backup need the account admin.",
    fix="Correct O(onprem_username) and O(onprem_password) (WABIZ_ONPREM_PASSWORD).",
)
NODE_TOKEN = Finding(
    "WM127",
    "node_token",
    BLOCKER,
    _LOGIN,
    title="The node refuses the token",
    why="A token of a node is valid for seven days. This one is expired, revoked, or of another node.",
    fix="Set a new O(onprem_token), or set O(onprem_password) instead, so that each run logs in.",
)
NOT_READABLE = Finding(
    "WM153",
    "not_readable",
    NOTE,
    "On-Premises API reference; Graph API reference",
    title="Some information could not be read",
    why="It only informs, so it does not keep the number from moving. What it would have shown is unknown.",
    fix="Follow the finding, or look at it by hand.",
)
