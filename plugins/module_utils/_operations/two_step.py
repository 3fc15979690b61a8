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
from .._core.events.event import PREPARE
from .._failure import Failure, RefusedError
from . import new_pin
from .context import Context, Outcome, Params
from .module import GRAPH, ONPREM, Contradiction, Module, always_in
from .number_info import DECISIVE, read
from .options import GraphConnection, OnPremConnection, declare, option

_IN_THE_MANAGER = (
    "where the node stays down, turn two-step verification off in WhatsApp Manager, and run again without "
    "O(clear_two_step); after a wrong PIN set O(pin_changed_at) to the time of that"
)


@declare
class Options(OnPremConnection, GraphConnection):
    """The options of wa_two_step."""

    side: str = option("str", "onprem", choices=["onprem", "cloud"])
    state: str = option("str", required=True, choices=["present", "absent"])
    pin: str = option("str", no_log=True)
    phone_number_id: str = option("str")
    # no_log false: it says when a PIN is set, not which one.
    update_pin: str = option("str", "on_create", choices=["always", "on_create"], no_log=False)
    once: bool = option("bool", False)
    state_dir: str = option("path", "/var/lib/wabiz")


def perform(options: Options, context: Context) -> Outcome:
    """Carry out ``state`` on ``side``."""
    if options.state == "present":
        fault = judge(options.pin, cleared=False)
        if fault is not None:
            raise RefusedError(fault)
    return _cloud(options, context) if options.side == "cloud" else _onprem(options, context)


def _onprem(options: Options, context: Context) -> Outcome:
    """The node has no way to read whether two-step verification is on, so a request is always needed."""
    if not context.check_mode:
        node = context.clients.onprem("")
        if options.state == "absent":
            try:
                node.clear_two_step()
            except OnPremError as error:
                if not isinstance(error, AuthError):
                    error.revise(next_step="%s; %s" % (error.failure.next_step, _IN_THE_MANAGER))
                raise
        else:
            node.set_two_step(options.pin)
    return Outcome(
        True,
        {"side": "onprem", "two_step": options.state},
        before={"two_step_verification": "not readable on the node"},
        after={"two_step_verification": options.state},
    )


def _cloud(options: Options, context: Context) -> Outcome:
    identity = options.phone_number_id
    graph = context.clients.graph(identity)
    body, _unknown = read(graph, identity, (*DECISIVE, "is_pin_enabled"))
    enabled = bool(body.get("is_pin_enabled"))
    if options.state == "absent":
        raise RefusedError(
            Failure(
                "pin_not_removable",
                "The Cloud API cannot turn two-step verification off",
                next_step="turn it off in WhatsApp Manager, or set a new PIN with state: present",
            ),
            identity,
        )
    if options.once:
        return _outcome(new_pin.set_once(options, context, graph), enabled)
    change = not enabled or options.update_pin == "always"
    if change and not context.check_mode:
        graph.set_pin(identity, options.pin)
    return _outcome(change, enabled)


def _outcome(change: bool, enabled: bool) -> Outcome:
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
    if params["once"] and params["side"] != "cloud":
        yield "once side", "only a request to the Cloud API is sent once; a node clears its PIN instead"
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
    options=Options,
    run=perform,
    narrowed=_side,
    needed=_needed,
    unused=_unused,
    contradictions=_contradictions,
    phase=always_in(PREPARE),
)
