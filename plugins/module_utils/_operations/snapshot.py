# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: keep what both sides say of a number before it moves, so that the comparison has something to go by."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .._core.comparison import snapshot as snapshot_rules
from . import recorded_facts, waba_reads
from .context import Context, Outcome
from .module import Module, never
from .options import Batch, Details, GraphConnection, OnPremConnection, State, declare, option


@declare
class Options(OnPremConnection, GraphConnection, State, Batch, Details):
    """The options of wa_snapshot."""

    waba_id: str = option("str", required=True)


def perform(options: Options, context: Context) -> Outcome:
    """Read both sides and store what is known; a number that is not on the On-Premises API any more is left alone."""
    number_id, waba_id = str(options.phone_number_id), str(options.waba_id)
    graph = context.clients.graph(number_id)
    named, number = recorded_facts.number(
        waba_reads.row(context, options.batch, number_id, waba_id, waba_reads.BEFORE)
        or waba_reads.own(context.clients, number_id, waba_id)
    )
    stored = recorded_facts.look(options, context.clients)
    refusal = snapshot_rules.refusal(named["platform_type"], stored.log)
    if refusal:
        return _outcome(options, False, stored.snapshot, stored.snapshot, refusal)
    read = number.joined(recorded_facts.waba(options, context, waba_id, "before")).joined(
        recorded_facts.node(context.clients, number_id)
    )
    if any(snapshot_rules.profile_fact(name) not in read.facts for name in snapshot_rules.PROFILE):
        read = read.joined(recorded_facts.cloud_profile(graph, number_id))
    taken = snapshot_rules.merged(
        snapshot_rules.document(number_id, waba_id, read.facts, read.unknown, stored.now), stored.snapshot
    )
    if stored.snapshot is not None and snapshot_rules.digest(taken) == snapshot_rules.digest(stored.snapshot):
        return _outcome(options, False, stored.snapshot, stored.snapshot, "")
    if not context.check_mode:
        recorded_facts.store(options, context.clients, stored, taken)
    return _outcome(options, True, stored.snapshot, taken, stored.trouble)


def _outcome(
    options: Options,
    changed: bool,
    before: Optional[Mapping[str, Any]],
    after: Optional[Mapping[str, Any]],
    reason: str,
) -> Outcome:
    result: Dict[str, Any] = {
        "path": recorded_facts.path(options),
        "taken": changed,
        "taken_at": None if after is None else after["taken_at"],
        "facts": {} if after is None else snapshot_rules.shown(after["facts"]),
        "unknown": {} if after is None else dict(after["unknown"]),
        "reason": reason,
    }
    return Outcome(changed, result, _line(before), _line(after))


def _line(document: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if document is None:
        return {"snapshot": "none"}
    return {
        "snapshot": "%s of %s" % (snapshot_rules.digest(document), document["taken_at"]),
        "facts": snapshot_rules.shown(document["facts"]),
    }


MODULE = Module(
    name="wa_snapshot",
    options=Options,
    run=perform,
    changes=never,
)
