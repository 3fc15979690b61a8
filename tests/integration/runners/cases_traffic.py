# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of wa_traffic: quiet, busy, with an earlier sample, and nodes that do not tell."""

from __future__ import annotations

from ansible_collections.wabiz.migration.tests.integration.runners.case import Case, bad, ok

WATCHED = {"quiet_counters": ["in_message_from_server"], "quiet_rate": 5, "require_quiet": True}
WA_TRAFFIC = (
    Case(
        "traffic: a quiet node",
        (
            ok(
                "wa_traffic",
                False,
                verdict="quiet",
                busy=[],
                why="",
                waiting=False,
                queues__callback_queue_size=3.0,
                queues__jobmanager_waiting_jobs=0.0,
                sample__counters__in_message_from_server=0.0,
            ),
            ok("wa_traffic", False, args={"require_quiet": True}, check=True, verdict="quiet"),
        ),
        node={"queues": {"callback_queue_size": 3}},
        shipped=True,
    ),
    Case(
        "traffic: a busy node",
        (
            ok("wa_traffic", False, verdict="busy", waiting=False, findings=list, args={"phone_number": "{digits}"}),
            ok("wa_traffic", False, waiting=True, why=str, args={"require_quiet": True, "wait_until": 4102444800}),
            bad(
                "wa_traffic",
                "busy",
                "callback_queue_size is 450 (limit 100)",
                "db_pending_messages is 101",
                args={"require_quiet": True, "wait_until": 1},
            ),
            ok("wa_traffic", False, verdict="quiet", args={"quiet_queue": 450, "require_quiet": True}),
            ok("wa_traffic", False, verdict="quiet", args={"quiet_queues": ["pending_messages"]}),
        ),
        node={
            "multiconnect": True,
            "shards": 2,
            "queues": {"callback_queue_size": 450, "db_pending_messages": 101},
        },
        shipped=True,
    ),
    Case(
        "traffic: with an earlier sample",
        (
            bad(
                "wa_traffic",
                "busy",
                "in_message_from_server grows by",
                args={"first": {"taken_at": 1000, "counters": {"in_message_from_server": -(10**12)}}, **WATCHED},
                rates__in_message_from_server=float,
            ),
            ok("wa_traffic", False, verdict="quiet", args={"first": {"taken_at": 4102444800}, **WATCHED}),
            ok(
                "wa_traffic",
                False,
                verdict="quiet",
                unknown=["in_message_from_server went down, as after a restart"],
                args={"first": {"taken_at": 1000, "counters": {"in_message_from_server": 5}}, **WATCHED},
            ),
        ),
        shipped=True,
    ),
    Case(
        "traffic: a node that tells nothing",
        (
            ok("wa_traffic", False, verdict="unknown", unknown=list, findings=list, args={"require_quiet": True}),
            ok("wa_traffic", False, verdict="unknown", args={"onprem_password": "Wrong-Passw0rd"}),
        ),
        faults=(
            ({"path": "/v1/stats"}, {"kind": "onprem_error", "code": 1005}),
            ({"path": "/metrics"}, {"kind": "html", "status": 502}),
        ),
        shipped=True,
    ),
    Case(
        "traffic: no node",
        (
            ok(
                "wa_traffic",
                False,
                verdict="unknown",
                args={"onprem_url": "https://127.0.0.1:1", "onprem_retry_for": 0.2},
            ),
        ),
        silent=True,
        shipped=True,
    ),
    Case(
        "traffic: every fault of the input at once",
        (
            bad(
                "wa_traffic",
                "bad_input",
                "quiet_queue:",
                "first:",
                "phone_number:",
                args={"quiet_queue": -1, "first": "x", "phone_number": "me"},
            ),
        ),
        silent=True,
    ),
)
