# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last look at files and node before the register call, and the intent: one execution on the host.

It serves a number that nobody has tried to register, and of which all else is known to be well. The host writes the
intent only if the record, the node and the backup are the ones that are wanted. Any other number is looked at step by
step, by wa_register itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Union

from .._api.graph import Graph
from .._core.approval import waiver
from .._core.cutover import attempt_log as attempt_log_rules
from .._core.cutover import gate
from .._core.facts import location as location_rules
from .._core.facts import node as node_rules
from .._core.facts import phone_number
from .._failure import RefusedError, WabizError, combine
from . import approval, attempt_log, collect, conditions, lease, onprem_info
from .attempt_log import Files
from .conditions import Conditions
from .context import Context


class Candidate(NamedTuple):
    """A number that may be registered if node and files are as ``wanted``: the node's facts, and the backup's digest.

    ``observed`` is what is known of it without them.
    """

    graph: Graph
    observed: gate.ObservedState
    wanted: Dict[str, Any]
    waived: List[Dict[str, str]]


class Ready(NamedTuple):
    """A number that may be registered now, and the waivers that allow it."""

    graph: Graph
    observed: gate.ObservedState
    files: Files
    waived: List[Dict[str, str]]


def candidate(options: Any, context: Context) -> Union[Candidate, Conditions, None]:
    """Read the number, and return it as a candidate; else what was judged of it, None where nothing was."""
    known = options.without_backup or (options.backup_file and options.backup_digest)
    if context.check_mode or options.require_quiet or not options.check_node or not known:
        return None
    number_id, now = str(options.phone_number_id), context.clock.now()
    graph = context.clients.graph(number_id)
    number = lease.read_number(options, graph)
    if number.get("platform_type") != "ON_PREMISE":
        return None
    node = {
        "serving": node_rules.SERVING,
        "wa_id": phone_number.digits(str(number.get("display_phone_number"))),
    }
    unread = Files(attempt_log_rules.fresh(number_id), None, None, (), now)
    observed = collect.observed(options, context, number, unread, collect.Node(node, node_rules.SERVING))
    desired = collect.desired(options, bool(options.pin_cleared), needs_backup=False)
    judged = conditions.unread(options, context)
    failures, waived = waiver.left_over(
        [*gate.failures(observed, desired), *judged.refusing, *judged.passing], approval.stated(options), number_id, now
    )
    if failures:
        return judged
    backup_file = None if options.without_backup else options.backup_file
    wanted = {"node": node, "backup_file": backup_file, "backup_digest": options.backup_digest}
    return Candidate(graph, observed, wanted, waived)


def begin(options: Any, context: Context, found: Candidate) -> Optional[Ready]:
    """Look at files and node, and put the intent on disk; None where the host has held it back.

    The gate judges what was read once more; raises RefusedError where it refuses, and where the host does not say
    what has become of the intent: an intent that nobody has seen is left to the next run.
    """
    label = found.observed.label
    conditions.require_run(context.process, label)
    request = attempt_log.looking(options, found.wanted["backup_file"])
    timer = attempt_log.Timer(context.clock)
    answers = context.clients.host(
        [
            request,
            onprem_info.request(label, onprem_info.DECISIVE),
            attempt_log.intending(options, context, label, None, found.wanted),
        ]
    )
    seconds = timer.seconds()
    files = collect.files_of(options, request, answers[0], context)
    if isinstance(files, WabizError):
        raise files
    if answers[2].get("held_back"):
        return None
    begun = attempt_log.begun(options, context, files, label, answers[2], seconds)
    observed = _with(found.observed, files, collect.node_of(answers[1], label))
    refused = gate.failures(observed, collect.desired(options, bool(options.pin_cleared)))
    failures, _waived = waiver.left_over(
        refused, approval.stated(options), str(options.phone_number_id), context.clock.now()
    )
    if failures:
        attempt_log.finish(options, context, begun, attempt_log_rules.NOT_SENT)
        raise RefusedError(combine(failures), label)
    return Ready(found.graph, observed, begun, found.waived)


def _with(observed: gate.ObservedState, files: Files, node: collect.Node) -> gate.ObservedState:
    """Return what is known of a number with what was read on its host."""
    facts: Optional[Mapping[str, Any]] = node.facts
    return replace(
        observed,
        node=facts,
        location=location_rules.location(observed.number, node.word),
        log=files.log,
        backup=files.backup,
        now=files.now,
        file_faults=files.faults,
    )
