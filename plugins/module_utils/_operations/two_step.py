# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation.

Clear or set two-step verification on the On-Premises node, or set the PIN on the Cloud API (guide, step 1).
"""

from __future__ import annotations

from typing import Any, Collection, Iterator, Mapping

from .._api.errors import AuthError, OnPremError
from .._core.cutover.pin import judge
from .._failure import Failure, RefusedError
from .context import Context, Outcome, Params
from .module import BOTH, GRAPH, ONPREM, Contradiction, Module
from .number_info import DECISIVE, read
from .options import PIN

_IN_THE_MANAGER = (
    "where the node stays down, turn two-step verification off in WhatsApp Manager, and run again without "
    "O(clear_two_step); after a wrong PIN set O(pin_changed_at) to the time of that"
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


def _side(params: Params) -> str:
    return GRAPH if params.get("side") == "cloud" else ONPREM


def _needed(params: Params) -> Collection[str]:
    pin = ("pin",) if params["state"] == "present" else ()
    return (*pin, "phone_number_id") if params["side"] == "cloud" else pin


def _unused(params: Params) -> Collection[str]:
    return ("pin",) if params["state"] == "absent" else ()


def _contradictions(params: Params, stated: Mapping[str, Any]) -> Iterator[Contradiction]:
    if params["state"] != "absent":
        return
    if params["side"] == "cloud":
        yield (
            "state side",
            "on the Cloud API only WhatsApp Manager turns two-step verification off",
        )
    if "pin" in stated:
        yield "state pin", "state=absent clears two-step verification and takes no PIN"


MODULE = Module(
    name="wa_two_step",
    speaks_to=BOTH,
    options={
        "side": {"type": "str", "choices": ["onprem", "cloud"], "default": "onprem"},
        "state": {"type": "str", "choices": ["present", "absent"], "required": True},
        **PIN,
        "phone_number_id": {"type": "str"},
        # no_log false: it says when a PIN is set, not which one.
        "update_pin": {
            "type": "str",
            "choices": ["always", "on_create"],
            "default": "on_create",
            "no_log": False,
        },
    },
    run=perform,
    narrowed=_side,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
)
