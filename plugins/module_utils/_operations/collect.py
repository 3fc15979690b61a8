# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading both APIs for one number, for the preflight and the register call."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from .._core.checks import container
from .._core.cutover import gate, lane
from .._core.facts import node as node_rules
from .._core.facts import times
from .._core.facts.location import CLOUD, location
from .._failure import WabizError
from . import attempt_log, onprem_info
from .attempt_log import Files
from .context import Context
from .number_info import members
from .options import Cutover


class Node(NamedTuple):
    """What the node tells: its facts, the word of the node rule for it, and what kept it from being read."""

    facts: Optional[Mapping[str, Any]]
    word: str
    error: Optional[WabizError] = None


NOT_ASKED = Node(None, node_rules.NOT_ASKED)


def look(
    options: Cutover, context: Context, gather: Sequence[str], backup_file: Optional[str] = None
) -> Tuple[Union[Files, WabizError], Node]:
    """Read the files on the host and the node, in one go."""
    request = attempt_log.looking(options, backup_file)
    number_id = str(options.phone_number_id)
    seen, told = context.clients.host([request, onprem_info.request(number_id, gather)])
    return files_of(options, request, seen, context), node_of(told, number_id)


def files_of(
    options: Cutover, request: Mapping[str, Any], answer: Mapping[str, Any], context: Context
) -> Union[Files, WabizError]:
    """Return the files, or why they could not be read."""
    try:
        return attempt_log.of_answer(options, request, answer, context.clock)
    except WabizError as error:
        return error


def node_of(answer: Mapping[str, Any], number_id: str) -> Node:
    """Return what an answer tells of the node."""
    try:
        facts = onprem_info.of_answer(answer, number_id)
    except WabizError as error:
        return Node(None, node_rules.UNREACHABLE, error)
    return Node(facts, str(facts["serving"]))


def read_node(options: Cutover, context: Context, gather: Sequence[str]) -> Node:
    """Read the node."""
    number_id = str(options.phone_number_id)
    (answer,) = context.clients.host([onprem_info.request(number_id, gather)])
    return node_of(answer, number_id)


def observed(
    options: Cutover,
    context: Context,
    number: Mapping[str, Any],
    files: Files,
    node: Node,
    listed: bool = False,
) -> gate.ObservedState:
    """Put together what was read of one number; ``listed`` says that it was found in the list of its WABA."""
    where = location(number, node.word)
    waba_trouble = ""
    belongs: Optional[bool] = True if listed else None
    if where.name != CLOUD and options.waba_id and not listed:
        try:
            belongs = str(options.phone_number_id) in members(context, str(options.waba_id))
        except WabizError as error:
            waba_trouble = error.failure.cause()
    trouble = node.error
    return gate.ObservedState(
        phone_number_id=str(options.phone_number_id),
        number=number,
        node=node.facts,
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


def desired(
    options: Cutover, pin_cleared: bool, needs_backup: bool = True, verifies: bool = False
) -> gate.DesiredState:
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
        code_lane=options.lane == lane.CODE,
        move_lost_at=times.instant(options.move_lost_at),
        verifies=verifies,
        recovers=bool(getattr(options, "recover", False)),
    )
