# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operation: keep what both sides say of a number before it moves, so that the comparison has something to go by."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .._core import snapshot as rule
from . import fleet, proof
from .context import Context, Outcome, Params


def perform(params: Params, context: Context) -> Outcome:
    """Read both sides and store what is known; a number that is not on the On-Premises API any more is left alone."""
    number_id, waba_id = str(params["phone_number_id"]), str(params["waba_id"])
    graph = context.graph(number_id)
    named, number = proof.number(fleet.row(params, context, waba_id, fleet.BEFORE) or fleet.own(params, context))
    stored = proof.look(params, context)
    refusal = rule.refusal(named["platform_type"], stored.record)
    if refusal:
        return _outcome(params, False, stored.snapshot, stored.snapshot, refusal)
    read = number.joined(proof.waba(params, context, waba_id, "before")).joined(proof.node(context, number_id))
    if any(rule.profile_fact(name) not in read.facts for name in rule.PROFILE):
        read = read.joined(proof.cloud_profile(graph, number_id))
    taken = rule.merged(rule.document(number_id, waba_id, read.facts, read.unknown, stored.now), stored.snapshot)
    if stored.snapshot is not None and rule.digest(taken) == rule.digest(stored.snapshot):
        return _outcome(params, False, stored.snapshot, stored.snapshot, "")
    if not context.check_mode:
        proof.store(params, context, stored, taken)
    return _outcome(params, True, stored.snapshot, taken, stored.trouble)


def _outcome(
    params: Params,
    changed: bool,
    before: Optional[Mapping[str, Any]],
    after: Optional[Mapping[str, Any]],
    reason: str,
) -> Outcome:
    result: Dict[str, Any] = {
        "path": proof.path(params),
        "taken": changed,
        "taken_at": None if after is None else after["taken_at"],
        "facts": {} if after is None else rule.shown(after["facts"]),
        "unknown": {} if after is None else dict(after["unknown"]),
        "reason": reason,
    }
    return Outcome(changed, result, _line(before), _line(after))


def _line(document: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if document is None:
        return {"snapshot": "none"}
    return {
        "snapshot": "%s of %s" % (rule.digest(document), document["taken_at"]),
        "facts": rule.shown(document["facts"]),
    }
