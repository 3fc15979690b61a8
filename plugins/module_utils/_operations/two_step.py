# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation.

Clear or set two-step verification on the On-Premises node, or set the PIN on the Cloud API (guide, step 1).
"""

from __future__ import annotations

from .._api.errors import AuthError, OnPremError
from .._core.cutover.pin import judge
from .._failure import Failure, RefusedError
from .context import Context, Outcome, Params
from .number_info import DECISIVE, read

_IN_THE_MANAGER = (
    "where the node stays down, turn two-step verification off in WhatsApp Manager, and run again without "
    "wa_migrate_clear_two_step; after a wrong PIN set wa_migrate_pin_changed_at to the time of that"
)


def perform(params: Params, context: Context) -> Outcome:
    """Carry out ``state`` on ``side``."""
    if params["state"] == "present":
        fault = judge(params["pin"], cleared=False)
        if fault is not None:
            raise RefusedError(fault)
    return _cloud(params, context) if params["side"] == "cloud" else _onprem(params, context)


def _onprem(params: Params, context: Context) -> Outcome:
    """The node has no way to read whether two-step verification is on, so a request is always needed."""
    if not context.check_mode:
        node = context.onprem("")
        if params["state"] == "absent":
            try:
                node.clear_two_step()
            except OnPremError as error:
                if not isinstance(error, AuthError):
                    error.revise(next_step="%s; %s" % (error.failure.next_step, _IN_THE_MANAGER))
                raise
        else:
            node.set_two_step(params["pin"])
    return Outcome(
        True,
        {"side": "onprem", "two_step": params["state"]},
        before={"two_step_verification": "not readable on the node"},
        after={"two_step_verification": params["state"]},
    )


def _cloud(params: Params, context: Context) -> Outcome:
    identity = params["phone_number_id"]
    graph = context.graph(identity)
    body, _unknown = read(graph, identity, (*DECISIVE, "is_pin_enabled"))
    enabled = bool(body.get("is_pin_enabled"))
    if params["state"] == "absent":
        raise RefusedError(
            Failure(
                "pin_not_removable",
                "The Cloud API cannot turn two-step verification off",
                next_step="turn it off in WhatsApp Manager, or set a new PIN with state: present",
            ),
            identity,
        )
    change = not enabled or params["update_pin"] == "always"
    if change and not context.check_mode:
        graph.set_pin(identity, params["pin"])
    return Outcome(
        change,
        {"side": "cloud", "two_step": "present"},
        before={"is_pin_enabled": enabled},
        after={"is_pin_enabled": True, "pin": "set anew" if change else "as before"},
    )
