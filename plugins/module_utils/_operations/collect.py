# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading both APIs for one number, for the preflight and the register call."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Tuple

from .._core.checks import container
from .._core.cutover import gate
from .._core.facts import node as node_rules
from .._core.facts import times
from .._core.facts.location import CLOUD, location
from .._failure import WabizError
from .attempt_log import Files
from .context import Clients, Context
from .number_info import members
from .options import Cutover


def node_facts(
    options: Cutover, clients: Clients, gather: Sequence[str]
) -> Tuple[Optional[Mapping[str, Any]], str, Optional[WabizError]]:
    """Return the node's facts, the word of the node rule for it, and what kept it from being read."""
    try:
        facts = clients.node(str(options.phone_number_id), gather)
    except WabizError as error:
        return None, node_rules.UNREACHABLE, error
    return facts, str(facts["serving"]), None


def observed(
    options: Cutover,
    context: Context,
    number: Mapping[str, Any],
    files: Files,
    gather: Sequence[str],
    check_node: bool = True,
    listed: bool = False,
) -> gate.ObservedState:
    """Put together what was read of one number; on the Cloud API the node is not asked any more.

    ``listed`` says that the number was found in the list of its WABA.
    """
    where = location(number, node_rules.NOT_ASKED)
    facts, waba_trouble = None, ""
    trouble: Optional[WabizError] = None
    belongs: Optional[bool] = True if listed else None
    if where.name != CLOUD:
        if check_node:
            facts, word, trouble = node_facts(options, context.clients, gather)
            where = location(number, word)
        if options.waba_id and not listed:
            try:
                belongs = str(options.phone_number_id) in members(context, str(options.waba_id))
            except WabizError as error:
                waba_trouble = error.failure.cause()
    return gate.ObservedState(
        phone_number_id=str(options.phone_number_id),
        number=number,
        node=facts,
        node_trouble="" if trouble is None else trouble.failure.cause(),
        node_failure=None if trouble is None else trouble.failure,
        location=where,
        belongs_to_waba=belongs,
        waba_trouble=waba_trouble,
        log=files.log,
        backup=files.backup,
        now=files.now,
        file_faults=files.faults,
        state_lost=container.lost(context.process.throwaway, options.state_durable, str(options.state_dir)),
    )


def desired(options: Cutover, pin_cleared: bool, needs_backup: bool = True) -> gate.DesiredState:
    """Return what the operator wants for the register call."""
    return gate.DesiredState(
        pin=options.pin,
        pin_cleared=pin_cleared,
        backup_password=options.backup_password,
        backup_max_age=float(options.backup_max_age or 0),
        without_backup=bool(options.without_backup),
        needs_backup=needs_backup,
        allow_unverified=bool(options.allow_unverified),
        attempts_limit=int(options.attempts_limit),
        attempts_reserve=int(options.attempts_reserve),
        backup_fits=str(options.backup_digest or ""),
        pin_changed_at=times.instant(options.pin_changed_at),
    )
