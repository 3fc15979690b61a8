# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: keep what both sides say of a number before it moves, so that the comparison has something to go by."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .._core.comparison import snapshot as snapshot_rules
from . import recorded_facts, waba_reads
from .context import Context, Outcome, Params
from .module import BOTH, Module, never
from .options import BATCH, DETAILS, PHONE_NUMBER_ID


def perform(params: Params, context: Context) -> Outcome:
    """Read both sides and store what is known; a number that is not on the On-Premises API any more is left alone."""
    number_id, waba_id = str(params["phone_number_id"]), str(params["waba_id"])
    graph = context.graph(number_id)
    named, number = recorded_facts.number(
        waba_reads.row(params, context, waba_id, waba_reads.BEFORE) or waba_reads.own(params, context)
    )
    stored = recorded_facts.look(params, context)
    refusal = snapshot_rules.refusal(named["platform_type"], stored.log)
    if refusal:
        return _outcome(params, False, stored.snapshot, stored.snapshot, refusal)
    read = number.joined(recorded_facts.waba(params, context, waba_id, "before")).joined(
        recorded_facts.node(context, number_id)
    )
    if any(snapshot_rules.profile_fact(name) not in read.facts for name in snapshot_rules.PROFILE):
        read = read.joined(recorded_facts.cloud_profile(graph, number_id))
    taken = snapshot_rules.merged(
        snapshot_rules.document(number_id, waba_id, read.facts, read.unknown, stored.now), stored.snapshot
    )
    if stored.snapshot is not None and snapshot_rules.digest(taken) == snapshot_rules.digest(stored.snapshot):
        return _outcome(params, False, stored.snapshot, stored.snapshot, "")
    if not context.check_mode:
        recorded_facts.store(params, context, stored, taken)
    return _outcome(params, True, stored.snapshot, taken, stored.trouble)


def _outcome(
    params: Params,
    changed: bool,
    before: Optional[Mapping[str, Any]],
    after: Optional[Mapping[str, Any]],
    reason: str,
) -> Outcome:
    result: Dict[str, Any] = {
        "path": recorded_facts.path(params),
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
    speaks_to=BOTH,
    options={
        **PHONE_NUMBER_ID,
        "waba_id": {"type": "str", "required": True},
        "state_dir": {"type": "path", "default": "/var/lib/wabiz"},
        **BATCH,
        **DETAILS,
    },
    run=perform,
    changes=never,
)
