# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a preflight has to say beyond the gate's own reasons, and the plan of a number. Pure."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

from .._failure import Failure
from . import gate, record
from .node import instant
from .pin import consequence

_SKEW = 300.0


def notes(sight: gate.Sight, wish: gate.Wish, now: float, subscribes: bool = False) -> List[Failure]:
    """Return what a person should know: nothing of it keeps the number from moving.

    ``now`` is the controller's clock.
    """
    found: List[Failure] = []
    lease = record.lease_holder(sight.record, sight.now, "")
    if lease is not None:
        found.append(record.held(lease))
    attempt = record.open_attempt(sight.record)
    if attempt is not None:
        found.append(
            Failure(
                "open_attempt",
                "An earlier register of %s was never settled" % attempt.get("at"),
                next_step="nothing to do: the cutover waits it out by reading before it decides",
            )
        )
    if abs(sight.now - now) > _SKEW:
        found.append(
            Failure(
                "clock_skew",
                "The clocks of the inventory host and the controller differ by %d s" % abs(sight.now - now),
                "The budget of 72 hours is counted by the inventory host's clock",
                next_step="set the host's clock (chronyc makestep)",
            )
        )
    if sight.node is not None:
        expires = instant(sight.node.get("expires_at"))
        if expires is not None and expires <= sight.now:
            found.append(
                Failure(
                    "client_expired",
                    "The node's client expired on %s" % sight.node.get("expires_at"),
                    "Whether an expired client still makes a usable backup is not documented",
                    next_step="keep every backup that you have; try wa_backup, which changes nothing on the node",
                )
            )
        if (sight.node.get("shards") or 0) >= 2:
            found.append(
                Failure(
                    "high_throughput",
                    "The node runs %s shards, so the number gets high throughput on the Cloud API"
                    % sight.node.get("shards"),
                    "For a while after the cutover it may be in maintenance mode (131057)",
                )
            )
        found.extend(
            Failure("not_readable", "The node does not tell everything", text)
            for text in sight.node.get("refused") or []
        )
    if subscribes:
        found.append(
            Failure(
                "not_subscribed",
                "The WABA's subscription is not as it is wanted",
                next_step="nothing to do: prepare brings it about before the cutover",
            )
        )
    if wish.without_backup:
        found.append(
            Failure(
                "without_backup",
                "Registering without a backup loses the profile, and an Official Business Account can lose its status",
                next_step="leave out wa_migrate_without_backup where the node can still make a backup",
            )
        )
    if not wish.pin_cleared and wish.pin:
        found.append(Failure("pin_may_be_wrong", "The stated PIN counts as known", consequence(False)))
    return found


def plan(params: Mapping[str, Any], subscription_steps: Sequence[str], attempts_left: int) -> List[str]:
    """Return the requests that a cutover would send, in order, secrets as ***."""
    node, graph = params["onprem_url"], "%s/%s" % (params["graph_url"], params["graph_version"])
    lines: List[str] = []
    if params["clear_two_step"]:
        lines.append("DELETE %s/v1/settings/account/two-step" % node)
    for step in subscription_steps:
        body = ""
        if step == "set the override":
            body = ' {"override_callback_uri": "%s", "verify_token": "***"}' % params["override_callback_uri"]
        lines.append("POST %s/%s/subscribed_apps%s" % (graph, params["waba_id"], body))
    backup = ""
    if not params["without_backup"]:
        lines.append('POST %s/v1/settings/backup {"password": "***"}' % node)
        backup = ', "backup": {"password": "***", "data": "<the backup>"}'
    lines.append(
        'POST %s/%s/register {"messaging_product": "whatsapp", "pin": "***"%s} (once; %d attempts left; %s)'
        % (graph, params["phone_number_id"], backup, attempts_left, consequence(params["clear_two_step"]))
    )
    return lines
